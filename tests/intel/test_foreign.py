"""Intelligence of other formats is refused by name, and STIX 2 in whatever form is not taken for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphcorr.errors import InputError
from graphcorr.intel.foreign import name_foreign
from graphcorr.intel.library import Library
from graphcorr.intel.loading import check_read, load
from graphcorr.intel.reading import read_documents, split

STIX_1 = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made up -->
<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" version="1.2" id="acme:Package-1"><stix:Indicators/></stix:STIX_Package>"""
MISP = {"Event": {"info": "made up", "Attribute": [{"type": "ip-dst", "value": "10.0.0.1"}]}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (STIX_1, "is STIX 1"),
        (json.dumps({"id": "acme:Package-1", "version": "1.1.1", "indicators": [{"title": "x"}]}).encode(), "is STIX 1"),
        (json.dumps({"stix_header": {"title": "x"}, "timestamp": "2024-01-01T00:00:00", "version": "1.2"}).encode(), "is STIX 1"),
        (json.dumps(MISP).encode(), "is MISP's own"),
        (json.dumps([MISP, MISP], indent=1).encode(), "is MISP's own"),
        (json.dumps({"response": [MISP]}).encode(), "is MISP's own"),
        (json.dumps({"response": {"Attribute": []}}).encode(), "is MISP's own"),
        (b'<?xml version="1.0"?>\n<response><Event><id>1</id></Event></response>', "is MISP's own"),
        (b'<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="x"><definition/></ioc>', "is OpenIOC"),
        (b"<html><body>no</body></html>", "is XML"),
    ],
)
def test_other_formats_are_named(content: bytes, words: str) -> None:
    assert words in (name_foreign(content) or "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b'{"type":"bundle","spec_version":"2.0","objects":[]}',
        b'{"type":"indicator","version":"1.2","indicators":[]}',
        b'{"version":"1.2"}',
        b'{"version":"2.1","indicators":[]}',
        b'[{"type":"malware","name":"Event"}]',
        b'{"objects":[{"type":"malware"}],"more":false}',
    ],
)
def test_what_may_be_stix_is_not(content: bytes) -> None:
    assert name_foreign(content) is None


def test_a_refused_file_says_how_to_convert_it(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(MISP))
    library = Library(tmp_path / "intel")
    done = load(library, read_documents([str(tmp_path / "event.json")]))
    library.close()
    assert (done.read, len(done.problems)) == (0, 1)
    with pytest.raises(
        InputError, match=r"event\.json: is MISP's own format, .* as STIX 2\.1, .* misp_stix_converter export --version 2\.1"
    ):
        check_read(done)


def test_what_a_taxii_server_answers_is_taken_apart() -> None:
    """As it is saved with a browser: objects and no type."""
    assert [piece.text for piece in split(b'{"more": false, "objects": [{"type":"tool"}, {"type":"malware"}]}')] == [
        b'{"type":"tool"}',
        b'{"type":"malware"}',
    ]
    assert [piece.text for piece in split(b'{"type":"bundle","objects":{}}')] == [b'{"type":"bundle","objects":{}}']
    assert [piece.text for piece in split(b'{"type":"report","objects":[1]}')] == [b'{"type":"report","objects":[1]}']
