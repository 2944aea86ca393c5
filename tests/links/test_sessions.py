"""Whose sessions are: an id is given again after a restart."""

from __future__ import annotations

import duckdb
import pytest

from graphcorr.links.sessions import may_be_one


@pytest.mark.parametrize(
    ("account", "other", "told"),
    [
        ("alice", "bob", False),
        (r"CORP\bob", "alice", False),
        (r"CORP\Alice", r"corp.example\aLICE", True),
        (None, "alice", True),
        ("alice", None, True),
        ("", "alice", True),
        ("a.lice@corp.example", "alice", True),
        ("alice", r"AzureAD\AdaLice", True),
        ("S-1-5-21-1-2-3-1100", "alice", True),
    ],
)
def test_accounts_of_one_session(account: str | None, other: str | None, told: bool) -> None:
    (found,) = duckdb.execute(f"SELECT {may_be_one('$account', '$other')}", {"account": account, "other": other}).fetchone() or (None,)
    assert found is told
