"""What was run or set up from another machine without a file: who asked, how sure that is, and what one finding holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.evidence import SHOWN
from graphcorr.model.findings import Basis, Confidence, Finding, Level, Movement
from tests.findings.logs import CLIENT, OTHER, TARGET, Logs, later, only
from tests.resolve.test_clocks import COLLECTOR, anchor, local

CMD = r"C:\Windows\System32\cmd.exe"
SERVICES = r"C:\Windows\System32\services.exe"
SVCHOST = r"C:\Windows\System32\svchost.exe"
WMI = r"C:\Windows\System32\wbem\WmiPrvSE.exe"
SESSION = "0x1a2b3c"
LOCAL = "0x3e7"
ANOTHER = "10.0.0.6"


def run(logs: Logs, time: str = "10:00:02", *, session: str = SESSION, parent: str | None = WMI, pid: int = 4242, image: str = CMD) -> Logs:
    fields = {"Image": image, "CommandLine": f"{image} /c dir", "ProcessId": str(pid), "LogonId": session, "ParentImage": parent}
    return logs.add("sysmon-1", time, fields | {"User": r"CORP\alice"}, computer=TARGET)


def service(logs: Logs, time: str = "10:00:01", path: str = "%COMSPEC% /c dir", *, session: str | None = None) -> Logs:
    """By the audit where a session is given, else by the service manager."""
    if session is None:
        return logs.service(time, path)
    fields = {"SubjectUserName": "alice", "SubjectDomainName": "CORP", "SubjectLogonId": session, "ServiceName": "svc"}
    return logs.add("security-4697", time, fields | {"ServiceFileName": path, "ServiceStartType": "3"}, computer=TARGET)


def opened(logs: Logs, time: str = "10:00:00", *, source: str = CLIENT, pipe: str = "svcctl", user: str = "alice") -> Logs:
    return logs.security_5145(time, pipe, share="IPC$", folder=None, source=source, user=user, mask=0x12019F)


def connected(logs: Logs, port: int, image: str = SVCHOST, *, source: str = CLIENT, time: str = "10:00:00") -> Logs:
    ends = {"SourceIp": source, "SourcePort": "50123", "DestinationIp": "10.0.0.9", "DestinationPort": str(port)}
    names = {"DestinationHostname": TARGET, "Initiated": "false", "Protocol": "tcp", "ProcessId": "900", "Image": image}
    return logs.add("sysmon-3", time, ends | names, computer=TARGET)


def called(logs: Logs, operation: str, time: str = "10:00:00") -> Logs:
    return logs.zeek("dce-rpc", time, {"endpoint": "svcctl", "operation": operation, "named_pipe": r"\pipe\ntsvcs"})


def served(logs: Logs, time: str = "10:00:01") -> Logs:
    """A session of PowerShell remoting as PowerShell itself tells of it."""
    context = "NewEngineState=Available\n\tHostName=ServerRemoteHost\n\tHostVersion=1.0\n\tHostId=1\n\t"
    context += "HostApplication=C:\\Windows\\System32\\wsmprovhost.exe -Embedding\n\tEngineVersion=5.1"
    return logs.add("powershell-400", time, {"Data": ["Available", "None", context]}, computer=TARGET)


def written_out() -> Logs:
    """A service's command that writes its output to the machine's own share, as nobody is seen to ask for."""
    return service(Logs(), path=r"%COMSPEC% /Q /c echo whoami ^> \\%COMPUTERNAME%\C$\__answer 2^>^&1 > %SYSTEMROOT%\abcd.bat")


def fetched(logs: Logs, time: str = "10:00:03", *, source: str = CLIENT, name: str = "__answer", mask: int = 0x120089) -> Logs:
    return logs.security_5145(time, name, share="C$", folder="\\??\\C:\\", source=source, mask=mask)


def doubts(finding: Finding) -> list[Doubt]:
    by_sentence = {doubt.sentence: doubt for doubt in Doubt}
    return [by_sentence[why] for why in finding.why if why in by_sentence]


def session() -> Logs:
    return run(Logs().security_4624("10:00:00"))


# --- who asked ---


def test_who_reads_the_output_of_a_command_may_have_asked_for_it() -> None:
    found = only(fetched(written_out()).hunt())
    assert found.source is not None
    assert (found.source.address, found.movement, found.account) == (CLIENT, Movement.REMOTE, r"CORP\alice")
    told = r"read the output of its command (\\*\C$ __answer), 2.0 s after it"
    assert found.why[0] == f"{CLIENT} is the only client near it that {told}"
    assert Doubt.ASKED_BY_OUTPUT in doubts(found)


@pytest.mark.parametrize(
    "other",
    [
        lambda logs: fetched(logs, name="__answer2"),
        lambda logs: fetched(logs, "10:00:40"),
        lambda logs: fetched(logs, mask=0x120196),
        lambda logs: fetched(logs, source="::1"),
    ],
    ids=["another file", "much later", "a write", "the machine itself"],
)
def test_nobody_else_is_taken_for_who_reads_it(other: Callable[[Logs], Logs]) -> None:
    found = [one for one in other(written_out()).hunt().findings if one.started_by == "service"]
    assert [(one.source, one.movement) for one in found] == [(None, Movement.UNKNOWN_SOURCE)]


def test_who_reads_the_output_is_one_of_those_who_may_have_asked() -> None:
    """Somebody else had the service manager open then: neither is the source."""
    found = only(fetched(opened(written_out(), source=ANOTHER)).hunt())
    assert (found.source, found.movement) == (None, Movement.UNKNOWN_SOURCE)
    (told,) = [limit for limit in found.limits if limit.startswith("source not certain")]
    assert CLIENT in told
    assert ANOTHER in told
    assert "read the output of its command" in told
    assert "opened the pipe svcctl" in told


def test_a_request_of_a_session_has_its_clients_address_and_account() -> None:
    found = only(session().hunt())
    assert (found.pattern, found.movement, found.started_by, found.execution) == ("remote-wmi-run", Movement.REMOTE, "wmi", "image")
    assert found.source is not None
    assert (found.source.address, found.target.host, found.account) == (CLIENT, TARGET, r"CORP\alice")
    assert (found.confidence, found.level, found.basis) == (Confidence.HIGH, Level.HIGH, Basis.OBSERVED)
    assert doubts(found) == []
    assert found.why[0] == rf"it was done in the network session {SESSION} of CORP\alice, which {CLIENT} opened"
    assert [(one.role, one.time[11:19]) for one in found.evidence] == [("client", "10:00:00"), ("execution", "10:00:02")]
    (execution,) = found.executions
    assert (execution.image, execution.parent, execution.user) == (CMD, WMI, r"CORP\alice")
    assert (found.file, found.write_time, found.execution_time) == (None, None, "2026-01-05T10:00:02.000000Z")


@pytest.mark.parametrize("at", ["10:00:02", "10:00:03.5"])
def test_the_childs_record_that_shows_the_session_is_evidence(at: str) -> None:
    """The audit of older Windows names the session of who made a process, which is the machine's own."""
    made = {"SubjectUserName": "TARGET$", "SubjectDomainName": "CORP", "SubjectLogonId": LOCAL, "NewProcessName": CMD}
    parent = {"NewProcessId": "0x1092", "CommandLine": f"{CMD} /c dir", "ParentProcessName": WMI, "ProcessId": "0x300"}
    child = {"SubjectUserName": "alice", "SubjectDomainName": "CORP", "SubjectLogonId": SESSION, "NewProcessId": "0x1100"}
    console = {"NewProcessName": r"C:\Windows\System32\conhost.exe", "ProcessId": "0x1092"}
    logs = Logs().security_4624("10:00:00").add("security-4688", "10:00:02", made | parent, computer=TARGET)
    found = only(logs.add("security-4688", at, child | console, computer=TARGET).hunt())
    assert [(one.role, one.record) for one in found.evidence] == [("client", 1), ("session", 3), ("execution", 2)]
    said = rf"it was done in the network session {SESSION} of CORP\alice (as the record of its child says), which {CLIENT} opened"
    assert found.why[0] == said
    assert [(step.role, step.object, step.evidence) for step in found.steps] == [
        ("connected", None, [0]),
        ("ran", f"{CMD} /c dir", [1, 2]),
    ]


REQUESTS: dict[Doubt, Callable[[], Logs]] = {
    Doubt.ASKED_BY_INTERFACE: lambda: run(service(opened(Logs())), session=LOCAL, parent=SERVICES),
    Doubt.ASKED_BY_PROGRAM: lambda: run(connected(Logs(), 49700, WMI), session=LOCAL),
    Doubt.ASKED_BY_OUTPUT: lambda: fetched(run(written_out(), session=LOCAL, parent=SERVICES)),
    Doubt.ASKED_BY_PORT: lambda: run(connected(Logs(), 135), session=LOCAL),
    Doubt.NOBODY_NAMED: lambda: run(Logs(), session=LOCAL),
    Doubt.NOT_STARTED: lambda: service(Logs().security_4624("10:00:00"), session=SESSION),
    Doubt.WIRE_ONLY: lambda: called(called(Logs(), "CreateServiceW"), "StartServiceW", "10:00:01"),
}
"""Where the doubt stands alone."""


@pytest.mark.parametrize("doubt", REQUESTS, ids=lambda doubt: doubt.name)
def test_a_doubt_alone_is_named(doubt: Doubt) -> None:
    """And it alone decides how sure the finding is."""
    found = only(REQUESTS[doubt]().hunt())
    assert doubts(found) == [doubt]
    assert found.confidence is (Confidence.MEDIUM if doubt.weight == 1 else Confidence.LOW)
    assert found.basis is (Basis.INFERRED if doubt in {Doubt.NOT_STARTED, Doubt.WIRE_ONLY} else Basis.OBSERVED)
    if doubt is not Doubt.NOBODY_NAMED:
        assert found.movement is Movement.REMOTE
        assert found.source is not None
        assert found.source.address == CLIENT


@pytest.mark.parametrize(
    ("logs", "said"),
    [
        (lambda: service(opened(Logs())), f"{CLIENT} is the only client near it that opened the pipe svcctl, 1.0 s before it"),
        (
            lambda: run(connected(Logs(), 49700, WMI), session=LOCAL),
            f"{CLIENT} is the only client near it that connected to port 49700 of wmiprvse.exe, 2.0 s before it",
        ),
        (
            lambda: run(connected(Logs(), 135, time="10:00:04"), session=LOCAL),
            (
                f"{CLIENT} is the only client near it that connected to port 135 of svchost.exe, 2.0 s after it "
                "(a connection is written down late)"
            ),
        ),
        (
            lambda: run(connected(Logs(), 135, time="10:00:02"), session=LOCAL),
            f"{CLIENT} is the only client near it that connected to port 135 of svchost.exe, at that time",
        ),
    ],
)
def test_the_sign_of_who_asked_is_said(logs: Callable[[], Logs], said: str) -> None:
    assert only(logs().hunt()).why[0] == said


def test_who_asked_is_nobody_where_two_could_have() -> None:
    found = only(run(connected(connected(Logs(), 135), 135, source=ANOTHER, time="10:00:01"), session=LOCAL).hunt())
    assert (found.movement, found.source, found.confidence, found.level) == (
        *(Movement.UNKNOWN_SOURCE, None, Confidence.LOW), Level.MEDIUM,
    )  # fmt: skip
    assert doubts(found) == [Doubt.RIVALS, Doubt.NOBODY_CERTAIN]
    (said,) = [limit for limit in found.limits if "source" in limit]
    assert said.startswith("source not certain: ")
    assert CLIENT in said
    assert ANOTHER in said
    assert said.endswith("neither is chosen")


def test_of_many_that_could_have_asked_five_are_named() -> None:
    logs = run(Logs(), session=LOCAL)
    for number in range(7):
        connected(logs, 135, source=f"10.0.1.{number + 1}")
    (said,) = [limit for limit in only(logs.hunt()).limits if "source" in limit]
    assert said.endswith("2 more; none of them is chosen")
    assert sum(f"10.0.1.{number + 1} " in said for number in range(7)) == 5


def test_an_account_that_all_clients_share_is_told_though_none_of_them_is_chosen() -> None:
    logs = service(opened(opened(Logs()), source=ANOTHER))
    assert only(run(logs, session=LOCAL, parent=SERVICES).hunt()).account == r"CORP\alice"
    logs = service(opened(opened(Logs()), source=ANOTHER, user="bob"))
    found = only(logs.hunt())
    assert found.account is None
    assert "account unknown: no record names it" in found.limits


def test_a_source_that_nobody_names_is_unknown_and_not_local() -> None:
    found = only(run(Logs(), session=LOCAL).hunt())
    assert (found.movement, found.source, found.level) == (Movement.UNKNOWN_SOURCE, None, Level.MEDIUM)
    assert found.limits[0] == "source unknown: no session, call or connection near it names one client"


def test_what_the_host_asked_itself_for_is_a_loopback() -> None:
    found = only(run(Logs().security_4624("10:00:00", source="127.0.0.1")).hunt())
    assert (found.movement, found.level, found.confidence) == (Movement.LOOPBACK, Level.MEDIUM, Confidence.HIGH)
    assert found.source is not None
    assert (found.source.host, found.source.address) == (TARGET, "127.0.0.1")
    assert found.limits[0].startswith("the source is the host itself")


def shell(client: str) -> Logs:
    """What WinRM itself says of whom it served."""
    return Logs().add(
        "winrm-91", "10:00:01", {"resourceUri": f"http://a/Microsoft.PowerShell (CORP\\alice clientIP: {client})"}, computer=TARGET
    )


def test_the_services_own_record_names_client_and_account() -> None:
    found = only(connected(shell(CLIENT), 5985, "System", source=ANOTHER).hunt())
    assert found.source is not None
    assert (found.source.address, found.account, found.movement) == (CLIENT, r"CORP\alice", Movement.REMOTE)
    assert found.why[0] == f"the service's own record names {CLIENT} as its client"
    assert doubts(found) == [Doubt.SERVICE_ONLY]


def test_a_shell_for_the_machine_itself_is_a_loopback() -> None:
    found = only(shell("127.0.0.1").hunt())
    assert (found.movement, found.account) == (Movement.LOOPBACK, r"CORP\alice")


@pytest.mark.parametrize(
    ("logs", "account"),
    [
        (lambda: run(Logs(), session="0x77"), r"CORP\alice"),
        (lambda: service(Logs(), session="0x77"), r"CORP\alice"),
        (lambda: run(Logs().security_4624("10:00:00", user="ALICE")), r"CORP\ALICE"),
        (lambda: run(service(Logs()), session=LOCAL, parent=SERVICES), None),
    ],
)
def test_the_account_is_the_sessions_before_that_of_the_process(logs: Callable[[], Logs], account: str | None) -> None:
    """Of a service it is never that of the process, which is the machine's."""
    found = only(logs().hunt())
    assert found.account == account
    assert ("account unknown: no record names it" in found.limits) is (account is None)


@pytest.mark.parametrize("act", [run, service])
def test_a_session_of_somebody_else_is_another_one_of_the_same_id(act: Callable[..., Logs]) -> None:
    """Ids begin again after a restart: whose session it is, the record of the act says as well."""
    found = only(act(Logs().security_4624("09:00:00", user="bob"), session=SESSION).hunt())
    assert (found.source, found.movement) == (None, Movement.UNKNOWN_SOURCE)
    assert found.account == r"CORP\alice"


def test_the_sources_name_is_told_with_how_it_is_known() -> None:
    logs = session().is_at(CLIENT, host=OTHER)
    found = only(logs.hunt())
    assert found.source is not None
    assert found.source.host == OTHER
    assert any(CLIENT in why and OTHER in why for why in found.why[1:])
    assert [limit for limit in found.limits if limit.startswith("name of the source unknown")] == []
    assert only(session().hunt()).limits == [
        f"name of the source unknown: no record tells which machine had {CLIENT} then, as DHCP leases or logs of domain controllers do"
    ]


# --- what one finding holds ---


def test_several_runs_of_one_session_are_one_finding() -> None:
    logs = session()
    for number in range(1, SHOWN + 3):
        run(logs, later("10:00:02", seconds=number), pid=5000 + number)
    found = only(logs.hunt())
    assert len(found.executions) == SHOWN + 3
    assert sum(one.role == "execution" for one in found.evidence) == SHOWN
    assert f"evidence shows the first {SHOWN} of {SHOWN + 3} acts" in found.limits
    assert found.execution_time == "2026-01-05T10:00:02.000000Z"


def test_as_many_as_are_shown_are_no_limit() -> None:
    logs = session()
    for number in range(1, SHOWN):
        run(logs, later("10:00:02", seconds=number), pid=5000 + number)
    assert [limit for limit in only(logs.hunt()).limits if "evidence shows" in limit] == []


def test_a_service_and_its_run_are_one_finding_with_a_step_each() -> None:
    logs = run(service(service(Logs().security_4624("10:00:00"), session=SESSION), "10:00:01.2"), session=LOCAL, parent=SERVICES)
    found = only(logs.hunt())
    assert (found.pattern, found.level, found.basis, found.confidence) == (
        *("remote-service-run", Level.HIGH, Basis.OBSERVED), Confidence.HIGH,
    )  # fmt: skip
    assert found.techniques == ["T1021.002", "T1543.003", "T1569.002"]
    assert [one.role for one in found.evidence] == ["client", "registration", "registration", "execution"]
    assert [step.role.value for step in found.steps] == ["connected", "registered", "ran"]


def test_a_shell_of_system_of_which_no_record_names_the_starter_is_concluded() -> None:
    fields = {"NewProcessName": CMD, "NewProcessId": "0x1092", "SubjectLogonId": LOCAL, "SubjectUserName": "TARGET$"}
    found = only(opened(Logs()).add("security-4688", "10:00:01", fields, computer=TARGET).hunt())
    assert (found.pattern, found.basis, found.confidence) == ("remote-service-run", Basis.INFERRED, Confidence.LOW)
    assert doubts(found) == [Doubt.ASKED_BY_INTERFACE, Doubt.PROVIDER_UNNAMED]


def test_calls_on_the_wire_alone() -> None:
    found = only(called(called(Logs(), "CreateServiceW"), "StartServiceW", "10:00:01").hunt())
    assert (found.pattern, found.movement, found.basis, found.execution, found.confidence) == (
        *("remote-call", Movement.REMOTE, Basis.INFERRED, None), Confidence.MEDIUM,
    )  # fmt: skip
    assert doubts(found) == [Doubt.WIRE_ONLY]
    assert found.source is not None
    assert found.target is not None
    assert (found.source.address, found.target.host, found.target.address) == (CLIENT, None, "10.0.0.9")
    assert "command unknown: the calls on the wire do not show what was to be run" in found.limits


def test_a_borrowed_clock_is_a_doubt() -> None:
    """No record of the target's clock shows when it was delivered; another machine's do."""
    logs = anchor(Logs(), "09:00:00", -4, host=OTHER, collector=COLLECTOR)
    logon = {"TargetUserName": "alice", "TargetLogonId": SESSION, "LogonType": "3", "IpAddress": CLIENT}
    logs.add("security-4624", None, logon, computer=TARGET, event_time=local("10:00:00", -4), collector=COLLECTOR)
    start = {"NewProcessName": CMD, "NewProcessId": "0x1092", "ParentProcessName": WMI, "TargetLogonId": SESSION}
    logs.add("security-4688", None, start, computer=TARGET, event_time=local("10:00:05", -4), collector=COLLECTOR)
    found = only(logs.hunt())
    assert (doubts(found), found.execution_time) == ([Doubt.CLOCK_BORROWED], "2026-01-05T10:00:05.000000Z")


def test_a_session_that_the_services_own_log_tells_of() -> None:
    """What it ran is not logged, and mostly nothing says for whom."""
    found = only(served(Logs()).hunt())
    assert (found.pattern, found.movement, found.basis, found.started_by, found.execution) == (
        *("remote-session-served", Movement.UNKNOWN_SOURCE, Basis.INFERRED, "winrm"), None,
    )  # fmt: skip
    assert doubts(found) == [Doubt.NOBODY_NAMED, Doubt.SERVICE_ONLY]
    near = only(connected(served(Logs()), 5985, "System").hunt())
    assert (near.movement, doubts(near)) == (Movement.REMOTE, [Doubt.ASKED_BY_INTERFACE, Doubt.SERVICE_ONLY])


# --- order ---


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_findings_are_the_same_in_any_order_of_records(seed: int) -> None:
    def logs() -> Logs:
        rows = run(service(opened(opened(session()), source=ANOTHER, user="bob"), "10:00:05"), "10:00:06", session=LOCAL, parent=SERVICES)
        return run(rows, "10:00:07", pid=5000)

    whole, other = logs().hunt(), logs().hunt(seed=seed)
    assert [found.id for found in whole.findings] == [found.id for found in other.findings]
    assert len(whole.findings) == 2
