"""Where the path of the report that is written by hand may have led."""

from __future__ import annotations

from graphcorr.model.findings import Endpoint, Evidence
from graphcorr.model.leads import Direction, Lead, LeadTier

DC01 = Endpoint("dc01.corp.example", None)


def minute(number: int) -> str:
    return f"2026-03-02T10:{number:02}:00.000000Z"


def told(role: str, number: int, summary: str) -> list[Evidence]:
    return [Evidence(role, "logs/app-security.json", None, number, None, "security", None, minute(number), minute(number), summary)]


LEADS = [
    Lead(
        direction=Direction.INWARD,
        tier=LeadTier.LOGON,
        source=Endpoint(None, "10.0.0.66"),
        target=Endpoint("ws01.corp.example", "10.0.0.5"),
        account=r"CORP\alice",
        ways=["remote desktop"],
        count=1,
        first=minute(1),
        last=minute(1),
        confirmed=None,
        found=[],
        why=[r"CORP\alice is the account of the path's first hop"],
        evidence=told("logon", 1, "remote desktop of alice from 10.0.0.66"),
    ),
    Lead(
        direction=Direction.ONWARD,
        tier=LeadTier.LOGON,
        source=DC01,
        target=Endpoint("app01.corp.example", None),
        account=r"CORP\alice",
        ways=["network logon", "command for wmi"],
        count=3,
        first=minute(20),
        last=minute(25),
        confirmed=None,
        found=["5f3a9c21-7d10-5a44-9a3e-0c5b0f6d2e11"],
        why=[r"CORP\alice is an account of the path", "the first time in the log of logons to app01.corp.example"],
        evidence=told("logon", 20, "network logon of alice from 10.0.0.30"),
    ),
    Lead(
        direction=Direction.ONWARD,
        tier=LeadTier.ATTEMPT,
        source=DC01,
        target=Endpoint("app02", None),
        account=None,
        ways=["remote desktop opened"],
        count=1,
        first=minute(26),
        last=minute(26),
        confirmed=False,
        found=[],
        why=["which account it was is not known"],
        evidence=told("attempt", 26, "remote desktop of app02 asked for"),
    ),
]
