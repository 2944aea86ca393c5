// What the keys do here and now.
import { useEffect, useRef } from "../vendor/hooks.mjs";
import { html } from "../app/html.mjs";
import { described } from "../app/keys.mjs";

export function Help({ close }) {
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  return html`<dialog ref=${dialog} class="help" aria-label="Keys" onClose=${close}>
    <h2>Keys here</h2>
    <dl>${described().map(([key, text]) => html`<div key=${key}><dt>${key.split(" ").map((each) => html`<kbd>${each}</kbd> `)}</dt><dd>${text}</dd></div>`)}</dl>
    <p class="quiet">In the lanes: arrow keys go from mark to mark, Shift and arrow keys move the time.</p>
    <form method="dialog"><button type="submit" class="main">Close</button></form>
  </dialog>`;
}
