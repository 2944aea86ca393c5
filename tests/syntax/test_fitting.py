"""What a value can be by its name: everything that logs have there, and nothing of its neighbors'."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.syntax import fitting

GUID = "{B3A2C1D0-E2E7-65E6-1C05-000000001A00}"
TIME = "2024-03-05 09:14:31.500"
SID = "S-1-5-21-1111111111-2222222222-3333333333-1105"
HASH = "SHA256=" + "1F" * 32
OTHERS = (GUID, GUID.strip("{}").lower(), TIME, "2024-03-05T09:14:31Z", SID, "6120", "0x3e7", HASH, f"MD5={'0a' * 16},{HASH}")
ABSENT: tuple[object, ...] = (None, "", "-", "N/A", [], {})

CAN_BE: list[tuple[Callable[..., bool], tuple[object, ...]]] = [
    (fitting.may_be_number, (True, "6120", 6120, "0x17e8", "-1", "4.0", "99999999999999999999999", 4.0)),
    (fitting.may_be_flag, ("true", "T", "F", "False", 1, "%%1842")),
    (fitting.may_be_guid, (GUID, GUID.strip("{}").lower(), "0", "0x0", 0)),
    (fitting.may_be_logon, ("0x3e7", 999, "999", "(0x0,0x3E7)", "0x0000000000012345")),
    (fitting.may_be_address, ("10.1.1.9", "::1", "fe80::1%12", "::ffff:10.0.0.1", "10.1.1.9:445", "LOCAL", "localhost", "0.0.0.0", "::")),  # noqa: S104
    (
        fitting.may_be_time,
        (TIME, "2024-03-05", 1709630042.1, "1601-01-01 00:00:00", "/Date(1709630042130)/", "5. März 2024 09:14"),
    ),
    (fitting.may_be_sid, (SID, "S-1-5-18", "CORP\\adm.koch", "NT AUTHORITY\\SYSTEM", "adm.koch")),
    (
        fitting.may_be_account,
        (
            "NT AUTHORITY\\SYSTEM",
            "adm.koch",
            "WS01$",
            "4711",
            SID,
            "bob@corp.example",
            f"NT VIRTUAL MACHINE\\{GUID}",
            "host/a.b@C",
            "9" * 20,
        ),
    ),
    (
        fitting.may_be_domain,
        (
            *(
                "CORP",
                "corp.example",
                "NT AUTHORITY",
                "10.1.1.9",
                "::1",
                ".",
                "NT-AUTORIT\xc4T",
                "NT-AUTORIT\ufffdT",
                "ИМЯ",
                "3B",
                "4711",
                4711,
            ),
            *("DOM_A", "A&B", "R{D", "MicrosoftAccount", "Font Driver Host", "a" * 60 + ".example"),
        ),
    ),
    (fitting.may_be_own_domain, ("CORP", "corp.example", "NT AUTHORITY", "4711A", "3com", "1.2.example", "_a.example", "ünï.example")),
    (fitting.may_be_own_account, ("CORP\\4711", "NT AUTHORITY\\SYSTEM", "bob", "bob@corp.example")),
    (fitting.may_be_machine, ("ws5", "WS-5.corp.example", "10.1.1.9", "fe80::1%12", "M\xdcLLER-PC", "M\ufffdLLER-PC", "a_b", "R{D")),
    (fitting.may_be_file_object, ("File", "file")),
    (
        fitting.may_be_program,
        (
            "C:\\Windows\\Temp\\inv32.exe",
            '"C:\\Program Files\\a b\\x.exe"',
            "System",
            "MemCompression",
            "<unknown process>",
            "Secure System",
            "\\Device\\HarddiskVolume2\\x.exe",
            "\\SystemRoot\\System32\\smss.exe",
            "\\\\host\\share\\x.exe",
            "\\??\\C:\\x.exe",
            "/usr/bin/ls",
            "%SystemRoot%\\x.exe",
            "bin\\x.exe",
            "C:\\a.com",
        ),
    ),
    (fitting.may_be_file, ("C:\\x", "C:\\a\\b.dll:Zone.Identifier", "\\Device\\Mup\\h\\s\\x", "\\\\h\\s\\x", "a\\b.exe", "/tmp/x")),
    (fitting.may_be_folder, ("C:\\Windows\\system32\\", "\\\\h\\s\\", "/root", "C:", '"C:\\x y\\"', "%TEMP%\\x")),
    (
        fitting.may_be_command,
        ("cmd", "C:\\a.exe", '"C:\\a b\\a.exe" -q', "explorer C:\\Temp\\", "\\??\\C:\\x.exe", "run NT AUTHORITY\\SYSTEM"),
    ),
    (fitting.may_be_service, ("C:\\x.exe -k", "%COMSPEC% /C echo", "x", "\\??\\C:\\x.sys")),
    (fitting.may_be_start, ("auto start", "3", 3, "demand start", "Manuell starten")),
    (fitting.may_be_signer, ("Microsoft Windows", "Example, Inc.")),
    (fitting.may_be_pipe, ("\\svcctl", "\\PSEXESVC-WS01-4711-stdin", "<Anonymous Pipe>", GUID, "4711", "\\\\.\\pipe\\x")),
    (fitting.may_be_share, ("\\\\*\\C$", "\\\\*\\IPC$", "\\C$")),
    (fitting.may_be_share_folder, ("\\??\\C:\\", "\\??\\C:\\Windows", "C:\\x")),
    (fitting.may_be_hashes, (HASH, "MD5=,SHA256=", "0a" * 16, "1F" * 32, "Unknown", f"IMPHASH={'0' * 32}", "TLSH=T1AB")),
]
CANNOT_BE: list[tuple[Callable[..., bool], tuple[object, ...]]] = [
    (fitting.may_be_number, ("C:\\x.exe", GUID, TIME, "six", "File", "1_0")),
    (fitting.may_be_flag, (GUID, "C:\\x", "tcp", "2")),
    (fitting.may_be_guid, ("0x3e7", "712", "C:\\x", "CORP", TIME)),
    (fitting.may_be_logon, ("CORP", GUID, SID, "C:\\x", "ZZ")),
    (fitting.may_be_address, ("File", "51515", "C:\\x", "999.1.1.1", "10.20.30", "not-an-address", GUID, SID)),
    (fitting.may_be_time, ("C:\\Windows\\x1.exe", "\\\\h\\s\\1", "System", GUID, SID, HASH)),
    (
        fitting.may_be_sid,
        (
            *(GUID, "C:\\x", TIME, "6120", "0x3e7", HASH, "S-1-5", "S-1-5-", "S-1-5-21-x-2-3-500", "S-2-5-18", "S-1-5-21-1-2-3-"),
            *("S-1-5-21-1-2-3-4294967296", "S-1-5" + "-1" * 16),
        ),
    ),
    (
        fitting.may_be_account,
        (
            GUID,
            "C:\\Windows\\system32\\",
            "\\\\h\\s",
            TIME,
            "0x3e7",
            HASH,
            "Valid",
            "CORP\\",
            f"CORP\\{GUID}",
            "CORP\\<Event>",
            "a=b",
            f"CORP\\{SID}",
            "%%1842",
            "10.1.1.9",
            "0",
            True,
            1.5,
            "\ufffd",
            "CORP\\--",
            "CORP\\a,b",
            "CORP\\a/b",
            f"CORP\\{2**70}",
            "{'a': 1}\\bob",
            "x" * 257,
        ),
    ),
    (
        fitting.may_be_domain,
        (
            *("NTLM", SID, "%%1842", False, GUID, "C:\\x", TIME, "0x3e7", HASH),
            *(
                "{'a': 1}",
                "[]",
                "\\",
                "CORP\\",
                "\ufffd",
                "{}",
                "<Event>",
                "a|b",
                "a+b",
                "a\x00b",
                "2" * 16,
                1.5,
                "x" * 257,
                "True",
                "2024-03-05",
            ),
        ),
    ),
    (fitting.may_be_own_account, ("4711\\bob", "10.0.0.7\\bob", "::1\\bob", ".\\bob", "CORP\\b\x7fb")),
    (
        fitting.may_be_own_domain,
        ("10.1.1.9", "10.1", "4711", "::1", ".", "CO\x85RP", "-1", "a..b", ".corp", "co{rp.example", "0x3e7", False),
    ),
    (fitting.may_be_own_domain, ("x" * 64 + ".example",)),
    (
        fitting.may_be_machine,
        (
            "co{rp.example",
            "a..b",
            "C:\\x",
            "ws 5",
            "ws5\\",
            "ws\x005",
            "\ufffd\ufffd",
            "a:b",
            "<Event>",
            "%ws%;x",
            True,
            "True",
            GUID,
            TIME,
            SID,
            "x" * 15 + "{}",
        ),
    ),
    (fitting.may_be_file_object, ("CORP", "Key", "adm.koch", True)),
    (
        fitting.may_be_program,
        (
            *OTHERS,
            "C:\\Windows\\system32\\",
            "C:\\",
            "NT AUTHORITY\\SYSTEM",
            "CORP\\bob",
            "\\svcctl",
            '"C:\\a.exe" -q',
            "%%1936",
            "/usr/bin/",
        ),
    ),
    (fitting.may_be_file, (*OTHERS, "System", "inv32.exe", "NT AUTHORITY\\SYSTEM")),
    (fitting.may_be_folder, (*OTHERS, "NT AUTHORITY\\SYSTEM", "System", "inv32.exe")),
    (fitting.may_be_command, (*OTHERS[:4], "6120", HASH, "C:\\Windows\\system32\\", "NT AUTHORITY\\SYSTEM", "NT Service\\x")),
    (fitting.may_be_service, (*OTHERS, "user mode service", "demand start", "LocalSystem")),
    (fitting.may_be_start, (GUID, "LocalSystem", "user mode service", "0x10", "7")),
    (fitting.may_be_signer, ("true", "Valid", GUID, HASH, "C:\\x.exe")),
    (fitting.may_be_pipe, ("C:\\Windows\\x.exe", TIME, HASH)),
    (fitting.may_be_share, ("\\??\\C:\\", "File", "0x5a1b2c", "C:\\x")),
    (fitting.may_be_share_folder, ("\\\\*\\C$", "Windows\\Temp\\x", "0x120196", "File")),
    (fitting.may_be_hashes, (GUID, "C:\\x", "System", "SHA256=1F", f"{HASH},MD5=0", "1F" * 31, "SHA1=zz", "=1F", HASH[:-1])),
]


@pytest.mark.parametrize(("may_be", "values"), CAN_BE, ids=[may_be.__name__ for may_be, _ in CAN_BE])
def test_what_logs_have_there_fits(may_be: Callable[..., bool], values: tuple[object, ...]) -> None:
    assert [value for value in (*values, *ABSENT) if not may_be(value)] == []


@pytest.mark.parametrize(("may_be", "values"), CANNOT_BE, ids=[may_be.__name__ for may_be, _ in CANNOT_BE])
def test_what_stands_beside_it_does_not(may_be: Callable[..., bool], values: tuple[object, ...]) -> None:
    assert [value for value in values if may_be(value)] == []


def test_accounts_of_virtual_machines_are_guids_and_those_of_people_are_not() -> None:
    assert fitting.may_be_account(GUID, "NT VIRTUAL MACHINE")
    assert not fitting.may_be_account(GUID, "CORP")
    assert not fitting.may_be_account(GUID.strip("{}"), None)


@pytest.mark.parametrize("may_be", [may_be for may_be, _ in CAN_BE[6:]])
def test_a_flag_is_no_text(may_be: Callable[..., bool]) -> None:
    assert not may_be(True)
    assert may_be(None)


def test_an_account_that_nobody_knows_any_more_is_its_sid_without_a_domain() -> None:
    assert fitting.may_be_account(SID, "-")
    assert not fitting.may_be_account(SID, "CORP")


def test_a_digest_is_as_long_as_its_kind() -> None:
    assert fitting.may_be_digest("md5", "0A" * 16)
    assert fitting.may_be_digest("sha256", "-")
    assert not fitting.may_be_digest("md5", "0a" * 20)
    assert not fitting.may_be_digest("sha1", "C:\\x")
