// A filter that is set, and how it is taken away.
import { html } from "../app/html.mjs";

export const Chip = ({ name, value, drop }) =>
  html`<button type="button" class="chip" onClick=${drop}><span>${name}</span> ${value} <b aria-hidden="true">×</b><span class="unseen">: take this filter away</span></button>`;
