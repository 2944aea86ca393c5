"""Tables of file versions and of moves with a few rows and no hunt: what each keeps, what it leaves out, and why."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.links.trying import SECOND, T, at, ids, tried, version, write

if TYPE_CHECKING:
    pass


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
