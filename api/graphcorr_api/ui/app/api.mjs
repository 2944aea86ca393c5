// Asks the server. What it refuses is a Problem with its words; what is asked again is shown at once, then brought up to date.
import { useCallback, useEffect, useRef, useState } from "../vendor/hooks.mjs";

const KEPT = 60;
const kept = new Map();

/** An answer that is none: `kind` is the server's word for it, or "unreachable". */
export class Problem extends Error {
  constructor(kind, title, detail, status) {
    super(detail || title);
    Object.assign(this, { kind, title, detail, status });
  }
}

/** The address of a call; parts may come from logs. Lists become repeated parameters, empty values none. */
export function call(parts, query = {}) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  const text = new URLSearchParams(pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")).toString();
  return `/v1/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** The JSON of an answer. Rejects with a Problem. */
export async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("unreachable", "The server does not answer", "Is graphcorr serve still running? Nothing here is lost: try again.", 0);
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({}));
  const kind = String(told.type ?? "").split(":").pop() || "internal";
  // Who asks who one is finds out by the answer itself.
  if (answer.status === 401 && url !== call(["session"])) dispatchEvent(new Event("graphcorr:unauthorized"));
  throw new Problem(kind, told.title ?? `HTTP ${answer.status}`, told.detail, answer.status);
}

export function send(url, body, method = "POST") {
  return ask(url, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Forget what was kept: something was written, or who asks is somebody else. */
export function forget() {
  kept.clear();
}

function keep(url, data) {
  kept.delete(url);
  kept.set(url, data);
  while (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

/** `{data, error, loading, reload}` of a call; a null url asks nothing. */
export function useLoad(url) {
  const [state, set] = useState({ url: null });
  const [round, again] = useState(0);
  const reload = useCallback(() => again((count) => count + 1), []);
  useEffect(() => {
    if (url === null) return undefined;
    const abort = new AbortController();
    ask(url, { signal: abort.signal }).then(
      (data) => {
        keep(url, data);
        set({ url, data });
      },
      (error) => error.name !== "AbortError" && set({ url, error }),
    );
    return () => abort.abort();
  }, [url, round]);
  const fresh = state.url === url ? state : {};
  const data = fresh.data ?? (fresh.error || url === null ? undefined : kept.get(url));
  return { data, error: fresh.error, loading: url !== null && data === undefined && !fresh.error, reload };
}

/** Pages of a list that grow: `{items, total, error, loading, more}`. A cursor of an earlier generation begins anew. */
export function usePages(parts, query, limit = 100) {
  const first = call(parts, { ...query, limit });
  const [state, set] = useState({ first: null, items: [], total: null, next: null });
  const busy = useRef(null);
  const [round, again] = useState(0);
  const fetchPage = (cursor, items) => {
    const abort = new AbortController();
    busy.current = abort;
    ask(cursor ? call(parts, { ...query, limit, cursor }) : first, { signal: abort.signal }).then(
      (page) => {
        busy.current = null;
        set({ first, items: items.concat(page.items), total: page.total ?? page.items.length, next: page.next });
      },
      (error) => {
        if (error.name === "AbortError") return;
        busy.current = null;
        if (error.kind === "gone") again((count) => count + 1);
        else set((now) => ({ ...now, first, error }));
      },
    );
  };
  useEffect(() => {
    fetchPage(null, []);
    return () => busy.current?.abort();
  }, [first, round]);
  const current = state.first === first ? state : { items: [], total: null, next: null };
  const more = () => {
    if (current.next && !busy.current) fetchPage(current.next, current.items);
  };
  return { ...current, loading: current.total === null && !current.error, more };
}
