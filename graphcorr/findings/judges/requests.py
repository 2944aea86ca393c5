"""What was run or set up for somebody on another machine without a file of theirs: one finding for each request."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from graphcorr.findings.clocks import BorrowedClocks
from graphcorr.findings.confidence import Doubt, rate
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.findings.exhibits import Exhibits
from graphcorr.findings.judging import NAMESPACE, NO_ACCOUNT, say_former_names, techniques_of, title_of
from graphcorr.findings.record_steps import tell_steps
from graphcorr.findings.request_account import find_visitor, say_desktop
from graphcorr.findings.request_source import find_source
from graphcorr.findings.sides import change_of, runner_of
from graphcorr.logs.witnesses import is_sensor
from graphcorr.model.findings import Basis, Execution, Finding, Level, Movement, Step
from graphcorr.syntax.accounts import is_service_account
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.findings.judging import Hit
    from graphcorr.findings.request_source import Asked
    from graphcorr.graph.project import Projection
    from graphcorr.patterns.header import Header
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.identity import Identity

_ACTS: Final = """
    SELECT r.request, r.act, r.mechanism, r.host, epoch_us(r.time) AS time,
        epoch_us(coalesce(r.set_up, r.time)) AS asked, r.start, r.load, r.action, r.registered, r.calls,
        r.session, r.child, r.account, r.owner, r.line, p.other AS further, n.registration IS NULL AND r.mechanism = 'service' AS unnamed
    FROM requested r LEFT JOIN same_process p ON p.main = r.start LEFT JOIN runs n ON n.id = r.start
    SEMI JOIN sought_requests q ON q.id = r.request ORDER BY r.time, r.act
"""
_CLIENTS: Final = """
    SELECT c.*, a.event AS proof FROM request_clients c SEMI JOIN sought_requests q ON q.id = c.request
    LEFT JOIN Call k ON k.id = c.event AND k.vantage = 'sensor' LEFT JOIN connection_accounts a ON a.uid = k.uid
    ORDER BY rung, machine, c.event
"""
_VISITORS: Final = "SELECT v.* FROM visitors v SEMI JOIN sought_requests q ON q.id = v.request ORDER BY event"


class Request(NamedTuple):
    """A request with its acts in the order of time, and who may have asked for it."""

    id: str
    acts: list[Mapping[str, Any]]
    clients: list[Mapping[str, Any]]
    visitors: list[Mapping[str, Any]]
    """Logons from the machine that asked, where nothing else names the account."""

    @property
    def runs(self) -> list[Mapping[str, Any]]:
        """Acts of which a run is seen."""
        return [act for act in self.acts if act["start"] or act["load"] or act["action"]]


class _Requests:
    """The judge of patterns whose rows are requests."""

    def claims(self, header: Header) -> bool:
        return header.identity == ["request"]

    def judge(self, hits: Sequence[Hit], projection: Projection) -> list[Finding]:
        found: defaultdict[str, list[Pattern]] = defaultdict(list)
        for hit in hits:
            found[str(hit.row["request"])].append(hit.pattern)
        requests = _load(projection.database, sorted(found))
        for id_, patterns in found.items():
            if id_ not in requests:
                raise patterns[0].error(f"the column 'request' holds {id_!r}, which is the id of no request")
        records = Records(projection.database, {id_ for request in requests.values() for id_ in _needed(request)})
        clocks = BorrowedClocks(projection.identity.clocks)
        return [_Builder(requests[id_], patterns, records, projection.identity, clocks).build() for id_, patterns in found.items()]


JUDGE: Final = _Requests()


def _load(database: Database, ids: Sequence[str]) -> dict[str, Request]:
    acts: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    clients: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    visitors: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    database.register("sought_requests", pa.table({"id": pa.array(ids, pa.string())}))
    for target, query in ((acts, _ACTS), (clients, _CLIENTS), (visitors, _VISITORS)):
        for row in database.sql(query).to_arrow_table().to_pylist():
            target[row["request"]].append(row)
    database.unregister("sought_requests")
    return {id_: Request(id_, own, clients[id_], visitors[id_]) for id_, own in acts.items()}


def _needed(request: Request) -> Iterable[str]:
    for ids in _roles(request).values():
        yield from ids


def _roles(request: Request) -> dict[str, list[str]]:
    """Records of its evidence by their role, the first of each."""
    runs = request.runs[:SHOWN]
    acts = request.acts[:SHOWN]
    return {
        "client": [one["event"] for one in (*request.clients[:SHOWN], *request.visitors[:SHOWN])],
        "account": list(dict.fromkeys(id_ for client in request.clients if (id_ := client["proof"])))[:SHOWN],
        "session": [id_ for act in acts if (id_ := act["child"])][:SHOWN],
        "call": [id_ for act in acts for id_ in act["calls"] or ()][:SHOWN],
        "registration": [id_ for act in acts for id_ in act["registered"] or ()][:SHOWN],
        "execution": [id_ for act in runs for id_ in (act["start"], act["further"], act["load"], act["action"]) if id_][:SHOWN],
    }


class _Builder:
    """One finding in the making."""

    def __init__(self, request: Request, patterns: Sequence[Pattern], records: Records, identity: Identity, clocks: BorrowedClocks) -> None:
        self.request = request
        self.headers = sorted((pattern.header for pattern in patterns), key=lambda header: (-header.level.rank, header.id))
        self.records = records
        self.identity = identity
        self.clocks = clocks
        self.doubts: list[Doubt] = []
        self.why: list[str] = []
        self.limits: list[str] = []

    def build(self) -> Finding:
        request, header = self.request, self.headers[0]
        first = request.acts[0]
        runs = request.runs
        moment = (runs or request.acts)[0]["time"]
        target = self.identity.machine(first["host"], moment)
        told = find_source(request.clients, first, self.identity, self.records)
        self.why += told.why
        self.limits += told.limits
        self.doubts += told.doubts
        self._weigh_acts()
        self.why += say_former_names(self.identity, (told.machine, target), moment)
        roles = _roles(request)
        exhibits = Exhibits(self.records)
        for role, ids in roles.items():
            exhibits.show(role, dict.fromkeys(ids))
        if any(self.clocks.moved(self.records.row(id_)) for ids in roles.values() for id_ in ids):
            self.doubts.append(Doubt.CLOCK_BORROWED)
        executions = [self._execution(act) for act in runs]
        account = told.account or self._account(told)
        self.limits += say_desktop(account, [act["owner"] for act in request.acts if act["owner"]])
        sure = told.movement is Movement.REMOTE
        return Finding(
            id=str(uuid.uuid5(NAMESPACE, f"request|{request.id}")),
            pattern=header.id,
            patterns=sorted({one.id for one in self.headers}),
            title=title_of(header.title, told.movement, changed=self._is_change(roles["registration"])),
            level=header.level if sure or header.level.rank <= Level.MEDIUM.rank else Level.MEDIUM,
            confidence=rate(self.doubts),
            basis=Basis.OBSERVED if runs and not {Doubt.PROVIDER_UNNAMED} & set(self.doubts) else Basis.INFERRED,
            why=self.why + [doubt.sentence for doubt in dict.fromkeys(self.doubts)],
            techniques=techniques_of(self.headers, first["mechanism"] if runs or any(act["calls"] for act in request.acts) else None),
            detection_strategies=sorted({strategy for one in self.headers for strategy in one.detection_strategy}),
            software=sorted({software for one in self.headers for software in one.software}),
            source=told.machine,
            target=target,
            account=account,
            movement=told.movement,
            execution=executions[0].kind if executions else None,
            execution_time=executions[0].time if executions else None,
            executions=executions,
            file=None,
            write_time=None,
            time=executions[0].time if executions else format_time(moment),
            started_by=first["mechanism"],
            steps=self._steps(roles, exhibits),
            suppressed=None,
            limits=self.limits,
            evidence=exhibits.evidence,
        )

    def _account(self, told: Asked) -> str | None:
        """Of the acts themselves, else of who logged on from there: what the machine did as itself says nothing of who came."""
        named = [str(act["account"]) for act in self.request.acts if act["account"]]
        if told.movement is not Movement.REMOTE:
            self.limits += [] if named else [NO_ACCOUNT]
            return next(iter(named), None)
        if account := next((one for one in named if not is_service_account(None, one)), None):
            return account
        account, why, limits = find_visitor(self.request.visitors, told, self.records)
        self.why += why
        self.limits += limits
        return account

    def _is_change(self, registered: Sequence[str]) -> bool:
        """Whether what was registered was there before: no record says that it is new."""
        return {change_of(self.records.row(id_)["log"], self.records.node(id_)[0]) for id_ in registered} == {"updated"}

    def _steps(self, roles: Mapping[str, Sequence[str]], exhibits: Exhibits) -> list[Step]:
        acts = self.request.acts
        one = {id_: act["registered"][0] for act in acts for id_ in act["registered"] or ()}
        one |= {act["child"]: act["start"] for act in acts if act["child"]}  # it tells of the run, not of a step of its own
        happened = {role: ids for role, ids in roles.items() if role != "account"}  # that one tells whose the client's connection is
        return tell_steps(happened, set(roles["execution"]), exhibits, self.records, self.identity, together=one)

    def _weigh_acts(self) -> None:
        acts, runs = self.request.acts, self.request.runs
        if not runs:
            calls = [id_ for act in acts for id_ in act["calls"] or () if self.records.has(id_)]
            if not calls:
                self.doubts.append(Doubt.NOT_STARTED)
            elif any(is_sensor(self.records.row(id_)["log"]) for id_ in calls):
                self.doubts.append(Doubt.WIRE_ONLY)
                self.limits.append("command unknown: the calls on the wire do not show what was to be run")
            else:
                self.doubts.append(Doubt.SERVICE_ONLY)
        elif all(act["unnamed"] and not act["registered"] for act in runs):
            self.doubts.append(Doubt.PROVIDER_UNNAMED)
        if len(acts) > SHOWN:
            self.limits.append(f"evidence shows the first {SHOWN} of {len(acts)} acts")

    def _execution(self, act: Mapping[str, Any]) -> Execution:
        kind = "module_load" if act["load"] else "image" if act["start"] else "task"
        event = act["load"] or act["start"] or act["action"]
        if not self.records.has(event):
            return Execution(kind, format_time(act["time"]), None, act["line"])
        row = self.records.row(event)
        image = row["path"] if kind == "task" else row["image"]
        # What loads a library may have run for long.
        time = row["time"] if kind == "module_load" else act["time"]
        return Execution(kind, format_time(time), image, row["command_line"], runner_of(row), row["parent_image"])
