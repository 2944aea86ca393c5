"""Whoever runs jobs: a process that ends before it knows what it is for costs a try, never the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from graphcorr.service import supervising
from graphcorr.service.jobs import MOST_TRIES, DetectAsked, Job, Jobs
from graphcorr.service.messages import write_order
from graphcorr.service.supervising import Supervisor
from tests.settings import own_settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from graphcorr.settings import Settings


def test_a_worker_that_dies_before_it_has_its_order_costs_a_try_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = own_settings(state=tmp_path)
    with Jobs(settings) as jobs:
        job, _ = jobs.add("c" * 8, DetectAsked())
    begun: list[int] = []

    def order_for_the_dead(id_: str, settings_: Settings) -> bytes:
        workers = [child for child in psutil.Process().children() if "graphcorr.service.worker" in child.cmdline()]
        for worker in workers:
            worker.kill()
        psutil.wait_procs(workers)
        begun.extend(worker.pid for worker in workers)
        return write_order(id_, settings_)

    monkeypatch.setattr(supervising, "write_order", order_for_the_dead)
    supervisor = Supervisor(settings)

    def told() -> Job:
        with Jobs(settings) as jobs:
            return jobs.get(job.id)

    def step(_: float) -> None:
        steps.append(told())
        if told().is_over or len(steps) > 2 * MOST_TRIES:
            supervisor.stop()

    steps: list[Job] = []
    monkeypatch.setattr(supervisor._wake, "wait", step)
    supervisor.run()
    assert (told().state, told().tries, len(begun)) == ("failed", MOST_TRIES, MOST_TRIES)
    assert "3 times" in str(told().problem)
