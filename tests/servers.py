"""Real Neo4j servers for tests: one of each version for all test processes, started by the first test that asks for it.

A server has authentication on, free ports and a home folder of its own. It ends, and its folder goes, with the process
that runs the tests, whatever ends that one. A database is one, so that a test has a server for itself while it runs.
A test that needs other settings, or a disk that can be full, starts a server of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import neo4j
import neo4j.exceptions
import pytest

REPOSITORY = Path(__file__).parents[1]
SCRIPT: Final = REPOSITORY / ".ci" / "neo4j-jars"
LONG_TERM: Final = "5.26.30"
CURRENT: Final = "2026.08.1"
VERSIONS: Final = {LONG_TERM: 17, CURRENT: 21}
"""Version to the least Java that it starts on."""
on_all_versions = pytest.mark.parametrize("server", sorted(VERSIONS), indirect=True)
USER, PASSWORD = "neo4j", "graphcorr-test"
_TLS: Final = {
    "server.bolt.tls_level": "REQUIRED",
    "dbms.ssl.policy.bolt.enabled": "true",
    "dbms.ssl.policy.bolt.base_directory": "certificates/bolt",
    "dbms.ssl.policy.bolt.client_auth": "NONE",
}
"""Settings of a server that speaks nothing but TLS, with a certificate that it made itself."""
_START_SECONDS: Final = 120
_MEMORY: Final = "/dev/shm"
"""Where there is such a folder, a server keeps its data in memory: most of what a small test takes is waiting for a disk."""
_OPEN: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_MAIN: Final = """\
public class Start {
    public static void main(String[] args) {
        org.neo4j.server.NeoBootstrapper.start(new org.neo4j.server.CommunityBootstrapper(), args);
    }
}
"""
"""The current releases have no class that starts them."""
_WATCH: Final = """
{
"$@" >"$HOME_FOLDER/out.txt" 2>&1 &
echo $! >"$HOME_FOLDER/pid.new"; mv "$HOME_FOLDER/pid.new" "$HOME_FOLDER/pid"
while kill -0 "$OWNER" 2>/dev/null && kill -0 $! 2>/dev/null; do sleep 0.5; done
kill -0 "$OWNER" 2>/dev/null && exit
kill -9 $! 2>/dev/null; wait; umount "$HOME_FOLDER/data" 2>/dev/null; rm -rf "$HOME_FOLDER" "$RUN_FOLDER"
} &
"""
"""Starts a server and ends it with the process that runs the tests; after a crash the folder stays, to start on it again."""


class MissingServerError(Exception):
    """There is nothing to start: what it says is what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, or did until it was killed."""

    version: str
    home: Path
    bolt: int
    http: int
    measured: bool = False
    """To be measured: with memory, and the compiler that takes its time; otherwise made to start quickly."""
    secure: bool = False
    """Whether it speaks TLS only, with a certificate that it made itself."""

    @property
    def url(self) -> str:
        return f"neo4j{'+ssc' if self.secure else ''}://127.0.0.1:{self.bolt}"

    @property
    def pid(self) -> int:
        return int((self.home / "pid").read_text())

    @property
    def runs(self) -> bool:
        return (self.home / "pid").exists() and Path(f"/proc/{self.pid}").exists()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """As a power cut; with ``SIGTERM`` it closes its files first."""
        os.kill(self.pid, number)
        while self.runs:
            time.sleep(0.05)

    def start(self) -> None:
        """Start it, again after a kill, and wait until it answers."""
        environment = os.environ | {"HOME_FOLDER": str(self.home), "RUN_FOLDER": str(_folder()), "OWNER": str(_owner())}
        (self.home / "pid").unlink(missing_ok=True)
        subprocess.run(
            ["/bin/bash", "-c", _WATCH, "watch", *_command(self)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
        self.wait()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def certificate(self) -> Path:
        """What a client has to trust, where the server is ``secure``."""
        return self.home / "certificates" / "bolt" / "public.crt"

    def set(self, settings: Mapping[str, str | None]) -> None:
        """Change what it is started with; None is the default again."""
        path = self.home / "conf" / "neo4j.conf"
        known: dict[str, str | None] = {}
        if path.exists():
            known.update(line.partition("=")[::2] for line in path.read_text().splitlines())
        known.update(settings)
        path.write_text("".join(f"{name}={value}\n" for name, value in known.items() if value is not None))

    def wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                with neo4j.GraphDatabase.driver(self.url.replace("neo4j", "bolt", 1), auth=(USER, PASSWORD)) as driver:
                    driver.verify_connectivity()
                    return
            except neo4j.exceptions.AuthError:
                _set_password(self)
            except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
                time.sleep(0.5)
        raise AssertionError(f"Neo4j {self.version} does not start: {(self.home / 'out.txt').read_text()[-2000:]}")

    def run(self, cypher: str, **params: object) -> list[list[object]]:
        """Rows of a statement, with every right and as its own transaction."""
        with (
            neo4j.GraphDatabase.driver(self.url, auth=(USER, PASSWORD), notifications_min_severity="OFF") as driver,
            driver.session() as session,
        ):
            return [list(record) for record in session.run(cypher, params)]

    def clear(self) -> None:
        """As a new database, but with graphcorr's constraints and indexes, which take longer to make than anything else."""
        rows = 10_000 if self.measured else 200
        self.run(f"MATCH ()-[r]->() CALL (r) {{ DELETE r }} IN TRANSACTIONS OF {rows} ROWS")
        self.run(f"MATCH (n) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF {rows} ROWS")
        for kind, plural in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            for [name] in self.run(
                f"SHOW {plural} YIELD name, type WHERE type <> 'LOOKUP' AND NOT name STARTS WITH 'graphcorr_' RETURN name"
            ):
                self.run(f"DROP {kind} `{name}` IF EXISTS")


def jars(version: str) -> Path:
    """The class path of a version. ``MissingServerError`` where it was not brought, or no Java is there for it."""
    folder = Path(os.environ.get("GRAPHCORR_NEO4J_HOME") or REPOSITORY / ".servers") / version
    if not (folder / ".complete").exists():
        raise MissingServerError(f"Neo4j {version} is not there to be started: run .ci/neo4j-jars, as `make test` does")
    return folder / "lib"


@contextmanager
def use_server(version: str, *, measured: bool = False) -> Iterator[Server]:
    """The server of a version, with an empty database, for the caller alone."""
    jars(version)
    with _lock(version):
        server = _find(version, measured)
        server.clear()
        yield server


@contextmanager
def own_server(version: str, *, disk: int) -> Iterator[Server]:
    """A server for the caller alone, ended afterwards: it speaks TLS only, and its data lie on a disk of ``disk`` bytes.

    ``MissingServerError`` also where such a disk cannot be made, which takes root.
    """
    jars(version)
    if os.geteuid() != 0:
        raise MissingServerError("a disk that can be full has to be mounted, which takes root")
    bolt, http = _free_ports(2)
    server = Server(version, _make_home(version), bolt, http, secure=True)
    server.data.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={disk}", "graphcorr-test", server.data)
    try:
        _configure(server)
        _make_certificate(server.certificate)
        server.start()
        yield server
    finally:
        if server.runs:
            server.kill()
        _run("umount", server.data)
        shutil.rmtree(server.home)


def _make_certificate(certificate: Path) -> None:
    certificate.parent.mkdir(parents=True)
    key = certificate.with_name("private.key")
    named = ["-subj", "/CN=graphcorr-test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    _run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *named, "-keyout", key, "-out", certificate)


def _run(program: str, *arguments: str | Path) -> None:
    """A program of the system; ``MissingServerError`` where there is none, or it may not do that: root in a container cannot mount."""
    if (found := shutil.which(program)) is None:
        raise MissingServerError(f"there is no program {program!r}, which the server needs to be set up")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MissingServerError(f"{program} cannot do what the server needs: {done.stderr.strip()}")


@contextmanager
def _lock(version: str) -> Iterator[None]:
    with (_folder() / f"{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _find(version: str, measured: bool) -> Server:
    known = _folder() / f"{version}.json"
    if known.exists():
        stated = json.loads(known.read_text())
        server = Server(version, Path(stated["home"]), stated["bolt"], stated["http"], measured)
        if not server.runs:
            server.start()
        return server
    bolt, http = _free_ports(2)
    server = Server(version, _make_home(version), bolt, http, measured)
    _configure(server)
    server.start()
    known.write_text(json.dumps({"home": str(server.home), "bolt": server.bolt, "http": server.http}))
    return server


def _make_home(version: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"graphcorr-neo4j-{version}-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))


def _owner() -> int:
    """The process that runs the tests, whose workers come and go."""
    return os.getppid() if os.environ.get("PYTEST_XDIST_WORKER") else os.getpid()


def _folder() -> Path:
    """What the test processes of one run know of the servers."""
    folder = Path(tempfile.gettempdir()) / f"graphcorr-servers-{os.getuid()}-{_owner()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = Path(f"/proc/{_owner()}/stat").read_text().rsplit(")", 1)[1].split()[19]
    marker = folder / "started"
    if not marker.exists() or marker.read_text() != stamp:  # a number that an earlier run had
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        marker.write_text(stamp)
    return folder


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _configure(server: Server) -> None:
    settings = {
        "server.bolt.listen_address": f"127.0.0.1:{server.bolt}",
        "server.bolt.advertised_address": f"127.0.0.1:{server.bolt}",
        "server.http.listen_address": f"127.0.0.1:{server.http}",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "dbms.security.auth_max_failed_attempts": "0",  # a test may be wrong as often as it likes
        "server.memory.pagecache.size": "64m",
        # A large batch does not fit, and has to be told so.
        "db.memory.transaction.max": "0" if server.measured else "16m",
        "db.tx_log.preallocate": "false",
        "db.tx_log.rotation.size": "8m",
        "db.checkpoint.interval.time": "1m",
    }
    (server.home / "conf").mkdir()
    server.set(settings | (_TLS if server.secure else {}))
    (server.home / "Start.java").write_text(_MAIN)


def _command(server: Server) -> list[str]:
    least = VERSIONS[server.version]
    found = subprocess.run([SCRIPT, "--java", str(least)], capture_output=True, text=True, check=False)
    if found.returncode:
        raise MissingServerError(f"Neo4j {server.version} needs Java {least}: run .ci/neo4j-jars, as `make test` does")
    main = ["org.neo4j.server.CommunityEntryPoint"] if least < 21 else [str(server.home / "Start.java")]
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPEN]
    folders = [f"--home-dir={server.home}", f"--config-dir={server.home / 'conf'}"]
    quick = ["-Xmx2g"] if server.measured else ["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return [found.stdout.strip(), "-cp", f"{jars(server.version)}/*", *opened, *quick, *main, *folders, "--console-mode"]


def _set_password(server: Server) -> None:
    with neo4j.GraphDatabase.driver(server.url, auth=(USER, "neo4j")) as driver:
        driver.execute_query("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=PASSWORD, database_="system")
