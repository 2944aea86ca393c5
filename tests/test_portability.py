"""macOS and Windows, as far as Linux can show it: no module needs what only Linux has, and a hunt does without it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from graphcorr.simulate.demo import write_demo
from tests.conftest import REPOSITORY

_ELSEWHERE = """
import importlib, importlib.abc, json, os, pkgutil, signal, subprocess, sys, tempfile
import duckdb, evtx, ladybug, lxml.etree, msgspec, neo4j, networkx, orjson, platformdirs, portalocker, psutil, pyarrow.parquet, pydantic
import requests, rich.progress, stix2, stix2patterns, taxii2client, typer, xxhash, yaml, zstandard

modules, names, signals = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}, %(os)s, %(signal)s

class NotHere(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

# What others' modules took they keep: they ask which system they are on. Ours must not have to.
ours = lambda: sys._getframe(2).f_globals.get("__name__", "").partition(".")[0] == "graphcorr"
class Elsewhere(type(os)):
    def __getattribute__(self, name):
        if name in object.__getattribute__(self, "missing") and ours():
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return object.__getattribute__(self, name)
for module, missing in ((os, names), (signal, signals)):
    module.missing = frozenset(missing)
    module.__class__ = Elsewhere
for name in modules:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, NotHere())

import graphcorr
for module in pkgutil.walk_packages(graphcorr.__path__, "graphcorr."):
    importlib.import_module(module.name)
from graphcorr.cli.main import main
sys.argv[1:] = json.loads(sys.argv[1])
main()
"""
"""Runs ``graphcorr`` where our modules find what Windows lacks in none of the ways to it."""

_OS = (
    *("sched_getaffinity", "sched_setaffinity", "sysconf", "fork", "forkpty", "mkfifo", "mknod", "uname", "nice", "statvfs", "getloadavg"),
    *(
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "getgroups",
        "getpgid",
        "killpg",
        "setsid",
        "chown",
        "lchown",
        "fchown",
        "fchmod",
        "chroot",
    ),
    *("pread", "pwrite", "posix_fadvise", "posix_fallocate", "posix_spawn", "wait3", "wait4", "waitid", "sendfile", "memfd_create"),
    *("O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY", "O_SYNC", "O_DSYNC", "fdatasync", "sync", "openpty", "ttyname", "getrandom"),
)
_SIGNAL = ("pthread_sigmask", "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGCHLD", "alarm", "setitimer", "sigwait")


def elsewhere(*arguments: str | Path, state: Path) -> subprocess.CompletedProcess[str]:
    script = _ELSEWHERE % {"os": repr(_OS), "signal": repr(_SIGNAL)}
    return subprocess.run(
        [sys.executable, "-c", script, json.dumps([str(each) for each in arguments])],
        cwd=REPOSITORY,
        env={"GRAPHCORR_STATE": str(state), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_module_is_imported_and_a_hunt_runs_without_what_only_linux_has(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    done = elsewhere("hunt", tmp_path / "logs", "--case", tmp_path / "case", "--json", "--workers", "1", state=tmp_path / "state")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert len(report["findings"]) == 4

    explained = elsewhere("explain", report["findings"][0]["id"], "--json", state=tmp_path / "state")
    assert (explained.returncode, explained.stderr) == (0, "")


def test_what_is_missing_there_would_be_noticed(tmp_path: Path) -> None:
    """The script above, and a module of ours that uses each of the three ways."""
    for line in ("os.sched_getaffinity(0)", "signal.pthread_sigmask", "importlib.import_module('fcntl')"):
        script = _ELSEWHERE % {"os": repr(_OS), "signal": repr(_SIGNAL)}
        start, end = script.split("import graphcorr\n", 1)
        bad = f"{start}exec({line!r}, {{'__name__': 'graphcorr.bad', 'os': os, 'signal': signal, 'importlib': importlib}})\n"
        done = subprocess.run([sys.executable, "-c", bad], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith(("AttributeError", "ModuleNotFoundError"))
        assert "main()" in end
