"""Tables of resolving and of writes with a few rows and no hunt: what each keeps, what it leaves out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.links.trying import SECOND, T, at, ids, tried

if TYPE_CHECKING:
    pass


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


def test_audited_writes() -> None:
    """Between the first and the last record of the audit on the same machine; signs of a write that is only concluded are none of one."""
    audit = [{"strength": "asked", **T, **at(second)} for second in (0, 1000)]
    lone = [{"id": id_, **T, **at(second)} for id_, second in (("a", 500), ("b", 1000), ("c", 1001))]
    assert ids(tried("audited_writes", lone_writes=lone, WriteCovered=audit)) == ["a", "b"]
    assert tried("audited_writes", lone_writes=lone[:1], WriteCovered=audit[:1]) == []
    assert tried("audited_writes", lone_writes=lone, WriteCovered=[row | {"strength": "implied"} for row in audit]) == []
    assert tried("audited_writes", lone_writes=lone, WriteCovered=[row | {"host": "other"} for row in audit]) == []


def test_near_clients() -> None:
    """A named file of a share tells of that file alone; anything else may be the client of any write."""
    on = {**T, "vantage": "own", **at(1)}
    rows = tried(
        "near_clients",
        audited_writes=[{"id": "w", **T}],
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
    """Audited, and nobody there in the minute before: it was local."""
    lone = [{"id": "a", **T, **at(500)}]
    assert ids(tried("contradicted", audited_writes=lone)) == ["a"]
    assert tried("contradicted", audited_writes=lone, near_clients=[{**T, "time": 441 * SECOND}]) == []
    assert ids(tried("contradicted", audited_writes=lone, near_clients=[{**T, "time": 430 * SECOND}])) == ["a"]
    assert ids(tried("contradicted", audited_writes=lone, near_clients=[{"host": "other", "time": 441 * SECOND}])) == ["a"]


def test_unaudited() -> None:
    """Files are audited around it, and this one is not among them; a client that may have written keeps it."""
    lone = [{"id": "a", **T, "name": "x.exe", "minute": 10, **at(600)}]
    named = [
        {"id": str(second), **T, "vantage": "own", "strength": "asked", "share": "s", "relative_path": name, **at(second)}
        for second, name in ((300, "a"), (900, "b"))
    ]
    assert ids(tried("unaudited", audited_writes=lone, ShareAccess=named)) == ["a"]
    assert tried("unaudited", audited_writes=lone, ShareAccess=named[:1]) == []
    assert tried("unaudited", audited_writes=lone, ShareAccess=[*named, named[0] | {"relative_path": "X.exe", **at(630)}]) == []
    assert tried("unaudited", audited_writes=lone, ShareAccess=named, near_clients=[{**T, "time": 590 * SECOND, "unnamed": True}]) == []
    assert tried("unaudited", audited_writes=lone, ShareAccess=named, contradicted=[{"id": "a"}]) == []


def test_writes() -> None:
    located = [{"id": id_} for id_ in "abc"]
    assert ids(tried("writes", located_writes=located, contradicted=[{"id": "a"}], unaudited=[{"id": "b"}])) == ["c"]
