"""What a Neo4j server says when it refuses, in the words of the person who has to do something about it."""

from __future__ import annotations

from typing import Final

OUT_OF_MEMORY: Final = frozenset(
    {"Neo.TransientError.General.MemoryPoolOutOfMemoryError", "Neo.TransientError.General.TransactionOutOfMemoryError"}
)
"""A transaction was too large, and a smaller one may do."""
STOPPED: Final = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
        "Neo.TransientError.Transaction.Terminated",
    }
)
"""A query took longer than it may."""

_LONGEST: Final = 500
_SECURITY: Final = "Neo.ClientError.Security."
_FULL: Final = "{place} could not store, its disk may be full (its own log says more): make room, and restart it: {message}"
_AWAY: Final = "{place}: the database is still starting, or could not start (its own log says why): {message}"
_NOT_LOGGED: Final = "Could not append transaction"
"""Why something could not be stored, of whatever kind it was: constraints have a code of their own."""
_SAID: Final[dict[str, str]] = {
    f"{_SECURITY}Unauthorized": "{place} refuses the user {user!r} with this password: set GRAPHCORR_NEO4J_USER and "
    "GRAPHCORR_NEO4J_PASSWORD, or GRAPHCORR_NEO4J_PASSWORD_FILE",
    f"{_SECURITY}AuthenticationRateLimit": "{place} was given too many wrong passwords for {user!r} and waits a while",
    f"{_SECURITY}CredentialsExpired": "{place} wants the first password of {user!r} to be changed before anything else: in Neo4j "
    "Browser, or ALTER CURRENT USER SET PASSWORD",
    f"{_SECURITY}Forbidden": "{place} does not let {user!r} do this: {message}",
    "Neo.ClientError.Database.DatabaseNotFound": "{place}: there is no such database on this server",
    "Neo.TransientError.Database.DatabaseUnavailable": _AWAY,
    "Neo.TransientError.General.DatabaseUnavailable": _AWAY,
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": "{place} is read-only",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": "{place} is read-only",
    "Neo.DatabaseError.General.UnknownError": "{place} failed, its disk may be full (its own log says more): {message}",
    "Neo.DatabaseError.Transaction.TransactionCommitFailed": _FULL,
    "Neo.DatabaseError.Transaction.TransactionLogError": _FULL,
    # What it says of every question after it could not write its own log once.
    "Neo.DatabaseError.Transaction.TransactionStartFailed": "{place} failed earlier and has to be restarted; its own log says why, and "
    "often its disk was full: {message}",
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": "{place} has too little memory for a transaction: raise "
    "dbms.memory.transaction.total.max or the heap: {message}",
}


def explain(code: str | None, message: str, *, place: str, user: str) -> str:
    """``code`` is the server's, None when the server was not reached or went away."""
    if code is None:
        return f"{place} cannot be reached: {message}"
    message = message if len(message) <= _LONGEST else message[:_LONGEST] + "…"  # it may repeat a value from a log
    said = _FULL if _NOT_LOGGED in message else _SAID.get(code)
    return said.format(place=place, user=user, message=message) if said else f"{place}: {message} ({code})"
