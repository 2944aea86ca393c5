"""Logs that come over HTTP are read by jobs, each once; what is found in them is what the command line finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphcorr.model.progress import Silent
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import detect
from graphcorr.service.reading import ingest
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving


def new_case(running: Running, name: str = "office") -> str:
    answer = running.client.post("/v1/cases", json={"name": name})
    assert answer.status_code == 201, answer.text
    return f"/v1/cases/{answer.json()['id']}"


def upload(running: Running, case: str, files: list[Path], **headers: str) -> dict[str, Any]:
    parts = [("file", (each.name, each.read_bytes())) for each in files]
    answer = running.client.post(f"{case}/events", files=parts, headers=headers)
    assert answer.status_code == 202, answer.text
    return dict(answer.json()["job"])


def logs(demo_state: Path) -> list[Path]:
    return sorted((demo_state / "demo").iterdir())


def comparable(report: dict[str, Any]) -> object:
    """Without engine, case and the folders of files."""
    text = json.dumps({name: value for name, value in report.items() if name not in {"engine", "case"}})
    return json.loads(text)


def test_what_is_uploaded_and_detected_is_what_the_command_line_finds(
    demo: Running, demo_state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case(demo)
    job = upload(demo, case, logs(demo_state))
    assert demo.wait(job["id"])["state"] == "done"
    answer = demo.client.post(f"{case}/detect", json={})
    assert answer.status_code == 202
    told = demo.wait(answer.json()["job"]["id"])
    assert told["state"] == "done", told
    assert told["result"] == {"findings": 4, "paths": 2}

    settings = Settings(state=tmp_path, workers=1)
    monkeypatch.chdir(demo_state / "demo")
    ingest([path.name for path in logs(demo_state)], tmp_path / "case", settings, Silent())
    detect(tmp_path / "case", settings, Silent())
    import msgspec

    expected = msgspec.to_builtins(load_report(tmp_path / "case"))
    assert comparable(demo.json(f"{case}/report")) == comparable(expected)
    assert list((demo.state / case.replace("/v1/", "") / "uploads").iterdir()) == []


def test_a_detection_is_told_until_when_all_was_usual(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    upload(demo, case, logs(demo_state)[:1])
    wrong = demo.client.post(f"{case}/detect", json={"baseline_until": "yesterday"})
    assert (wrong.status_code, "baseline_until yesterday: not a time" in wrong.json()["detail"]) == (400, True)
    job = demo.client.post(f"{case}/detect", json={"baseline_until": "2024-03-11"}).json()["job"]["id"]
    assert demo.wait(job)["state"] == "done"
    baseline = demo.json(f"{case}/report")["baseline"]
    assert baseline["until"] == "2024-03-11T23:59:59.999999Z"
    assert demo.json(f"{case}/overview")["baseline"] == baseline


def test_the_same_twice_is_one_job(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    first = upload(demo, case, logs(demo_state)[:1])
    assert upload(demo, case, logs(demo_state)[:1])["id"] == first["id"]
    assert upload(demo, case, logs(demo_state)[1:2], **{"Idempotency-Key": "a"})["id"] != first["id"]
    again = demo.client.post(f"{case}/events", content=b"something else", headers={"Idempotency-Key": "a"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:graphcorr:problem:conflict")
    other = new_case(demo)
    assert upload(demo, other, logs(demo_state)[:1])["id"] != first["id"]


def test_a_case_in_which_nothing_was_looked_for_says_so(demo: Running) -> None:
    case = new_case(demo)
    answer = demo.client.get(f"{case}/findings")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":not-detected")


def test_names_are_for_people_and_never_paths(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    content = logs(demo_state)[0].read_bytes()
    answer = demo.client.post(f"{case}/events", files=[("file", ("../../../../tmp/evil\x1b[2J.log", content))])
    assert answer.status_code == 202
    assert demo.wait(answer.json()["job"]["id"])["state"] == "done"
    answer = demo.client.post(f"{case}/events", params={"name": "C:\\logs\\..\\x.log"}, content=content + b"\n")
    assert demo.wait(answer.json()["job"]["id"])["state"] == "done"
    demo.wait(demo.client.post(f"{case}/detect", json={}).json()["job"]["id"])
    names = [each["path"] for each in demo.json(f"{case}/report")["inputs"]["files"]]
    assert names == ["C:/logs/x.log", "tmp/evil[2J.log"]
    folder = demo.state / case.replace("/v1/", "")
    assert {each.name for each in folder.parent.iterdir()} == {each["id"] for each in demo.json("/v1/cases")["items"]}


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "application/octet-stream"}, b"", 400),
        ({"content-type": "multipart/form-data"}, b"x", 400),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\nbroken", 400),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b--\r\n", 400),
    ],
)
def test_a_body_that_is_none_leaves_nothing(demo: Running, headers: dict[str, str], content: bytes, status: int) -> None:
    case = new_case(demo)
    answer = demo.client.post(f"{case}/events", headers=headers, content=content)
    assert answer.status_code == status, answer.text
    folder = demo.state / case.replace("/v1/", "") / "uploads"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_jobs_are_listed_and_canceled(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    id_ = case.rsplit("/", 1)[1]
    job = upload(demo, case, logs(demo_state)[:1])
    demo.wait(job["id"])
    assert [each["id"] for each in demo.json("/v1/jobs", case=id_)["items"]] == [job["id"]]
    assert demo.client.delete(f"/v1/jobs/{job['id']}").status_code == 400
    assert demo.client.delete("/v1/jobs/none").status_code == 404


def test_a_state_folder_has_one_server(demo: Running) -> None:
    with pytest.raises(AssertionError), serving(demo.state):
        pass


def test_one_job_at_a_time_writes_a_case_and_none_is_lost(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    jobs = [upload(demo, case, [path]) for path in logs(demo_state)]
    assert {demo.wait(job["id"])["state"] for job in jobs} == {"done"}
    assert demo.json(case)["records"] == 600
