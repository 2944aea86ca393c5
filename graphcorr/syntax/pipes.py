"""Names of pipes, and what PsExec's pipes tell: the name of the machine that it was started on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from graphcorr.syntax.hosts import NETBIOS_LENGTH
from graphcorr.syntax.values import present

_PREFIX: Final = re.compile(r"(?:\\+device\\+namedpipe\\+|\\\\+[^\\]+\\+pipe\\+|\\*pipe\\+|\\+)(?=.)", re.IGNORECASE)
_STDIO: Final = re.compile(r"(.+)-(\d{1,10})-(stdin|stdout|stderr)\Z", re.IGNORECASE | re.DOTALL)
_ANONYMOUS: Final = frozenset({"<anonymous pipe>", "&lt;anonymous pipe&gt;"})


@dataclass(frozen=True, slots=True)
class PsexecPipe:
    """What ``<service>-<SOURCE HOST>-<PID>-<stream>`` says. Spelled as logged; ``stream`` is stdin, stdout or stderr."""

    service: str
    source_host: str
    pid: int
    """Process id of the client on the source host."""
    stream: str


def pipe_key(name: str | None) -> str | None:
    r"""The lower-case name without ``\``, ``\PIPE\``, ``\\host\pipe\`` and ``\Device\NamedPipe\``.

    None for absence and for Sysmon's ``<Anonymous Pipe>``, which is not one pipe.
    """
    bare = _strip(name)
    return None if bare is None else bare.lower()


def psexec_stdio(pipe: str | None, service: str | None = None) -> PsexecPipe | None:
    """What the name of a PsExec stdio pipe says, None for any other pipe.

    Service and host names may both contain dashes. A given ``service`` decides; else ``PSEXESVC``; else the first dash
    that leaves a host of at most 15 characters, because PsExec uses the NetBIOS name. Blind spot: a renamed service with
    a dash of its own, on a short host name, whose name the caller does not give.
    """
    if not pipe or pipe[-4:-1].lower() not in ("tdi", "dou", "der"):  # the last letters of stdin, stdout and stderr, cheaply
        return None
    bare = _strip(pipe)
    match = _STDIO.match(bare) if bare else None
    if match is None:
        return None
    head, pid, stream = match.groups()
    for known in (service, "PSEXESVC"):
        if known and len(head) > len(known) + 1 and head.lower().startswith(f"{known.lower()}-"):
            return PsexecPipe(head[: len(known)], head[len(known) + 1 :], int(pid), stream.lower())
    cut = head.find("-")
    while cut != -1 and len(head) - cut - 1 > NETBIOS_LENGTH:
        cut = head.find("-", cut + 1)
    if cut <= 0 or cut == len(head) - 1:
        return None
    return PsexecPipe(head[:cut], head[cut + 1 :], int(pid), stream.lower())


def _strip(name: str | None) -> str | None:
    text = present(name)
    if text is None or text.lower() in _ANONYMOUS:
        return None
    match = _PREFIX.match(text)
    return present(text[match.end() :]) if match else text
