// Kinds of events in words, and what could not be seen for want of them.
import { call, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { counted, short } from "../app/format.mjs";
import { html } from "../app/html.mjs";

const FEW = 3;

/** `{words(kind), logs(kind)}`; a kind of which the server has no words is told as it is. */
export function useKinds() {
  const { data, loading } = useLoad(call(["kinds"]));
  const held = new Map((data?.items ?? []).map((each) => [each.kind, each]));
  return { words: (kind) => held.get(kind)?.words ?? (loading ? "…" : kind), logs: (kind) => held.get(kind)?.logs ?? "" };
}

/** Titles of patterns by their ids; one that the server does not know by now is told by its id. */
export function useTitles(caseId) {
  const all = useLoad(call(["patterns"])).data?.items ?? [];
  const own = useLoad(call(["cases", caseId, "patterns"])).data?.items ?? [];
  const held = new Map([...all, ...own].map((each) => [each.id, each.title]));
  const title = (id) => held.get(id) ?? id;
  /** Where it can be read. */
  title.place = (id) => address(own.some((each) => each.id === id) ? ["cases", caseId, "patterns"] : ["patterns", id]);
  return title;
}

/** The logs of a network monitor belong to no machine. */
export const place = (host) => (host === "(network)" ? "the network monitor" : short(host));

/** Whether a host's log tells of a kind, and is missing all the same: it ends before the first file is written there. */
const endsEarly = (coverage, host, kind) => coverage.hosts.some((each) => each.host === host && each.kinds.some((one) => one.kind === kind));

/** `[kind, ended, hosts]` of what these patterns lack. */
function lacked(patterns, coverage) {
  const found = new Map();
  for (const pattern of patterns)
    for (const each of pattern.hosts_missing)
      for (const kind of each.missing) {
        const ended = endsEarly(coverage, each.host, kind);
        const key = `${kind} ${ended}`;
        const held = found.get(key) ?? { kind, ended, hosts: new Set(), patterns: new Set() };
        held.hosts.add(each.host);
        held.patterns.add(pattern.pattern);
        found.set(key, held);
      }
  return [...found.values()].sort((one, other) => one.ended - other.ended || other.hosts.size - one.hosts.size || other.patterns.size - one.patterns.size);
}

/** What no log tells of, a line for each kind, with the hosts and how many patterns that leaves open. */
export function Missing({ coverage, caseId }) {
  const kinds = useKinds();
  const all = coverage.hosts.filter((each) => each.host !== "(network)").length;
  return html`<ul class="lines">${lacked(coverage.patterns, coverage).map(({ kind, ended, hosts, patterns }) => {
    const named = [...hosts].sort();
    const isAll = named.length > 1 && named.length >= all;
    const where = isAll ? `any of the ${counted(named.length, "host")}` : named.slice(0, FEW).map((host, index) => html`${index > 0 && ", "}<a key=${host} href=${address(["cases", caseId, "hosts", host])} title=${host}>${place(host)}</a>`);
    const rest = named.length > FEW && !isAll ? ` and ${counted(named.length - FEW, "more host")}` : "";
    const told = ended ? "the log ends before it" : `${kinds.logs(kind)} would tell`;
    return html`<li key=${`${kind}${ended}`}><strong>No ${kinds.words(kind)}</strong>${ended && " after the first write of a file"} on ${where}${rest} <span class="quiet">${told}; ${counted(patterns.size, "pattern")} could not look there</span></li>`;
  })}</ul>`;
}

/** Why a pattern could not be evaluated everywhere. */
export function reason(pattern, kinds, coverage) {
  const missing = lacked([pattern], coverage).map(({ kind, ended, hosts }) => `no ${kinds.words(kind)}${ended ? " late enough" : ""} on ${hosts.size > 1 ? counted(hosts.size, "host") : place([...hosts][0])}`);
  return [...(pattern.stopped ? [pattern.stopped] : []), ...missing, ...(pattern.not_read?.length ? [`some logs were read without ${pattern.not_read.map(kinds.words).join(", ")}: read them again`] : [])].join("; ");
}
