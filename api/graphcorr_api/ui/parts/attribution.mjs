// Hypotheses on software and actors with their reasons; where nobody can be named, that is said first.
import { address } from "../app/router.mjs";
import { counted } from "../app/format.mjs";
import { html } from "../app/html.mjs";

const VERDICTS = {
  none: ["Not known who", "What was seen fits many actors."],
  possible: ["Possible", "What was seen fits the first name better than the others, but does not single it out."],
  likely: ["Likely", "What was seen fits the first name clearly better than all others that are known."],
};

export function Attribution({ attribution, caseId, title: heading = "Who and with what" }) {
  const { verdict, probability, software, actors } = attribution;
  const [title, text] = VERDICTS[verdict] ?? [verdict, ""];
  const names = html`<${Names} title="Actors" none="No actor is known that does this." items=${actors} caseId=${caseId} /><${Names} title="Software" none="No software was identified." items=${software} caseId=${caseId} />`;
  return html`<section class="attribution">
    ${heading && html`<h2>${heading}</h2>`}
    <p class=${`verdict ${verdict}`}><strong>${title}</strong></p>
    <p class="quiet">${text}${probability !== null && probability !== undefined && ` ${chance(verdict, probability)}`}</p>
    ${verdict === "none" ? html`<details class="none-known"><summary>Names that share techniques with it: ${counted(actors.length, "actor")}, ${counted(software.length, "software", "software")}</summary>${names}</details>` : names}
  </section>`;
}

function Names({ title, none, items, caseId }) {
  return html`<h3>${title} <span class="quiet">by how well they fit: a score to order them by, no probability</span></h3>
    ${items.length === 0
      ? html`<p class="quiet">${none}</p>`
      : html`<ol class="hypotheses">${items.map(
          (each) => html`<li key=${each.id}><details>
            <summary><b>${each.name}</b> <code class="tag">${each.id}</code><meter min="0" max="1" value=${each.score} aria-label=${`Fit of ${each.name}`}></meter><span class="number">${each.score.toFixed(2)}</span></summary>
            <ul class="why">${each.reasons.map((reason) => html`<li key=${reason.item}><${Reason} reason=${reason} caseId=${caseId} /></li>`)}</ul>
            ${each.mentions?.length > 0 && html`<p class="quiet">Named in the case itself: ${each.mentions.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(", ")}</p>`}
          </details></li>`,
        )}</ol>`}`;
}

function Reason({ reason, caseId }) {
  const seen = reason.findings ?? [];
  return html`<code class="tag">${reason.item}</code> ${reason.name} <span class="quiet">${reason.basis}${reason.known !== undefined && `, by ${reason.known} of ${reason.of} that are known`}</span>
    ${seen.length > 0 && html` <span class="quiet">in</span> ${seen.slice(0, 5).map((id, index) => html`<a key=${id} href=${address(["cases", caseId, "findings", id])} aria-label=${`Finding ${index + 1} with ${reason.name}`}>${index + 1}</a> `)}${seen.length > 5 && html`<span class="quiet">of ${counted(seen.length, "finding")}</span>`}`}`;
}

/** How often that has been right, as it was measured on cases whose actors are known. */
const chance = (verdict, probability) =>
  verdict === "none"
    ? `Even the one that fits best would be right in ${percent(probability)} of such cases only, so nobody is named.`
    : `Of such cases the first name is the right one in ${percent(probability)}.`;

/** Small numbers keep a digit that is none of 0. */
export const percent = (value) => `${value > 0 && value < 0.01 ? "< 1" : Math.round(value * 100)} %`;
