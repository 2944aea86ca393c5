"""Every public dataset is read or explained, and how much of it is there: counted once by other tools, kept here."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from graphcorr.sources.inputs import discover
from tests.sources.reads import read_input

MASKED = "the time is masked: XXXXXXXXXX.XXXXXX"
EXPECTED: dict[tuple[str, str | None, str], tuple[int, int, int, int]] = {
    ("OISF+suricata-verify", "capture", "read"): (4, 0, 0, 0),
    ("OTRF+Security-Datasets", "capture", "read"): (6, 0, 0, 0),
    ("OTRF+Security-Datasets", "ndjson", "read"): (27, 196454, 5042, 0),
    ("Yamato-Security+hayabusa-sample-evtx", "evtx", "read"): (3, 52, 16, 0),
    ("brimdata+zed-sample-data", "ndjson", "read"): (13, 5713, 13, 0),
    ("brimdata+zed-sample-data", "zeek_tsv", "read"): (14, 59328, 53628, 0),
    ("mdecrevoisier+EVTX-to-MITRE-Attack", "evtx", "read"): (14, 1332, 1149, 0),
    ("sans-blue-team+DeepBlueCLI", "evtx", "read"): (3, 71, 39, 0),
    ("sbousseaden+EVTX-ATTACK-SAMPLES", "evtx", "read"): (24, 1095, 966, 0),
    ("zeek+zeek", "zeek_tsv", "partly"): (5, 86, 0, 86),
    ("zeek+zeek", "zeek_tsv", "read"): (13, 30, 0, 0),
}
"""(folder, format, status) to inputs, records, wanted records and skips; what captures tell is counted where they are read."""


def test_every_public_file_is_read_or_explained(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shared / "datasets")
    totals: defaultdict[tuple[str, str | None, str], Counter[str]] = defaultdict(Counter)
    reasons: set[str | None] = set()
    for source in discover(sorted(path.name for path in Path().iterdir() if path.is_dir())):
        result = read_input(source)
        totals[source.file.partition("/")[0], result.format, result.status].update(
            inputs=1, records=result.count, wanted=len(result.records), skips=len(result.skips)
        )
        reasons.update(reason for _, reason in result.skips)
        if result.format is None:
            reasons.add(result.reason)
    found = {key: (total["inputs"], total["records"], total["wanted"], total["skips"]) for key, total in totals.items()}
    assert found == EXPECTED
    assert reasons == {MASKED}
