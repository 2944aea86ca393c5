"""Whatever is killed, and when: every acknowledged byte is in the case once, and what was found stays readable."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.api.conftest import Running, serving
from tests.api.test_jobs import logs, new_case, upload

ROUNDS = int(os.environ.get("GRAPHCORR_KILLS", "2"))


def workers(running: Running) -> list[psutil.Process]:
    children = psutil.Process(running.process.pid).children()
    return [each for each in children if is_worker(each)]


def is_worker(process: psutil.Process) -> bool:
    try:
        return "graphcorr.service.worker" in process.cmdline()
    except psutil.Error:  # it is gone, or nobody has waited for it yet
        return False


def wait_for_worker(running: Running) -> psutil.Process:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := workers(running):
            return found[0]
        time.sleep(0.01)
    raise AssertionError("no worker began")


def whole(running: Running, case: str) -> tuple[int, list[str], int]:
    """What a case holds after a detection: records, the files that they came from, and findings."""
    running.wait(running.client.post(f"{case}/detect", json={}).json()["job"]["id"])
    report: dict[str, Any] = running.json(f"{case}/report")
    assert report["inputs"]["unfinished"] == []
    return report["inputs"]["records"], sorted(each["path"] for each in report["inputs"]["files"]), len(report["findings"])


def test_a_killed_worker_is_begun_again_and_its_effect_counts_once(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    for number in range(ROUNDS):
        job = upload(demo, case, logs(demo_state), **{"Idempotency-Key": f"round {number}"})
        victim = wait_for_worker(demo)
        time.sleep(random.uniform(0, 1.2))
        with suppress(psutil.NoSuchProcess):  # it was quicker
            victim.kill()
        told = demo.wait(job["id"])
        assert told["state"] == "done", told
    assert whole(demo, case) == (600, sorted(path.name for path in logs(demo_state)), 4)


def test_a_worker_that_dies_each_time_is_given_up_and_can_be_tried_again(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    job = upload(demo, case, logs(demo_state))
    last: int | None = None
    end = time.monotonic() + 180
    while (told := demo.json(f"/v1/jobs/{job['id']}"))["state"] not in {"failed", "done"}:
        for victim in workers(demo):
            with suppress(psutil.NoSuchProcess):
                victim.kill()
            last = victim.pid
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (told["state"], told["tries"]) == ("failed", 3), (told, last)
    assert "3 times" in told["problem"]
    assert demo.client.post(f"/v1/jobs/{job['id']}/retry").status_code == 202
    assert demo.wait(job["id"])["state"] == "done"
    assert demo.client.post(f"/v1/jobs/{job['id']}/retry").status_code == 400
    assert demo.json(case)["records"] == 600


def test_a_killed_server_goes_on_where_it_was(tmp_path: Path, demo_state: Path) -> None:
    taken: list[str] = []
    case = generation = ""
    files = logs(demo_state)
    for number in range(ROUNDS + 1):
        with serving(tmp_path) as running:
            if not case:
                case = new_case(running)
                whole(running, case)
                generation = running.json(case)["generation"]
            assert running.json(f"{case}/overview")["generation"] == generation
            left = [path for path in files if path.name not in taken]
            for path in left if number == ROUNDS else left[:3]:
                taken.append(path.name)
                upload(running, case, [path])
            if number == ROUNDS:
                jobs = running.json("/v1/jobs", limit=100)["items"]
                ended = [running.wait(each["id"]) for each in jobs]
                assert [each for each in ended if each["state"] != "done"] == []
                assert whole(running, case) == (600, sorted(path.name for path in files), 4)
            else:
                time.sleep(random.uniform(0, 1.5))
                running.process.kill()


def test_an_upload_that_breaks_off_leaves_nothing(demo: Running) -> None:
    case = new_case(demo)

    def broken() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ConnectionResetError

    with pytest.raises((ConnectionResetError, httpx.HTTPError)):
        demo.client.post(f"{case}/events", content=broken())
    folder = demo.state / case.removeprefix("/v1/") / "uploads"
    time.sleep(0.3)
    if folder.exists():
        wait_for_nothing(folder)
    assert demo.json("/v1/jobs", case=case.rsplit("/", 1)[1])["items"] == []


def test_a_canceled_job_ends(demo: Running, demo_state: Path) -> None:
    case = new_case(demo)
    first = upload(demo, case, logs(demo_state))
    waiting = upload(demo, case, logs(demo_state)[:1])
    canceled = demo.client.delete(f"/v1/jobs/{waiting['id']}").json()
    assert (canceled["state"], canceled["canceled"]) == ("canceled", True)
    demo.client.delete(f"/v1/jobs/{first['id']}")
    assert demo.wait(first["id"])["state"] in {"canceled", "done"}
    wait_for_nothing(demo.state / case.removeprefix("/v1/") / "uploads")


def wait_for_nothing(folder: Path) -> None:
    """Files go after it was told what became of them."""
    end = time.monotonic() + 5
    while list(folder.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_a_killed_detection_leaves_what_was_found_before_and_is_done_again(tmp_path: Path, demo_state: Path) -> None:
    """Workers and the server in turn: readers have a whole generation before, meanwhile and afterwards."""
    case = ""
    for number in range(ROUNDS + 1):
        with serving(tmp_path) as running:
            if not case:
                case = new_case(running)
                upload(running, case, logs(demo_state))
            before = running.json(f"{case}/overview")["findings"] if number else 0
            expected = 4 if number else 0
            assert before == expected
            job = running.client.post(f"{case}/detect", json={}).json()["job"]
            if number < ROUNDS:
                victim = wait_for_worker(running)
                time.sleep(random.uniform(0, 2))
                with suppress(psutil.NoSuchProcess):
                    victim.kill()
                if number:
                    assert running.json(f"{case}/overview")["findings"] == 4
                    time.sleep(random.uniform(0, 1))
                    running.process.kill()
                    continue
            assert running.wait(job["id"])["state"] == "done"
            ended = [running.wait(each["id"]) for each in running.json("/v1/jobs", limit=100)["items"]]
            # Who kills one of them three times is told that it was given up; nothing else has failed.
            assert [each for each in ended if each["state"] != "done" and "3 times" not in (each["problem"] or "")] == []
            assert whole(running, case) == (600, sorted(path.name for path in logs(demo_state)), 4)
