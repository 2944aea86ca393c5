"""Events as XML: roots or none, cut-off and broken events, nothing ever resolved from outside."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from graphcorr.sources import xml
from tests.sources.reads import read_bytes

NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(event_id: int = 4688, data: str = "<Data Name='NewProcessName'>C:\\x &amp; y.exe</Data><Data Name='Empty'/>") -> str:
    return (
        f"<Event xmlns='{NAMESPACE}'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{{54849625}}'/>"
        f"<EventID Qualifiers='0'>{event_id}</EventID><TimeCreated SystemTime='2020-10-09T22:27:49.1750000Z'/>"
        "<EventRecordID>42</EventRecordID><Channel>Security</Channel><Computer>ws5.example.org</Computer>"
        "<Security UserID='S-1-5-18'/></System>"
        f"<EventData>{data}</EventData></Event>"
    )


@pytest.mark.parametrize(
    "text",
    [
        event() + event(5156) + event(),
        f"<?xml version='1.0'?>\n<Events>\n{event()}\n{event(5156)}\n{event()}</Events>",
        "\r\n".join((event().replace("><", ">\r\n<"), event(5156), event())),
        "".join(f"Record {number}\n<?xml version='1.0'?>\n{one}\n" for number, one in enumerate((event(), event(5156), event()), 1)),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_events_with_and_without_a_root(tmp_path: Path, text: str, encoding: str) -> None:
    result = read_bytes(tmp_path, text.encode(encoding))
    assert (result.format, result.status, result.count, result.numbers) == ("xml", "read", 3, [1, 3])
    record = result.records[0]
    assert record.fields == {"NewProcessName": "C:\\x & y.exe", "Empty": None, "UserID": "S-1-5-18"}
    assert (record.log, record.computer, record.channel, record.record_id) == ("security-4688", "ws5.example.org", "Security", 42)
    assert record.created == "2020-10-09T22:27:49.1750000Z"
    assert result.records[1].raw == event().encode()


def test_user_data_and_unnamed_data(tmp_path: Path) -> None:
    cleared = event(1102).replace("Security-Auditing", "Eventlog").replace("<EventData>", "<UserData><LogFileCleared xmlns='x'>")
    cleared = cleared.replace("</EventData>", "</LogFileCleared></UserData>").replace(
        "<Data Name='Empty'/>", "<SubjectUserName>u</SubjectUserName>"
    )
    result = read_bytes(tmp_path, (cleared + event(4688, "<Data>a</Data><Data>b</Data>")).encode())
    assert result.records[0].fields == {"NewProcessName": "C:\\x & y.exe", "SubjectUserName": "u", "UserID": "S-1-5-18"}
    assert result.records[1].fields == {"Data": ["a", "b"], "UserID": "S-1-5-18"}


def test_a_bad_event_loses_only_itself(tmp_path: Path) -> None:
    bad = event(data="<Data Name='x'>&undefined;</Data>")
    open_ended = event()[:-20]
    latin = event().replace("x &amp; y", "caf\xe9").encode("latin-1")
    content = event().encode() + bad.encode() + open_ended.encode() + event().encode() + latin + event().encode() + open_ended.encode()
    result = read_bytes(tmp_path, content)
    assert result.numbers == [1, 4, 6]
    assert [(number, reason.split(",")[0]) for number, reason in result.skips] == [
        (2, "not XML: Entity 'undefined' not defined"),
        (3, "the event is cut off or longer than 64 MiB"),
        (5, f"byte {latin.index(0xE9)} (0xe9) is not UTF-8"),
        (7, "the event is cut off or longer than 64 MiB"),
    ]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ufffe", "&#x1;", "&#0;", "&#xD800;", "&#99999999;"])
def test_what_xml_cannot_hold_costs_no_event(tmp_path: Path, character: str) -> None:
    text = event(data=f"<Data Name='CommandLine'>a&#x41;{character}b&#9;</Data>")
    assert read_bytes(tmp_path, text.encode()).records[0].fields["CommandLine"] == "aA\ufffdb\t"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "&#x1;"])
def test_what_xml_cannot_hold_names_no_machine(tmp_path: Path, character: str) -> None:
    damaged = event().replace("ws5.example", f"ws{character}5.example")
    result = read_bytes(tmp_path, (event() + damaged + event()).encode())
    assert (result.numbers, [number for number, _ in result.skips]) == ([1, 3], [2])
    assert result.skips[0][1].startswith("not XML: ")


def test_entities_are_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    declaration = f"<?xml version='1.0'?><!DOCTYPE Events [<!ENTITY s SYSTEM '{secret.as_uri()}'>]>"
    text = f"{declaration}<Events>{event(data='<Data>&s;</Data>')}</Events>"
    result = read_bytes(tmp_path, text.encode())
    assert result.records == []
    assert len(result.skips) == 1


def test_an_id_in_a_comment_or_in_other_data_dismisses_nothing() -> None:
    ids = frozenset({4688})
    assert xml.is_unwanted(event(5156).encode(), ids)
    assert not xml.is_unwanted(event(4688).encode(), ids)
    assert not xml.is_unwanted(event(5156).replace("<System>", "<System><!-- -->").encode(), ids)
    assert not xml.is_unwanted(event(5156, "<EventID>4688</EventID>").encode(), ids)


@pytest.mark.parametrize("size", [1, 13, 100])
def test_chunks_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(xml, "CHUNK_SIZE", size)
    assert read_bytes(tmp_path, ("<Events>" + event() * 3 + "</Events>").encode()).numbers == [1, 2, 3]


@pytest.mark.parametrize("size", [7, 64, 1000])
def test_only_its_length_makes_an_event_too_long(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(xml, "LINE_LIMIT", 2000)
    monkeypatch.setattr(xml, "CHUNK_SIZE", size)
    events = [b"<Event >" + b"x" * (length - 16) + b"</Event>" for length in (2000, 2001, 100)]
    assert list(xml.cut_events(io.BytesIO(b"\n".join(events)))) == [events[0], None, events[2]]


WIDE = b"\xff\xfe" + event().encode("utf-16-le")
CUT = event()[:-20].encode()
TAIL = event()[-40:].encode()
"""What is left of an event that lost its beginning."""


@pytest.mark.parametrize("size", [7, 64, 1 << 16])
@pytest.mark.parametrize(
    ("content", "lost"),
    [
        (WIDE, 1),
        (CUT + WIDE, 2),
        (WIDE + WIDE, 2),
        (CUT + WIDE + TAIL, 3),
        (WIDE[:300] + WIDE, 2),
        (WIDE + TAIL, 2),
        (CUT + CUT + WIDE[:300], 3),
        (TAIL + TAIL, 2),
        (event().encode("utf-16-be"), 1),
        (event().encode("utf-32-le"), 1),
    ],
)
def test_events_of_another_encoding_amid_the_others_are_lost_one_by_one(
    monkeypatch: pytest.MonkeyPatch, content: bytes, lost: int, size: int
) -> None:
    monkeypatch.setattr(xml, "CHUNK_SIZE", size)
    whole = event().encode()
    pieces = list(xml.cut_events(io.BytesIO(b"\n".join((whole, content, whole, content)))))
    assert pieces == [whole, *[None] * lost, whole, *[None] * lost]


def test_an_event_with_the_null_character_in_a_value_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = event(data="<Data Name='CommandLine'>a\0b</Data>").encode()
    assert list(xml.cut_events(io.BytesIO(whole))) == [whole]


@pytest.mark.parametrize("size", range(1, 24))
def test_a_tag_is_found_wherever_a_chunk_ends(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(xml, "CHUNK_SIZE", size)
    whole = event().encode()
    assert list(xml.cut_events(io.BytesIO(TAIL + whole + TAIL))) == [None, whole, None]


def test_an_event_that_is_too_long_and_has_no_end_is_lost_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "LINE_LIMIT", 2000)
    monkeypatch.setattr(xml, "CHUNK_SIZE", 300)
    whole = event().encode()
    content = b"\n".join((whole, event(data="x" * 5000).encode(), whole, event(data="x" * 5000)[:-30].encode()))
    assert list(xml.cut_events(io.BytesIO(content))) == [whole, None, whole, None]
