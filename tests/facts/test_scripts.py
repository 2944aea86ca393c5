"""What PowerShell ran, and for whom."""

from __future__ import annotations

from graphcorr.engine.plan import try_table
from graphcorr.graph.project import declared
from graphcorr.model.kinds import Kind
from tests.facts.test_relation import NOBODY, told

STARTED: dict[str, object] = {
    "id": "e",
    "log": "powershell-400",
    "host": "t.corp",
    "host_name": "ConsoleHost",
    "command_line": "p.exe -c x",
}


def test_a_script_is_whose_account_ran_it() -> None:
    event: dict[str, object] = {"id": "e", "log": "powershell-4103", "host": "t.corp", "text": "Get-Item"}
    [fact] = told(Kind.SCRIPT, event | {"user": "bob", "user_domain": "CORP"})
    assert (fact["account"], fact["account_domain"], fact["text"], fact["strength"]) == ("bob", "CORP", "Get-Item", "stated")


def test_an_engine_is_a_call_where_a_client_has_it() -> None:
    assert [len(told(kind, STARTED)) for kind in (Kind.SCRIPT, Kind.CALL)] == [1, 0]
    served: dict[str, object] = {"endpoint": "wsman", "action": "remote session"}
    [call] = told(Kind.CALL, STARTED | served | {"command_line": r"C:\Windows\system32\wsmprovhost.exe -Embedding"})
    assert told(Kind.CALL, STARTED | served | {"command_line": "powershell.exe -Version 5.1 -s -NoLogo"}) == []  # a job in the background
    assert (call["host"], call["interface"], call["operation"], call["vantage"]) == ("t.corp", "wsman", "remote session", "own")


def test_an_engine_does_not_show_that_scripts_are_logged() -> None:
    tables = declared(())
    block: dict[str, object] = {"id": "f", "log": "powershell-4104", "host": "t.corp", "text": "x"}
    covered = try_table(tables["ScriptCovered"], tables, {"events": [STARTED, block]}, NOBODY)
    assert [row["id"] for row in covered] == ["f"]


def test_the_graph_has_the_beginning_of_a_long_script() -> None:
    tables = declared({Kind.SCRIPT})
    fact: dict[str, object] = {"id": "e", "host": "t.corp", "text": "x" * 5000, "account": "bob", "account_domain": "CORP"}
    [shown] = try_table(tables["shown_Script"], tables, {"Script": [fact]}, NOBODY)
    assert (shown["text"], shown["host"], shown["PERFORMED_BY"]) == ("x" * 4000, "t.corp", r"CORP\bob")
