// Where somebody may have gone on from a path, or come from to it: what is no hop, in words, with the records that tell of it.
import { useEffect, useRef } from "../vendor/hooks.mjs";
import { address, changed, usePlace } from "../app/router.mjs";
import { count, counted, named, short, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { Examples } from "./examples.mjs";

/** One lead in a sentence; it never says that anything ran. */
export function sayLead({ direction, tier, source, target, account, ways }) {
  const did = { logon: ["logged on to", "had logged on to"], attempt: ["tried to reach", "had tried to reach"] }[tier][direction === "inward" ? 1 : 0];
  return `${account ?? "somebody"} ${did} ${short(named(target))} from ${short(named(source))} (${ways.join(", ")})`;
}

/** The leads of a path; the one that `lead` in the address names is open. */
export function Leads({ leads, left, caseId, lanes = true }) {
  const { query } = usePlace();
  if (!leads.length) return null;
  return html`<section><h2>Where it may have led</h2>
    <p class="note">No finding says that anything ran for these: they are no hops, and count for no score.</p>
    <ul class="open">${leads.map((lead, number) => html`<${Lead} key=${number} lead=${lead} number=${number} chosen=${lanes && query.get("lead") === String(number)} caseId=${caseId} lanes=${lanes} />`)}</ul>
    ${left > 0 && html`<p class="note">${counted(left, "more lead")} of that kind, not told.</p>`}
  </section>`;
}

function Lead({ lead, number, chosen, caseId, lanes }) {
  const place = useRef(null);
  useEffect(() => {
    if (chosen) place.current.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const again = lead.last === lead.first ? "" : html` <span class="quiet">to</span> <time>${stamp(lead.last)}</time>`;
  return html`<li ref=${place}><details open=${chosen}>
    <summary>${sayLead(lead)}<span class="fill"></span><span class="number">${count(lead.count)} ×</span> <time>${stamp(lead.first)}</time>${again}</summary>
    <ul class="why">${lead.why.map((each) => html`<li key=${each}>${each}</li>`)}</ul>
    ${lead.found.length > 0 && html`<p>Found there from then on, without a known source: ${lead.found.map((id, index) => html`${index > 0 && ", "}<a key=${id} href=${address(["cases", caseId, "findings", id])}>${id.slice(0, 8)}</a>`)}</p>`}
    <${Examples} items=${lead.evidence} count=${lead.evidence.length} />
    ${lanes && html`<p><a href=${changed({ lead: number, sel: null })}>Show in the lanes</a></p>`}
  </details></li>`;
}
