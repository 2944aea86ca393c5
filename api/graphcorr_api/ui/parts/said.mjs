// What people say of a finding: a verdict, notes, and rules that set findings like it aside. A detection changes nothing of it.
import { useState } from "../vendor/hooks.mjs";
import { ask, call, forget, send, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { named, short, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { Status } from "./badges.mjs";

const VERDICTS = [
  ["true_positive", "True positive", "It happened, and was an attack"],
  ["benign_positive", "Benign", "It happened, and was somebody's work or a test"],
  ["false_positive", "False positive", "It did not happen, or not so"],
  ["undetermined", "Undetermined", "Looked into, and not known"],
];

export const Verdict = ({ value }) => html`<${Status} value=${value} />`;

/** Whether who asks may say something. */
export function useMayWrite() {
  const role = useLoad(call(["session"])).data?.role;
  return role === "write" || role === "admin";
}

export function Said({ finding, caseId, changed }) {
  const may = useMayWrite();
  const [problem, setProblem] = useState(null);
  const [text, setText] = useState("");
  const act = (work) =>
    work.then(
      () => (forget(), setProblem(null), changed(), true),
      (error) => (setProblem(error.message), false),
    );
  const place = (...parts) => call(["cases", caseId, ...parts]);
  const judge = (value) => act(finding.verdict?.verdict === value ? ask(place("verdicts", finding.id), { method: "DELETE" }) : send(place("verdicts"), { finding: finding.id, verdict: value }));
  const write = async (event) => {
    event.preventDefault();
    if (text.trim() && (await act(send(place("notes"), { finding: finding.id, text })))) setText("");
  };
  const { suppressed, verdict, notes } = finding;
  return html`<section class="said" aria-label="What people say">
    <h2>What people say</h2>
    ${suppressed && html`<p class="notice">Set aside by ${suppressed.owner}${suppressed.expires ? ` until ${stamp(suppressed.expires)}` : ""}: ${suppressed.reason} <a href=${address(["cases", caseId, "suppressions"])}>The rules of this case</a></p>`}
    ${may && html`<div class="choice" role="group" aria-label="Verdict">${VERDICTS.map(([value, name, title]) => html`<button type="button" key=${value} title=${title} aria-pressed=${String(verdict?.verdict === value)} onClick=${() => judge(value)}>${name}</button>`)}</div>`}
    ${verdict ? html`<p>${!may && html`<${Verdict} value=${verdict.verdict} /> `}<span class="quiet">said ${verdict.author}, ${stamp(verdict.time)}</span>${verdict.reason && `: ${verdict.reason}`}</p>` : html`<p class="quiet">Nobody has said what this is.</p>`}
    ${notes.length > 0 && html`<ul class="lines">${notes.map((note) => html`<li key=${note.id}><p class="prose">${note.text}</p><span class="quiet">${note.author}, ${stamp(note.time)}</span> ${may && html`<button type="button" class="small" aria-label=${`Remove the note of ${note.author}, ${stamp(note.time)}`} onClick=${() => act(ask(place("notes", note.id), { method: "DELETE" }))}>Remove</button>`}</li>`)}</ul>`}
    ${may && html`<form onSubmit=${write}><label><span class="unseen">Note</span><textarea rows="2" maxlength="10000" placeholder="A note for whoever comes next" value=${text} onInput=${(event) => setText(event.target.value)}></textarea></label> <button type="submit" disabled=${!text.trim()}>Add the note</button></form>`}
    ${may && !suppressed && html`<${SetAside} finding=${finding} add=${(rule) => act(send(place("suppressions"), rule))} />`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
  </section>`;
}

/** A rule made of this finding: what of it has to be the same again. */
function SetAside({ finding, add }) {
  const signer = finding.traits.find((each) => each.what === "signer")?.value ?? null;
  const offered = [
    ["source", finding.source && (finding.source.host ?? finding.source.address), finding.source && short(named(finding.source))],
    ["account", finding.account, finding.account],
    ["signer", signer, signer],
    ["file", finding.file, finding.file],
  ].filter(([, value]) => value);
  const [chosen, choose] = useState(() => new Set(offered.map(([name]) => name)));
  const [reason, setReason] = useState("");
  const [expires, setExpires] = useState("30d");
  const enough = ["source", "account", "signer"].some((name) => chosen.has(name) && offered.some(([each]) => each === name));
  const turn = (name) => choose((now) => (now.has(name) ? new Set([...now].filter((each) => each !== name)) : new Set([...now, name])));
  const submit = (event) => {
    event.preventDefault();
    add({ pattern: finding.pattern, ...Object.fromEntries(offered.filter(([name]) => chosen.has(name)).map(([name, value]) => [name, value])), reason, ...(expires && { expires }) });
  };
  return html`<details class="aside"><summary>Set findings like this aside</summary>
    <form onSubmit=${submit}>
      <p class="quiet">Of the pattern ${finding.pattern}, with the same:</p>
      ${offered.map(([name, , told]) => html`<label key=${name} class="check"><input type="checkbox" checked=${chosen.has(name)} onChange=${() => turn(name)} /> ${words(name)} <code>${told}</code></label>`)}
      <label>Why <input type="text" required maxlength="2000" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
      <label>Until <select value=${expires} onChange=${(event) => setExpires(event.target.value)}>${[["7d", "in 7 days"], ["30d", "in 30 days"], ["26w", "in half a year"], ["", "somebody removes the rule"]].map(([value, name]) => html`<option value=${value} selected=${value === expires}>${name}</option>`)}</select></label>
      <button type="submit" disabled=${!enough || !reason.trim()}>Set aside</button>
      ${!enough && html`<p class="note">A rule needs a source, an account or a signer: a file alone would hide whoever uses it.</p>`}
      <p class="note">They stay counted and listed, and can be taken back.</p>
    </form>
  </details>`;
}
