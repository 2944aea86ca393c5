"""Zeek dce_rpc.log: remote procedure calls.

Source: Zeek's script reference, base/protocols/dce-rpc/main.zeek, DCE_RPC::Info; MS-RPCE for what is under packet privacy.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import rpc_pipe
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-dce-rpc",
    title="Remote procedure calls",
    source=ZeekLog("dce_rpc", frozenset({"endpoint", "operation", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.CALL,
            "endpoint IS NOT NULL AND action IS NOT NULL",
            {"interface": "lower(endpoint)", "operation": "action"},
        ),
    ),
    needs=("target_address",),
    essential=("endpoint", "action", "pipe"),
    columns={
        **ZEEK_CONNECTION,
        "endpoint": text("endpoint"),
        "action": text("operation"),
        # Over TCP the field holds the port number instead of a pipe.
        "pipe": rpc_pipe("named_pipe"),
    },
    says=Saying("{source_address} called {endpoint or 'an interface'}::{action or '?'} of {target_address}"),
    provides="Which call was made: CreateServiceW, SchRpcRegisterTask, ExecMethod.",
    absent=(
        "arguments: service names, command lines",
        "the account",
        "everything under packet privacy",
    ),
)
