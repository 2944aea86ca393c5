"""Encoded commands in words: as command lines and records have them; bounded, and nothing that only looks like one."""

from __future__ import annotations

import base64
import json

import pytest

from graphcorr.syntax.encoded import LONGEST, MOST, decode_commands

CODE = "Invoke-Thing -Path 'C:\\a+b/c' | Out-Null # ??>>"


def encoded(code: str) -> str:
    return base64.b64encode(code.encode("utf-16-le")).decode()


@pytest.mark.parametrize("option", ["-e", "-ec", "-enc", "-EncodedCommand", "/encodedcommand", "\u2013enc"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_command_line(option: str, quote: str) -> None:
    assert decode_commands(f"powershell.exe -nop -w hidden {option} {quote}{encoded(CODE)}{quote} more") == [CODE]


def test_a_record_as_json_and_as_xml() -> None:
    command = f'powershell -enc "{encoded(CODE)}"'
    assert decode_commands(json.dumps({"CommandLine": command, "Other": 1})) == [CODE]
    assert decode_commands(f"<Data Name='CommandLine'>{command.replace(chr(34), '&quot;')}</Data>") == [CODE]
    assert decode_commands(json.dumps({"CommandLine": command}).replace("+", "\\u002b").replace("/", "\\/")) == [CODE]


def test_one_inside_of_another_and_one_that_the_log_cut() -> None:
    outer = f"powershell -e {encoded(CODE)}"
    assert decode_commands(f"cmd /c powershell -enc {encoded(outer)}") == [outer, CODE]
    assert decode_commands(f"powershell -enc {encoded(CODE)[:41]}") == [CODE[:15]]


@pytest.mark.parametrize(
    "text",
    [
        "certutil -encode C:\\in.txt C:\\out.txt",
        "tool.exe -e ABCDEFGHIJKLMNOPQRSTUVWX",
        "tool.exe -enable " + base64.b64encode(bytes(range(256))).decode(),
        "powershell -enc short",
        "",
    ],
)
def test_what_is_no_encoded_command(text: str) -> None:
    assert decode_commands(text) == []


def test_it_is_bounded() -> None:
    many = " ".join(f"powershell -enc {encoded(f'{number} ' + CODE)}" for number in range(20))
    assert len(decode_commands(many)) == MOST
    assert len(decode_commands(f"powershell -enc {encoded('a b' * 100_000)}")[0]) == LONGEST
    again = CODE
    for _ in range(9):
        again = f"powershell -enc {encoded(again)}"
    assert len(decode_commands(again)) <= MOST
