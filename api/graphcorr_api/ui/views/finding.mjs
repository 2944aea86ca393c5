// One finding: what happened in which order, why it is believed and what is doubtful, and the records that it rests on.
import { useMemo, useState } from "../vendor/hooks.mjs";
import { call, useLoad } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { count, counted, moment, named, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTitle } from "../app/title.mjs";
import { Basis, Confidence, Level, Status, Techniques } from "../parts/badges.mjs";
import { Copy, CopyCypher } from "../parts/copy.mjs";
import { Leads } from "../parts/leads.mjs";
import { Decoded, Record, soughtIn } from "../parts/record.mjs";
import { Said, Verdict } from "../parts/said.mjs";
import { Failure, Waiting } from "../parts/states.mjs";

export function Finding({ caseId, findingId }) {
  const { data: finding, error, reload } = useLoad(call(["cases", caseId, "findings", findingId]));
  useTitle(finding?.title ?? "Finding");
  if (error) return html`<div class="page"><${Failure} alone error=${error} retry=${reload}><a href=${address(["cases", caseId, "findings"])}>All findings</a></${Failure}></div>`;
  if (!finding) return html`<div class="page"><${Waiting} /></div>`;
  return html`<${Shown} finding=${finding} caseId=${caseId} reload=${reload} />`;
}

function Shown({ finding, caseId, reload }) {
  const { query } = usePlace();
  const evidence = useLoad(call(["cases", caseId, "findings", finding.id, "evidence"]));
  const leads = useLoad(call(["cases", caseId, "leads"], { finding: finding.id, limit: FEW }));
  const decoded = useMemo(() => decodedIn(finding, evidence.data?.items), [finding, evidence.data]);
  const at = Math.min(Math.max(Number(query.get("record") ?? 0) || 0, 0), Math.max(finding.evidence.length - 1, 0));
  const choose = (index) => go(changed({ record: Math.min(Math.max(index, 0), finding.evidence.length - 1) }), { replace: true });
  useKeys({
    j: ["next record", () => choose(at + 1)],
    k: ["record before", () => choose(at - 1)],
    l: ["see it in the lanes", () => go(address(["cases", caseId, "movement"], { sel: `${finding.id}:0` }))],
  });
  const record = evidence.data?.items[at];
  return html`<div class="page finding">
    <header class="heading">
      <div>
        <p class="crumbs"><a href=${address(["cases", caseId, "findings"])}>Findings</a></p>
        <h1>${finding.title}</h1>
        <p class="badges"><${Level} value=${finding.level} /> <span>confidence <${Confidence} value=${finding.confidence} /></span> <${Basis} value=${finding.basis} /> ${finding.verdict && html`<${Verdict} value=${finding.verdict.verdict} />`} ${finding.suppressed && html`<${Status} value="set aside" />`} <${Techniques} values=${finding.techniques} /></p>
      </div>
      <p class="actions"><a class="button main" href=${address(["cases", caseId, "movement"], { sel: `${finding.id}:0` })}>See it in the lanes</a> <a class="button" href=${address(["cases", caseId, "graph", "Finding", finding.id])}>Graph</a> <${CopyCypher} label="Finding" id=${finding.id} /> <${Copy} text=${finding.id} name="Copy id" /></p>
    </header>
    <div class="columns">
      <div>
        <${Ends} finding=${finding} caseId=${caseId} />
        <${Steps} finding=${finding} decoded=${decoded} at=${at} choose=${choose} />
        <${Afterwards} finding=${finding} decoded=${decoded} at=${at} choose=${choose} />
        <${Alerts} finding=${finding} at=${at} choose=${choose} />
        <${Reasons} finding=${finding} />
        <${Said} finding=${finding} caseId=${caseId} changed=${reload} />
        <${Leads} leads=${(leads.data?.items ?? []).map((each) => each.lead)} left=${Math.max(0, (leads.data?.total ?? 0) - FEW)} caseId=${caseId} lanes=${false} />
      </div>
      <aside class="side" aria-label="Evidence">
        <h2>Evidence <span class="quiet">${counted(finding.evidence.length, "record")}</span></h2>
        <ol class="picker">
          ${finding.evidence.map(
            (each, index) => html`<li key=${index}><button type="button" aria-pressed=${String(index === at)} onClick=${() => choose(index)}>
              <time>${stamp(each.time).slice(11)}</time> <b>${words(each.role)}</b> <span>${each.channel ?? each.file.split("/").pop()}</span>
            </button></li>`,
          )}
        </ol>
        ${evidence.error && html`<${Failure} error=${evidence.error} retry=${evidence.reload} />`}
        ${evidence.loading && html`<${Waiting} what="Reading the records" />`}
        ${record && html`<${Record} record=${record} sought=${soughtIn(finding)} />`}
      </aside>
    </div>
  </div>`;
}

export function Ends({ finding, caseId }) {
  const host = (end) => (end?.host ? html`<a href=${address(["cases", caseId, "hosts", end.host])}>${end.host}</a>` : named(end));
  return html`<dl class="ends">
    <div><dt>From</dt><dd>${finding.source ? host(finding.source) : html`<em>${finding.movement === "unknown_source" ? "not known" : words(finding.movement)}</em>`}${finding.source?.host && finding.source.address && html` <span class="quiet">${finding.source.address}</span>`}</dd></div>
    <div><dt>To</dt><dd>${host(finding.target)}${finding.target.host && finding.target.address && html` <span class="quiet">${finding.target.address}</span>`}</dd></div>
    <div><dt>Account</dt><dd>${finding.account ? html`<a href=${address(["cases", caseId, "findings"], { account: finding.account })}>${finding.account}</a>` : html`<em>not known</em>`}</dd></div>
    ${finding.file && html`<div><dt>File</dt><dd><a href=${address(["cases", caseId, "findings"], { file: finding.file })}><code>${finding.file}</code></a></dd></div>`}
    ${finding.started_by && html`<div><dt>Started by</dt><dd>${words(finding.started_by)}</dd></div>`}
  </dl>`;
}

/** What encoded commands say in the records that tell of each step; what an earlier one has is not said again. */
function decodedIn(finding, records = []) {
  const told = new Set();
  return new Map(
    [...finding.steps, ...finding.aftermath, ...finding.behaviors].map((step) => {
      const fresh = [...new Set(step.evidence.flatMap((each) => records[each]?.decoded ?? []))].filter((text) => !told.has(text));
      fresh.forEach((text) => told.add(text));
      return [step, fresh];
    }),
  );
}

export function Steps({ finding, decoded, at, choose }) {
  return html`<section aria-label="What happened">
    <h2>What happened</h2>
    <ol class="steps">
      ${finding.steps.map((step, index) => {
        const before = finding.steps[index - 1];
        const later = before ? moment(step.time) - moment(before.time) : 0;
        return html`<li key=${index} class=${`step ${step.role}`}>
          ${before && html`<span class="later">${span(later)} later</span>`}
          <time>${stamp(step.time)}</time>
          <p><b>${words(step.role)}</b> ${step.object && html`<${Long} text=${step.object} />`}${step.command && html` to run <${Long} text=${step.command} />`}</p>
          <${Decoded} texts=${decoded.get(step)} />
          <p class="quiet">${[step.actor && `by ${named(step.actor)}`, step.account && `as ${step.account}`].filter(Boolean).join(", ")}</p>
          ${choose && html`<${Records} places=${step.evidence} at=${at} choose=${choose} />`}
        </li>`;
      })}
    </ol>
  </section>`;
}

/** Leads that are told beside a finding. */
const FEW = 10;
const LONGEST = 400;
const JOINED = { process: "by what ran", session: "in its session", account: "by the same account within the hour" };

/** What the program started and reached, and what else whoever came did on the machine, in the order of time. */
function Afterwards({ finding, decoded, at, choose }) {
  const done = finding.aftermath.map((each) => ({ of: each, time: each.time, what: each.role, text: each.object, who: each.account, evidence: each.evidence }));
  const shown = finding.behaviors.map((each) => ({
    of: each,
    time: each.first,
    what: each.way,
    text: null,
    who: each.account,
    more: [each.count > 1 && `${each.count} ×`, each.technique, JOINED[each.joined]].filter(Boolean).join(", "),
    evidence: each.evidence,
  }));
  const all = [...done, ...shown].sort((one, other) => moment(one.time) - moment(other.time));
  if (!all.length) return null;
  return html`<section aria-label="What was done there afterwards">
    <h2>What was done there afterwards</h2>
    <ol class="steps">
      ${all.map(
        (each, index) => html`<li key=${index} class="step recorded">
          <time>${stamp(each.time)}</time>
          <p><b>${words(each.what)}</b> ${each.text && html`<${Long} text=${each.text} />`}</p>
          <${Decoded} texts=${decoded.get(each.of)} />
          <p class="quiet">${[each.who && `as ${each.who}`, each.more].filter(Boolean).join(", ")}</p>
          <${Records} places=${each.evidence} at=${at} choose=${choose} />
        </li>`,
      )}
    </ol>
  </section>`;
}

/** What tools said of its records that had read the same logs before. */
function Alerts({ finding, at, choose }) {
  if (!finding.alerts.length) return null;
  return html`<section aria-label="Alerts">
    <h2>Alerts of other tools</h2>
    <ul class="why">${finding.alerts.map(
      (each, index) => html`<li key=${index}>${each.name} <span class="quiet">${[each.by.split("-")[0], each.severity, ...each.techniques].filter(Boolean).join(", ")}</span>
        <${Records} places=${each.evidence} at=${at} choose=${choose} /></li>`,
    )}</ul>
  </section>`;
}

/** A command line may be thousands of characters of Base64: the first say what it is. */
function Long({ text }) {
  const [whole, show] = useState(false);
  if (whole || text.length <= LONGEST) return html`<code>${text}</code>`;
  return html`<code>${text.slice(0, LONGEST)}…</code> <button type="button" class="small" onClick=${() => show(true)}>all ${count(text.length)} characters</button>`;
}

function Records({ places, at, choose }) {
  return html`<p class="records">${places.map((each) => html`<button type="button" class="small" key=${each} aria-pressed=${String(each === at)} onClick=${() => choose(each)}>record ${each + 1}</button>`)}</p>`;
}

export function Reasons({ finding }) {
  return html`<section aria-label="Why">
    <h2>Why this is ${finding.confidence} confidence</h2>
    <ul class="why">${finding.why.map((each) => html`<li key=${each}>${each}</li>`)}</ul>
    ${finding.limits.length > 0 && html`<h3>What it cannot say</h3><ul class="why">${finding.limits.map((each) => html`<li key=${each}>${each}</li>`)}</ul>`}
    <p class="quiet">Found by ${finding.patterns.join(", ")}</p>
  </section>`;
}
