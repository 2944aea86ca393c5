"""The report's names, order and types as a literal, and a strict comparison with it (schema ``graphcorr.report/1``)."""

from __future__ import annotations

import re

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PERHAPS_TEXT = (str, None)
ENDPOINT = {"host": PERHAPS_TEXT, "address": PERHAPS_TEXT}
EVIDENCE = {
    "role": str,
    "file": str,
    "member": PERHAPS_TEXT,
    "record": int,
    "host": PERHAPS_TEXT,
    "channel": PERHAPS_TEXT,
    "record_id": (int, None),
    "time": TIME,
    "original_time": str,
    "summary": str,
    "kind": PERHAPS_TEXT,
    "event": PERHAPS_TEXT,
}
LEAD = {
    "direction": frozenset({"onward", "inward"}),
    "tier": frozenset({"logon", "attempt"}),
    "source": ENDPOINT,
    "target": ENDPOINT,
    "account": PERHAPS_TEXT,
    "ways": [str],
    "count": int,
    "first": TIME,
    "last": TIME,
    "confirmed": (bool, None),
    "found": [ID],
    "why": [str],
    "evidence": [EVIDENCE],
}
FILE = {
    "path": str,
    "member": PERHAPS_TEXT,
    "format": PERHAPS_TEXT,
    "status": frozenset({"read", "partly", "not_understood"}),
    "reason": PERHAPS_TEXT,
    "records": int,
    "events": int,
    "skipped": int,
    "duplicates": int,
    "first": (TIME, None),
    "last": (TIME, None),
    "hostless": int,
    "judged": bool,
}
FINDING = {
    "id": ID,
    "pattern": str,
    "patterns": [str],
    "title": str,
    "level": frozenset({"informational", "low", "medium", "high", "critical"}),
    "confidence": frozenset({"low", "medium", "high"}),
    "basis": frozenset({"observed", "inferred", "assumed"}),
    "why": [str],
    "techniques": [re.compile(r"T\d{4}(\.\d{3})?")],
    "detection_strategies": [re.compile(r"DET\d{4}")],
    "software": [re.compile(r"S\d{4}")],
    "source": (ENDPOINT, None),
    "target": ENDPOINT,
    "account": PERHAPS_TEXT,
    "movement": frozenset({"remote", "loopback", "local", "unknown_source"}),
    "execution": (frozenset({"image", "command_line", "module_load", "service", "task", "wmi", "winrm", "dcom"}), None),
    "execution_time": (TIME, None),
    "executions": [
        {"kind": str, "time": TIME, "image": PERHAPS_TEXT, "command_line": PERHAPS_TEXT, "user": PERHAPS_TEXT, "parent": PERHAPS_TEXT}
    ],
    "file": PERHAPS_TEXT,
    "write_time": (TIME, None),
    "time": TIME,
    "started_by": (frozenset({"service", "task", "wmi", "winrm", "dcom", "rdp", "share"}), None),
    "steps": [
        {
            "role": frozenset(
                {
                    *("connected", "called", "wrote", "moved", "registered", "attempted", "refused", "blocked", "ran", "replaced"),
                    *("removed", "recorded"),
                }
            ),
            "time": TIME,
            "actor": (ENDPOINT, None),
            "account": PERHAPS_TEXT,
            "object": PERHAPS_TEXT,
            "evidence": [int],
            "command": PERHAPS_TEXT,
        }
    ],
    "suppressed": ({"rule": str, "owner": str, "reason": str, "expires": PERHAPS_TEXT}, None),
    "limits": [str],
    "evidence": [EVIDENCE],
    "traits": [{"what": str, "value": str, "evidence": [int]}],
    "aftermath": [
        {
            "role": frozenset({"started", "reached"}),
            "time": TIME,
            "actor": (ENDPOINT, None),
            "account": PERHAPS_TEXT,
            "object": PERHAPS_TEXT,
            "evidence": [int],
            "command": PERHAPS_TEXT,
        }
    ],
    "alerts": [{"name": str, "by": str, "severity": PERHAPS_TEXT, "techniques": [str], "evidence": [int]}],
    "behaviors": [
        {
            "technique": str,
            "way": str,
            "joined": ("process", "session", "account"),
            "account": PERHAPS_TEXT,
            "count": int,
            "first": str,
            "last": str,
            "evidence": [int],
        }
    ],
    "verdict": (
        {
            "verdict": frozenset({"true_positive", "benign_positive", "false_positive", "undetermined"}),
            "author": str,
            "time": str,
            "reason": PERHAPS_TEXT,
        },
        None,
    ),
    "notes": [{"id": str, "author": str, "time": str, "text": str}],
}
HYPOTHESIS = {
    "id": str,
    "name": str,
    "score": float,
    "reasons": [
        {
            "item": str,
            "name": str,
            "basis": frozenset({"seen", "reported", "inherited"}),
            "known": int,
            "of": int,
            "findings": [str],
            "through": [str],
        }
    ],
    "mentions": [{"software": str, "provenance": str}],
}
REPORT = {
    "schema": frozenset({"graphcorr.report/1"}),
    "version": str,
    "engine": str,
    "attack": PERHAPS_TEXT,
    "case": PERHAPS_TEXT,
    "window": ({"since": PERHAPS_TEXT, "until": PERHAPS_TEXT}, None),
    "baseline": (
        {
            "until": TIME,
            "histories": [
                {
                    "thing": frozenset({"program", "account", "client", "file type"}),
                    **dict.fromkeys(("hosts", "days", "seen_once", "days_before", "seen_since", "new_since", "rare_since"), int),
                    "expected": float,
                    "not_judged": [{"host": str, "days": int}],
                }
            ],
        },
        None,
    ),
    "inputs": {
        "files": [FILE],
        "records": int,
        "events": int,
        "skipped": int,
        "duplicates": int,
        "skips": [{"file": str, "member": PERHAPS_TEXT, "record": (int, None), "reason": str}],
        "hostless": int,
        "unfinished": [str],
        "given_up": [str],
        "lacking": [str],
    },
    "coverage": {
        "hosts": [
            {
                "host": str,
                "kinds": [{"kind": str, "first": TIME, "last": TIME, "count": int}],
                "gaps": [{"from": TIME, "to": TIME, "reason": str, "kind": str}],
                "former_names": [{"name": str, "until": TIME, "basis": str}],
            }
        ],
        "patterns": [
            {
                "pattern": str,
                "status": frozenset({"evaluated", "partly", "not_evaluated"}),
                "hosts_missing": [{"host": str, "missing": [str]}],
                "not_read": [str],
                "observation": bool,
                "stopped": PERHAPS_TEXT,
                "decides": bool,
            }
        ],
    },
    "clocks": [
        {"host": str, "source": str, "offset_seconds": float, "from": TIME, "to": TIME, "pairs": int, "borrowed_from": PERHAPS_TEXT}
    ],
    "findings": [FINDING],
    "observations": [
        {
            "pattern": str,
            "source": (ENDPOINT, None),
            "target": ENDPOINT,
            "account": PERHAPS_TEXT,
            "count": int,
            "first": TIME,
            "last": TIME,
            "examples": [EVIDENCE],
            "way": PERHAPS_TEXT,
            "machines": (int, None),
            "technique": PERHAPS_TEXT,
            "local": bool,
            "history": PERHAPS_TEXT,
        }
    ],
    "sightings": [
        {
            "indicator": str,
            "name": PERHAPS_TEXT,
            "observable": str,
            "value": str,
            "count": int,
            "first": TIME,
            "last": TIME,
            "examples": [EVIDENCE],
        }
    ],
    "indicators_outdated": [
        {
            "indicator": str,
            "name": PERHAPS_TEXT,
            "observable": str,
            "value": str,
            "count": int,
            "first": TIME,
            "last": TIME,
            "examples": [EVIDENCE],
            "valid_from": (TIME, None),
            "valid_until": (TIME, None),
        }
    ],
    "indicators_looked_for": int,
    "indicators_not_evaluated": [{"indicator": str, "reason": str}],
    "paths": [
        {
            "id": ID,
            "hosts": [str],
            "hops": [ID],
            "first": TIME,
            "last": TIME,
            "score": float,
            "why": [str],
            "attribution": {
                "verdict": frozenset({"none", "possible", "likely"}),
                "probability": (float, None),
                "software": [HYPOTHESIS],
                "actors": [HYPOTHESIS],
            },
            "leads": [LEAD],
            "leads_left": int,
        }
    ],
}


def misfits(value: object, expected: object, place: str = "$") -> list[str]:
    """Where ``value`` differs from the schema; keys in order, no key more or less."""
    if isinstance(expected, tuple):
        return [] if any(not misfits(value, each, place) for each in expected) else [f"{place}: {value!r}"]
    if isinstance(expected, dict):
        if not isinstance(value, dict) or list(value) != list(expected):
            return [f"{place}: {value!r}"]
        return [misfit for key, each in expected.items() for misfit in misfits(value[key], each, f"{place}.{key}")]
    if isinstance(expected, list):
        if not isinstance(value, list):
            return [f"{place}: {value!r}"]
        return [misfit for index, each in enumerate(value) for misfit in misfits(each, expected[0], f"{place}[{index}]")]
    if isinstance(expected, re.Pattern):
        fits = isinstance(value, str) and expected.fullmatch(value) is not None
    elif isinstance(expected, frozenset):
        fits = value in expected
    elif expected is None:
        fits = value is None
    else:
        fits = type(value) is expected and value != ""
    return [] if fits else [f"{place}: {value!r}"]
