"""Who had which address when, and which machine a spelled name means, as tables that SQL joins: the answers of :class:`Identity`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import create_table, insert_rows
from graphcorr.engine.plan import arrow_schema
from graphcorr.engine.tables import FLAG, TEXT, TIME, Loop, Mapped, Table
from graphcorr.logs.catalog import log_types
from graphcorr.logs.testimony import Vantage
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.paths import is_loopback_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.engine.database import Database
    from graphcorr.resolve.addresses import Addresses
    from graphcorr.resolve.identity import Identity

_BEGINNING: Final = -62_135_596_800_000_000
"""Year 1, before anything that a log can tell of."""
_END: Final = 253_402_300_799_000_000


def spans(addresses: Addresses) -> Iterator[dict[str, object]]:
    """Every span in which an address has one owner, with ``host`` and whether that host calls it its own; spans do not overlap.

    The answer changes only where a statement begins or ends to count, so it is asked once between two such moments.
    """
    for address in sorted(addresses.bindings):
        turns = sorted({_BEGINNING, *addresses.turns(address)})
        held: dict[str, object] | None = None
        for since, until in zip(turns, [*turns[1:], _END], strict=True):
            host = addresses.owner(address, since).host
            own = host is not None and addresses.is_own(host, address, since)
            if held is not None and (held["host"], held["own"]) == (host, own):
                held["until"] = until
                continue
            if held is not None and held["host"] is not None:
                yield held
            held = {"address": address, "since": since, "until": until, "host": host, "own": own}
        if held is not None and held["host"] is not None:
            yield held


def _make_owners(database: Database, identity: Identity) -> None:
    schema = arrow_schema(OWNERS)
    create_table(database, OWNERS.name, schema)
    insert_rows(database, OWNERS.name, schema, list(spans(identity.addresses)))


def _name(row: Mapping[str, str], identity: Identity) -> Iterator[dict[str, object]]:
    # Whose an address was depends on when it was named.
    address = address_key(row["name"])
    host = None if address else identity.names.key(row["name"])
    yield {"name": row["name"], "host": host, "address": address, "loopback": is_loopback_name(row["name"])}


def _told_by_clients() -> str:
    """The log types in which a machine tells of what it did to another one, as an SQL list."""
    types = log_types().items()
    told = (name for name, log in types if any((one.vantage or log.vantage) is Vantage.CLIENT for one in log.testifies))
    return ", ".join(f"'{name}'" for name in told)


OWNERS: Final = Table(
    "owners",
    "who had which address when",
    {"address": TEXT, "since": TIME, "until": TIME, "host": TEXT, "own": FLAG},
    (),
    Loop(_make_owners),
)

NAMED_HOSTS: Final = Table(
    "named_hosts",
    "which machine a server's name means, where a client tells of it",
    {"name": TEXT, "host": TEXT, "address": TEXT, "loopback": FLAG},
    ("events",),
    Mapped(f"SELECT DISTINCT target_host AS name FROM events WHERE log IN ({_told_by_clients()}) AND target_host IS NOT NULL", _name),
)
