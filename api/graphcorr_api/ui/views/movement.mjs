// All movement of a case as lanes: the same filters as the findings, every host that one names.
import { useMemo } from "../vendor/hooks.mjs";
import { call, useLoad } from "../app/api.mjs";
import { address, changed, usePlace } from "../app/router.mjs";
import { count, counted } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { makeModel } from "../lanes/model.mjs";
import { Lanes } from "../lanes/view.mjs";
import { Leads } from "../parts/leads.mjs";
import { MarksTable } from "../parts/marks.mjs";
import { Selection } from "../parts/selection.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { HopList } from "./paths.mjs";
import { Filters, asked, useHidden } from "./findings.mjs";

/** Leads that are drawn and listed; more of them nobody tells apart. */
const MOST_LEADS = 100;
/** What of the filters means something for leads. */
const among = (query) => Object.fromEntries(["host", "account", "since", "until"].map((name) => [name, query.getAll(name)]).filter(([, values]) => values.length));

/** Arrivals beside the lanes: the list of all of them is the table below. */
const FEW = 12;

export function Movement({ caseId }) {
  useTitle("Movement");
  const { query } = usePlace();
  const { data, error, reload } = useLoad(call(["cases", caseId, "hops"], asked(query)));
  const told = useLoad(call(["cases", caseId, "leads"], { ...among(query), limit: MOST_LEADS }));
  const hidden = useHidden(caseId, query);
  const leads = useMemo(() => (told.data?.items ?? []).map((each) => each.lead), [told.data]);
  const model = useMemo(() => (data ? makeModel(data.items, data.items.length ? leads : []) : null), [data, leads]);
  return html`<div class="page full">
    <header class="heading"><h1>Movement</h1>
      ${data?.total > data?.items.length && html`<p class="notice">The first ${count(data.items.length)} of ${count(data.total)} findings are drawn: filter or <a href=${changed({ min_level: "high" })}>leave out what is below high</a>.</p>`}
      ${hidden > 0 && data?.total > 0 && html`<p class="notice">${counted(hidden, "finding")} set aside by <a href=${address(["cases", caseId, "suppressions"])}>rules</a> ${hidden === 1 ? "is" : "are"} not drawn: what came first may be among them. <a href=${changed({ suppressed: "true" })}>Draw those</a></p>`}
    </header>
    <${Filters} query=${query} />
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data && !error && html`<${Waiting} />`}
    ${data?.total === 0 && html`<${Empty} title="Nothing to draw"><p>No finding fits. <a href=${address(["cases", caseId, "movement"])}>Show all</a> or <a href=${changed({ suppressed: "true" })}>what is set aside</a>, or look at <a href=${address(["cases", caseId, "coverage"])}>what could not be seen</a>.</p></${Empty}>`}
    ${model && data.total > 0 &&
    html`<div class="columns lanes-page">
      <div><${Lanes} model=${model} caseId=${caseId} rows=${16} /><${MarksTable} model=${model} /><${Leads} leads=${leads} left=${(told.data?.total ?? 0) - leads.length} caseId=${caseId} /></div>
      <${Selection} model=${model} caseId=${caseId}><p class="hint">Choose a mark: its step, the log records that tell of it, and the way back to the origin are shown here.</p><h2>First arrivals</h2><${HopList} way=${model.hosts.map((host) => host.arrival).filter(Boolean).slice(0, FEW)} /></${Selection}>
    </div>`}
  </div>`;
}
