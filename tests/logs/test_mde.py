"""Records of Defender for Endpoint by hand: whose write it was, who opened a connection, and what is absent."""

from __future__ import annotations

from typing import Final

import orjson
import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import wanted
from graphcorr.model.kinds import Kind
from graphcorr.sources.base import Context
from graphcorr.sources.rows import read_row
from tests.logs.records import make, read_own
from tests.sources.reads import ignore

FILE: Final[dict[str, object]] = {
    "ActionType": "FileCreated",
    "FileName": "tool.exe",
    "FolderPath": "C:\\Temp\\tool.exe",
    "SHA1": "cd" * 20,
    "InitiatingProcessFileName": "ntoskrnl.exe",
    "InitiatingProcessId": 4,
    "RequestProtocol": "Smb",
    "RequestSourceIP": "::ffff:10.9.0.5",
    "RequestSourcePort": "50123",
    "RequestAccountName": "otto",
    "RequestAccountDomain": "WERK",
    "ShareName": "C$",
}


def test_a_write_for_a_client_has_its_source() -> None:
    assert read_own("mde-file-events", FILE) == {
        "action": "FileCreated",
        "path": "C:\\Temp\\tool.exe",
        "hashes": "SHA1=" + "CD" * 20,
        "image": "System",
        "pid": 4,
        "protocol": "Smb",
        "source_address": "10.9.0.5",
        "source_port": 50123,
        "target_user": "otto",
        "target_user_domain": "WERK",
        "share": "\\\\*\\C$",
    }


@pytest.mark.parametrize("folder", ["C:\\Temp", "C:\\Temp\\", "C:\\Temp\\TOOL.exe"])
def test_the_folder_may_have_the_name_behind_it(folder: str) -> None:
    path = read_own("mde-file-events", FILE | {"FolderPath": folder})["path"]
    assert str(path).lower() == "c:\\temp\\tool.exe"


def test_absent_values() -> None:
    row = FILE | dict.fromkeys(("RequestSourceIP", "RequestAccountName", "ShareName", "SHA1", "InitiatingProcessId"), "")
    found = read_own("mde-file-events", row | {"InitiatingProcessFileName": "-", "RequestSourcePort": "0"})
    assert set(found) == {"action", "path", "protocol", "target_user_domain"}
    assert normalize([make("mde-file-events", {"ActionType": "FileCreated"})]).skips[0].reason.startswith("no path")


@pytest.mark.parametrize(("action", "source", "target", "out"), [
    ("ConnectionSuccess", ("10.9.0.8", 49000), ("10.9.0.5", 445), True),
    ("InboundConnectionAccepted", ("10.9.0.5", 445), ("10.9.0.8", 49000), False),
])  # fmt: skip
def test_who_opened_a_connection(action: str, source: tuple[str, int], target: tuple[str, int], out: bool) -> None:
    row: dict[str, object] = {"ActionType": action, "LocalIP": "10.9.0.8", "LocalPort": "49000", "RemoteIP": "10.9.0.5", "RemotePort": 445}
    found = read_own("mde-network-events", row)
    assert (found["source_address"], found["source_port"]) == source
    assert (found["target_address"], found["target_port"], found["initiated"]) == (*target, out)


def test_a_process_and_its_creator() -> None:
    row: dict[str, object] = {
        "ActionType": "ProcessCreated",
        "FileName": "cmd.exe",
        "FolderPath": "C:\\Windows\\System32\\cmd.exe",
        "ProcessCommandLine": "cmd.exe /c C:\\p\\x.bat",
        "ProcessId": 77,
        "AccountName": "otto",
        "AccountDomain": "WERK",
        "LogonId": "999",
        "InitiatingProcessFileName": "services.exe",
        "InitiatingProcessFolderPath": "c:\\windows\\system32\\services.exe",
        "InitiatingProcessId": 700,
    }
    found = read_own("mde-process-events", row)
    assert (found["image"], found["logon_id"], found["user"]) == ("C:\\Windows\\System32\\cmd.exe", "0x3e7", "otto")
    assert (found["parent_image"], found["parent_pid"]) == ("c:\\windows\\system32\\services.exe", 700)
    assert "x.bat" in str(found["names"])


@pytest.mark.parametrize(("word", "number"), [("Network", 3), ("RemoteInteractive", 10), ("Local", None), ("Interactive", 2)])
def test_types_of_logons(word: str, number: int | None) -> None:
    row: dict[str, object] = {"ActionType": "LogonSuccess", "AccountName": "otto", "LogonType": word}
    assert read_own("mde-logon-events", row).get("logon_type") == number


def test_the_registry_in_the_words_of_other_logs() -> None:
    row: dict[str, object] = {
        "ActionType": "RegistryValueSet",
        "RegistryKey": "HKEY_LOCAL_MACHINE\\SOFTWARE\\Run",
        "RegistryValueName": "own",
        "RegistryValueData": "C:\\x.exe",
    }
    found = read_own("mde-registry-events", row)
    assert (found["action"], found["target_object"]) == ("SetValue", "HKLM\\SOFTWARE\\Run\\own")


@pytest.mark.parametrize("additional", ['{"ServiceName":"upd"}', {"ServiceName": "upd"}])
def test_fields_within_a_field(additional: object) -> None:
    row = {"Timestamp": "2026-03-02T09:14:03Z", "DeviceName": "a.example", "ActionType": "ServiceInstalled", "FileName": "x.exe"}
    whole = row | {"FolderPath": "C:\\x.exe", "AdditionalFields": additional}
    record = read_row(whole, orjson.dumps(whole), 1, Context(wanted(), "x", ignore))
    assert record is not None
    found = read_own("mde-service-installed", record.fields)
    assert (found["service"], found["path"]) == ("upd", "C:\\x.exe")


@pytest.mark.parametrize("text", ["", "{", "[]", "no object"])
def test_a_damaged_field_is_absence(text: str) -> None:
    assert "service" not in read_own("mde-service-installed", {"FolderPath": "C:\\x.exe", "FileName": "x.exe", "AdditionalFields": text})


def test_the_table_of_identities_is_no_logon_on_a_device() -> None:
    row: dict[str, object] = {"Timestamp": "2026-03-02T09:14:03Z", "DeviceName": "a.example", "ActionType": "LogonSuccess"}
    known = wanted({Kind.LOGON})
    assert [shape.name for shape in known.declared if shape.claims(row)] == []
    assert [shape.name for shape in known.declared if shape.claims(row | {"DeviceId": "5f0c"})] == ["mde-logon-events"]
