// What is no finding and still worth a look: aggregated low signals, and indicators that were seen.
import { usePages, call, useLoad } from "../app/api.mjs";
import { address, usePlace } from "../app/router.mjs";
import { count, counted, named, short, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Examples } from "../parts/examples.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";

export function Observations({ caseId }) {
  useTitle("Observations");
  const { query } = usePlace();
  const asked = Object.fromEntries(["pattern", "host", "since", "until"].map((name) => [name, query.getAll(name)]));
  const { items, total, error, loading, more, next } = usePages(["cases", caseId, "observations"], asked);
  return html`<div class="page">
    <header class="heading"><h1>Observations</h1><p class="note">${total !== null && `${counted(total, "observation")}: low signals, one row for one source and target, or what one account did on one machine`}</p></header>
    ${error && html`<${Failure} error=${error} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 && html`<${Empty} title="No observation"><p>No pattern of low signals matched. <a href=${address(["cases", caseId, "coverage"])}>Look at what could be seen</a>.</p></${Empty}>`}
    <ul class="open">${items.map(
      (each, index) => html`<li key=${index}><details>
        <summary><strong>${each.pattern}</strong> ${ends(each)} <span class="quiet">${[each.account, each.way, each.technique].filter(Boolean).join(", ")}</span><span class="fill"></span><span class="number">${count(each.count)} ×</span> <time>${stamp(each.first)}</time>${each.last !== each.first && html` <span class="quiet">to</span> <time>${stamp(each.last)}</time>`}</summary>
        ${each.history && html`<p>${each.history}</p>`}
        <${Examples} items=${each.examples} count=${each.count} />
      </details></li>`,
    )}</ul>
    ${next && html`<p><button type="button" onClick=${more}>Show more</button> <span class="note">${count(items.length)} of ${count(total)}</span></p>`}
  </div>`;
}

/** Both ends, or how many machines are at one of them or at both; of what was seen of a machine itself that one. */
function ends({ source, target, machines, local }) {
  const many = machines === null ? null : counted(machines, "machine");
  const to = target.host || target.address ? short(named(target)) : many;
  if (local) return to;
  const from = source ? short(named(source)) : many ?? "an unknown machine";
  return from === many && to === many ? `between ${many}` : `${from} → ${to}`;
}

export function Sightings({ caseId }) {
  useTitle("Sightings");
  const { items, total, error, loading, more, next } = usePages(["cases", caseId, "sightings"], {});
  const report = useLoad(total === null ? null : call(["cases", caseId, "overview"]));
  return html`<div class="page">
    <header class="heading"><h1>Sightings</h1><p class="note">${total !== null && `${counted(total, "indicator value")} of your intelligence seen in this case`}</p></header>
    ${error && html`<${Failure} error=${error} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 && report.data && html`<${Empty} title="No indicator was seen"><p>Only indicators of loaded intelligence are looked for. <a href="/intel">See what is loaded</a>; after loading more, look again at the case.</p></${Empty}>`}
    <ul class="open">${items.map(
      (each, index) => html`<li key=${index}><details>
        <summary><strong>${each.name ?? each.indicator}</strong> <code>${each.observable} = ${each.value}</code><span class="fill"></span><span class="number">${count(each.count)} ×</span> <time>${stamp(each.first)}</time></summary>
        <${Examples} items=${each.examples} count=${each.count} />
      </details></li>`,
    )}</ul>
    ${next && html`<p><button type="button" onClick=${more}>Show more</button> <span class="note">${count(items.length)} of ${count(total)}</span></p>`}
  </div>`;
}
