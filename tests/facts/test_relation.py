"""Facts from testimonies: everything binds, one scan says what a branch for each testimony would, and hosts are where things happened."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from graphcorr.engine.plan import check, try_table
from graphcorr.engine.tables import Table
from graphcorr.facts.base import COMMON, ENDS
from graphcorr.facts.catalog import facts
from graphcorr.facts.relation import fact_tables
from graphcorr.graph.project import declared, every_kind
from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.model.kinds import Kind
from graphcorr.resolve.addresses import Addresses
from graphcorr.resolve.hosts import HostNames
from graphcorr.resolve.identity import Identity
from graphcorr.resolve.shares import Shares

NOBODY = Identity(HostNames([]), Shares({}), Addresses({}), [])
TABLES = declared(())


def told(kind: Kind, event: dict[str, object], **others: list[dict[str, object]]) -> list[dict[str, object]]:
    """The facts of a kind that one event tells."""
    return try_table(TABLES[kind.value], TABLES, {"events": [event], **others}, NOBODY)


@pytest.mark.parametrize("whole", [frozenset(), every_kind()], ids=["reduced", "whole"])
def test_every_table_binds_on_empty_tables_of_its_needs(whole: frozenset[Kind]) -> None:
    assert check(declared(whole), NOBODY) == []


@pytest.mark.parametrize("log", log_types())
def test_every_fact_binds_with_one_log_alone(log: str) -> None:
    """What no log of a case tells of is empty, and not missing. What is made of facts reads their declared columns, whatever the log."""
    told = {table.name for table in fact_tables({log}) if not table.is_empty}
    tables = {name: table if name in told else replace(table, made="") for name, table in declared((), {log}).items()}
    assert {kind.value for kind in log_types()[log].kinds} <= told | {Kind.NAME}
    assert check(tables, NOBODY) == []


def test_every_fact_binds_without_any_log() -> None:
    assert check(declared((), ()), NOBODY) == []


def test_every_kind_that_is_testified_to_is_a_fact_or_a_name() -> None:
    testified = {testimony.kind for log_type in log_types().values() for testimony in log_type.testifies}
    assert testified - set(facts()) == {Kind.NAME}
    assert set(facts()) <= testified


def test_what_a_testimony_fills_is_a_column_of_its_fact() -> None:
    wrong = [
        (name, testimony.kind, column)
        for name, log_type in log_types().items()
        for testimony in log_type.testifies
        if testimony.kind in facts()
        for column in testimony.columns
        if column not in facts()[testimony.kind].columns
    ]
    assert wrong == []


def test_a_column_of_a_fact_is_filled_by_somebody() -> None:
    """One that no testimony fills and no event has would be empty for ever, without a word: it is misspelled."""
    filled = {(one.kind, column) for log_type in log_types().values() for one in log_type.testifies for column in one.columns}
    empty = [(kind, column) for kind, fact in facts().items() for column in fact.columns if column not in EVENT_COLUMNS]
    assert set(empty) <= filled


def test_nodes_have_ends_that_edges_are_declared_for() -> None:
    assert {end for fact in facts().values() if fact.node is not None for end in fact.node.ends} == set(ENDS)
    assert all(fact.columns.keys().isdisjoint(COMMON) for fact in facts().values())


def test_a_record_of_the_machine_itself_happened_there() -> None:
    [fact] = told(Kind.PROCESS_START, {"id": "e", "log": "sysmon-1", "host": "t.corp", "image": "x.exe", "user": "bob", "logon_id": "0x7"})
    assert (fact["host"], fact["vantage"], fact["strength"], fact["prefer"]) == ("t.corp", "own", "stated", 0)
    assert (fact["account"], fact["session"], fact["image"]) == ("bob", "0x7", "x.exe")


def test_a_monitors_record_happened_where_the_address_was_then() -> None:
    event: dict[str, object] = {"id": "e", "log": "zeek-conn", "target_address": "10.0.0.9", "time": 1_000_000}
    span = {"address": "10.0.0.9", "since": 0, "until": 2_000_000, "host": "t.corp", "own": False}
    [fact] = told(Kind.CONNECTION, event, owners=[span])
    assert (fact["host"], fact["vantage"]) == ("t.corp", "sensor")
    [fact] = told(Kind.CONNECTION, event, owners=[{**span, "until": 1_000_000}])
    assert fact["host"] == "10.0.0.9"


def test_a_logon_that_a_client_tells_of_happened_on_the_server() -> None:
    event: dict[str, object] = {"id": "e", "log": "security-4648", "host": "ws.corp", "target_host": "srv", "logon_id": "0x5"}
    event |= {"target_user": "bob", "source_address": "10.0.0.1"}
    [fact] = told(Kind.LOGON, event, named_hosts=[{"name": "srv", "host": "srv.corp", "loopback": False}])
    assert (fact["host"], fact["client"], fact["vantage"], fact["strength"]) == ("srv.corp", "ws.corp", "client", "asked")
    assert (fact["client_session"], fact["session"], fact["source_address"]) == ("0x5", None, None)
    [fact] = told(Kind.LOGON, event, named_hosts=[{"name": "srv", "host": None, "loopback": True}])
    assert fact["host"] == "ws.corp"


def test_a_record_may_tell_of_several_kinds() -> None:
    event: dict[str, object] = {"id": "e", "log": "security-5145", "host": "t", "share": r"\\*\C$", "relative_path": "x", "access_mask": 2}
    assert [len(told(kind, event)) for kind in (Kind.WRITE, Kind.SHARE_ACCESS, Kind.PIPE_OPEN)] == [1, 1, 0]
    assert [len(told(kind, {**event, "access_mask": 1})) for kind in (Kind.WRITE, Kind.SHARE_ACCESS, Kind.PIPE_OPEN)] == [0, 1, 0]


def test_the_kernels_own_file_is_the_weakest_write_and_has_the_best_time() -> None:
    event: dict[str, object] = {"id": "e", "log": "sysmon-11", "host": "t", "path": r"C:\x.exe", "image": "System"}
    [fact] = told(Kind.WRITE, event)
    assert (fact["strength"], fact["prefer"], told(Kind.FILE_CREATE, event)) == ("implied", 0, [])
    [fact] = told(Kind.FILE_CREATE, {**event, "image": r"C:\Windows\explorer.exe"})
    assert fact["strength"] == "stated"


def test_one_scan_says_what_a_branch_for_each_testimony_would() -> None:
    """Rows of logs that tell of a kind with the columns that conditions look at, each value of them: the same facts by both ways."""
    combined = [
        {"pipe": pipe, "share": share, "relative_path": path, "access_mask": mask, "action": action, "image": image, "path": file}
        for pipe in (None, "svcctl")
        for share in (None, r"\\*\C$", r"\\*\IPC$")
        for path in (None, "x.exe")
        for mask in (None, 1, 2)
        for action in (None, "SMB::FILE_OPEN", "SMB::FILE_WRITE", "SMB::FILE_RENAME", "SMB::FILE_DELETE")
        for image in (None, "System", "x.exe")
        for file in (None, r"C:\x")
    ]
    for kind in facts():
        rows: list[dict[str, object]] = [
            {"id": f"{log}{number}", "log": log, "host": "t", **values}
            for log, log_type in log_types().items()
            for number, values in enumerate(combined if kind in log_type.kinds else combined[:1])
        ]
        relation = try_table(TABLES[kind.value], TABLES, {"events": rows}, NOBODY)
        found = sorted((row["id"], row["strength"], row["prefer"], row["vantage"]) for row in relation)
        assert found == sorted(_by_branches(kind, rows)), kind


def _by_branches(kind: Kind, rows: list[dict[str, object]]) -> list[tuple[str, str, int, str]]:
    told_by = [(name, log, one) for name, log in log_types().items() for one in log.testifies if one.kind is kind]
    if not told_by:
        return []
    queries = [
        f"SELECT id, '{one.strength}', {one.prefer}, '{one.vantage or log.vantage}' FROM events WHERE log = '{name}' AND ({one.when})"
        for name, log, one in told_by
    ]
    table = Table("t", "", {"id": "VARCHAR", "a": "VARCHAR", "b": "INTEGER", "c": "VARCHAR"}, ("events",), " UNION ALL ".join(queries))
    return [tuple(row.values()) for row in try_table(table, {**TABLES, "t": table}, {"events": rows})]


def test_of_logs_that_a_case_has_not_nothing_is_asked() -> None:
    tables = {table.name: table for table in fact_tables({"sysmon-1"})}
    assert tables["Logon"].needs == ()
    assert "security-4688" not in str(tables["ProcessStart"].made)


def test_a_wrong_column_is_refused_before_any_query_runs() -> None:
    """What ``patterns check`` and the tests rely on."""
    table = Table("t", "", {"id": "VARCHAR"}, ("events",), "SELECT id FROM events WHERE no_such_column = 1")
    [problem] = check({**TABLES, "t": table}, NOBODY)
    assert "no_such_column" in problem
    assert duckdb.__version__
