"""One finding as a block of text: what speaks for it apart from what speaks against it, and what happened where no file tells it."""

from __future__ import annotations

import msgspec
import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Basis, Confidence, Endpoint, Evidence, Finding, Level, Role, Step
from graphcorr.outputs.finding import add_finding, headline
from graphcorr.outputs.layout import Page
from graphcorr.outputs.story import add_hop
from graphcorr.outputs.wording import step_words
from tests.outputs.conftest import FILE01, WS01, evidence, finding

NINE = "2026-03-02T09:00:00.000000Z"


def block(one: Finding) -> list[str]:
    page = Page(200)
    add_finding(page, one)
    return [line.text.strip() for line in page.lines]


def hop(one: Finding) -> list[str]:
    page = Page(200)
    add_hop(page, one, None, None)
    return [line.text.strip() for line in page.lines]


def session(**changes: object) -> Finding:
    """Somebody logged on, and a service was registered; nothing is seen to run."""
    told: list[Evidence] = [evidence("logon", number, NINE, "logon") for number in range(2)]
    values: dict[str, object] = {
        "title": "Network logon, then a service registered",
        "level": Level.MEDIUM,
        "confidence": Confidence.MEDIUM,
        "why": [Doubt.ONE_SIDE.sentence, "its steps lie 2.0 s apart"],
        "techniques": ["T1021.002"],
        "software": [],
        "execution": None,
        "execution_time": None,
        "executions": [],
        "file": None,
        "write_time": None,
        "time": NINE,
        "steps": [
            Step(Role.CONNECTED, NINE, WS01, "CORP\\alice", None, [0]),
            Step(Role.REGISTERED, "2026-03-02T09:00:02.000000Z", None, None, "svc", [1]),
        ],
        "evidence": told,
    }
    return finding(**(values | changes))


def test_a_finding_without_a_file_says_when_who_and_what() -> None:
    assert block(session()) == [
        "Medium: Network logon, then a service registered: file01.corp.example",
        "When      2026-03-02T09:00:00.000Z  from ws01.corp.example (10.0.0.5), by CORP\\alice",
        "Steps     2026-03-02T09:00:00.000Z  ws01.corp.example (10.0.0.5) connects to file01.corp.example as CORP\\alice",
        "and       2026-03-02T09:00:02.000Z  svc is registered on file01.corp.example",
        "Sure      medium: its steps lie 2.0 s apart",
        "But       only one side tells of it: no log of the other machine or of the network does",
        "ATT&CK    T1021.002",
        "Records   2 records in logs/file01-security.json",
    ]


def test_a_hop_without_a_file_is_told_by_its_steps() -> None:
    assert hop(session()) == [
        "2026-03-02T09:00:00.000Z  ws01.corp.example (10.0.0.5) connects to file01.corp.example as CORP\\alice",
        "2026-03-02T09:00:02.000Z  svc is registered on file01.corp.example",
        "medium confidence",
    ]


def test_what_is_registered_says_what_it_is_to_run() -> None:
    connected, registered = session().steps
    steps = [connected, msgspec.structs.replace(registered, command=r"cmd.exe /c C:\Windows\Temp\x.bat")]
    assert r"svc is registered on file01.corp.example, to run cmd.exe /c C:\Windows\Temp\x.bat" in hop(session(steps=steps))[1]
    # A long command is cut, and what became of it is said all the same.
    long = [connected, msgspec.structs.replace(registered, command="y" * 500)]
    assert any("svc is registered on file01.corp.example, to run yyy" in line for line in block(session(steps=long)))


def test_a_write_of_which_nobody_is_named_is_no_machine_that_is_not_known() -> None:
    step = Step(Role.WROTE, NINE, None, "NT AUTHORITY\\SYSTEM", r"C:\Windows\x.exe", [0])
    assert step_words(step, session()).startswith(r"C:\Windows\x.exe is written to ")
    assert step_words(step, session()).endswith(r" as NT AUTHORITY\SYSTEM")


def test_of_many_steps_the_first_are_told_and_the_others_counted() -> None:
    steps = [Step(Role.CONNECTED, f"2026-03-02T09:0{minute}:00.000000Z", WS01, None, None, [0]) for minute in range(5)]
    assert block(session(steps=steps))[2:6] == [
        "Steps     2026-03-02T09:00:00.000Z  ws01.corp.example (10.0.0.5) connects to file01.corp.example",
        "and       2026-03-02T09:01:00.000Z  ws01.corp.example (10.0.0.5) connects to file01.corp.example",
        "and       2026-03-02T09:02:00.000Z  ws01.corp.example (10.0.0.5) connects to file01.corp.example",
        "and 2 more steps, the last 2026-03-02T09:04:00.000Z",
    ]
    assert hop(session(steps=steps))[3] == "and 2 more steps"


def test_a_file_that_is_registered_says_by_what_it_was_set_up() -> None:
    steps = session().steps
    one = session(file="C:\\Windows\\svc.exe", write_time=NINE, started_by="service", steps=steps)
    assert headline(one) == (
        "C:\\Windows\\svc.exe was written to file01.corp.example over the network and set up to run there through the service manager; "
        "no run of it is logged"
    )
    assert hop(one)[1] == "2026-03-02T09:00:02.000Z  svc is registered on file01.corp.example"


@pytest.mark.parametrize(
    ("execution", "started_by", "end"),
    [
        ("service", "service", "run there"),
        ("command_line", "service", "run there through the service manager"),
        ("image", "wmi", "run there through WMI"),
        ("image", None, "run there"),
    ],
)
def test_what_had_it_run_is_said_once(execution: str, started_by: str | None, end: str) -> None:
    assert headline(finding(execution=execution, started_by=started_by)).endswith(f"over the network and {end}")


def test_reasons_and_doubts_stand_apart() -> None:
    lines = block(finding(basis=Basis.INFERRED, why=["10.0.0.5 is the only client", Doubt.WRITE_INFERRED.sentence, "it ran 1 s after"]))
    (sure,) = (line for line in lines if line.startswith("Sure"))
    (but,) = (line for line in lines if line.startswith("But"))
    assert sure.endswith("a part is concluded from other records; 10.0.0.5 is the only client; it ran 1 s after")
    assert but == f"But       {Doubt.WRITE_INFERRED.sentence}"


def test_a_doubt_is_one_clause() -> None:
    """They are listed one after the other: what has a semicolon in it would be read as two."""
    assert [doubt for doubt in Doubt if ";" in doubt.sentence] == []


@pytest.mark.parametrize(("role", "said"), [
    (Role.CALLED, "ws01.corp.example (10.0.0.5) calls x on file01.corp.example as a"),
    (Role.WROTE, "ws01.corp.example (10.0.0.5) writes x to file01.corp.example as a"),
    (Role.RAN, "file01.corp.example runs x as a"),
    (Role.REMOVED, "x is removed on file01.corp.example as a"),
    (Role.BLOCKED, "x is blocked on file01.corp.example as a"),
    (Role.RECORDED, "file01.corp.example as a: logon"),
])  # fmt: skip
def test_every_role_is_a_sentence(role: Role, said: str) -> None:
    steps = [Step(role, NINE, WS01, "a", "x", [0])]
    shown = hop(session(steps=steps, file=None))
    assert shown[0] == f"2026-03-02T09:00:00.000Z  {said}"
    assert (step_words(steps[0], session()), session().target) == (said, FILE01)


def test_what_ran_is_a_step_where_nothing_else_tells_that_it_ran() -> None:
    steps = [Step(Role.RAN, NINE, FILE01, "a", "x", [0])]
    assert any(line.startswith("Steps") for line in block(session(steps=steps)))
    assert not any(line.startswith("Steps") for line in block(session(steps=steps, execution_time=NINE)))


def test_a_step_whose_actor_no_record_names_says_so() -> None:
    step = Step(Role.CONNECTED, NINE, None, None, "psexesvc-stdin", [0])
    assert (
        step_words(step, session(target=Endpoint(None, "10.0.0.9"))) == "a machine that is not known connects to 10.0.0.9, psexesvc-stdin"
    )


def test_what_was_tried_again_and_again_is_told_once() -> None:
    steps = [Step(Role.BLOCKED, f"2026-03-02T09:0{minute}:00.000000Z", None, None, "C:\\x.exe", [0]) for minute in range(5)]
    assert block(session(steps=steps))[2:4] == [
        "Steps     2026-03-02T09:00:00.000Z  C:\\x.exe is blocked on file01.corp.example",
        "and 4 times again, the last 2026-03-02T09:04:00.000Z",
    ]
