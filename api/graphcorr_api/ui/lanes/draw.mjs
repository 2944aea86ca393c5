// Draws lanes onto a canvas: only what is to be seen, in one go.
import { day, dayWithYear, span, tickText } from "../app/format.mjs";
import { placeArrows, placeLabels, placeLeads, placeMarks } from "./layout.mjs";
import { traced } from "./model.mjs";
import { ticks } from "./scale.mjs";

const MOST_ARrowS = 1500;
const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';
const SMALL = '600 10.5px system-ui, -apple-system, "Segoe UI", sans-serif';
const DASHES = { observed: [], inferred: [6, 4], assumed: [1.5, 3.5] };
export const LEAD = [2, 4];
const RING = 4.5;
const NAMES = ["bg", "lane", "line", "grid", "text", "muted", "write", "run", "tint", "select", "band", "panel", "arrow", "alert"];

/** The colors of the present theme, as the style sheet has them. */
export function readColors(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function prepared(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

export function drawAxis(canvas, width, height, scale, colors) {
  const pen = prepared(canvas, width, height);
  pen.font = FONT;
  pen.textBaseline = "alphabetic";
  let lastDay = -Infinity;
  let lastRight = -Infinity;
  const shown = ticks(scale);
  const years = new Set(shown.map((tick) => new Date(tick.time).getUTCFullYear()));
  for (const tick of shown) {
    pen.textAlign = "center";
    pen.fillStyle = colors.muted;
    const text = tickText(tick.time, tick.step);
    const half = pen.measureText(text).width / 2;
    const at = Math.min(Math.max(tick.x, half + 2), width - half - 2);
    if (at - half > lastRight + 6) {
      pen.fillText(text, at, height - 9);
      lastRight = at + half;
    }
    if (tick.day) {
      pen.textAlign = "left";
      pen.fillStyle = colors.text;
      pen.font = `600 ${FONT}`;
      const name = years.size > 1 ? dayWithYear(tick.time) : day(tick.time);
      const wide = pen.measureText(name).width;
      const left = Math.min(Math.max(tick.x - half, 2), Math.max(width - wide - 2, 2));
      if (left > lastDay + 10) {
        pen.fillText(name, left, 16);
        lastDay = left + wide;
      }
      pen.font = FONT;
    }
  }
}

/**
 * The lanes between `top` and `top + height`. Gives what can be hit: `{items, arrows, leads}`. `shown` is `{arrows: first|selection|all, way, selected, hover, lead}`.
 */
export function drawLanes(canvas, width, height, top, model, scale, colors, shown) {
  const pen = prepared(canvas, width, height);
  pen.translate(0, -top);
  const { row } = model;
  const first = Math.max(0, Math.floor(top / row));
  const last = Math.min(model.hosts.length - 1, Math.floor((top + height) / row));
  const visible = model.hosts.slice(first, last + 1);
  const way = new Set(shown.way);
  const bold = new Set(shown.way.flatMap((hop) => [hop.source, hop.target]));
  const dims = way.size > 0;

  for (const host of visible) {
    const y = host.index * row;
    pen.fillStyle = colors.lane;
    pen.fillRect(0, y + 2, width, row - 4);
    if (host.ran < Infinity) {
      const x = Math.max(0, scale.toX(host.ran));
      pen.fillStyle = colors.tint;
      if (x < width) pen.fillRect(x, y + 2, width - x, row - 4);
    }
  }
  const bottom = Math.min(top + height, model.hosts.length * row);
  pen.fillStyle = colors.grid;
  for (const tick of ticks(scale)) pen.fillRect(Math.round(tick.x), top, 1, bottom - top);
  for (const fold of scale.folds) drawFold(pen, fold, top, bottom, height, colors);

  const items = visible.flatMap((host) => placeMarks(host, scale, row));
  const byHost = new Map(visible.map((host) => [host, []]));
  for (const item of items) byHost.get(item.host).push(item);

  const wanted = arrowsOf(model, shown);
  const { arrows, verticals } = placeArrows(wanted, scale, way, row, [top, top + height]);
  for (const arrow of [...arrows].reverse()) drawArrow(pen, arrow, way.has(arrow.hop), dims && !way.has(arrow.hop), colors);
  const leads = placeLeads(model.leads, scale, row, [top, top + height]);
  for (const each of leads) drawLead(pen, each, each.link.number === shown.lead, colors);
  for (const host of visible) if (host.arrival === null) for (const item of byHost.get(host)) drawUnknown(pen, item, colors);

  for (const item of items) {
    const isBold = item.marks.some((mark) => way.has(mark.hop));
    drawItem(pen, item, dims && !isBold && !bold.has(item.host), shown, colors);
  }
  pen.font = FONT;
  const labels = placeLabels(arrows, (host) => byHost.get(host) ?? [], verticals, (text) => pen.measureText(text).width, scale, row);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const each of labels) {
    if (each.hop.target.index < first || each.hop.target.index > last) continue;
    pen.fillStyle = way.has(each.hop) ? colors.select : colors.muted;
    pen.fillText(each.text, each.x, each.y + 0.5);
  }
  return { items, arrows, leads };
}

function arrowsOf(model, { arrows, way }) {
  const found = new Set(way.filter((hop) => hop.source));
  if (arrows !== "selection") {
    for (const hop of model.hops) {
      if (found.size >= MOST_ARrowS) break;
      if (hop.source && (arrows === "all" || hop.target.arrival === hop)) found.add(hop);
    }
  }
  return [...found];
}

function drawFold(pen, fold, top, bottom, height, colors) {
  pen.fillStyle = colors.bg;
  pen.fillRect(fold.x0, top, fold.x1 - fold.x0, bottom - top);
  pen.save();
  pen.beginPath();
  pen.rect(fold.x0, top, fold.x1 - fold.x0, bottom - top);
  pen.clip();
  pen.strokeStyle = colors.band;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let y = Math.floor(top / 8) * 8 - 24; y < bottom + 24; y += 8) {
    pen.moveTo(fold.x0 - 2, y + 12);
    pen.lineTo(fold.x1 + 2, y - 8);
  }
  pen.stroke();
  pen.restore();
  const text = `${span(fold.length)} idle`;
  pen.save();
  pen.font = '11px system-ui, -apple-system, "Segoe UI", sans-serif';
  const size = pen.measureText(text).width + 10;
  if (bottom - top >= size) {
    pen.translate((fold.x0 + fold.x1) / 2, top + Math.min((bottom - top) / 2, height / 2));
    pen.rotate(-Math.PI / 2);
    pen.fillStyle = colors.bg;
    pen.fillRect(-size / 2, -8, size, 16);
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, 0, 0.5);
  }
  pen.restore();
}

function drawArrow(pen, { hop, x, from, to, end, stub }, isHeavy, isDim, colors) {
  const down = to >= from ? 1 : -1;
  pen.save();
  pen.globalAlpha = isDim ? 0.45 : 1;
  pen.strokeStyle = pen.fillStyle = isHeavy ? colors.select : colors.arrow;
  pen.lineWidth = isHeavy ? 3 : 1.6;
  pen.setLineDash(DASHES[hop.finding.basis] ?? []);
  pen.lineCap = hop.finding.basis === "assumed" ? "round" : "butt";
  const tip = to - down * 7;
  pen.beginPath();
  if (stub) pen.moveTo(end, to - down * 20);
  else pen.moveTo(x, from);
  if (x === end) {
    pen.lineTo(end, tip - down * 5);
    pen.stroke();
    head(pen, end, tip, 0, down, isHeavy);
  } else {
    const side = end > x ? 1 : -1;
    pen.lineTo(x, to);
    pen.lineTo(end - side * 11, to);
    pen.stroke();
    head(pen, end - side * 7, to, side, 0, isHeavy);
  }
  if (!stub) {
    pen.beginPath();
    pen.arc(x, from, isHeavy ? 4 : 2.5, 0, 7);
    pen.fill();
  }
  pen.restore();
}

/** Where somebody may have gone on to: lighter than any hop, dashed, and with a ring where a hop has its head. */
export function drawLead(pen, { x, from, y }, isChosen, colors) {
  pen.save();
  pen.strokeStyle = isChosen ? colors.select : colors.muted;
  pen.lineWidth = isChosen ? 2 : 1.1;
  pen.setLineDash(LEAD);
  pen.beginPath();
  pen.moveTo(x, from);
  pen.lineTo(x, y - Math.sign(y - from) * RING);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.arc(x, y, RING, 0, 7);
  pen.fillStyle = colors.bg;
  pen.fill();
  pen.stroke();
  pen.restore();
}

function head(pen, x, y, dx, dy, isHeavy) {
  const size = isHeavy ? 8 : 6;
  const wide = isHeavy ? 5.5 : 4;
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - dx * size + dy * wide, y - dy * size + dx * wide);
  pen.lineTo(x - dx * size - dy * wide, y - dy * size - dx * wide);
  pen.fill();
}

/** Where the source is not known: a stub that comes from nowhere. */
function drawUnknown(pen, item, colors) {
  if (!item.marks.some((mark) => mark.hop.unknown && mark.hop.entry === mark)) return;
  pen.save();
  pen.strokeStyle = colors.arrow;
  pen.lineWidth = 1.6;
  pen.setLineDash([1.5, 3.5]);
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(item.x - 16, item.y);
  pen.lineTo(item.x - 8, item.y);
  pen.stroke();
  pen.fillStyle = colors.muted;
  pen.font = SMALL;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillText("?", item.x - 18, item.y);
  pen.restore();
}

function drawItem(pen, item, isDim, shown, colors) {
  const { x, y, marks, half } = item;
  const color = item.isRun ? colors.run : colors.write;
  const isSelected = marks.includes(shown.selected);
  const isHovered = shown.hover === item;
  pen.save();
  pen.lineWidth = isHovered ? 2.6 : 1.8;
  pen.strokeStyle = pen.fillStyle = color;
  pen.globalAlpha = isDim ? 0.5 : 1;
  if (marks.length > 1) {
    pen.beginPath();
    pen.roundRect(x - half, y - 6.5, half * 2, 13, 6.5);
    pen.fillStyle = item.isRun ? color : colors.bg;
    pen.fill();
    pen.stroke();
    pen.globalAlpha = 1;
    pen.fillStyle = item.isRun ? colors.bg : colors.text;
    pen.font = SMALL;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(marks.length), x, y + 0.5);
  } else drawShape(pen, marks[0].shape, x, y, colors);
  if (isSelected) {
    pen.globalAlpha = 1;
    pen.strokeStyle = colors.select;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.roundRect(x - half - 4.5, y - 11, half * 2 + 9, 22, 11);
    pen.stroke();
  }
  pen.restore();
}

export function drawShape(pen, shape, x, y, colors) {
  pen.beginPath();
  if (shape === "triangle") {
    pen.moveTo(x - 4, y - 5.5);
    pen.lineTo(x + 6, y);
    pen.lineTo(x - 4, y + 5.5);
    pen.fill();
    return;
  }
  if (shape === "dot") {
    pen.arc(x, y, 3.5, 0, 7);
    pen.fill();
    return;
  }
  if (shape === "ring") {
    pen.arc(x, y, 3.5, 0, 7);
    pen.stroke();
    return;
  }
  if (shape === "cross") {
    pen.moveTo(x - 4, y - 4);
    pen.lineTo(x + 4, y + 4);
    pen.moveTo(x + 4, y - 4);
    pen.lineTo(x - 4, y + 4);
    pen.stroke();
    return;
  }
  if (shape === "diamond") {
    pen.moveTo(x, y - 6);
    pen.lineTo(x + 6, y);
    pen.lineTo(x, y + 6);
    pen.lineTo(x - 6, y);
    pen.closePath();
  } else pen.rect(x - 4.5, y - 4.5, 9, 9);
  pen.fillStyle = colors.bg;
  pen.fill();
  pen.stroke();
}

/** All marks over all time as a histogram, with the window in it. */
export function drawMap(canvas, width, height, model, scale, window, colors) {
  const pen = prepared(canvas, width, height);
  const bins = new Float64Array(Math.ceil(width / 4));
  for (const time of model.times) {
    const bin = Math.floor(scale.toX(time) / 4);
    if (bin >= 0 && bin < bins.length) bins[bin] += 1;
  }
  const most = Math.max(1, ...bins);
  for (const fold of scale.folds) {
    pen.fillStyle = colors.grid;
    pen.fillRect(fold.x0, 0, fold.x1 - fold.x0, height);
  }
  pen.fillStyle = colors.write;
  bins.forEach((number, index) => {
    if (number) {
      const size = 3 + (height - 8) * Math.sqrt(number / most);
      pen.fillRect(index * 4, height - size, 3, size);
    }
  });
  const x0 = window ? Math.max(0, scale.toX(window[0])) : 0;
  const x1 = window ? Math.min(width, scale.toX(window[1])) : width;
  pen.strokeStyle = colors.select;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.roundRect(x0 + 0.75, 0.75, Math.max(x1 - x0, 6) - 1.5, height - 1.5, 4);
  pen.stroke();
}

export const wayTo = (model, mark) => (mark ? traced(model, mark.hop) : []);
