"""An estate with habits: days on which the same is done by the same, and a last one on which something is new beside what is usual."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.simulate import records
from graphcorr.simulate.estate import DOMAIN, HOUR, SECOND, EstateSpec, Format, Host, build_hosts
from graphcorr.simulate.plants import MILLISECOND, Planted
from graphcorr.simulate.writer import write_planted

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.simulate.records import WindowsRecord

_BROWSER: Final = r"C:\Program Files\Browser\{version}\browser.exe"
_BEACON: Final = r"C:\ProgramData\Vendor\sync.exe"
_ADMIN: Final = ("ADMIN$", r"C:\Windows")
_DATA: Final = ("Finance", r"D:\Shares\Finance")


class Novel(msgspec.Struct, frozen=True, order=True):
    """What is new on a machine: thing is program, account, client or file type; ``what`` is its path, name, address or extension."""

    thing: str
    host: str
    what: str


class Habits(msgspec.Struct, frozen=True):
    """What is to be found after ``until`` (microseconds): ``new``, and nothing of ``unjudged``, whose logs begin then.

    The programs ``strange`` and ``usual`` are written over the network and run after it: the former by who never did so, the latter by
    who does it every night.
    """

    until: int
    new: list[Novel]
    unjudged: str
    strange: str
    usual: str


def write_habits(folder: Path, *, days: int = 8, seed: int = 1) -> Habits:
    """Write ``folder/logs/…``: ``days`` of habits, and one more with what is new. Equal arguments give equal bytes."""
    spec = EstateSpec(seed=seed, hosts=6, events=0, formats=(Format.WINLOGBEAT,), hours=24 * (days + 1))
    hosts = build_hosts(spec, random.Random(seed))
    _, deployer, person, stranger, target, fresh = hosts
    week = _Week()
    for day in range(days + 1):
        start = spec.start + day * 24 * HOUR
        for host in (person, target, *([fresh] if day == days else [])):
            week.connect(start + HOUR, host, _BROWSER.format(version=f"{100 + day}.0.1"))
            week.log_on(start + HOUR, host, host)
        week.write(start + 2 * HOUR, person, target, _DATA, rf"2024\plan-{day}.xlsx")
        week.deploy(start + 3 * HOUR, deployer, target, rf"Temp\agent{day}.exe")
    until = spec.start + days * 24 * HOUR
    week.connect(until + 5 * HOUR, person, _BEACON)
    strange = week.deploy(until + 6 * HOUR, stranger, target, "sync.ps1")
    week.write(until + 7 * HOUR, stranger, fresh, _DATA, "notes.txt")
    write_planted(folder / "logs", spec, hosts, week.planted, _quiet)
    new = [
        Novel("account", target.fqdn, rf"{DOMAIN}\{stranger.user}"),
        Novel("client", target.fqdn, stranger.address),
        Novel("file type", target.fqdn, "ps1"),
        Novel("program", person.fqdn, _BEACON),
    ]
    return Habits(until - 1, new, fresh.fqdn, strange, rf"C:\Windows\Temp\agent{days}.exe")


def _quiet(host: Host) -> list[tuple[int, WindowsRecord]]:
    """What has to do with no habit."""
    return [
        (1, records.process_end(rf"C:\Users\{host.user}\AppData\Local\app.exe", pid="2000", guid="{7c1d2e3f-4a5b-65ee-0002-000000000001}"))
    ]


class _Week:
    """Plants what is done, one thing after the other."""

    def __init__(self) -> None:
        self.planted: list[Planted] = []

    def connect(self, time: int, host: Host, image: str) -> None:
        pid, guid = str(2000 + len(self.planted)), self._guid()
        self._log(time, host, records.connection(host, image, port="50001", peer="52.114.32.24", peer_port="443", pid=pid, guid=guid))

    def log_on(self, time: int, host: Host, source: Host) -> dict[str, str]:
        client = {"source_address": source.address, "user": source.user, "user_sid": source.user_sid, "port": "50002"}
        client["logon_id"] = f"0x{0x1000000 + len(self.planted):x}"
        self._log(time, host, records.logon(source_name=source.name.upper(), **client))
        return client

    def write(self, time: int, source: Host, target: Host, share: tuple[str, str], relative: str) -> None:
        client = self.log_on(time - 20 * MILLISECOND, target, source)
        self._log(time - 10 * MILLISECOND, target, records.share_connected(*share, **client))
        self._log(time, target, records.share_object(*share, relative, "0x2", **client))
        self._log(time + 2 * MILLISECOND, target, records.file_created(rf"{share[1]}\{relative}"))

    def deploy(self, time: int, source: Host, target: Host, relative: str) -> str:
        """Write a file and run it, as its program or as a script; the path that it has."""
        self.write(time, source, target, _ADMIN, relative)
        path = rf"{_ADMIN[1]}\{relative}"
        image = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" if path.endswith(".ps1") else path
        line = f'powershell.exe -File "{path}"' if path.endswith(".ps1") else path
        self._log(time + 10 * SECOND, target, records.process_start(image, line, pid=str(2000 + len(self.planted)), guid=self._guid()))
        return path

    def _guid(self) -> str:
        return f"{{7c1d2e3f-4a5b-65ee-0001-{len(self.planted):012x}}}"

    def _log(self, time: int, host: Host, record: WindowsRecord) -> None:
        self.planted.append(Planted(time, host, record))
