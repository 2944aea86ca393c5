"""What is planted in a made-up network: chains, and decoys that look like chains, each as the records it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.simulate import records, zeek
from graphcorr.simulate.estate import DOMAIN, HOUR, SECOND, Chain, ChainKind, Decoy, DecoyKind, EstateSpec, Format, Host, WriteEvidence

if TYPE_CHECKING:
    import random

    from graphcorr.simulate.records import WindowsRecord
    from graphcorr.simulate.zeek import ZeekRow

MILLISECOND: Final = 1000
_CMD: Final = r"C:\Windows\System32\cmd.exe"
_FOLDERS: Final = (
    ("C$", "C:\\", r"Windows\Temp"),
    ("C$", "C:\\", r"ProgramData\Vendor"),
    ("ADMIN$", r"C:\Windows", "Temp"),
    ("ADMIN$", r"C:\Windows", ""),
)
_WRITTEN_FIRST: Final = frozenset(
    {
        DecoyKind.WRONG_HOST,
        DecoyKind.SUPERSEDED,
        DecoyKind.REMOVED,
        DecoyKind.SAME_NAME,
        DecoyKind.OPERAND,
        DecoyKind.OPENED_ELSEWHERE,
    }
)
_RUNNERS: Final = {
    "dll": (r"C:\Windows\System32\rundll32.exe", "rundll32.exe {path},Start"),
    "ps1": (
        r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
        'powershell.exe -NoProfile -ExecutionPolicy Bypass -File "{path}"',
    ),
    "xml": (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\MSBuild.exe", "msbuild.exe {path}"),
    "vbs": (r"C:\Windows\System32\wscript.exe", r'"C:\Windows\System32\wscript.exe" //B "{path}"'),
    "bat": (_CMD, "cmd.exe /Q /c {path}"),
}
_EXTENSIONS: Final = {
    ChainKind.IMAGE: ("exe",),
    ChainKind.COMMAND_LINE: ("dll", "ps1", "xml", "vbs", "bat"),
    ChainKind.MODULE_LOAD: ("dll",),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One record to be written: on ``host``'s own log, or by the network monitor."""

    time: int
    host: Host
    record: WindowsRecord | ZeekRow


@dataclass(frozen=True, slots=True)
class _Drop:
    """A file on its way from ``source`` to a share of ``target``, carried by ``owner``'s user."""

    source: Host
    target: Host
    share: str
    share_path: str
    relative: str
    owner: Host

    @property
    def path(self) -> str:
        return self.share_path.rstrip("\\") + "\\" + self.relative

    @property
    def name(self) -> str:
        return self.relative.rpartition("\\")[2]


class Planter:
    """Makes chains and decoys one after the other; every file name is used once."""

    def __init__(self, spec: EstateSpec, hosts: list[Host], rng: random.Random) -> None:
        self._spec = spec
        self._hosts = hosts
        self._rng = rng
        self._serial = 0
        self.planted: list[Planted] = []
        self.chains: list[Chain] = []
        self.decoys: list[Decoy] = []

    def plant_all(self) -> None:
        """As many chains, decoys and runs of the hot file as the estate asks for."""
        for index in range(self._spec.chains):
            self.plant_chain(list(ChainKind)[index % 3])
        for index in range(self._spec.decoys):
            self.plant_decoy(self._spec.decoy_kinds[index % len(self._spec.decoy_kinds)])
        self._plant_hot_file(self._spec.hot_runs)

    def plant_chain(
        self,
        kind: ChainKind,
        *,
        source: Host | None = None,
        target: Host | None = None,
        owner: Host | None = None,
        evidence: WriteEvidence | None = None,
        written: int | None = None,
        delay: int | None = None,
    ) -> Chain:
        """Write a file to ``target`` from ``source`` and run it there; what is not given is drawn."""
        if source is None or target is None:
            source, target = self._rng.sample(self._hosts, 2)
        choices = [entry for entry in WriteEvidence if entry is not WriteEvidence.WIRE or Format.ZEEK in self._spec.formats]
        evidence = evidence or self._rng.choice(choices)
        written = written if written is not None else self._moment(0.0, 0.6)
        delay = delay if delay is not None else self._delay(written)
        drop = self._drop(source, target, self._rng.choice(_EXTENSIONS[kind]), owner)
        write_time = self._write(drop, written, evidence)
        executed = self._run(drop, written + delay, kind)
        chain = Chain(
            file=drop.path,
            kind=kind,
            source=source.fqdn,
            source_address=source.address,
            target=target.fqdn,
            target_address=target.address,
            account=rf"{DOMAIN}\{drop.owner.user}",
            write_time=write_time,
            execution_time=executed,
            evidence=evidence,
        )
        self.chains.append(chain)
        return chain

    def plant_decoy(self, kind: DecoyKind, *, source: Host | None = None, target: Host | None = None, written: int | None = None) -> Decoy:
        """Leave the records of something that looks like a chain and is none."""
        if source is None or target is None:
            source, target = self._rng.sample(self._hosts, 2)
        written = written if written is not None else self._moment(0.1, 0.6)
        drop = self._drop(source, target, "exe")
        later = written + self._rng.randrange(30, 300) * SECOND
        middle = written + 15 * SECOND
        if kind in _WRITTEN_FIRST:
            self._write(drop, written, WriteEvidence.FULL)
        match kind:
            case DecoyKind.WRONG_HOST:
                self._run_image(drop.path, later, source)
            case DecoyKind.WRONG_ORDER:
                self._run_image(drop.path, written, target)
                self._write(drop, later, WriteEvidence.FULL)
            case DecoyKind.SUPERSEDED:
                self._log(middle, target, records.file_created(drop.path, image=r"C:\Windows\explorer.exe", pid="4410", guid=self._guid()))
                self._run_image(drop.path, later, target)
            case DecoyKind.REMOVED:
                self._log(middle, target, records.file_removed(drop.path, image="System", pid="4", guid=self._guid()))
                self._run_image(drop.path, later, target)
            case DecoyKind.SAME_NAME:
                self._run_image(rf"C:\Program Files\Vendor\{drop.name}", later, target)
            case DecoyKind.REDIRECT:
                drop = self._plant_redirect(target, source, written)
            case DecoyKind.READ_MASK:
                self._access(drop, written, records.READ_MASK)
                self._run_image(drop.path, later, target)
            case DecoyKind.BLOCKED:
                self._access(drop, written, "0x17019f")
                self._log(written + 3 * MILLISECOND, target, records.file_blocked(drop.path))
                self._command(f"cmd.exe /c {drop.path}", later, target)
            case DecoyKind.PIPE:
                drop = _Drop(source, target, "IPC$", "", drop.name, source)
                self._access(drop, written, "0x12019f")
                self._run_image(rf"C:\Windows\{drop.name}", later, target)
            case DecoyKind.OPERAND:
                verb = self._rng.choice((rf"copy {drop.path} D:\backup\ ", f"del /f /q {drop.path}", f"attrib +h {drop.path}"))
                self._command(f"cmd.exe /c {verb.strip()}", later, target)
            case DecoyKind.OPENED_ELSEWHERE:
                unc = rf"\\{target.name.upper()}\{drop.share}\{drop.relative}"
                self._command(f'cmd.exe /c copy "{unc}" "C:\\Users\\{source.user}\\Downloads\\"', later, source)
            case DecoyKind.LOOPBACK:
                self._write(_Drop(target, target, drop.share, drop.share_path, drop.relative, target), written, WriteEvidence.FULL)
                self._run_image(drop.path, later, target)
        decoy = Decoy(file=drop.path, kind=kind, target=target.fqdn)
        self.decoys.append(decoy)
        return decoy

    # -- pieces ------------------------------------------------------------------------------------------------

    def _log(self, time: int, host: Host, record: WindowsRecord | ZeekRow) -> None:
        self.planted.append(Planted(time, host, record))

    def _moment(self, earliest: float, latest: float) -> int:
        """A whole millisecond between these shares of the estate's span."""
        share = earliest + (latest - earliest) * self._rng.random()
        return self._spec.start + 60 * SECOND + int(share * (self._spec.hours * HOUR - 120 * SECOND)) // MILLISECOND * MILLISECOND

    def _delay(self, written: int) -> int:
        """Mostly seconds to minutes, as in real intrusions; four in ten up to the estate's end."""
        if self._rng.random() < 0.6:
            return self._rng.randrange(3_000, 600_000) * MILLISECOND
        rest = (self._spec.end - written - 60 * SECOND) // MILLISECOND
        return self._rng.randrange(3_000, max(rest, 3_001)) * MILLISECOND

    def _number(self) -> int:
        self._serial += 1
        return self._serial

    def _guid(self) -> str:
        return f"{{7c1d2e3f-4a5b-65ee-0000-{self._number():012x}}}"

    def _pid(self) -> int:
        return 20_000 + 4 * self._number() % 40_000

    def _drop(self, source: Host, target: Host, extension: str, owner: Host | None = None) -> _Drop:
        share, share_path, folder = self._rng.choice(_FOLDERS)
        name = f"{self._rng.choice(_WORDS)}{self._number():06d}.{extension}"
        return _Drop(source, target, share, share_path, rf"{folder}\{name}" if folder else name, owner or source)

    def _client(self, drop: _Drop, logon_id: str) -> dict[str, str]:
        return {
            "source_address": drop.source.address,
            "user": drop.owner.user,
            "user_sid": drop.owner.user_sid,
            "logon_id": logon_id,
            "port": str(50_000 + self._number() % 15_000),
        }

    def _access(self, drop: _Drop, time: int, *masks: str) -> None:
        """A logon over the network, the share, and one 5145 for each mask."""
        client = self._client(drop, f"0x{0x1000000 + self._number():x}")
        self._log(time - 20 * MILLISECOND, drop.target, records.logon(source_name=drop.source.name.upper(), **client))
        self._log(time - 10 * MILLISECOND, drop.target, records.share_connected(drop.share, drop.share_path, **client))
        for mask in masks:
            self._log(time, drop.target, records.share_object(drop.share, drop.share_path, drop.relative, mask, **client))

    def _write(self, drop: _Drop, time: int, evidence: WriteEvidence) -> int:
        """The records of a write; returns the time of the best of them."""
        match evidence:
            case WriteEvidence.FULL:
                self._access(drop, time, "0x17019f", "0x2")
                self._log(time + 2 * MILLISECOND, drop.target, records.file_created(drop.path))
                return time + 2 * MILLISECOND
            case WriteEvidence.SHARE:
                self._access(drop, time, self._rng.choice(records.WRITE_MASKS))
                return time
            case WriteEvidence.SYSMON:
                self._access(drop, time)
                self._log(time + 2 * MILLISECOND, drop.target, records.file_created(drop.path))
                return time + 2 * MILLISECOND
            case WriteEvidence.WIRE:
                flow = {"uid": f"CX{self._number():014d}"}
                port, server = str(50_000 + self._number() % 15_000), drop.target
                unc = rf"\\{server.name.upper()}\{drop.share}"
                self._log(
                    time - 5 * MILLISECOND,
                    server,
                    zeek.conn(drop.source.address, port, server.address, "445", service="gssapi,smb", sent="91204", **flow),
                )
                for action in ("FILE_OPEN", "FILE_WRITE"):
                    row = zeek.smb_file(
                        drop.source.address,
                        port,
                        server.address,
                        fuid="-",
                        action=action,
                        share=unc,
                        name=drop.relative,
                        size="73802",
                        **flow,
                    )
                    self._log(time + MILLISECOND * (action == "FILE_WRITE"), server, row)
                return time + MILLISECOND

    def _run(self, drop: _Drop, time: int, kind: ChainKind) -> int:
        """Run the file on its target; returns the time of the execution."""
        match kind:
            case ChainKind.IMAGE:
                self._run_image(drop.path, time, drop.target)
            case ChainKind.COMMAND_LINE:
                image, arguments = _RUNNERS[drop.name.rpartition(".")[2]]
                self._command(arguments.format(path=drop.path), time, drop.target, image=image)
            case ChainKind.MODULE_LOAD:
                pid, guid = str(self._pid()), self._guid()
                program = r"C:\Program Files\Internet Explorer\iexplore.exe"
                self._log(time, drop.target, records.module_load(program, drop.path, pid=pid, guid=guid, signed=False))
                # The genuine library of the same name, by the same process: matching by name alone finds a second load.
                twin = rf"C:\Windows\System32\{drop.name}"
                self._log(time + MILLISECOND, drop.target, records.module_load(program, twin, pid=pid, guid=guid))
        return time

    def _run_image(self, path: str, time: int, host: Host) -> None:
        pid = self._pid()
        if self._rng.random() < 0.3:
            self._log(time, host, records.process_created(path, path, pid=f"0x{pid:x}", host=host))
            return
        if self._rng.random() < 0.3:
            service = path.rpartition("\\")[2].rpartition(".")[0].upper()
            self._log(time - 40 * MILLISECOND, host, records.service_installed(service, path))
        self._log(time, host, records.process_start(path, path, pid=str(pid), guid=self._guid()))

    def _command(self, command_line: str, time: int, host: Host, image: str = _CMD, directory: str = "C:\\Windows\\system32\\") -> None:
        self._log(
            time,
            host,
            records.process_start(image, command_line, pid=str(self._pid()), guid=self._guid(), directory=directory),
        )

    def _plant_redirect(self, target: Host, source: Host, time: int) -> _Drop:
        """What wmiexec leaves: the output of a command, written through the host's own share and read from afar."""
        name = f"__{1_710_000_000 + self._number()}.{self._number():06d}"
        output = _Drop(target, target, "ADMIN$", r"C:\Windows", name, target)
        self._command(rf"cmd.exe /Q /c whoami 1> \\127.0.0.1\ADMIN$\{name} 2>&1", time, target)
        client = self._client(output, f"0x{0x1000000 + self._number():x}") | {"source_address": "127.0.0.1"}
        self._log(time + 31 * MILLISECOND, target, records.share_object("ADMIN$", r"C:\Windows", name, "0x120196", **client))
        reader = self._client(_Drop(source, target, "ADMIN$", r"C:\Windows", name, source), f"0x{0x1000000 + self._number():x}")
        self._log(time + 900 * MILLISECOND, target, records.share_object("ADMIN$", r"C:\Windows", name, records.READ_MASK, **reader))
        return output

    def _plant_hot_file(self, runs: int) -> None:
        """One path, written and run again and again: joining all writes with all runs would be ``runs`` squared."""
        if not runs:
            return
        source, target = self._hosts[1], self._hosts[0]
        drop = self._drop(source, target, "exe")
        step = (self._spec.hours * HOUR - 60 * SECOND) // runs // MILLISECOND * MILLISECOND
        if step < 4 * SECOND:
            msg = f"{runs} runs do not fit into {self._spec.hours} hours: writes within 2 s are one version"
            raise ValueError(msg)
        for index in range(runs):
            written = self._spec.start + 30 * SECOND + index * step
            self._access(drop, written, "0x2")
            self._log(written + 2 * MILLISECOND, target, records.file_created(drop.path))
            executed = written + step // 2
            self._log(executed, target, records.process_start(drop.path, drop.path, pid=str(self._pid()), guid=self._guid()))
            self.chains.append(
                Chain(
                    file=drop.path,
                    kind=ChainKind.IMAGE,
                    source=source.fqdn,
                    source_address=source.address,
                    target=target.fqdn,
                    target_address=target.address,
                    account=rf"{DOMAIN}\{source.user}",
                    write_time=written + 2 * MILLISECOND,
                    execution_time=executed,
                    evidence=WriteEvidence.FULL,
                )
            )


_WORDS: Final = ("update", "setup", "svc", "agent", "helper", "report", "sync", "driver", "tool", "patch")
