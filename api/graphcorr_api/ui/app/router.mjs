// Where one is: a path with a view, and a query with filters, window and selection. All of it is in the address, so it can be shared.
import { useEffect, useState } from "../vendor/hooks.mjs";

const listeners = new Set();

/** The address as views read it. */
export function place() {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** Go to an address of this interface. `replace` is for what "back" should not undo step by step, as typing does. */
export function go(href, { replace = false } = {}) {
  const now = location.pathname + location.search;
  if (href === now) return;
  const samePath = new URL(href, location.href).pathname === location.pathname;
  history[replace ? "replaceState" : "pushState"](null, "", href);
  if (!samePath) scrollTo(0, 0);
  tell();
}

/** The present address with some of the query changed; null and "" take a parameter away. */
export function changed(changes, base = place()) {
  const query = new URLSearchParams(base.query);
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const each of [value].flat()) if (each !== null && each !== undefined && each !== "") query.append(name, String(each));
  }
  const text = query.toString();
  return base.path + (text ? `?${text}` : "");
}

/** An address out of parts of a path, each of which may come from a log. */
export function address(parts, query = {}) {
  return changed(query, { path: "/" + parts.map(encodeURIComponent).join("/"), query: new URLSearchParams() });
}

export function usePlace() {
  const [now, set] = useState(place);
  useEffect(() => {
    const listen = () => set(place());
    listeners.add(listen);
    listen();
    return () => listeners.delete(listen);
  }, []);
  return now;
}

/** The values of `:names` in a pattern that the path has, or null. */
export function matched(pattern, path) {
  const wanted = pattern.split("/").filter(Boolean);
  const parts = path.split("/").filter(Boolean);
  if (wanted.length !== parts.length) return null;
  const values = {};
  for (let index = 0; index < wanted.length; index += 1) {
    if (!wanted[index].startsWith(":")) {
      if (wanted[index] !== parts[index]) return null;
    } else {
      try {
        values[wanted[index].slice(1)] = decodeURIComponent(parts[index]);
      } catch {
        return null;
      }
    }
  }
  return values;
}

function tell() {
  for (const listen of listeners) listen();
}

/** Links to views are followed here; all others, new tabs and downloads are left to the browser. */
export function start() {
  addEventListener("popstate", tell);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const target = new URL(link.href);
    if (target.origin !== location.origin || target.pathname.startsWith("/v1/") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    go(target.pathname + target.search);
  });
}
