// Time on a line: active spans to scale, idle ones between them folded to a band of fixed width.

export const FOLD = 22;
const PAD = 26;
const IDLE = 90 * 60_000;
const LEAST_IDLE = 5 * 60_000;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1.5e4, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 108e5, 216e5, 432e5, 864e5, 1728e5, 6048e5, 2592e6];

/**
 * `times` sorted, in ms. `window` is null or [from, to]. An idle span is folded if it is longer than 90 minutes, or longer than five
 * minutes and a quarter of the line: what happened within seconds is then to be seen beside what happened an hour later.
 */
export function makeScale(times, width, { fold = true, window = null } = {}) {
  const first = window ? window[0] : (times[0] ?? 0);
  const last = window ? window[1] : (times[times.length - 1] ?? 1);
  const inside = window ? times.slice(lowest(times, first), lowest(times, last + 1e-9)) : times;
  const edges = window ? [first, ...inside, last] : inside;
  const gaps = [];
  for (let index = 1; index < edges.length; index += 1) gaps.push({ from: edges[index - 1], to: edges[index], length: edges[index] - edges[index - 1] });
  let active = Math.max(last - first, 1);
  const folded = [];
  if (fold) {
    gaps.sort((one, other) => other.length - one.length);
    for (const gap of gaps) {
      if (gap.length < LEAST_IDLE || !(gap.length > IDLE || gap.length > active / 4) || (folded.length + 1) * FOLD * 2.5 > width) break;
      folded.push(gap);
      active -= gap.length;
    }
    folded.sort((one, other) => one.from - other.from);
  }
  const pieces = [];
  let at = first;
  for (const gap of folded) {
    pieces.push({ from: at, to: gap.from });
    at = gap.to;
  }
  pieces.push({ from: at, to: last });
  // A piece of one moment still has room around it.
  const pads = window && !folded.length ? 0 : PAD;
  const room = Math.max(width - folded.length * FOLD - pieces.length * 2 * pads, 40);
  const total = Math.max(pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0), 1e-6);
  const least = Math.min(24, room / pieces.length / 2);
  const spare = Math.max(room - least * pieces.length, 0);
  let x = 0;
  for (const [index, piece] of pieces.entries()) {
    piece.x0 = x + pads;
    piece.x1 = piece.x0 + least + (spare * (piece.to - piece.from)) / total;
    piece.perMs = (piece.x1 - piece.x0) / Math.max(piece.to - piece.from, 1e-6);
    if (piece.to === piece.from) piece.perMs = 0;
    x = piece.x1 + pads;
    if (index < folded.length) {
      folded[index].x0 = x;
      folded[index].x1 = x + FOLD;
      x += FOLD;
    }
  }
  const toX = (time) => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].from <= time) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low];
    if (time < piece.from) return piece.perMs ? piece.x0 - (piece.from - time) * piece.perMs : piece.x0 - 1e4;
    if (piece.to === piece.from) return time > piece.to ? piece.x1 + 1e4 : (piece.x0 + piece.x1) / 2;
    if (time > piece.to && low === pieces.length - 1) return piece.x1 + (time - piece.to) * piece.perMs;
    return Math.min(piece.x0 + (time - piece.from) * piece.perMs, piece.x1 + pads);
  };
  const toTime = (position) => {
    for (const [index, piece] of pieces.entries()) {
      if (position <= piece.x1 + pads || index === pieces.length - 1) {
        if (!piece.perMs) return piece.from;
        const time = piece.from + (position - piece.x0) / piece.perMs;
        return index === 0 ? Math.min(time, piece.to) : Math.min(Math.max(time, piece.from), index === pieces.length - 1 ? Infinity : piece.to);
      }
    }
    return last;
  };
  return { first, last, pieces, folds: folded, toX, toTime, width };
}

/** Ticks of all pieces: `{x, time, step, day}`, at least 64 px apart. */
export function ticks(scale) {
  const found = [];
  let day = null;
  let lastX = -Infinity;
  for (const piece of scale.pieces) {
    const step = piece.perMs ? (STEPS.find((each) => each * piece.perMs >= 78) ?? STEPS[STEPS.length - 1]) : 1;
    const start = Math.ceil((piece.from - 12 / (piece.perMs || 1)) / step) * step;
    let any = false;
    for (let time = start; piece.perMs && piece.x0 + (time - piece.from) * piece.perMs <= piece.x1 + 12; time += step) {
      const x = piece.x0 + (time - piece.from) * piece.perMs;
      if (x - lastX < 64) continue;
      any = true;
      found.push(tick(x, time, step));
    }
    if (!any && (piece.x0 + piece.x1) / 2 - lastX >= 56) found.push(tick((piece.x0 + piece.x1) / 2, (piece.from + piece.to) / 2, Math.max(1000, Math.min(step, 6e4))));
  }
  return found;

  function tick(x, time, step) {
    lastX = x;
    const date = Math.floor(time / 864e5);
    const isNew = date !== day;
    day = date;
    return { x, time, step, day: isNew };
  }
}

/** The first index whose value is not below. */
export function lowest(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
