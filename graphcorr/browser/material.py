"""The files for Neo4j Browser, ready to be served or written: the guide with the queries in it, the style, the queries."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from typing import TYPE_CHECKING, Final

from graphcorr.browser.queries import browser_folder, load_queries

if TYPE_CHECKING:
    from graphcorr.browser.queries import SavedQuery

GUIDE: Final = "guide.html"
STYLE: Final = "style.grass"
ARCHIVE: Final = "saved-queries.zip"
_FOLDER: Final = "graphcorr"
"""The folder that Browser puts imported queries into."""
_MARK: Final = re.compile(r"<!-- (?P<what>style|query|parameter)(?: (?P<name>[a-z0-9-]+))? -->")
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_ASKED: Final = {"host": "Which machine?", "finding": "Which finding? The beginning of its id is enough.", "software": "Which software?"}


def make_material(address: str | None = None) -> dict[str, bytes]:
    """Every file by its name. ``address`` is where they are served from; None when they are only files."""
    queries = load_queries()
    return {
        GUIDE: _guide(queries, address).encode(),
        STYLE: (browser_folder() / STYLE).read_bytes(),
        ARCHIVE: _archive(queries),
        **{f"queries/{query.id}.cypher": query.text.encode() for query in queries},
    }


def _guide(queries: list[SavedQuery], address: str | None) -> str:
    """The guide with its marks filled in: a query stands in its own file only."""
    known = {query.id: query for query in queries}
    examples = {name: example for query in queries for name, example in query.parameters.items()}

    def fill(mark: re.Match[str]) -> str:
        if mark["what"] == "style":
            return _style(address)
        return _query(known[mark["name"]]) if mark["what"] == "query" else _parameter(mark["name"], examples[mark["name"]])

    return _MARK.sub(fill, (browser_folder() / GUIDE).read_text(encoding="utf-8"))


def _style(address: str | None) -> str:
    if address is None:
        return (
            f"<p>First give the graph its colors and captions: drag the file <code>{STYLE}</code> onto Browser's window. "
            f"Drag <code>{ARCHIVE}</code> onto it as well, and the queries are under Favorites, the star at the left.</p>"
        )
    return (
        f"<p>First give the graph its colors and captions:</p>\n{_runnable(f':style {escape(address)}/{STYLE}')}\n"
        f'<p>To have the queries below at hand, download <a href="{escape(address)}/{ARCHIVE}" target="_blank">{ARCHIVE}</a> and drag '
        "it onto this window: they are under Favorites then, the star at the left.</p>"
    )


def _query(query: SavedQuery) -> str:
    """Words above, and below them the query under its title, which heads its frame in Browser."""
    cypher = "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("//"))
    runnable = _runnable(escape(f"// {query.title}\n{cypher.strip()}"))
    return f"<h4>{escape(query.title)}</h4>\n<p>{escape(query.meaning)}</p>\n{runnable}"


def _parameter(name: str, example: str) -> str:
    """A field whose text lands in the command below it; Browser itself does that with ``value-for`` and ``value-key``."""
    return f'<p><b>{_ASKED[name]}</b> <input value-for="{name}" placeholder="{escape(example)}" size="30"> and run:</p>\n' + _runnable(
        f""":param {name} =&gt; '<span value-key="{name}">{escape(example)}</span>'"""
    )


def _runnable(html: str) -> str:
    """A box that Browser puts its sign for running at the left end of; without the space it is half cut off."""
    return f'<pre class="runnable" style="padding-left: 1.8em !important">{html}</pre>'


def _archive(queries: list[SavedQuery]) -> bytes:
    """The queries in one folder, as Browser imports them. No clock: the same queries give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for query in queries:
            archive.writestr(zipfile.ZipInfo(f"{_FOLDER}/{query.id}.cypher", _LONG_AGO), query.text)
    return buffer.getvalue()
