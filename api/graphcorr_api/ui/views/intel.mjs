// Intelligence that is known here: what was loaded, what was salvaged, what lies in quarantine and why.
import { useRef, useState } from "../vendor/hooks.mjs";
import { ask, call, send, useLoad, usePages } from "../app/api.mjs";
import { changed, usePlace } from "../app/router.mjs";
import { count, counted, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Status } from "../parts/badges.mjs";
import { Followed } from "../parts/jobs.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Search } from "./hosts.mjs";

const STATES = [["", "All"], ["loaded", "Loaded"], ["salvaged", "Salvaged"], ["quarantined", "Quarantine"]];

export function Intel() {
  useTitle("Intelligence");
  const { query } = usePlace();
  const status = query.get("status") ?? "";
  const { data, error, reload } = useLoad(call(["intel"]));
  const [job, setJob] = useState(null);
  const [round, again] = useState(0);
  const [problem, setProblem] = useState(null);
  const input = useRef(null);
  const load = async (files) => {
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    try {
      setJob((await ask(call(["intel"]), { method: "POST", body: form })).job.id);
      setProblem(null);
    } catch (failed) {
      setProblem(failed.message);
    }
  };
  const retry = () => send(call(["intel", "quarantine", "retry"]), {}).then((told) => setJob(told.job.id), (failed) => setProblem(failed.message));
  const ended = () => (reload(), again(round + 1));
  return html`<div class="page">
    <header class="heading"><div><h1>Intelligence</h1><p class="note">${data && `${data.attack ?? "no ATT&CK"}${data.releases.length ? `, ${counted(data.releases.length, "release")} of yours` : ", nothing of your own yet"}`}</p></div>
      <p class="actions"><button type="button" class="main" onClick=${() => input.current.click()}>Load STIX</button><input ref=${input} type="file" multiple class="unseen" aria-label="STIX files" tabindex="-1" onChange=${(event) => load(event.target.files)} /><button type="button" onClick=${retry}>Try the quarantine again</button></p></header>
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    ${job && html`<${Followed} key=${job} id=${job} ended=${ended} />`}
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${data && Object.keys(data.totals).length > 0 && html`<ul class="tiles">${Object.entries(data.totals).map(([name, value]) => html`<li key=${name}><span class="tile"><b>${typeof value === "number" ? count(value) : Object.values(value).reduce((one, other) => one + other, 0)}</b> ${words(name)}</span></li>`)}</ul>`}
    <div class="bar"><div class="choice" role="group" aria-label="State">${STATES.map(([value, name]) => html`<a key=${value} class="button" aria-current=${value === status ? "true" : undefined} href=${changed({ status: value, row: null })}>${name}</a>`)}</div></div>
    <${Search} text=${query.get("q")} label="Look for a name or id" />
    <${Records} key=${round} asked=${{ status, q: query.get("q") }} />
  </div>`;
}

function Records({ asked }) {
  const { items, total, error, loading, more, next } = usePages(["intel", "records"], asked);
  if (error) return html`<${Failure} error=${error} />`;
  if (loading) return html`<${Waiting} />`;
  if (total === 0) return html`<${Empty} title=${asked.status === "quarantined" ? "Nothing is in quarantine" : "No record"}><p>${asked.status || asked.q ? "Nothing fits." : "Load STIX 2.1 bundles of your own: their indicators are looked for in every case, their software and actors are named in attributions. ATT&CK itself is always there."}</p></${Empty}>`;
  return html`<ul class="open">${items.map((each) => html`<li key=${each.id ?? each.stix_id}><details>
      <summary><${Status} value=${each.status ?? "loaded"} /> <strong>${each.name ?? each.id}</strong> <code class="tag">${each.type}</code><span class="fill"></span><span class="quiet">${each.reason ?? ""}</span></summary>
      <dl class="plain">${Object.entries(each).filter(([, value]) => value !== null && value !== "" && value?.length !== 0).map(([name, value]) => html`<div key=${name}><dt>${words(name)}</dt><dd>${typeof value === "object" ? html`<code>${JSON.stringify(value)}</code>` : String(value)}</dd></div>`)}</dl>
    </details></li>`)}</ul>
    ${next && html`<p><button type="button" onClick=${more}>Show more</button> <span class="note">${count(items.length)} of ${count(total)}</span></p>`}`;
}
