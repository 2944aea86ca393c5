// Who and with what, over all paths of a case: each path is judged for itself.
import { usePages } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { counted } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Attribution } from "../parts/attribution.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Way } from "./paths.mjs";

export function Attributions({ caseId }) {
  useTitle("Attribution");
  const { items, total, error, loading, more, next } = usePages(["cases", caseId, "paths"], {}, 20);
  const named = items.filter((path) => path.attribution.verdict !== "none").length;
  return html`<div class="page">
    <header class="heading"><h1>Attribution</h1><p class="note">${total > 0 && (named ? `${counted(named, "path")} with a name that stands out` : `Not known who: no name stands out on ${total === 1 ? "the path" : `any of ${counted(total, "path")}`}`)}</p></header>
    ${error && html`<${Failure} error=${error} />`}
    ${loading && html`<${Waiting} />`}
    ${total === 0 && html`<${Empty} title="Nobody to ask about"><p>Hypotheses are made about paths, and there is none. <a href=${address(["cases", caseId, "findings"])}>Look at the findings</a>.</p></${Empty}>`}
    ${items.map((path) => html`<article class="block" key=${path.id}><h2><a href=${address(["cases", caseId, "paths", path.id])}><${Way} hosts=${path.hosts} /></a></h2><${Attribution} attribution=${path.attribution} caseId=${caseId} title=${null} /></article>`)}
    ${next && html`<p><button type="button" onClick=${more}>Show more paths</button></p>`}
  </div>`;
}
