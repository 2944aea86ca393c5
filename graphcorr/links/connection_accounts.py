"""Whose a connection on the wire is: the one account that proved itself on it. Of several nobody knows which did what."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import TEXT, Table
from graphcorr.model.kinds import Kind

# Logs name an account with its domain in one record and without in another.
_ACCOUNTS: Final = """
    SELECT uid, min_by(account, (account_domain IS NULL, time, id)) AS account,
        min_by(account_domain, (account_domain IS NULL, time, id)) AS account_domain,
        min_by(id, (account_domain IS NULL, time, id)) AS event
    FROM Authentication WHERE uid IS NOT NULL AND account IS NOT NULL
    GROUP BY uid HAVING count(DISTINCT lower(account)) = 1 AND count(DISTINCT lower(account_domain)) <= 1
"""

TABLES: Final = (
    Table(
        "connection_accounts",
        "connections on which one account alone proved itself, with the record of it",
        dict.fromkeys(("uid", "account", "account_domain", "event"), TEXT),
        (Kind.AUTHENTICATION.value,),
        _ACCOUNTS,
        empty_without=(Kind.AUTHENTICATION.value,),
    ),
)
