// The lanes as a table, for whoever does not see or does not like a canvas: the same marks, the same selection.
import { changed, usePlace } from "../app/router.mjs";
import { counted, short, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { label, markName } from "../lanes/model.mjs";
import { useState } from "../vendor/hooks.mjs";

const STEP = 200;

export function MarksTable({ model }) {
  const { query } = usePlace();
  const [open, setOpen] = useState(false);
  const [most, setMost] = useState(STEP);
  const marks = open ? model.hops.flatMap((hop) => hop.marks) : [];
  return html`<details class="twin" onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary>Show as table</summary>
    ${open &&
    html`<div class="scroll" tabindex="0" role="region" aria-label="Marks as a table"><table aria-rowcount=${marks.length + 1}>
      <thead><tr><th scope="col">Time (UTC)</th><th scope="col">Step</th><th scope="col">From</th><th scope="col">On</th><th scope="col">What</th></tr></thead>
      <tbody>${marks.slice(0, most).map(
        (mark, index) => html`<tr key=${markName(mark)} aria-rowindex=${index + 2} class=${query.get("sel") === markName(mark) ? "at" : ""}>
          <td class="time"><a href=${changed({ sel: markName(mark), record: null })} aria-current=${query.get("sel") === markName(mark) ? "true" : undefined}>${stamp(mark.text)}</a></td>
          <td>${words(mark.role)}</td><td>${mark.hop.source ? short(mark.hop.source.key) : ""}</td><td>${short(mark.lane.key)}</td><td>${label(mark.hop)}</td>
        </tr>`,
      )}</tbody>
    </table></div>
    ${marks.length > most && html`<p><button type="button" onClick=${() => setMost(most + STEP)}>Show more</button> <span class="note">${counted(marks.length - most, "more mark")}</span></p>`}`}
  </details>`;
}
