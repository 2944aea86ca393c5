// Buttons that copy a text.
import { useState } from "../vendor/hooks.mjs";
import { call, useLoad } from "../app/api.mjs";
import { html } from "../app/html.mjs";

const quoted = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** The Cypher that shows a node with all around it, for Neo4j Browser or POST /v1/cases/{case}/cypher. */
export function CopyCypher({ label, id }) {
  const cypher = `MATCH (n:${label} {id: ${quoted(id)}})-[e]-(other)\nRETURN n, e, other LIMIT 300`;
  const browser = useLoad(call(["session"])).data?.neo4j_browser;
  return html`<${Copy} text=${cypher} name="Copy Cypher" />${browser && html` <a class="button small" target="_blank" rel="noreferrer" href=${`${browser}?cmd=edit&arg=${encodeURIComponent(cypher)}`}>Open in Neo4j Browser</a>`}`;
}

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
