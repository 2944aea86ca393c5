"""An analyst follows the demo's intrusion in a browser: by clicks, by the keyboard alone, by addresses that are passed on."""

from __future__ import annotations

import base64
import re

from playwright.sync_api import expect

from graphcorr.case.writer import open_writer
from graphcorr.model.progress import Silent
from graphcorr.outputs.wording import KIND_WORDS
from graphcorr.service.detecting import detect
from graphcorr.settings import Settings
from tests.api.conftest import Running
from tests.findings.logs import TOOL, Logs, store_in
from tests.ui.conftest import Opener
from tests.ui.made_up import Made

SELECTED = 'aside[aria-label="Selection"]'


def test_from_the_cases_to_a_raw_record_by_clicks(open_page: Opener, server: Running, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    opened.go("/")
    page.get_by_role("link", name=demo_case.removeprefix("/cases/")).click()
    page.get_by_role("link", name="Findings").first.click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_role("link", name="File written over SMB, then run on the same host").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("File written over SMB, then run on the same host")
    page.get_by_role("button", name="As logged").click()
    [first] = [each for each in server.json(f"/v1{demo_case}/findings")["items"] if each["execution"] == "service"]
    evidence = server.json(f"/v1{demo_case}/findings/{first['id']}/evidence")["items"]
    expect(page.locator("pre.raw")).to_have_text(evidence[0]["raw"])
    page.locator(".picker button").nth(3).click()
    expect(page.locator("pre.raw")).to_have_text(evidence[3]["raw"])


def test_a_mark_of_a_path_is_one_click_from_its_record(open_page: Opener, server: Running, demo_case: str) -> None:
    """The logged time stands beside the aligned one."""
    [path] = [each for each in server.json(f"/v1{demo_case}/paths")["items"] if len(each["hops"]) == 2]
    opened = open_page()
    page = opened.page
    opened.go(f"{demo_case}/paths/{path['id']}")
    canvas = page.get_by_role("application")
    expect(canvas).to_be_visible()
    # The first hop's write: in the second lane, at the left.
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": 16, "y": box["height"] / 3 * 1.33})
    shown = page.locator(SELECTED)
    expect(shown.locator(".times")).to_contain_text("2024-03-11T08:31:00.000Z")
    expect(shown.locator(".times")).to_contain_text("2024-03-11 08:31:00Z")
    expect(shown.locator(".strip a[aria-current]")).to_contain_text("wrote")
    assert f"sel={path['hops'][0]}%3A0" in opened.path


def test_the_keyboard_alone_leads_to_a_raw_record(open_page: Opener, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    opened.go(demo_case)
    page.wait_for_selector("h1")
    for key in ("g", "f"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr")).to_have_count(4)
    for key in ("j", "j", "k", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".record .says")).to_contain_text("access 0x17019f")
    page.keyboard.press("j")
    expect(page.locator(".record .says")).to_contain_text("access 0x2 ")
    page.keyboard.press("Escape")
    expect(page.locator("tbody tr.at")).to_have_count(1)


def test_lanes_are_walked_with_the_arrow_keys(open_page: Opener, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    opened.go(f"{demo_case}/movement")
    page.get_by_role("application").focus()
    for key, said in (
        ("ArrowRight", "wrote on srv01"),
        ("ArrowRight", "registered on srv01"),
        ("ArrowDown", "wrote on dc01"),
        ("ArrowUp", "ran on srv01"),
    ):
        page.keyboard.press(key)
        expect(page.locator(".lanes [aria-live=polite]")).to_contain_text(said)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("File written over SMB, then run on the same host")


def test_back_forward_and_a_pasted_address_restore_the_view(open_page: Opener, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    opened.go(f"{demo_case}/findings")
    page.get_by_label("At least").select_option("high")
    page.get_by_role("link", name="To", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("To")
    page.get_by_role("searchbox").fill("report000006")
    expect(page.locator("tbody tr")).to_have_count(1)
    address = opened.path
    page.locator("tbody a.row").click()
    expect(page.locator(".record .says")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("report000006")
    assert opened.path == address
    page.go_forward()
    expect(page.locator(".record .says")).to_be_visible()
    pasted = open_page()
    pasted.go(address)
    expect(pasted.page.locator("tbody tr")).to_have_count(1)
    expect(pasted.page.get_by_role("searchbox")).to_have_value("report000006")
    expect(pasted.page.get_by_label("At least")).to_have_value("high")


def test_paths_are_looked_for_by_account_and_by_when_they_were_under_way(open_page: Opener, server: Running, demo_case: str) -> None:
    [path] = [each for each in server.json(f"/v1{demo_case}/paths")["items"] if len(each["hops"]) == 2]
    account = server.json(f"/v1{demo_case}/findings/{path['hops'][0]}")["account"]
    opened = open_page()
    page = opened.page
    opened.go(f"{demo_case}/paths")
    every = page.locator("tbody tr")
    expect(every).to_have_count(len(server.json(f"/v1{demo_case}/paths")["items"]))
    page.get_by_label("account", exact=True).fill(account)
    page.get_by_label("under way at").fill(path["first"])
    page.get_by_label("under way at").press("Enter")
    # While an answer is waited for, that is a status, too.
    expect(page.locator(".heading [role=status]")).to_contain_text("1 path that fit")
    page.get_by_role("button", name="account").click()
    page.get_by_label("under way at").fill("2001-01-01")
    page.get_by_label("under way at").press("Enter")
    expect(page.get_by_role("heading", name="No path fits")).to_be_visible()
    page.get_by_role("link", name="show all").click()
    expect(every.first).to_be_visible()


def test_where_a_path_may_have_led_is_a_ring_that_leads_to_its_records(open_page: Opener, server: Running) -> None:
    """It is drawn apart from the hops, and said not to be one."""
    made = Made()
    made.hop("ws-1.corp.example", "srv-1.corp.example", 0, r"C:\Windows\Temp\a.exe")
    made.publish(server.state, "leads-0", "Leads", "dc-1.corp.example")
    [path] = server.json("/v1/cases/leads-0/paths")["items"]
    opened = open_page()
    opened.may_be_refused = "/evidence"
    page = opened.page
    opened.go(f"/cases/leads-0/paths/{path['id']}")
    canvas = page.get_by_role("application")
    expect(page.locator(".lanes > .bar .note")).to_contain_text("3 hosts, 1 finding, 2 marks")
    expect(page.locator(".legend")).to_contain_text("may have led there, no hop")
    box = canvas.bounding_box()
    assert box is not None
    # It is the last thing that happened, in the middle of the last lane.
    canvas.click(position={"x": box["width"] - 26, "y": box["height"] / 6 * 5})
    assert opened.path.endswith("?lead=0")
    told = page.locator("details[open]").filter(has_text="logged on to dc-1 from srv-1 (network logon)")
    expect(told).to_contain_text("network logon of dc-1.corp.example logged")


def test_leads_stand_with_the_movement_and_with_the_finding(open_page: Opener, server: Running) -> None:
    made = Made()
    first = made.hop("ws-1.corp.example", "srv-1.corp.example", 0, r"C:\Windows\Temp\a.exe")
    other = made.hop("ws-1.corp.example", "srv-2.corp.example", 60, r"C:\Windows\Temp\b.exe")
    made.publish(server.state, "leads-1", "Leads", "dc-1.corp.example")
    opened = open_page()
    opened.may_be_refused = "/evidence"
    page = opened.page
    opened.go("/cases/leads-1/movement")
    expect(page.locator(".lanes > .bar .note")).to_contain_text("4 hosts, 2 findings, 4 marks")
    told = page.locator("section").filter(has=page.get_by_role("heading", name="Where it may have led"))
    told.get_by_text("logged on to dc-1 from srv-1 (network logon)").click()
    told.get_by_role("link", name="Show in the lanes").click()
    assert opened.path.endswith("?lead=0")
    opened.go("/cases/leads-1/movement?host=srv-2.corp.example")
    expect(page.locator(".lanes > .bar .note")).to_contain_text("2 hosts, 1 finding, 2 marks")
    opened.go(f"/cases/leads-1/findings/{first.id}")
    expect(page.get_by_text("logged on to dc-1 from srv-1 (network logon)")).to_be_visible()
    opened.go(f"/cases/leads-1/findings/{other.id}")
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_role("heading", name="Where it may have led")).to_have_count(0)


def test_an_encoded_command_is_told_in_words_once(open_page: Opener, server: Running) -> None:
    code = "Write-Output '<b>decoded</b>' | Out-File C:\\Temp\\x.txt"
    command = f"{TOOL} & powershell.exe -enc {base64.b64encode(code.encode('utf-16-le')).decode()}"
    folder = server.state / "cases" / "encoded-0"
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05", command=command).security_4688("10:00:05", command=command)
    with open_writer(folder, create=True) as case:
        store_in(case, logs.records)
    [finding] = detect(folder, Settings(state=server.state), Silent()).findings
    opened = open_page()
    page = opened.page
    opened.go(f"/cases/encoded-0/findings/{finding.id}")
    steps = page.get_by_role("region", name="What happened")
    expect(steps.get_by_label("Decoded command")).to_have_text(code)
    place = next(number for number, each in enumerate(finding.evidence) if each.role == "execution")
    opened.go(f"/cases/encoded-0/findings/{finding.id}?record={place}")
    expect(page.get_by_role("region", name="Record").get_by_label("Decoded command")).to_have_text(code)


def test_what_an_event_is_about_stands_before_its_header(open_page: Opener, server: Running) -> None:
    folder = server.state / "cases" / "fields-0"
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05")
    for record in logs.records:
        data = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in record.fields.items())
        record.raw = f"<Event xmlns='x'><System><EventID>1</EventID><Level>4</Level></System><EventData>{data}</EventData></Event>".encode()
    with open_writer(folder, create=True) as case:
        store_in(case, logs.records)
    [finding] = detect(folder, Settings(state=server.state), Silent()).findings
    opened = open_page()
    opened.go(f"/cases/fields-0/findings/{finding.id}")
    names = opened.page.get_by_role("region", name="Fields of the record").locator("th")
    expect(names.last).to_have_text("System.Level")
    assert names.all_text_contents() == [*map(str, logs.records[0].fields), "System.EventID", "System.Level"]


def test_what_could_not_be_seen_is_told_in_words(open_page: Opener, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    for view in ("", "/coverage", "/hosts"):
        opened.go(f"{demo_case}{view}")
        page.wait_for_selector("main h1")
        page.wait_for_selector(".waiting", state="detached")
        page.wait_for_load_state("networkidle")
        text = page.locator("main").inner_text()
        names = [kind.value for kind in KIND_WORDS if sum(letter.isupper() for letter in kind.value) > 1]
        assert [each for each in names if re.search(rf"\b{each}\b", text)] == []


def test_a_finding_is_judged_noted_and_set_aside_and_never_gone(open_page: Opener, server: Running) -> None:
    made = Made()
    first = made.hop("ws-1.corp.example", "srv-1.corp.example", 0, r"C:\Windows\Temp\a.exe")
    made.hop("ws-2.corp.example", "srv-2.corp.example", 60, r"C:\Windows\Temp\b.exe", account=r"CORP\eve")
    made.publish(server.state, "said-0", "Said")
    opened = open_page()
    opened.may_be_refused = "/evidence"
    page = opened.page
    opened.go(f"/cases/said-0/findings/{first.id}")
    said = page.get_by_role("region", name="What people say")
    said.get_by_role("button", name="Benign").click()
    expect(said.get_by_role("button", name="Benign")).to_have_attribute("aria-pressed", "true")
    said.get_by_placeholder("A note for whoever comes next").fill("<b>Seen</b> on Monday")
    said.get_by_role("button", name="Add the note").click()
    expect(said.locator("li .prose")).to_have_text("<b>Seen</b> on Monday")
    said.get_by_text("Set findings like this aside").click()
    for name in ("source", "account"):
        said.get_by_role("checkbox", name=name).uncheck()
    said.get_by_label("Why").fill("Our deployment")
    expect(said.get_by_role("button", name="Set aside", exact=True)).to_be_disabled()
    said.get_by_role("checkbox", name="source").check()
    said.get_by_role("button", name="Set aside", exact=True).click()
    expect(said).to_contain_text("Set aside by local until")
    opened.go("/cases/said-0/findings")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="1 more set aside").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("benign positive")
    opened.go("/cases/said-0/movement")
    expect(page.locator(".heading .notice")).to_contain_text("1 finding set aside by rules is not drawn")
    page.get_by_role("link", name="Draw those").click()
    expect(page.locator(".lanes > .bar .note")).to_contain_text("1 finding")
    expect(page.locator(".heading .notice")).to_have_count(0)
    opened.go("/cases/said-0/suppressions")
    expect(page.locator("main")).to_contain_text("Our deployment")
    page.get_by_role("button", name="Remove the rule").click()
    expect(page.get_by_role("heading", name="No rule sets anything aside")).to_be_visible()
    opened.go("/cases/said-0/findings")
    expect(page.locator("tbody tr")).to_have_count(2)
