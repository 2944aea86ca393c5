"""Who asks: by a bearer token, by the session of a browser, or the one analyst at a machine that knows no tokens."""

from __future__ import annotations

import secrets
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import TYPE_CHECKING, Final

from graphcorr.service.tokens import Role, find_token, is_token, known_tokens
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from starlette.requests import Request

    from graphcorr.service.tokens import Known, Token
    from graphcorr.settings import Settings

_FRESH: Final = 1.0
"""Seconds after which the tokens are read again: that long lives one that was revoked."""
_MINUTE: Final = 60.0
SESSION_TIME: Final = 12 * 3600
"""Seconds that a browser stays signed in."""
_MOST_SESSIONS: Final = 10_000
_SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may ask."""

    name: str
    role: Role
    case: str | None = None
    """The only case that there is for them."""
    expires: str | None = None
    token: str | None = None
    """The id of their token."""

    def check(self, role: Role | None, case: str | None, *, whole: bool = False) -> None:
        """``ProblemError`` for what they may not. Another case is not there for somebody who has one."""
        if self.case is not None and case is not None and case != self.case:
            raise ProblemError("not-found", f"there is no case {case[:80]!r}")
        if whole and self.case is not None:
            raise ProblemError("forbidden", "this token is for one case")
        if role is not None and self.role.rank < role.rank:
            raise ProblemError("forbidden", f"this takes a token of the role {role.value}; this one's is {self.role.value}")


ANALYST: Final = Caller("local", Role.ADMIN)
"""Whoever sits at a machine that is asked from itself only and has no tokens."""


@dataclass(slots=True)
class Callers:
    """What is known of callers. ``local`` says that only this machine can ask."""

    settings: Settings
    local: bool
    secure: bool = False
    """Browsers come over TLS, which somebody else ends."""
    guesses: int = 20
    _known: list[Known] = field(default_factory=list)
    _read: float = float("-inf")
    _sessions: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict)
    """The token's id and the end, by session."""
    _wrong: Counter[str] = field(default_factory=Counter)
    _since: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    @property
    def cookie(self) -> str:
        return "__Host-graphcorr" if self.secure else "graphcorr"

    @property
    def needs_token(self) -> bool:
        return not self.local or bool(self._tokens())

    def identify(self, request: Request) -> Caller:
        """Who asks. ``ProblemError`` where that has to be known and is not."""
        given = request.headers.getlist("authorization")
        if given:
            scheme, _, text = given[0].partition(" ")
            if len(given) > 1 or scheme.lower() != "bearer":
                raise _unknown("the Authorization header has to be one Bearer token")
            return self.sign(text.strip(), request)
        if (session := self._session(request)) is not None:
            caller = self._of_session(session)
            if caller is None:
                raise _unknown("the session is over: sign in again")
            _check_same_page(request)
            return caller
        if self.needs_token:
            raise _unknown("this server asks for a token: Authorization: Bearer …")
        return ANALYST

    def sign(self, text: str, request: Request) -> Caller:
        """Whose token it is. One that is right is never refused because others guess."""
        found = find_token(text, self._tokens()) or self._made_since(text)
        if found is None:
            address = request.client.host if request.client else ""
            with self._lock:
                if time.monotonic() - self._since > _MINUTE:
                    self._wrong.clear()
                    self._since = time.monotonic()
                self._wrong[address] += 1
                too_many = self._wrong[address] > self.guesses
            if too_many:
                raise ProblemError("too-many", "too many wrong tokens from your address", {"retry-after": "60"})
            raise _unknown("the token is none of this server, or no longer")
        return _caller(found)

    def begin_session(self, caller: Caller) -> str:
        """The value of a cookie."""
        assert caller.token is not None
        session = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[session] = caller.token, time.monotonic() + SESSION_TIME
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return session

    def end_session(self, request: Request) -> None:
        if (session := self._session(request)) is not None:
            with self._lock:
                self._sessions.pop(session, None)

    def _session(self, request: Request) -> str | None:
        try:
            cookie = SimpleCookie(request.headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return None
        return cookie.value if cookie is not None and cookie.value else None

    def _of_session(self, session: str) -> Caller | None:
        with self._lock:
            id_, end = self._sessions.get(session, ("", 0.0))
        if end < time.monotonic():
            return None
        return next((_caller(each.token) for each in self._tokens() if each.token.id == id_ and not each.token.is_expired), None)

    def _tokens(self) -> list[Known]:
        if time.monotonic() - self._read > _FRESH:
            self._read_tokens()
        return self._known

    def _made_since(self, text: str) -> Token | None:
        """Whose token it is, where it was made after the tokens were read: whoever was just given one uses it at once."""
        if not is_token(text):
            return None
        self._read_tokens()
        return find_token(text, self._known)

    def _read_tokens(self) -> None:
        self._known = known_tokens(self.settings)
        self._read = time.monotonic()


def _caller(token: Token) -> Caller:
    return Caller(token.name, token.role, token.case, token.expires, token.id)


def _check_same_page(request: Request) -> None:
    """A browser sends the cookie by itself, so that what changes something has to come from our own page."""
    own = "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"
    if request.method not in _SAFE and not own:
        raise ProblemError("forbidden", "a session changes nothing from outside of its own pages")


def _unknown(detail: str) -> ProblemError:
    return ProblemError("unauthorized", detail, {"www-authenticate": 'Bearer realm="graphcorr"'})
