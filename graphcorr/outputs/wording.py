"""The words of the reports: counts, moments, spans, hosts, kinds; said the same way wherever a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Basis, Endpoint, Role
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.model.findings import Finding, Step

SHORTEST_ID: Final = 8
_DOUBTS: Final = frozenset(doubt.sentence for doubt in Doubt)
_PLURALS: Final = {
    "agrees": "agree",
    "entry": "entries",
    "access": "accesses",
    "service or task": "services or tasks",
    "is": "are",
    "was": "were",
    "has": "have",
    "tells": "tell",
    "adds": "add",
}

RUN_WORDS: Final = {
    "image": "as a program",
    "command_line": "named on a command line",
    "module_load": "loaded as a library",
    "service": "as a service",
    "task": "as a scheduled task",
    "wmi": "through WMI",
    "winrm": "through WinRM",
    "dcom": "through DCOM",
}
"""How a run happened; a kind that is not here is said as it stands."""

THROUGH_WORDS: Final = {
    "service": "through the service manager",
    "task": "through the task scheduler",
    "wmi": "through WMI",
    "winrm": "through WinRM",
    "dcom": "through DCOM",
    "subscription": "through a subscription of WMI's events",
    "rdp": "in a remote desktop session",
    "share": "from a share",
}
"""What had it run, where that is not how it ran already."""

KIND_WORDS: Final = {
    Kind.WRITE: ("file writes over the network", "Security 5145, Sysmon 11, or SMB on the wire: Zeek smb_files, Suricata, a capture"),
    Kind.FILE_CREATE: ("files made by programs", "Sysmon 11"),
    Kind.STREAM: ("named streams of files", "Sysmon 15"),
    Kind.PROCESS_START: ("process starts", "Security 4688 or Sysmon 1"),
    Kind.PROCESS_END: ("process ends", "Security 4689 or Sysmon 5"),
    Kind.MODULE_LOAD: ("loaded libraries", "Sysmon 7"),
    Kind.SCRIPT: ("PowerShell's commands and scripts", "PowerShell 4103 or 4104"),
    Kind.LOGON: ("logons", "Security 4624"),
    Kind.AUTHENTICATION: ("accounts of connections", "Zeek ntlm, Suricata smb, or NTLM in a capture"),
    Kind.LOGOFF: ("ends of sessions", "Security 4634 or 4647"),
    Kind.PRIVILEGE: ("sessions of administrators", "Security 4672"),
    Kind.ACCOUNT_CHANGE: ("new accounts", "Security 4720"),
    Kind.DIRECTORY_CHANGE: ("changes of the directory", "Security 5136"),
    Kind.SERVICE_INSTALL: ("installed services", "Security 4697 or System 7045"),
    Kind.SERVICE_CHANGE: ("services started, stopped or changed", "System 7036 and 7040"),
    Kind.TASK_CHANGE: ("tasks registered, changed or removed", "Security 4698 and 4702, or TaskScheduler 106 and 140"),
    Kind.TASK_RUN: ("runs of tasks", "TaskScheduler 129 or 200"),
    Kind.SHARE_ACCESS: ("share accesses", "Security 5140, or SMB on the wire"),
    Kind.ATTEMPT: ("refused logons and accesses to shares", "Security 4625, 5140 or 5145, with failures audited"),
    Kind.SHARE_CHANGE: ("shares made or changed", "Security 5142 or 5143"),
    Kind.PIPE_OPEN: ("named pipes", "Sysmon 17 and 18"),
    Kind.CONNECTION: ("network connections", "Sysmon 3, Security 5156, Zeek conn, Suricata flow or a capture"),
    Kind.REMOVAL: ("removed files", "Sysmon 23 or 26"),
    Kind.BLOCK: ("files whose writing or wiping was stopped", "Sysmon 27 or 28"),
    Kind.TRANSFER: ("transferred files", "Zeek files or Suricata fileinfo"),
    Kind.CALL: ("remote calls", "Zeek dce_rpc, Suricata dcerpc and smb, or a capture"),
    Kind.TICKET: ("tickets for machines' services", "Security 4769 of domain controllers"),
    Kind.NAME_QUERY: ("names that programs asked for", "Sysmon 22"),
    Kind.REGISTRY_SET: ("values that were set in the registry", "Sysmon 13"),
    Kind.REGISTRY_CHANGE: ("keys made and deleted in the registry", "Sysmon 12 and 14"),
    Kind.FILE_TIME: ("changed creation times of files", "Sysmon 2"),
    Kind.THREAD_CREATE: ("threads started in other programs", "Sysmon 8"),
    Kind.PROCESS_ACCESS: ("programs opened by others", "Sysmon 10"),
    Kind.SUBSCRIPTION: ("WMI subscriptions", "WMI-Activity 5861 or Sysmon 19 to 21"),
    Kind.HTTP_REQUEST: ("requests over HTTP", "Zeek http or Suricata http"),
    Kind.EXECUTABLE: ("programs on the wire", "Zeek pe"),
    Kind.ALERT: ("alerts", "Defender 1116 and 1117, Suricata alert, Zeek notice, or results of Hayabusa, Chainsaw or Zircolite"),
    Kind.BLIND_SPOT: ("traffic that was not followed", "Zeek weird, dpd or analyzer, or a capture"),
    Kind.NAME: ("names of addresses", "Zeek dhcp, dns, ntlm or kerberos, Suricata smb or krb5, or NTLM in a capture"),
}
"""What a kind of event is in words, and what to log to have it."""

BASIS_WORDS: Final = {
    Basis.OBSERVED: "the write and the run were both logged",
    Basis.INFERRED: "not all of it was logged as such, a part is concluded from other records",
    Basis.ASSUMED: "a usual default stands in for something that was not logged",
}


def basis_words(finding: Finding) -> str:
    """What the basis means for this finding: of a write that only 5145 tells it is not known that bytes were written."""
    words = BASIS_WORDS[finding.basis]
    if finding.basis is Basis.OBSERVED and Doubt.ACCESS_ONLY.sentence in finding.why:
        words = "access for writing and the run were both logged"
    if finding.execution is None:
        words = words.replace("the run", "the registration")
    return words


def count(number: int, word: str) -> str:
    """``1 file``, ``2 files``, ``12,345 records``."""
    return f"{number:,} {plural(number, word)}"


def plural(number: int, word: str) -> str:
    return word if number == 1 else _PLURALS.get(word, f"{word}s")


def listed(items: Sequence[str], limit: int | None = None, *, last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b and 7 more``; another word than ``and`` where ``last`` is one."""
    if limit is not None and len(items) > limit + 1:
        return f"{', '.join(items[:limit])} and {len(items) - limit:,} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def kinds(names: Iterable[str], *, how: bool = True, last: str = "and") -> str:
    """Event kinds in words, with what to log to have them; ``last`` stands before the last of them."""
    return listed([_kind(name, how) for name in names], last=last)


def _kind(name: str, how: bool) -> str:
    try:
        words, source = KIND_WORDS[Kind(name)]
    except (ValueError, KeyError):
        return name
    return f"{words} ({source})" if how else words


def endpoint(machine: Endpoint | None) -> str:
    """``ws01.corp.example (10.0.0.5)``, or the one of the two that is known."""
    if machine is None or not (machine.host or machine.address):
        return "an unknown machine"
    if machine.host and machine.address:
        return f"{machine.host} ({machine.address})"
    return machine.host or machine.address or ""


def name(machine: Endpoint | None) -> str:
    """A machine in one word."""
    if machine is None:
        return "an unknown machine"
    return machine.host or machine.address or "an unknown machine"


def moment(time: str) -> str:
    """A report's time to the millisecond; cut, not rounded, so that order stays order."""
    whole, dot, fraction = time.rstrip("Z").partition(".")
    return f"{whole}.{fraction[:3]:0<3}Z" if dot else f"{whole}Z"


def seconds_between(first: str, second: str) -> float:
    """Seconds from ``first`` to ``second``, negative when ``second`` is earlier."""
    return (_parse(second) - _parse(first)).total_seconds()


def _parse(time: str) -> datetime:
    parsed = datetime.fromisoformat(time)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def span(seconds: float) -> str:
    """``31 ms``, ``12.4 s``, ``3 min 12 s``, ``2 h 5 min``, ``3 d 4 h``; the sign is the caller's."""
    seconds = abs(seconds)
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return _parts(whole, (60, "min"), (1, "s"))
    return _parts(whole, (3600, "h"), (60, "min")) if whole < 86400 else _parts(whole, (86400, "d"), (3600, "h"))


def _parts(seconds: int, large: tuple[int, str], small: tuple[int, str]) -> str:
    head = f"{seconds // large[0]:,} {large[1]}"
    rest = seconds % large[0] // small[0]
    return f"{head} {rest} {small[1]}" if rest else head


def delay(write_time: str, run_time: str) -> str:
    """How long after its write a file ran; clocks that disagree by a little are named as such."""
    seconds = seconds_between(write_time, run_time)
    if seconds == 0:
        return "at the same time"
    return f"{span(seconds)} later" if seconds > 0 else f"{span(seconds)} earlier by the clocks, which differ"


def run_kind(kind: str | None) -> str:
    return RUN_WORDS.get(kind, kind) if kind else "in an unknown way"


def through(finding: Finding) -> str:
    """What had it run, with a blank before it; empty where nothing tells, or the kind of run says the same."""
    by = finding.started_by
    return f" {THROUGH_WORDS.get(by, by)}" if by and by != finding.execution else ""


def doubts(finding: Finding) -> list[str]:
    """What of ``why`` speaks against the finding."""
    return [sentence for sentence in finding.why if sentence in _DOUBTS]


def has_runs(finding: Finding) -> bool:
    """Whether something is told to have run, which stands apart from the steps. A script or a library that is evidence is a step."""
    return bool(finding.executions) or finding.execution_time is not None


def step_words(step: Step, finding: Finding) -> str:
    """One step as a sentence without its end."""
    target, what = name(finding.target), step.object or "something"
    actor = endpoint(step.actor) if step.actor else "a machine that is not known"
    account = f" as {step.account}" if step.account else ""
    match step.role:
        case Role.CONNECTED:
            return f"{actor} connects to {target}{account}{f', {step.object}' if step.object else ''}"
        case Role.CALLED:
            return f"{actor} calls {what} on {target}{account}"
        case Role.FETCHED:
            return f"{actor} asks {target} for {what}{account}"
        case Role.WROTE:
            # What a client has written, the machine's own system writes: that nobody is named is no machine that is not known.
            written = f"{actor} writes {what}" if step.actor else f"{what} is written"
            return f"{written} to {_written_on(step, finding) or target}{account}"
        case Role.RAN:
            return f"{target} runs {what}{account}"
        case Role.STARTED:
            return f"the program starts {what}{account}"
        case Role.REACHED:
            return f"the program connects to {what}"
        case Role.REGISTERED:
            # The command last: it may be long, and is cut where a line has no room.
            return f"{what} is registered on {target}{account}{f', to run {step.command}' if step.command else ''}"
        case Role.RECORDED:
            return f"{target}{account}: {finding.evidence[step.evidence[0]].summary}"
        case _:
            return f"{what} is {step.role.value} on {target}{account}"


def _written_on(step: Step, finding: Finding) -> str | None:
    """The machine whose log tells of a write: what runs on one machine may have been written to another one's share."""
    hosts = (finding.evidence[place].host for place in step.evidence if finding.file is None)
    return next((host for host in hosts if host), None)


def short_ids(ids: Iterable[str]) -> dict[str, str]:
    """Each id cut to its shortest head, of 8 characters at least, that no other id shares."""
    whole = sorted(set(ids))
    return {
        each: _shortest_head(each, [*whole[max(place - 1, 0) : place], *whole[place + 1 : place + 2]]) for place, each in enumerate(whole)
    }


def _shortest_head(identity: str, neighbors: Sequence[str]) -> str:
    """Sorted neighbors are the ids that share most with it."""
    length = SHORTEST_ID
    while length < len(identity) and (identity[length - 1] == "-" or any(each[:length] == identity[:length] for each in neighbors)):
        length += 1
    return identity[:length]
