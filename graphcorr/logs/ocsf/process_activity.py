"""OCSF Process Activity (1007): a process started or ended.

Source: OCSF's schema, class process_activity, activity_id 1 Launch, 2 Terminate.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.ocsf_reading import CREATOR, accepted, activity, events, fingerprints
from graphcorr.logs.readers import command, folder, integer, names, own_realm, person, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="ocsf-process-activity",
    title="OCSF Process Activity",
    source=events(1007),
    testifies=(
        Testimony(Kind.PROCESS_START, "action = '1' AND success IS DISTINCT FROM FALSE", ACTOR, prefer=1),
        Testimony(Kind.PROCESS_END, "action = '2'"),
    ),
    essential=("image", "command_line"),
    columns={
        **CREATOR,
        "action": activity(),
        "success": accepted(),
        "image": program("process.file.path", "process.path", "process.name"),
        "pid": integer("process.pid", zero=False),
        "command_line": command("process.cmd_line"),
        "current_directory": folder("process.working_directory"),
        "user": person("process.user.name", "process.user.domain"),
        "user_domain": own_realm("process.user.domain"),
        "hashes": fingerprints("process.file.hashes"),
        "names": names("process.cmd_line", "process.file.path"),
    },
    says=Saying("process started: {command_line or image}[, parent {parent_image}]"),
    provides="Program, command line, account, parent and hashes of every process.",
    absent=("the session, from most producers",),
)
