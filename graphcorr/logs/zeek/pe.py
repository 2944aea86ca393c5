"""Zeek pe.log: programs seen on the wire, by their header.

Source: Zeek's script reference, base/files/pe/main.zeek, PE::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.readers import moment, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-pe",
    title="Portable executables",
    source=ZeekLog("pe", frozenset({"id", "machine"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.EXECUTABLE),),
    needs=("fuid",),
    columns={
        "fuid": text("id"),
        "machine": text("machine"),
        "compiled": moment("compile_ts"),
    },
    says=Saying("program {fuid}[ for {machine}][, built {compiled}]"),
    provides="That a file on the wire was a program, for which machine, and when its maker says that it was built.",
    absent=(
        "the ends of the connection: files.log has them under the same fuid",
        "the name",
    ),
)
