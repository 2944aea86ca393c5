// Records as one line each, where they stand in the logs: of what is counted, and of what is no finding.
import { count, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";

/** `count` is how many there are in all. */
export function Examples({ items, count: all }) {
  return html`<ul class="lines">${items.map((each, index) => html`<li key=${index}><time>${stamp(each.time)}</time> ${each.summary} <span class="quiet">logged ${each.original_time}; ${each.file.split("/").pop()}, record ${each.record}, ${words(each.role)}</span></li>`)}</ul>
    ${all > items.length && html`<p class="note">${items.length} examples of ${count(all)} events.</p>`}`;
}
