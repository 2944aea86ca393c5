// The hosts of a case, and one of them: what came in, what went out, what ran, what could be seen there and what not.
import { useEffect, useMemo, useRef, useState } from "../vendor/hooks.mjs";
import { call, useLoad, usePages } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { base, count, counted, moment, named, short, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTitle } from "../app/title.mjs";
import { makeModel } from "../lanes/model.mjs";
import { Lanes } from "../lanes/view.mjs";
import { Level } from "../parts/badges.mjs";
import { CopyCypher } from "../parts/copy.mjs";
import { useKinds } from "../parts/kinds.mjs";
import { MarksTable } from "../parts/marks.mjs";
import { Selection } from "../parts/selection.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Table } from "../parts/table.mjs";
import { HopList } from "./paths.mjs";

const COLUMNS = [
  { id: "host", name: "Host", className: "wide", cell: (each) => each.host },
  { id: "incoming", name: "In", className: "number", cell: (each) => (each.incoming ? count(each.incoming) : html`<span class="quiet">0</span>`) },
  { id: "outgoing", name: "Out", className: "number", cell: (each) => (each.outgoing ? count(each.outgoing) : html`<span class="quiet">0</span>`) },
  { id: "paths", name: "Paths", className: "number", cell: (each) => (each.paths.length ? count(each.paths.length) : html`<span class="quiet">0</span>`) },
  { id: "kinds", name: "Logs tell of", className: "wide", cell: (each) => (each.kinds.length ? html`<${KindNames} kinds=${each.kinds} />` : html`<span class="alert">no log of its own</span>`) },
  { id: "gaps", name: "Gaps", className: "number", cell: (each) => (each.gaps.length ? html`<span class="alert">${each.gaps.length}</span>` : html`<span class="quiet">0</span>`) },
  { id: "first", name: "Covered from", className: "time", cell: (each) => stamp(each.first).slice(0, 19) },
];

function KindNames({ kinds }) {
  const { words } = useKinds();
  const names = kinds.map((each) => words(each.kind)).join(", ");
  return html`<span title=${names}>${names}</span>`;
}

export function Hosts({ caseId }) {
  useTitle("Hosts");
  const { query } = usePlace();
  const q = query.get("q");
  const { items, total, error, loading, more } = usePages(["cases", caseId, "hosts"], { q });
  return html`<div class="page full">
    <header class="heading"><h1>Hosts</h1><p class="note" role="status">${total !== null && counted(total, "host")}</p></header>
    <${Search} text=${q} label="Look for a host" />
    ${error && html`<${Failure} error=${error} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 && html`<${Empty} title=${q ? "No host has that in its name" : "No host"}><p>${q ? html`<a href=${address(["cases", caseId, "hosts"])}>Show all hosts</a>` : html`No log names a machine. <a href=${address(["cases", caseId, "add"])}>Add logs</a>`}</p></${Empty}>`}
    ${total > 0 && html`<${Table} label="Hosts" columns=${COLUMNS} rows=${items} total=${total} more=${more} keyOf=${(each) => each.host} brief=${(each) => `${each.incoming} in, ${each.outgoing} out, ${counted(each.paths.length, "path")}${each.kinds.length ? "" : ", no log of its own"}`} href=${(each) => address(["cases", caseId, "hosts", each.host])} />`}
  </div>`;
}

/** A field whose text is the `q` of the address. */
export function Search({ text, label }) {
  const box = useRef(null);
  const timer = useRef(0);
  const [typed, set] = useState(text ?? "");
  useEffect(() => {
    if (document.activeElement !== box.current) set(text ?? "");
  }, [text]);
  useKeys({ "/": ["look for a text", () => box.current.focus()] });
  const type = (event) => {
    const { value } = event.target;
    set(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(changed({ q: value, row: null }), { replace: true }), 200);
  };
  return html`<search class="filters"><label><span class="unseen">${label}</span><input ref=${box} type="search" value=${typed} placeholder=${label} onInput=${type} /><kbd aria-hidden="true">/</kbd></label></search>`;
}

const MOST = 100;

export function Host({ caseId, hostId }) {
  useTitle(short(hostId));
  const { data: host, error, reload } = useLoad(call(["cases", caseId, "hosts", hostId]));
  const hops = useLoad(call(["cases", caseId, "hops"], { host: hostId }));
  const into = useLoad(call(["cases", caseId, "findings"], { target: hostId, sort: "time", limit: MOST }));
  const out = useLoad(call(["cases", caseId, "findings"], { source: hostId, sort: "time", limit: MOST }));
  const model = useMemo(() => (hops.data?.items.length ? makeModel(hops.data.items) : null), [hops.data]);
  if (error) {
    return html`<div class="page"><${Failure} alone error=${error} retry=${reload}><a href=${address(["cases", caseId, "hosts"])}>All hosts</a></${Failure}></div>`;
  }
  if (!host) return html`<div class="page"><${Waiting} /></div>`;
  const runs = (into.data?.items ?? []).flatMap((finding) => finding.executions.map((run) => ({ finding, run })));
  return html`<div class="page full">
    <header class="heading"><div><p class="crumbs"><a href=${address(["cases", caseId, "hosts"])}>Hosts</a></p><h1>${host.host}</h1></div>
      <p class="actions"><a class="button" href=${address(["cases", caseId, "graph", "Host", host.host])}>Graph around it</a> <${CopyCypher} label="Host" id=${host.host} /> <a class="button" href=${address(["cases", caseId, "findings"], { host: host.host })}>Its findings</a>${host.paths.length > 0 && html` <a class="button" href=${address(["cases", caseId, "paths"], { host: host.host })}>${counted(host.paths.length, "path")} over it</a>`}</p></header>
    ${model && html`<div class="columns lanes-page"><div><${Lanes} model=${model} caseId=${caseId} arrows="all" rows=${8} /><${MarksTable} model=${model} /></div><${Selection} model=${model} caseId=${caseId}><p class="hint">What came to ${short(host.host)} and what went from it. Choose a mark for its record.</p><${HopList} way=${model.hops.slice(0, 12)} /></${Selection}></div>`}
    <div class="halves">
      <${Moves} title="Came in" page=${into.data} caseId=${caseId} other=${(each) => (each.source ? `from ${short(named(each.source))}` : words(each.movement))} none="No finding has this host as its target." />
      <${Moves} title="Went out" page=${out.data} caseId=${caseId} other=${(each) => `to ${short(named(each.target))}`} none="No finding has this host as its source." />
    </div>
    <section class="block"><h2>Ran here</h2>
      ${runs.length === 0 && html`<p class="quiet">No finding shows that something was run on this host.</p>`}
      <ul class="lines">${runs.slice(0, MOST).map(({ finding, run }) => html`<li key=${finding.id + run.time}><time>${stamp(run.time)}</time> <a href=${address(["cases", caseId, "findings", finding.id])}><code>${run.command_line ?? run.image}</code></a> <span class="quiet">${[words(run.kind), run.user && `as ${run.user}`, run.parent && `by ${base(run.parent)}`].filter(Boolean).join(", ")}</span></li>`)}</ul>
    </section>
    <${Covered} host=${host} />
  </div>`;
}

function Moves({ title, page, caseId, other, none }) {
  return html`<section><h2>${title} <span class="quiet">${page ? count(page.total) : ""}</span></h2>
    ${page?.total === 0 && html`<p class="quiet">${none}</p>`}
    <ol class="cards">${(page?.items ?? []).map((each) => html`<li key=${each.id}><a href=${address(["cases", caseId, "findings", each.id])}><strong>${each.title}</strong><span class="badges"><${Level} value=${each.level} /><span class="note">${other(each)}, ${stamp(each.time)}${each.file ? `, ${base(each.file)}` : ""}</span></span></a></li>`)}</ol>
    ${page?.total > MOST && html`<p class="note">The first ${MOST} of ${count(page.total)}.</p>`}
  </section>`;
}

/** What the host's logs cover, each kind over the time of all, with the gaps. */
function Covered({ host }) {
  const kinds = useKinds();
  const ends = host.kinds.length ? [moment(host.first), moment(host.last)] : null;
  const long = ends ? Math.max(ends[1] - ends[0], 1) : 1;
  const place = (from, to) => ({ left: `${(100 * (moment(from) - ends[0])) / long}%`, width: `${Math.max((100 * (moment(to) - moment(from))) / long, 0.4)}%` });
  return html`<section class="block"><h2>What its logs cover</h2>
    ${!ends && html`<p class="quiet">There is no log of this host: what happened on it is known from others only.</p>`}
    ${ends && html`<p class="note">${stamp(host.first)} to ${stamp(host.last)}, ${span(long)}</p>
      <dl class="spans">${host.kinds.map((kind) => html`<div key=${kind.kind}><dt title=${kinds.logs(kind.kind)}>${kinds.words(kind.kind)}</dt><dd><i style=${place(kind.first, kind.last)}></i></dd><dd class="number">${count(kind.count)}</dd></div>`)}</dl>`}
    ${host.gaps.length > 0 ? html`<h3>Gaps</h3><ul class="lines">${host.gaps.map((gap) => html`<li key=${gap.from}><span class="status not_evaluated">gap</span> ${stamp(gap.from)} to ${stamp(gap.to)} <span class="quiet">${gap.reason}</span></li>`)}</ul>` : ends && html`<p class="quiet">No gap in them is known.</p>`}
    ${host.clocks.length > 0 && html`<h3>Clocks</h3><ul class="lines">${host.clocks.map((clock) => html`<li key=${clock.source + clock.from}>${clock.source} <span class="quiet">${clock.offset_seconds === 0 ? "needs no correction" : `${clock.offset_seconds > 0 ? "+" : "−"}${span(clock.offset_seconds * 1000)} added`}, by ${counted(clock.pairs, "pair")} of records${clock.borrowed_from ? `, borrowed from ${clock.borrowed_from}` : ""}</span></li>`)}</ul>`}
  </section>`;
}
