// Findings over time as bars; each leads to the findings of its span.
import { address } from "../app/router.mjs";
import { counted, day, moment, span, tickText } from "../app/format.mjs";
import { html } from "../app/html.mjs";

const LEVELS = ["critical", "high", "medium", "low", "informational"];
const iso = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");

export function Timeline({ timeline, caseId }) {
  if (!timeline.first) return null;
  const start = moment(timeline.first);
  const step = timeline.seconds * 1000;
  const spans = new Map();
  for (const bin of timeline.bins) spans.set(bin.number, { ...spans.get(bin.number), [bin.level]: bin.count });
  const last = Math.max(...spans.keys());
  const sum = (counts) => Object.values(counts).reduce((one, other) => one + other, 0);
  const most = Math.max(...[...spans.values()].map(sum));
  const long = (last + 1) * step;
  return html`<div class="timeline">
    <ol style=${{ gridTemplateColumns: `repeat(${last + 1}, minmax(2px, 1fr))` }}>
      ${[...spans].map(([number, counts]) => {
        const from = start + number * step;
        const told = `${counted(sum(counts), "finding")} from ${day(from)} ${tickText(from, step)}, ${span(step)} long`;
        return html`<li key=${number} style=${{ gridColumn: String(number + 1) }}>
          <a href=${address(["cases", caseId, "findings"], { since: iso(from), until: iso(from + step - 1000), sort: "time" })} title=${told} aria-label=${told}>
            ${LEVELS.filter((each) => counts[each]).map((each) => html`<i key=${each} class=${each} style=${{ height: `${6 + (88 * counts[each]) / most}%` }}></i>`)}
          </a>
        </li>`;
      })}
    </ol>
    <p class="note"><time>${day(start)} ${tickText(start, step)}</time><span>${span(step)} a bar</span><time>${day(start + long)} ${tickText(start + long, step)}</time></p>
  </div>`;
}
