"""Zeek dce_rpc.log: remote procedure calls."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, ZeekLog
from graphcorr.normalize.groups import ZEEK_CONNECTION
from graphcorr.normalize.readers import text
from graphcorr.normalize.wire import rpc_pipe

LOG_TYPE = LogType(
    name="zeek-dce-rpc",
    title="Remote procedure calls",
    source=ZeekLog("dce_rpc", frozenset({"endpoint", "operation", "uid"})),
    carries=frozenset({Kind.CALL}),
    columns={
        **ZEEK_CONNECTION,
        "endpoint": text("endpoint"),
        "action": text("operation"),
        # Over TCP the field holds the port number instead of a pipe.
        "pipe": rpc_pipe("named_pipe"),
    },
    provides="Which call was made: CreateServiceW, SchRpcRegisterTask, ExecMethod.",
    absent=(
        "arguments: service names, command lines",
        "the account",
        "everything under packet privacy",
    ),
)
