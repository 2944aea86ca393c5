"""Indicators meet events: every indicator whose pattern holds in a case, and the events in which it does.

Both sides become (observable, value) and are joined by hash in DuckDB, so that a million indicators against a million
events stay linear. Nothing is compared by prefix or expression; of ranges it is told once which addresses lie in them.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.engine.database import schema_of
from graphcorr.intel.observables import ADDRESSES, OBSERVED
from graphcorr.model.report import Unevaluated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.intel.indicators import Term
    from graphcorr.intel.knowledge import Knowledge

_TIME: Final = pa.timestamp("us")
_TERMS: Final = schema_of(
    indicator=pa.int64(), alternative=pa.int32(), observation=pa.int32(), conjunct=pa.int32(), observable=pa.string(), value=pa.string()
)
_INDICATORS: Final = schema_of(number=pa.int64(), id=pa.string(), valid_from=_TIME, valid_until=_TIME)


def load_terms(database: Database, terms: Sequence[Term], validity: Iterable[tuple[str, int | None, int | None]]) -> None:
    """Create the tables ``terms`` and ``indicators``; ``validity`` is id, from and until in microseconds."""
    numbers: dict[str, int] = {}
    for term in terms:
        numbers.setdefault(term.indicator, len(numbers))
    columns = {
        "indicator": [numbers[term.indicator] for term in terms],
        **{name: [getattr(term, name) for term in terms] for name in _TERMS.names if name != "indicator"},
    }
    _create(database, "terms", pa.table(columns, schema=_TERMS))
    rows = [(numbers[id_], id_, since, until) for id_, since, until in validity if id_ in numbers]
    _create(
        database, "indicators", pa.table({name: [row[n] for row in rows] for n, name in enumerate(_INDICATORS.names)}, schema=_INDICATORS)
    )


def _create(database: Database, name: str, table: pa.Table) -> None:
    database.register("made", table)
    database.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM made")
    database.unregister("made")


def match_terms(database: Database) -> None:
    """Create ``sightings`` and ``outdated`` (indicator, event, observable, value) from ``terms``, ``indicators`` and the view ``events``.

    An event outside the time for which an indicator is valid is no sighting; ``valid_until`` itself is outside. What would
    be one if the indicator had been valid is ``outdated``.
    """
    wanted = [kind for (kind,) in database.execute("SELECT DISTINCT observable FROM terms").fetchall()]
    if "address_range" in wanted:
        _place_addresses(database)
    queries = dict.fromkeys(query for kind in wanted for query in OBSERVED[str(kind)])
    observed = (
        " UNION ALL ".join(queries) if queries else "SELECT NULL::VARCHAR AS id, NULL::TIMESTAMP AS time, '' AS observable, '' AS value"
    )
    database.execute(
        f"""
        CREATE OR REPLACE TABLE hits AS
        SELECT DISTINCT t.indicator, t.alternative, t.observation, t.conjunct, t.observable, t.value, o.id AS event,
            (i.valid_from IS NULL OR o.time >= i.valid_from) AND (i.valid_until IS NULL OR o.time < i.valid_until) AS valid
        FROM ({observed}) o(id, time, observable, value)
        JOIN terms t ON t.observable = o.observable AND t.value = o.value
        JOIN indicators i ON i.number = t.indicator
        """
    )
    _hold(database, "sightings", among="valid", shown="TRUE")
    _hold(database, "outdated", among="TRUE", shown="NOT h.valid")
    database.execute("DROP TABLE hits")


def _place_addresses(database: Database) -> None:
    """Create ``address_ranges``: which of the addresses of the events lie in which range that a term asks for.

    Each address is cut to every length that a range has, and looked for among the ranges of that length.
    """
    ranges: defaultdict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for (value,) in database.execute("SELECT DISTINCT value FROM terms WHERE observable = 'address_range'").fetchall():
        network = ipaddress.ip_network(value)
        shift = network.max_prefixlen - network.prefixlen
        ranges[network.version, shift][int(network.network_address) >> shift] = value
    held: list[tuple[str, str]] = []
    observed = f"SELECT DISTINCT value FROM ({' UNION ALL '.join(ADDRESSES)}) WHERE observable = 'address'"
    for (text,) in database.execute(observed).fetchall():
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue  # the host of a URL that looks like one
        for (version, shift), networks in ranges.items():
            if version == address.version and (value := networks.get(int(address) >> shift)) is not None:
                held.append((text, value))
    columns = {"address": [text for text, _ in held], "value": [value for _, value in held]}
    _create(database, "address_ranges", pa.table(columns, schema=schema_of(address=pa.string(), value=pa.string())))


def _hold(database: Database, name: str, *, among: str, shown: str) -> None:
    """A conjunct holds in an event that has all of its terms; an alternative holds when each of its observations was made."""
    database.execute(
        f"""
        CREATE OR REPLACE TABLE {name} AS
        WITH these AS (SELECT * FROM hits WHERE {among}),
        sizes AS (
            SELECT indicator, alternative, observation, conjunct, count(*) AS size FROM terms GROUP BY ALL),
        held AS (
            SELECT indicator, alternative, observation, conjunct, event, count(*) AS size FROM these GROUP BY ALL),
        made AS (
            SELECT h.indicator, h.alternative, h.observation, h.conjunct, h.event
            FROM held h JOIN sizes USING (indicator, alternative, observation, conjunct, size)),
        asked AS (SELECT indicator, alternative, count(DISTINCT observation) AS size FROM terms GROUP BY ALL),
        given AS (SELECT indicator, alternative, count(DISTINCT observation) AS size FROM made GROUP BY ALL),
        true_ones AS (SELECT indicator, alternative FROM asked JOIN given USING (indicator, alternative, size))
        SELECT DISTINCT i.id AS indicator, h.event, h.observable, h.value
        FROM these h SEMI JOIN made m USING (indicator, alternative, observation, conjunct, event)
        SEMI JOIN true_ones t ON t.indicator = h.indicator AND t.alternative = h.alternative
        JOIN indicators i ON i.number = h.indicator
        WHERE {shown}
        """
    )


@dataclass(frozen=True, slots=True)
class Sought:
    """How many indicators were looked for, and those that cannot be, or not in whole."""

    looked_for: int = 0
    unevaluated: tuple[Unevaluated, ...] = ()


def sight(database: Database, knowledge: Knowledge) -> Sought:
    """Create the tables ``sightings`` and ``outdated`` of a case's events; returns what was and what could not be looked for."""
    found = [
        (held.end_id or held.id, stix.pattern, stix.pattern_type, stix)
        for held in knowledge.records
        if held.active and (stix := knowledge.objects.get(held.id)) is not None and held.type == "indicator" and stix.pattern
    ]
    if not found:
        for name in ("sightings", "outdated"):
            database.execute(f"CREATE OR REPLACE TABLE {name} (indicator VARCHAR, event VARCHAR, observable VARCHAR, value VARCHAR)")
        return Sought()
    # The pattern library takes half a second to import, which a hunt without indicators must not pay for.
    from graphcorr.intel.indicators import read_patterns

    terms, refused = read_patterns((id_, pattern, type_) for id_, pattern, type_, _ in found)
    load_terms(database, terms, ((id_, stix.valid_from_time, stix.valid_until_time) for id_, _, _, stix in found))
    match_terms(database)
    unevaluated = sorted(Unevaluated(indicator, reason) for indicator, reason in refused.items())
    return Sought(len({term.indicator for term in terms}), tuple(unevaluated))
