// The keyboard: views say what keys do while they are shown; the latest view that wants a key gets it.
import { useEffect, useRef } from "../vendor/hooks.mjs";

const stack = [];
let chord = null;

function writes(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

/** Each entry is [what the help says, what it does]; `skip` true lets the key go on to others. */
export function useKeys(bindings) {
  const held = useRef(bindings);
  held.current = bindings;
  useEffect(() => {
    stack.push(held);
    return () => stack.splice(stack.indexOf(held), 1);
  }, []);
}

/** What keys do at present, for the help. */
export function described() {
  const seen = new Map();
  for (const held of [...stack].reverse())
    for (const [key, [text]] of Object.entries(held.current)) if (text && !seen.has(key)) seen.set(key, text);
  return [...seen];
}

export function start() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const inField = writes(event.target);
    if (inField && event.key !== "Escape") return;
    // Enter and space on what has a meaning for them already are left to it.
    if ((event.key === "Enter" || event.key === " ") && event.target.closest?.("a, button, summary, [role=application]")) return;
    const key = chord ? `${chord} ${event.key}` : event.key;
    chord = null;
    for (const held of [...stack].reverse()) {
      const bound = held.current[key];
      if (bound) {
        event.preventDefault();
        bound[1](event);
        return;
      }
    }
    if (inField) event.target.blur();
    if (event.key === "g") chord = "g";
  });
}
