"""Zeek logs as Filebeat's and Elastic Agent's Zeek module and Security Onion put them into Elasticsearch: renamed to ECS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.nesting import find, flat, nested
from graphcorr.sources.shapes.zeek import SHAPE as ZEEK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_PRODUCT: Final = "zeek"
_DATASETS: Final = (("event", "dataset"), ("data_stream", "dataset"), ("fileset", "name"))
_RENAMED: Final = {"connection": "conn"}
"""Names of datasets that are not those of the logs."""
_ORIGINALS: Final = (("event", "original"), ("log", "original"))
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id.orig_h": ("source.address", "source.ip"),
    "id.orig_p": ("source.port",),
    "id.resp_h": ("destination.address", "destination.ip"),
    "id.resp_p": ("destination.port",),
}
_MOVED: Final[Mapping[str, tuple[str, ...]]] = {
    "uid": ("zeek.session_id", "log.id.uid"),
    "proto": ("network.transport",),
    "md5": ("file.hash.md5", "hash.md5"),
    "sha1": ("file.hash.sha1", "hash.sha1"),
    "sha256": ("file.hash.sha256", "hash.sha256"),
    "method": ("http.request.method", "http.method"),
    "host": ("url.domain", "http.virtual_host"),
    "uri": ("url.original", "http.uri"),
    "user_agent": ("user_agent.original", "http.useragent"),
    "status_code": ("http.response.status_code", "http.status_code"),
    "request_body_len": ("http.request.body.bytes", "http.request.body.length"),
    "response_body_len": ("http.response.body.bytes", "http.response.body.length"),
}
"""Zeek's name → where the pipelines of either put it."""
_OWN: Final[Mapping[str, str]] = {
    "state": "conn_state",
    "domain": "domainname",
    "server.name.dns": "server_dns_computer_name",
    "server.name.netbios": "server_nb_computer_name",
    "session_ids": "conn_uids",
    "tx_host": "tx_hosts",
    "rx_host": "rx_hosts",
    "address.assigned": "assigned_addr",
    "address.client": "client_addr",
    "address.server": "server_addr",
    "msg.types": "msg_types",
}
"""Names of the Zeek module in its own object → Zeek's."""
_FLAT: Final[Mapping[str, tuple[str, ...]]] = {
    "fuid": ("log.id.fuid",),
    "conn_uids": ("log.id.uids",),
    "action": ("file.action",),
    "path": ("file.path",),
    "name": ("file.name",),
    "size": ("file.size",),
    "prev_name": ("file.previous_name",),
    "source": ("file.source",),
    "is_orig": ("file.is_orig",),
    "seen_bytes": ("file.bytes.seen",),
    "filename": ("file.name",),
    "mime_type": ("file.mime_type",),
    "conn_state": ("connection.state",),
    "endpoint": ("dce_rpc.endpoint",),
    "operation": ("dce_rpc.operation",),
    "named_pipe": ("dce_rpc.named_pipe",),
    "share_type": ("smb.share_type",),
}
"""Where Security Onion puts what the Zeek module leaves in its object."""


class ElasticZeekShape:
    """``{"event": {"dataset": "zeek.smb_files", "original": "{…}"}, "zeek": {"smb_files": {…}}, "source": {"ip":…}}``.

    The line as Zeek wrote it is read where the document has it (``event.original``, Security Onion's ``message``), because
    pipelines drop some of its fields. Sender and receiver of a file are no ends of its connection, and are not taken for them.
    """

    name = "elastic_zeek"
    keys = frozenset({"event", "event.dataset", "data_stream"})

    def claims(self, row: Row) -> bool:
        return row.get("ts") is None and row.get("uid") is None and row.get("winlog") is None and _log_of(row) is not None

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        log = _log_of(row)
        assert log is not None  # claims() said so
        if context.wanted.zeek_log(log) is None:
            return None
        line = _original(row)
        fields = {"_path": log, **(line if line is not None else _restore(row))}
        record = ZEEK.read(fields, raw, number, context)
        if record is not None and line is None and not any(name in record.fields for name in ("uid", "fuid", "id.orig_h", "conn_uids")):
            raise RecordError("the document has neither Zeek's line nor fields of it under a known name")
        return record


def _log_of(row: Row) -> str | None:
    """Zeek's name of the log, None for a document of anything else."""
    for outer, inner in _DATASETS:
        dataset = nested(row, outer, inner)
        if isinstance(dataset, str):
            product, _, name = dataset.rpartition(".")
            if product == _PRODUCT or (not product and nested(row, "event", "module") == _PRODUCT):
                return _RENAMED.get(name, name)
    return None


def _original(row: Row) -> Row | None:
    """The line as Zeek wrote it, if it is JSON and stands in the document."""
    for text in (*(nested(row, outer, inner) for outer, inner in _ORIGINALS), row.get("message")):
        if isinstance(text, str) and text.lstrip().startswith("{"):
            try:
                line = decode_json(text.encode("utf-8", "replace"))
            except RecordError:
                continue
            if isinstance(line, dict) and ZEEK.claims(line):
                return line
    return None


def _restore(row: Row) -> Row:
    """Zeek's fields from where the pipelines left or moved them."""
    fields: Row = {"ts": row.get("@timestamp")}
    module = row.get(_PRODUCT)
    dataset = next((part for part in module.values() if isinstance(part, dict)), None) if isinstance(module, dict) else None
    if dataset is not None:
        fields.update({_OWN.get(name, name): value for name, value in flat(dataset) if value is not None})
    _fill(fields, row, _MOVED if dataset is not None else {**_MOVED, **_FLAT})
    if "is_orig" not in fields:
        _fill(fields, row, _ENDS)
    return fields


def _fill(fields: Row, row: Row, names: Mapping[str, tuple[str, ...]]) -> None:
    for name, paths in names.items():
        if fields.get(name) is None:
            value = next((value for path in paths if (value := find(row, path)) is not None), None)
            if value is not None:
                fields[name] = value


SHAPE = ElasticZeekShape()
