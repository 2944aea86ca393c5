"""The evidence of one finding in the making, and where each record of it stands: a step names its records by their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.findings.evidence import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.findings.evidence import Records
    from graphcorr.model.findings import Evidence


class Exhibits:
    """Records by the role they play, in the order in which the roles are shown; ``evidence`` is what a report lists."""

    def __init__(self, records: Records) -> None:
        self.evidence: list[Evidence] = []
        self._records = records
        self._places: dict[tuple[str, str], int] = {}

    def show(self, role: str, ids: Iterable[str], *, above_all: Iterable[str] = ()) -> None:
        """Add the first :data:`SHOWN` records by time; those that stand ``above_all`` others are among them."""
        needed = list(dict.fromkeys(above_all))
        others = self._records.in_order(set(ids) - set(needed))[: max(0, SHOWN - len(needed))]
        for id_ in self._records.in_order({*needed, *others}):
            self._places[role, id_] = len(self.evidence)
            self.evidence.append(self._records.evidence(role, id_))

    def places(self, role: str, ids: Iterable[str]) -> list[int]:
        """Where those of the records stand that are shown in this role."""
        return sorted({self._places[role, id_] for id_ in ids if (role, id_) in self._places})
