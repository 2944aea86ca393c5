// The findings of a case: filtered and sorted by the server, with the filters in the address.
import { useEffect, useRef, useState } from "../vendor/hooks.mjs";
import { call, useLoad, usePages } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { base, count, named, short, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTitle } from "../app/title.mjs";
import { Confidence, Level, Status } from "../parts/badges.mjs";
import { Chip } from "../parts/chip.mjs";
import { Verdict } from "../parts/said.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Table } from "../parts/table.mjs";

export const FILTERS = ["q", "min_level", "level", "pattern", "technique", "software", "host", "source", "target", "account", "file", "movement", "verdict", "suppressed", "since", "until"];
const LEVELS = ["informational", "low", "medium", "high", "critical"];
const NAMES = { q: "text", min_level: "at least", since: "from", until: "to", suppressed: "set aside" };

/** The file that came over the network, else the first program that ran, else what was set up. */
const what = (each) => each.file ?? each.executions[0]?.image ?? each.steps.find((step) => step.role === "registered")?.object ?? null;

const COLUMNS = [
  { id: "title", name: "Finding", sort: "title", className: "wide", cell: (each) => html`${each.title}${each.verdict && html` <${Verdict} value=${each.verdict.verdict} />`}${each.suppressed && html` <${Status} value="set aside" />`}` },
  { id: "level", name: "Level", sort: "level", className: "narrow", cell: (each) => html`<${Level} value=${each.level} />` },
  { id: "confidence", name: "Confidence", sort: "confidence", className: "narrow", cell: (each) => html`<${Confidence} value=${each.confidence} />` },
  { id: "time", name: "Time (UTC)", sort: "time", className: "time", cell: (each) => html`<span title=${stamp(each.time)}>${stamp(each.time).slice(0, 19)}</span>` },
  { id: "source", name: "From", sort: "source", className: "name", cell: (each) => (each.source ? html`<span title=${named(each.source)}>${short(named(each.source))}</span>` : html`<span class="quiet">${words(each.movement)}</span>`) },
  { id: "target", name: "To", sort: "target", className: "name", cell: (each) => html`<span title=${named(each.target)}>${short(named(each.target))}</span>` },
  { id: "account", name: "Account", sort: "account", className: "medium", cell: (each) => html`<span title=${each.account ?? ""}>${each.account ?? html`<span class="quiet">not known</span>`}</span>` },
  { id: "file", name: "What", sort: "file", className: "medium", cell: (each) => html`<span title=${what(each) ?? ""}>${base(what(each)) || html`<span class="quiet">–</span>`}</span>` },
];

const brief = (each) => html`<${Level} value=${each.level} /> ${each.source ? short(named(each.source)) : words(each.movement)} → ${short(named(each.target))} <time>${stamp(each.time)}</time>`;

/** The filters that the address holds, as the server takes them; what rules set aside is left out until it is asked for. */
export function asked(query) {
  return { suppressed: "false", ...Object.fromEntries(FILTERS.map((name) => [name, query.getAll(name)]).filter(([, values]) => values.length)) };
}

/** How many findings fit and are not shown, because rules set them aside. */
export function useHidden(caseId, query) {
  const { data } = useLoad(call(["cases", caseId, "findings"], { ...asked(query), suppressed: "true", limit: 1 }));
  return query.has("suppressed") ? 0 : (data?.total ?? 0);
}

export function Findings({ caseId }) {
  useTitle("Findings");
  const { query } = usePlace();
  const sort = query.get("sort") ?? "report";
  const filters = asked(query);
  const { items, total, error, loading, more } = usePages(["cases", caseId, "findings"], { ...filters, sort });
  const isFiltered = FILTERS.some((name) => query.has(name));
  const hidden = useHidden(caseId, query);
  return html`<div class="page full">
    <header class="heading"><h1>Findings</h1><p class="note" role="status">${total === null ? "" : isFiltered ? `${count(total)} that fit` : `${count(total)} in all`}${hidden > 0 && html`, <a href=${changed({ suppressed: "true", row: null })}>${count(hidden)} more set aside</a> by <a href=${address(["cases", caseId, "suppressions"])}>rules</a>`}</p></header>
    <${Filters} query=${query} />
    ${error && html`<${Failure} error=${error} retry=${() => go(changed({ sort: null, row: null, ...Object.fromEntries(FILTERS.map((name) => [name, null])) }))} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 &&
    (isFiltered
      ? html`<${Empty} title="Nothing fits all filters"><p>Take one away, or <a href=${address(["cases", caseId, "findings"])}>look at all findings</a>.</p></${Empty}>`
      : hidden > 0
        ? html`<${Empty} title="All findings are set aside"><p><a href=${changed({ suppressed: "true" })}>Look at them</a>, or at the <a href=${address(["cases", caseId, "suppressions"])}>rules that do so</a>.</p></${Empty}>`
        : html`<${Empty} title="Nothing was found"><p>That is worth only as much as what could be seen: <a href=${address(["cases", caseId, "coverage"])}>look at the coverage</a>, or <a href=${address(["cases", caseId, "add"])}>add logs</a>.</p></${Empty}>`)}
    ${total > 0 &&
    html`<${Table} label="Findings" columns=${COLUMNS} rows=${items} total=${total} more=${more} sort=${sort} keyOf=${(each) => each.id} brief=${brief} href=${(each) => address(["cases", caseId, "findings", each.id])} />`}
  </div>`;
}

export function Filters({ query }) {
  const box = useRef(null);
  const timer = useRef(0);
  const [text, set] = useState(query.get("q") ?? "");
  useEffect(() => {
    if (document.activeElement !== box.current) set(query.get("q") ?? "");
  }, [query.get("q")]);
  useKeys({ "/": ["look for a text", () => box.current.focus()] });
  const type = (event) => {
    const value = event.target.value;
    set(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(changed({ q: value, row: null }), { replace: true }), 200);
  };
  const chips = FILTERS.filter((name) => name !== "q" && name !== "min_level").flatMap((name) => query.getAll(name).map((value) => [name, value]));
  return html`<search class="filters">
    <label><span class="unseen">Look for a text</span><input ref=${box} type="search" value=${text} placeholder="Host, account, file, command line …" onInput=${type} /><kbd aria-hidden="true">/</kbd></label>
    <label>At least <select value=${query.get("min_level") ?? ""} onChange=${(event) => go(changed({ min_level: event.target.value, row: null }))}>
      <option value="">any level</option>
      ${LEVELS.map((each) => html`<option value=${each} selected=${query.get("min_level") === each}>${each}</option>`)}
    </select></label>
    ${chips.map(([name, value]) => html`<${Chip} name=${words(NAMES[name] ?? name)} value=${value} drop=${() => go(changed({ [name]: query.getAll(name).filter((each) => each !== value), row: null }))} />`)}
  </search>`;
}
