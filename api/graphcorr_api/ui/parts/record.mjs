// One log record as evidence: where it lies, its time as logged and as aligned, its fields, and its text as it stood in the log.
import { useMemo } from "../vendor/hooks.mjs";
import { changed, go, usePlace } from "../app/router.mjs";
import { counted, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { Copy } from "./copy.mjs";

const MOST_FIELDS = 400;
const OF_EVENT = /^Event\.(EventData|UserData)\./;
const OF_HEADER = /^(Event\.)?(System\b|#attributes)/;
/** Characters up to which a decoded command is shown at once. */
const SHORT = 2000;

/** `record` is `{evidence, raw, offset_seconds, names}`; `sought` are values that the finding names, which are marked. */
export function Record({ record, sought = [], children }) {
  const { query } = usePlace();
  const { evidence, raw, names, offset_seconds: offset } = record;
  const fields = useMemo(() => foremost(fieldsOf(raw, names)), [raw, names]);
  const asLogged = query.get("as") === "logged" || fields === null;
  return html`<section class="record" aria-label="Record">
    <header>
      <h3>${words(evidence.role)}</h3>
      <p class="says">${evidence.summary}</p>
      ${children}
    </header>
    <dl class="times">
      <div><dt>Logged</dt><dd><time>${evidence.original_time}</time></dd></div>
      <div><dt>Aligned (UTC)</dt><dd><time>${stamp(evidence.time)}</time></dd></div>
      <div><dt>Clock</dt><dd>${offset === 0 ? "as logged" : `${offset > 0 ? "+" : "−"}${span(offset * 1000)} added`}</dd></div>
    </dl>
    <dl class="facts">
      <div><dt>Host</dt><dd>${evidence.host ?? "not named"}</dd></div>
      <div><dt>Log</dt><dd>${evidence.channel ?? "–"}${evidence.record_id !== null && html` <span class="quiet">record id ${evidence.record_id}</span>`}</dd></div>
      <div><dt>File</dt><dd><code>${evidence.file}${evidence.member ? ` › ${evidence.member}` : ""}</code> <span class="quiet">record ${evidence.record}</span></dd></div>
    </dl>
    <${Decoded} texts=${record.decoded} />
    <div class="bar">
      <div class="choice" role="group" aria-label="Shown">
        <button type="button" aria-pressed=${String(!asLogged)} disabled=${fields === null} onClick=${() => go(changed({ as: null }), { replace: true })}>Fields</button>
        <button type="button" aria-pressed=${String(asLogged)} onClick=${() => go(changed({ as: "logged" }), { replace: true })}>As logged</button>
      </div>
      <span class="note">${fields ? counted(fields.length, "field") : ""}</span>
      <${Copy} text=${raw} name="Copy record" />
    </div>
    ${asLogged
      ? html`<pre class="raw" tabindex="0" aria-label="Record as logged">${raw}</pre>`
      : html`<div class="fields" tabindex="0" role="region" aria-label="Fields of the record"><table><tbody>
          ${fields.slice(0, MOST_FIELDS).map(([name, value], index) => html`<tr key=${index}><th scope="row">${name}</th><td>${marked(value, sought)}</td></tr>`)}
        </tbody></table></div>`}
  </section>`;
}

/** Encoded commands in words, beside what was logged: text, whatever it says. */
export function Decoded({ texts }) {
  if (!texts.length) return null;
  return html`<div class="decoded">${texts.map((text, index) => html`<details key=${index} open=${text.length <= SHORT}><summary>${index ? "which has one in it that says" : "Its encoded command says"}</summary><pre tabindex="0" aria-label="Decoded command">${text}</pre><${Copy} text=${text} name="Copy decoded" /></details>`)}</div>`;
}

/** What an event of Windows is about, before the header that all of them have. */
function foremost(fields) {
  if (fields === null) return null;
  const named = fields.map(([name, value]) => [name.replace(OF_EVENT, ""), value]);
  return [...named.filter(([name]) => !OF_HEADER.test(name)), ...named.filter(([name]) => OF_HEADER.test(name))];
}

/** [name, value] of each field of JSON, of a row of columns, or of an event in XML; null for what has none. */
function fieldsOf(raw, names) {
  if (names.some(Boolean)) return raw.replace(/[\r\n]+$/, "").split("\t").map((value, index) => [names[index] ?? `column ${index + 1}`, value]);
  const text = raw.trim();
  if (text.startsWith("{")) {
    try {
      return flattened(JSON.parse(text, asWritten));
    } catch {
      return null;
    }
  }
  return text.startsWith("<") ? elementsOf(text) : null;
}

/** Numbers stay as they were written: 64 bits do not fit into one here. A browser that does not tell how they were has the text as logged. */
function asWritten(_, value, context) {
  if (typeof value !== "number") return value;
  if (context?.source === undefined && !Number.isSafeInteger(value)) throw new RangeError("a number may have changed");
  return context?.source ?? String(value);
}

function flattened(value, name = "", found = []) {
  if (value !== null && typeof value === "object" && Object.keys(value).length) {
    for (const [key, inner] of Object.entries(value)) flattened(inner, Array.isArray(value) ? `${name}[${key}]` : name ? `${name}.${key}` : key, found);
  } else found.push([name, typeof value === "string" ? value : JSON.stringify(value)]);
  return found;
}

/** Parsed into a document of its own that is never shown: only its texts are. */
function elementsOf(text) {
  const parsed = new DOMParser().parseFromString(text, "application/xml");
  if (parsed.querySelector("parsererror")) return null;
  const found = [];
  const walk = (element, path) => {
    const name = element.getAttribute("Name");
    const here = name && element.localName === "Data" ? name : element.localName;
    const full = path && here !== name ? `${path}.${here}` : here;
    for (const each of element.attributes) if (each.name !== "xmlns" && !(each.name === "Name" && here === name)) found.push([`${full}@${each.name}`, each.value]);
    if (element.children.length) for (const child of element.children) walk(child, element === parsed.documentElement ? "" : full);
    else if (element.textContent.trim() || here === name) found.push([full, element.textContent]);
  };
  walk(parsed.documentElement, "");
  return found;
}

/** A value with what the finding names in it marked. */
function marked(value, sought) {
  const folded = value.toLowerCase();
  for (const each of sought) {
    const at = folded.indexOf(each.toLowerCase());
    if (at >= 0 && each.length > 3) return [value.slice(0, at), html`<mark>${value.slice(at, at + each.length)}</mark>`, value.slice(at + each.length)];
  }
  return value;
}

/** What of a finding is worth finding again in its records, the longest first. */
export function soughtIn(finding) {
  const ends = [finding.source, finding.target].filter(Boolean).flatMap((end) => [end.address, end.host]);
  const runs = finding.executions.map((each) => each.image);
  const account = finding.account?.split("\\").pop();
  const base = finding.file?.split(/[\\/]/).pop();
  return [...new Set([finding.file, ...runs, ...ends, base, account].filter(Boolean))].sort((one, other) => other.length - one.length);
}
