"""Tables of habits, with a few rows and no hunt: what is one thing, which days count, and what is new or rare beside the history."""

from __future__ import annotations

from typing import Any

import pytest

from graphcorr.links.habits import DAYS, EXAMPLES
from graphcorr.links.novelties import MANY, WEEK
from tests.links.trying import SECOND, T, at, ids, tried

DAY = 86_400
UNTIL = 10 * DAY
BASELINE = [{"until": UNTIL * SECOND}]
WS, OWN = "10.0.0.5", "10.0.0.9"


def owners() -> list[dict[str, Any]]:
    span = {"since": 0, "until": 100 * DAY * SECOND}
    return [{"address": OWN, "host": "t", **span}, {"address": WS, "host": "ws", **span}]


def connection(id_: str = "c", *, seconds: float = 1, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "own", "image": r"C:\app.exe", "target_address": "10.0.0.1", **at(seconds)}
    return {**row, **more}


def logon(id_: str = "l", *, seconds: float = 1, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "vantage": "own", "logon_type": 3, "account": "Alice", "account_domain": "CORP", **at(seconds), **more}


def write(id_: str = "w", *, seconds: float = 1, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "source": WS, "share": "Data", "name": "a.docx", "loopback": False, "log": "security-5145", **at(seconds)}
    return {**row, **more}


def things(**rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((row["thing"], row["what"]) for row in tried("habit_records", baseline=BASELINE, owners=owners(), **rows))


# --- records ---


@pytest.mark.parametrize(
    ("image", "what"),
    [
        (r"C:\Program Files\App\app.exe", r"\program files\app\app.exe"),
        (r"\Device\HarddiskVolume2\Program Files\App\APP.exe", r"\program files\app\app.exe"),
        (r"D:\App\app.exe", r"\app\app.exe"),
        (r"\\?\C:\App\app.exe", r"\app\app.exe"),
        (r"C:\Users\alice\app.exe", r"\users\*\app.exe"),
        (r"C:\data\users\alice\app.exe", r"\data\users\alice\app.exe"),
        (r"C:\App\1.2.345\app.exe", r"\app\*\app.exe"),
        (r"C:\App\4.18.2211.5-0\app.exe", r"\app\*\app.exe"),
        (r"C:\App\app7.exe", r"\app\app7.exe"),
        ("System", "system"),
    ],
)
def test_a_program_is_one_whatever_drive_user_and_version(image: str, what: str) -> None:
    assert things(Connection=[connection(image=image)]) == [("program", what)]


@pytest.mark.parametrize(
    "more",
    [
        {"image": None}, {"image": "<unknown process>"}, {"host": None}, {"vantage": "sensor"}, {"target_address": "127.0.0.1"},
        {"target_address": "::1"},
    ],
)  # fmt: skip
def test_no_program_with_connections(more: dict[str, Any]) -> None:
    assert things(Connection=[connection(**more)]) == []


@pytest.mark.parametrize(
    ("account", "domain", "what"),
    [
        ("Alice", "CORP", r"corp\alice"),
        ("ALICE", "corp.example", r"corp\alice"),
        ("alice@corp.example", "CORP.EXAMPLE", r"corp\alice"),
        ("alice@corp.example", None, r"corp\alice"),
        ("alice", None, "alice"),
    ],
)
def test_an_account_is_one_however_its_domain_is_written(account: str, domain: str | None, what: str) -> None:
    assert things(Logon=[logon(account=account, account_domain=domain)]) == [("account", what)]


@pytest.mark.parametrize(
    "more",
    [
        {"account": "WS$"}, {"account": "SYSTEM"}, {"account": "Local Service"}, {"account": "network service"}, {"account": "DWM-12"},
        {"account": "UMFD-0"}, {"account": "ANONYMOUS LOGON"}, {"account": None}, {"logon_type": 9}, {"logon_type": 0},
        {"vantage": "client"}, {"host": None},
    ],
)  # fmt: skip
def test_no_account_that_logs_on(more: dict[str, Any]) -> None:
    assert things(Logon=[logon(**more)]) == []


@pytest.mark.parametrize("kind", [None, 2, 4, 5, 7, 10, 11])
def test_every_other_way_to_log_on_counts(kind: int | None) -> None:
    assert things(Logon=[logon(logon_type=kind)]) == [("account", r"corp\alice")]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, [("client", "ws"), ("file type", "data|docx")]),
        ({"source": "10.0.0.77"}, [("client", "10.0.0.77"), ("file type", "data|docx")]),
        ({"source": None}, [("file type", "data|docx")]),
        ({"source": OWN}, [("file type", "data|docx")]),
        ({"loopback": True}, []),
        ({"share": None}, [("client", "ws")]),
        ({"name": "A.TAR.GZ"}, [("client", "ws"), ("file type", "data|gz")]),
        ({"name": "svc"}, [("client", "ws"), ("file type", "data|-")]),
        ({"name": "svc.sixteen_letters__"}, [("client", "ws"), ("file type", "data|-")]),
    ],
)
def test_who_writes_and_what_comes(more: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert things(writes=[write(**more)]) == found


# --- days ---


def habit(days: list[float], **more: object) -> dict[str, Any]:
    """The one thing of which there are records ``days`` after the beginning."""
    rows = [
        {"id": f"r{n}", "thing": "account", "kind": "Logon", **T, "what": "a", "spelled": "A", **at(day * DAY), **more}
        for n, day in enumerate(days)
    ]
    (row,) = tried("habits", habit_records=rows, baseline=BASELINE)
    return row


def test_days_are_counted_from_the_moment() -> None:
    """The moment itself is the last of the history."""
    assert habit([9.01, 9.99, 10])["days"] == 1
    assert habit([8.99, 9.01])["days"] == 2
    assert (habit([10])["count"], habit([10.0001])["days"], habit([10.0001])["count"]) == (0, 0, 1)


def test_first_records_after_the_moment_are_kept() -> None:
    found = habit([12, 3, 10.5, 10.2, 14, 11])
    assert (found["days"], found["count"], found["examples"]) == (1, 5, ["r3", "r2", "r5"])
    assert (found["first"].day, found["last"].day) == (11, 15)  # the first day is that of 1970-01-01
    assert len(found["examples"]) == EXAMPLES == 3


def histories(**rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, bool]]:
    found = tried("histories", baseline=BASELINE, owners=owners(), **rows)
    return {(row["thing"], row["host"]): (row["days"], row["enough"]) for row in found}


def covered(seconds: float, host: str | None = "t", *, log: str = "security-5145", vantage: str = "own") -> dict[str, Any]:
    return {"id": f"p{seconds}", "log": log, "host": host, "vantage": vantage, **at(seconds)}


@pytest.mark.parametrize(
    ("days", "told", "enough"), [([9.5], 1, False), ([8.5, 9.5], DAYS, True), ([9.5, 9.6], 1, False), ([10.5, 11.5], 0, False)]
)
def test_a_history_has_two_days(days: list[float], told: int, *, enough: bool) -> None:
    rows = [connection(f"c{day}", seconds=day * DAY) for day in days]
    assert histories(Connection=rows) == {("program", "t"): (told, enough)}
    logons = [covered(day * DAY, log="security-4624") for day in days]
    assert histories(LogonCovered=logons) == {("account", "t"): (told, enough)}


def test_connections_without_programs_are_no_history() -> None:
    assert histories(Connection=[connection(f"c{day}", seconds=day * DAY, image=None) for day in (7, 8, 9)]) == {}


def test_what_proves_writes_is_a_history_of_what_its_log_names() -> None:
    proofs = [covered(day * DAY) for day in (7, 8, 9)]
    assert histories(WriteCovered=proofs) == {}
    assert histories(WriteCovered=proofs, writes=[write()]) == {("client", "t"): (3, True), ("file type", "t"): (3, True)}
    assert histories(WriteCovered=proofs, writes=[write(source=None)]) == {("file type", "t"): (3, True)}
    assert histories(WriteCovered=proofs, writes=[write(share=None)]) == {("client", "t"): (3, True)}
    assert histories(WriteCovered=proofs, writes=[write(log="sysmon-11")]) == {}


@pytest.mark.parametrize(("kind", "day", "seen"), [("Connection", 1, True), ("ShareAccess", 1, True), ("Connection", 11, False)])
def test_a_monitor_is_a_history_of_every_machine_that_it_told_of_before(kind: str, day: int, *, seen: bool) -> None:
    proofs = [covered(each * DAY, None, log="zeek-smb-files", vantage="sensor") for each in (7, 8, 9)]
    met = {"id": "m", "vantage": "sensor", "host": "other", "source_address": WS, **at(day * DAY)}
    found = histories(WriteCovered=proofs, writes=[write(log="zeek-smb-files", share=None)], **{kind: [met]})
    assert found == ({("client", "other"): (3, True), ("client", "ws"): (3, True)} if seen else {})


# --- new and rare ---


def known(**more: object) -> dict[str, Any]:
    return {"thing": "account", "kind": "Logon", "host": "t", "what": "a", "days": 0, "count": 1, "pair": "p", **more}


@pytest.mark.parametrize(
    ("days", "of_days", "count", "seen"),
    [
        (0, 2, 1, "first"), (0, 2, 0, None), (1, WEEK - 1, 1, None), (1, WEEK, 1, "rare"), (2, WEEK, 1, None), (2, 2 * WEEK, 1, "rare"),
        (1, WEEK, 0, None),
    ],
)  # fmt: skip
def test_first_and_rare(days: int, of_days: int, count: int, seen: str | None) -> None:
    history = {"thing": "account", "host": "t", "days": of_days, "enough": True}
    (row,) = tried("known_habits", habits=[known(days=days, count=count)], histories=[history])
    assert (row["seen"], row["of_days"], WEEK) == (seen, of_days, 7)
    assert tried("known_habits", habits=[known(days=days, count=count)], histories=[history | {"enough": False}]) == []


def test_elsewhere_are_other_machines_with_a_history() -> None:
    habits = [known(host=host, days=days) for host, days in (("t", 0), ("u", 3), ("v", 1), ("w", 5))]
    spans = [{"thing": "account", "host": host, "days": 5, "enough": host != "w"} for host in "tuvw"]
    found = {row["host"]: row["elsewhere"] for row in tried("known_habits", habits=habits, histories=spans)}
    assert found == {"t": 2, "u": 1, "v": 1}


def test_how_much_was_looked_at() -> None:
    habits = [
        known(pair=str(n), days=days, count=count, seen=seen)
        for n, (days, count, seen) in enumerate([(0, 2, "first"), (1, 1, "rare"), (1, 0, None), (4, 1, None)])
    ]
    spans = [{"thing": "account", "host": "t", "days": 8, "enough": True}, {"thing": "account", "host": "u", "days": 1, "enough": False}]
    assert tried("habit_counts", known_habits=habits, histories=spans) == [
        {"thing": "account", "hosts": 1, "longest": 8, "once": 2, "days_before": 6, "since": 3, "new": 1, "rare": 1}
    ]


COUNTS = {"thing": "account", "hosts": 4, "longest": 8, "once": 2, "days_before": 6, "since": 3, "new": 1, "rare": 1}


def novel(*habits: dict[str, Any]) -> list[dict[str, Any]]:
    return tried("novel_habits", known_habits=habits, habit_counts=[{**COUNTS, "thing": habits[0]["thing"]}])


@pytest.mark.parametrize(
    ("thing", "spelled", "way"),
    [
        ("program", r"C:\a.exe", r"connections of C:\a.exe"),
        ("account", r"CORP\a", "logon"),
        ("client", None, "files written over SMB"),
        ("file type", "ADMIN$|exe", ".exe files written to ADMIN$"),
        ("file type", "Data|-", "files without a type written to Data"),
    ],
)
def test_in_words(thing: str, spelled: str | None, way: str) -> None:
    (row,) = novel(known(thing=thing, spelled=spelled, seen="first", of_days=8, elsewhere=0))
    assert row["way"] == way
    assert novel(known(seen=None)) == []


@pytest.mark.parametrize(
    ("more", "compared", "among"),
    [
        ({}, ", nor on any other of the 4 with a history", "; 1 of the 3 seen since are new, 1.0 expected"),
        ({"elsewhere": 2}, ", but on 2 other of the 4 with a history", "; 1 of the 3 seen since are new, 1.0 expected"),
        ({"seen": "rare"}, ", nor on any other of the 4 with a history", "; 1 of the 3 seen since are so rare"),
    ],
)
def test_the_history_in_words(more: dict[str, Any], compared: str, among: str) -> None:
    (row,) = novel(known(**{"seen": "first", "of_days": 8, "elsewhere": 0, **more}))
    assert (row["compared"], row["among"]) == (compared, among)


@pytest.mark.parametrize("more", [0, 1])
def test_many_new_things_are_one(more: int) -> None:
    here = [known(pair=f"p{n}", what=f"a{n}", seen="first") for n in range(MANY + more)]
    everywhere = [known(pair=f"p{n}", host=f"h{n}", seen="first") for n in range(MANY + more)]
    for habits, folded in ((here, "what"), (everywhere, "host")):
        rows = novel(*habits)
        assert ({row["folded"] for row in rows}, MANY) == ({folded} if more else {None}, 20)
        assert len({row["novelty"] for row in rows}) == (1 if more else MANY)


def one(**more: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pair": "p",
        "novelty": "p",
        "kind": "Logon",
        "thing": "account",
        "seen": "first",
        "host": "t",
        "source": None,
        "account": "a",
    }
    row |= {"way": "logon", "days": 0, "of_days": 8, "count": 2, "compared": ", nor", "among": "; 1", "examples": ["x"]}
    return {**row, "first": 5 * SECOND, "last": 6 * SECOND, **more}


def test_a_novelty_alone() -> None:
    (row,) = tried("novelties", novel_habits=[one()])
    assert (row["id"], row["host"], row["account"], row["way"], row["machines"], row["count"]) == ("p", "t", "a", "logon", None, 2)
    assert (row["history"], row["examples"]) == ("not seen here in the 8 days before, nor; 1", ["x"])
    (row,) = tried("novelties", novel_habits=[one(seen="rare", days=1)])
    assert row["history"] == "seen here on 1 of the 8 days before, nor; 1"


@pytest.mark.parametrize(
    ("folded", "thing", "way", "machines"),
    [
        ("host", "account", "logon", 2),
        ("what", "account", "logons of 2 accounts", None),
        ("what", "program", "connections of 2 programs", None),
        ("what", "client", "files written over SMB", 2),
        ("what", "file type", "files of 2 types and shares", None),
    ],
)
def test_many_as_one(folded: str, thing: str, way: str, machines: int | None) -> None:
    rows = [
        one(folded=folded, thing=thing, source=WS, of_days=3, first=7 * SECOND, examples=["c", "d"]),
        one(folded=folded, thing=thing, source=WS, examples=["a", "b"]),
    ]
    (row,) = tried("novelties", novel_habits=rows)
    assert (row["way"], row["machines"], row["count"]) == (way, machines, 4)
    assert (row["host"], row["account"], row["source"]) == (("t", None, None) if folded == "what" else (None, "a", WS))
    assert (row["history"], row["examples"]) == ("not seen here in the 3 to 8 days before; 1", ["a", "b", "c"])


def test_nothing_without_a_moment() -> None:
    assert ids(tried("novelties", novel_habits=[])) == []
