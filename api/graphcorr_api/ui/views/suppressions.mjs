// The rules that set findings of a case aside, and how many each fits: nothing is gone.
import { useState } from "../vendor/hooks.mjs";
import { ask, call, forget, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { counted, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { useTitles } from "../parts/kinds.mjs";
import { useMayWrite } from "../parts/said.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";

const NAMED = ["source", "account", "signer", "file"];

export function Suppressions({ caseId }) {
  useTitle("Set aside");
  const { data, error, reload } = useLoad(call(["cases", caseId, "suppressions"]));
  const titles = useTitles(caseId);
  const may = useMayWrite();
  const [problem, setProblem] = useState(null);
  const remove = (id) => ask(call(["cases", caseId, "suppressions", id]), { method: "DELETE" }).then(() => (forget(), reload()), (failed) => setProblem(failed.message));
  return html`<div class="page">
    <header class="heading"><div><p class="crumbs"><a href=${address(["cases", caseId, "findings"])}>Findings</a></p><h1>Set aside</h1></div>
      <p class="actions"><a class="button" href=${address(["cases", caseId, "findings"], { suppressed: "true" })}>The findings that are set aside</a></p></header>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    ${!data && !error && html`<${Waiting} />`}
    ${data?.items.length === 0 && html`<${Empty} title="No rule sets anything aside"><p>On the page of a finding you can set aside what is like it. <a href=${address(["cases", caseId, "findings"])}>Look at the findings</a></p></${Empty}>`}
    <ul class="open">${(data?.items ?? []).map(
      ({ rule, expired, findings }) => html`<li key=${rule.id} class="rule">
        <p><strong>${titles(rule.pattern)}</strong> <span class="quiet">${NAMED.filter((name) => rule[name]).map((name) => `${name} ${rule[name]}`).join(", ")}</span></p>
        <p>${rule.reason}</p>
        <p class="actions"><span class="note">${counted(findings, "finding")}, ${expired ? html`<span class="alert">expired</span>` : rule.expires ? `until ${stamp(rule.expires)}` : "without end"}, by ${rule.owner} on ${stamp(rule.created)}</span> ${may && html`<button type="button" class="small" aria-label=${`Remove the rule ${rule.id}`} onClick=${() => remove(rule.id)}>Remove the rule</button>`}</p>
      </li>`,
    )}</ul>
  </div>`;
}
