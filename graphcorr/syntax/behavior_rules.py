r"""What commands and scripts show, as rules: of a program's arguments, of a command of cmd.exe, of a script's text.

Sources: Microsoft's command reference (systeminfo, sc, net, tasklist, wmic, nltest, del), PowerShell's reference, Empire's
``generate_launcher``; for what is asked of them by whom ATT&CK's pages of the techniques named here.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Rule(NamedTuple):
    technique: str
    way: str
    pattern: re.Pattern[str]
    """Over the arguments of a program, or the text of a script; its group ``object`` is the file."""


def _rule(technique: str, way: str, pattern: str) -> Rule:
    return Rule(technique, way, re.compile(pattern, re.IGNORECASE | re.DOTALL))


SYSTEM: Final = "asked for the system's data"
SERVICES: Final = "asked for services"
NETWORK: Final = "asked for the network's configuration"
USERS: Final = "asked who is logged on"
CONNECTIONS: Final = "asked for connections"
PROCESSES: Final = "asked for processes"
MACHINES: Final = "asked for other machines"
TRUSTS: Final = "asked for trusts of the domain"
ACCOUNTS: Final = "asked for accounts"
GROUPS: Final = "asked for groups"
SHARES: Final = "asked for shares"
ARCHIVED: Final = "made an archive"
LOCKED: Final = "made an archive with a password"
DELETED: Final = "deleted files"
TIMES: Final = "changed the times of a file"
FETCHED: Final = "fetched a file"
RUN_AS_FETCHED: Final = "ran what it fetched"
SENT: Final = "sent a file out"
KEYS: Final = "looked for private keys"
SESSIONS: Final = "looked for saved sessions"
EMPIRE: Final = "ran Empire's launcher"
OUTLOOK: Final = "gave a folder of Outlook a home page"
PARAMETER: Final = "long parameter of digits in an address"
KEPT_TIME: Final = "time of compilation that cannot be"

_FILE: Final = r"(?P<object>\"[^\"]+\"|'[^']+'|[^\s\"';,|)]+)"
_URL: Final = r"[\"']?(?:https?|ftp)://"
_KEY_FILES: Final = r"(?:\bid_(?:rsa|dsa|ecdsa|ed25519)\b(?!\.pub)|\.(?:ppk|pfx|p12|pem|rdg|sdtid)\b)"
_SEARCHING: Final = r"(?:get-childitem|gci|dir|ls|copy-item|cpi?|get-content|gc|select-string)"
_NAMES: Final = r"simontatham\\putty|martin prikryl\\winscp 2|ssh\\known_?hosts|\\terminal server client\\servers"

_EVERY: Final = r""
OF_PROGRAM: Final[dict[str, tuple[Rule, ...]]] = {
    "systeminfo": (_rule("T1082", SYSTEM, _EVERY),),
    "hostname": (_rule("T1082", SYSTEM, _EVERY),),
    "msinfo32": (_rule("T1082", SYSTEM, r"/(?:report|nfo)"),),
    "wmic": (
        _rule("T1082", SYSTEM, r"\b(?:os|computersystem|bios|baseboard|cpu|logicaldisk|diskdrive|volume|qfe)\b(?!.*\bcall\b)"),
        _rule("T1007", SERVICES, r"\bservice\b(?!.*\b(?:call|create|delete)\b)"),
        _rule("T1057", PROCESSES, r"\bprocess\b(?!.*\b(?:call|create|delete)\b)"),
        _rule("T1087.001", ACCOUNTS, r"\buseraccount\b(?!.*\b(?:call|delete|set)\b)"),
        _rule("T1016", NETWORK, r"\bnicconfig\b(?!.*\bcall\b)"),
        _rule("T1135", SHARES, r"\bshare\b(?!.*\b(?:call|create|delete)\b)"),
    ),
    "sc": (_rule("T1007", SERVICES, r"^\s*(?:\\\\\S+\s+)?(?:query|queryex|qc|enumdepend)\b"),),
    "psservice": (_rule("T1007", SERVICES, r"\bquery\b|^\s*$"),),
    "tasklist": (_rule("T1007", SERVICES, r"/svc\b"), _rule("T1057", PROCESSES, r"^(?!.*/svc\b)")),
    "qprocess": (_rule("T1057", PROCESSES, _EVERY),),
    "pslist": (_rule("T1057", PROCESSES, _EVERY),),
    "net": (
        _rule("T1007", SERVICES, r"^\s*start\s*$"),
        _rule("T1018", MACHINES, r"^\s*view\b(?!\s+\\\\)|^\s*group\s+\"?domain (?:computers|controllers)"),
        _rule("T1135", SHARES, r"^\s*(?:share\s*$|view\s+\\\\)"),
        _rule("T1049", CONNECTIONS, r"^\s*(?:use|sessions?)\s*$"),
        _rule("T1087.002", ACCOUNTS, r"^\s*users?\b(?!.*/(?:add|delete|active)\b).*/do(?:main)?\b"),
        _rule("T1087.001", ACCOUNTS, r"^\s*users?\b(?!.*/(?:add|delete|active|do(?:main)?)\b)(?:\s+\S+)?\s*$"),
        _rule("T1069.001", GROUPS, r"^\s*localgroup\b(?!.*/(?:add|delete)\b)"),
        _rule("T1069.002", GROUPS, r"^\s*groups?\b(?!.*/(?:add|delete)\b)(?!\s+\"?domain (?:computers|controllers))"),
    ),
    "nltest": (
        _rule("T1482", TRUSTS, r"/(?:domain_trusts|trusted_domains)\b"),
        _rule("T1018", MACHINES, r"/(?:dclist|dsgetdc)\b"),
    ),
    "dsquery": (
        _rule("T1018", MACHINES, r"^\s*(?:computer|server)\b"),
        _rule("T1087.002", ACCOUNTS, r"^\s*user\b"),
        _rule("T1069.002", GROUPS, r"^\s*group\b"),
    ),
    "adfind": (_rule("T1482", TRUSTS, r"trustdmp|trusteddomain"), _rule("T1087.002", ACCOUNTS, r"objectcategory=person")),
    "whoami": (_rule("T1069.001", GROUPS, r"/groups\b"), _rule("T1033", USERS, r"^(?!.*/groups\b)")),
    "quser": (_rule("T1033", USERS, _EVERY),),
    "qwinsta": (_rule("T1033", USERS, _EVERY),),
    "query": (_rule("T1033", USERS, r"^\s*(?:user|session)\b"), _rule("T1057", PROCESSES, r"^\s*process\b")),
    "ipconfig": (_rule("T1016", NETWORK, r"^(?!.*/(?:release|renew|flushdns|registerdns)\b)"),),
    "arp": (_rule("T1016", NETWORK, r"-[ag]\b"),),
    "route": (_rule("T1016", NETWORK, r"\bprint\b"),),
    "nbtstat": (_rule("T1016", NETWORK, r"-[ncr]\b"),),
    "getmac": (_rule("T1016", NETWORK, _EVERY),),
    "netstat": (_rule("T1049", CONNECTIONS, _EVERY),),
    "reg": (
        _rule("T1082", SYSTEM, r"^\s*query\b.*\\windows nt\\currentversion\"?(?:\s|$)"),
        _rule("T1007", SERVICES, r"^\s*query\b.*\\system\\(?:currentcontrolset|controlset\d+)\\services\b"),
        _rule("T1552.004", SESSIONS, rf"^\s*(?:query|export|save)\b.*(?:{_NAMES})"),
    ),
    "sdelete": (_rule("T1070.004", DELETED, r"(?:^|\s)(?!-|/)\S"),),
    **dict.fromkeys(("findstr", "where", "xcopy", "robocopy"), (_rule("T1552.004", KEYS, _KEY_FILES),)),
}
SAME: Final = {
    "net1": "net", "7za": "7z", "7zr": "7z", "7zz": "7z", "winrar": "rar", "sdelete64": "sdelete", "psservice64": "psservice",
    "pslist64": "pslist", "scp": "pscp", "diantz": "makecab",
}  # fmt: skip
"""Programs that are told what to do as another one is."""

_VER: Final = _rule("T1082", SYSTEM, r"^\s*$")
_DELETE: Final = _rule("T1070.004", DELETED, r"(?:^|\s)(?!/)\S")
_LOOK: Final = _rule("T1552.004", KEYS, _KEY_FILES)
OF_SHELL: Final[dict[str, tuple[Rule, ...]]] = {
    "ver": (_VER,),
    "del": (_DELETE,),
    "erase": (_DELETE,),
    "rd": (_DELETE,),
    "rmdir": (_DELETE,),
    "dir": (_LOOK,),
    "copy": (_LOOK,),
    "type": (_LOOK,),
}
"""Commands of cmd.exe itself: what else stands in its line has a process of its own, which shows the same once more."""

SCRIPTED: Final[tuple[Rule, ...]] = (
    _rule("T1082", SYSTEM, r"\bget-computerinfo\b|\bwin32_(?:operatingsystem|computersystem|bios)\b|\[(?:system\.)?environment\]::osv"),
    _rule("T1007", SERVICES, r"\bget-service\b(?!\s*(?:-name\s*)?[\"']?\w+[\"']?\s*\|\s*(?:start|stop|restart)-)|\bwin32_service\b"),
    _rule("T1016", NETWORK, r"\bget-net(?:ipconfiguration|ipaddress|adapter)\b|\bwin32_networkadapterconfiguration\b"),
    _rule("T1049", CONNECTIONS, r"\bget-nettcpconnection\b"),
    _rule("T1018", MACHINES, r"\bget-(?:adcomputer|netcomputer|domaincomputer)\b"),
    _rule("T1482", TRUSTS, r"\bget-(?:adtrust|netdomaintrust|domaintrust|forest)\b"),
    _rule("T1087.002", ACCOUNTS, r"\bget-(?:aduser|netuser|domainuser)\b"),
    _rule("T1087.001", ACCOUNTS, r"\bget-localuser\b"),
    _rule("T1069.002", GROUPS, r"\bget-(?:adgroup|adgroupmember|netgroup|domaingroup)\b"),
    _rule("T1069.001", GROUPS, r"\bget-localgroup(?:member)?\b"),
    _rule("T1560.001", ARCHIVED, rf"\bcompress-archive\b.{{0,500}}?-destinationpath\s+{_FILE}"),
    _rule("T1560.002", ARCHIVED, rf"zipfile\]?::createfromdirectory\s*\([^,]{{1,500}},\s*{_FILE}"),
    _rule("T1070.006", TIMES, r"\.(?:creation|lastwrite|lastaccess)time(?:utc)?\s*=(?!=)"),
    _rule("T1105", FETCHED, rf"\bdownloadfile\s*\(\s*{_URL}[^,]{{1,500}},\s*{_FILE}"),
    _rule("T1105", FETCHED, rf"\b(?:invoke-webrequest|iwr|invoke-restmethod|irm|wget|curl)\b[^;|\n]{{0,500}}?-out(?:file)?\s+{_FILE}"),
    _rule("T1105", FETCHED, rf"\bstart-bitstransfer\b[^;|\n]{{0,500}}?-destination\s+{_FILE}"),
    _rule(
        "T1105",
        RUN_AS_FETCHED,
        r"\b(?:iex|invoke-expression)\b.{0,80}?\b(?:downloadstring|invoke-webrequest|iwr|invoke-restmethod|irm)\b"
        r"|\b(?:downloadstring|invoke-webrequest|iwr|invoke-restmethod|irm)\b[^;\n]{0,300}?\|\s*(?:iex|invoke-expression)\b",
    ),
    _rule("T1048", SENT, rf"\buploadfile\s*\([^,]{{1,500}},\s*(?:[\"'](?:post|put)[\"']\s*,\s*)?{_FILE}"),
    _rule("T1048", SENT, rf"\b(?:invoke-webrequest|iwr|invoke-restmethod|irm)\b[^;|\n]{{0,500}}?-infile\s+{_FILE}"),
    _rule("T1552.004", SESSIONS, rf"\b(?:{_SEARCHING}|get-item|get-itemproperty|gp)\b[^;\n]{{0,200}}?(?:{_NAMES})"),
    _rule("T1552.004", KEYS, rf"\b{_SEARCHING}\b[^;\n]{{0,200}}?{_KEY_FILES}"),
)
"""What the text of a script shows, as PowerShell gets or logs it."""
TELLING: Final[tuple[Rule, ...]] = (
    _rule("T1552.004", SESSIONS, r"\b(?:invoke-)?sessiongopher\b"),
    # How the stager decrypts what it gets (RC4), in the very names that Empire gives.
    _rule("T1059.001", EMPIRE, r"\$r\s*=\s*\{\s*\$d\s*,\s*\$k\s*=\s*\$args\s*;\s*\$s\s*=\s*0\.\.255"),
)
"""What a script's text shows also where it only declares what it can do."""
SCRIPT_MARKS: Final = (
    r"get-(?:computerinfo|service|net|ad|domain|forest|local)|win32_|osversion|compress-archive|createfromdirectory|"
    r"(?:creation|lastwrite|lastaccess)time(?:utc)?\s*=|"
    r"download(?:file|string)|webrequest|restmethod|\biwr\b|\birm\b|wget|curl|bitstransfer|uploadfile|sessiongopher|putty|winscp|known_?hosts|"
    r"terminal server client|\$k\s*=\s*\$args|"
    r"id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:ppk|pfx|p12|pem|rdg|sdtid)|[-/]e(?:c|n[a-z]*)?\s+[\"']?[a-z0-9+/]{24}"
)
"""What a script that shows anything has in lower case, for engines that look for all of it at once; the last is an encoded command."""

# Its stager's options, in the order in which Empire writes them.
LAUNCHER: Final = _rule("T1059.001", EMPIRE, r"^\s*-nop\s+-sta\s+-w\s+1\s+-enc\s+\S")
