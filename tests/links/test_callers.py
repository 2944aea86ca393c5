"""The machine that PsExec was started on, as its own pipes name it."""

from __future__ import annotations

import pytest

from graphcorr.model.findings import Endpoint, Finding, Movement
from tests.findings.logs import CLIENT, TARGET, Logs, only

SERVICE = r"C:\Windows\PSEXESVC.exe"
RENAMED = r"C:\Windows\upd.exe"


def installed(path: str = SERVICE) -> Logs:
    return Logs().sysmon_11("10:00:00", path).sysmon_1("10:00:05", path)


def hunt(logs: Logs) -> Finding:
    return only(logs.hunt())


@pytest.mark.parametrize("event", [17, 18])
def test_the_machine_that_the_pipes_name_is_the_source(event: int) -> None:
    logs = installed()
    for stream in ("stdin", "stdout", "stderr"):
        logs.pipe("10:00:06", rf"\PSEXESVC-WS1-4242-{stream}", event=event, image=SERVICE)
    finding = hunt(logs)
    assert (finding.source, finding.movement) == (Endpoint("ws1", None), Movement.REMOTE)
    assert "the program's own pipes name ws1 as the machine that it was started from" in finding.why
    told = [one for one in finding.evidence if one.role == "origin"]
    assert [one.kind for one in told] == ["PipeOpen"]


def test_its_full_name_and_address_are_those_that_the_logs_know() -> None:
    logs = installed().is_at(CLIENT, host="WS1.corp.example").pipe("10:00:06", r"\PSEXESVC-WS1-4242-stdin", image=SERVICE)
    assert hunt(logs).source == Endpoint("ws1.corp.example", CLIENT)


def test_a_service_of_another_name_has_pipes_of_that_name() -> None:
    assert hunt(installed(RENAMED).pipe("10:00:06", r"\upd-WS-1-4242-stdout", image=RENAMED)).source == Endpoint("ws-1", None)


@pytest.mark.parametrize(
    "pipe", [r"\other-WS1-4242-stdin", r"\PSEXESVC", r"\PSEXESVC-WS1-4242-stdlog", r"\PSEXESVC-stdin", r"\PSEXESVC-WS1-x-stdin"]
)
def test_no_other_pipe_names_anybody(pipe: str) -> None:
    assert hunt(installed().pipe("10:00:06", pipe)).movement is Movement.UNKNOWN_SOURCE


@pytest.mark.parametrize(("time", "host"), [("09:59:00", TARGET), ("10:00:06", "other.corp.example")])
def test_a_pipe_before_the_write_or_of_another_host_says_nothing(time: str, host: str) -> None:
    assert hunt(installed().pipe(time, r"\PSEXESVC-WS1-4242-stdin", host=host)).source is None


def test_of_two_machines_none_is_chosen() -> None:
    logs = installed().pipe("10:00:06", r"\PSEXESVC-WS1-4242-stdin").pipe("10:00:07", r"\PSEXESVC-WS2-77-stdin")
    assert hunt(logs).source is None


def test_the_name_goes_with_the_address_beside_it() -> None:
    logs = installed().security_5140("09:59:58").pipe("10:00:06", r"\PSEXESVC-WS1-4242-stdin")
    finding = hunt(logs)
    assert finding.source == Endpoint("ws1", CLIENT)
    assert [one.role for one in finding.evidence].count("origin") == 2


def test_a_client_that_is_known_to_be_another_machine_was_only_near() -> None:
    logs = installed().security_5140("09:59:58").is_at(CLIENT, host="ws7.corp.example")
    assert hunt(logs).source == Endpoint("ws7.corp.example", CLIENT)
    assert hunt(logs.pipe("10:00:06", r"\PSEXESVC-WS1-4242-stdin")).source == Endpoint("ws1", None)


def test_started_on_the_target_itself_is_loopback() -> None:
    name = TARGET.split(".")[0]
    assert hunt(installed().pipe("10:00:06", rf"\PSEXESVC-{name}-4242-stdin")).movement is Movement.LOOPBACK
