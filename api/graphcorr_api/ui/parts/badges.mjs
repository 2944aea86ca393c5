// Words with a color: levels, confidence, basis. The word always stands there, too.
import { html } from "../app/html.mjs";
import { words } from "../app/format.mjs";

export const Level = ({ value }) => html`<span class=${`level ${value}`}>${value}</span>`;
export const Confidence = ({ value }) =>
  html`<span class=${`confidence ${value}`}><i aria-hidden="true"></i><i aria-hidden="true"></i><i aria-hidden="true"></i>${value}</span>`;
export const Basis = ({ value }) => html`<span class=${`basis ${value}`}>${words(value)}</span>`;
export const Status = ({ value }) => html`<span class=${`status ${value}`}>${words(value)}</span>`;
/** ATT&CK's own page is elsewhere: the id is text, for whoever wants to look it up. */
export const Techniques = ({ values }) => html`<span class="tags">${values.map((value) => html`<code class="tag" key=${value}>${value}</code>`)}</span>`;
