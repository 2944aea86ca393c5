"""Security 4624: a session was opened on this host.

Source: Microsoft, Windows security auditing, event 4624(S) "An account was successfully logged on".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OF_MACHINE, WHOSE, names_client, names_machine
from graphcorr.logs.groups import CLIENT, SUBJECT, TARGET
from graphcorr.logs.readers import guid, integer, program, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4624",
    title="An account was successfully logged on",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4624),
    testifies=(
        Testimony(
            Kind.LOGON,
            columns=WHOSE,
        ),
        names_machine(f"logon_type = 3 AND {OF_MACHINE}"),
        # A client's name is that of a network logon only: an interactive or remote desktop logon has the target's own name
        # there, beside the address of the client.
        names_client("logon_type = 3"),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **SUBJECT,
        **CLIENT,
        **TARGET,
        "logon_type": integer("LogonType", below=2**31),
        "auth_package": text("AuthenticationPackageName"),
        "logon_guid": guid("LogonGuid"),
        # NTLM clients state their own name here, and attack tools state anything; Kerberos leaves it empty.
        "source_host": text("WorkstationName"),
        "image": program("ProcessName"),
        "pid": integer("ProcessId", zero=False),
    },
    says=Saying("network logon of {target_user}[ from {source_address}]"),
    provides="Account, session, type and client address of every logon. The source is an address; its name is what the client claims.",
    absent=(
        "the account of the client at the source",
        "a port or address on many type 3 logons of local services",
    ),
)
