"""What people say of findings: joined when they are read, kept through detections, never a reason to be gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from graphcorr.case.folder import Folder
from graphcorr.case.notes import Notes, read_notes
from graphcorr.errors import NotFoundError, UsageError
from graphcorr.model.findings import Level, Trait
from graphcorr.model.judgments import Judgment, Suppression
from graphcorr.model.progress import Silent
from graphcorr.outputs import text
from graphcorr.service import judging
from graphcorr.service.cases import load_report
from graphcorr.service.contents import read_report_bytes, show_overview
from graphcorr.service.demo import hunt_demo
from graphcorr.service.detecting import detect
from graphcorr.service.explaining import explain
from graphcorr.service.hops import HopsAsked, list_hops
from graphcorr.service.judging import NewNote, NewSuppression, NewVerdict, SaidAsked
from graphcorr.service.listing import FindingsAsked, list_findings, show_finding
from graphcorr.settings import Settings
from tests.ui.made_up import Made

PATTERN = "smb-write-then-image"
ADMIN = r"CORP\a.admin"
TOOL = r"C:\Tools\Agent\setup.exe"


def identity(number: int) -> str:
    return f"{number:08x}-0000-5000-8000-000000000000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three findings: two of a deployment, the third from another machine, by another account and signed by another one."""
    made = Made()
    made.hop("deploy.corp.example", "ws-1.corp.example", 0, TOOL, traits=[Trait("signer", "Maker Ltd", [0])])
    made.hop("deploy.corp.example", "ws-2.corp.example", 60, TOOL, traits=[Trait("signer", "Maker Ltd", [0])])
    made.hop(
        "ws-9.corp.example",
        "ws-2.corp.example",
        120,
        r"C:\Windows\Temp\a.exe",
        account=r"CORP.EXAMPLE\eve",
        traits=[Trait("signer", "Other", [0])],
    )
    made.publish(tmp_path, "said", "Said")
    return tmp_path / "cases" / "said"


def rule(**named: str) -> NewSuppression:
    return judging.ask(NewSuppression, pattern=PATTERN, reason="deployment", **named)


def listed(folder: Path, **asked: object) -> list[str]:
    page = list_findings(folder, msgspec.convert(asked, FindingsAsked, strict=False))
    ids = [msgspec.json.decode(each)["id"] for each in page.items]
    assert page.total == len(ids)
    return ids


@pytest.mark.parametrize(
    ("named", "fits"),
    [
        ({"source": "DEPLOY.corp.example"}, {0, 1}),
        ({"source": "10.20.0.1"}, {0, 1}),
        ({"account": ADMIN.lower()}, {0, 1}),
        ({"account": "a.admin"}, set()),
        ({"account": r"CORP.EXAMPLE\a.admin"}, {0, 1}),
        ({"account": r"COR\a.admin"}, set()),
        ({"account": r"CORP.OTHER\eve"}, set()),
        ({"account": r"corp\ve"}, set()),
        ({"signer": "maker ltd"}, {0, 1}),
        ({"signer": "maker"}, set()),
        ({"source": "deploy.corp.example", "file": TOOL}, {0, 1}),
        ({"source": "deploy.corp.example", "file": "C:\\tools\\"}, {0, 1}),
        ({"source": "deploy.corp.example", "file": "C:\\tools"}, set()),
        ({"source": "deploy.corp.example", "file": r"C:\Other\setup.exe"}, set()),
        ({"source": "ws-9.corp.example", "account": ADMIN}, set()),
        ({"source": "ws-9.corp.example", "account": r"CORP\eve", "signer": "Other"}, {2}),
        ({"source": "%"}, set()),
    ],
)
def test_a_rule_sets_aside_what_fits_all_that_it_names(folder: Path, named: dict[str, str], fits: set[int]) -> None:
    made = judging.add_suppression(folder, rule(**named), "anna")
    expected = {identity(number) for number in fits}
    assert set(listed(folder, suppressed=True)) == expected
    assert set(listed(folder, suppressed=False)) == {identity(number) for number in range(3)} - expected
    assert len(listed(folder)) == 3
    assert {each.id for each in load_report(folder).findings if each.suppressed is not None} == set()  # this case's report has none
    [shown] = judging.list_suppressions(folder)
    assert (shown.rule.id, shown.rule.reason, shown.findings, shown.expired) == (made.id, made.reason, len(fits), False)
    assert made.findings == len(fits)
    for number in range(3):
        found = show_finding(folder, identity(number)).suppressed
        assert (found is not None) == (number in fits)
        assert found is None or (found.rule, found.owner, found.reason) == (made.id, "anna", "deployment")
    judging.remove_suppression(folder, made.id)
    assert listed(folder, suppressed=True) == []


def test_a_rule_of_another_pattern_sets_nothing_aside(folder: Path) -> None:
    judging.add_suppression(folder, judging.ask(NewSuppression, pattern="other", reason="x", account=ADMIN), "anna")
    assert listed(folder, suppressed=True) == []


@pytest.mark.parametrize("named", [{}, {"file": TOOL}])
def test_a_rule_names_more_than_a_pattern_and_a_file(folder: Path, named: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="has to name a source, an account or a signer"):
        judging.add_suppression(folder, rule(**named), "anna")


def test_a_rule_ends(folder: Path) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    with pytest.raises(UsageError, match="that is over"):
        judging.add_suppression(folder, rule(account=ADMIN, expires=past.isoformat()), "anna")
    assert judging.list_suppressions(folder) == []
    ended = Suppression("0", PATTERN, None, ADMIN, None, None, "anna", "x", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z")
    with Notes(Folder(folder)) as notes:
        notes.add_suppression(ended)
    assert listed(folder, suppressed=True) == []
    [shown] = judging.list_suppressions(folder)
    assert (shown.expired, shown.findings) == (True, 2)
    judging.add_suppression(folder, rule(account=ADMIN, expires="1h"), "anna")
    assert len(listed(folder, suppressed=True)) == 2
    with pytest.raises(UsageError, match="soon"):
        judging.add_suppression(folder, rule(account=ADMIN, expires="soon"), "anna")


def test_findings_are_listed_by_what_was_said_of_them(folder: Path) -> None:
    judging.set_verdict(folder, NewVerdict(finding=identity(0), verdict=Judgment.BENIGN_POSITIVE), "anna")
    judging.set_verdict(folder, NewVerdict(finding=identity(1), verdict=Judgment.TRUE_POSITIVE), "anna")
    judging.set_verdict(folder, NewVerdict(finding=identity(0), verdict=Judgment.FALSE_POSITIVE, reason="a test"), "bob")
    assert listed(folder, verdict=["false_positive"]) == [identity(0)]
    assert listed(folder, verdict=["benign_positive"]) == []
    assert listed(folder, verdict=["none"]) == [identity(2)]
    assert listed(folder, verdict=["none", "true_positive"]) == [identity(1), identity(2)]
    assert [each.id for each in list_hops(folder, HopsAsked(verdict=("true_positive",))).items] == [identity(1)]
    said = show_finding(folder, identity(0)).verdict
    assert said is not None
    assert (said.verdict, said.author, said.reason) == (Judgment.FALSE_POSITIVE, "bob", "a test")
    judging.remove_verdict(folder, identity(0))
    assert show_finding(folder, identity(0)).verdict is None


def test_what_is_not_there_cannot_be_taken_back_or_judged(folder: Path) -> None:
    for act in (
        lambda: judging.remove_suppression(folder, "none"),
        lambda: judging.remove_verdict(folder, identity(0)),
        lambda: judging.remove_note(folder, "none"),
        lambda: judging.add_note(folder, NewNote(finding="ffff", text="x"), "anna"),
    ):
        with pytest.raises(NotFoundError, match="there is no"):
            act()
    with pytest.raises(UsageError, match="beginning of 3 ids"):
        judging.set_verdict(folder, NewVerdict(finding="0", verdict=Judgment.UNDETERMINED), "anna")
    with pytest.raises(UsageError, match="length"):
        judging.ask(NewNote, finding="0", text="")


def test_it_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST", 2)
    for _ in range(2):
        judging.add_note(folder, NewNote(finding=identity(0), text="x"), "anna")
    with pytest.raises(UsageError, match="2 things were said"):
        judging.add_note(folder, NewNote(finding=identity(0), text="x"), "anna")
    page = judging.list_notes(folder, SaidAsked(limit=1))
    assert (page.total, len(page.items), page.next is not None) == (2, 1, True)


def test_what_was_said_stays_through_a_detection_and_is_in_every_report(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, workers=1)
    _, report = hunt_demo(settings, Silent())
    assert report.case is not None
    folder = Path(report.case)
    stored = read_report_bytes(folder)
    aside = next(each for each in report.findings if each.account is not None and each.level.rank >= Level.MEDIUM.rank)
    other = next(each for each in report.findings if each.id != aside.id)
    made = judging.add_suppression(folder, judging.ask(NewSuppression, pattern=aside.pattern, account=aside.account, reason="ours"), "anna")
    judging.set_verdict(folder, NewVerdict(finding=other.id[:12], verdict=Judgment.TRUE_POSITIVE, reason="seen before"), "anna")
    note = judging.add_note(folder, NewNote(finding=other.id, text="one\ntwo"), "anna")
    for after in (load_report(folder), detect(folder, settings, Silent())):
        found = {each.id: each for each in after.findings}
        assert found.keys() == {each.id for each in report.findings}
        suppressed, judged = found[aside.id], found[other.id]
        assert suppressed.suppressed is not None
        assert suppressed.suppressed.rule == made.id
        assert judged.verdict is not None
        assert (judged.verdict.verdict, [each.text for each in judged.notes]) == (Judgment.TRUE_POSITIVE, ["one\ntwo"])
        count = sum(each.suppressed is not None for each in after.findings)
        said = text.render(after, Level.INFORMATIONAL, 200).plain()
        assert f"{count} finding{'s' if count > 1 else ''} set aside by rules" in said
        assert f"{count} by rule {made.id} of anna: ours" in said
        assert "true positive, by anna" in said
        assert "one two (anna" in said
        assert show_overview(folder).suppressed == count
    assert msgspec.json.decode(read_report_bytes(folder))["findings"] == msgspec.to_builtins(load_report(folder).findings)
    assert explain(folder, other.id).finding.notes[0].id == note.id
    # What was found is as it was: taking all of it back gives the very report again.
    judging.remove_suppression(folder, made.id)
    judging.remove_verdict(folder, other.id)
    judging.remove_note(folder, note.id)
    assert read_report_bytes(folder) == stored


def test_a_verdict_on_what_is_found_no_longer_is_listed(folder: Path, tmp_path: Path) -> None:
    judging.set_verdict(folder, NewVerdict(finding=identity(0), verdict=Judgment.TRUE_POSITIVE), "anna")
    with Notes(Folder(folder)) as notes:
        verdict, about = read_notes(Folder(folder)).verdicts[identity(0)]
        notes.set_verdict("gone", verdict, about)
    assert [(each.finding, each.found) for each in judging.all_verdicts(folder)] == [(identity(0), True), ("gone", False)]


def test_a_case_of_which_nobody_said_anything_is_not_written(folder: Path) -> None:
    listed(folder, suppressed=True, verdict=["none"])
    load_report(folder)
    assert not (folder / "notes.sqlite").exists()


def test_so_many_notes_stand_beside_one_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_NOTES", 2)
    for number in (0, 0, 1):
        judging.add_note(folder, judging.ask(NewNote, finding=identity(number), text="x" * 10_000), "anna")
    with pytest.raises(UsageError, match="2 notes stand beside this finding"):
        judging.add_note(folder, judging.ask(NewNote, finding=identity(0), text="x"), "anna")
    with pytest.raises(UsageError):
        judging.ask(NewNote, finding=identity(1), text="x" * 10_001)
    assert len(judging.all_notes(folder)) == 3
