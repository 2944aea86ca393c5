"""The server store: a Neo4j database that holds one case, and is made equal to it by the least change."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import graphcorr
from graphcorr.errors import StoreError
from graphcorr.graph.kinds import Part
from graphcorr.settings import NOBODY
from graphcorr.store import statements
from graphcorr.store.base import Made, refuse_to_shrink
from graphcorr.store.bolt import Connection, TooLargeError, plain_value
from graphcorr.store.difference import BATCH, Rows, compare, missing_end, open_comparisons, read_batches, take_as_new
from graphcorr.store.login import SCHEMES, USAGE, Login, read_login
from graphcorr.store.questions import check_bindable, check_question
from graphcorr.store.sheets import Sheet, find_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.engine.database import Database
    from graphcorr.settings import Credentials
    from graphcorr.store.base import Row

_TIMEOUT_SECONDS: Final = 600.0
_PATIENCE_SECONDS: Final = 30.0
"""How long a batch is tried again while the server restarts or is short of something."""
_NAMELESS: Final = "unnamed"

_FIND_MARK: Final = (
    f"OPTIONAL MATCH (c:{statements.MARK} {{key: 'case'}}) RETURN c.id AS case, c.state AS state, c.schema AS schema, c.parts AS parts, "
    "c.generation AS generation, c.full AS full"
)
_IS_EMPTY: Final = "OPTIONAL MATCH (n) WITH n LIMIT 1 RETURN n IS NULL AS empty"
_HOLD: Final = f"MATCH (c:{statements.MARK} {{key: 'case'}}) SET c.key = 'case' WITH c WHERE c.writer = $writer"
"""Takes the mark's lock before it looks: a batch of a killed run that the server still works on ends before the next run
begins, and no batch of it comes later."""


class Mark(NamedTuple):
    """What the one node says that tells whose graph a database holds."""

    case: str
    state: str
    """``writing`` until every part that was begun is whole, then ``complete``."""
    schema: int
    parts: frozenset[str]
    """What was begun: of other parts the database has nothing."""
    made: Made


class Neo4jStore:
    """One case in one database of a Neo4j server.

    A write is a difference: what the database has is read and compared with the tables, and what differs is deleted,
    changed and created in batches, each a transaction that is tried again when the server asks for it. So an
    interrupted write is nothing but a larger difference for the next one, and a second batch of logs costs what is new.
    """

    SCHEMES: ClassVar[tuple[str, ...]] = SCHEMES
    USAGE: ClassVar[str] = USAGE

    def __init__(
        self, login: Login, case: str | None = None, *, timeout: float = _TIMEOUT_SECONDS, patience: float = _PATIENCE_SECONDS
    ) -> None:
        """``case`` is the case's id; ``timeout`` of a query and ``patience`` with a failing server in seconds."""
        self._connection = Connection(login, patience=patience)
        self._case = case or _NAMELESS
        self._timeout = timeout
        self._writer = ""
        self._made: Made | None = None
        """What is being made."""
        self._most = BATCH
        """Rows of one transaction; fewer once the server had no memory for so many."""

    @classmethod
    def from_url(cls, url: str, case: str | None = None, credentials: Credentials = NOBODY) -> Neo4jStore:
        """See :data:`USAGE`."""
        return cls(read_login(url, credentials), case)

    @classmethod
    def schema(cls) -> list[str]:
        """The statements that make the constraints and indexes."""
        return statements.schema_statements()

    @property
    def engine(self) -> str:
        with self._connection.told():
            return f"neo4j {self._connection.version}"

    def prepare(self, *, full: bool = False) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        with self._connection.told():
            mark = self._refuse_others()
            if mark is not None and mark.made.full and not full:
                raise StoreError(refuse_to_shrink(self._connection.place))
            rows = self._connection.read(
                "SHOW DATABASE $name YIELD access, writer WHERE writer RETURN access", {"name": self._connection.database}
            )
            if rows and rows[0]["access"] != "read-write":
                raise StoreError(f"{self._connection.place} is read-only")

    @contextmanager
    def making(self, made: Made) -> Iterator[None]:
        """See :class:`graphcorr.store.base.Store`. The database is marked as being written until this ends, also by an error."""
        self._made = made
        try:
            yield
            if self._writer:
                with self._connection.told():
                    self._finish(made)
        finally:
            self._made, self._writer = None, ""

    def replace(self, tables: Path) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        self._make(tables, Part.EVENTS)

    def add(self, tables: Path, *parts: Part) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        self._make(tables, *parts)

    def _make(self, tables: Path, *parts: Part) -> None:
        if self._made is None:
            with self.making(Made()):
                self._make(tables, *parts)
            return
        for part in parts:
            self._write(tables, part, self._made)

    def query(self, cypher: str, params: Mapping[str, object] | None = None, *, generation: str | None = None) -> list[Row]:
        """See :class:`graphcorr.store.base.Store`. Anything but reading is refused, as is a value without a type or with a zone."""
        given = dict(params or {})
        check_question(cypher, given)
        with self._connection.told(cypher, self._timeout):
            self._check_generation(generation, cypher)
            rows = self._connection.read(cypher, given, self._timeout)
            self._check_generation(generation, cypher)
        return [{name: plain_value(name, value, cypher) for name, value in row.items()} for row in rows]

    def scan(self, cypher: str, seconds: float | None = None) -> Iterator[Row]:
        """See :class:`graphcorr.store.base.Store`. A server that goes away in the middle is not asked again."""
        check_question(cypher, {})
        limit = self._timeout if seconds is None else seconds
        with self._connection.told(cypher, limit):
            for row in self._connection.scan(cypher, limit):
                yield {name: plain_value(name, value, cypher) for name, value in row.items()}

    def check(self, cypher: str) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        check_bindable(cypher)
        with self._connection.told(cypher):
            self._connection.read(f"EXPLAIN {cypher}", {})

    def describe(self) -> str | None:
        """See :class:`graphcorr.store.base.Store`."""
        with self._connection.told():
            mark = self._find_mark()
            if mark is None:
                return None
            nodes = self._connection.read(f"MATCH (n) WHERE NOT n:{statements.MARK} RETURN count(n) AS count", {})[0]["count"]
            edges = self._connection.read("MATCH ()-[r]->() RETURN count(r) AS count", {})[0]["count"]
            return f"case {mark.case} ({mark.state}, schema {mark.schema}): {nodes:,} nodes, {edges:,} edges in {self._connection.place}"

    def remove(self) -> None:
        """See :class:`graphcorr.store.base.Store`. Our constraints and indexes go as well."""
        with self._connection.told():
            if self._find_mark() is None:
                return
            for statement in statements.delete_everything():
                self._connection.run_in_pieces(statement)
            self._drop_schema(keep=set())

    def close(self) -> None:
        self._connection.close()

    # Writing

    def _write(self, tables: Path, part: Part, made: Made) -> None:
        sheets = find_sheets(tables, part)
        with self._connection.told(), open_comparisons(tables) as database:
            self._check_ends(database, sheets)
            begun = self._claim(part, made)
            self._change(database, sheets, read=begun)

    def _check_ends(self, database: Database, sheets: Sequence[Sheet]) -> None:
        """Refuse tables whose edges have no nodes before anything is written. Nodes of other parts are looked for on the server."""
        nodes = {sheet.kind: sheet for sheet in sheets if sheet.ends is None}
        for sheet in sheets:
            if sheet.ends is None or sheet.file is None:
                continue
            for end, label in zip(sheet.keys, sheet.ends, strict=True):
                if label in nodes and (missing := missing_end(database, sheet, end, nodes[label])):
                    raise StoreError(f"{sheet.name}: there is no {label} {missing!r}")

    def _claim(self, part: Part, made: Made) -> bool:
        """Make the database ours to write; whether it may hold something of the part already."""
        mark = self._refuse_others()
        if mark is None or mark.schema != statements.VERSION or not statements.schema_names() <= self._all_names():
            self._upgrade()
        self._writer = uuid.uuid4().hex
        begun = sorted((mark.parts if mark else frozenset()) | {part.value})
        rows = self._connection.commit(
            f"MERGE (c:{statements.MARK} {{key: 'case'}}) ON CREATE SET c.id = $case SET c.key = 'case' WITH c WHERE c.id = $case "
            "SET c.writer = $writer, c.state = 'writing', c.parts = $begun, c.schema = $schema, c.version = $version, "
            "c.generation = null, c.full = coalesce(c.full, false) OR $full RETURN c.id AS case",
            case=self._case,
            writer=self._writer,
            begun=begun,
            schema=statements.VERSION,
            version=graphcorr.__version__,
            full=made.full,
        )
        if not rows:
            raise StoreError(f"{self._connection.place} was taken by another case just now")
        return mark is not None and part.value in mark.parts

    def _finish(self, made: Made) -> None:
        rows = self._connection.commit(
            f"{_HOLD} SET c.state = 'complete', c.generation = $generation, c.full = $full RETURN c.id AS case",
            writer=self._writer,
            generation=made.generation,
            full=made.full,
        )
        if not rows:
            raise self._taken_over()

    def _upgrade(self) -> None:
        """Constraints and indexes as this version has them; names of ours that it no longer has go."""
        self._drop_schema(keep=statements.schema_names())
        self._connection.run_together(statements.schema_statements())
        self._connection.run("CALL db.awaitIndexes(300)")

    def _drop_schema(self, keep: set[str]) -> None:
        for kind in ("CONSTRAINT", "INDEX"):
            if names := sorted(self._schema_names(kind) - keep):
                self._connection.run_together([f"DROP {kind} {name} IF EXISTS" for name in names])

    def _all_names(self) -> set[str]:
        return self._schema_names("CONSTRAINT") | self._schema_names("INDEX")

    def _schema_names(self, kind: str) -> set[str]:
        rows = self._connection.read(
            f"SHOW {kind}ES YIELD name RETURN name" if kind == "INDEX" else f"SHOW {kind}S YIELD name RETURN name", {}
        )
        return {name for row in rows if (name := str(row["name"])).startswith(statements.PREFIX)}

    def _change(self, database: Database, sheets: Sequence[Sheet], *, read: bool) -> None:
        """Edges that vanish, nodes that vanish, nodes that are new or changed, edges that are new: so each end is there."""
        if read:
            used = self._used()
            for sheet in sheets:
                if sheet.ends is None and sheet.kind in used:
                    self._remove_strangers(sheet)
            changes = [
                compare(database, sheet, self._connection.stream(statements.read_rows(sheet)))
                if sheet.kind in used
                else take_as_new(database, sheet)
                for sheet in sheets
                if sheet.kind in used or sheet.file is not None
            ]
        else:
            changes = [take_as_new(database, sheet) for sheet in sheets if sheet.file is not None]
        for change in reversed(changes):  # edges come last in a part, and go first
            for rows in read_batches(database, change.deleted):
                self._send(statements.delete_rows(change.sheet), rows)
        for change in changes:
            for rows in read_batches(database, change.created):
                self._send(statements.create_rows(change.sheet), rows, change.sheet)
            for rows in read_batches(database, change.changed):
                self._send(statements.change_rows(change.sheet), rows)

    def _send(self, statement: str, rows: Rows, made: Sheet | None = None) -> None:
        """One batch, or as many as the server has memory for. ``made`` is what every row has to become."""
        start = 0
        while start < len(rows):
            part = rows[start : start + self._most]
            try:
                self._send_part(statement, part, made)
            except TooLargeError:
                if len(part) == 1:
                    raise
                # Remembered: each refusal costs as much as a batch, and the next one would be refused as well.
                self._most = len(part) // 2
                continue
            start += len(part)

    def _send_part(self, statement: str, rows: Rows, made: Sheet | None) -> None:
        def check(nodes: int, edges: int) -> None:
            if made is not None and (count := edges if made.ends else nodes) != len(rows):
                raise StoreError(f"{made.name}: {len(rows) - count} of {len(rows)} edges have an end that is not in the graph")

        try:
            self._connection.change(f"{_HOLD} RETURN c.id AS case", self._writer, statement, rows, check)
        except PermissionError as error:
            raise self._taken_over() from error

    def _taken_over(self) -> StoreError:
        return StoreError(f"another graphcorr began to write {self._connection.place}; this one stops")

    def _used(self) -> set[str]:
        """Labels and edge types that the database has anything of: reading the others would be a question each."""
        labels = self._connection.read("CALL db.labels() YIELD label AS name RETURN name", {})
        types = self._connection.read("CALL db.relationshipTypes() YIELD relationshipType AS name RETURN name", {})
        return {str(row["name"]) for row in (*labels, *types)}

    def _remove_strangers(self, sheet: Sheet) -> None:
        """Nodes of our labels that somebody made by hand, without an id."""
        if self._connection.read(f"MATCH (n:{sheet.kind}) WHERE n.id IS NULL RETURN 1 AS stranger LIMIT 1", {}):
            self._connection.run_in_pieces(statements.delete_strangers(sheet))

    # The database and whose it is

    def _check_generation(self, generation: str | None, cypher: str) -> None:
        """The graph is changed in place: what was read while another is written is no answer."""
        if generation is None:
            return
        mark = self._find_mark()
        if mark is None or mark.state != "complete" or mark.made.generation != generation:
            raise StoreError(f"{self._connection.place} does not hold generation {generation}, or is being written", cypher)

    def _refuse_others(self) -> Mark | None:
        """The mark; ``StoreError`` when the database holds another case, a graph that is not ours, or a newer one."""
        mark = self._find_mark()
        if mark is None:
            if not self._connection.read(_IS_EMPTY, {})[0]["empty"]:
                raise StoreError(f"{self._connection.place} holds a graph that is not graphcorr's: name another database or server")
            return None
        if mark.case != self._case:
            raise StoreError(
                f"{self._connection.place} holds case {mark.case}, and this is {self._case}: name another database or server, or take the "
                "graph of that case away with `graphcorr remove --store URL --yes` (its case folder keeps everything)"
            )
        if mark.schema > statements.VERSION:
            raise StoreError(
                f"{self._connection.place} was written by a newer graphcorr (schema {mark.schema}, this one knows {statements.VERSION})"
            )
        return mark

    def _find_mark(self) -> Mark | None:
        [row] = self._connection.read(_FIND_MARK, {})
        if row["case"] is None:
            return None
        parts, schema = row["parts"], row["schema"]
        return Mark(
            str(row["case"]),
            str(row["state"]),
            schema if isinstance(schema, int) else 0,
            frozenset(map(str, parts)) if isinstance(parts, list) else frozenset(),
            Made(str(row["generation"]) if row["generation"] is not None else None, row["full"] is True),
        )
