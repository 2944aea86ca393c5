"""Lines of record numbers: what windows over all rows say of them, said page by page with each row looked at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from graphcorr.engine.database import Database, connect, schema_of
from graphcorr.findings import numbers, restarts
from graphcorr.findings.numbers import SIDE

Row = tuple[int, int, int]
"""Channel, time, number."""

SEEDS = 24

_MIDDLE = "greatest(least({0}1, {0}2), least(greatest({0}1, {0}2), {0}3))"
_CUT = """
    SELECT * EXCLUDE (previous), count(CASE WHEN number < previous - previous // 2 THEN 1 END) OVER (
        PARTITION BY source ORDER BY place ROWS UNBOUNDED PRECEDING) AS run
    FROM (SELECT *, lag(number) OVER (PARTITION BY source ORDER BY place) AS previous FROM {0})
"""
LINES = f"""
    CREATE TABLE expected AS
    WITH numbered AS (
        SELECT source, epoch_us(time) AS time, record_id AS number, hash(file, member) AS origin, hash(id) AS tie
        FROM events JOIN doubtful USING (host, channel) WHERE record_id IS NOT NULL),
    seen AS (
        SELECT source, time, number, origin, row_number() OVER w AS place,
            lag(number, 1) OVER w AS before1, lag(number, 2) OVER w AS before2, lag(number, 3) OVER w AS before3,
            lead(number, 1) OVER w AS after1, lead(number, 2) OVER w AS after2, lead(number, 3) OVER w AS after3
        FROM numbered WINDOW w AS (PARTITION BY source ORDER BY time, number, tie)),
    placed AS (SELECT *, {_MIDDLE.format("before")} AS before, {_MIDDLE.format("after")} AS after FROM seen),
    judged AS (
        SELECT *, count(*) OVER (PARTITION BY source) AS total, coalesce(before <= after, TRUE)
            AND (coalesce(number < before, FALSE) OR coalesce(number > after, FALSE)) AS absurd
        FROM placed),
    kept AS (SELECT source, time, number, origin, place, total FROM judged WHERE NOT absurd),
    cut AS ({_CUT.format("kept")}),
    long AS (SELECT * EXCLUDE (run) FROM cut QUALIFY count(*) OVER (PARTITION BY source, run) >= {SIDE})
    SELECT * EXCLUDE (total) FROM ({_CUT.format("long")}) QUALIFY count(*) OVER (PARTITION BY source) >= total * 0.98
"""
"""Right, and slower with every row: the 1.6th power of them."""
RESTARTS = f"""
    WITH ordered AS (
        SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY source, run ORDER BY time, number) AS place,
            row_number() OVER (PARTITION BY source, run ORDER BY time DESC, number DESC) AS place_from_end
        FROM expected),
    runs AS (
        SELECT source, run, count(*) AS kept, min(number) AS low, max(number) AS high, min(time) AS first, max(time) AS last,
            max(number) FILTER (place <= {SIDE}) AS first_high, min(number) FILTER (place_from_end <= {SIDE}) AS last_low,
            min_by(origin, place) AS first_origin, min_by(origin, place_from_end) AS last_origin,
            min_by(number, place_from_end) AS last_number
        FROM ordered GROUP BY source, run)
    SELECT source, d.host, d.channel, before.last, now.first, before.last_number, now.low,
        now.high < before.high AND now.first_high < before.last_low AND now.first_origin = before.last_origin
            AND now.low::HUGEINT * now.kept < 50 * greatest(now.high::HUGEINT - now.low, 1) AS certain,
        EXISTS (SELECT 1 FROM events c WHERE c.log IN ('security-1102', 'system-104') AND c.host = d.host
            AND lower(coalesce(c.action, c.channel)) = d.channel AND epoch_us(c.time) BETWEEN before.last AND now.first) AS cleared
    FROM runs now JOIN runs before USING (source) JOIN doubtful d USING (source) WHERE before.run = now.run - 1
    ORDER BY d.host, d.channel, now.first
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = connect(tmp_path)
    yield database
    database.close()


def make_up(rng: random.Random) -> list[Row]:
    """A few channels: lines with absurd records, numbers that begin again, two logs in one, copies, negative numbers."""
    rows: list[Row] = []
    for channel in range(rng.randint(1, 4)):
        time, number = rng.randrange(1_000), rng.choice((-5, 0, 500, 100_000))
        absurd, again = rng.choice((0.0, 0.005, 0.05)), rng.choice((0.0, 0.01, 0.04))
        for _ in range(rng.choice((0, 1, 2, 3, 4, 19, 20, 21, 60, 150, 400))):
            time += rng.choice((0, 1, 1, 2, 50))
            number += rng.choice((0, 1, 1, 1, 3, 20))
            rows.append((channel, time, number))
            if rng.random() < absurd:
                rows.append((channel, time + rng.choice((0, 0, 5_000, -5_000)), rng.choice((0, 7, 10**12, 2**62, -1, number))))
            if rng.random() < again:
                number = rng.choice((1, 3, number // 2, number // 3, number))
        if rng.random() < 0.2:
            rows += [(channel, time + step // 2, step) for step in range(rng.randrange(60))]
    rng.shuffle(rows)
    return rows


def fill(database: Database, rows: list[Row]) -> None:
    """The tables that lines are made from. Equal records lie in one file, so that nothing depends on their order."""
    events = [
        {
            "id": str(place),
            "host": "h",
            "channel": f"c{channel}",
            "time": time,
            "record_id": number,
            "file": f"f{time // 700 if channel % 2 else 0}",
        }
        for place, (channel, time, number) in enumerate(rows)
    ]
    texts = {name: pa.string() for name in ("id", "host", "channel", "file", "member", "log", "action")}
    schema = schema_of(**texts, time=pa.timestamp("us"), record_id=pa.int64())
    database.register("made_up", pa.Table.from_pylist(events, schema=schema))
    database.execute("CREATE TABLE events AS SELECT * FROM made_up")
    database.execute("CREATE OR REPLACE TABLE LogCleared AS SELECT host, time, channel AS cleared FROM made_up WHERE FALSE")
    database.execute(
        "CREATE TABLE doubtful AS SELECT host, channel, row_number() OVER (ORDER BY channel) AS source FROM events GROUP BY host, channel"
    )


@pytest.mark.parametrize("seed", range(SEEDS))
def test_lines_are_what_windows_over_all_rows_say(database: Database, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    fill(database, make_up(random.Random(seed)))
    database.execute(LINES)
    theirs = "source, time, number, origin, run, rank() OVER (PARTITION BY source ORDER BY place)"
    expected = database.execute(f"SELECT {theirs} FROM expected ORDER BY ALL").fetchall()
    again = database.execute(RESTARTS).fetchall()
    ours = (
        "source, time, number, origin, run - min(run) OVER (PARTITION BY source) AS run, rank() OVER (PARTITION BY source ORDER BY place)"
    )
    for page, part, span in ((3, 7, 1), (7, 50, 1), (7, 7, 50), (64, 10, 1), (100_000, 500_000, 1_000_000)):
        monkeypatch.setattr(restarts, "_PAGE", page)
        monkeypatch.setattr(restarts, "_SORTED", part)
        monkeypatch.setattr(restarts, "_SPAN", span)
        restarts.load_lines(database)
        assert database.execute(f"SELECT {ours} FROM lines ORDER BY ALL").fetchall() == expected, page
        assert database.execute(restarts._RESTARTS).fetchall() == again, page
        database.execute("DROP TABLE lines")


def test_the_made_up_ones_are_of_every_kind(database: Database) -> None:
    """Else the comparison would hold whatever is compared."""
    kinds = set()
    for seed in range(SEEDS):
        database.execute("DROP TABLE IF EXISTS events; DROP TABLE IF EXISTS doubtful; DROP TABLE IF EXISTS expected")
        rows = make_up(random.Random(seed))
        fill(database, rows)
        database.execute(LINES)
        [(kept, runs)] = database.execute("SELECT count(*), count(DISTINCT (source, run)) FROM expected").fetchall()
        certain = {bool(row[-2]) for row in database.execute(RESTARTS).fetchall()}
        kinds |= {("kept", 0 < kept < len(rows)), ("runs", runs > 1)} | {("certain", one) for one in certain}
    assert kinds == {(name, each) for name in ("kept", "runs", "certain") for each in (True, False)}


def test_each_row_is_looked_at_once_however_many_there_are(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for its neighbors, once for its run, once for its number; a page more takes a few rows of the one before, no more."""
    looked: list[int] = []
    for name in ("_in_line", "_begins"):
        look = getattr(numbers, name)

        def count(table: pa.Table, *rest: object, look: object = look) -> object:
            looked.append(table.num_rows)
            return look(table, *rest)  # type: ignore[operator]

        monkeypatch.setattr(numbers, name, count)
    monkeypatch.setattr(restarts, "_PAGE", 500)
    rows = [(channel, 10 * step, 5 * step) for channel in range(3) for step in range(4_000)]
    fill(database, rows)
    restarts.load_lines(database)
    pages = len(rows) // restarts._PAGE
    assert database.execute("SELECT count(*) FROM lines").fetchall() == [(len(rows),)]
    assert 3 * len(rows) <= sum(looked) <= 3 * len(rows) + pages * (2 * numbers._NEAR + SIDE)
