"""Who read the output of a command in the file of a share that it went to."""

from __future__ import annotations

from typing import Any

import pytest

from graphcorr.links.askers import INTERFACE
from tests.links.test_tables_of_requests import WS, act, asked
from tests.links.trying import T, at

OUT = r"cmd.exe /c dir > \\T\C$\__answer 2>&1"


@pytest.mark.parametrize(
    ("line", "more", "apart", "told"),
    [
        (OUT, {}, 1, True),
        (r'cmd.exe /c dir > "\\T\c$\__Answer"', {}, 1, True),
        (OUT, {"relative_path": "__answer2"}, 1, False),
        (OUT, {"relative_path": "__answe"}, 1, False),
        (OUT, {"share": r"\\*\D$"}, 1, False),
        (OUT, {"access_mask": 0x120196}, 1, False),
        (OUT.replace("C$", "logs"), {"share": r"\\*\logs"}, 1, False),
        (OUT, {}, -10, False),
        (OUT, {}, 40, False),
        (r"cmd.exe /c type \\T\C$\__answer", {}, 1, False),
    ],
)
def test_output_signs_are_who_reads_the_file_that_a_command_writes(line: str, more: dict[str, Any], apart: float, told: bool) -> None:
    read = {
        "id": "r",
        **T,
        "vantage": "own",
        "share": r"\\*\C$",
        "relative_path": "__answer",
        "access_mask": 0x120089,
        "source_address": WS,
    }
    found = asked(act(mechanism="service", line=line), ShareAccess=[{**read, **at(50 + apart), **more}])
    assert found == ([("r", WS, INTERFACE, False)] if told else [])
