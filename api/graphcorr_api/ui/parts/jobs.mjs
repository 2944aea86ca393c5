// Jobs: asked for, followed while they run, and what became of them.
import { useEffect, useRef, useState } from "../vendor/hooks.mjs";
import { ask, call, forget, send } from "../app/api.mjs";
import { count, span, moment, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { Status } from "./badges.mjs";

const OVER = new Set(["done", "failed", "canceled"]);
const EVERY = 1500;
export const isOver = (job) => OVER.has(job.state);

/** A job as it is now: told by the server's events, by asking where these do not come. */
export function useJob(id, ended) {
  const [job, set] = useState(null);
  const told = useRef(ended);
  told.current = ended;
  useEffect(() => {
    if (!id) return undefined;
    let timer = 0;
    let closed = false;
    const events = new EventSource(call(["jobs", id, "events"]));
    const take = (next) => {
      if (closed) return;
      set(next);
      if (isOver(next)) {
        stop();
        forget();
        told.current?.(next);
      }
    };
    const poll = () => ask(call(["jobs", id])).then(take, () => {}).finally(() => !closed && (timer = setTimeout(poll, EVERY)));
    const stop = () => {
      closed = true;
      events.close();
      clearTimeout(timer);
    };
    events.addEventListener("job", (event) => take(JSON.parse(event.data)));
    events.addEventListener("error", () => {
      events.close();
      if (!closed && !timer) poll();
    });
    return stop;
  }, [id]);
  return job?.id === id ? job : null;
}

/** One job with its progress; `retry` and `cancel` where they make sense. */
export function Job({ job, changed }) {
  const [problem, setProblem] = useState(null);
  const act = (url, method) => ask(url, { method }).then(() => changed?.(), (error) => setProblem(error.message));
  const part = job.total ? Math.min(job.done / job.total, 1) : null;
  const took = job.started && job.finished ? span(moment(job.finished) - moment(job.started)) : null;
  return html`<div class="job" role="status">
    <div><strong>${job.kind === "ingest" ? "Reading logs" : "Looking for movement"}</strong> <${Status} value=${job.state} /> <span class="quiet">${job.state === "running" ? words(job.phase) : ""}${took ? `took ${took}` : ""}${job.author && job.author !== "local" ? ` by ${job.author}` : ""}</span></div>
    ${job.state === "running" && html`<progress max="1" value=${part ?? undefined} aria-label="Progress"></progress>`}
    ${job.state === "running" && job.total > 0 && html`<span class="note">${count(job.done)} of ${count(job.total)}</span>`}
    ${job.problem && html`<p class="alert">${job.problem}</p>`}
    ${job.result && html`<p class="note">${Object.entries(job.result).map(([name, value]) => `${count(value)} ${words(name)}`).join(", ")}</p>`}
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    <p class="actions"><time class="quiet">${stamp(job.created.replace("+00:00", "Z"))}</time>
      ${!isOver(job) && html`<button type="button" class="small" onClick=${() => act(call(["jobs", job.id]), "DELETE")}>Cancel</button>`}
      ${job.state === "failed" && html`<button type="button" class="small" onClick=${() => act(call(["jobs", job.id, "retry"]), "POST")}>Try again</button>`}
    </p>
  </div>`;
}

/** The jobs of a case that are not over yet; `done` is told when one is. */
export function Running({ caseId, done }) {
  const [ids, setIds] = useState([]);
  const [round, again] = useState(0);
  useEffect(() => {
    const find = () =>
      Promise.all(["queued", "running"].map((state) => ask(call(["jobs"], { case: caseId, state })))).then(
        (pages) => setIds(pages.flatMap((page) => page.items).map((job) => job.id)),
        () => {},
      );
    find();
    const hear = () => again((number) => number + 1);
    addEventListener("graphcorr:job", hear);
    return () => removeEventListener("graphcorr:job", hear);
  }, [caseId, round]);
  return html`${ids.map((id) => html`<${Followed} key=${id} id=${id} ended=${() => (done?.(), again((number) => number + 1))} />`)}`;
}

export function Followed({ id, ended }) {
  const job = useJob(id, ended);
  return job && html`<${Job} job=${job} />`;
}

/** Asks for a detection; whoever shows the jobs of the case follows it. */
export function Detect({ caseId, name, main }) {
  const [state, set] = useState(null);
  const start = async () => {
    set({ busy: true });
    try {
      await send(call(["cases", caseId, "detect"]), {});
      dispatchEvent(new Event("graphcorr:job"));
      set(null);
    } catch (error) {
      set({ problem: error.message });
    }
  };
  return html`<button type="button" class=${main ? "main" : ""} disabled=${state?.busy} onClick=${start}>${name}</button>${state?.problem && html`<span class="alert" role="alert">${state.problem}</span>`}`;
}
