// A case's own patterns: what is there, and a form in which one is written, checked and kept.
import { useRef, useState } from "../vendor/hooks.mjs";
import { ask, call, forget, send, useLoad } from "../app/api.mjs";
import { go, address } from "../app/router.mjs";
import { counted, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Level, Techniques } from "../parts/badges.mjs";
import { Copy } from "../parts/copy.mjs";
import { useMayWrite } from "../parts/said.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";

const TACTICS = [
  "reconnaissance", "resource_development", "initial_access", "execution", "persistence", "privilege_escalation", "defense_evasion",
  "credential_access", "discovery", "lateral_movement", "collection", "command_and_control", "exfiltration", "impact",
];
const BEGUN = `/*---
id: logon-of-one-account
title: Logon of one account
status: experimental
level: medium
description: What it is, why it matters, and what it is not.
attack: [T1078]
needs: [Logon]
result: finding
identity: [logon]
evidence: [logons]
---*/
MATCH (logon:Logon)-[:PERFORMED_BY]->(account:Account)
WHERE account.name = 'former'
RETURN logon.id AS logon, collect(DISTINCT logon.id) AS logons
`;

export function OwnPatterns({ caseId }) {
  useTitle("Own patterns");
  const place = call(["cases", caseId, "patterns"]);
  const { data, error, reload } = useLoad(place);
  const may = useMayWrite();
  const [draft, setDraft] = useState(null);
  const [problem, setProblem] = useState(null);
  const [changed, setChanged] = useState(false);
  const failed = (refused) => setProblem(refused.message);
  const done = () => (forget(), reload(), setProblem(null), setChanged(true));
  const remove = (id) => ask(call(["cases", caseId, "patterns", id]), { method: "DELETE" }).then(done, failed);
  const detect = () => send(call(["cases", caseId, "detect"]), {}).then(() => (forget(), go(address(["cases", caseId, "jobs"]))), failed);
  const items = data?.items ?? [];
  return html`<div class="page">
    <header class="heading"><div><p class="crumbs"><a href="/patterns">Patterns that every case has</a></p><h1>Own patterns</h1></div>
      ${may && !draft && html`<p class="actions"><button type="button" onClick=${() => setDraft({ text: BEGUN, tactic: "lateral_movement" })}>Write one</button></p>`}</header>
    <p class="note">The detections of this case alone run them, beside the others. One that takes too long is not evaluated, and the coverage says so.</p>
    ${changed && html`<p class="notice" role="status">The next detection runs the patterns as they are now. ${may && html`<button type="button" class="small" onClick=${detect}>Detect now</button>`}</p>`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    ${draft && html`<${Form} key=${draft.text} caseId=${caseId} draft=${draft} close=${() => setDraft(null)} kept=${() => (setDraft(null), done())} />`}
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data && !error && html`<${Waiting} />`}
    ${data && items.length === 0 && !draft && html`<${Empty} title="This case has no pattern of its own"><p>${may ? "Write one here, or keep a file: " : "Keep one: "}<code>graphcorr patterns add FILE --case DIR</code></p></${Empty}>`}
    <ul class="open">${items.map(
      (each) => html`<li key=${each.id} class="rule">
        <p class="badges"><strong>${each.title}</strong> <${Level} value=${each.level} /> <code class="tag">${each.id}</code> <${Techniques} values=${each.techniques} /></p>
        <p>${each.description}</p>
        <details><summary>Cypher <span class="quiet">${words(each.tactic)}, makes ${each.result === "finding" ? "findings" : "observations"}, needs ${each.needs.join(", ")}</span></summary>
          <p><${Copy} text=${each.cypher} name="Copy Cypher" /></p><pre class="raw code" tabindex="0">${each.cypher}</pre></details>
        ${may && html`<p class="actions"><button type="button" class="small" aria-label=${`Change ${each.id}`} onClick=${() => setDraft({ text: each.cypher, tactic: each.tactic })}>Change</button> <button type="button" class="small" aria-label=${`Remove ${each.id}`} onClick=${() => remove(each.id)}>Remove</button></p>`}
      </li>`,
    )}</ul>
  </div>`;
}

function Form({ caseId, draft, close, kept }) {
  const [text, setText] = useState(draft.text);
  const [tactic, setTactic] = useState(draft.tactic);
  const [checked, setChecked] = useState(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const field = useRef(null);
  const work = async (task) => {
    setBusy(true);
    setProblem(null);
    try {
      await task();
    } catch (error) {
      setProblem(error.message);
    }
    setBusy(false);
  };
  const check = () => work(async () => setChecked(await send(call(["patterns", "check"]), { text, tactic })));
  const keep = (event) => {
    event.preventDefault();
    return work(async () => {
      const found = await send(call(["patterns", "check"]), { text, tactic });
      setChecked(found);
      if (found.problems.length > 0) return;
      await send(call(["cases", caseId, "patterns"]), { text, tactic });
      kept();
    });
  };
  /** The cursor stands where a problem is. */
  const show = ({ line, column }) => {
    const lines = text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    field.current.focus();
    field.current.setSelectionRange(start, Math.max(start, lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, -1)));
  };
  const change = (event) => (setText(event.target.value), setChecked(null));
  return html`<form class="writing block" aria-label="A pattern" onSubmit=${keep}>
    <label>Header and Cypher <textarea ref=${field} rows="18" required maxlength="65536" spellcheck="false" class="code" value=${text} onInput=${change} aria-invalid=${String(checked?.problems.length > 0)} aria-describedby="checked"></textarea></label>
    <label>Tactic <select value=${tactic} onChange=${(event) => setTactic(event.target.value)}>${TACTICS.map((each) => html`<option key=${each} value=${each} selected=${each === tactic}>${words(each)}</option>`)}</select></label>
    <div id="checked" role="status">
      ${busy && html`<${Waiting} what="Checking" />`}
      ${!busy && checked?.problems.length === 0 && html`<p class="notice">Nothing is wrong with it: it binds on the engine.</p>`}
      ${!busy && checked?.problems.length > 0 && html`<p class="alert">${counted(checked.problems.length, "problem")}</p>
        <ul class="lines">${checked.problems.map((each) => html`<li key=${`${each.line} ${each.column} ${each.reason}`}><button type="button" class="small" aria-label=${`Show line ${each.line}, column ${each.column}`} onClick=${() => show(each)}>${each.line}:${each.column}</button> ${each.reason}</li>`)}</ul>`}
      ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    </div>
    <p class="actions"><button type="submit" disabled=${busy || !text.trim()}>Keep it in this case</button> <button type="button" disabled=${busy || !text.trim()} onClick=${check}>Check</button> <button type="button" onClick=${close}>Cancel</button></p>
  </form>`;
}
