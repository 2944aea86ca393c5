"""Every statement of the documents is looked for by a pattern, or said to be what no log shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphcorr.outputs.patterns import render, to_document
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.unseen import UNSEEN

TRUTH = Path(__file__).parents[2] / "../shared/seeds/truth.json"
PATTERNS = load([builtin_folder()])
SOUGHT = {technique for pattern in PATTERNS for technique in pattern.header.attack}


def test_what_is_unseen_no_pattern_claims_to_see() -> None:
    assert not SOUGHT & UNSEEN.keys()


@pytest.mark.skipif(not TRUTH.is_file(), reason="the shared documents are not here")
def test_every_technique_of_the_documents_is_looked_for_or_said_to_be_unseen() -> None:
    told = {one["target_id"] for record in json.loads(TRUTH.read_bytes()) for one in record["candidates"]}
    techniques = {one for one in told if one.startswith("T")}
    assert len(techniques) == 16
    assert techniques - SOUGHT == UNSEEN.keys()


def test_the_list_says_so() -> None:
    document = to_document(PATTERNS)
    assert {one["technique"] for one in document["unseen"]} == set(UNSEEN)  # type: ignore[attr-defined]
    page = render(PATTERNS).plain()
    assert all(technique in page for technique in UNSEEN)
