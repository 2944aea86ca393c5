"""Chainsaw's detections (``hunt --json``, ``--jsonl``): a rule fits an event.

Source: Chainsaw's wiki, "Usage", and its source of the JSON output.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.readers import integer, text
from graphcorr.logs.rules import RAISED, level, techniques
from graphcorr.logs.sayings import Saying

_SYSTEM: Final = "document.data.Event.System"

LOG_TYPE = LogType(
    name="chainsaw-detection",
    title="A rule of Chainsaw's fits an event",
    source=JsonLog(
        {"name": None, "timestamp": None, "level": None, _SYSTEM: None},
        time="timestamp",
        computer=f"{_SYSTEM}.Computer",
    ),
    testifies=RAISED,
    identity=True,
    needs=("alert",),
    columns={
        "alert": text("name"),
        "rule": text("id"),
        "severity": level("level"),
        "techniques": techniques("tags"),
        "about_event": integer(f"{_SYSTEM}.EventID", f"{_SYSTEM}.EventID.#text", below=2**31),
        "about_record": integer(f"{_SYSTEM}.EventRecordID", zero=False),
    },
    says=Saying("Chainsaw: {alert}[ ({severity})]"),
    provides="Which rule fits which event, how bad its author finds that, and which techniques it stands for.",
    absent=("rules over several events", "the event itself: its log has it"),
)
