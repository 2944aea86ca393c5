// Buttons that copy a text.
import { useState } from "../vendor/hooks.mjs";
import { html } from "../app/html.mjs";

export function Copy({ text, name = "Copy" }) {
  const [done, set] = useState(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      set("Copied");
    } catch {
      set("Select the text and copy it by hand: the browser does not let this page do it");
    }
    setTimeout(() => set(null), 2500);
  };
  return html`<button type="button" class="small" onClick=${copy}><span aria-live="polite">${done ?? name}</span></button>`;
}
