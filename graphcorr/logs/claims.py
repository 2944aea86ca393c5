"""What the testimonies of several log types share: SQL over an event's own columns, and whole testimonies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.fitting import NO_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

NEVER: Final = "FALSE"
"""No record tells of it alone, and yet the log is where it shows: what several records tell together is a fact's inference."""

GRANTED: Final = "(outcome IS NULL OR outcome <> 'failure')"
"""Nothing says that it was refused. Blind spot: some formats drop the outcome, and there a refusal looks granted."""

REFUSED: Final = "outcome = 'failure'"

LEASE: Final = "dhcp lease"
OWN_LOG: Final = "its own log"
NTLM_NAME: Final = "ntlm name"
DESKTOP_NAME: Final = "remote desktop name"
MACHINE_ACCOUNT: Final = "computer account"
"""The name is that of an account, with its domain: only the machine itself has the key to it."""
PIPE_NAME: Final = "psexec pipe name"
"""The name is the whole pipe's, which carries the machine's."""
DNS_ANSWER: Final = "dns answer"
REVERSE_DNS: Final = "reverse dns"
NAMED_END: Final = "name in the same record"
"""A monitor or an agent calls an end of a connection so, and does not say how it knows."""
SHARE_NAME: Final = "share name"
"""What a client calls the server whose share it connects."""
"""What binds a name to an address: ``basis`` of a testimony to ``Kind.NAME``, whose ``bindings`` are pairs of ``address`` and
``name``. ``qualifies`` are names that may supply the domain that a machine's own log leaves out."""

_SERVER_NAME: Final = "{'address': target_address, 'name': target_host}"
BOTH_NAMES: Final = f"[{{'address': source_address, 'name': source_host}}, {_SERVER_NAME}]"
_SAYS_IT_IS_THE_SERVER: Final = (
    r"lower(split_part(ltrim(source_host, '\\'), '.', 1)) = lower(split_part(target_host, '.', 1)) AND source_address <> target_address"
)
NTLM_NAMES: Final = f"CASE WHEN {_SAYS_IT_IS_THE_SERVER} THEN [{_SERVER_NAME}] ELSE {BOTH_NAMES} END"
"""What the client calls itself and what the server does. A client may say the server's name: tools do, and a relayed logon does."""

CLIENT_NAME: Final = "[{'address': source_address, 'name': source_host}]"

_OWN_NAME: Final = "[{'address': source_address, 'name': computer}]"
OWN_ADDRESS: Final = Testimony(Kind.NAME, "source_address IS NOT NULL", {"basis": f"'{OWN_LOG}'", "bindings": _OWN_NAME}, covers=None)
"""A machine says that an address is its own."""
OWN_LEASE: Final = Testimony(Kind.NAME, "source_address IS NOT NULL", {"basis": f"'{LEASE}'", "bindings": _OWN_NAME}, covers=None)
"""A machine says that it was given an address, which is its own until somebody else gets it."""
DESKTOP_CLIENT: Final = Testimony(
    Kind.NAME,
    "source_address IS NOT NULL AND source_host IS NOT NULL",
    {"basis": f"'{DESKTOP_NAME}'", "bindings": CLIENT_NAME},
    covers=None,
)
"""What the client of a remote desktop calls itself, beside its address."""

MACHINE: Final = r"[{'address': source_address, 'name': concat_ws('\', target_user_domain, target_user)}]"
"""The pair of a record that a computer's account came from an address."""
OF_MACHINE: Final = "source_address IS NOT NULL AND ends_with(target_user, '$')"
"""Blind spot: group-managed service accounts and trusts look the same; which are none is for the resolver to tell."""
ACTING_MACHINE: Final = MACHINE.replace("target_user", "user")
BY_MACHINE: Final = OF_MACHINE.replace("target_user", "user")
"""The same of records that name who acts."""


_OF_SHARE: Final = r"split_part(share, '\', 3)"
NAMES_SERVER: Final = Testimony(
    Kind.NAME,
    # A name of the whole domain stands before what every domain controller shares, and before IPC$ where folders are looked up.
    rf"starts_with(share, '\\') AND {_OF_SHARE} NOT IN ('', '*') AND NOT regexp_matches({_OF_SHARE}, '^[-0-9.]+$|:') "
    r"AND NOT regexp_matches(lower(share), '\\(ipc\$|sysvol|netlogon)$')",
    {"basis": f"'{SHARE_NAME}'", "bindings": f"[{{'address': target_address, 'name': {_OF_SHARE}}}]"},
    covers=None,
)
"""In a monitor's record of a share the client says which machine it takes the server for."""


NAMES_ENDS: Final = Testimony(
    Kind.NAME,
    "target_host IS NOT NULL",
    {"basis": f"'{NAMED_END}'", "bindings": BOTH_NAMES},
    covers=None,
)
"""A record of two ends calls the server by a name, and the client as well where that has one."""
NAMES_CLIENT: Final = Testimony(
    Kind.NAME,
    "source_address IS NOT NULL AND source_host IS NOT NULL",
    {"basis": f"'{NAMED_END}'", "bindings": CLIENT_NAME},
    covers=None,
)
"""A server's record calls its client by a name."""


def names_machine(when: str, bindings: str = MACHINE) -> Testimony:
    """In records of which ``when`` holds a computer's account came from an address, so that the machine has it."""
    return Testimony(Kind.NAME, when, {"basis": f"'{MACHINE_ACCOUNT}'", "bindings": bindings}, covers=None)


def names_client(when: str) -> Testimony:
    """In records of which ``when`` holds a client that is no computer's account says what its machine is called."""
    condition = f"{when} AND NOT coalesce({OF_MACHINE}, FALSE)"
    return Testimony(Kind.NAME, condition, {"basis": f"'{NTLM_NAME}'", "bindings": CLIENT_NAME}, covers=None)


_OF_SERVICE: Final = "split_part(split_part(split_part(service, '/', 2), ':', 1), '.', 1)"
TICKET_BY_NAME: Final = Testimony(
    Kind.TICKET,
    # Of a machine's services those by which somebody goes there; what is asked of domain controllers all day is none of them.
    "success AND source_address IS NOT NULL AND NOT ends_with(target_user, '$') "
    f"AND regexp_matches(lower(service), '^(cifs|host|http|rpcss|termsrv|wsman)/') AND {_OF_SERVICE} <> ''",
    {"account": "target_user", "account_domain": "target_user_domain", "service": f"upper({_OF_SERVICE}) || '$'"},
    strength=Strength.ASKED,
)
"""The wire has the service by the name that the client gave it, class and machine; a domain controller by the machine's account."""

ACTOR: Final[Mapping[str, str]] = {"account": "user", "account_domain": "user_domain", "session": "logon_id"}
"""Who did it, where the log has the acting account and its session."""

WHOSE: Final[Mapping[str, str]] = {"account": "target_user", "account_domain": "target_user_domain", "session": "target_logon_id"}
"""Whose session it is, where the log has that."""

_OF_DESKTOP: Final = {
    "account": "target_user",
    "account_domain": "target_user_domain",
    "session": "NULL",
}
OPENS_DESKTOP: Final = Testimony(
    Kind.LOGON,
    columns={**_OF_DESKTOP, "logon_type": "CASE WHEN source_address IS NOT NULL THEN 10 END"},
    prefer=6,
    # A machine that logs these and no 4624 does not show who logged on to it over the network.
    covers=None,
)
"""A desktop's session was opened or come back to; where no address stands, at the machine itself."""


def leaves_desktop(how: str) -> Testimony:
    """A desktop's session was ``ended`` or ``disconnected``."""
    return Testimony(Kind.LOGOFF, columns={**_OF_DESKTOP, "how": f"'{how}'"}, covers=None, prefer=6)


_UNNAMED: Final = (
    NO_DOMAIN.pattern + r"|^\{?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-"  # a GUID
    r"|^[-+]?\d+(\.\d+)+$|^[-+]\d+$|^0x[0-9a-fA-F]+$|^%%\d+$"  # an address, a number, a session, a code
    r"|^([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$"  # a hash
)
"""What no account and no domain is called. Clients try whatever somebody types, and a server may let all of that in as a guest."""

AUTHENTICATES: Final = Testimony(
    # Whether the server accepted is not seen in many protocols; where it is seen to refuse, nobody proved anything.
    Kind.AUTHENTICATION,
    "uid IS NOT NULL AND target_user IS NOT NULL AND coalesce(success, TRUE) "
    f"AND NOT regexp_matches(target_user, '{_UNNAMED}') AND NOT coalesce(regexp_matches(target_user_domain, '{_UNNAMED}'), FALSE)",
    {"account": "target_user", "account_domain": "target_user_domain"},
    covers=None,
)
"""A monitor's record of a connection names the account that logged on through it."""

ACCOUNT: Final[Mapping[str, str]] = {"account": "user", "account_domain": "user_domain"}
"""Who did it, where the log has no session."""

ASKED_FROM_ELSEWHERE: Final = (
    # Only a caller of the machine itself has a process there. The locality says nothing (0) for most of both.
    "CASE WHEN client_pid > 0 OR client_locality = 1 THEN FALSE WHEN client_pid = 0 AND client_locality IN (0, 2) THEN TRUE END"
)
"""Whether a client of another machine asked for the change of a task; NULL where nothing says so, as before Windows 10."""


def changes_task(change: str, actor: Mapping[str, str], *, remote: str = "NULL", prefer: int = 1) -> Testimony:
    """Every record tells that a task was ``change``: registered, updated, removed, enabled or disabled."""
    return Testimony(Kind.TASK_CHANGE, columns={**actor, "change": f"'{change}'", "remote": remote}, prefer=prefer)


BY_SYSTEM: Final = "(lower(image) = 'system' OR (pid = 4 AND image IS NULL))"
"""The kernel acted: for a network client, or for itself. NULL where nothing says who did."""

WRITTEN_ON_HOST: Final = (
    # By System for a network client, or for a driver, a snapshot, a trace: the weakest claim, and the exact time and path.
    Testimony(Kind.WRITE, BY_SYSTEM, strength=Strength.IMPLIED, prefer=0),
    Testimony(Kind.FILE_CREATE, f"NOT coalesce({BY_SYSTEM}, FALSE)", ACCOUNT),
)
"""What Sysmon's records of a file that was written tell of, by who wrote it."""

SESSION: Final = f"'{Kind.LOGON}'"
"""What was ``sought`` in vain, where it was no file, share or pipe."""

ON_DISK: Final = "share IS NOT NULL AND NOT ends_with(lower(share), 'ipc$')"
r"""What was asked for is a file of a share, and not a pipe of ``IPC$``."""

NAMES_A_FILE: Final = r"relative_path IS NOT NULL AND relative_path <> '\'"
"""Below the share's own folder."""

FILE_OBJECT: Final = r"lower(object_type) = 'file' AND regexp_matches(path, '\.[A-Za-z][A-Za-z0-9_]{0,9}$')"
"""What was accessed is a file by its name: a folder has the same type, and adding a file to it the same bits as writing."""

OPENED: Final = Testimony(Kind.REMOVAL, NEVER, covers=None)
"""The name of what another record says was deleted, by its handle, see :mod:`graphcorr.resolve.objects`."""

WRITES_OBJECT: Final = "(access_mask & 6) <> 0"
"""0x6 is WriteData | AppendData, tested as bits."""
