"""What binds names to addresses: every statement of a log that some address was some machine's, as one relation.

Made from testimonies like the facts, and apart from them: nothing that is resolved by it feeds it. ``logs`` are the log types that
occur, as for the facts. A host's own connections bind it as well; how is a question of both sides of all of them, see
:mod:`graphcorr.resolve.addresses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.logs.claims import DESKTOP_NAME, DNS_ANSWER, LEASE, MACHINE_ACCOUNT, NTLM_NAME, SESSION
from graphcorr.logs.testimony import Vantage
from graphcorr.logs.witnesses import told
from graphcorr.model.kinds import Kind
from graphcorr.resolve.ends import OWN_END

if TYPE_CHECKING:
    from collections.abc import Collection


def qualified_names(logs: Collection[str] | None = None) -> str:
    """SQL over ``logged``: ``name``, those that may supply the domain that a machine's own log leaves out."""
    names = told(Kind.NAME, columns=("qualifies",), source="logged", logs=logs)
    return f"SELECT DISTINCT name FROM (SELECT unnest(qualifies) AS name FROM ({names})) WHERE contains(name, '.')"


def machine_accounts(logs: Collection[str] | None = None) -> str:
    r"""SQL over ``logged``: ``name``, the computer accounts that came from an address, as ``DOMAIN\NAME$``."""
    names = told(Kind.NAME, columns=("basis", "bindings"), source="logged", logs=logs)
    return f"SELECT DISTINCT unnest(bindings).name AS name FROM ({names}) WHERE basis = '{MACHINE_ACCOUNT}'"


def renames(logs: Collection[str] | None = None) -> str:
    """SQL over ``logged``: ``computer, former, renamed, time`` (microseconds) of each record in which a machine tells of another name."""
    names = told(Kind.NAME, columns=("computer", "former", "renamed", "time"), source="logged", logs=logs)
    return f"SELECT computer, former, renamed, epoch_us(time) FROM ({names}) WHERE former IS NOT NULL AND renamed IS NOT NULL ORDER BY ALL"


def _bindings(logs: Collection[str] | None) -> str:
    statements = told(Kind.NAME, columns=("id", "log", "host", "time", "basis", "bindings"), logs=logs)
    return (
        "SELECT id, log, host, time, basis, pair.address AS address, pair.name AS name "
        f"FROM (SELECT * EXCLUDE (bindings), unnest(bindings) AS pair FROM ({statements})) "
        "WHERE pair.address IS NOT NULL AND pair.name IS NOT NULL"
    )


def named(logs: Collection[str] | None = None) -> str:
    """SQL: ``basis, address, name, host, first, last``, microseconds, one row a day and host that logged it, where that matters.

    Of answers only those about who speaks SMB here.
    """
    speakers = told(Kind.SHARE_ACCESS, Kind.PIPE_OPEN, Kind.ATTEMPT, columns=("source_address", "target_address", "sought"), logs=logs)
    return (
        f"WITH bound AS ({_bindings(logs)}), "
        f"spoke AS (SELECT DISTINCT unnest([source_address, target_address]) AS address FROM ({speakers}) "
        # A logon that was refused is no SMB, and not every hunt reads of it.
        f"WHERE sought IS DISTINCT FROM {SESSION}) "
        f"SELECT basis, address, name, CASE WHEN basis IN ('{MACHINE_ACCOUNT}', '{NTLM_NAME}', '{DESKTOP_NAME}') THEN host END AS witness, "
        "epoch_us(min(time)), epoch_us(max(time)) FROM bound "
        # Of all the names in the world only those of machines that speak SMB here.
        f"WHERE basis <> '{LEASE}' AND (basis <> '{DNS_ANSWER}' OR address IN (SELECT address FROM spoke WHERE address IS NOT NULL)) "
        "GROUP BY basis, address, name, witness, log, date_trunc('day', time)"
    )


def leases(logs: Collection[str] | None = None) -> str:
    """SQL: ``address, name, first, last`` of each run of leases of one address to one name, until another gets it."""
    return (
        f"WITH bound AS ({_bindings(logs)}), "
        "given AS (SELECT address, name, time, id, lag(name) OVER (PARTITION BY address ORDER BY time, id) IS DISTINCT FROM name AS starts "
        f"FROM bound WHERE basis = '{LEASE}'), "
        # No FILTER: in a window the engine's takes time with the square of the rows.
        "numbered AS (SELECT *, count(CASE WHEN starts THEN 1 END) "
        "OVER (PARTITION BY address ORDER BY time, id ROWS UNBOUNDED PRECEDING) AS number FROM given) "
        "SELECT address, any_value(name), epoch_us(min(time)), epoch_us(max(time)) FROM numbered "
        "GROUP BY address, number ORDER BY ALL"
    )


def own_connections(logs: Collection[str] | None = None) -> str:
    """SQL: what a host's own log says of its connections: ``host``, both ends, which one opened it, which end the host is as far as
    the record says (:data:`graphcorr.resolve.ends.OWN_END`), first and last of a day."""
    ends = ("source_address", "source_port", "source_host", "target_address", "target_port", "target_host")
    columns = ("host", *ends, "protocol", "initiated", "time")
    return (
        f"SELECT host, source_address, target_address, initiated, {OWN_END} AS own_end, epoch_us(min(time)), epoch_us(max(time)) "
        f"FROM ({told(Kind.CONNECTION, columns=columns, vantage=Vantage.OWN, logs=logs)}) "
        "WHERE host IS NOT NULL AND source_address IS NOT NULL AND target_address IS NOT NULL "
        "GROUP BY host, source_address, target_address, initiated, own_end, date_trunc('day', time) ORDER BY ALL"
    )
