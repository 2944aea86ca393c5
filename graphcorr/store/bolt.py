"""The way to a Neo4j server: the driver, its sessions and its errors, behind plain rows and ``StoreError``."""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import graphcorr
from graphcorr.errors import StoreError, StoreLimitError
from graphcorr.store.reach import diagnose
from graphcorr.store.refusals import OUT_OF_MEMORY, STOPPED, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    import neo4j

    from graphcorr.store.base import Row
    from graphcorr.store.login import Login

OLDEST: Final = (5, 26)
"""The version that everything here was tried on; later ones as well."""
_CONNECT_SECONDS: Final = 10.0
_FETCH: Final = 10_000
_FIRST_PAUSE: Final = 0.5
"""Seconds before a failed transaction is tried again; each further pause is twice as long."""
_PIECES: Final = (10_000, 1_000, 100, 1)


class TooLargeError(Exception):
    """The server has no memory for a transaction; the cause is what it said."""


class Connection:
    """One user in one database; connects when it is first used. ``stored`` counts the rows that were written, for messages."""

    def __init__(self, login: Login, *, patience: float) -> None:
        """``patience`` with a server that fails, in seconds: how long the driver tries a transaction again."""
        self._login = login
        self._patience = patience
        self._driver: neo4j.Driver | None = None
        self._version = ""
        self.database = login.database
        self.stored = 0

    @property
    def place(self) -> str:
        """Server and database, as messages name them."""
        return f"{self._login.address}/{self.database or ''}".rstrip("/")

    @property
    def version(self) -> str:
        self._connect()
        return self._version

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def _connect(self) -> neo4j.Driver:
        if self._driver is not None:
            return self._driver
        import neo4j

        # What it logs is said again in the error; without a handler Python would print it, too.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        driver = self._open(self._login.address)
        try:
            # Asked for outside of managed transactions, which would try for half a minute to reach a server that is not there.
            with driver.session(database=self._login.database, default_access_mode=neo4j.READ_ACCESS) as session:
                versions = session.run(
                    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
                ).single()
                name = session.run("CALL db.info() YIELD name RETURN name").single()
            self._version = str(versions[0]) if versions else "?"
            self.database = str(name[0]) if name else self._login.database
            self._check_version()
        except BaseException:
            driver.close()
            raise
        self._driver = driver
        return driver

    def _open(self, address: str) -> neo4j.Driver:
        import neo4j

        login = self._login
        return neo4j.GraphDatabase.driver(
            address,
            auth=(login.user, login.password) if login.password is not None else None,
            user_agent=f"graphcorr/{graphcorr.__version__}",
            connection_timeout=_CONNECT_SECONDS,
            connection_acquisition_timeout=max(self._patience, _CONNECT_SECONDS),
            max_transaction_retry_time=self._patience,
            # An empty database knows none of our labels, and says so for each.
            notifications_min_severity="OFF",
        )

    def _check_version(self) -> None:
        if tuple(int(part) for part in re.findall(r"\d+", self._version)[:2]) < OLDEST:
            raise StoreError(f"{self.place} runs Neo4j {self._version}; graphcorr needs {'.'.join(map(str, OLDEST))} or later")

    @contextmanager
    def _session(self, *, write: bool) -> Iterator[neo4j.Session]:
        driver = self._connect()
        access = "WRITE" if write else "READ"
        with driver.session(database=self.database, default_access_mode=access, fetch_size=_FETCH) as session:
            yield session

    def read(self, cypher: str, params: Mapping[str, object], timeout: float | None = None) -> list[Row]:
        """Rows with the driver's own values, read where nothing can be written."""
        import neo4j

        @neo4j.unit_of_work(timeout=timeout)
        def read(transaction: neo4j.ManagedTransaction) -> list[Row]:
            return _rows(transaction.run(cypher, dict(params)))

        with self._session(write=False) as session:
            return session.execute_read(read)

    def scan(self, cypher: str, timeout: float) -> Iterator[Row]:
        """Rows one by one, read where nothing can be written."""
        import neo4j

        with self._session(write=False) as session:
            result = session.run(neo4j.Query(cypher, timeout=timeout))
            names = result.keys()
            for record in result:
                yield dict(zip(names, record, strict=True))

    def commit(self, cypher: str, **params: object) -> list[Row]:
        with self._session(write=True) as session:
            return session.execute_write(lambda transaction: _rows(transaction.run(cypher, params)))

    def run(self, statement: str) -> None:
        """A statement that makes its own transactions."""
        with self._session(write=True) as session:
            session.run(statement).consume()

    def run_in_pieces(self, statement: str) -> None:
        """A statement that ends with ``CALL (…) { … }``, in transactions as large as the server has memory for."""
        errors = _errors()
        for rows in _PIECES:
            try:
                self.run(f"{statement} IN TRANSACTIONS OF {rows} ROWS")
            except errors.TransientError as error:
                # What was done before stays done, so that the next size begins where this one stopped.
                if error.code not in OUT_OF_MEMORY or rows == _PIECES[-1]:
                    raise
            else:
                return

    def run_together(self, statements: Sequence[str]) -> None:
        """All or nothing, in one transaction: for constraints and indexes that is several times faster than one each."""

        def work(transaction: neo4j.ManagedTransaction) -> None:
            for statement in statements:
                transaction.run(statement).consume()

        with self._session(write=True) as session:
            session.execute_write(work)

    def stream(self, cypher: str) -> Iterator[Sequence[Sequence[object]]]:
        """Batches of columns."""
        with self._session(write=False) as session:
            result = session.run(cypher)
            while records := result.fetch(_FETCH):
                yield list(zip(*records, strict=True))

    def change(self, hold: str, writer: str, statement: str, rows: Sequence[Sequence[object]], check: Callable[[int, int], None]) -> None:
        """One transaction that changes ``rows``, while ``hold`` finds ``writer``; ``check`` gets the nodes and edges made.

        ``TooLargeError`` when the server has no memory for it; ``PermissionError`` when another run writes. It is tried again as
        the driver's managed transactions are, but for a lack of memory: the driver takes that for a passing trouble, and would
        try the same for half a minute.
        """
        errors = _errors()
        deadline, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                with self._session(write=True) as session, session.begin_transaction() as transaction:
                    if transaction.run(hold, writer=writer).single() is None:
                        raise PermissionError
                    counters = transaction.run(statement, rows=rows).consume().counters
                    check(counters.nodes_created, counters.relationships_created)
                    transaction.commit()
                break
            except (errors.Neo4jError, errors.DriverError) as error:
                if isinstance(error, errors.Neo4jError) and error.code in OUT_OF_MEMORY:
                    raise TooLargeError from error
                if not error.is_retryable() or time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause *= 2
        self.stored += len(rows)

    @contextmanager
    def told(self, cypher: str | None = None, timeout: float | None = None) -> Iterator[None]:
        """Errors of driver and server as ``StoreError``, with what was stored before them."""
        errors = _errors()
        try:
            yield
        except (errors.Neo4jError, errors.DriverError, TooLargeError) as caught:
            error = caught.__cause__ if isinstance(caught, TooLargeError) else caught
            code, message = _said(error)
            if code in STOPPED and timeout is not None:
                raise StoreLimitError(f"stopped after {timeout:g} s", cypher) from error
            if isinstance(error, errors.ServiceUnavailable | errors.SessionExpired):
                code, message = self._find_reason() or (None, message)
            reason = explain(code, message, place=self.place, user=self._login.user)
            if self.stored:
                reason += f"; {self.stored:,} rows were stored, and the same command goes on from there"
            limited = code in OUT_OF_MEMORY and timeout is not None
            raise (StoreLimitError if limited else StoreError)(reason, cypher) from error
        except (ValueError, TypeError, OverflowError) as error:
            if cypher is None:
                raise
            raise StoreError(f"a parameter cannot be sent: {error}", cypher) from error

    def _find_reason(self) -> tuple[str | None, str] | None:
        """What is in the way, as the server's code and words; None when there is nothing any more.

        The driver does not say why it found no route: also when the server named its reason, as that a database is not there yet.
        """
        if told := diagnose(self._login.address):
            return None, told
        errors = _errors()
        try:
            with self._open(self._login.address.replace("neo4j", "bolt", 1)) as direct, direct.session(database=self.database) as session:
                session.run("RETURN 1").consume()
        except (errors.Neo4jError, errors.DriverError) as error:
            return _said(error)
        return None


def _said(error: BaseException | None) -> tuple[str | None, str]:
    """The server's code, and what driver or server said."""
    code = getattr(error, "code", None) if isinstance(error, _errors().Neo4jError) else None
    return code, (getattr(error, "message", None) if code else None) or str(error)


def _errors() -> ModuleType:
    """The driver's errors; the driver is not loaded before it is used, because every start of graphcorr would wait for it."""
    import neo4j.exceptions

    return neo4j.exceptions


def _rows(result: neo4j.Result) -> list[Row]:
    names = result.keys()
    return [dict(zip(names, record, strict=True)) for record in result]


def plain_value(name: str, value: object, cypher: str) -> object:
    """A driver's value as LadybugDB gives it: naive UTC times to the microsecond, spans of time, lists and maps of such."""
    import neo4j.graph
    import neo4j.time

    if value is None or isinstance(value, str | int | float | bool | bytes):
        return value
    if isinstance(value, list):
        return [plain_value(name, item, cypher) for item in value]
    if isinstance(value, dict):
        return {key: plain_value(name, item, cypher) for key, item in value.items()}
    if isinstance(value, neo4j.time.DateTime):
        native = value.to_native()
        return native.astimezone(dt.UTC).replace(tzinfo=None) if native.tzinfo else native
    if isinstance(value, neo4j.time.Duration) and not value.months:
        return dt.timedelta(days=value.days, seconds=value.seconds, microseconds=value.nanoseconds // 1000)
    raise StoreError(
        f"the column {name!r} is a {type(value).__name__.lower()}, which engines return differently: return properties", cypher
    )
