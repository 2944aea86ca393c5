"""An account proved who it is on a connection that a monitor saw."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, SERVER, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(Kind.AUTHENTICATION, {**CLIENT, **SERVER, **ACCOUNT, "uid": TEXT})
