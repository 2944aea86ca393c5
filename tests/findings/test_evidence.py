"""The records behind a statement: what is read of them."""

from __future__ import annotations

from graphcorr.findings import evidence
from graphcorr.logs.catalog import log_types


def columns(logs: set[str]) -> set[str]:
    return set(evidence._columns(logs).split(", "))


def test_only_what_the_logs_that_occur_say_is_read() -> None:
    """Every column of every log at once does not fit into memory over a million events."""
    start, pipe = columns({"sysmon-1"}), columns({"sysmon-17"})
    assert start - pipe >= {"command_line", "parent_image"}
    assert pipe - start == {"pipe"}
    assert columns(set(log_types())) > start | pipe
    assert {"id", "host", "file", "record", "outcome"} <= columns(set())
