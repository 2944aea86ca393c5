r"""What well-known Windows programs do with the files named to them, by base name without ``.exe``.

Small on purpose: a program that is not here is taken to run or load what it is given if that is a kind of file that
can be run.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import base_name, is_loopback_name, path_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.syntax.words import Word

STARTERS: Final = frozenset({"start", "call"})
"""Commands of cmd.exe that run the command behind them."""

BUILTINS: Final = frozenset(
    {
        "assoc", "break", "cd", "chdir", "cls", "color", "copy", "date", "del", "dir", "echo", "echo.", "endlocal", "erase",
        "exit", "ftype", "goto", "md", "mkdir", "mklink", "move", "path", "pause", "popd", "prompt", "pushd", "rd", "rem",
        "ren", "rename", "rmdir", "set", "setlocal", "shift", "time", "title", "type", "ver", "verify", "vol",
    }
)  # fmt: skip
"""Commands of cmd.exe itself: no program is started, and the files named are operands."""

OPERAND_PROGRAMS: Final = frozenset(
    {
        "attrib", "bitsadmin", "cacls", "certutil", "cipher", "comp", "compact", "curl", "esentutl", "expand", "extrac32",
        "fc", "find", "findstr", "fsutil", "icacls", "makecab", "more", "net", "net1", "notepad", "ntdsutil", "ping", "powershell_ise",
        "rar",
        "reg", "regedit", "replace", "robocopy", "sdelete", "sdelete64", "sort", "takeown", "tar", "tasklist", "taskkill", "tree",
        "vssadmin", "wbadmin", "wevtutil", "wget", "where", "wordpad", "xcopy", "7z", "7za",
    }
)  # fmt: skip
"""Programs that read, copy, delete, show or protect the files named to them, but do not run them."""

RENAMERS: Final = frozenset({"ren", "rename", "rename-item", "rni"})
"""Commands whose second operand is a bare name."""

COPIERS: Final = frozenset({"copy", "copy-item", "cp", "cpi", "xcopy"})
"""Commands that leave the file where it is as well."""

MOVERS: Final = RENAMERS | COPIERS | {"mi", "move", "move-item", "mv"}
"""Commands that put the file named first to where the second says."""

LOADERS: Final = frozenset(
    {"rundll32", "regsvr32", "regsvcs", "regasm", "installutil", "msbuild", "wscript", "cscript", "mshta", "cmstp", "odbcconf", "control"}
)
"""Programs that run a file even when it is named without folder and extension."""

REGISTRARS: Final = frozenset({"installutil", "odbcconf", "regasm", "regsvcs", "regsvr32"})
"""Loaders that load every file named to them; the others load one, and the rest is for it."""

INTERPRETERS: Final = LOADERS | {
    "csi", "fsi", "infdefaultinstall", "java", "javaw", "jshell", "lua", "mavinject", "msiexec", "node", "perl", "php",
    "presentationhost", "python", "python3", "pythonw", "ruby", "sh", "bash", "wsl", "tracker", "tttracer", "xwizard", "diskshadow",
}  # fmt: skip
"""Programs that run a file whatever its extension says."""

RUNNERS: Final = frozenset(
    {
        "appvlp", "conhost", "dfsvc", "explorer", "gpscript", "hh", "ieexec", "mmc", "mofcomp", "msdt", "pcwrun", "pnputil", "runexehelper",
        "scriptrunner", "stordiag", "vsjitdebugger", "wuauclt",
    }
)  # fmt: skip
"""Programs of Windows that run or load code that is named to them, and only open anything else."""

LIBRARY_HOSTS: Final = frozenset({"certoc", "dnscmd", "netsh", "rasautou", "register-cimprovider", "ttdinject"})
"""Programs of Windows that load a library that is named to them; a program that they are told of is only spoken of."""

_STYLE_SHEETS: Final = frozenset({"xsl"})
"""What wmic formats its answers with, and runs the script of."""

OFFICE: Final = frozenset({"excel", "msaccess", "powerpnt", "visio", "winword"})

CODE: Final = frozenset(
    {
        "", "application", "appref-ms", "bat", "cab", "chm", "class", "cmd", "com", "cpl", "csproj", "cs", "dll", "docm", "dotm", "drv",
        "exe", "gadget", "hta", "inf", "iqy", "jar", "job", "jnlp", "js", "jse", "lnk", "mof", "msc", "msh", "msi", "msp", "mst", "ocx",
        "pif",
        "pl", "pptm", "proj", "ps1", "psd1", "psm1", "py", "pyc", "pyw", "pyz", "rb", "reg", "scf", "scr", "sct", "sh", "sys", "targets",
        "url", "vb", "vbe", "vbproj", "vbs", "wll", "ws", "wsc", "wsf", "wsh", "xbap", "xlam", "xll", "xlsm", "xsl",
    }
)  # fmt: skip
"""Extensions of files that something runs when they are opened. A document handed to a program that is no interpreter
is opened, not run: without this, every file that is edited over a share would count as executed. A renamed payload
that an unknown program loads as data is missed by its argument; the program itself is then what was written and run."""

LIBRARIES: Final = frozenset({"", "cpl", "dll", "drv", "ocx", "sys", "wll", "xll"})
MACROS: Final = frozenset({"docm", "dotm", "pptm", "wll", "xlam", "xll", "xlsm"})

_INSTALLED: Final = re.compile(
    r"[a-z]:\\(?:windows|program files(?: \(x86\))?|users\\[^\\]+\\appdata\\local\\programs)\\(?!temp\\|tasks\\|debug\\|tracing\\|[^\\]*\Z)"
)
r"""Below Windows, Program Files or an account's own programs, but not in a folder there that things are dropped into, and
not right in ``C:\Windows``, which is ``ADMIN$``."""


@lru_cache(maxsize=4_096)
def is_installed(path: str) -> bool:
    """Whether a program stands where only an installer puts one."""
    return _INSTALLED.match(path_key(path) or "") is not None


def code_of(name: str, path: str | None) -> frozenset[str] | None:
    """Extensions of the files that a program runs or loads when they are named to it; None for every file, ``""`` for none.

    ``name`` is the key of this module's tables, ``path`` where the program stands, if that is known. An editor, scanner,
    archiver or source control reads what it is given: what it starts, or has an interpreter run, has a process of its own.
    A program that was just dropped somewhere may also load a library.
    """
    if name in INTERPRETERS:
        return None
    if name in RUNNERS:
        return CODE
    if name == "wmic":
        return _STYLE_SHEETS
    if name in LIBRARY_HOSTS:
        return LIBRARIES
    if name in OFFICE:
        return MACROS
    return frozenset() if path is not None and is_installed(path) else LIBRARIES - {""}


RUNNABLE: Final = (
    ".exe",
    ".com",
    ".bat",
    ".cmd",
    ".vbs",
    ".vbe",
    ".js",
    ".jse",
    ".wsf",
    ".wsh",
    ".msc",
    ".ps1",
    ".scr",
    ".pif",
    ".cpl",
    ".dll",
)
"""What a name without extension may end in: the default PATHEXT, and what loaders add."""

POWERSHELL: Final = frozenset({"powershell", "pwsh"})

SHELLS: Final = POWERSHELL | {"cmd", "bash", "sh"}
"""Programs that run the commands that come in through their input."""

KNOWN: Final = (
    BUILTINS | STARTERS | OPERAND_PROGRAMS | LOADERS | POWERSHELL | {"cmd", "schtasks", "sc", "wmic", "winrs", "at", "forfiles", "runas"}
)
"""Names that decide how a command line is read."""

POWERSHELL_OPERAND_VERBS: Final = frozenset(
    {
        "cat", "copy", "cp", "cpi", "curl", "del", "dir", "echo", "erase", "gc", "gci", "gi", "iwr", "ls", "md", "mi", "mkdir", "move",
        "mv", "ni", "rd", "ren", "ri", "rm", "rmdir", "start-bitstransfer", "invoke-webrequest", "type", "wget",
    }
)  # fmt: skip
"""Commands of PowerShell that run nothing of what is named to them, besides those of :data:`_QUIET_VERBS`."""

_QUIET_VERBS: Final = frozenset(
    {
        "add", "backup", "clear", "compare", "compress", "convertfrom", "convertto", "copy", "expand", "export", "find", "get", "hide",
        "join", "measure", "move", "new", "out", "read", "receive", "remove", "rename", "resolve", "save", "search", "select", "send",
        "set",
        "show", "split", "tee", "test", "unblock", "wait", "watch", "write",
    }
)  # fmt: skip
_LOUD_COMMANDS: Final = frozenset({"add-type", "new-object", "new-scheduledtaskaction", "new-service", "set-service"})


def is_operand_verb(command: str) -> bool:
    """Whether a command of PowerShell only reads, writes, moves or describes what is named to it: ``Get-Item``, ``rm``."""
    name = command.lower()
    return name in POWERSHELL_OPERAND_VERBS or ("-" in name and name.partition("-")[0] in _QUIET_VERBS and name not in _LOUD_COMMANDS)


_PSEXEC: Final = re.compile(r"(?:ps|pa|cs|rem|x)exec(?:64)?(?:svc)?\Z|(?:psexec|paexec)\w*\Z")
_PSEXEC_VALUES: Final = frozenset("upnwraij")
_OPTION: Final = re.compile(r"[-/\u2013\u2014\u2015]")
_LOCAL_NAMES: Final = frozenset({"", ".", "localhost", "127.0.0.1", "::1", "%computername%"})


class Launch(NamedTuple):
    """A command line that a program was given to run, now or later, here or (``remote``) on another host."""

    text: str
    remote: bool


@lru_cache(maxsize=4_096)
def program_name(path: str) -> str:
    """The folded base name without ``.exe``: the key of this module's tables; ``%COMSPEC%`` is ``cmd``."""
    if path[:1] == "%":
        path = path_key(path) or path
    return fold(base_name(path.strip('"@ '))).removesuffix(".exe")


def is_remote(host: str) -> bool:
    """Whether a host named to a program is another machine. Its own name, which only the resolver knows, counts as another."""
    bare = host.strip("\"'\\ ").lower()
    return bare not in _LOCAL_NAMES and not is_loopback_name(bare)


def find_launch(name: str, words: Sequence[Word]) -> Launch | None:  # noqa: PLR0911  one branch per program
    """What the arguments ``words`` of the program ``name`` tell it to run; None when it is no launcher, or launches nothing."""
    if name == "schtasks":
        host = _value_after(words, "s")
        command = _value_after(words, "tr")
        return None if command is None else Launch(command, host is not None and is_remote(host))
    if name == "sc":
        remote = bool(words) and words[0].text.startswith("\\\\") and is_remote(words[0].text)
        command = _assigned(words, ("binpath", "command"))
        return None if command is None else Launch(command, remote)
    if name == "wmic":
        hosts = [word.text[6:] for word in words if word.text[1:6].lower() == "node:" and _OPTION.match(word.text)]
        for index, word in enumerate(words[:-1]):
            if word.text.lower() == "create" and index >= 1 and words[index - 1].text.lower() == "call":
                # wmic takes the whole command as one quoted word, or with its arguments behind a comma
                return Launch(
                    " ".join(rest.text if len(words) == index + 2 else rest.raw for rest in words[index + 1 :]), any(map(is_remote, hosts))
                )
        return None
    if _PSEXEC.match(name):
        return _find_psexec(words)
    if name == "winrs":
        remote, index = False, 0
        while index < len(words) and _OPTION.match(words[index].text):
            option, _, value = words[index].text[1:].partition(":")
            remote = remote or (option.lower() in ("r", "remote") and is_remote(value))
            index += 1
        return _rest(words[index:], remote)
    if name == "at":
        remote = bool(words) and words[0].text.startswith("\\\\") and is_remote(words[0].text)
        start = 2 if words and words[0].text.startswith("\\\\") else 1
        while start < len(words) and (_OPTION.match(words[start].text)):
            start += 1
        return _rest(words[start:], remote)
    if name == "forfiles":
        command = _value_after(words, "c")
        return None if command is None else Launch(command, remote=False)
    if name == "runas":
        index = 0
        while index < len(words) and _OPTION.match(words[index].text):
            index += 1
        return Launch(words[index].text, remote=False) if index < len(words) else None
    if name in STARTERS or name == "pcalua" or (name == "conhost" and any(word.text.lower() == "--headless" for word in words)):
        return _find_started(name, words)
    return None


def _find_psexec(words: Sequence[Word]) -> Launch | None:
    remote, index = False, 0
    while index < len(words):
        text = words[index].text
        if text.startswith("\\\\"):
            remote = remote or any(map(is_remote, text.split(",")))
        elif text.startswith("@"):
            remote = True
        elif _OPTION.match(text):
            letter = text[1:].lower()
            following = words[index + 1].text if index + 1 < len(words) else ""
            # -i takes a session number, but only sometimes
            if letter in _PSEXEC_VALUES and (letter != "i" or following.isdigit()):
                index += 1
        else:
            return _rest(words[index:], remote)
        index += 1
    return None


def _find_started(name: str, words: Sequence[Word]) -> Launch | None:
    r"""``start ["title"] [/d folder] [/min] program …``, ``call x.bat``, ``pcalua -a program``."""
    index = 0
    if name == "start" and words and words[0].raw.startswith('"') and len(words) > 1:
        index = 1  # a first quoted word is the window's title
    while index < len(words) and _OPTION.match(words[index].text) and not words[index].quoted:
        index += 2 if words[index].text.lower() in ("/d", "/node", "/affinity") else 1
    return _rest(words[index:], remote=False)


def _rest(words: Sequence[Word], remote: bool) -> Launch | None:
    return Launch(" ".join(word.raw for word in words), remote) if words else None


def _value_after(words: Sequence[Word], option: str) -> str | None:
    for index, word in enumerate(words[:-1]):
        if word.text[1:].lower() == option and _OPTION.match(word.text):
            return words[index + 1].text
    return None


def _assigned(words: Sequence[Word], names: tuple[str, ...]) -> str | None:
    """The value of ``binPath= value`` (sc.exe wants the blank) or ``binPath=value``."""
    for index, word in enumerate(words):
        name, sign, value = word.text.partition("=")
        if sign and name.lower() in names:
            if value:
                return value
            return words[index + 1].text if index + 1 < len(words) else None
    return None
