"""Salvage: the fourteen damaged records against the truth, each rule on what it is for, and what it must not do."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from graphcorr.intel.known import Known
from graphcorr.intel.objects import Stix, decode
from graphcorr.intel.reading import Document, split
from graphcorr.intel.salvage import LOADED, QUARANTINED, SALVAGED, Verdict, fits, triage

IDENTITY = "relationship--00038d0e-7fc7-41c3-9055-edb4d87ea912"
SILENCE = "intrusion-set--d13c8a7f-740b-4efa-a232-de7d6bb05321"
PSEXEC = "tool--ff6caf67-ea1f-4895-b80e-4bb0fc31c6db"
TOOL = "attack-pattern--a2fdce72-04b2-409a-ac10-cc1695f4fce0"


def judge(known: Known, **values: object) -> Verdict:
    base: dict[str, object] = {"type": "relationship", "id": IDENTITY, "created": "2021-01-01T00:00:00.000Z", "relationship_type": "uses"}
    text = json.dumps({key: value for key, value in (base | values).items() if value is not None}).encode()
    return triage(decode(text), text, known)


@pytest.fixture(scope="module")
def verdicts(damaged: Document, known: Known) -> list[Verdict]:
    return [triage(decode(piece.text), piece.text, known, alone=piece.alone) for piece in split(damaged.content)]


def test_the_fourteen_against_the_truth(verdicts: list[Verdict], seeds: Path) -> None:
    """Thirteen exact, and record 1 as the stated set of four."""
    truth = json.loads((seeds / "truth.json").read_bytes())
    assert len(verdicts) == len(truth) == 14
    for verdict, true in zip(verdicts, truth, strict=True):
        assert verdict.status == SALVAGED
        assert verdict.relationship == true["relationship_type"]
        targets = sorted(one["target_id"] for one in true["candidates"])
        if true["ambiguous"]:
            assert (verdict.target, list(verdict.candidates)) == (None, targets)
            assert targets == ["T1560", "T1560.001", "T1560.002", "T1560.003"]
        else:
            assert ([verdict.target], verdict.candidates) == (targets, ())
        sources = {one["source_id"] for one in true["candidates"]}
        # Data components had no ATT&CK ids then.
        assert {verdict.source} == sources or (sources == {None} and (verdict.source or "").startswith("DC"))
    assert [n for n, true in enumerate(truth) if true["ambiguous"]] == [1]


def test_the_components_of_the_retired_statements(verdicts: list[Verdict], known: Known) -> None:
    named = {n: known.by_id(verdicts[n].source or "") for n in (0, 1, 12)}
    assert {n: end.name if end else None for n, end in named.items()} == {
        0: "Network Traffic Flow",
        1: "File Creation",
        12: "Process Creation",
    }


def test_silence_is_mentioned_with_empire_and_psexec(verdicts: list[Verdict]) -> None:
    silence = verdicts[2]
    assert (silence.source, silence.relationship, silence.target) == ("G0091", "uses", "T1588.002")
    assert silence.mentions == (("G0091", "S0363"), ("G0091", "S0029"))
    assert [verdict.mentions for n, verdict in enumerate(verdicts) if n != 2] == [()] * 13


def test_the_reasons(verdicts: list[Verdict]) -> None:
    assert verdicts[0].reasons == (
        "id_missing",
        "source_ref_truncated:resolved_by_join",
        "target_ref_truncated:resolved_by_join",
        "relationship_type_retired",
        "marking_ref_truncated",
        "text_truncated",
    )
    assert verdicts[10].reasons == (
        "id_missing",
        "source_ref_truncated:resolved_by_join",
        "target_empty:software_expected",
        "target_ref_truncated:resolved_by_join",
        "marking_ref_truncated",
    )
    assert [n for n, verdict in enumerate(verdicts) if "line_holds_several_objects" in verdict.reasons] == [1, 2, 12, 13]
    assert {verdict.confidence for verdict in verdicts} == {0.974}


def test_minted_ids_are_stable_and_differ(verdicts: list[Verdict], damaged: Document, known: Known) -> None:
    again = [triage(decode(piece.text), piece.text, known).id for piece in split(damaged.content)]
    assert [verdict.id for verdict in verdicts] == again
    assert len(set(again)) == 14


def test_a_whole_record_is_loaded(known: Known) -> None:
    verdict = judge(known, source_ref=SILENCE, target_ref=TOOL)
    assert (verdict.id, verdict.status, verdict.reasons) == (IDENTITY, LOADED, ())
    assert (verdict.source, verdict.target, verdict.confidence) == ("G0091", "T1588.002", 1.0)


def test_an_id_is_all_that_is_missing(known: Known) -> None:
    verdict = judge(known, id="", source_ref=SILENCE, target_ref=TOOL)
    assert (verdict.status, verdict.reasons, verdict.source) == (SALVAGED, ("id_missing",), "G0091")
    assert judge(known, id="relationship--", source_ref=SILENCE, target_ref=TOOL).reasons == ("id_malformed",)


def test_an_end_that_nobody_knows_waits(known: Known) -> None:
    ref = "malware--00000000-0000-4000-8000-000000000000"
    verdict = judge(known, source_ref=SILENCE, target_ref=ref)
    assert (verdict.status, verdict.reasons) == (QUARANTINED, (f"target_unknown:{ref}",))


def test_a_ref_cut_in_its_middle_is_told_by_its_beginning(known: Known) -> None:
    verdict = judge(known, source_ref=SILENCE[:25], target_ref=TOOL)
    assert (verdict.status, verdict.source) == (SALVAGED, "G0091")
    assert verdict.reasons == ("source_ref_truncated:resolved_by_beginning",)
    assert verdict.confidence == 0.999
    assert judge(known, source_ref="intrusion-set--d13c", target_ref=TOOL).status == QUARANTINED


def test_other_software_is_the_target_and_a_technique_never(known: Known) -> None:
    silence = "[Silence](https://attack.mitre.org/groups/G0091)"
    psexec = "[PsExec](https://attack.mitre.org/software/S0029)"
    technique = "[Tool](https://attack.mitre.org/techniques/T1588/002)"
    used = judge(known, source_ref="intrusion-", target_ref="", description=f"{silence} used {psexec}.")
    assert (used.status, used.source, used.target, used.mentions) == (SALVAGED, "G0091", "S0029", ())
    assert used.confidence == 0.99
    linked = judge(known, source_ref="intrusion-", target_ref="attack-", description=f"{silence} used {technique} and {psexec}.")
    assert (linked.status, linked.source, linked.target) == (QUARANTINED, "G0091", None)
    assert "target_ref_truncated:type_known" in linked.reasons
    assert linked.mentions == ()


def test_the_time_alone_and_the_words_alone_tell_nothing(known: Known, damaged: Document) -> None:
    """Record 13, with another time, and with other words."""
    record = decode(list(split(damaged.content))[13].text)

    def status(**changes: str) -> tuple[str, str | None]:
        verdict = triage(msgspec.structs.replace(record, **changes), b"", known)
        return verdict.status, verdict.target

    assert status() == (SALVAGED, "T1070.004")
    assert status(created="2017-12-14T16:46:06.045Z") == (QUARANTINED, None)
    assert status(description=(record.description or "") + " More.") == (QUARANTINED, None)
    assert status(description="") == (QUARANTINED, None)


def test_a_join_that_contradicts_what_is_whole_is_none(known: Known, damaged: Document) -> None:
    record = decode(list(split(damaged.content))[2].text)
    contradicted = triage(msgspec.structs.replace(record, source_ref="intrusion-set--7a19ecb1-3c65-4de3-a230-993516aed6a6"), b"", known)
    assert contradicted.status == QUARANTINED
    assert contradicted.target is None


@pytest.mark.parametrize(
    ("type_", "left"),
    [("intrusion-set", "intrusion-"), ("attack-pattern", "attack-"), ("x-mitre-data-component", "x-mitre-data-"), ("malware", "")],
)
def test_what_is_left_of_a_ref(type_: str, left: str) -> None:
    assert fits(type_, left)
    assert not fits(type_, "x-")
    assert fits(type_, None) == (left == "")


def test_a_retired_detection_is_loaded_and_said(known: Known) -> None:
    component = "x-mitre-data-component--a7f22107-02e5-4982-9067-6625d4a1765a"
    verdict = judge(known, relationship_type="detects", source_ref=component, target_ref=TOOL)
    assert (verdict.status, verdict.reasons) == (LOADED, ("relationship_type_retired",))


def test_a_lost_marking_alone_is_salvaged(known: Known) -> None:
    verdict = judge(known, source_ref=SILENCE, target_ref=TOOL, object_marking_refs=["marking-"])
    assert (verdict.status, verdict.reasons, verdict.confidence) == (SALVAGED, ("marking_ref_truncated",), 1.0)


def test_revoked_ends_are_followed(known: Known) -> None:
    revoked = known.facts.objects["T1086"]
    verdict = judge(known, source_ref=SILENCE, target_ref=revoked.stix_id)
    assert verdict.target == "T1059.001"


def test_any_type_may_be_triaged(known: Known) -> None:
    found = Stix(type="x y\n", id=None)
    verdict = triage(found, b"{}", known)
    assert (verdict.status, verdict.reasons) == (QUARANTINED, ("id_missing",))
    assert verdict.id.startswith("text--")
