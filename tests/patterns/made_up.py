"""A header for queries of which nothing else matters."""

from __future__ import annotations

from graphcorr.patterns.header import Header

HEADER = Header.model_validate(
    {
        "id": "x",
        "title": "x",
        "status": "test",
        "level": "low",
        "description": "x",
        "attack": ["T1570"],
        "needs": ["Write"],
        "result": "finding",
        "identity": ["a"],
        "evidence": ["b"],
    }
)
RETURN = " RETURN w.id AS a, collect(w.id) AS b"
