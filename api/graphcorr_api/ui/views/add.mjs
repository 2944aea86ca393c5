// Logs for a case: dropped or chosen, sent, read, and looked at.
import { useRef, useState } from "../vendor/hooks.mjs";
import { call, send } from "../app/api.mjs";
import { address, go } from "../app/router.mjs";
import { counted } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTitle } from "../app/title.mjs";
import { Followed } from "../parts/jobs.mjs";

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`);

/** Sent with the part of it that is on its way; resolves to the job. */
function upload(caseId, files, told) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", call(["cases", caseId, "events"]));
    request.responseType = "json";
    request.upload.onprogress = (event) => told(event.lengthComputable ? event.loaded / event.total : null);
    request.onload = () => (request.status === 202 ? resolve(request.response.job) : reject(new Error(request.response?.detail ?? `The server refused it (HTTP ${request.status})`)));
    request.onerror = () => reject(new Error("The connection broke off. Send it again: what has arrived is not counted twice."));
    request.send(form);
  });
}

export function Add({ caseId }) {
  useTitle("Add logs");
  const input = useRef(null);
  const [files, setFiles] = useState([]);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(null);
  const [looks, setLooks] = useState(true);
  const [job, setJob] = useState(null);
  const [problem, setProblem] = useState(null);
  const take = (list) => (setFiles([...files, ...list]), setProblem(null));
  useKeys({ u: ["choose files", () => input.current.click()] });
  const start = async () => {
    setProblem(null);
    setSent(0);
    try {
      const made = await upload(caseId, files, setSent);
      setJob({ id: made.id, kind: "ingest" });
      setFiles([]);
    } catch (error) {
      setProblem(error.message);
    }
    setSent(null);
  };
  const ended = async (done) => {
    if (done.state !== "done") return;
    if (job.kind === "detect") return go(address(["cases", caseId]));
    if (!looks) return;
    try {
      const next = await send(call(["cases", caseId, "detect"]), {});
      setJob({ id: next.job.id, kind: "detect" });
    } catch (error) {
      setProblem(error.message);
    }
  };
  return html`<div class="page">
    <header class="heading"><h1>Add logs</h1></header>
    <div class=${over ? "drop over" : "drop"} onDragOver=${(event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)} onDrop=${(event) => (event.preventDefault(), setOver(false), take(event.dataTransfer.files))}>
      <p><strong>Drop files here</strong></p>
      <p class="quiet">Event logs (.evtx), Sysmon, Zeek, Suricata, JSON lines, CSV, or archives of them; what they are is told by their content.</p>
      <p><button type="button" class="main" onClick=${() => input.current.click()}>Choose files</button></p>
      <input ref=${input} type="file" multiple class="unseen" aria-label="Files" tabindex="-1" onChange=${(event) => take(event.target.files)} />
    </div>
    ${files.length > 0 &&
    html`<section class="block"><h2>${counted(files.length, "file")} to send, ${size(files.reduce((sum, file) => sum + file.size, 0))}</h2>
      <ul class="lines">${files.map((file, index) => html`<li key=${index}><code>${file.name}</code> <span class="quiet">${size(file.size)}</span> <button type="button" class="small" disabled=${sent !== null} aria-label=${`Leave out ${file.name}`} onClick=${() => setFiles(files.filter((each) => each !== file))}>Leave out</button></li>`)}</ul>
      <p><label><input type="checkbox" checked=${looks} onChange=${(event) => setLooks(event.target.checked)} /> look for movement when they are read</label></p>
      <p class="actions"><button type="button" class="main" disabled=${sent !== null} onClick=${start}>Send</button>${sent !== null && html`<progress max="1" value=${sent ?? undefined} aria-label="Sent"></progress>`}</p>
    </section>`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    ${job && html`<section class="block"><h2>What happens now</h2><${Followed} key=${job.id} id=${job.id} ended=${ended} /></section>`}
    <p><a href=${address(["cases", caseId])}>Back to the overview</a></p>
  </div>`;
}
