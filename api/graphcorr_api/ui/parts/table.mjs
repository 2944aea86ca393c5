// Tables: of any length by drawing only the rows that are to be seen, sorted and chosen with the keyboard.
import { useEffect, useLayoutEffect, useRef, useState } from "../vendor/hooks.mjs";
import { changed, go, usePlace } from "../app/router.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";

const BUFFER = 12;
const NARROW = "(max-width: 760px)";

function useNarrow() {
  const [narrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const list = matchMedia(NARROW);
    const hear = () => set(list.matches);
    list.addEventListener("change", hear);
    return () => list.removeEventListener("change", hear);
  }, []);
  return narrow;
}

/**
 * `columns` are `{id, name, cell(row), sort, wide, className}`; `href(row)` is where a row leads. `total` may be more than the rows that
 * are there: `more()` is asked for further ones when the end comes near. On a narrow screen `brief(row)` stands below the first column, for all others.
 */
export function Table({ label, columns: given, rows, total = rows.length, more, href, keyOf, brief, sort }) {
  const narrow = useNarrow() && brief !== undefined;
  const columns = narrow ? [{ ...given[0], className: "whole" }] : given;
  const row = narrow ? 66 : 46;
  const { query } = usePlace();
  const scroller = useRef(null);
  const [top, setTop] = useState(0);
  const [view, setView] = useState(800);
  const at = Math.min(Number(query.get("row") ?? -1), rows.length - 1);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setView(scroller.current.clientHeight));
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / row) - BUFFER);
  const last = Math.min(rows.length, Math.ceil((top + view) / row) + BUFFER);
  useEffect(() => {
    if (more && rows.length < total && last > rows.length - 2 * BUFFER) more();
  }, [last, rows.length, total]);
  const pending = useRef(0);
  const onScroll = () => {
    pending.current ||= requestAnimationFrame(() => {
      pending.current = 0;
      if (scroller.current) setTop(scroller.current.scrollTop);
    });
  };
  const move = (to) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    if (next < 0) return;
    go(changed({ row: next }), { replace: true });
    const box = scroller.current;
    const head = 36;
    if (next * row < box.scrollTop) box.scrollTop = next * row;
    else if ((next + 1) * row + head > box.scrollTop + box.clientHeight) box.scrollTop = (next + 1) * row + head - box.clientHeight;
  };
  // Where one was is shown again after "back".
  useLayoutEffect(() => {
    if (at > 0 && rows.length && scroller.current.scrollTop === 0 && (at + 2) * row > scroller.current.clientHeight) scroller.current.scrollTop = (at - 3) * row;
  }, [rows.length > 0]);
  useKeys({
    j: ["next row", () => move(at + 1)],
    k: ["row before", () => move(at - 1)],
    ArrowDown: [null, () => move(at + 1)],
    ArrowUp: [null, () => move(at - 1)],
    PageDown: [null, () => move(at + Math.floor(view / row))],
    PageUp: [null, () => move(at - Math.floor(view / row))],
    Home: [null, () => move(0)],
    End: [null, () => move(rows.length - 1)],
    ...(href && { Enter: ["open the row", () => rows[at] && go(href(rows[at]))] }),
  });
  const sorted = (sort ?? "").replace(/^-/, "");
  const turn = (column) => changed({ sort: sort === column.sort ? `-${column.sort}` : column.sort, row: null });
  return html`<div class=${narrow ? "table narrow" : "table"} ref=${scroller} onScroll=${onScroll} tabindex="0" role="region" aria-label=${label}>
    <table aria-rowcount=${total + 1}>
      <thead><tr aria-rowindex="1">
        ${columns.map(
          (column) => html`<th key=${column.id} scope="col" class=${column.className ?? ""} aria-sort=${column.sort === undefined ? undefined : sorted !== column.sort ? "none" : sort.startsWith("-") ? "descending" : "ascending"}>
            ${column.sort === undefined ? column.name : html`<a href=${turn(column)}>${column.name}<span aria-hidden="true">${sorted !== column.sort ? "" : sort.startsWith("-") ? " ↓" : " ↑"}</span></a>`}
          </th>`,
        )}
      </tr></thead>
      <tbody>
        ${first > 0 && html`<tr aria-hidden="true" style=${{ height: `${first * row}px` }}></tr>`}
        ${rows.slice(first, last).map((each, index) => {
          const number = first + index;
          return html`<tr key=${keyOf(each)} aria-rowindex=${number + 2} class=${number === at ? "at" : ""} style=${{ height: `${row}px` }} onClick=${href && ((event) => !event.target.closest("a, button") && !getSelection().toString() && go(href(each)))}>
            ${columns.map((column, place) => html`<td key=${column.id} class=${column.className ?? ""}>${place === 0 && href ? html`<a href=${href(each)} class="row">${column.cell(each)}</a>` : column.cell(each)}${narrow && html`<div class="brief">${brief(each)}</div>`}</td>`)}
          </tr>`;
        })}
        ${last < rows.length && html`<tr aria-hidden="true" style=${{ height: `${(rows.length - last) * row}px` }}></tr>`}
      </tbody>
    </table>
  </div>`;
}
