"""What was found in a case is asked over HTTP: lists by pages, one of each, and raw records."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.conftest import Running


def report(demo: Running, case: str) -> dict[str, Any]:
    return dict(demo.json(f"{case}/report"))


def test_the_server_lives_and_says_what_it_is(demo: Running) -> None:
    assert demo.json("/v1/health") == {"status": "ok"}
    assert {"graphcorr", "python", "parts"} == demo.json("/v1/version").keys()


def test_every_finding_is_in_one_page_or_another(demo: Running, case: str) -> None:
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = demo.json(f"{case}/findings", limit=1, **cursor)
        found += page["items"]
        assert page["total"] == 4
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == report(demo, case)["findings"]


@pytest.mark.parametrize("sort", ["time", "level", "confidence", "source", "target", "account", "file", "title"])
def test_a_sort_and_its_reverse_are_each_other_turned_around(demo: Running, case: str, sort: str) -> None:
    ways = []
    for each in (sort, f"-{sort}"):
        ids: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = demo.json(f"{case}/findings", limit=1, sort=each, **cursor)
            ids += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        ways.append(ids)
    assert len(ways[0]) == 4
    assert ways[0] == ways[1][::-1]


def ends(one: dict[str, Any], *sides: str) -> set[str]:
    return {value for side in sides if one[side] for value in one[side].values() if value}


def holds(one: dict[str, Any], name: str, value: str) -> bool:
    """What a filter means, said another way."""
    ranks = ["informational", "low", "medium", "high", "critical"]
    meanings: dict[str, Callable[[], bool]] = {
        "level": lambda: one["level"] == value,
        "min_level": lambda: ranks.index(one["level"]) >= ranks.index(value),
        "technique": lambda: any(each.split(".")[0] == value or each == value for each in one["techniques"]),
        "pattern": lambda: value in one["patterns"],
        "account": lambda: value.lower() in {(one["account"] or "").lower(), (one["account"] or "").lower().split("\\")[-1]},
        "source": lambda: value.lower() in ends(one, "source"),
        "target": lambda: value.lower() in ends(one, "target"),
        "host": lambda: value.lower() in ends(one, "source", "target"),
        "file": lambda: value.lower() in (one["file"] or "").lower(),
        "q": lambda: value in str(one).replace("\\\\", "\\").lower(),
        "movement": lambda: one["movement"] == value,
        "since": lambda: one["time"] >= value,
        "until": lambda: one["time"][: len(value)] <= value,
    }
    return meanings[name]()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level", "high"),
        ("min_level", "medium"),
        ("min_level", "critical"),
        ("technique", "T1021"),
        ("technique", "T1543.003"),
        ("technique", "T102"),
        ("pattern", "smb-write-then-service"),
        ("account", "J.MEYER"),
        ("account", "meyer"),
        ("source", "ws01.corp.example"),
        ("target", "SRV01.corp.example"),
        ("host", "10.20.0.11"),
        ("file", "SYNC"),
        ("q", "sync000001"),
        ("q", "%"),
        ("movement", "remote"),
        ("movement", "loopback"),
        ("since", "2024-03-11T08:40:00"),
        ("until", "2024-03-11"),
        ("until", "2024-03-10"),
    ],
)
def test_filters(demo: Running, case: str, name: str, value: str) -> None:
    page = demo.json(f"{case}/findings", **{name: value})
    expected = [one["id"] for one in report(demo, case)["findings"] if holds(one, name, value)]
    assert [one["id"] for one in page["items"]] == expected
    assert page["total"] == len(expected)


def test_values_of_one_filter_are_alternatives_and_filters_hold_together(demo: Running, case: str) -> None:
    assert demo.json(f"{case}/findings", level=["high", "medium", "low"])["total"] == 4
    assert demo.json(f"{case}/findings", level=["high"], file="sync")["total"] < demo.json(f"{case}/findings", level=["high"])["total"]


def test_a_finding_is_told_with_its_raw_records(demo: Running, case: str) -> None:
    first = report(demo, case)["findings"][0]
    assert demo.json(f"{case}/findings/{first['id']}") == first
    records = demo.json(f"{case}/findings/{first['id']}/evidence")["items"]
    assert [each["evidence"] for each in records] == first["evidence"]
    assert all(each["raw"] for each in records)


def test_a_path_is_told_with_its_hops(demo: Running, case: str) -> None:
    paths = demo.json(f"{case}/paths")["items"]
    assert paths == report(demo, case)["paths"]
    shown = demo.json(f"{case}/paths/{paths[0]['id']}")
    assert [each["id"] for each in shown["findings"]] == paths[0]["hops"]
    assert demo.json(f"{case}/paths", **{"from": "ws01.corp.example"})["total"] == 2
    assert demo.json(f"{case}/paths", to="ws01.corp.example")["total"] == 0
    accounts = {each["id"]: each["account"] for each in report(demo, case)["findings"]}
    for name in {name for name in accounts.values() if name is not None}:
        of_it = [each["id"] for each in paths if name in {accounts[hop] for hop in each["hops"]}]
        for asked in (name.upper(), name.rpartition("\\")[2]):
            assert [each["id"] for each in demo.json(f"{case}/paths", account=asked)["items"]] == of_it, asked
    assert demo.json(f"{case}/paths", account="nobody")["total"] == 0
    first, last = paths[0]["first"], paths[0]["last"]
    for at, is_there in ((first, True), (last, True), (first[:10], True), ("2100-01-01", False), ("2020-01-01", False)):
        assert (paths[0]["id"] in {each["id"] for each in demo.json(f"{case}/paths", at=at)["items"]}) is is_there, at


def test_the_rest_of_a_report_is_told_by_parts(demo: Running, case: str) -> None:
    whole = report(demo, case)
    assert demo.json(f"{case}/observations", limit=100)["items"] == whole["observations"]
    assert demo.json(f"{case}/sightings")["items"] == whole["sightings"]
    assert demo.json(f"{case}/coverage") == whole["coverage"]
    overview = demo.json(f"{case}/overview")
    assert overview["inputs"] == whole["inputs"]
    assert overview["findings"] == len(whole["findings"])


def test_hosts_are_those_of_logs_and_findings(demo: Running, case: str) -> None:
    hosts = {each["host"]: each for each in demo.json(f"{case}/hosts")["items"]}
    assert set(hosts) == {"(network)", "dc01.corp.example", "srv01.corp.example", "ws01.corp.example"}
    found = report(demo, case)["findings"]
    for name, host in hosts.items():
        assert host["incoming"] == sum(one["target"]["host"] == name for one in found)
        assert host["outgoing"] == sum(one["source"] is not None and one["source"]["host"] == name for one in found)
    assert hosts["srv01.corp.example"]["outgoing"] > 0
    assert demo.json(f"{case}/hosts/WS01.corp.example")["host"] == "ws01.corp.example"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/findings?levle=high", 400, "bad-request"),
        ("/findings?limit=0", 400, "bad-request"),
        ("/findings?limit=1&limit=2", 400, "bad-request"),
        ("/findings?cursor=AAAA", 400, "bad-request"),
        ("/findings?since=yesterday", 400, "bad-request"),
        ("/findings?q=%ff", 400, "bad-request"),
        ("/coverage?limit=5", 400, "bad-request"),
        ("/findings/none", 404, "not-found"),
        ("/findings/none/evidence", 404, "not-found"),
        ("/paths/none", 404, "not-found"),
        ("/hosts/none", 404, "not-found"),
        ("/none", 404, "not-found"),
    ],
)
def test_what_makes_no_sense_is_a_problem(demo: Running, case: str, path: str, status: int, kind: str) -> None:
    answer = demo.client.get(case + path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:graphcorr:problem:{kind}"
    assert problem["status"] == status
    assert str(demo.state) not in answer.text


def test_a_cursor_belongs_to_its_question(demo: Running, case: str) -> None:
    cursor = demo.json(f"{case}/findings", limit=1)["next"]
    assert demo.client.get(f"{case}/findings", params={"limit": 2, "cursor": cursor}).status_code == 200
    assert demo.client.get(f"{case}/findings", params={"sort": "time", "cursor": cursor}).status_code == 400
    assert demo.client.get(f"{case}/findings", params={"level": "high", "cursor": cursor}).status_code == 400


@pytest.mark.parametrize("name", ["..", "%2e%2e", "..%2f..", ".", "a%2fb", "%00", "x" * 300])
def test_a_case_is_no_path(demo: Running, name: str) -> None:
    answer = demo.client.get(httpx.URL(demo.address, raw_path=f"/v1/cases/{name}/report".encode()))
    assert answer.status_code == 404


def test_every_answer_says_what_a_browser_may_do_with_it(demo: Running, case: str) -> None:
    for path in ("/", "/v1/health", f"{case}/findings", f"{case}/none", "/none.js"):
        headers = demo.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_the_page_names_all_of_its_modules_at_once(demo: Running) -> None:
    page = demo.client.get("/").text
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)">', page))
    imported, left = {"/main.mjs"}, ["/main.mjs"]
    while left:
        path = left.pop()
        for name in re.findall(r'^import .*?"(\.[^"]+)"', demo.client.get(path).text, re.MULTILINE):
            if (found := posixpath.normpath(posixpath.join(posixpath.dirname(path), name))) not in imported:
                imported.add(found)
                left.append(found)
    assert len(imported) > 40
    assert named == imported


def test_pages_of_other_origins_may_not_ask(demo: Running) -> None:
    own = demo.address.rstrip("/")
    assert demo.client.get("/v1/health", headers={"Origin": own}).status_code == 200
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": own.rsplit(":", 1)[0] + ":1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert demo.client.get("/v1/health", headers=headers).status_code == 403, headers
    assert demo.client.get("/v1/health", headers={"Host": "rebound.example"}).status_code == 421
    navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert demo.client.get("/", headers=navigation).status_code == 200
    assert demo.client.get("/v1/cases", headers=navigation).status_code == 403


def test_the_document_has_every_call(demo: Running) -> None:
    document = demo.json("/v1/openapi.json")
    assert "/v1/cases/{case}/findings/{finding}/evidence" in document["paths"]
    names = [one["operationId"] for each in document["paths"].values() for one in each.values()]
    assert len(names) == len(set(names))


def test_hops_are_the_findings_without_their_evidence(demo: Running, case: str) -> None:
    """In the order of time, filtered as the list of findings is."""
    hops = demo.json(f"{case}/hops")
    findings = {each["id"]: each for each in report(demo, case)["findings"]}
    assert hops["total"] == len(hops["items"]) == len(findings) == 4
    assert [findings[each["id"]]["time"] for each in hops["items"]] == sorted(each["time"] for each in findings.values())
    for each in hops["items"]:
        whole = findings[each["id"]]
        steps = [{"role": step["role"], "time": step["time"]} for step in whole["steps"]]
        done = [{"way": one["way"], "first": one["first"]} for one in whole["behaviors"]]
        assert each == {**{name: whole[name] for name in each}, "steps": steps, "behaviors": done}
    [only] = demo.json(f"{case}/hops", file="report000006")["items"]
    assert only["file"] == r"C:\Windows\Temp\report000006.bat"


def test_the_timeline_counts_findings_by_time_and_level(demo: Running, case: str) -> None:
    told = demo.json(f"{case}/timeline")
    assert (told["first"], told["seconds"]) == ("2024-03-11T08:31:00Z", 60)
    levels = ((0, "high"), (18, "high"), (38, "high"), (75, "medium"))
    assert told["bins"] == [{"number": number, "level": level, "count": 1} for number, level in levels]
    assert demo.json(f"{case}/timeline", level="low")["bins"] == []


def test_kinds_are_told_in_words(demo: Running) -> None:
    kinds = {each["kind"]: each for each in demo.json("/v1/kinds")["items"]}
    assert kinds["ProcessStart"]["words"] == "process starts"
    assert "Sysmon 1" in kinds["ProcessStart"]["logs"]


def test_leads_of_all_paths_are_asked_for_by_pages(demo: Running, case: str) -> None:
    expected = [(path["id"], lead) for path in demo.json(f"{case}/report")["paths"] for lead in path["leads"]]
    page = demo.json(f"{case}/leads", limit=500)
    assert [(each["path"], each["lead"]) for each in page["items"]] == expected
    assert page["total"] == len(expected)
    finding = demo.json(f"{case}/findings")["items"][0]["id"]
    assert demo.client.get(f"{case}/leads", params={"finding": finding}).status_code == 200
    assert demo.client.get(f"{case}/leads", params={"finding": "none"}).status_code == 404
