"""Declared tables: the order follows from the needs, a read that is not declared cannot pass, and nothing is kept that nobody needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from graphcorr.engine.plan import Made, check, collect, make, order, try_table
from graphcorr.engine.tables import INTEGER, TEXT, Loop, Mapped, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.engine.database import Database

NUMBER = {"n": INTEGER}


def double(row: Mapping[str, int], identity: object) -> Iterator[dict[str, object]]:
    yield {"n": row["n"] * 2}


def fill(database: Database, identity: object) -> None:
    database.execute("CREATE TABLE looped AS SELECT n + 1 AS n FROM doubled")


TABLES = collect(
    (
        Table("seen", "a view", NUMBER, ("events",), "SELECT n FROM events WHERE n > 1", lazy=True),
        Table("doubled", "by Python", NUMBER, ("seen",), Mapped("SELECT n FROM seen", double)),
        Table("looped", "in steps", NUMBER, ("doubled",), Loop(fill)),
        Table("late", "twice", NUMBER, ("looped", "doubled"), "SELECT n FROM looped UNION ALL SELECT n FROM doubled"),
        Table("events", "given", NUMBER, (), ""),
    )
)


@pytest.fixture
def database() -> Iterator[Database]:
    opened = duckdb.connect(":memory:")
    opened.execute("CREATE TABLE events AS SELECT unnest([1, 2, 3])::BIGINT AS n")
    yield opened
    opened.close()


def made(database: Database, wanted: set[str]) -> list[Made]:
    return make(database, TABLES, wanted, {"events"}, None)


def test_the_order_follows_from_the_needs_and_not_from_the_declarations() -> None:
    assert order(TABLES, {"late"}) == ["events", "seen", "doubled", "looped", "late"]
    assert order(TABLES, {"doubled"}) == ["events", "seen", "doubled"]


def test_what_is_wanted_is_made_and_the_rest_is_gone(database: Database) -> None:
    steps = made(database, {"late"})
    assert [(step.name, step.rows) for step in steps] == [("seen", None), ("doubled", 2), ("looped", 2), ("late", 4)]
    assert sorted(database.execute("SELECT n FROM late").fetchall()) == [(4,), (5,), (6,), (7,)]
    left = database.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
    assert left == [("events",), ("late",)]


def test_a_view_keeps_what_it_stands_on(database: Database) -> None:
    tables = collect((*TABLES.values(), Table("shown", "a view of a table", NUMBER, ("doubled",), "SELECT n FROM doubled", lazy=True)))
    make(database, tables, {"shown"}, {"events"}, None)
    assert database.execute("SELECT count(*) FROM shown").fetchall() == [(2,)]


def test_nothing_is_asked_of_what_has_no_rows(database: Database) -> None:
    tables = collect(
        (
            *TABLES.values(),
            Table("none", "nothing", NUMBER, ("events",), "SELECT n FROM events WHERE n > 9"),
            Table("broken", "would fail", NUMBER, ("none",), "SELECT error('asked')::BIGINT AS n FROM none", empty_without=("none",)),
        )
    )
    steps = make(database, tables, {"broken"}, {"events"}, None)
    assert [(step.name, step.rows) for step in steps] == [("none", 0), ("broken", 0)]


@pytest.mark.parametrize(("spared", "there"), [((), {"broken", "events", "half"}), (("broken", "half"), {"events", "half"})])
def test_what_is_made_of_nothing_is_empty_and_is_not_asked_for(database: Database, spared: tuple[str, ...], there: set[str]) -> None:
    tables = collect(
        (
            Table("events", "given", NUMBER, (), ""),
            Table("silent", "no log tells of it", NUMBER, (), "SELECT error('asked')::BIGINT AS n", lazy=True, is_empty=True),
            Table("none", "a view of it", NUMBER, ("silent",), "SELECT error('asked')::BIGINT AS n FROM silent", lazy=True),
            Table("broken", "would fail", NUMBER, ("none", "silent"), "SELECT error('asked')::BIGINT AS n FROM none"),
            Table("half", "of two", NUMBER, ("none", "events"), "SELECT n FROM none UNION ALL SELECT n FROM events"),
        )
    )
    steps = make(database, tables, {"broken", "half"}, {"events"}, None, spared=spared)
    assert {step.name: step.rows for step in steps} == {"silent": 0, "none": 0, "broken": 0, "half": 3}
    # The empty ones that something was made of went with it, and what is wanted is there.
    assert {name for (name,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall()} == there


def test_a_table_is_tried_with_a_few_rows() -> None:
    assert try_table(TABLES["late"], TABLES, {"looped": [{"n": 1}]}) == [{"n": 1}]
    with pytest.raises(ValueError, match="late does not need seen"):
        try_table(TABLES["late"], TABLES, {"seen": [{"n": 1}]})
    with pytest.raises(ValueError, match="looped has no column m"):
        try_table(TABLES["late"], TABLES, {"looped": [{"m": 1}]})


def test_declarations_that_hold_have_nothing_wrong() -> None:
    assert check(TABLES, None) == []


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        (Table("t", "", NUMBER, ("seen",), "SELECT n FROM doubled"), "Table with name doubled does not exist"),
        (Table("t", "", NUMBER, ("seen",), "SELECT m FROM seen"), 'Referenced column "m" not found'),
        (Table("t", "", NUMBER, ("seen",), "SELECT n, 1 AS m FROM seen"), "t.m: promised None, made INTEGER"),
        (Table("t", "", NUMBER, ("seen",), "SELECT count(*) AS n FROM seen"), "t: has rows where what it needs has none"),
        (Table("t", "", {"n": TEXT}, ("seen",), "SELECT n FROM seen"), "t.n: promised VARCHAR, made BIGINT"),
        (Table("t", "", NUMBER, ("seen",), Mapped("SELECT m FROM seen", double)), 'Referenced column "m" not found'),
        (Table("t", "", NUMBER, ("seen",), Loop(fill)), "Table with name doubled does not exist"),
    ],
)
def test_what_reads_or_makes_anything_undeclared_cannot_pass(table: Table, wrong: str) -> None:
    [problem] = check(collect((*TABLES.values(), table)), None)
    assert wrong in problem


def test_declarations_that_cannot_be_ordered_are_refused() -> None:
    with pytest.raises(ValueError, match="the table t is declared twice"):
        collect([Table("t", "", NUMBER, (), "SELECT 1")] * 2)
    with pytest.raises(ValueError, match="t needs u, which no table is named"):
        collect([Table("t", "", NUMBER, ("u",), "SELECT 1")])
    with pytest.raises(ValueError, match="t is empty without u, which it does not need"):
        collect([Table("t", "", NUMBER, (), "SELECT 1", empty_without=("u",)), Table("u", "", NUMBER, (), "SELECT 1")])
    circle = collect([Table("t", "", NUMBER, ("u",), "SELECT 1"), Table("u", "", NUMBER, ("t",), "SELECT 1")])
    with pytest.raises(ValueError, match="need each other"):
        order(circle, {"t"})
