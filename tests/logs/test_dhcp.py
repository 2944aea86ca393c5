"""Who was given which address, by Windows' client of DHCP and by Microsoft's server; and binds to local ports."""

from __future__ import annotations

import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import wanted
from graphcorr.sources.base import Context
from graphcorr.sources.declared import DeclaredShape
from tests.logs.records import make, read_own


@pytest.mark.parametrize(("logged", "read"), [
    ("10.0.0.5", "10.0.0.5"), ("83886090", "10.0.0.5"), (83886090, "10.0.0.5"), ("0x500000a", "10.0.0.5"),
])  # fmt: skip
def test_an_address_is_text_or_the_number_of_its_bytes(logged: object, read: str) -> None:
    """Velociraptor and the manifest have the number with the first byte lowest."""
    assert read_own("dhcp-client-50028", {"Address": logged, "InterfaceId": 7}) == {"source_address": read}


@pytest.mark.parametrize("logged", [0, "0", "-", "", None])
def test_no_address_is_no_lease(logged: object) -> None:
    assert normalize([make("dhcp-client-50028", {"Address": logged})]).skips[0].reason.startswith("no source address")


def test_what_is_no_address_does_not_fit() -> None:
    assert "IP address" in normalize([make("dhcp-client-50028", {"Address": "WS5"})]).skips[0].reason


ROW: dict[str, object] = {
    "@timestamp": "2024-03-11T08:00:00.000-04:00",
    "event": {"dataset": "microsoft_dhcp.log", "code": "10", "action": "dhcp-new", "outcome": "success"},
    "source": {"ip": "10.0.0.5", "address": "ws5.corp.example", "mac": "00-11-22-33-44-55"},
    "observer": {"hostname": "dhcp1"},
    "host": {"name": "shipper", "ip": ["10.0.0.99"]},
}


def test_a_lease_of_the_server_is_told_by_its_data_set() -> None:
    [shape] = [one for one in wanted().declared if one.name == "dhcp-server"]
    assert isinstance(shape, DeclaredShape)
    assert shape.claims(ROW)
    assert not shape.claims(ROW | {"event": {"dataset": "microsoft_dhcp.other", "code": "10"}})
    record = shape.read(ROW, b"{}", 1, Context(wanted(), "dhcp.ndjson", lambda *_: None))
    assert record is not None
    assert (record.collector, record.computer, record.created) == ("dhcp1", None, "2024-03-11T08:00:00.000-04:00")
    assert read_own("dhcp-server", dict(record.fields)) == {
        "source_address": "10.0.0.5",
        "source_host": "ws5.corp.example",
        "action": "10",
    }


def test_a_bind_names_the_address_that_it_is_to() -> None:
    logged: dict[str, object] = {
        "ProcessId": "4", "Application": "System", "SourceAddress": "10.0.0.5", "SourcePort": "139", "Protocol": "6",
        "LayerName": "%%14608", "LayerRTID": "36",
    }  # fmt: skip
    read = {"pid": 4, "image": "System", "source_address": "10.0.0.5", "source_port": 139, "protocol": "tcp"}
    assert read_own("security-5158", logged) == read
    del read["source_address"]
    assert read_own("security-5158", logged | {"SourceAddress": "::"}) == read
