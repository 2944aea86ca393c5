"""The header of a pattern file: YAML in the leading comment, every value checked and every problem placed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graphcorr.graph.kinds import NODES
from graphcorr.model.findings import Level, Movement
from graphcorr.model.kinds import Kind
from graphcorr.patterns.document import DocumentProblem, read_document

_EVENT_LABELS: Final = frozenset(node.label for node in NODES if node.event)

NEEDABLE: Final[frozenset[Kind]] = frozenset(kind for kind in Kind if kind.value in _EVENT_LABELS)
"""Kinds that a pattern can ask for: those with a node in the graph."""

_KEBAB: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_COLUMN: Final = r"^[a-z][a-z0-9_]*$"


class Status(StrEnum):
    EXPERIMENTAL = "experimental"
    TEST = "test"
    STABLE = "stable"


class Result(StrEnum):
    FINDING = "finding"
    """One statement for each identity."""
    OBSERVATION = "observation"
    """A low signal, counted; never among the findings."""


class ExecutionKind(StrEnum):
    """How a written file was run, in the report's words."""

    IMAGE = "image"
    COMMAND_LINE = "command_line"
    MODULE_LOAD = "module_load"
    SERVICE = "service"
    TASK = "task"
    WMI = "wmi"
    WINRM = "winrm"
    DCOM = "dcom"


_Text = Annotated[str, Field(min_length=1)]


class Header(BaseModel):
    """What a pattern says about itself. Unknown keys are refused: a misspelled key would be a claim nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=_KEBAB)]
    title: _Text
    status: Status
    level: Level
    description: _Text
    attack: list[Annotated[str, Field(pattern=r"^T\d{4}(\.\d{3})?$")]]
    """Empty in an observation alone: what is only counted need not be an attacker's doing."""
    detection_strategy: list[Annotated[str, Field(pattern=r"^DET\d{4}$")]] = []
    software: list[Annotated[str, Field(pattern=r"^S\d{4}$")]] = []
    car: list[Annotated[str, Field(pattern=r"^CAR-\d{4}-\d{2}-\d{3}$")]] = []
    needs: list[Kind] = Field(min_length=1)
    result: Result
    execution: ExecutionKind | None = None
    movement: Literal[Movement.LOCAL] | None = None
    """``local`` where a finding is about one machine alone: nobody has to have come from another one."""
    identity: list[Annotated[str, Field(pattern=_COLUMN)]] = Field(min_length=1)
    evidence: list[Annotated[str, Field(pattern=_COLUMN)]] = Field(min_length=1)
    false_positives: list[_Text] = []
    references: list[Annotated[str, Field(pattern=r"^https?://\S+$")]] = []

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """What one key alone cannot say; the message starts with the key that it is about."""
        if shared := sorted(set(self.identity) & set(self.evidence)):
            raise ValueError(f"evidence: {shared[0]!r} is an identity column as well; evidence columns are lists of event ids")
        if self.result is Result.FINDING and not self.attack:
            raise ValueError("attack: a finding names one technique at least")
        if self.result is Result.OBSERVATION and self.execution is not None:
            raise ValueError("execution: an observation is no execution")
        if self.result is Result.OBSERVATION and self.movement is not None:
            raise ValueError("movement: an observation names its two ends, or one")
        for key in ("attack", "detection_strategy", "software", "car", "needs", "identity", "evidence"):
            values = getattr(self, key)
            if len(values) != len(set(values)):
                raise ValueError(f"{key}: a value occurs twice")
        if unknown := [kind for kind in self.needs if kind not in NEEDABLE]:
            known = ", ".join(sorted(NEEDABLE))
            raise ValueError(f"needs: {unknown[0].value} has no node in the graph; possible are {known}")
        return self


def parse_header(text: str) -> Header | list[DocumentProblem]:
    """The header, or all that is wrong with it."""
    return read_document(text, Header)
