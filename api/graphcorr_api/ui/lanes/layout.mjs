// Where everything of the lanes stands: merged marks, arrows in channels of their own, labels where there is room.
import { label } from "./model.mjs";

const MARK = 11;
const upper = (row) => Math.round(row * 0.33);
const lower = (row) => Math.round(row * 0.69);
const OFFSETS = [0, 7, -7, 14, -14, 21, -21];

/** What lane `index` shows: items `{x, y, marks, isRun}`; marks closer than their width become one item, a first arrival never. */
export function placeMarks(host, scale, height) {
  const top = host.index * height;
  const items = [];
  const rows = [null, null];
  for (const mark of host.marks) {
    const x = scale.toX(mark.time);
    if (x < -20 || x > scale.width + 20) continue;
    const row = mark.isRun ? 1 : 0;
    const last = rows[row];
    if (last && !mark.arrives && !last.arrives && x - last.x1 < MARK) {
      last.marks.push(mark);
      last.x1 = x;
      continue;
    }
    const item = { x0: x, x1: x, y: top + (row ? lower(height) : upper(height)), marks: [mark], isRun: mark.isRun, arrives: mark.arrives, host };
    rows[row] = item;
    items.push(item);
  }
  return [...merged(items.filter((item) => !item.isRun)), ...merged(items.filter((item) => item.isRun))];
}

/** Items of one row without those that would cover each other: a pill is wider than its marks. */
function merged(items) {
  const found = [];
  for (const item of items) {
    measure(item);
    let last = found[found.length - 1];
    while (last && !last.arrives && !item.arrives && item.x - item.half < last.x + last.half + 1) {
      item.marks.unshift(...last.marks);
      item.x0 = last.x0;
      measure(item);
      found.pop();
      last = found[found.length - 1];
    }
    found.push(item);
  }
  return found;
}

function measure(item) {
  const isPill = item.marks.length > 1;
  const wide = isPill ? Math.max(20, 12 + String(item.marks.length).length * 7) : MARK;
  item.x = (item.x0 + item.x1) / 2;
  item.half = isPill ? Math.max(wide, item.x1 - item.x0 + MARK) / 2 : MARK / 2;
}

/** Arrows of `hops`, the heavy ones first: `{hop, x, from, to, end, stub}`; `x` is where the vertical runs, `end` where the mark is. */
export function placeArrows(hops, scale, heavy, row, [top, bottom]) {
  const placed = [];
  const ordered = [...hops].sort((one, other) => heavy.has(other) - heavy.has(one));
  const arrows = [];
  for (const hop of ordered) {
    const end = scale.toX(hop.time);
    if (end < -30 || end > scale.width + 30) continue;
    const from = hop.source.index * row + row / 2;
    const to = hop.target.index * row + upper(row);
    const [low, high] = from < to ? [from, to] : [to, from];
    if (high < top || low > bottom) continue;
    const offset = OFFSETS.find((each) => !placed.some((other) => Math.abs(other.x - end - each) < 5.5 && other.low < high + 4 && other.high > low - 4));
    const stub = offset === undefined;
    const x = end + (offset ?? 0);
    if (!stub) placed.push({ x, low, high });
    arrows.push({ hop, x, from, to, end, stub });
  }
  return { arrows, verticals: placed };
}

/** Leads as `{link, x, y, from}`: a vertical at its time, with its end in the middle of the target's lane. */
export function placeLeads(links, scale, row, [top, bottom]) {
  return links
    .map((link) => ({ link, x: scale.toX(link.time), from: link.source.index * row + row / 2, y: link.target.index * row + row / 2 }))
    .filter(({ x, from, y }) => x > -10 && x < scale.width + 10 && Math.max(from, y) >= top && Math.min(from, y) <= bottom);
}

/** Labels of arrivals: right of the mark, else left, else shorter, else none. `measure` gives the width of a text. */
export function placeLabels(arrows, itemsOf, verticals, measure, scale, row) {
  const { width, folds } = scale;
  const taken = new Map();
  const found = [];
  for (const arrow of arrows) {
    const { hop } = arrow;
    const lane = hop.target.index;
    const y = lane * row + upper(row);
    const own = itemsOf(hop.target).filter((item) => !item.isRun);
    const boxes = taken.get(lane) ?? [];
    const isFree = (x0, x1) =>
      x0 >= 2 &&
      x1 <= width - 2 &&
      !own.some((item) => !item.marks.includes(hop.entry) && item.x - item.half < x1 + 2 && item.x + item.half > x0 - 2) &&
      !verticals.some((each) => each.x > x0 - 3 && each.x < x1 + 3 && each.low < y + 7 && each.high > y - 7) &&
      !folds.some((fold) => fold.x0 < x1 + 2 && fold.x1 > x0 - 2) &&
      !boxes.some(([a, b]) => a < x1 + 6 && b > x0 - 6);
    const full = label(hop);
    const texts = [full, full.split(" · ").pop(), shorten(full.split(" · ").pop())];
    for (const text of texts) {
      const size = measure(text);
      const right = arrow.end + 11;
      const left = arrow.end - 11 - size - (arrow.x < arrow.end ? arrow.end - arrow.x : 0);
      const x = isFree(right, right + size) ? right : isFree(left, left + size) ? left : null;
      if (x !== null) {
        boxes.push([x, x + size]);
        taken.set(lane, boxes);
        found.push({ hop, text, x, y });
        break;
      }
    }
  }
  return found;
}

function shorten(text) {
  return text.length > 12 ? `${text.slice(0, 11)}…` : text;
}
