"""The samples of ``graphcorr demo``: three machines, one intruder who moves twice, and what merely looks like it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from graphcorr.simulate.estate import HOUR, SECOND, ChainKind, DecoyKind, EstateSpec, Format, Host, Truth, WriteEvidence
from graphcorr.simulate.plants import Planter
from graphcorr.simulate.writer import write_records

if TYPE_CHECKING:
    from pathlib import Path

_MINUTE: Final = 60 * SECOND
_SPEC: Final = EstateSpec(seed=7, hosts=3, events=600, chains=3, decoys=11, hours=3)
_SID: Final = "S-1-5-21-1085031214-1563985344-725345543"


def write_demo(folder: Path) -> Truth:
    """Write the sample logs into ``folder``: NXLog and winlogbeat JSON of three hosts, and Zeek's view of their network.

    A program goes from the workstation ws01 to the server srv01 and is run; from there, with the same account, a script
    goes to the domain controller and is run; and a library that only Zeek saw arrive is loaded on srv01. Around them
    stand one decoy of each kind but loopback, and a quiet morning's records.
    """
    workstation = Host("ws01", "10.20.0.21", "j.meyer", f"{_SID}-1121", Format.NXLOG, 0, -4)
    server = Host("srv01", "10.20.0.11", "svc.backup", f"{_SID}-1111", Format.WINLOGBEAT, 1, -4)
    controller = Host("dc01", "10.20.0.10", "a.castro", f"{_SID}-1110", Format.NXLOG, 2, 0)
    hosts = [controller, server, workstation]
    planter = Planter(_SPEC, hosts, random.Random(_SPEC.seed))
    start = _SPEC.start
    planter.plant_chain(
        ChainKind.IMAGE,
        source=workstation,
        target=server,
        evidence=WriteEvidence.FULL,
        written=start + 31 * _MINUTE,
        delay=4_210_000,
    )
    planter.plant_chain(
        ChainKind.COMMAND_LINE,
        source=server,
        target=controller,
        owner=workstation,
        evidence=WriteEvidence.SHARE,
        written=start + 48 * _MINUTE,
        delay=95 * SECOND,
    )
    planter.plant_chain(
        ChainKind.MODULE_LOAD,
        source=workstation,
        target=server,
        evidence=WriteEvidence.WIRE,
        written=start + HOUR + 9 * _MINUTE,
        delay=27 * SECOND,
    )
    places = [(workstation, server), (server, controller), (controller, workstation)]
    kinds = [kind for kind in DecoyKind if kind is not DecoyKind.LOOPBACK]
    for index, kind in enumerate(kinds):
        source, target = places[index % len(places)]
        planter.plant_decoy(kind, source=source, target=target, written=start + (15 + 13 * index) * _MINUTE)
    return write_records(folder, _SPEC, hosts, planter)
