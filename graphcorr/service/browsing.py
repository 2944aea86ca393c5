"""Guide, style and saved queries for Neo4j Browser: served to it, or as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.browser.material import make_material
from graphcorr.browser.serving import GuideServer

if TYPE_CHECKING:
    from collections.abc import Mapping


def list_files() -> Mapping[str, bytes]:
    """Every file by its name, to be written somewhere."""
    return make_material()


def open_guide(listen: str, port: int) -> GuideServer:
    """A server of these files that listens already; ``serve_forever()`` it. ``UsageError`` when that address cannot be."""
    return GuideServer(listen, port)
