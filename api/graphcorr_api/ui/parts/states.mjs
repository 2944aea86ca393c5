// What stands where there is nothing yet, nothing at all, or a refusal: each says what to do next.
import { html } from "../app/html.mjs";
import { useEffect, useState } from "../vendor/hooks.mjs";

/** Shown only once waiting is felt. */
export function Waiting({ what = "Loading" }) {
  const [late, set] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => set(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return html`<p class="waiting" role="status">${late ? `${what} …` : ""}</p>`;
}

/** `alone` where a view has no other heading. */
export function Empty({ title, alone, children }) {
  return html`<div class="empty"><${alone ? "h1" : "h2"}>${title}</>${children}</div>`;
}

const NEXT = {
  unreachable: "Start it again with graphcorr serve, then try again.",
  "not-found": "It may be of an earlier detection: look for it in the list.",
  unavailable: "It is busy; try again in a moment.",
  "bad-request": "Take back the last filter or change of the address.",
};

export function Failure({ error, retry, alone, children }) {
  return html`<div class="empty failure" role="alert">
    <${alone ? "h1" : "h2"}>${error.title}</>
    <p>${error.message}</p>
    ${NEXT[error.kind] && html`<p>${NEXT[error.kind]}</p>`}
    <p>${retry && html`<button type="button" class="main" onClick=${retry}>Try again</button>`} ${children}</p>
  </div>`;
}
