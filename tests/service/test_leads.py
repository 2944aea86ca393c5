"""Where paths may have led, asked over a whole case: by pages, filtered, and beside one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import NotFoundError
from graphcorr.service.leads import LeadsAsked, leads_of, list_leads
from graphcorr.service.listing import show_finding
from tests.ui.made_up import Made, moment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Made()
    made.hop("ws-1.corp.example", "srv-1.corp.example", 0, r"C:\Windows\Temp\a.exe")
    made.hop("ws-1.corp.example", "srv-2.corp.example", 60, r"C:\Windows\Temp\b.exe")
    made.publish(tmp_path, "leads", "Leads", "dc-1.corp.example")
    return tmp_path / "cases" / "leads"


def test_a_lead_is_told_with_its_path(folder: Path) -> None:
    page = list_leads(folder, LeadsAsked())
    [shown] = page.items
    assert (page.total, page.next, shown.number, shown.path) == (1, None, 0, "00000000-0000-5000-8000-00000000000a")
    assert (shown.lead.source.host, shown.lead.target.host) == ("srv-1.corp.example", "dc-1.corp.example")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (LeadsAsked(host=("SRV-1.corp.example",)), 1),
        (LeadsAsked(host=("srv-2.corp.example",)), 0),
        (LeadsAsked(account=("dc-1.corp.example",)), 1),
        (LeadsAsked(account=("nobody",)), 0),
        (LeadsAsked(until=moment(79)), 0),
        (LeadsAsked(since=moment(80)), 1),
        (LeadsAsked(since=moment(81)), 0),
        (LeadsAsked(finding="00000000-0000-5000-8000-000000000000"), 1),
        (LeadsAsked(finding="00000001-0000-5000-8000-000000000000"), 0),
    ],
)
def test_leads_are_filtered(folder: Path, asked: LeadsAsked, count: int) -> None:
    assert list_leads(folder, asked).total == count


def test_a_finding_has_those_of_its_machines(folder: Path) -> None:
    counts = [len(leads_of(folder, show_finding(folder, f"0000000{number}-0000-5000-8000-000000000000"))) for number in (0, 1)]
    assert counts == [1, 0]
    with pytest.raises(NotFoundError, match="there is no finding"):
        list_leads(folder, LeadsAsked(finding="none"))
