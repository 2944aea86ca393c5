// Hypotheses on software and actors with their reasons; where nobody can be named, that is said first.
import { address } from "../app/router.mjs";
import { counted } from "../app/format.mjs";
import { html } from "../app/html.mjs";

const VERDICTS = {
  none: ["Not known who", "What was seen fits many. The names below share techniques with it, and that is no sign that it was one of them."],
  possible: ["Possible", "What was seen fits the first name better than the others, but does not single it out."],
  likely: ["Likely", "What was seen fits the first name clearly better than all others that are known."],
};

export function Attribution({ attribution, caseId }) {
  const { verdict, probability, software, actors } = attribution;
  const [title, text] = VERDICTS[verdict] ?? [verdict, ""];
  return html`<section class="attribution" aria-label="Attribution">
    <h2>Who and with what</h2>
    <p class=${`verdict ${verdict}`}><strong>${title}</strong>${probability !== null && probability !== undefined && html` <span class="quiet">the first name is right with a probability of ${percent(probability)}</span>`}</p>
    <p class="quiet">${text}</p>
    <${Names} title="Actors" none="No actor is known that does this." items=${actors} caseId=${caseId} />
    <${Names} title="Software" none="No software was identified." items=${software} caseId=${caseId} />
  </section>`;
}

function Names({ title, none, items, caseId }) {
  return html`<h3>${title}</h3>
    ${items.length === 0
      ? html`<p class="quiet">${none}</p>`
      : html`<ol class="hypotheses">${items.map(
          (each) => html`<li key=${each.id}><details>
            <summary><b>${each.name}</b> <code class="tag">${each.id}</code><meter min="0" max="1" value=${each.score} aria-label=${`Score of ${each.name}`}></meter><span class="number">${percent(each.score)}</span></summary>
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

/** Small numbers keep a digit that is none of 0. */
export const percent = (value) => `${value > 0 && value < 0.01 ? "< 1" : Math.round(value * 100)} %`;
