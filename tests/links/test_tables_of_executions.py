"""Tables of executions, of who did it and of the graph with a few rows and no hunt: what each keeps, what it leaves out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphcorr.facts.catalog import facts
from graphcorr.graph.project import every_kind
from graphcorr.model.kinds import Kind
from tests.links.trying import SECOND, T, at, ids, tried, tried_whole, version

if TYPE_CHECKING:
    from tests.links.trying import Rows


# --- contents ---

HASH = "SHA256=" + "A1" * 32


def test_contents_and_copies() -> None:
    """What a load says of the written file is its content; a start from elsewhere with it, beside it, is a copy."""
    loads = [{"id": "l", **T, "path": "K", "hashes": HASH, **at(1)}]
    written = tried("written_contents", versions=[version(key="k")], ModuleLoad=loads)
    assert [(row["version"], row["hashes"]) for row in written] == [("v", [HASH])]
    assert tried("written_contents", versions=[version(key="k", ended=0)], ModuleLoad=loads) == []
    moves = [{"version": "v", **T, "key": "k", "destination": "z", "placed": 0}]
    moved = tried("moved_contents", moves=moves, versions=[version()], Stream=[{"id": "s", **T, "path": "Z", "hashes": "MD5=1F", **at(2)}])
    assert [row["hashes"] for row in moved] == [["MD5=1F"]]
    contents = tried("contents", written_contents=written, moved_contents=moved)
    assert len(contents) == 2
    known = [{**written[0], "key": r"c:\a\tool.exe"}]
    start = {"id": "p", **T, "image": r"C:\a\other.exe", "hashes": HASH, **at(5)}
    same = tried("same_contents", contents=known, ProcessStart=[start])
    assert [(row["id"], row["version"], row["kind"], row["written"]) for row in same] == [("p", "v", "RAN", r"c:\a\tool.exe")]
    assert tried("same_contents", contents=known, ProcessStart=[start | {"hashes": "SHA256=00"}]) == []
    assert tried("same_contents", contents=known, ProcessStart=[start], versions=[version(key=r"c:\a\other.exe")]) == []
    used = [row | at(5) | {"earliest": 0, "latest": 0} for row in same]
    assert tried("copies", same_contents=used) == [{"event": "p", "kind": "RAN", "version": "v"}]
    assert tried("copies", same_contents=[row | {"written": r"c:\b\tool.exe", **at(700), "earliest": 0, "latest": 0} for row in same]) == []


# --- executions ---


def start(id_: str, seconds: float, prefer: int, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "image": r"C:\x.exe", "prefer": prefer, "names": ["x.exe"], **at(seconds), **more}


def test_touching_and_start_records() -> None:
    """A start that names a written file, and what may be the same process; nothing else."""
    starts = [start("a", 1, 0), start("b", 2, 1), start("c", 500, 1), start("d", 1, 0, image=r"C:\y.exe", names=["y.exe"])]
    names = [{**T, "name": "x.exe"}]
    touching = tried("touching", ProcessStart=[starts[0], starts[3]], file_names=names)
    assert ids(touching) == ["a"]
    assert ids(tried("start_records", ProcessStart=starts, touching=touching)) == ["a", "b"]
    assert ids(tried_whole("touching", ProcessStart=starts)) == ["a", "b", "c", "d"]
    assert ids(tried_whole("start_records", ProcessStart=starts)) == ["a", "b", "c", "d"]


def test_record_pairs_starts_and_same_process() -> None:
    """Two logs of one process are one start, the one with the exact time; another process id is another process."""
    records = [{key: value for key, value in row.items() if key != "names"} for row in (start("s", 1.2, 0, pid=7), start("a", 1, 1, pid=7))]
    pairs = tried("record_pairs", start_records=records)
    assert pairs == [{"other": "a", "main": "s"}]
    assert tried("record_pairs", start_records=[records[0], records[1] | {"pid": 8}]) == []
    starts = tried("starts", start_records=records, record_pairs=pairs, touching=[{"id": "a"}])
    assert ids(starts) == ["s"]
    assert tried("same_process", record_pairs=pairs, starts=starts) == pairs


@pytest.mark.parametrize(
    ("audited", "watched", "paired"),
    [
        ("X /c %%COMSPEC%% /c dir", "x /c %COMSPEC% /c dir", True),
        ("x /c %COMSPEC%", "x /c %%COMSPEC%%", True),
        ("x /c dir ", "x /c dir", True),
        ("x /c %COMSPEC% dir", "x /c %COMSPEC% cls", False),
    ],
)
def test_record_pairs_of_one_command_line_that_two_logs_spell(audited: str, watched: str, paired: bool) -> None:
    """Where a format leaves the process ids out; what renders an audit record doubles the sign of a variable."""
    records = [start("s", 1.2, 0, command_line=watched), start("a", 1, 1, command_line=audited)]
    rows = [{key: value for key, value in row.items() if key != "names"} for row in records]
    assert tried("record_pairs", start_records=rows) == [{"other": "a", "main": "s"}] * paired


def test_loads() -> None:
    loads = [{"id": "a", **T, "path": r"C:\X.dll"}, {"id": "b", **T, "path": r"C:\y.dll"}, {"id": "c", **T}]
    assert ids(tried("loads", ModuleLoad=loads, file_names=[{**T, "name": "x.dll"}])) == ["a"]
    assert ids(tried("loads", ModuleLoad=loads, copies=[{"event": "b", "kind": "LOADED"}])) == ["b"]
    assert ids(tried_whole("loads", ModuleLoad=loads)) == ["a", "b"]


def test_services_and_service_names() -> None:
    services = tried("services", ServiceInstall=[{"id": "a", **T, "path": r"C:\x.exe /go"}, {"id": "b", **T}])
    assert ids(services) == ["a"]
    assert "x.exe" in {row["name"] for row in tried("service_names", services=services)}


# --- references ---


def test_candidates() -> None:
    names = [{**T, "key": r"c:\x.exe", "name": "x.exe", "resolved": True}, {**T, "key": r"c:\y.exe", "name": "y.exe", "resolved": True}]
    rows = tried("candidates", file_names=names, starts=[{**T, "names": ["x.exe"]}])
    assert [row["key"] for row in rows] == [r"c:\x.exe"]


def test_file_references() -> None:
    """The program itself, an argument to run, a load by the exact path."""
    candidates = [
        {**T, "key": r"c:\x.exe", "name": "x.exe", "resolved": True},
        {**T, "key": r"c:\l.dll", "name": "l.dll", "resolved": True},
    ]
    rows = tried(
        "file_references",
        candidates=candidates,
        starts=[{"id": "p", **T, "image": r"C:\X.exe", "command_line": r"C:\X.exe", **at(1)}],
        loads=[{"id": "l", **T, "image": r"C:\a.exe", "path": r"C:\L.dll", **at(1)}, {"id": "m", **T, "path": r"C:\sub\l.dll", **at(1)}],
        services=[{"id": "s", **T, "path": r"C:\x.exe -k", **at(1)}],
    )
    assert {(row["event"], row["kind"], row["key"]) for row in rows} == {
        ("p", "RAN", r"c:\x.exe"),
        ("l", "LOADED", r"c:\l.dll"),
        ("s", "POINTS_TO", r"c:\x.exe"),
    }


def reference(seconds: float, *, span: float = 0, basis: str = "exact", key: str = "k") -> dict[str, Any]:
    return {
        "event": "e",
        "kind": "RAN",
        **T,
        "key": key,
        "basis": basis,
        "earliest": int(seconds * SECOND),
        "latest": int((seconds + span) * SECOND),
    }


def test_links_by_name() -> None:
    """The latest version written before it that had not ended; what can have been at the same time counts."""
    versions = [version("1", 0, ended=10 * SECOND, ended_latest=10 * SECOND), version("2", 20)]

    def linked(*references: dict[str, Any]) -> list[str]:
        return [row["version"] for row in tried("links_by_name", file_references=references, versions=versions)]

    assert linked(reference(5)) == ["1"]
    assert linked(reference(10)) == ["1"]
    assert linked(reference(11)) == []
    assert linked(reference(25)) == ["2"]
    assert linked(reference(19.5, span=1)) == ["2"]
    assert linked(reference(19.5)) == []
    assert linked(reference(30, basis="suffix")) == ["2"]
    assert linked(reference(20 + 601, basis="suffix")) == []


def test_links_by_move_links_and_run_steps() -> None:
    move = {"version": "v", **T, "key": "k", "destination": "z", "placed": 0, "steps": ["m"], "step": 1}
    moved = tried("links_by_move", file_references=[reference(5, key="z")], moves=[move])
    assert [(row["event"], row["version"]) for row in moved] == [("e", "v")]
    assert (
        tried("links_by_move", file_references=[reference(5, key="z")], moves=[move], links_by_name=[{"event": "e", "version": "v"}]) == []
    )
    links = tried(
        "links", links_by_move=moved, copies=[{"event": "c", "kind": "RAN", "version": "v"}, {"event": "e", "kind": "RAN", "version": "v"}]
    )
    assert sorted((row["event"], row["basis"]) for row in links) == [("c", "hash"), ("e", "moved")]
    assert tried("run_steps", links_by_move=moved) == [{"event": "e", "version": "v", "step": "m"}]


# --- who did it ---


def test_origins() -> None:
    """The one client that opened a share near a write that names none; of two neither is chosen, and both are told."""
    access = {"id": "s", **T, "vantage": "own", "share": r"\\*\C$", "source_address": "10.0.0.5", "account": "bob", **at(99)}
    needs: dict[str, Rows] = {"versions": [version("v", 100, key=r"c:\tool.exe")], "links": [{"event": "e", "version": "v"}]}
    [row] = tried("origins", **needs, ShareAccess=[access])
    assert (row["version"], row["event"], row["source"], row["account"], row["loopback"]) == ("v", "s", "10.0.0.5", "bob", False)
    assert (row["chosen"], row["logon"], row["session"]) == (True, None, None)
    rivals = tried("origins", **needs, ShareAccess=[access, access | {"id": "t", "source_address": "10.0.0.6"} | at(98)])
    assert [(row["event"], row["chosen"], row["place"]) for row in rivals] == [("s", False, 0), ("t", False, 1)]
    session = {"id": "l", **T, "vantage": "own", "logon_type": 3, "session": "0x1", "source_address": "10.0.0.5", **at(5)}
    [row] = tried("origins", **needs, ShareAccess=[access | {"session": "0x1"}], Logon=[session, session | {"id": "m"} | at(101.5)])
    assert row["logon"] == "l"
    assert tried("origins", **needs, ShareAccess=[access | at(39)]) == []
    assert len(tried("origins", **needs, ShareAccess=[access | at(102)])) == 1
    assert tried("origins", **needs, ShareAccess=[access | at(102.1)]) == []


def test_callers() -> None:
    """The program's own pipes name the machine that it was started from; those of another program do not."""
    pipes = [{"id": "p", **T, "vantage": "own", "strength": "stated", "pipe": "tool-ws1-42-stdin", **at(5)}]
    needs: dict[str, Rows] = {"versions": [version("v", 0, name="tool.exe")], "links": [{"event": "e", "version": "v"}]}
    assert tried("callers", **needs, PipeOpen=pipes) == [{"version": "v", "event": "p", "host": "ws1"}]
    assert tried("callers", **needs, PipeOpen=[pipes[0] | {"pipe": "other-ws1-42-stdin"}]) == []


# --- the graph ---


def test_told() -> None:
    """Each kind has the records of its own that links rest on, and what is to be there in any case."""
    kept: Rows = [{"id": "k"}]
    origins: Rows = [{"event": "a", "kind": "ShareAccess"}, {"event": "b", "kind": "Logon"}]
    enders: Rows = [{"id": "c", "ended_by": "written locally"}, {"id": "d", "ended_by": "deleted"}]
    assert ids(tried("told_ShareAccess", origins=origins, kept=kept)) == ["a", "k"]
    assert ids(tried("told_Logon", origins=origins)) == ["b"]
    assert tried("told_Connection", origins=origins) == []
    assert ids(tried("told_PipeOpen", callers=[{"event": "p"}])) == ["p"]
    assert ids(tried("told_FileCreate", enders=enders)) == ["c"]
    assert ids(tried("told_Removal", enders=enders)) == ["d"]
    assert [ids(tried(f"told_{kind}", kept=kept)) for kind in ("Call", "Transfer", "Attempt")] == [["k"]] * 3


@pytest.mark.parametrize("kind", sorted(kind.value for kind in every_kind()))
def test_shown(kind: str) -> None:
    """Of a kind that is whole every fact; else what links made of it, or rest on."""
    node = facts()[Kind(kind)].node
    assert node is not None
    source = node.table or kind
    rows: list[dict[str, Any]] = [{"id": "a", **T}, {"id": "b", **T}]
    assert ids(tried_whole(f"shown_{kind}", **{source: rows})) == ["a", "b"]
    reduced: dict[str, Rows] = {source: rows} if node.table else {source: rows, f"told_{kind}": [{"id": "b"}]}
    assert ids(tried(f"shown_{kind}", **reduced)) == (["a", "b"] if node.table else ["b"])
