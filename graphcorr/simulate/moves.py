"""Remote executions, each family as the records that it leaves: by default logging, by the whole audit, and with Sysmon."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.simulate import administration as admin
from graphcorr.simulate import records
from graphcorr.simulate.estate import DNS_DOMAIN, DOMAIN, SECOND, Host
from graphcorr.simulate.plants import MILLISECOND, Planted

if TYPE_CHECKING:
    from graphcorr.simulate.records import WindowsRecord

CMD: Final = r"C:\Windows\System32\cmd.exe"
WMI: Final = r"C:\Windows\System32\wbem\WmiPrvSE.exe"
WSMAN: Final = r"C:\Windows\System32\wsmprovhost.exe"
MMC: Final = r"C:\Windows\System32\mmc.exe"
LAUNCHER: Final = (admin.SVCHOST, f"{admin.SVCHOST} -k DcomLaunch -p")
RPC_PORT: Final = "49670"


class Logging(StrEnum):
    """What is logged on the machines."""

    DEFAULT = "default"  # what Windows writes when nobody has set anything up
    AUDITED = "audited"  # and the audit of processes, services, tasks and shares
    SYSMON = "Sysmon"  # the default, and Sysmon


class Family(StrEnum):
    """How code is run on another machine."""

    SERVICE_RUN = "service run"
    SERVICE_SET_UP = "service registered"
    TASK_RUN = "task run"
    TASK_SET_UP = "task registered"
    WMI = "WMI"
    WINRM = "WinRM"
    DCOM = "DCOM"
    FROM_SHARE = "run from a share"
    WRITTEN = "written and run"
    REMOTING = "PowerShell session"
    SUBSCRIPTION = "WMI subscription"


class Move(msgspec.Struct, frozen=True):
    """A planted remote execution. ``time`` is that of the run, else of the registration, in microseconds."""

    family: Family
    source: str
    source_address: str
    target: str
    account: str
    time: int
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session of ``owner``'s user on a machine; without a client at the machine itself."""

    owner: Host
    logon_id: str
    client: Host | None


class Ground:
    """Where moves and what looks like them are planted: the records, and numbers of which each is used once."""

    def __init__(self, logging: Logging, *, connections: bool = True) -> None:
        """Without ``connections`` nothing tells of them: neither Sysmon 3 nor 5156."""
        self.logging = logging
        self.connections = connections
        self.planted: list[Planted] = []
        self._serial = 0

    def number(self) -> int:
        self._serial += 1
        return self._serial

    def log(self, time: int, host: Host, record: WindowsRecord) -> None:
        self.planted.append(Planted(time, host, record))

    # -- what happens on a machine, in the records that its logging has ------------------------------------------

    def session(self, time: int, host: Host, owner: Host, client: Host | None, *, kind: str = "3") -> Session:
        """Somebody logs on: 4624, by default."""
        session = Session(owner, f"0x{0x2000000 + self.number():x}", client)
        address = client.address if client else "127.0.0.1"
        whose = {"user": owner.user, "user_sid": owner.user_sid, "logon_id": session.logon_id}
        port = str(50_000 + self.number() % 15_000)
        self.log(time, host, records.logon(source_address=address, source_name="-", port=port, logon_type=kind, **whose))
        return session

    def start(self, time: int, host: Host, image: str, line: str, parent: tuple[str, str] | str, *, by: Session | None = None) -> None:
        """A process: 4688 or Sysmon 1; ``parent`` may come with its command line. Without a session it is SYSTEM's."""
        parent, parent_line = parent if isinstance(parent, tuple) else (parent, parent)
        pid = 4_000 + 4 * self.number() % 60_000
        user, sid, logon_id = (by.owner.user, by.owner.user_sid, by.logon_id) if by else (f"{host.name.upper()}$", "S-1-5-18", "0x3e7")
        if self.logging is Logging.AUDITED:
            whose = {"user": user, "user_sid": sid, "logon_id": logon_id}
            self.log(time, host, admin.process_audited(image, line, pid=pid, parent_image=parent, host=host, **whose))
        if self.logging is Logging.SYSMON:
            account = rf"{DOMAIN}\{user}" if by else r"NT AUTHORITY\SYSTEM"
            told = {"user": account, "parent_image": parent, "parent_command_line": parent_line, "logon_id": logon_id}
            self.log(time, host, records.process_start(image, line, pid=str(pid), guid=self.guid(), **told))

    def accept(self, time: int, host: Host, image: str, client: Host, port: str) -> None:
        """A connection comes in: 5156 or Sysmon 3."""
        if not self.connections:
            return
        peer_port = str(50_000 + self.number() % 15_000)
        if self.logging is Logging.AUDITED:
            ends = {"own": host.address, "own_port": port, "peer": client.address, "peer_port": peer_port}
            self.log(time, host, admin.accepted_audited(image, **ends))
        if self.logging is Logging.SYSMON:
            by = {"pid": "720", "guid": self.guid()}
            self.log(time, host, admin.accepted(image, host=host, own_port=port, peer=client.address, peer_port=peer_port, **by))

    def pipe(self, time: int, host: Host, by: Session, name: str) -> None:
        """A pipe is opened over the network: 5145."""
        if self.logging is Logging.AUDITED and by.client:
            self.log(time, host, records.share_object("IPC$", "", name, "0x12019f", **self.client(by)))

    def service(self, time: int, host: Host, name: str, path: str, by: Session) -> None:
        """A service is created: 7045, and 4697 where that is audited."""
        self.log(time, host, records.service_installed(name, path))
        if self.logging is Logging.AUDITED:
            whose = {"user": by.owner.user, "user_sid": by.owner.user_sid, "logon_id": by.logon_id}
            self.log(time + 5 * MILLISECOND, host, admin.service_audited(name, path, **whose))

    def task(self, time: int, host: Host, name: str, runs: tuple[str, str], by: Session) -> None:
        """A task is registered, which ``runs`` a program with arguments: 106, and 4698 where that is audited."""
        self.log(time, host, admin.task_registered(name, by.owner.user))
        if self.logging is Logging.AUDITED:
            whose = {"user": by.owner.user, "user_sid": by.owner.user_sid, "logon_id": by.logon_id}
            client = {"client_pid": "0", "locality": "0"} if by.client else {"client_pid": "4312", "locality": "0"}
            self.log(time + 3 * MILLISECOND, host, admin.task_audited(name, runs, **whose, **client))

    def consumer(self, time: int, host: Host, name: str, command: str, user: str) -> None:
        """A permanent consumer of WMI's events is set up: 5861, and Sysmon 20."""
        if self.logging is Logging.SYSMON:
            self.log(time, host, admin.consumer_created(name, command, user))
        self.log(time + 40 * MILLISECOND, host, admin.consumer_bound(name, command))

    def client(self, by: Session) -> dict[str, str]:
        """The client of a session, as records of shares have it."""
        address = by.client.address if by.client else "127.0.0.1"
        whose = {"user": by.owner.user, "user_sid": by.owner.user_sid, "logon_id": by.logon_id}
        return {"source_address": address, "port": str(50_000 + self.number() % 15_000), **whose}

    def write(self, time: int, host: Host, share: tuple[str, str], relative: str, by: Session) -> str:
        """A file comes over the network to a share, of which name and folder are given: 5140 with 5145 or Sysmon 11; the file's path."""
        name, folder = share
        path = folder.rstrip("\\") + "\\" + relative
        self.log(time - 5 * MILLISECOND, host, records.share_connected(name, folder, **self.client(by)))
        if self.logging is Logging.AUDITED:
            self.log(time, host, records.share_object(name, folder, relative, "0x17019f", **self.client(by)))
        if self.logging is Logging.SYSMON:
            self.log(time, host, records.file_created(path))
        return path

    def guid(self) -> str:
        return f"{{8d2e3f4a-5b6c-65ee-0000-{self.number():012x}}}"


class Mover:
    """Plants moves one after the other, and keeps what is true of them."""

    def __init__(self, ground: Ground, file_server: Host) -> None:
        self.ground = ground
        self.moves: list[Move] = []
        self.sessions: list[Session] = []
        """That of each move."""
        self._server = file_server

    def plant(self, family: Family, source: Host, target: Host, owner: Host, time: int) -> Move:
        """``owner``'s user has something run on ``target``, from ``source``."""
        ground = self.ground
        by = ground.session(time - 900 * MILLISECOND, target, owner, source)
        name = f"{_NAMES[ground.number() % len(_NAMES)]}{ground.number()}"
        when, file = time, None
        match family:
            case Family.SERVICE_RUN | Family.SERVICE_SET_UP:
                when = self._service(family, target, name, by, time)
            case Family.TASK_RUN | Family.TASK_SET_UP:
                when = self._task(family, target, name, by, time)
            case Family.WMI:
                ground.accept(time - 300 * MILLISECOND, target, admin.SVCHOST, source, "135")
                line = rf"cmd.exe /Q /c ipconfig /all 1> \\127.0.0.1\ADMIN$\__{name} 2>&1"
                ground.start(time, target, CMD, line, (WMI, f"{WMI} -secured -Embedding"), by=by)
            case Family.WINRM | Family.REMOTING:
                self._winrm(family, target, source, by, time)
            case Family.DCOM:
                ground.accept(time - 700 * MILLISECOND, target, admin.SVCHOST, source, "135")
                ground.start(time - 500 * MILLISECOND, target, MMC, f"{MMC} -Embedding", LAUNCHER, by=by)
                ground.accept(time - 300 * MILLISECOND, target, MMC, source, RPC_PORT)
                ground.start(time, target, CMD, "cmd.exe /c whoami /all", (MMC, f"{MMC} -Embedding"), by=by)
            case Family.SUBSCRIPTION:
                ground.accept(time - 300 * MILLISECOND, target, admin.SVCHOST, source, RPC_PORT)
                line = rf"C:\ProgramData\{name}\{name}.exe -s"
                ground.consumer(time, target, name, line, owner.user)
                ground.start(time + 600 * SECOND, target, line.removesuffix(" -s"), line, (WMI, f"{WMI} -secured -Embedding"))
                when = time if ground.logging is Logging.DEFAULT else time + 600 * SECOND
            case Family.FROM_SHARE:
                file = self._from_share(target, source, owner, name, time)
            case Family.WRITTEN:
                file = ground.write(time - 2 * SECOND, target, ("ADMIN$", r"C:\Windows"), rf"Temp\{name}.exe", by)
                ground.service(time - 100 * MILLISECOND, target, name, file, by)
                ground.start(time, target, file, file, records.SERVICES)
        whose = rf"{DOMAIN}\{owner.user}"
        # What runs from a share comes from whoever shares it.
        source = self._server if family is Family.FROM_SHARE else source
        move = Move(family, source.fqdn, source.address, target.fqdn, whose, when, file)
        self.moves.append(move)
        self.sessions.append(by)
        return move

    def _service(self, family: Family, target: Host, name: str, by: Session, time: int) -> int:
        ground, source = self.ground, by.client or target
        ground.accept(time - 600 * MILLISECOND, target, "System", source, "445")
        ground.pipe(time - 400 * MILLISECOND, target, by, "svcctl")
        ground.accept(time - 300 * MILLISECOND, target, records.SERVICES, source, RPC_PORT)
        command = rf"%COMSPEC% /Q /c echo net group ^> \\127.0.0.1\C$\__{name} 2^>^&1"
        ground.service(time - 100 * MILLISECOND, target, name.upper(), command, by)
        if family is Family.SERVICE_SET_UP:
            return time - 100 * MILLISECOND
        ground.start(time, target, CMD, command.replace("%COMSPEC%", CMD).replace("^", ""), records.SERVICES)
        return time if ground.logging is not Logging.DEFAULT else time - 100 * MILLISECOND

    def _task(self, family: Family, target: Host, name: str, by: Session, time: int) -> int:
        ground, source, task = self.ground, by.client or target, rf"\{name.upper()}"
        ground.accept(time - 600 * MILLISECOND, target, "System", source, "445")
        ground.pipe(time - 500 * MILLISECOND, target, by, "atsvc")
        ground.accept(time - 400 * MILLISECOND, target, admin.SVCHOST, source, RPC_PORT)
        ground.task(time - 200 * MILLISECOND, target, task, ("cmd.exe", "/C tasklist"), by)
        if family is Family.TASK_SET_UP:
            return time - 200 * MILLISECOND
        ground.start(time, target, CMD, "cmd.exe /C tasklist", (admin.SVCHOST, admin.SCHEDULER))
        ground.log(time + MILLISECOND, target, admin.task_started(task, CMD, "5112"))
        return time

    def _winrm(self, family: Family, target: Host, source: Host, by: Session, time: int) -> None:
        ground = self.ground
        ground.accept(time - 400 * MILLISECOND, target, "System", source, "5985")
        ground.log(time - 200 * MILLISECOND, target, admin.shell_opened(by.owner.user, source.address))
        ground.start(time - 100 * MILLISECOND, target, WSMAN, f"{WSMAN} -Embedding", LAUNCHER, by=by)
        if family is Family.WINRM:
            ground.start(time, target, r"C:\Windows\System32\whoami.exe", "whoami.exe /priv", (WSMAN, f"{WSMAN} -Embedding"), by=by)

    def _from_share(self, target: Host, source: Host, owner: Host, name: str, time: int) -> str:
        """A file is put on a server's share, and the target runs it from there, as a logon script or a policy has it."""
        ground, server = self.ground, self._server
        by = ground.session(time - 21 * SECOND, server, owner, source)
        folder, relative = rf"C:\Windows\SYSVOL\sysvol\{DNS_DOMAIN}\scripts", f"{name}.exe"
        path = ground.write(time - 20 * SECOND, server, ("NETLOGON", folder), relative, by)
        unc = rf"\\{server.name.upper()}\NETLOGON\{relative}"
        ground.start(time, target, unc, unc, r"C:\Windows\System32\userinit.exe", by=by)
        return path


_NAMES: Final = ("upd", "agent", "helper", "svcmon", "sync", "inv")
