// What could be seen: which patterns were evaluated where, and which kinds of events each host's logs tell of.
import { call, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { count, counted, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Status } from "../parts/badges.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Missing, place, reason, useKinds, useTitles } from "../parts/kinds.mjs";

const MOST = 200;
const ORDER = ["not_evaluated", "partly", "evaluated"];

export function Coverage({ caseId }) {
  useTitle("Coverage");
  const words = useKinds();
  const titles = useTitles(caseId);
  const { data, error, reload } = useLoad(call(["cases", caseId, "coverage"]));
  if (error) return html`<div class="page"><${Failure} alone error=${error} retry=${reload} /></div>`;
  if (!data) return html`<div class="page"><${Waiting} /></div>`;
  const kinds = [...new Set(data.hosts.flatMap((host) => host.kinds.map((kind) => kind.kind)))].sort();
  const patterns = [...data.patterns].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  return html`<div class="page full">
    <header class="heading"><h1>Coverage</h1><p class="note">What is not evaluated is not clean: nobody could look.</p></header>
    ${patterns.some((each) => each.hosts_missing.length > 0) && html`<section class="block"><h2>What is not logged</h2><${Missing} coverage=${data} caseId=${caseId} /></section>`}
    <section class="block"><h2>Patterns <span class="quiet">${patterns.filter((each) => each.status === "evaluated").length} of ${patterns.length} evaluated everywhere</span></h2>
      <ul class="lines">${patterns.map((each) => html`<li key=${each.pattern}><${Status} value=${each.status} /> <a href=${titles.place(each.pattern)}>${titles(each.pattern)}</a> <span class="quiet">${reason(each, words, data)}</span></li>`)}</ul>
    </section>
    <section class="block"><h2>Hosts</h2>
      ${data.hosts.length === 0 && html`<${Empty} title="No log names a host" />`}
      ${data.hosts.length > 0 && html`<div class="scroll plain" tabindex="0" role="region" aria-label="Events by host and kind"><table>
        <thead><tr><th scope="col">Host</th>${kinds.map((kind) => html`<th key=${kind} scope="col" class="number" title=${words.logs(kind)}>${words.words(kind)}</th>`)}<th scope="col">Gaps</th></tr></thead>
        <tbody>${data.hosts.slice(0, MOST).map((host) => {
          const held = new Map(host.kinds.map((kind) => [kind.kind, kind]));
          return html`<tr key=${host.host}><th scope="row"><a href=${address(["cases", caseId, "hosts", host.host])} title=${host.host}>${place(host.host)}</a></th>
            ${kinds.map((kind) => html`<td key=${kind} class="number" title=${held.has(kind) ? `${stamp(held.get(kind).first)} to ${stamp(held.get(kind).last)}` : ""}>${held.has(kind) ? count(held.get(kind).count) : html`<span class="quiet">none</span>`}</td>`)}
            <td>${host.gaps.length ? html`<span class="alert">${host.gaps.length}</span>` : html`<span class="quiet">none known</span>`}</td></tr>`;
        })}</tbody></table></div>`}
      ${data.hosts.length > MOST && html`<p class="note">The first ${MOST} of ${count(data.hosts.length)} hosts; <a href=${address(["cases", caseId, "hosts"])}>look for one in the list</a>.</p>`}
    </section>
  </div>`;
}
