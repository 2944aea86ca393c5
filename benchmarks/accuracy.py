"""``python -m benchmarks.accuracy FOLDER``: hunt in labelled public telemetry, case by case; rewrites docs/accuracy.md.

The folder holds ``labels.json`` and the data sets as ``OWNER+NAME/PATH``. A case is found when one finding has its target, its way of
execution and its time within five seconds, and its source where the label states one; a written and executed file besides its path and
the time of its write.
"""

from __future__ import annotations

import argparse
import fnmatch
import ipaddress
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

from graphcorr.simulate.estate import EstateSpec
from graphcorr.simulate.writer import write_estate

TARGET: Final = Path(__file__).parent.parent / "docs" / "accuracy.md"
_CHAINS: Final = {"W2X-image": {"image", "service", "task"}, "W2X-cmdline": {"command_line"}, "W2X-load": {"module_load"}}
_WAYS: Final = {
    "service": {"service"},
    "WMI": {"wmi"},
    "WinRM": {"winrm"},
    "WinRM/WMI": {"winrm", "wmi"},
    "DCOM": {"dcom"},
    "task": {"task"},
}
_QUIET: Final = frozenset({"NONE", "WRITE-ONLY"})
_HISTORY: Final = 7
"""Days of the made-up network that are history."""
_ESTATE: Final = EstateSpec(seed=5, hosts=20, events=100_000, chains=0, decoys=0, hours=24 * 10)
_NEAR: Final = 5.0
"""Seconds."""
_SAYS: Final = {"REMOTE-EXEC-NO-FILE": "run from elsewhere", "NONE": "nothing", "WRITE-ONLY": "written, not run"}

_HEADER: Final = """# Accuracy

Written by `make accuracy`: do not edit. Labelled public telemetry, each data set hunted in by itself as
`graphcorr hunt --json --ephemeral`, and every finding compared with its labels. *Found* is a finding with the right machine, way,
time (5 s) and, where the label states one, source. *Besides* are findings with a run or something set up that no label explains: right
ones that nobody labelled, or wrong ones. The data is that of the repositories named, and can be had there by everybody.
"""


class Case(NamedTuple):
    """One label, and what came of it."""

    label: dict[str, Any]
    outcome: str
    finding: dict[str, Any] | None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("folder", type=Path, help="where labels.json and the data sets are")
    folder: Path = parser.parse_args(arguments).folder
    sets: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for label in json.loads((folder / "labels.json").read_text(encoding="utf-8"))["cases"]:
        sets[label["repo"], label["dataset"]].append(label)
    cases: list[Case] = []
    besides: list[tuple[str, dict[str, Any]]] = []
    quiet: list[dict[str, Any]] = []
    halves: list[dict[str, Any]] = []
    for (repository, name), labels in sorted(sets.items()):
        files = _files(folder / repository.replace("/", "+"), name)
        report = _hunt(files)
        findings: list[dict[str, Any]] = report["findings"]
        told = [_judge(label, findings) for label in labels]
        if not all(label["class"] in _QUIET for label in labels):
            # What is found there is of another case of the same data set.
            told = [Case(one.label, "right: nothing", None) if one.label["class"] in _QUIET else one for one in told]
        else:
            quiet.append(report)
            if (middle := _middle(report)) is not None:
                halves.append(_hunt(files, "--baseline-until", middle))
        explained = {case.finding["id"] for case in told if case.finding}
        besides += [(name, one) for one in findings if one["id"] not in explained and (one["execution"] or one["started_by"])]
        cases += told
        print(f"{name}: {', '.join(case.outcome for case in told)}", file=sys.stderr)
    TARGET.write_text(render(cases, besides, quiet, halves, _hunt_made_up()), encoding="utf-8")
    return 0


def _files(root: Path, name: str) -> list[Path]:
    """The files that a label's path names: with ``*``, and with ``{a,b}`` for either."""
    parts = [part.split("}", 1) for part in name.split("{")]
    choices = [[parts[0][0]], *([one + rest for one in alternatives.split(",")] for alternatives, rest in parts[1:])]
    patterns = ["".join(chosen) for chosen in product(*choices)]
    return sorted(
        path for path in root.rglob("*") if path.is_file() and any(fnmatch.fnmatch(str(path.relative_to(root)), p) for p in patterns)
    )


def _hunt(files: list[Path], *options: str) -> dict[str, Any]:
    program = [sys.executable, "-c", "from graphcorr.cli.main import main; main()"]
    command = [*program, "hunt", "--json", "--ephemeral", *options, *map(str, files)]
    answer = subprocess.run(command, capture_output=True, check=False)
    if not answer.stdout:
        raise SystemExit(f"no report of {files[0]}: {answer.stderr.decode(errors='replace')}")
    report: dict[str, Any] = json.loads(answer.stdout)
    return report


def _judge(label: dict[str, Any], findings: list[dict[str, Any]]) -> Case:
    kind = label["class"]
    if kind in _CHAINS and label.get("true_chain"):
        hit = next((one for one in findings if _is_chain(label, one)), None)
    elif kind == "REMOTE-EXEC-NO-FILE" and label.get("mechanism") in _WAYS:
        hit = next((one for one in findings if _is_run(label, one)), None)
    elif kind in _QUIET:
        wrong = next((one for one in findings if one["movement"] == "remote" and (one["execution"] or one["started_by"])), None)
        return Case(label, "false" if wrong else "right: nothing", wrong)
    else:
        return Case(label, "not looked for", None)
    return Case(label, "found" if hit else "missed", hit)


def _is_chain(label: dict[str, Any], one: dict[str, Any]) -> bool:
    runs = [(run["kind"], run["time"]) for run in one["executions"]]
    return (
        bool(one["file"])
        and one["file"].lower() == label["path"].lower()
        and _is_near(one["write_time"], label["write_time"])
        and any(kind in _CHAINS[label["class"]] and _is_near(time, label["exec_time"]) for kind, time in runs)
        and _has_ends(label, one)
    )


def _is_run(label: dict[str, Any], one: dict[str, Any]) -> bool:
    times = [run["time"] for run in one["executions"]] + [step["time"] for step in one["steps"]]
    moment = label.get("exec_time") or label.get("registered_time")
    ways = {one["started_by"], *(run["kind"] for run in one["executions"])}
    return bool(ways & _WAYS[label["mechanism"]]) and any(_is_near(time, moment) for time in times) and _has_ends(label, one)


def _has_ends(label: dict[str, Any], one: dict[str, Any]) -> bool:
    return _is_machine(one["target"], label["target"]) and _is_machine(one["source"], label["expected_source"])


def _is_machine(found: dict[str, str | None] | None, stated: dict[str, Any] | None) -> bool:
    """Whether it is the machine that a label states; true where it states none."""
    name, addresses = _short((stated or {}).get("host")), _addresses((stated or {}).get("ip"))
    if not (name or addresses):
        return True
    if found is None:
        return False
    return (bool(name) and _short(found["host"]) == name) or bool(addresses & _addresses(found["address"]))


def _short(name: str | None) -> str:
    found = (name or "").split(" ")[0].split(".")[0].lower()
    return "" if found.startswith("(") else found


def _addresses(text: str | None) -> set[str]:
    words = (word.strip("()") for word in (text or "").replace(",", " ").split())
    return {word for word in words if _is_address(word)}


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _is_near(found: str | None, stated: str | None) -> bool:
    if stated is None:
        return True
    return found is not None and abs((datetime.fromisoformat(found) - datetime.fromisoformat(stated)).total_seconds()) <= _NEAR


def render(
    cases: list[Case],
    besides: list[tuple[str, dict[str, Any]]],
    quiet: list[dict[str, Any]],
    halves: list[dict[str, Any]],
    made_up: dict[str, Any] | None = None,
) -> str:
    """The whole document. ``quiet`` are the reports of data sets in which nothing was done from elsewhere, and ``halves`` those of the same
    where their first half is history; ``made_up`` is that of a network without an intruder.
    """
    counts = Counter(case.outcome for case in cases)
    total = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    parts = [_HEADER, f"**{len(cases)} cases: {total}; {len(besides)} findings besides.**"]
    repositories: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        repositories[case.label["repo"]].append(case)
    for repository, own in sorted(repositories.items()):
        rows = [
            f"## [{repository}](https://github.com/{repository})",
            "| Data set | Labelled | Told | Sure | From |\n|---|---|---|---|---|",
        ]
        rows[-1] += "".join(f"\n{_row(case)}" for case in own)
        parts.append("\n\n".join(rows))
    if besides:
        lines = [f"| `{name}` | {one['pattern']} | {one['movement']} | {one['confidence']} | {one['time']} |" for name, one in besides]
        parts.append("## Besides\n\n| Data set | Pattern | Movement | Sure | Time |\n|---|---|---|---|---|\n" + "\n".join(lines))
    parts += [_burden(quiet), _novelty(halves, made_up)]
    return "\n\n".join(parts) + "\n"


def _burden(reports: list[dict[str, Any]]) -> str:
    """How much there is to read where nothing happened, by pattern."""
    spans = [span for report in reports for host in report["coverage"]["hosts"] if (span := _span(host))]
    days = sum((last.date() - first.date()).days + 1 for first, last in spans)
    hours = sum((last - first).total_seconds() for first, last in spans) / 3600
    found: Counter[tuple[str, str]] = Counter()
    for report in reports:
        found.update(("finding", one["pattern"]) for one in report["findings"])
        found.update(("observation", one["pattern"]) for one in report["observations"])
    kinds = Counter(kind for kind, _ in found.elements())
    per = {kind: f"{kinds[kind]} {kind}s, {kinds[kind] / days if days else 0:.2f} a host-day" for kind in ("finding", "observation")}
    said = (
        f"In the {len(reports)} data sets in which nothing was run or set up from another machine there are\n{per['finding']}, and "
        f"{per['observation']}. They are {days} host-days, each a machine on a day (UTC)\nbetween its first record and its last; "
        f"the logs reach over {hours:.0f} hours of them. Most were recorded while somebody\nattacked in another way."
    )
    rows = "".join(f"\n| {pattern} | {kind} | {count} | {count / days:.2f} |" for (kind, pattern), count in sorted(found.items()))
    return f"## To read where nothing happened\n\n{said}\n\n| Pattern | Told as | Rows | A host-day |\n|---|---|---|---|{rows}"


def _novelty(halves: list[dict[str, Any]], made_up: dict[str, Any] | None) -> str:
    """How much is new where a part of the time is history, and nothing happened."""
    days = _days_since(halves)
    said = (
        f"The same data sets with `--baseline-until` in the middle of their time, as far as they have any: {len(halves)}, with\n"
        f"{days} host-days after it. A machine is judged where its logs told of such things on two days before: here hardly any."
    )
    parts = ["## New where nothing happened", said, _told_new(halves, days)]
    if made_up is not None:
        days = _days_since([made_up])
        parts.append(
            f"In a made-up network of {_ESTATE.hosts} machines without an intruder, {_HISTORY} days of history and {days} host-days "
            "after it:"
        )
        parts.append(_told_new([made_up], days))
    return "\n\n".join(parts)


def _days_since(reports: list[dict[str, Any]]) -> int:
    """Host-days after the history: machine and day (UTC) between its end and the machine's last record."""
    days = 0
    for report in reports:
        until = datetime.fromisoformat(report["baseline"]["until"])
        ends = [span[1] for host in report["coverage"]["hosts"] if (span := _span(host)) and span[1] > until]
        days += sum((last.date() - until.date()).days + 1 for last in ends)
    return days


def _told_new(reports: list[dict[str, Any]], days: int) -> str:
    rows = []
    for thing in ("account", "client", "file type", "program"):
        own = [one for report in reports for one in report["baseline"]["histories"] if one["thing"] == thing]
        judged, short = sum(one["hosts"] for one in own), sum(len(one["not_judged"]) for one in own)
        new, rare, expected = (sum(one[name] for one in own) for name in ("new_since", "rare_since", "expected"))
        rows.append(f"\n| {thing} | {judged} | {short} | {new} | {expected:.1f} | {rare} | {new / days if days else 0:.2f} |")
    head = "| What | Machines judged | Not judged | First seen | Expected | Rare | First seen a host-day |\n|---|---|---|---|---|---|---|"
    return head + "".join(rows)


def _hunt_made_up() -> dict[str, Any]:
    """A hunt in a network that is made up, where nobody moves."""
    with tempfile.TemporaryDirectory() as folder:
        write_estate(Path(folder), _ESTATE)
        until = datetime.fromtimestamp(_ESTATE.start / 1_000_000 + _HISTORY * 86_400, UTC)
        return _hunt([Path(folder) / "logs"], "--baseline-until", until.isoformat())


def _middle(report: dict[str, Any]) -> str | None:
    """The middle between the first and the last event; None where there is no time between them."""
    times = [datetime.fromisoformat(one[end]) for one in report["inputs"]["files"] for end in ("first", "last") if one[end]]
    return ((min(times) + (max(times) - min(times)) / 2).isoformat()) if times and min(times) < max(times) else None


def _span(host: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """From a machine's first record to its last, of those that a hunt reads."""
    times = [(datetime.fromisoformat(kind["first"]), datetime.fromisoformat(kind["last"])) for kind in host["kinds"] if kind["first"]]
    return (min(first for first, _ in times), max(last for _, last in times)) if times else None


def _row(case: Case) -> str:
    label, one = case.label, case.finding
    way = _SAYS.get(label["class"], label["class"])
    mechanism = f" ({label['mechanism']})" if label.get("mechanism") else ""
    source = (one["source"] or {}) if one else {}
    told = f"{case.outcome}: {one['pattern']}" if one else case.outcome
    machine = source.get("host") or source.get("address") or ""
    return f"| `{label['dataset']}` | {way}{mechanism} | {told} | {one['confidence'] if one else ''} | {machine} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
