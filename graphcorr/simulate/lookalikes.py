"""What looks like a remote execution and is none: the same mechanisms, set off at the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.simulate import administration as admin
from graphcorr.simulate import records
from graphcorr.simulate.estate import SECOND
from graphcorr.simulate.moves import CMD, LAUNCHER, MMC, WMI, WSMAN, Family, Ground, Logging, Session
from graphcorr.simulate.plants import MILLISECOND

if TYPE_CHECKING:
    from graphcorr.simulate.estate import Host

_EXPLORER: Final = r"C:\Windows\explorer.exe"
_AGENT: Final = r"C:\Windows\CCM\CcmExec.exe"
_SYSTEM32: Final = "C:\\Windows\\System32"


class LookAlike(msgspec.Struct, frozen=True):
    """A planted decoy beside the family that it looks like; ``time`` in microseconds."""

    family: Family
    target: str
    time: int


class Mimic:
    """Plants decoys one after the other, and keeps where and when."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.planted: list[LookAlike] = []

    def plant(self, family: Family, host: Host, passer: Host, time: int) -> LookAlike:
        """What ``host``'s own user or its software deployment does; ``passer`` is logged on over the network meanwhile, as many are."""
        ground = self.ground
        ground.session(time - 2 * SECOND, host, passer, passer)
        by = ground.session(time - 60 * SECOND, host, host, None, kind="2")
        # Whoever sits at a machine has a desktop.
        ground.start(time - 55 * SECOND, host, _EXPLORER, _EXPLORER, rf"{_SYSTEM32}\userinit.exe", by=by)
        name = f"Local{ground.number()}"
        match family:
            case Family.SERVICE_RUN:
                self._services_console(host, name, by, time)
            case Family.SERVICE_SET_UP:
                # An installer brings its service.
                ground.start(time - SECOND, host, rf"{_SYSTEM32}\msiexec.exe", "msiexec.exe /V", records.SERVICES)
                ground.service(time, host, f"{name} Agent", rf'"C:\Program Files\{name}\agent.exe" --service', by)
            case Family.TASK_RUN | Family.TASK_SET_UP:
                self._schtasks(family, host, name, by, time)
            case Family.WMI:
                line = 'wmic.exe process call create "cmd.exe /c ipconfig"'
                ground.start(time - 200 * MILLISECOND, host, rf"{_SYSTEM32}\wbem\WMIC.exe", line, CMD, by=by)
                ground.start(time, host, CMD, "cmd.exe /c ipconfig", (WMI, f"{WMI} -secured -Embedding"), by=by)
            case Family.WINRM | Family.REMOTING:
                self._console(family, host, by, time)
            case Family.DCOM:
                # Somebody opens a console of administration, and a prompt from its menu.
                ground.start(time - 3 * SECOND, host, MMC, rf'"{MMC}" "{_SYSTEM32}\compmgmt.msc" /s', _EXPLORER, by=by)
                ground.start(time, host, CMD, "cmd.exe", (MMC, rf'"{MMC}" "{_SYSTEM32}\compmgmt.msc" /s'), by=by)
            case Family.SUBSCRIPTION:
                # What Windows brings is bound again at each start; and an installer sets up a consumer of its own.
                ground.log(time - SECOND, host, admin.consumer_bound("SCM Event Log Consumer", None))
                ground.consumer(time, host, "BVTConsumer", "cscript KernCap.vbs", host.user)
            case Family.FROM_SHARE:
                # What was put there long before anybody logged.
                unc = rf"\\{passer.name.upper()}\Install\{name}.exe"
                ground.start(time, host, unc, f"{unc} /S", _EXPLORER, by=by)
            case Family.WRITTEN:
                self._deployed(host, name, time)
        told = LookAlike(family, host.fqdn, time)
        self.planted.append(told)
        return told

    def _services_console(self, host: Host, name: str, by: Session, time: int) -> None:
        """``sc create`` and ``sc start`` at a prompt."""
        ground, path = self.ground, rf"C:\Program Files\{name}\svc.exe"
        line = f'sc.exe create {name} binPath= "{path}"'
        ground.start(time - 2 * SECOND, host, rf"{_SYSTEM32}\sc.exe", line, CMD, by=by)
        ground.service(time - SECOND, host, name, path, by)
        ground.start(time, host, path, path, records.SERVICES)

    def _schtasks(self, family: Family, host: Host, name: str, by: Session, time: int) -> None:
        ground = self.ground
        line = rf'schtasks.exe /create /tn {name} /tr "cmd.exe /c cleanmgr" /sc once /st 12:00'
        ground.start(time - SECOND, host, rf"{_SYSTEM32}\schtasks.exe", line, CMD, by=by)
        ground.task(time - 500 * MILLISECOND, host, rf"\{name}", ("cmd.exe", "/c cleanmgr"), by)
        if family is Family.TASK_RUN:
            ground.start(time, host, CMD, "cmd.exe /c cleanmgr", (admin.SVCHOST, admin.SCHEDULER))
            ground.log(time + MILLISECOND, host, admin.task_started(rf"\{name}", CMD, "5116"))

    def _console(self, family: Family, host: Host, by: Session, time: int) -> None:
        """PowerShell at a prompt; and remoting to the machine itself, as some of its own tools do."""
        ground = self.ground
        ground.start(time - SECOND, host, admin.POWERSHELL, "powershell.exe -NoProfile", _EXPLORER, by=by)
        if family is Family.REMOTING:
            ground.start(time, host, rf"{_SYSTEM32}\ipconfig.exe", "ipconfig.exe /all", admin.POWERSHELL, by=by)
            return
        loop = ground.session(time - 300 * MILLISECOND, host, host, None)
        ground.log(time - 200 * MILLISECOND, host, admin.shell_opened(host.user, "127.0.0.1"))
        ground.start(time, host, WSMAN, f"{WSMAN} -Embedding", LAUNCHER, by=loop)

    def _deployed(self, host: Host, name: str, time: int) -> None:
        """The agent of a software deployment fetches a program itself and starts it."""
        ground, path = self.ground, rf"C:\Windows\ccmcache\1a\{name}.exe"
        if ground.logging is Logging.SYSMON:
            ground.log(time - 20 * SECOND, host, records.file_created(path, image=_AGENT, pid="2210", guid=ground.guid()))
        ground.start(time, host, path, f"{path} /quiet", _AGENT)
