"""PowerShell's events whose fields an ingest pipeline moved to ECS: the texts of the event, put together again from their parts.

Source: elastic/beats, x-pack/winlogbeat/module/powershell/ingest, and the pipelines of Elastic's Windows integration, which do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.sources.nesting import find

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPT: Final = {
    "ScriptBlockText": "powershell.file.script_block_text",
    "ScriptBlockId": "powershell.file.script_block_id",
    "MessageNumber": "powershell.sequence",
    "MessageTotal": "powershell.total",
    "Path": "file.path",
}
_CONTEXT: Final[tuple[tuple[str, str | None], ...]] = (
    ("Severity", None),
    ("Host Name", "process.title"),
    ("Host Version", "powershell.process.executable_version"),
    ("Host ID", "process.entity_id"),
    ("Host Application", "process.command_line"),
    ("Engine Version", "powershell.engine.version"),
    ("Runspace ID", "powershell.runspace_id"),
    ("Pipeline ID", "powershell.pipeline_id"),
    ("Command Name", "powershell.command.name"),
    ("Command Type", "powershell.command.type"),
    ("Script Name", "file.path"),
    ("Command Path", "powershell.command.path"),
    ("Sequence Number", "event.sequence"),
    ("User", None),
    ("Connected User", None),
    ("Shell ID", "powershell.id"),
)
"""The lines of a context in their order, and where each went."""
_STATED: Final = "process.title"
"""Every engine has a host."""


def restore_powershell(fields: dict[str, object], row: Mapping[str, object], event_id: int) -> None:
    """Add what the event had; what is still there stays as it is."""
    if event_id == 400 and fields.get("param3") is None and find(row, _STATED) is not None:
        parts = [(label.replace(" ", ""), find(row, path)) for label, path in _CONTEXT[:6] if path is not None]
        fields["param3"] = "\n".join(f"\t{label}={_text(value)}" for label, value in parts)
    elif event_id == 4104:
        for name, path in _SCRIPT.items():
            if fields.get(name) is None and (value := find(row, path)) is not None:
                fields[name] = value
    elif event_id == 4103 and fields.get("ContextInfo") is None and find(row, _STATED) is not None:
        whose = {"User": _account(row, "destination.user") or _account(row, "user")}
        lines = [(label, whose.get(label) if path is None else find(row, path)) for label, path in _CONTEXT]
        fields["ContextInfo"] = "\n".join(f"{label} = {_text(value)}" for label, value in lines)
        fields.setdefault("Payload", _payload(find(row, "powershell.command.invocation_details")))


def _account(row: Mapping[str, object], path: str) -> str | None:
    name, domain = find(row, f"{path}.name"), find(row, f"{path}.domain")
    if not isinstance(name, str):
        return None
    return f"{domain}\\{name}" if isinstance(domain, str) else name


def _payload(details: object) -> str | None:
    if not isinstance(details, list):
        return None
    return "\n".join(_detail(one) for one in details if isinstance(one, dict)) or None


def _detail(one: Mapping[str, object]) -> str:
    value = _text(one.get("value"))
    if one.get("name") is not None:
        value = f"name={_text(one['name'])}; value={value}"
    return f"{one['type']}({_text(one.get('related_command'))}): {value}" if one.get("type") is not None else value


def _text(value: object) -> str:
    return "" if value is None else str(value)
