"""Makes what is measured: real logs repeated with other hosts and times, and made-up networks."""

from __future__ import annotations

import csv
import json
import random
import re
import struct
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evtx import PyEvtxParser

from benchmarks.measure import MIB
from graphcorr.simulate import marks, zeek
from graphcorr.simulate.estate import DEFAULT_START
from graphcorr.simulate.marks import Values, time_values

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED: Final = Path(__file__).parents[1].parent / "shared"
"""Public datasets and their labels, beside the checkout."""
_HOST_ARCHIVES: Final = "datasets/OTRF+Security-Datasets/datasets/**/*.zip"
_CHAINS: Final = ("W2X-image", "W2X-cmdline", "W2X-load")
_HOSTNAME: Final = re.compile(rb'"Hostname":"([^"]+)"')
_DATE: Final = re.compile(rb"20\d\d-\d\d-\d\d")
_ADDRESS: Final = re.compile(rb"172\.18\.(39|38)\.")


@dataclass(frozen=True, slots=True)
class RealLogs:
    """``chains`` is how many chains the labels know in it, all repetitions together."""

    path: Path
    size: int
    chains: int


def write_windows_json(folder: Path, least: int) -> RealLogs:
    """At least ``least`` bytes of real Windows records as JSON lines, in one file.

    The public host datasets, whole, one repetition after the other; in each the hosts have a suffix, the dates are
    moved by 40 days more, and the addresses lie in another network, so that no record is a copy of another.
    """
    archives = [path for path in sorted(SHARED.glob(_HOST_ARCHIVES)) if "network" not in path.parts]
    labels = json.loads((SHARED / "datasets/labels.json").read_text(encoding="utf-8"))["cases"]
    labelled = [case["dataset"] for case in labels if case["class"] in _CHAINS and case["true_chain"]]
    target = folder / "windows.json"
    chains = written = 0
    with target.open("wb") as out:
        while out.tell() < least:
            archive = archives[written % len(archives)]
            for text in _members(archive):
                out.write(shift(text, written // len(archives)))
            chains += sum(str(archive).endswith(dataset) for dataset in labelled)
            written += 1
    return RealLogs(target, target.stat().st_size, chains)


def _members(archive: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(archive) as packed:
        for name in sorted(packed.namelist()):
            if name.endswith(".json"):
                lines = packed.read(name).splitlines()
                yield b"".join(line + b"\n" for line in lines if line.strip())


def shift(text: bytes, repetition: int) -> bytes:
    """Lines with the names, dates and addresses of the given repetition; the first is as it was."""
    if not repetition:
        return text
    # Longest first: an alternation takes the first that fits. FQDNs keep their domain.
    names = sorted({name.split(b".")[0] for name in _HOSTNAME.findall(text)}, key=lambda name: -len(name))
    hosts = re.compile(rb"\b(" + b"|".join(map(re.escape, names)) + rb")\b", re.IGNORECASE)
    moved = timedelta(days=40 * repetition)
    dates: dict[bytes, bytes] = {}

    def move(match: re.Match[bytes]) -> bytes:
        found = match.group()
        if found not in dates:
            try:
                dates[found] = str(date.fromisoformat(found.decode()) + moved).encode()
            except ValueError:  # digits that only look like a date
                dates[found] = found
        return dates[found]

    text = _DATE.sub(move, text)
    text = hosts.sub(rb"\g<1>R%d" % repetition, text)
    return _ADDRESS.sub(rb"172.%d.\g<1>." % (18 + repetition), text)


def write_evtx(folder: Path, least: int) -> Path:
    """At least ``least`` bytes of real EVTX files, one repetition after the other; in each the hosts have other names.

    EVTX cannot be written anew, but a name of the same length can stand in the place of another, so that no record is a copy.
    """
    target = folder / "evtx"
    target.mkdir()
    originals = [(path.read_bytes(), _computers(path)) for path in sorted((SHARED / "datasets").rglob("*.evtx"))]
    written = copies = repetition = 0
    while written < least:
        for content, names in originals:
            (target / f"{copies:05d}.evtx").write_bytes(_rename(content, names, repetition))
            written += len(content)
            copies += 1
        repetition += 1
    return target


def _computers(path: Path) -> set[str]:
    records = (json.loads(record["data"]) for record in PyEvtxParser(str(path)).records_json() if record is not None)
    return {record["Event"]["System"]["Computer"] for record in records}


def _rename(content: bytes, names: set[str], repetition: int) -> bytes:
    """The digits of ``repetition`` take the place of the last letters of each machine's own name."""
    mark = str(repetition) if repetition else ""
    for name in names:
        own, dot, domain = name.partition(".")
        if len(own) > len(mark):
            content = content.replace(name.encode("utf-16-le"), f"{own[: len(own) - len(mark)]}{mark}{dot}{domain}".encode("utf-16-le"))
    return content


def write_capture(folder: Path, least: int) -> Path:
    """At least ``least`` bytes of packets: public captures, again and again, each an hour later from others."""
    target = folder / "capture.pcap"
    originals = [path.read_bytes() for path in sorted((SHARED / "datasets").rglob("*.pcap"))]
    with target.open("wb", buffering=MIB) as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        repetition = 0
        while originals and out.tell() < least:
            for content in originals:
                for seconds, rest, length, packet in _packets(content):
                    # 192.168.10 becomes another network, so that each repetition has connections of its own.
                    moved = packet.replace(b"\xc0\xa8\x0a", b"\x0a" + repetition.to_bytes(2, "big"))
                    out.write(struct.pack("<IIII", seconds + 3600 * repetition, rest, len(moved), length) + moved)
            repetition += 1
    return target


def _packets(content: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Seconds, microseconds, length on the wire and bytes of each packet of a little-endian pcap."""
    at = 24
    while at + 16 <= len(content):
        seconds, rest, kept, length = struct.unpack_from("<IIII", content, at)
        yield seconds, rest, length, content[at + 16 : at + 16 + kept]
        at += 16 + kept


def write_eve(folder: Path, least: int) -> Path:
    """At least ``least`` bytes of Suricata's EVE: flows, and files opened over SMB."""
    target = folder / "eve.json"
    with target.open("wb", buffering=MIB) as out:
        serial = 0
        while out.tell() < least:
            serial += 1
            moment = datetime.fromtimestamp(1_700_000_000 + serial / 50, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")
            ends = {"src_ip": f"10.21.{serial % 250}.{serial % 240 + 2}", "src_port": 49_152 + serial % 16_000}
            ends |= {"dest_ip": "10.20.0.5", "dest_port": 445, "proto": "TCP"}
            own: dict[str, object]
            if serial % 3:
                own = {"event_type": "flow", "app_proto": "smb", "flow": {"start": moment, "state": "closed", "bytes_toserver": 4_000}}
            else:
                own = {
                    "event_type": "smb",
                    "smb": {"command": "SMB2_COMMAND_CREATE", "status": "STATUS_SUCCESS", "share": r"\\SRV001\Finance"},
                }
                own["smb"] |= {"filename": rf"2024\report-{serial}.xlsx"}  # type: ignore[operator]
            out.write(json.dumps({"timestamp": moment, "flow_id": serial, **ends, **own}).encode() + b"\n")
    return target


_HEADER: Final = ("EventRecordId", "TimeCreated", "EventId", "Provider", "Channel", "Computer", "Keywords", "Payload")
_NO_DATA: Final = frozenset({"EventTime", "EventReceivedTime", "SourceModuleName", "SourceModuleType", "Hostname", "EventID", "Message"})


def write_csv(folder: Path, least: int) -> Path:
    """At least ``least`` bytes of real Windows records as EvtxECmd's table has them, of about as many bytes of JSON lines."""
    logs = write_windows_json(folder, least)
    target = folder / "evtxecmd.csv"
    with target.open("w", newline="", encoding="utf-8") as out, logs.path.open("rb") as lines:
        writer = csv.writer(out)
        writer.writerow(_HEADER)
        for line in lines:
            row = json.loads(line)
            names = ("RecordNumber", "EventTime", "EventID", "SourceName", "Channel", "Hostname", "Keywords")
            data = [{"@Name": name, "#text": str(value)} for name, value in row.items() if name not in _NO_DATA]
            writer.writerow([*(row.get(name, "") for name in names), json.dumps({"EventData": {"Data": data}})])
            if out.tell() >= least:
                break
    logs.path.unlink()
    return target


def write_zeek_tsv(folder: Path, least: int) -> Path:
    """At least ``least`` bytes of ``conn.log`` and ``smb_files.log``, three to two by size."""
    target = folder / "zeek"
    target.mkdir()
    rng = random.Random(1)
    uid, fuid = f"C{marks.SERIAL_HEX}aB", f"F{marks.SERIAL_HEX}cD"
    shapes = {
        "conn": (0.6, zeek.conn(marks.PEER_NAME, marks.PORT, marks.PEER, "445", uid=uid, service="gssapi,smb")),
        "smb_files": (
            0.4,
            zeek.smb_file(
                marks.PEER_NAME,
                marks.PORT,
                marks.PEER,
                uid=uid,
                fuid=fuid,
                action="FILE_OPEN",
                share=r"\\SRV001\Finance",
                name=rf"2024\report-{marks.SERIAL}.xlsx",
                size="48211",
            ),
        ),
    }
    for log, (share, row) in shapes.items():
        template = zeek.render_zeek(row) + b"\n"
        with (target / f"{log}.log").open("wb", buffering=MIB) as out:
            out.write(zeek.header(log))
            serial = 0
            while out.tell() < least * share:
                for _ in range(10_000):
                    serial += 1
                    values: Values = {
                        **time_values(DEFAULT_START + serial * 20_000 + rng.randrange(20_000), 0),
                        b"serial": serial,
                        b"port": 49_152 + serial % 16_000,
                        b"peer": b"10.20.0.%d" % rng.randrange(2, 60),
                        b"peername": b"10.21.%d.%d" % divmod(rng.randrange(500, 5000), 250),
                    }
                    out.write(template % values)
    return target
