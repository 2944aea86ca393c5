"""Hayabusa's timeline (``csv-timeline``, ``json-timeline``): a rule fits an event.

Source: Hayabusa's README, "Output Profiles" and "Abbreviations"; its document "Analysing Hayabusa Results with jq" for JSON.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.readers import integer, text
from graphcorr.logs.rules import RAISED, level, techniques
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="hayabusa-timeline",
    title="A rule of Hayabusa's fits an event",
    source=JsonLog({"RuleTitle": None, "Timestamp": None, "Computer": None, "EventID": None}, time="Timestamp", computer="Computer"),
    testifies=RAISED,
    identity=True,
    needs=("alert",),
    columns={
        "alert": text("RuleTitle"),
        "rule": text("RuleID", "RuleFile"),
        "severity": level("Level"),
        "techniques": techniques("MitreTags"),
        "message": text("Details"),
        "about_event": integer("EventID", below=2**31),
        "about_record": integer("RecordID", zero=False),
    },
    says=Saying("Hayabusa: {alert}[ ({severity})]"),
    provides="Which rule fits which event, how bad its author finds that, and which techniques it stands for.",
    absent=("techniques, in profiles without tags", "the event itself: its log has it"),
)
