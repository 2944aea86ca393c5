// All cases of the server, and a new one.
import { useState } from "../vendor/hooks.mjs";
import { call, send, useLoad } from "../app/api.mjs";
import { address, go } from "../app/router.mjs";
import { count, counted, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Table } from "../parts/table.mjs";

const COLUMNS = [
  { id: "name", name: "Case", cell: (each) => html`<strong>${each.name}</strong>` },
  { id: "state", name: "State", cell: (each) => (each.generation ? "looked at" : each.inputs ? html`<span class="alert">not looked at yet</span>` : "empty") },
  { id: "inputs", name: "Files", className: "number", cell: (each) => count(each.inputs) },
  { id: "events", name: "Events", className: "number", cell: (each) => count(each.events) },
  { id: "skipped", name: "Skipped", className: "number", cell: (each) => (each.skipped ? html`<span class="alert">${count(each.skipped)}</span>` : "0") },
  { id: "created", name: "Made (UTC)", className: "time", cell: (each) => stamp(each.created).slice(0, 19) },
];

export function Cases() {
  useTitle("Cases");
  const { data, error, reload } = useLoad(call(["cases"]));
  return html`<div class="page">
    <header class="heading"><h1>Cases</h1><${NewCase} /></header>
    ${error && html`<${Failure} error=${error} retry=${reload} />`}
    ${!data && !error && html`<${Waiting} />`}
    ${data?.items.length === 0 && html`<${Empty} title="No case yet"><p>Make one and give it logs: Windows event logs, Sysmon, Zeek, Suricata, as files, archives or JSON lines.</p></${Empty}>`}
    ${data?.items.length > 0 &&
    html`<p class="note">${counted(data.items.length, "case")}, the newest first</p>
      <${Table} label="Cases" columns=${COLUMNS} rows=${data.items} keyOf=${(each) => each.id} brief=${(each) => `${counted(each.inputs, "file")}, ${counted(each.events, "event")}${each.generation ? "" : ", not looked at yet"}`} href=${(each) => address(["cases", each.id])} />`}
  </div>`;
}

function NewCase() {
  const [name, set] = useState("");
  const [problem, setProblem] = useState(null);
  const make = async (event) => {
    event.preventDefault();
    try {
      const made = await send(call(["cases"]), { name: name.trim() });
      go(address(["cases", made.id, "add"]));
    } catch (error) {
      setProblem(error.message);
    }
  };
  return html`<form class="inline" onSubmit=${make}>
    <label>New case <input value=${name} required maxlength="200" placeholder="Branch office, March" onInput=${(event) => set(event.target.value)} /></label>
    <button type="submit" class="main" disabled=${!name.trim()}>Make it</button>
    ${problem && html`<p role="alert" class="alert">${problem}</p>`}
  </form>`;
}
