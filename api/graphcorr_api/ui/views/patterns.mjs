// What is looked for: each pattern in words and as the Cypher that is run.
import { call, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { counted, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Level, Techniques } from "../parts/badges.mjs";
import { Copy } from "../parts/copy.mjs";
import { Failure, Waiting } from "../parts/states.mjs";
import { Table } from "../parts/table.mjs";

const COLUMNS = [
  { id: "title", name: "Pattern", className: "wide", cell: (each) => each.title },
  { id: "level", name: "Level", className: "narrow", cell: (each) => html`<${Level} value=${each.level} />` },
  { id: "result", name: "Makes", className: "name", cell: (each) => words(each.result) },
  { id: "tactic", name: "Tactic", className: "medium", cell: (each) => words(each.tactic) },
  { id: "techniques", name: "Techniques", className: "medium", cell: (each) => each.techniques.join(", ") },
  { id: "needs", name: "Needs", className: "wide", cell: (each) => html`<span title=${each.needs.join(", ")}>${each.needs.join(", ")}</span>` },
];

export function Patterns() {
  useTitle("Patterns");
  const { data, error, reload } = useLoad(call(["patterns"]));
  return html`<div class="page full">
    <header class="heading"><h1>Patterns</h1><p class="note">${data && counted(data.items.length, "pattern")}</p></header>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data && !error && html`<${Waiting} />`}
    ${data && html`<${Table} label="Patterns" columns=${COLUMNS} rows=${data.items} keyOf=${(each) => each.id} href=${(each) => address(["patterns", each.id])} />`}
  </div>`;
}

export function Pattern({ patternId }) {
  const { data: pattern, error, reload } = useLoad(call(["patterns", patternId]));
  useTitle(pattern?.title ?? "Pattern");
  if (error) return html`<div class="page"><${Failure} alone error=${error} retry=${reload}><a href="/patterns">All patterns</a></${Failure}></div>`;
  if (!pattern) return html`<div class="page"><${Waiting} /></div>`;
  const list = (title, items) => items?.length > 0 && html`<h2>${title}</h2><ul class="why">${items.map((each) => html`<li key=${each}>${each}</li>`)}</ul>`;
  return html`<div class="page">
    <header class="heading"><div><p class="crumbs"><a href="/patterns">Patterns</a></p><h1>${pattern.title}</h1><p class="badges"><${Level} value=${pattern.level} /> <code class="tag">${pattern.id}</code> <${Techniques} values=${pattern.techniques} /></p></div></header>
    <p class="prose">${pattern.description}</p>
    <section class="block">${list("Needs", pattern.needs)}${list("Known false positives", pattern.false_positives)}${list("Detection strategies", pattern.detection_strategies)}${list("References", pattern.references)}</section>
    <section class="block"><h2>Cypher <${Copy} text=${pattern.cypher} name="Copy Cypher" /></h2><pre class="raw code" tabindex="0">${pattern.cypher}</pre></section>
  </div>`;
}
