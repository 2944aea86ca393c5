"""Files that were put over the network where a web server gives them away, and that somebody then downloaded from there."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import TEXT, Table
from graphcorr.model.kinds import Kind

_ROOTS: Final = r"\\(inetpub|wwwroot|htdocs|webapps|public_html)\\"
"""Folders that web servers give away: those of IIS, Apache, XAMPP and Tomcat."""
_PAGES: Final = r"\.(html?|css|js|json|png|jpe?g|gif|svg|ico|woff2?|map|txt|xml)$"
# What a server's path says stands at the end of the file's, whatever folder of it the server gives away.
_DOWNLOADS: Final = f"""
    WITH asked AS (
        SELECT *, replace(lower(url_decode(split_part(split_part(uri, '?', 1), '#', 1))), '/', '\\') AS place FROM HttpRequest
        WHERE uri IS NOT NULL)
    SELECT h.id AS event, v.id AS version FROM versions v
    JOIN asked h ON h.host = v.host AND split_part(h.place, '\\', -1) = v.name AND ends_with(v.key, h.place)
    WHERE regexp_matches(v.key, '{_ROOTS}') AND NOT regexp_matches(v.name, '{_PAGES}') AND h.method = 'GET'
        AND coalesce(h.status_code, 200) IN (200, 206) AND h.latest >= v.earliest
        AND (v.ended_latest IS NULL OR v.ended_latest >= h.earliest)
"""

TABLES: Final = (
    Table(
        "downloads",
        "written files that a web server gave to somebody",
        {"event": TEXT, "version": TEXT},
        ("versions", "HttpRequest"),
        _DOWNLOADS,
        empty_without=("versions", "HttpRequest"),
    ),
)
RESTS_ON: Final = {Kind.HTTP_REQUEST: ("downloads", "SELECT event AS id FROM downloads")}
