"""Tokens by which a server knows who asks: made, listed, taken back; kept as digests, so that nobody reads one from the disk."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.errors import NotFoundError
from graphcorr.service.audit import note
from graphcorr.service.register import now, open_register
from graphcorr.service.shelf import case_folder
from graphcorr.service.span import read_end

if TYPE_CHECKING:
    from graphcorr.settings import Settings

_PREFIX: Final = "graphcorr"
_TOKEN: Final = re.compile(rf"{_PREFIX}_([0-9a-f]{{8}})_[A-Za-z0-9_-]{{43}}")
_COLUMNS: Final = 'id, name, role, "case", created, expires'


class Role(StrEnum):
    """What somebody may do; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class Token(msgspec.Struct, frozen=True):
    """What is known of a token: everything but itself."""

    id: str
    name: str
    role: Role
    case: str | None
    """The only case that it is for; None for all of them."""
    created: str
    expires: str | None

    @property
    def is_expired(self) -> bool:
        return self.expires is not None and self.expires <= now()


class Known(msgspec.Struct, frozen=True):
    """A token and the digest that whoever presents it has to fulfill."""

    token: Token
    digest: bytes


def add_token(name: str, role: Role, settings: Settings, *, case: str | None = None, expires: str | None = None) -> tuple[Token, str]:
    """A new token, and itself: 256 random bits that nobody can be told again.

    ``expires`` is a span (``12h``, ``30d``, ``4w``) or a date.
    """
    if case is not None:
        case_folder(case, settings)
    id_ = secrets.token_hex(4)
    text = f"{_PREFIX}_{id_}_{secrets.token_urlsafe(32)}"
    made = Token(id_, name, role, case, now(), read_end(expires, "--expires"))
    with_file = open_register(settings)
    try:
        with with_file.transaction():
            with_file.change(
                f"INSERT INTO tokens ({_COLUMNS}, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(made.id, made.name, made.role.value, made.case, made.created, made.expires, _digest(text)),
            )
            note(with_file, "command line", "token added", case, f"{made.id} {made.role.value}")
    finally:
        with_file.close()
    return made, text


def list_tokens(settings: Settings) -> list[Token]:
    """Every token, the expired included."""
    return [each.token for each in known_tokens(settings)]


def known_tokens(settings: Settings) -> list[Known]:
    file = open_register(settings)
    try:
        rows = file.rows(f"SELECT {_COLUMNS}, digest FROM tokens ORDER BY created, id")
    finally:
        file.close()
    return [Known(Token(id_, name, Role(role), *rest), digest) for id_, name, role, *rest, digest in rows]


def revoke_token(id_: str, settings: Settings) -> None:
    """Take a token back; whoever still has it is nobody from then on. ``NotFoundError`` where there is none."""
    file = open_register(settings)
    try:
        with file.transaction():
            if not file.change("DELETE FROM tokens WHERE id = ?", id_):
                raise NotFoundError(f"there is no token {id_[:40]}; graphcorr token list names them")
            note(file, "command line", "token revoked", None, id_)
    finally:
        file.close()


def find_token(text: str, known: list[Known]) -> Token | None:
    """Whose token this is; None for one that is none, or none any more. It takes equally long whatever is wrong with it."""
    digest = _digest(text)
    found = [each.token for each in known if hmac.compare_digest(each.digest, digest)]
    return found[0] if found and is_token(text) and not found[0].is_expired else None


def is_token(text: str) -> bool:
    """Whether it is written as a token, whoever's."""
    return _TOKEN.fullmatch(text) is not None


def namesakes(name: str, settings: Settings) -> list[Token]:
    """The tokens that are for somebody of this name and have not expired: the audit log cannot tell them apart."""
    return [token for token in list_tokens(settings) if token.name == name and not token.is_expired]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
