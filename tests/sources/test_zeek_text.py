"""Names in other bytes: how Zeek's releases spell what is no ASCII, in text and in JSON."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from graphcorr.sources.zeek_text import restore, unescape
from tests.sources.reads import read_bytes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("\\\\\\\\HOST\\\\C$", "\\\\HOST\\C$"),
        ("\\\\HOST\\C$", "\\\\HOST\\C$"),  # an older release wrote the backslashes as they are
        ("caf\\xc3\\xa9", "café"),
        ("\\xff", "\\xff"),
        ("plain", "plain"),
        ("\\x5cpipe", "\\pipe"),
        ("a\\x09b\\x2cc", "a\tb,c"),
        ("Temp\\M\\xc3\\xa4rz.exe", "Temp\\März.exe"),
        ("Temp\\\\M\\xc3\\xa4rz.exe", "Temp\\März.exe"),
        ("Temp\\\\xc3\\xbcbung.exe", "Temp\\übung.exe"),
        ("Temp\\\\\\xc3\\xbcbung.exe", "Temp\\übung.exe"),
        ("Temp\\\\xc3\\\\xbc.exe", "Temp\\xc3\\xbc.exe"),
        ("Temp\\\\März.exe", "Temp\\März.exe"),
        ("bin\\x64", "bin\\x64"),
        ("bin\\x86", "bin\\x86"),
        ("bin\\x64\\x86\\run.exe", "bin\\x64\\x86\\run.exe"),
        ("dir\\\\caf\\xe9.exe", "dir\\caf\\xe9.exe"),
        ("dir\\caf\\xe9_\\xe2\\x82\\xac.exe", "dir\\caf\\xe9_€.exe"),
        ("\\xf0\\x9f\\x98\\x80\\xe4\\xb8\\xad", "😀中"),
    ],
)
def test_escapes_of_text_logs(written: str, meant: str) -> None:
    assert unescape(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Temp\\Gehalts\\xc3\\xbcbersicht_M\\xc3\\xa4rz.exe", "Temp\\Gehaltsübersicht_März.exe"),  # 3.0 and before
        ("Temp\\\\xc3\\xbcbung.exe", "Temp\\übung.exe"),
        ("Temp\\März.exe", "Temp\\März.exe"),
        ("Temp\\GrÃ¼Ã\x9fe.exe", "Temp\\Grüße.exe"),  # 2.5 and before, one character a byte
        ("\\\\HOST\\C$", "\\\\HOST\\C$"),
        ("\\\\HOST", "\\\\HOST"),
        ("\\\\\\\\HOST\\\\M\\xc3\\xa4rz$", "\\\\HOST\\März$"),  # 9.0, asked to write JSON as it writes text
        ("Temp\\\\März.exe", "Temp\\März.exe"),
        ("caf\U000f00e9 \U000f00c3\U000f00bc", "caf\\xe9 ü"),  # 9.0, asked for characters of private use
        ("bin\\x64\\x86\\run.exe", "bin\\x64\\x86\\run.exe"),
        ("caf\\xe9\\x07", "caf\\xe9\\x07"),
        ("é", "é"),
        ("naïve Ÿ", "naïve Ÿ"),
    ],
)
def test_bytes_of_json_logs(written: str, meant: str) -> None:
    assert restore(written) == meant


@pytest.mark.parametrize("name", ["Temp\\Gehalts\\xc3\\xbcbersicht.exe", "Temp\\GehaltsÃ¼bersicht.exe", "Temp\\Gehaltsübersicht.exe"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_names_of_json_rows_and_what_their_sets_hold(tmp_path: Path, name: str, ascii_only: bool) -> None:
    row = orjson.dumps({"_path": "smb_files", "ts": 1.5, "uid": "C1", "name": name, "tags": [name], "size": 7})
    if ascii_only:
        row = row.decode().encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00").replace(b"\\\\u00", b"\\\\x")
    [record] = read_bytes(tmp_path, row + b"\n").records
    assert record.fields["name"] == "Temp\\Gehaltsübersicht.exe"
    assert record.fields["tags"] == ["Temp\\Gehaltsübersicht.exe"]
    assert (record.fields["size"], record.created) == (7, 1.5)
