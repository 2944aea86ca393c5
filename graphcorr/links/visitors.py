"""Who had logged on over the network from the machine that asked for something, where nothing of what was done says for whom it was.

A service runs as its own account, a server of DCOM on a desktop as that desktop's owner, and a connection names nobody. A logon from
elsewhere near it is no sign of who asked; one from the very machine that is known to have asked names the account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import INTEGER, TEXT, Mapped, Table
from graphcorr.links.askers import NETWORK
from graphcorr.links.provided import AFTER, BEFORE
from graphcorr.model.kinds import Kind
from graphcorr.syntax.accounts import account_name, is_machine_account, is_service_account
from graphcorr.syntax.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_LOGONS: Final = f"""
    WITH nameless AS (
        SELECT request, host, min(coalesce(set_up, time)) AS time, min(coalesce(set_up, earliest)) AS earliest,
            min(coalesce(set_up, latest)) AS latest
        FROM requested GROUP BY request, host HAVING count(account) = 0),
    due AS (
        SELECT n.*, c.machine FROM nameless n JOIN request_clients c USING (request) WHERE c.chosen AND NOT c.own AND c.account IS NULL)
    SELECT d.request, d.machine, epoch_us(d.time) AS moment, l.source_address, l.account_domain, l.account,
        min_by(l.id, (abs(epoch_us(l.time) - epoch_us(d.time)), l.id)) AS event
    FROM due d JOIN Logon l ON l.host = d.host AND l.latest >= d.earliest - INTERVAL {BEFORE} SECOND
        AND l.earliest <= d.latest + INTERVAL {AFTER} SECOND
    WHERE l.vantage = 'own' AND l.logon_type = {NETWORK} AND l.source_address IS NOT NULL
    GROUP BY d.request, d.machine, d.time, l.source_address, l.account_domain, l.account
"""


def _tell(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    address, account = address_key(row["source_address"]), account_name(row["account_domain"], row["account"])
    # The accounts that every machine has come all day long, whatever somebody does there.
    if address is None or account is None or is_machine_account(account) or is_service_account(None, account):
        return
    if row["machine"] in {address, identity.host_at(address, row["moment"]).host}:
        yield {"request": row["request"], "event": row["event"], "account": account, "moment": row["moment"]}


TABLES: Final = (
    Table(
        "visitors",
        "accounts that logged on from the machine that asked for a request of which nothing else names the account",
        {"request": TEXT, "event": TEXT, "account": TEXT, "moment": INTEGER},
        ("requested", "request_clients", "Logon"),
        Mapped(_LOGONS, _tell),
        empty_without=("request_clients", "Logon"),
    ),
)
RESTS_ON: Final = {Kind.LOGON: ("visitors", "SELECT event AS id FROM visitors")}
