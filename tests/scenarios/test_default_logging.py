"""Remote executions without a file in the labelled host logs, with and without Sysmon: what is still found, and how surely.

``docs/default-logging.md`` tells it; ``BLESS=1`` writes its table anew.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from graphcorr.logs.catalog import wanted
from graphcorr.model.findings import Confidence, Finding
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service import hunting
from graphcorr.service.hunting import HuntOptions, hunt
from tests.conftest import REPOSITORY, SHARED
from tests.scenarios.test_datasets import BLESSING, CASES, expand
from tests.settings import own_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.sources.base import Wanted

DOCUMENT: Final = REPOSITORY / "docs" / "default-logging.md"
OF_HOSTS: Final = {
    name: told
    for name, cases in CASES.items()
    if "zeek" not in name and (told := [case for case in cases if case["class"] == "REMOTE-EXEC-NO-FILE"])
}
"""Data sets of hosts, with the remote executions without a file that their labels tell of."""
_HEAD: Final = "| labelled execution | by | with Sysmon | without |\n|---|---|---|---|\n"

_TOLD: Final = re.compile(rf"Of \d+ labelled executions [^\n]*\n\n{re.escape(_HEAD)}(?:\|[^\n]*\n)+")


@cache
def score() -> ModuleType:
    """The scorer of the labels: what counts as found stands there."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_sysmon(whole: Wanted) -> Wanted:
    """What is read where Sysmon is not installed: its records stay undecoded, as if they were not there."""

    def kept(logs: Mapping[tuple[str, int], str]) -> dict[tuple[str, int], str]:
        return {key: log for key, log in logs.items() if not log.startswith("sysmon-")}

    return replace(whole, windows=kept(whole.windows), channels=kept(whole.channels))


def read(monkeypatch: pytest.MonkeyPatch, *, sysmon: bool) -> Report:
    with monkeypatch.context() as patched:
        if not sysmon:
            patched.setattr(hunting, "wanted", lambda *asked: without_sysmon(wanted(*asked)))
        paths = tuple(path for name in sorted(OF_HOSTS) for path in expand(name))
        return hunt(HuntOptions(paths=paths, ephemeral=True), own_settings(), Silent())


def judge(found: list[Finding], case: Mapping[str, Any]) -> str | None:
    """How surely a labelled execution is found, and what of it is not as the label has it."""
    untimed, unsourced = {"exec_time": None, "registered_time": None}, {"expected_source": None}
    for changes, but in (({}, ""), (unsourced, ", source unknown"), (untimed, ", at another time")):
        hits = [one.confidence for one in found if score().is_exec(msgspec.to_builtins(one), {**case, **changes})]
        if hits:
            return max(hits, key=list(Confidence).index) + but
    return None


def found_in(report: Report) -> dict[str, str]:
    """Id of a labelled execution to how it is found."""
    told: dict[str, str] = {}
    for name, cases in OF_HOSTS.items():
        files = set(expand(name))
        own = [one for one in report.findings if files & {evidence.file for evidence in one.evidence}]
        is_read = any(one.events for one in report.inputs.files if one.path in files)
        for case in cases:
            if case["mechanism"] in score().MECH:
                told[case["id"]] = judge(own, case) or ("not found" if is_read else "nothing else was logged")
    return told


def tell(whole: dict[str, str], bare: dict[str, str]) -> str:
    """What the document says of it: a sentence and a table."""
    mechanisms = {case["id"]: case["mechanism"] for cases in OF_HOSTS.values() for case in cases}
    found = [how for how in bare.values() if how.split(",")[0] in set(Confidence)]
    exact = sum(how in set(Confidence) for how in found)
    rows = "".join(f"| {id_} | {mechanisms[id_]} | {whole[id_]} | {bare[id_]} |\n" for id_ in sorted(whole))
    counted = f"Of {len(bare)} labelled executions {len(found)} are found without Sysmon, {exact} of them as the label has them."
    return f"{counted}\n\n{_HEAD}{rows}"


def test_what_is_found_without_sysmon_is_as_the_document_has_it(shared: object, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, bare = (found_in(read(monkeypatch, sysmon=sysmon)) for sysmon in (True, False))
    text = DOCUMENT.read_text(encoding="utf-8")
    if BLESSING:
        text = _TOLD.sub(lambda _: tell(whole, bare), text)
        DOCUMENT.write_text(text, encoding="utf-8")
    assert _TOLD.findall(text) == [tell(whole, bare)]
