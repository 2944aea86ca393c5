"""Asking for what must not stand on a command line, where every user of the machine can read it."""

from __future__ import annotations

import sys
from dataclasses import replace
from getpass import getpass
from typing import TYPE_CHECKING

from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from graphcorr.settings import Settings


def ask_password(settings: Settings, *, asked: bool) -> Settings:
    """The settings with the password of archives that somebody types; as they are where nobody is to be ``asked``."""
    if not asked:
        return settings
    if not sys.stdin.isatty():
        raise UsageError("--archive-password asks on a terminal, and there is none: set GRAPHCORR_ARCHIVE_PASSWORD or its _FILE")
    typed = getpass("Password of the archives: ")
    if not typed:
        raise UsageError("no password was typed")
    return replace(settings, archive_password=typed)
