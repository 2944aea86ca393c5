"""Each table of links with a few rows and no hunt: what it keeps, what it leaves out, and why."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from graphcorr.engine.plan import try_table
from graphcorr.facts.catalog import facts
from graphcorr.graph.project import declared, every_kind
from graphcorr.model.kinds import Kind
from graphcorr.resolve.addresses import Addresses, Binding
from graphcorr.resolve.hosts import HostNames
from graphcorr.resolve.identity import Identity
from graphcorr.resolve.shares import Shares

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.engine.tables import Table

    Rows = Sequence[dict[str, Any]]

TABLES = declared(())
WHOLE = declared(every_kind())
SECOND = 1_000_000
KNOWN = Identity(
    HostNames(["t.corp"]),
    Shares({("t", "tools"): r"D:\work"}),
    Addresses({"10.0.0.5": [Binding("ws", 0, 100 * SECOND, "dhcp lease")], "10.0.0.9": [Binding("t", 0, 100 * SECOND, "its own log")]}),
    [],
)
T = {"host": "t"}


def tried(name: str, **rows: Rows) -> list[dict[str, Any]]:
    """What the table ``name`` has when what it needs has ``rows``."""
    return _try(name, TABLES, rows)


def tried_whole(name: str, **rows: Rows) -> list[dict[str, Any]]:
    """The same where every kind is whole."""
    return _try(name, WHOLE, rows)


def _try(name: str, tables: Mapping[str, Table], rows: Mapping[str, Rows]) -> list[dict[str, Any]]:
    timed = {need: [_without_times(row, tables[need].columns) for row in given] for need, given in rows.items()}
    return try_table(tables[name], tables, timed, KNOWN)


def _without_times(row: dict[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row without those of the three times that its table does not have."""
    return {column: value for column, value in row.items() if column in columns or column not in {"time", "earliest", "latest"}}


def at(seconds: float, *, span: float = 0) -> dict[str, Any]:
    """A moment, known to ``span`` seconds."""
    return {"time": int(seconds * SECOND), "earliest": int(seconds * SECOND), "latest": int((seconds + span) * SECOND)}


def ids(rows: Rows) -> list[str]:
    return sorted(row["id"] for row in rows)


# --- resolve ---


def test_owners() -> None:
    """An address is somebody's as long as a statement speaks for it, and twelve hours around; a host's own address is its own."""
    rows = tried("owners")
    assert {(row["address"], row["host"], row["own"]) for row in rows} == {("10.0.0.5", "ws", True), ("10.0.0.9", "t", True)}
    assert all(row["since"] < row["until"] for row in rows)


def test_named_hosts() -> None:
    rows = tried("named_hosts", events=[{"log": "security-4648", "target_host": name} for name in ("T.corp", "localhost")])
    assert sorted((row["name"], row["loopback"]) for row in rows) == [("T.corp", False), ("localhost", True)]
    assert tried("named_hosts", events=[{"log": "security-4624", "target_host": "x"}]) == []


# --- writes ---


def smb(id_: str, seconds: float, action: str, **more: object) -> dict[str, Any]:
    place = {"share": r"\\t\tools", "relative_path": "x.exe", "target_address": "10.0.0.9", "source_address": "10.0.0.5"}
    return {"id": id_, "vantage": "sensor", "strength": "stated", "action": action, "uid": "C1", **place, **at(seconds), **more}


def test_inferred_writes() -> None:
    """An empty file that has grown when it is opened next was written by the first; one that a client sent, by its open."""
    opens = [smb("a", 0, "SMB::FILE_OPEN", size=0), smb("b", 9, "SMB::FILE_OPEN", size=7)]
    assert ids(tried("inferred_writes", ShareAccess=opens)) == ["a"]
    sent = {"vantage": "sensor", "from_originator": True, "size": 7, "protocol": "SMB", "uid": "C1", "relative_path": "x.exe", **at(1)}
    assert ids(tried("inferred_writes", ShareAccess=[opens[1] | at(0)], Transfer=[sent])) == ["b"]
    assert tried("inferred_writes", ShareAccess=[opens[1] | at(0)], Transfer=[sent | {"from_originator": False}]) == []


def test_write_records() -> None:
    """Stated once even if concluded as well; a share that the row lacks is the only one of its session."""
    mapped = {"id": "m", "vantage": "sensor", "uid": "C1", "share": r"\\t\tools"}
    stated = smb("a", 0, "SMB::FILE_WRITE", prefer=1)
    rows = tried(
        "write_records",
        Write=[stated],
        ShareAccess=[smb("a", 0, "SMB::FILE_WRITE"), smb("b", 1, "SMB::FILE_OPEN", share=None), mapped],
        inferred_writes=[{"id": "a"}, {"id": "b"}],
    )
    assert sorted((row["id"], row["inferred"], row["strength"], row["share"]) for row in rows) == [
        ("a", False, "stated", r"\\t\tools"),
        ("b", True, "implied", r"\\t\tools"),
    ]


def test_write_places() -> None:
    """A share's folder where it is known, UNC where not; a mark that is hung on a file is no write of it."""
    told = {"host": "t", "vantage": "own", "source_address": "10.0.0.5", **at(1)}
    records = [
        {"id": "a", "share": r"\\*\tools", "relative_path": r"bin\X.exe", **told},
        {"id": "b", "share": r"\\*\other", "relative_path": "x.exe", **told},
        {"id": "c", "share": r"\\*\tools", "relative_path": "x.exe:Zone.Identifier", **told},
        {"id": "d", "path": r"C:\x.exe", "host": "t", "vantage": "own", "strength": "implied", **at(1)},
        {"id": "e", "share": r"\\*\tools", "relative_path": "x.exe", **told, "source_address": "10.0.0.9"},
    ]
    rows = {row["id"]: row for row in tried("write_places", write_records=records)}
    assert {id_: (row["key"], row["resolved"], row["loopback"]) for id_, row in rows.items()} == {
        "a": (r"d:\work\bin\x.exe", True, False),
        "b": (r"\\t\other\x.exe", False, False),
        "d": (r"c:\x.exe", True, False),
        "e": (r"d:\work\x.exe", True, True),
    }


def test_learned_folders() -> None:
    """System made the file below a folder when it was written to a share that no log gives one for."""
    place = {"id": "a", **T, "key": r"\\t\s\a\x.exe", "path": r"\\t\s\a\x.exe", "name": "x.exe", "resolved": False, "share": "s"}
    made = {"id": "b", **T, "key": r"d:\work\a\x.exe", "path": r"D:\work\a\x.exe", "name": "x.exe", "resolved": True}
    records = [
        {"id": "a", "vantage": "own", "strength": "asked", **at(5)},
        {"id": "b", "vantage": "own", "strength": "implied", **at(9)},
    ]
    assert tried("learned_folders", write_places=[place, made], write_records=records) == [
        {"host": "t", "share": "s", "folder": r"d:\work", "spelled": r"D:\work"}
    ]
    late = [records[0], records[1] | at(11)]
    assert tried("learned_folders", write_places=[place, made], write_records=late) == []


def test_located_writes() -> None:
    """The wire's clock may run a little ahead; what System wrote alone is no network write by itself."""
    places = [
        {"id": id_, **T, "key": r"\\t\s\x.exe", "path": r"\\t\s\X.exe", "name": "x.exe", "resolved": False, "share": "s"} for id_ in "ab"
    ]
    records = [
        {"id": "a", "vantage": "sensor", "strength": "implied", "inferred": True, **at(5)},
        {"id": "b", "vantage": "own", "strength": "implied", "inferred": True, **at(5)},
    ]
    folder = [{"host": "t", "share": "s", "folder": r"d:\w", "spelled": r"D:\W"}]
    rows = {row["id"]: row for row in tried("located_writes", write_places=places, write_records=records, learned_folders=folder)}
    assert (rows["a"]["key"], rows["a"]["path"], rows["a"]["network"]) == (r"d:\w\x.exe", r"D:\W\X.exe", True)
    assert rows["b"]["network"] is False
    assert (rows["b"]["earliest"] - rows["a"]["earliest"]).total_seconds() == 0.1


def test_lone_writes() -> None:
    rows = tried("lone_writes", located_writes=[{"id": "a", "network": False, **at(125)}, {"id": "b", "network": True, **at(1)}])
    assert [(row["id"], row["minute"]) for row in rows] == [("a", 2)]


def test_near_clients() -> None:
    """A named file of a share tells of that file alone; anything else may be the client of any write."""
    on = {**T, "vantage": "own", **at(1)}
    rows = tried(
        "near_clients",
        lone_writes=[{"id": "w", **T}],
        ShareAccess=[{"id": "a", "relative_path": "x", **on}, {"id": "b", **on}, {"id": "c", **on, "host": "other"}],
        PipeOpen=[{"id": "d", "strength": "asked", **on}, {"id": "e", "strength": "stated", **on}],
        Logon=[
            {"id": "f", "logon_type": 3, **on},
            {"id": "g", "logon_type": 2, **on},
            {"id": "h", **on, "logon_type": 3, "vantage": "client"},
        ],
        Connection=[{"id": "i", "target_port": 445, **on}, {"id": "j", "target_port": 80, **on}],
    )
    assert sorted(row["unnamed"] for row in rows) == [False, False, True, True, True]


def test_contradicted() -> None:
    """Audited before and after, and nobody there in the minute before: it was local. Without an audit it stays."""
    audit = [{"strength": "asked", **T, **at(second)} for second in (0, 1000)]
    lone = [{"id": "a", **T, **at(500)}]
    assert ids(tried("contradicted", lone_writes=lone, WriteCovered=audit)) == ["a"]
    assert tried("contradicted", lone_writes=lone, WriteCovered=audit[:1]) == []
    assert tried("contradicted", lone_writes=lone, WriteCovered=audit, near_clients=[{**T, "time": 441 * SECOND}]) == []
    assert ids(tried("contradicted", lone_writes=lone, WriteCovered=audit, near_clients=[{**T, "time": 430 * SECOND}])) == ["a"]


def test_unaudited() -> None:
    """Files are audited around it, and this one is not among them; a client that may have written keeps it."""
    lone = [{"id": "a", **T, "name": "x.exe", **at(600)}]
    named = [
        {"id": str(second), **T, "vantage": "own", "strength": "asked", "share": "s", "relative_path": name, **at(second)}
        for second, name in ((300, "a"), (900, "b"))
    ]
    assert ids(tried("unaudited", lone_writes=lone, ShareAccess=named)) == ["a"]
    assert tried("unaudited", lone_writes=lone, ShareAccess=named[:1]) == []
    assert tried("unaudited", lone_writes=lone, ShareAccess=[*named, named[0] | {"relative_path": "X.exe", **at(630)}]) == []
    assert tried("unaudited", lone_writes=lone, ShareAccess=named, near_clients=[{**T, "time": 590 * SECOND, "unnamed": True}]) == []
    assert tried("unaudited", lone_writes=lone, ShareAccess=named, contradicted=[{"id": "a"}]) == []


def test_writes() -> None:
    located = [{"id": id_} for id_ in "abc"]
    assert ids(tried("writes", located_writes=located, contradicted=[{"id": "a"}], unaudited=[{"id": "b"}])) == ["c"]


# --- versions ---


def test_ender_records() -> None:
    """Only where a written name is concerned; what System wrote and was no network write is a local one."""
    written = [{"id": "w", **T, "name": "x.exe"}]
    rows = tried(
        "ender_records",
        writes=written,
        FileCreate=[{"id": "a", **T, "path": r"C:\X.exe"}, {"id": "b", **T, "path": r"C:\y.exe"}],
        Write=[{"id": id_, **T, "vantage": "own", "strength": "implied", "path": r"C:\x.exe"} for id_ in "wc"],
        Removal=[
            {"id": "d", **T, "vantage": "own", "path": r"C:\x.exe", "blocked": True},
            {"id": "e", **T, "vantage": "own", "path": r"C:\x.exe"},
            {"id": "f", **T, "vantage": "sensor", "relative_path": "anything"},
        ],
    )
    assert {row["id"]: row["ended_by"] for row in rows} == {
        "a": "written locally",
        "c": "written locally",
        "d": "blocked",
        "e": "deleted",
        "f": "renamed or deleted over the network",
    }


def test_ender_places_and_enders() -> None:
    records = [
        {"id": "a", **T, "path": r"C:\X.exe", "vantage": "own", "ended_by": "deleted", **at(3)},
        {"id": "b", **T, "path": r"C:\X.exe:Zone.Identifier", "vantage": "own", **at(3)},
    ]
    places = tried("ender_places", ender_records=records)
    assert [(row["id"], row["key"]) for row in places] == [("a", r"c:\x.exe")]
    [ender] = tried("enders", ender_places=places, ender_records=records)
    assert (ender["id"], ender["key"], ender["ended_by"], ender["path"]) == ("a", r"c:\x.exe", "deleted", r"C:\X.exe")


def write(id_: str, seconds: float, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "key": "k", "path": "K", "name": "k", "rank": 1, **at(seconds), **more}


@pytest.mark.parametrize(("gap", "groups"), [(2, 1), (2.000001, 2)])
def test_grouped_and_version_groups(gap: float, groups: int) -> None:
    """One copy makes several records, up to two seconds apart: each its own version loses chains, a longer gap joins two copies."""
    grouped = tried("grouped", writes=[write("a", 0), write("b", gap)])
    made = tried("version_groups", grouped=grouped)
    assert len(made) == groups == len({row["number"] for row in grouped})
    links = tried("write_versions", grouped=grouped, version_groups=made)
    assert {row["write"] for row in links} == {"a", "b"}
    assert {row["version"] for row in links} == {row["id"] for row in made}


def test_the_best_write_stands_for_a_version() -> None:
    grouped = [{"id": id_, **T, "key": "k", "number": 0, "rank": rank, **at(rank)} for id_, rank in (("a", 2), ("b", 0))]
    [group] = tried("version_groups", grouped=grouped)
    assert group["best_write"] == "b"


def version(id_: str = "v", seconds: float = 0, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "key": "k", **at(seconds), "last_time": int(seconds * SECOND), "write_time": int(seconds * SECOND)} | more


def test_logged_versions() -> None:
    """The first end after the last write; a removal within the copying is a part of it, a block is not."""
    group = {**version(), "number": 0, "best_write": "w", "last_time": 2 * SECOND}
    del group["write_time"], group["time"]
    ends = [
        {"id": "late", **T, "key": "k", "ended_by": "deleted", **at(9)},
        {"id": "first", **T, "key": "k", "ended_by": "deleted", **at(5)},
        {"id": "inside", **T, "key": "k", "ended_by": "deleted", **at(1)},
    ]
    [row] = tried("logged_versions", version_groups=[group], writes=[write("w", 0)], enders=ends)
    assert (row["ender"], row["ended_by"]) == ("first", "deleted")
    block = {"id": "block", **T, "key": "k", "ended_by": "blocked", **at(1)}
    [row] = tried("logged_versions", version_groups=[group], writes=[write("w", 0)], enders=[*ends, block])
    assert (row["ender"], row["ended_by"]) == ("block", "blocked")


def test_versions() -> None:
    """A command that moves the file away ends it; the record of its removal, which knows the content, stays the ender."""
    moved = {"event": "ren", **T, "source": "k", "destination": "z", "prompt": True, "copies": False, **at(5)}
    [row] = tried("versions", logged_versions=[version()], told_moves=[moved])
    assert (row["ender"], row["ended_by"]) == ("ren", "renamed or moved")
    removed = version(ender="del", ended=6 * SECOND, ended_latest=6 * SECOND, ended_by="deleted")
    [row] = tried("versions", logged_versions=[removed], told_moves=[moved])
    assert (row["ender"], row["ended_by"]) == ("del", "renamed or moved")
    [row] = tried("versions", logged_versions=[version()], told_moves=[moved | {"copies": True}])
    assert row["ender"] is None


def test_written_names_and_file_names() -> None:
    rows = tried("written_names", writes=[{**write("a", 0), "key": r"c:\tool.exe", "resolved": True}])
    assert {"tool.exe", "tool"} <= {row["name"] for row in rows}
    moved = [{**T, "key": r"c:\z.exe", "name": "z.exe"}]
    names = tried("file_names", written_names=rows, moved_names=moved)
    assert {row["name"] for row in names} == {row["name"] for row in rows} | {"z.exe"}


# --- moves ---


def test_renaming_commands() -> None:
    commands = ["cmd /c ren a.exe b.exe", "cmd /c reno a.exe", "xcopy a b"]
    rows = tried("renaming_commands", written_names=[T], ProcessStart=[{"id": c, **T, "command_line": c} for c in commands])
    assert ids(rows) == sorted([commands[0], commands[2]])


def test_told_moves_and_moved_names() -> None:
    """A command that names a written file, then one that names it by the name that it got."""
    commands = [
        {
            "id": "1",
            **T,
            "command_line": r"cmd /c ren C:\a.exe b.exe",
            "image": r"C:\Windows\System32\cmd.exe",
            "names": ["a.exe"],
            **at(1),
        },
        {
            "id": "2",
            **T,
            "command_line": r"cmd /c ren C:\b.exe c.exe",
            "image": r"C:\Windows\System32\cmd.exe",
            "names": ["b.exe"],
            **at(2),
        },
        {
            "id": "3",
            **T,
            "command_line": r"cmd /c ren C:\q.exe r.exe",
            "image": r"C:\Windows\System32\cmd.exe",
            "names": ["q.exe"],
            **at(3),
        },
    ]
    written = [{**T, "key": r"c:\a.exe", "name": "a.exe"}]
    moves = tried("told_moves", renaming_commands=commands, written_names=written)
    assert {(row["event"], row["source"], row["destination"]) for row in moves} == {
        ("1", r"c:\a.exe", r"c:\b.exe"),
        ("2", r"c:\b.exe", r"c:\c.exe"),
    }
    names = tried("moved_names", told_moves=moves, written_names=written)
    assert {row["key"] for row in names} == {r"c:\b.exe", r"c:\c.exe"}


def told(event: str, seconds: float, source: str, destination: str, **more: object) -> dict[str, Any]:
    return {"event": event, "position": 0, **T, "source": source, "destination": destination, **at(seconds), "said": "", **more}


def test_held_moves() -> None:
    """A name stands for the file until something else is put there."""
    rows = tried(
        "held_moves", told_moves=[told("m", 1, "k", "z")], logged_versions=[version()], writes=[write("w", 50, key="z", network=True)]
    )
    assert [(row["event"], row["ended"] is not None) for row in rows] == [("m", False)]
    network = write("w", 50, key="z", network=True, loopback=False)
    [row] = tried("held_moves", told_moves=[told("m", 1, "k", "z")], logged_versions=[version()], writes=[network])
    assert row["ended"].second == 50
    assert tried("held_moves", told_moves=[told("m", 1, "other", "z")], logged_versions=[version()]) == []


def test_moves() -> None:
    """Four steps one after the other are followed, and no fifth."""
    places = ["k", *(f"z{number}" for number in range(1, 7))]
    held = [
        {"event": f"e{number}", "position": 0, **T, "source": source, "destination": destination, **at(number)}
        for number, (source, destination) in enumerate(pairwise(places), 1)
    ]
    rows = tried("moves", held_moves=held, versions=[version()])
    assert sorted((row["destination"], len(row["steps"])) for row in rows) == [("z1", 1), ("z2", 2), ("z3", 3), ("z4", 4)]


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
    assert tried("copies", contents=known, ProcessStart=[start]) == [{"event": "p", "kind": "RAN", "version": "v"}]
    assert tried("copies", contents=known, ProcessStart=[start | {"hashes": "SHA256=00"}]) == []


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
    rows = tried("candidates", file_names=names, ProcessStart=[start("a", 1, 0)], starts=[{"id": "a"}])
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
    """The one client that opened a share near a write that names none; with two, neither."""
    access = {"id": "s", **T, "vantage": "own", "share": r"\\*\C$", "source_address": "10.0.0.5", "account": "bob", **at(99)}
    needs: dict[str, Rows] = {"versions": [version("v", 100)], "links": [{"event": "e", "version": "v"}]}
    [row] = tried("origins", **needs, ShareAccess=[access])
    assert (row["version"], row["event"], row["source"], row["account"], row["loopback"]) == ("v", "s", "10.0.0.5", "bob", False)
    assert tried("origins", **needs, ShareAccess=[access, access | {"id": "t", "source_address": "10.0.0.6"}]) == []
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


def test_told_events() -> None:
    rows = tried("told_events", origins=[{"event": "a"}], callers=[{"event": "b"}], enders=[{"id": "c"}], kept=[{"id": "d"}])
    assert ids(rows) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("kind", sorted(kind.value for kind in every_kind()))
def test_shown(kind: str) -> None:
    """Of a kind that is whole every fact; else what links made of it, or rest on."""
    node = facts()[Kind(kind)].node
    assert node is not None
    source = node.table or kind
    rows: list[dict[str, Any]] = [{"id": "a", **T}, {"id": "b", **T}]
    assert ids(tried_whole(f"shown_{kind}", **{source: rows})) == ["a", "b"]
    reduced: dict[str, Rows] = {source: rows} if node.table else {source: rows, "told_events": [{"id": "b"}]}
    assert ids(tried(f"shown_{kind}", **reduced)) == (["a", "b"] if node.table else ["b"])
