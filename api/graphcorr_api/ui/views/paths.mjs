// Paths: hops of which one leads to the next. The list, and one of them as lanes with its attribution.
import { useMemo } from "../vendor/hooks.mjs";
import { call, useLoad, usePages } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { count, counted, moment, short, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { makeModel, markName } from "../lanes/model.mjs";
import { Lanes } from "../lanes/view.mjs";
import { Chip } from "../parts/chip.mjs";
import { CopyCypher } from "../parts/copy.mjs";
import { Attribution } from "../parts/attribution.mjs";
import { Leads } from "../parts/leads.mjs";
import { MarksTable } from "../parts/marks.mjs";
import { Selection } from "../parts/selection.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Table } from "../parts/table.mjs";

const MOST_NAMES = 6;

export const Way = ({ hosts }) => {
  const shown = hosts.length > MOST_NAMES ? [...hosts.slice(0, 3), null, ...hosts.slice(-2)] : hosts;
  return html`<span class="hosts" title=${hosts.join(" → ")}>${shown.map((host, index) => [index > 0 && html`<i aria-hidden="true"> → </i>`, host === null ? html`<span class="quiet">${hosts.length - 5} more</span>` : short(host)])}</span>`;
};

const COLUMNS = [
  { id: "way", name: "Path", className: "wide", cell: (each) => html`<${Way} hosts=${each.hosts} />` },
  { id: "hops", name: "Hops", className: "number", cell: (each) => count(each.hops.length) },
  { id: "score", name: "Score", className: "number", cell: (each) => each.score.toFixed(2) },
  { id: "first", name: "First (UTC)", className: "time", cell: (each) => stamp(each.first).slice(0, 19) },
  { id: "long", name: "Took", cell: (each) => span(moment(each.last) - moment(each.first)) },
  { id: "who", name: "Attribution", cell: (each) => (each.attribution.verdict === "none" ? html`<span class="quiet">not known who</span>` : `${each.attribution.actors[0]?.name ?? ""} (${words(each.attribution.verdict)})`) },
];

/** What a list of paths can be asked for, and how each is written. */
const ASKED = { host: "host", account: "account", at: "under way at" };
const EXAMPLES = { account: "like CORP\\alice", at: "like 2026-03-02T09:30:00Z" };

export function Paths({ caseId }) {
  useTitle("Paths");
  const { query } = usePlace();
  const filters = Object.fromEntries(Object.keys(ASKED).map((name) => [name, query.get(name)]));
  const isFiltered = Object.values(filters).some(Boolean);
  const all = address(["cases", caseId, "paths"]);
  const { items, total, error, loading, more } = usePages(["cases", caseId, "paths"], filters);
  return html`<div class="page full">
    <header class="heading"><h1>Paths</h1><p class="note" role="status">${total !== null && counted(total, "path")}${total !== null && isFiltered && " that fit, "}${isFiltered && html`<a href=${all}>show all</a>`}</p></header>
    <${Filters} filters=${filters} />
    ${error && html`<${Failure} error=${error} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 &&
    (isFiltered
      ? html`<${Empty} title="No path fits"><p>Take one filter away, or <a href=${all}>look at all paths</a>.</p></${Empty}>`
      : html`<${Empty} title="No path"><p>No finding says from where to where somebody moved. <a href=${address(["cases", caseId, "findings"])}>Look at the findings</a>, or at <a href=${address(["cases", caseId, "coverage"])}>what could not be seen</a>.</p></${Empty}>`)}
    ${total > 0 && html`<${Table} label="Paths" columns=${COLUMNS} rows=${items} total=${total} more=${more} keyOf=${(each) => each.id} brief=${(each) => `${counted(each.hops.length, "hop")}, ${stamp(each.first)}`} href=${(each) => address(["cases", caseId, "paths", each.id])} />`}
  </div>`;
}

function Filters({ filters }) {
  // What is being written in one stays while the answer to the other comes.
  const write = (name) => (event) => go(changed({ [name]: event.target.value.trim() || null, row: null }));
  return html`<search class="filters">
    ${Object.keys(EXAMPLES).map((name) => html`<label key=${`${name} ${filters[name]}`}>${ASKED[name]} <input type="text" defaultValue=${filters[name] ?? ""} placeholder=${EXAMPLES[name]} onChange=${write(name)} /></label>`)}
    ${Object.entries(filters).map(([name, value]) => value && html`<${Chip} key=${name} name=${ASKED[name]} value=${value} drop=${() => go(changed({ [name]: null, row: null }))} />`)}
  </search>`;
}

export function Path({ caseId, pathId }) {
  const { data, error, reload } = useLoad(call(["cases", caseId, "paths", pathId]));
  useTitle(data ? data.path.hosts.map(short).join(" → ") : "Path");
  const model = useMemo(() => (data ? makeModel(data.findings, data.path.leads) : null), [data]);
  const way = useMemo(() => (data ? data.path.hops.map((id) => model.hopById.get(id)).filter(Boolean) : []), [data, model]);
  if (error) return html`<div class="page"><${Failure} alone error=${error} retry=${reload}><a href=${address(["cases", caseId, "paths"])}>All paths</a></${Failure}></div>`;
  if (!data) return html`<div class="page"><${Waiting} /></div>`;
  const { path } = data;
  return html`<div class="page full">
    <header class="heading">
      <div><p class="crumbs"><a href=${address(["cases", caseId, "paths"])}>Paths</a></p><h1><${Way} hosts=${path.hosts} /></h1></div>
      <p class="actions"><span class="note">${counted(path.hops.length, "hop")} in ${span(moment(path.last) - moment(path.first))} · score ${path.score.toFixed(2)}</span> <a class="button" href=${address(["cases", caseId, "graph", "Path", path.id])}>Graph</a> <${CopyCypher} label="Path" id=${path.id} /></p>
    </header>
    <div class="columns lanes-page">
      <div>
        <${Lanes} model=${model} caseId=${caseId} way=${way} arrows="all" />
        <${MarksTable} model=${model} />
      </div>
      <${Selection} model=${model} caseId=${caseId}><p class="hint">Choose a mark: its step and the log records that tell of it are shown here.</p><${HopList} way=${way} /></${Selection}>
      <div class="below">
        <section><h2>Why these hops are one path</h2><ul class="why">${path.why.map((each) => html`<li key=${each}>${each}</li>`)}</ul></section>
        <${Leads} leads=${path.leads} left=${path.leads_left} caseId=${caseId} />
        <${Attribution} attribution=${path.attribution} caseId=${caseId} />
      </div>
    </div>
  </div>`;
}

/** What stands beside lanes while nothing is chosen: each hop leads to its first mark. */
export function HopList({ way }) {
  return html`<ol class="way">${way.map((hop) => html`<li key=${hop.id}><a href=${changed({ sel: markName(hop.entry) })}>${short(hop.source?.key ?? "unknown")} → ${short(hop.target.key)}</a> <span class="quiet">${stamp(hop.entry.text)} · ${hop.finding.title}</span></li>`)}</ol>`;
}
