"""Names in the bytes of old code pages and of UTF-16: read as what they are, or refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from graphcorr.sources.code_pages import declared_page, guess_page
from graphcorr.sources.inputs import discover
from graphcorr.sources.parts import divide
from graphcorr.sources.streams import detect_encoding
from tests.sources.reads import flat, read_bytes, read_input, read_path

NAME = "C:\\Temp\\Gehaltsübersicht_März.exe"
XML = (
    "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><TimeCreated SystemTime='2024-03-05T09:14:31Z'/>"
    "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws5</Computer></System><EventData>"
    f"<Data Name='Image'>{NAME}</Data></EventData></Event>\r\n"
)
TEXTS = {
    "xml": XML,
    "xml array": f"<?xml version='1.0'?><Events>{XML}</Events>",
    "lines": orjson.dumps({"EventID": 1, "SourceName": "Microsoft-Windows-Sysmon", "Image": NAME}).decode() + "\n",
    "array": "[" + orjson.dumps({"EventID": 1, "SourceName": "Microsoft-Windows-Sysmon", "Image": NAME}).decode() + "]",
}


@pytest.mark.parametrize(
    "page", ["cp437", "cp850", "cp858", "cp1252", "cp1250", "cp852", "latin-1", "utf-8", "utf-16-le", "utf-16-be", "utf-16"]
)
@pytest.mark.parametrize("text", TEXTS)
def test_a_name_is_the_same_in_every_encoding(tmp_path: Path, text: str, page: str) -> None:
    result = read_bytes(tmp_path, TEXTS[text].encode(page))
    assert [record.fields["Image"] for record in result.records] == [NAME]
    assert result.skips == []
    assert NAME.replace("\\", "") in result.records[0].raw.decode().replace("\\", "")
    if page.startswith("utf"):
        assert result.status == "read"
    else:
        assert "text that is not UTF-8 was read as code page " in (result.reason or "")


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("Prüfung Größe Füße Straße", ("cp1252", "cp850", "cp437")),
        ("señor mañana Ñandú", ("cp1252", "cp850", "cp437")),
        ("façade à côté éléphant", ("cp1252", "cp850", "cp437")),
        ("Åse Bjørn Ærø", ("cp1252", "cp850")),
        ("MÄRZ ÜBERSICHT", ("cp1252", "cp850", "cp437")),
        ("GehaltsÜbersicht Wörter", ("cp1252", "cp850", "cp437")),
        ("Зарплата за март", ("cp1251", "cp866")),
        ("Отчёт ЗАРПЛАТА", ("cp1251", "cp866")),
        ("Žluťoučký kůň", ("cp1250", "cp852")),
        ("Ελλάδα μισθός", ("cp1253", "cp737")),
        ("„März“ – Übung…", ("cp1252",)),
        ("25°C März", ("cp1252",)),
        ("Intel® Müller™ Prüfung", ("cp1252",)),
    ],
)
def test_the_page_is_the_one_that_gives_words(written: str, pages: tuple[str, ...]) -> None:
    for page in pages:
        found = guess_page(written.encode(page))
        assert found is not None
        assert written.encode(page).decode(found) == written


@pytest.mark.parametrize(
    "text",
    [
        b"caf\xe9",  # one byte may as well be damage
        "表計算給与".encode("cp932"),
        "工资表三月".encode("gbk"),
        "급여".encode("cp949"),
        bytes(range(128, 256)),
        b"adm.k\xe0\xe1\xa9\x89#och",  # letters with signs in their midst are bytes that came from elsewhere
        b"",
        b"plain",
    ],
)
def test_what_gives_no_words_is_no_guess(text: bytes) -> None:
    assert guess_page(text) is None


def test_a_record_in_no_encoding_is_a_skip_and_its_neighbors_are_read(tmp_path: Path) -> None:
    odd = flat(1, Image="?").replace(b"?", "表計算給与".encode("cp932").replace(b"\\", b"/"))
    result = read_bytes(tmp_path, b"\n".join((flat(1), odd, flat(1, Image="Ü-Bung ä"))))
    assert result.numbers == [1, 3]
    assert [number for number, _ in result.skips] == [2]
    assert "is not UTF-8" in result.skips[0][1]


def test_records_in_utf_8_beside_others_stay_what_they_are(tmp_path: Path) -> None:
    lines = [flat(1, Image=NAME), orjson.dumps(orjson.loads(flat(1, Image=NAME))).decode().encode("cp850"), flat(11, Image=NAME)]
    result = read_bytes(tmp_path, b"\n".join(lines))
    assert [record.fields["Image"] for record in result.records] == [NAME] * 3
    assert (result.reason or "").count("code page") == 1


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("windows-1251", "Отчёт.exe"),
        ("shift_jis", "表計算給与.exe"),
        ("ISO-8859-1", "März.exe"),
        ("gb18030", "工资表三月.exe"),
        ("ibm866", "Ёж.exe"),
    ],
)
def test_what_a_document_declares_is_no_guess(tmp_path: Path, encoding: str, name: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>\n{XML.replace(NAME, name)}'.encode(encoding)
    result = read_bytes(tmp_path, content)
    assert [record.fields["Image"] for record in result.records] == [name]
    assert (result.status, result.skips) == ("read", [])


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "nonsense", "utf-7", "ascii"])
def test_what_declares_nothing_of_use(encoding: str) -> None:
    assert declared_page(f"<?xml version='1.0' encoding='{encoding}'?>".encode()) is None


def test_zeek_rows_in_a_code_page(tmp_path: Path) -> None:
    text = "#separator \\x09\n#path\tsmb_files\n#fields\tts\tuid\tname\n#types\ttime\tstring\tstring\n1.5\tA\tÜbersicht_März.exe\n"
    [record] = read_bytes(tmp_path, text.encode("cp1252")).records
    assert record.fields["name"] == "Übersicht_März.exe"


def test_parts_of_a_file_in_a_code_page_are_read_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes((TEXTS["lines"].replace("ü", "u").replace("ä", "a") * 2000 + TEXTS["lines"] * 1000).encode("cp850"))
    [source] = discover([str(path)])
    parts = divide(source, 3)
    assert len(parts) == 3
    assert [read_input(part).plain for part in parts][::2] == [True, False]
    assert len(read_path(path).records) == 3000
    (tmp_path / "x.log.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert len(read_path(tmp_path / "x.log.gz").records) == 3000


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_also_where_little_of_it_is_ascii(encoding: str) -> None:
    assert detect_encoding(('{"Имя файла":"' + "Зарплата_за_март" * 30 + '"}').encode(encoding)) == (encoding, 0)
    assert detect_encoding(('{"名":"' + "工资表三月" * 30 + ' a b c d e f g h i j k l m n o p q r s t"}').encode(encoding)) == (encoding, 0)


@pytest.mark.parametrize(
    "content", [b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0", b"ElfFile\0" + bytes(16), b"\xd4\xc3\xb2\xa1\2\0\4\0", b"{}" * 9, b"\0" * 40]
)
def test_what_is_no_utf_16(content: bytes) -> None:
    assert detect_encoding(content) == (None, 0)


@pytest.mark.parametrize("wide", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_is_appended_in_one_byte_a_letter_is_read_as_well(tmp_path: Path, wide: str) -> None:
    result = read_bytes(tmp_path, (TEXTS["lines"] * 3).encode(wide) + (TEXTS["lines"] * 2000).encode())
    assert [record.fields["Image"] for record in result.records] == [NAME] * 2003
    assert result.skips == []


def test_chinese_letters_in_a_row_are_no_other_encoding(tmp_path: Path) -> None:
    name = "工资表三月" * 200
    result = read_bytes(tmp_path, (TEXTS["lines"].replace(NAME.replace("\\", "\\\\"), name) * 500).encode("utf-16"))
    assert {record.fields["Image"] for record in result.records} == {name}
    assert len(result.records) == 500


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_events_in_utf_16_behind_others_are_told(tmp_path: Path, wide: str) -> None:
    result = read_bytes(tmp_path, (XML * 2).encode() + (XML * 3).encode(wide) + XML.encode())
    assert (len(result.records), len(result.skips), result.count) == (3, 3, 6)
