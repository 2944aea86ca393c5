"""Techniques that people ask for and that no record of the logs that are read shows: said, so that nobody takes silence for absence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSEEN: Final[Mapping[str, str]] = {
    "T1106": "a call of Windows' own functions, as ShellExecuteW, leaves no record; what it starts is a process like any other",
    "T1560.003": "what a program of its own packs or encrypts has no name and no form that a log could tell",
    "T1588.002": "how somebody came by a tool happens outside of the network",
}
"""ATT&CK's id → why."""
