"""Zircolite's results: a rule fits an event. One object of its file is a rule with all events that it fits.

Source: Zircolite's documentation, "Usage", and its source of the JSON output.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.readers import integer, text
from graphcorr.logs.rules import RAISED, level, techniques
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="zircolite-match",
    title="A rule of Zircolite's fits an event",
    source=JsonLog({"title": None, "rule_level": None, "match.EventID": None}, time="match.SystemTime", computer="match.Computer"),
    testifies=RAISED,
    identity=True,
    needs=("alert",),
    columns={
        "alert": text("title"),
        "rule": text("id", "sigmafile"),
        "severity": level("rule_level"),
        "techniques": techniques("tags"),
        "message": text("description"),
        "about_event": integer("match.EventID", below=2**31),
        "about_record": integer("match.EventRecordID", zero=False),
    },
    says=Saying("Zircolite: {alert}[ ({severity})]"),
    provides="Which rule fits which event, how bad its author finds that, and which techniques it stands for.",
    absent=("the event itself: its log has it",),
)
