"""Answers to Elasticsearch searches as ``curl`` or Kibana's console saves them, also several one after another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.sources.json_array import read_values, scan_values
from graphcorr.sources.json_text import RESPONSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.base import Batch, Context, Stream

_HIT: Final = re.compile(r'\{\s*"_index"\s*:')
"""Every hit begins so. Inside of a text its quotes would be escaped."""


class ElasticResponseFormat:
    """``{"took":…, "hits": {"hits": [{"_index":…, "_source": {…}}, …]}}``; record numbers count the hits."""

    name = "elastic_response"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        return RESPONSE.match(head) is not None

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        return read_values(scan_values(stream, _HIT), context)


FORMAT = ElasticResponseFormat()
