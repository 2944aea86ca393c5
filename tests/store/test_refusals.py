"""What a real server says when it cannot be reached or cannot store: a sentence that names what to do, and no end of the graph."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from graphcorr.errors import StoreError
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from graphcorr.store.open import open_store
from graphcorr.store.refusals import explain
from tests.conftest import missing_server
from tests.servers import LONG_TERM, PASSWORD, MissingServerError, Server, own_server
from tests.settings import own_settings
from tests.store.conftest import write_table
from tests.store.test_neo4j import everything

_READ_ONLY = "server.databases.read_only"
_DISK = 48 << 20
_ROOM = 1 << 20
"""Bytes that are left on a disk that is about to be full."""
_PATIENCE = 3.0
"""Seconds with a server that will not do: what it says last is what it said first."""


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with TLS on a small disk, which takes root: else it is skipped and says so, but in continuous integration it fails."""
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", PASSWORD)
    try:
        with own_server(LONG_TERM, disk=_DISK) as running:
            yield running
    except MissingServerError as error:
        missing_server(error)


def refusal(url: str, tables: Path | None = None) -> str:
    """Why a store cannot be prepared, or not be written where there are ``tables``."""
    store = Neo4jStore(read_login(url, own_settings().neo4j), "case-1", patience=_PATIENCE)
    try:
        with pytest.raises(StoreError) as error:
            store.prepare() if tables is None else store.replace(tables)
        return error.value.reason
    finally:
        store.close()


def replace(url: str, tables: Path | None = None) -> None:
    """What is not refused."""
    store = open_store(url, "case-1", own_settings().neo4j)
    store.prepare()
    if tables is not None:
        store.replace(tables)
    store.close()


def test_a_certificate_a_full_disk_and_a_read_only_database(own: Server, tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test, because a start takes longer than all the rest. The other version, tried once, gives the same codes."""
    place = f"127.0.0.1:{own.bolt}"
    for scheme in ("neo4j", "bolt"):
        assert refusal(f"{scheme}+s://{place}") == (
            f"{scheme}+s://{place} cannot be reached: its certificate is not trusted (self-signed certificate): name the file of its "
            f"issuer in SSL_CERT_FILE, or use {scheme}+ssc:// to trust any certificate"
        )
        assert refusal(f"{scheme}://{place}") == f"{scheme}://{place} cannot be reached: it wants TLS: use {scheme}+s://"
    with monkeypatch.context() as trusting:
        trusting.setenv("SSL_CERT_FILE", str(own.certificate))
        replace(f"neo4j+s://{place}", tables)
        replace(f"bolt+s://localhost:{own.bolt}")
    replace(f"bolt+ssc://{place}")
    before = everything(own)

    # More than fits.
    filler = own.data / "filler"
    disk = os.statvfs(own.data)
    filler.write_bytes(b"x" * (disk.f_bavail * disk.f_frsize - _ROOM))
    ids = [f"x{number}" for number in range(30_000)]
    write_table(tables, "nodes/ProcessStart", {"id": pa.array(ids), "command_line": pa.array([f"{id_} " * 20 for id_ in ids])})
    told = refusal(own.url, tables)
    assert told.startswith(f"{own.url}/neo4j could not store, its disk may be full (its own log says more): make room, and restart it: ")
    failed = f"{own.url} failed earlier and has to be restarted; its own log says why, and often its disk was full: "
    assert refusal(own.url).startswith(failed)
    filler.unlink()

    # A database that has to be mended and may not be written is none; the driver says that there is no route.
    restart(own, read_only="neo4j")
    away = f"{own.url}: the database is still starting, or could not start (its own log says why): "
    assert refusal(own.url).startswith(away)

    restart(own, read_only=None)
    replace(own.url, tables)
    after = everything(own)
    assert before <= after
    assert sum(after.values()) == sum(before.values()) + len(ids)

    own.kill(signal.SIGTERM)
    restart(own, read_only="neo4j")
    assert refusal(own.url) == refusal(own.url, tables) == f"{own.url}/neo4j is read-only"


def restart(server: Server, *, read_only: str | None) -> None:
    if server.runs:
        server.kill()
    server.set({_READ_ONLY: read_only})
    server.start()


def test_a_constraint_that_the_disk_has_no_room_for() -> None:
    """The words of both versions, when their disk was full before the first row: they have another code for it."""
    message = (
        "Unable to create Constraint( name='x' ):\nCould not append transaction: Transaction #6 {…} to log.. Note that only the first …"
    )
    told = explain("Neo.DatabaseError.Schema.ConstraintCreationFailed", message, place="neo4j://host", user="neo4j")
    assert told == f"neo4j://host could not store, its disk may be full (its own log says more): make room, and restart it: {message}"
