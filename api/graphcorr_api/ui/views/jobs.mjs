// The jobs of the server, or of one case, with what becomes of those that run.
import { usePages } from "../app/api.mjs";
import { usePlace } from "../app/router.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Job, isOver, useJob } from "../parts/jobs.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { useState } from "../vendor/hooks.mjs";

export function Jobs({ caseId }) {
  const { query } = usePlace();
  const [round, again] = useState(0);
  return html`<${List} key=${round} caseId=${caseId ?? query.get("case")} again=${() => again(round + 1)} />`;
}

function List({ caseId, again }) {
  useTitle("Jobs");
  const { items, next, error, loading, more, total } = usePages(["jobs"], { case: caseId }, 50);
  return html`<div class="page">
    <header class="heading"><h1>Jobs</h1><button type="button" onClick=${again}>Ask again</button></header>
    ${error && html`<${Failure} error=${error} retry=${again} />`}
    ${loading && total === null && html`<${Waiting} />`}
    ${!loading && items.length === 0 && !error && html`<${Empty} title="No job"><p>Reading logs and looking for movement are jobs: they are followed here.</p></${Empty}>`}
    <div class="jobs">${items.map((job) => html`<${Live} key=${job.id} job=${job} again=${again} />`)}</div>
    ${next && html`<p><button type="button" onClick=${more}>Show earlier ones</button></p>`}
  </div>`;
}

function Live({ job, again }) {
  const now = useJob(isOver(job) ? null : job.id, again);
  return html`<${Job} job=${now ?? job} changed=${again} />`;
}
