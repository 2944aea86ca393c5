"""Files of STIX in whatever form they come → the text of each object, with where it stood.

Bundles, arrays, single objects, one or several objects a line, plain or compressed or in an archive. A document that
is whole is split by the decoder; a damaged one is cut where its objects begin, so that the ones around the damage
stay whole and the damage itself stays a record that can be looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec
import xxhash

from graphcorr.case.folder import printable
from graphcorr.errors import InputError
from graphcorr.intel.foreign import name_foreign
from graphcorr.sources.inputs import NO_NAMES, Input, discover
from graphcorr.sources.streams import CHUNK_SIZE, Content, Transcoded, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

LARGEST: Final = 1 << 30
"""Bytes of one document. It is held in memory whole; the largest release of ATT&CK has 34 MB."""

HEAD: Final = 4096
"""Bytes in which a NUL tells that a document is no text: an image or a database is nothing to keep in quarantine."""
_SPACE: Final = b" \t\r\n,\x00"
_TOKEN: Final = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[{}\n]|"')
"""A string, a brace, the end of a line, or a quote that begins no string. Strings cannot hold the end of a line."""
_FIRST_KEYS: Final = rb"type|id|created|created_by_ref|modified|name|spec_version|revoked|relationship_type|object_marking_refs|description"
_NEXT: Final = re.compile(
    rb"\}[\s,\]\x00]*(?=\{\s*\"(?:" + _FIRST_KEYS + rb")\"\s*:(?!\s*\"[^\"]*\"\s*,\s*\"(?:source_name|url|definition)))"
)
"""Where one object ends and another begins, as far as can be told without counting braces."""
_BUNDLE: Final = re.compile(rb'\A\s*\{(?=[^{}\[\]]*"type"\s*:\s*"bundle")[^{}\[\]]*"objects"\s*:\s*\[')
_BUNDLE_END: Final = re.compile(rb"\]\s*\}\s*\Z")

_DEEPEST: Final = 1_024
"""Objects inside objects that the decoder follows; what is nested deeper is no record whatever its end."""
_PATIENCE: Final = 4
"""Times the length of a document that may be looked at in search of the ends of its objects."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """The text of one object, or of what may have been one."""

    number: int
    """From 1, in its document."""
    text: bytes
    alone: bool = True
    """False when its line or its place held several objects that no array or bundle joins."""


class Document(msgspec.Struct, frozen=True, gc=False):
    """One file, or member of an archive, with its content; ``problem`` says what became of the rest of it."""

    file: str
    member: str | None
    content: bytes
    digest: str
    problem: str | None = None


class _Bundle(msgspec.Struct):
    """A bundle as its members' texts; other keys say nothing that is kept."""

    # Not a tag: msgspec takes an object without its tag for one, and what lacks a type would be an empty bundle.
    type: Literal["bundle"]
    objects: list[msgspec.Raw] = []


class _Envelope(msgspec.Struct):
    objects: list[msgspec.Raw]
    type: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_AS_ENVELOPE: Final = msgspec.json.Decoder(_Envelope)
_AS_BUNDLE: Final = msgspec.json.Decoder(_Bundle)
_AS_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_AS_ANY: Final = msgspec.json.Decoder(msgspec.Raw)


def read_documents(paths: Sequence[str], stdin: BinaryIO | None = None, names: Mapping[str, str] = NO_NAMES) -> Iterator[Document]:
    """Every document below the arguments, decompressed, in UTF-8. ``UsageError`` for a path that does not exist.

    ``names`` are what files are called that are kept by another name.
    """
    for found in discover(paths, stdin, names):
        yield read_document(found)


def read_document(found: Input) -> Document:
    """What cannot be opened is a document without content, and ``problem`` says why."""
    try:
        source = found.open()
    except (InputError, OSError) as error:
        reason = error.reason if isinstance(error, InputError) else f"cannot be opened: {error.strerror or error}"
        return Document(printable(found.file), None if found.member is None else printable(found.member), b"", "", reason)
    content = Content(source)
    try:
        encoding, mark = detect_encoding(content.peek())
        content.read(mark)
        stream = Transcoded(content, encoding) if encoding else content
        pieces: list[bytes] = []
        length = 0
        while length <= LARGEST and (piece := stream.read(CHUNK_SIZE)):
            pieces.append(piece)
            length += len(piece)
    finally:
        source.close()
    data = b"".join(pieces)
    problem = content.problem
    if length > LARGEST:
        data, problem = data[:LARGEST], f"longer than {LARGEST >> 20} MiB; the rest was not read"
    if problem is None and b"\0" in data[:HEAD] and data[:1] not in {b"{", b"["}:
        data, problem = b"", "it is no text, and no STIX"
    if problem is None and (foreign := name_foreign(data)) is not None:
        data, problem = b"", foreign
    # Names that are no UTF-8 could be neither kept nor printed.
    member = printable(found.member) if found.member is not None else None
    return Document(printable(found.file), member, data, xxhash.xxh3_128_hexdigest(data), problem)


def split(data: bytes) -> Iterator[Piece]:
    """The objects of a document, bundles and arrays taken apart; nothing of the text but separators is left out.

    Damaged text is a piece as well: whether it can be used is not decided here.
    """
    stripped = data.strip(_SPACE)
    if not stripped:
        return
    whole = _members(stripped)
    if whole is not None:
        for number, text in enumerate(_flatten(whole), 1):
            yield Piece(number, text)
        return
    for number, (text, alone) in enumerate(_split_damaged(stripped), 1):
        yield Piece(number, text, alone)


def _flatten(whole: list[bytes]) -> list[bytes]:
    """Bundles and lists among the members are taken apart: one level, because nobody nests them deeper and a bomb would."""
    flat: list[bytes] = []
    for text in whole:
        inner = _members(text) if text.startswith(b"[") or text.find(b'"bundle"', 0, HEAD) >= 0 else None
        if inner is None:
            flat.append(text)
        else:
            flat += inner
    return flat


def _split_damaged(stripped: bytes) -> Iterator[tuple[bytes, bool]]:
    head = _BUNDLE.match(stripped)
    if head is not None:
        yield from ((text, True) for text in _cut(_BUNDLE_END.sub(b"", stripped[head.end() :])))
    elif stripped[:1] == b"[":
        yield from ((text, True) for text in _cut(stripped[1:].removesuffix(b"]")))
    else:
        yield from _split_lines(stripped)


def _members(text: bytes) -> list[bytes] | None:
    """The texts of the members of a bundle or list, of a single object itself; None when the text is not JSON."""
    try:
        if text[:1] == b"[":
            return [bytes(one) for one in _AS_LIST.decode(text)]
        try:
            return [bytes(one) for one in _AS_BUNDLE.decode(text).objects]
        except msgspec.ValidationError:
            # Not a bundle, or one whose objects are no list: then it is judged as an object.
            return _enveloped(text) or [bytes(_AS_ANY.decode(text))]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _enveloped(text: bytes) -> list[bytes] | None:
    """The members of what a TAXII server answers, as it is saved: objects and no type. None for anything else."""
    try:
        found = _AS_ENVELOPE.decode(text)
    except msgspec.ValidationError:
        return None
    return [bytes(one) for one in found.objects] if found.type is msgspec.UNSET else None


def _split_lines(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Lines of objects, several on one line, or objects over several lines with nothing that joins them."""
    held: list[bytes] = []
    for line in data.split(b"\n"):
        text = line.strip(_SPACE)
        if not text:
            continue
        if not held and (whole := _members(text)) is not None:
            yield from ((one, True) for one in whole)
            continue
        if text[:1] == b"{" and text[-1:] == b"}" and len(text) > 2:
            # It begins and ends as a line of objects does: what was held before it is over.
            if held:
                yield from _flush(held)
            pieces = list(_cut(text))
            yield from ((one, len(pieces) == 1) for one in pieces)
        else:
            held.append(line)
    if held:
        yield from _flush(held)


def _flush(held: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    text = b"\n".join(held)
    held.clear()
    pieces = list(_cut(text))
    yield from ((one, len(pieces) == 1) for one in pieces)


def _cut(data: bytes) -> Iterator[bytes]:
    """Balanced objects one after the other; where the balance is lost, up to where the next object seems to begin."""
    position = 0
    # An object that is never closed is looked for to the end: of many such ones that would be quadratic.
    budget = _PATIENCE * len(data)
    while position < len(data):
        while position < len(data) and data[position] in _SPACE:
            position += 1
        if position >= len(data):
            return
        end = None
        if budget > 0 and data[position : position + 1] == b"{":
            end = _balance(data, position)
            budget -= (end or len(data)) - position
        if end is None or _crosses(data, position, end):
            following = _NEXT.search(data, position)
            end = following.end() if following is not None else len(data)
        piece = data[position:end].strip(_SPACE)
        if piece:
            yield piece
        position = end


def _balance(data: bytes, start: int) -> int | None:
    """The end of the object that begins at ``start``; None when its braces or quotes do not match."""
    depth = 0
    for token in _TOKEN.finditer(data, start):
        mark = token.group()
        if mark == b"{":
            depth += 1
            if depth > _DEEPEST:
                return None
        elif mark == b"}":
            depth -= 1
            if depth == 0:
                return token.end()
        elif mark == b'"':
            return None
    return None


def _crosses(data: bytes, start: int, end: int) -> bool:
    """Whether a balanced piece that does not decode holds the beginning of another object: a lost quote can do that."""
    piece = data[start:end]
    if _NEXT.search(piece) is None:
        return False
    try:
        _AS_ANY.decode(piece)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True
    return False
