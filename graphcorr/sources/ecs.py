"""What Elastic's ingest pipelines moved out of a Windows event's data, under the names that the event itself has.

Winlogbeat's modules and the integrations of Elastic Agent rename ``winlog.event_data.Image`` to ``process.executable``,
``TargetFilename`` to ``file.path``, ``IpAddress`` to ``source.ip`` and so on, and remove what they renamed: without this,
what an Elasticsearch index holds would be read as events that say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.sources.ecs_powershell import restore_powershell
from graphcorr.sources.nesting import find

if TYPE_CHECKING:
    from collections.abc import Mapping

_SYSMON: Final = "microsoft-windows-sysmon"
_SECURITY: Final = "microsoft-windows-security-auditing"
_PROCESS_CREATED: Final = 4688

_OF_SYSMON: Final[Mapping[str, tuple[str, ...]]] = {
    "Image": ("process.executable",),
    "ProcessId": ("process.pid",),
    "ProcessGuid": ("process.entity_id",),
    "CommandLine": ("process.command_line",),
    "CurrentDirectory": ("process.working_directory",),
    "OriginalFileName": ("process.pe.original_file_name", "file.pe.original_file_name"),
    "ParentImage": ("process.parent.executable",),
    "ParentProcessId": ("process.parent.pid",),
    "ParentProcessGuid": ("process.parent.entity_id",),
    "ParentCommandLine": ("process.parent.command_line",),
    # One name of three: which it was is told by the event, and each event reads its own.
    "TargetFilename": ("file.path", "file.target"),
    "ImageLoaded": ("file.path",),
    "PipeName": ("file.name",),
    "Protocol": ("network.transport",),
    "SourceIp": ("source.ip",),
    "SourcePort": ("source.port",),
    "SourceHostname": ("source.domain",),
    "DestinationIp": ("destination.ip",),
    "DestinationPort": ("destination.port",),
    "DestinationHostname": ("destination.domain",),
    "QueryName": ("dns.question.name",),
}
_OF_SECURITY: Final[Mapping[str, tuple[str, ...]]] = {
    "IpAddress": ("source.ip",),
    "IpPort": ("source.port",),
    "WorkstationName": ("source.domain",),
    "ProcessName": ("process.executable",),
    "ProcessId": ("process.pid",),
}
_OF_PROCESS_CREATED: Final[Mapping[str, tuple[str, ...]]] = {
    "NewProcessName": ("process.executable",),
    "NewProcessId": ("process.pid",),
    "ParentProcessName": ("process.parent.executable",),
    "ProcessId": ("process.parent.pid",),
    "CommandLine": ("process.command_line",),
}
_POWERSHELL: Final = frozenset({"powershell", "microsoft-windows-powershell", "powershellcore"})
_INITIATED: Final = {"egress": "true", "ingress": "false"}


def restore_fields(fields: dict[str, object], row: Mapping[str, object], provider: str | None, event_id: int) -> None:
    """Add to an event's ``fields`` what its document ``row`` has in ECS instead; what is still there stays as it is."""
    provider = (provider or "").casefold()
    if provider == _SYSMON:
        if fields.get("UtcTime") is not None and fields.get("Image") is not None:
            return  # nearly every event as agents ship it; looking for what it never had costs more than reading it
        _restore(fields, row, _OF_SYSMON)
        _restore_sysmon(fields, row)
    elif provider == _SECURITY:
        _restore(fields, row, _OF_PROCESS_CREATED if event_id == _PROCESS_CREATED else _OF_SECURITY)
    elif provider in _POWERSHELL:
        restore_powershell(fields, row, event_id)


def is_moved(fields: Mapping[str, object], provider: str | None) -> bool:
    """Whether a pipeline took the event's own time, too: then ``@timestamp`` is Sysmon's ``UtcTime``, not TimeCreated."""
    return (provider or "").casefold() == _SYSMON and fields.get("UtcTime") is None


def _restore(fields: dict[str, object], row: Mapping[str, object], names: Mapping[str, tuple[str, ...]]) -> None:
    for name, paths in names.items():
        if fields.get(name) is None:
            value = next((value for path in paths if (value := find(row, path)) is not None), None)
            if value is not None:
                fields[name] = value


def _restore_sysmon(fields: dict[str, object], row: Mapping[str, object]) -> None:
    user = find(row, "user.name")
    # Before Sysmon 13.30 most events name no user, and without a pipeline user.name may be anything, the agent's own account say.
    if fields.get("User") is None and fields.get("UtcTime") is None and isinstance(user, str):
        domain = find(row, "user.domain")
        fields["User"] = f"{domain}\\{user}" if isinstance(domain, str) else user
    if fields.get("Hashes") is None:
        hashes = find(row, "process.hash") or find(row, "file.hash")
        if isinstance(hashes, dict):
            fields["Hashes"] = ",".join(f"{name.upper()}={value}" for name, value in hashes.items())
    direction = find(row, "network.direction")
    if fields.get("Initiated") is None and isinstance(direction, str) and direction in _INITIATED:
        fields["Initiated"] = _INITIATED[direction]
