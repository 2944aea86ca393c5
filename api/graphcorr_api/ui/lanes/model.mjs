// What lanes show, out of findings: hosts in the order of their first arrival, marks for steps, hops between hosts.
import { base, moment, named, words } from "../app/format.mjs";

/** Upper row and shape of each role of a step; what ran is below. */
const SHAPES = {
  wrote: "square",
  moved: "square",
  replaced: "square",
  removed: "square",
  registered: "diamond",
  attempted: "cross",
  refused: "cross",
  blocked: "cross",
  ran: "triangle",
  connected: "dot",
  called: "dot",
  fetched: "dot",
  recorded: "dot",
};

/** The steps of a finding, and after them what was done on its machine afterwards. */
export const stepsOf = (finding) => [...finding.steps, ...(finding.behaviors ?? []).map((each) => ({ role: each.way, shape: "ring", time: each.first, evidence: each.evidence }))];

/**
 * `leads` of paths are links between hosts, and no hops: `{lead, number, source, target, time}` in the order that they are given.
 * Findings need `id source target movement basis level title started_by execution file steps behaviors`; those of a list without evidence will do.
 * Gives `{hosts, hops, leads, marks}` and the height of a row in px, which few hosts have more of: marks of a host are in the order of time, `hosts[].marks` among them.
 */
export function makeModel(findings, leads = []) {
  const hosts = new Map();
  const host = (end) => {
    const key = named(end);
    if (!hosts.has(key)) hosts.set(key, { key, address: end?.address ?? null, named: Boolean(end?.host), first: Infinity, ran: Infinity, marks: [], arrival: null, led: false });
    const held = hosts.get(key);
    held.address ??= end?.address ?? null;
    return held;
  };
  const hops = [];
  for (const finding of findings) {
    const target = host(finding.target);
    const travels = finding.movement === "remote" && finding.source && named(finding.source) !== target.key;
    const source = travels ? host(finding.source) : null;
    const hop = { id: finding.id, finding, source, target, marks: [], time: Infinity, unknown: finding.movement === "unknown_source" };
    stepsOf(finding).forEach((step, index) => {
      const mark = { hop, step: index, role: step.role, shape: step.shape ?? SHAPES[step.role] ?? "dot", time: moment(step.time), text: step.time, lane: target, isRun: step.role === "ran", arrives: false };
      hop.marks.push(mark);
      target.marks.push(mark);
      if (mark.isRun) target.ran = Math.min(target.ran, mark.time);
      hop.time = Math.min(hop.time, mark.time);
    });
    hop.entry = hop.marks.find((mark) => !mark.isRun && mark.shape !== "ring") ?? hop.marks[0];
    if (!hop.entry) continue;
    hop.time = hop.entry.time;
    hops.push(hop);
  }
  hops.sort((one, other) => one.time - other.time);
  for (const hop of hops) {
    if (hop.source) hop.source.first = Math.min(hop.source.first, hop.time - 0.001);
    hop.target.first = Math.min(hop.target.first, hop.time);
    if (hop.source && !hop.target.arrival) {
      hop.target.arrival = hop;
      hop.entry.arrives = true;
    }
  }
  const links = leads.map((lead, number) => {
    const [source, target, time] = [host(lead.source), host(lead.target), moment(lead.first)];
    // Where nothing is known but that somebody may have gone on to it, it is no origin.
    target.led = target.first === Infinity;
    source.first = Math.min(source.first, time - 0.001);
    target.first = Math.min(target.first, time);
    return { lead, number, source, target, time };
  });
  const ordered = [...hosts.values()].sort((one, other) => one.first - other.first || (one.key < other.key ? -1 : 1));
  ordered.forEach((each, index) => {
    each.index = index;
    each.marks.sort((one, other) => one.time - other.time);
  });
  const marks = ordered.flatMap((each) => each.marks);
  return { row: ordered.length > 8 ? 36 : 54, hosts: ordered, hops, leads: links, marks, hopById: new Map(hops.map((hop) => [hop.id, hop])), times: [...marks, ...links].map((each) => each.time).sort((a, b) => a - b) };
}

/** The hops that lead to one, from the first: back over the earliest arrival at each source that was before. */
export function traced(model, hop) {
  const way = [hop];
  const seen = new Set([hop.target]);
  for (let at = hop; at.source && !seen.has(at.source); ) {
    seen.add(at.source);
    const arrival = at.source.arrival;
    if (!arrival || arrival.time > at.time) break;
    way.unshift(arrival);
    at = arrival;
  }
  return way;
}

/** How a hop came about and with what, in a few words. */
export function label(hop) {
  const how = words(hop.finding.started_by ?? hop.finding.execution ?? "");
  return [how, base(hop.finding.file)].filter(Boolean).join(" · ") || hop.finding.title;
}

export const markName = (mark) => `${mark.hop.id}:${mark.step}`;

/** The mark that an address names, or null. */
export function markNamed(model, name) {
  if (!name) return null;
  const [id, step] = name.split(":");
  const hop = model.hopById.get(id);
  return hop ? (hop.marks[Number(step || -1)] ?? hop.entry) : null;
}
