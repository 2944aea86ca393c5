"""What binds names to addresses: each log's statements as rows, whoever makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.logs.testimony import Testimony
from graphcorr.logs.witnesses import types_of
from graphcorr.model.kinds import Kind
from graphcorr.resolve.addresses import RANKS
from graphcorr.resolve.statements import leases, named, qualified_names

DAY = datetime(2026, 1, 5, 10)  # noqa: DTZ001 - logs state naive times


def ask(query: str, *events: dict[str, Any]) -> list[tuple[Any, ...]]:
    database = duckdb.connect()
    rows = [{"id": str(number), "time": DAY, **event} for number, event in enumerate(events)]
    database.register("events", pa.Table.from_pylist(rows, schema=EVENT_SCHEMA.append(pa.field("host", pa.string()))))
    database.register("logged", pa.Table.from_pylist(rows, schema=EVENT_SCHEMA))
    return sorted((row[:3] for row in database.execute(query).fetchall()), key=repr)


def test_every_basis_has_a_rank() -> None:
    """One that has none could not be weighed against the others."""
    claims: list[Testimony] = [claim for log in types_of(Kind.NAME) for claim in log.testifies if claim.kind is Kind.NAME]
    told = {claim.columns["basis"].strip("'") for claim in claims if claim.columns and "bindings" in claim.columns}
    assert told <= set(RANKS)
    assert len(told) == 10


def test_both_ends_of_a_connection_are_named() -> None:
    event = {
        "log": "zeek-ntlm",
        "source_address": "10.0.0.1",
        "source_host": "WS1",
        "target_address": "10.0.0.2",
        "target_host": "fs.x.org",
    }
    assert ask(named(), event) == [("ntlm name", "10.0.0.1", "WS1"), ("ntlm name", "10.0.0.2", "fs.x.org")]
    assert ask(named(), {**event, "source_host": None}) == [("ntlm name", "10.0.0.2", "fs.x.org")]
    assert ask(qualified_names(), event, {**event, "target_host": "FS"}) == [("fs.x.org",)]


def test_a_client_names_itself_in_network_logons_alone() -> None:
    event = {"log": "security-4624", "source_address": "10.0.0.1", "source_host": "WS1"}
    assert ask(named(), {**event, "logon_type": 3}) == [("ntlm name", "10.0.0.1", "WS1")]
    assert ask(named(), {**event, "logon_type": 10}, {**event, "logon_type": None}) == []


def test_an_answer_counts_for_an_address_that_speaks_smb() -> None:
    answer = {"log": "zeek-dns", "query_type": "A", "query": "fs.x.org", "answers": ["10.0.0.2", "10.0.0.3"]}
    assert ask(named(), answer) == []
    found = [("dns answer", "10.0.0.2", "fs.x.org")]
    assert ask(named(), answer, {"log": "zeek-smb-mapping", "target_address": "10.0.0.2"}) == found
    assert ask(named(), answer, {"log": "security-5145", "source_address": "10.0.0.2", "outcome": "failure"}) == found
    assert ask(named(), answer, {"log": "security-4625", "source_address": "10.0.0.2"}) == []
    assert ask(named(), {**answer, "query_type": "PTR"}, {"log": "zeek-smb-mapping", "target_address": "10.0.0.2"}) == []


def test_a_lease_that_was_only_offered_binds_nothing_and_still_has_a_name() -> None:
    offer = {"log": "zeek-dhcp", "source_address": "10.0.0.1", "source_host": "ws1.x.org", "action": "DISCOVER,OFFER"}
    assert ask(leases(), offer) == []
    assert ask(leases(), {**offer, "action": "REQUEST,ACK"}, {**offer, "action": None}) == [("10.0.0.1", "ws1.x.org", 1767607200000000)]
    assert ask(named(), {**offer, "action": "REQUEST,ACK"}) == []
    assert ask(qualified_names(), offer) == [("ws1.x.org",)]
