// A case at a glance: what was found first, then what could not be seen, then what was read.
import { call, useLoad } from "../app/api.mjs";
import { address } from "../app/router.mjs";
import { count, counted, moment, short, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";
import { Confidence, Level, Status } from "../parts/badges.mjs";
import { Detect, Running } from "../parts/jobs.mjs";
import { Empty, Failure, Waiting } from "../parts/states.mjs";
import { Missing, reason, useKinds, useTitles } from "../parts/kinds.mjs";
import { Timeline } from "../parts/timeline.mjs";
import { Way } from "./paths.mjs";

const FEW = 5;
const LEVELS = ["critical", "high", "medium", "low", "informational"];

export function Overview({ caseId }) {
  const about = useLoad(call(["cases", caseId]));
  const { data, error, reload } = useLoad(call(["cases", caseId, "overview"]));
  useTitle(about.data?.name ?? "Overview");
  const again = () => (about.reload(), reload());
  const none = error?.kind === "not-detected";
  return html`<div class="page">
    <header class="heading">
      <div><h1>${about.data?.name ?? caseId}</h1>${data && html`<p class="note">${counted(data.inputs.files.length, "file")}, ${counted(data.inputs.events, "event")}${data.window ? html`, <strong>only ${stamp(data.window.since) || "the beginning"} to ${stamp(data.window.until) || "the end"}</strong>` : ""}</p>`}</div>
      <p class="actions">${data && html`<a class="button" download href=${call(["cases", caseId, "exports", "report.json"])}>Report as JSON</a> <a class="button" download href=${call(["cases", caseId, "exports", "report.txt"])}>as text</a>`} <a class="button" href=${address(["cases", caseId, "add"])}>Add logs</a>${about.data?.inputs > 0 && !none && html`<${Detect} caseId=${caseId} name="Look again" />`}</p>
    </header>
    <${Running} caseId=${caseId} done=${again} />
    ${about.error && html`<${Failure} error=${about.error}><a href="/">All cases</a></${Failure}>`}
    ${error && !none && !about.error && html`<${Failure} error=${error} retry=${reload} />`}
    ${none && about.data && (about.data.inputs ? html`<${Empty} title="Nothing was looked for yet"><p>${counted(about.data.events, "event")} of ${counted(about.data.inputs, "file")} are read.</p><p><${Detect} caseId=${caseId} name="Look for movement" main=${true} /></p></${Empty}>` : html`<${Empty} title="This case is empty"><p>Give it logs of hosts or of the network; what movement they show is then looked for.</p><p><a class="button main" href=${address(["cases", caseId, "add"])}>Add logs</a></p></${Empty}>`)}
    ${!data && !error && html`<${Waiting} />`}
    ${data && html`<${Found} overview=${data} caseId=${caseId} /><${History} baseline=${data.baseline} caseId=${caseId} /><${Unseen} overview=${data} caseId=${caseId} /><${Read} inputs=${data.inputs} />`}
  </div>`;
}

function Found({ overview, caseId }) {
  const timeline = useLoad(overview.findings ? call(["cases", caseId, "timeline"]) : null);
  const paths = useLoad(overview.paths ? call(["cases", caseId, "paths"], { limit: FEW }) : null);
  const gravest = LEVELS.find((level) => timeline.data?.bins.some((bin) => bin.level === level));
  const findings = useLoad(gravest ? call(["cases", caseId, "findings"], { level: gravest, sort: "-confidence", suppressed: "false", limit: FEW }) : null);
  const tiles = [["findings", overview.findings, "finding"], ["paths", overview.paths, "path"], ["hosts", overview.hosts, "host"], ["observations", overview.observations, "observation"], ["sightings", overview.sightings, "sighting"]];
  return html`
    <ul class="tiles">${tiles.map(([part, number, name]) => html`<li key=${part}><a href=${address(["cases", caseId, part])}><b>${count(number)}</b> ${number === 1 ? name : `${name}s`}</a></li>`)}</ul>
    ${overview.suppressed > 0 && html`<p class="note"><a href=${address(["cases", caseId, "findings"], { suppressed: "true" })}>${counted(overview.suppressed, "finding")}</a> of these ${overview.suppressed === 1 ? "is" : "are"} set aside by <a href=${address(["cases", caseId, "suppressions"])}>rules</a>.</p>`}
    ${overview.findings === 0 && html`<${Empty} title="Nothing was found"><p>That is worth only as much as what could be seen, which is said below.</p></${Empty}>`}
    ${timeline.data && html`<section aria-label="Findings over time"><h2>Findings over time</h2><${Timeline} timeline=${timeline.data} caseId=${caseId} /></section>`}
    <div class="halves">
      ${paths.data?.items.length > 0 && html`<section><h2>Longest paths</h2><ol class="cards">${paths.data.items.map(
        (path) => html`<li key=${path.id}><a href=${address(["cases", caseId, "paths", path.id])}><strong><${Way} hosts=${path.hosts} /></strong>
          <span class="note">${counted(path.hops.length, "hop")} in ${span(moment(path.last) - moment(path.first))} from ${stamp(path.first)}, score ${path.score.toFixed(2)}</span></a></li>`,
      )}</ol>${overview.paths > FEW && html`<p><a href=${address(["cases", caseId, "paths"])}>All ${count(overview.paths)} paths</a></p>`}</section>`}
      ${findings.data?.items.length > 0 && html`<section><h2>Gravest findings</h2><ol class="cards">${findings.data.items.map(
        (each) => html`<li key=${each.id}><a href=${address(["cases", caseId, "findings", each.id])}><strong>${each.title}</strong>
          <span class="badges"><${Level} value=${each.level} /> <${Confidence} value=${each.confidence} /> <span class="note">${each.source ? `${short(each.source.host ?? each.source.address)} → ` : ""}${short(each.target.host ?? each.target.address)}, ${stamp(each.time)}</span></span></a></li>`,
      )}</ol>${overview.findings > FEW && html`<p><a href=${address(["cases", caseId, "findings"])}>All ${count(overview.findings)} findings</a></p>`}</section>`}
    </div>`;
}

function Unseen({ overview, caseId }) {
  const { coverage, inputs, clocks } = overview;
  const kinds = useKinds();
  const titles = useTitles(caseId);
  const lacking = coverage.patterns.filter((each) => each.status !== "evaluated");
  const unread = lacking.filter((each) => each.hosts_missing.length === 0);
  const gaps = coverage.hosts.flatMap((host) => host.gaps.map((gap) => ({ host: host.host, ...gap })));
  const moved = clocks.filter((clock) => clock.offset_seconds !== 0);
  const said = [
    inputs.unfinished.length > 0 && `${counted(inputs.unfinished.length, "source")} not read to the end: ${inputs.unfinished.join(", ")}. What is missing was not judged.`,
    inputs.given_up.length > 0 && `${counted(inputs.given_up.length, "source")} given up before the end: ${inputs.given_up.join(", ")}.`,
    inputs.hostless > 0 && `${counted(inputs.hostless, "event")} ${inputs.hostless === 1 ? "names" : "name"} no machine and ${inputs.hostless === 1 ? "was" : "were"} not judged.`,
    inputs.lacking.length > 0 && `Read by an earlier version, without ${inputs.lacking.join(", ")}.`,
  ].filter(Boolean);
  return html`<section class="block" aria-label="What could not be seen">
    <h2>What could not be seen</h2>
    <p class="quiet">${coverage.patterns.length - lacking.length} of ${counted(coverage.patterns.length, "pattern")} ${coverage.patterns.length - lacking.length === 1 ? "was" : "were"} evaluated on every host.</p>
    ${said.length + lacking.length + gaps.length + moved.length === 0 && html`<p class="quiet">No log is known to have gaps.</p>`}
    ${said.map((each) => html`<p class="notice" key=${each}>${each}</p>`)}
    <${Missing} coverage=${coverage} caseId=${caseId} />
    ${unread.length > 0 && html`<ul class="lines">${unread.map((each) => html`<li key=${each.pattern}><${Status} value=${each.status} /> <strong>${titles(each.pattern)}</strong> <span class="quiet">${reason(each, kinds, coverage)}</span></li>`)}</ul>`}
    ${gaps.length > 0 && html`<ul class="lines">${gaps.slice(0, 20).map((gap) => html`<li key=${`${gap.host}${gap.from}`}><span class="status not_evaluated">gap</span> <a href=${address(["cases", caseId, "hosts", gap.host])}>${gap.host}</a> <span class="quiet">${stamp(gap.from)} to ${stamp(gap.to)}: ${gap.reason}</span></li>`)}</ul>`}
    ${moved.length > 0 && html`<p class="quiet">Clocks aligned: ${moved.slice(0, 8).map((clock) => `${short(clock.host)} ${clock.offset_seconds > 0 ? "+" : "−"}${span(clock.offset_seconds * 1000)}`).join(", ")}${moved.length > 8 ? ` and ${moved.length - 8} more` : ""}.</p>`}
    <p><a href=${address(["cases", caseId, "coverage"])}>Coverage by host and by pattern</a></p>
  </section>`;
}

const THINGS = { program: "Programs with connections", account: "Accounts that log on", client: "Machines that write files over SMB", "file type": "Types of files written to shares" };

/** What is new or rare since the moment until which all was said to be usual; nothing where nobody said so. */
function History({ baseline, caseId }) {
  if (!baseline) return null;
  const judged = baseline.histories.filter((each) => each.hosts > 0);
  const not = baseline.histories.filter((each) => each.not_judged.length > 0);
  return html`<section class="block" aria-label="New or rare">
    <h2>New or rare since ${stamp(baseline.until)}</h2>
    <p class="quiet">Until then all was said to be usual. What is new is not bad, and what is usual not good: it says where to look first.</p>
    ${baseline.histories.length === 0 && html`<p class="quiet">No log tells of programs with connections, logons or files written over SMB.</p>`}
    ${judged.length > 0 && html`<div class="scroll plain" tabindex="0" role="region" aria-label="New or rare things"><table>
      <thead><tr><th scope="col">Of what</th><th scope="col" class="number">New</th><th scope="col" class="number">New ones expected</th><th scope="col" class="number">Rare</th><th scope="col" class="number">Seen since</th><th scope="col" class="number">Hosts</th><th scope="col" class="number">Days of history</th></tr></thead>
      <tbody>${judged.map((each) => html`<tr key=${each.thing}><th scope="row">${THINGS[each.thing] ?? each.thing}</th><td class="number">${each.new_since > each.expected ? html`<strong>${count(each.new_since)}</strong>` : count(each.new_since)}</td><td class="number" title=${`${count(each.seen_once)} of ${count(each.days_before)} before were seen on one day only`}>${each.expected.toFixed(1)}</td><td class="number">${count(each.rare_since)}</td><td class="number">${count(each.seen_since)}</td><td class="number">${count(each.hosts)}</td><td class="number">up to ${count(each.days)}</td></tr>`)}</tbody>
    </table></div>`}
    ${not.map((each) => html`<p class="notice" key=${each.thing}>${THINGS[each.thing] ?? each.thing}: not judged on ${each.not_judged.slice(0, 5).map((one) => short(one.host)).join(", ")}${each.not_judged.length > 5 ? ` and ${counted(each.not_judged.length - 5, "more host")}` : ""}, for want of history.</p>`)}
    <p><a href=${address(["cases", caseId, "observations"])}>Each of them is an observation</a></p>
  </section>`;
}

function Read({ inputs }) {
  return html`<section class="block" aria-label="What was read">
    <h2>What was read</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Files"><table>
      <thead><tr><th scope="col">File</th><th scope="col">Became</th><th scope="col">Format</th><th scope="col" class="number">Records</th><th scope="col" class="number">Events</th><th scope="col" class="number">Skipped</th><th scope="col">From (UTC)</th><th scope="col">To</th></tr></thead>
      <tbody>${inputs.files.slice(0, 500).map(
        (each) => html`<tr key=${`${each.path}›${each.member}`}><td><code>${each.path.split("/").pop()}${each.member ? ` › ${each.member}` : ""}</code></td>
          <td><${Status} value=${each.status} />${each.reason && html` <span class="quiet">${each.reason}</span>`}</td><td>${words(each.format)}</td>
          <td class="number">${count(each.records)}</td><td class="number">${count(each.events)}</td><td class="number">${each.skipped ? html`<span class="alert">${count(each.skipped)}</span>` : "0"}</td>
          <td class="time">${stamp(each.first)}</td><td class="time">${stamp(each.last)}</td></tr>`,
      )}</tbody>
    </table></div>
    ${inputs.files.length > 500 && html`<p class="note">The first 500 of ${count(inputs.files.length)}; all of them are in the report.</p>`}
    ${inputs.skips.length > 0 && html`<details><summary>${counted(inputs.skipped, "record")} skipped</summary><ul class="lines">${inputs.skips.slice(0, 100).map((skip) => html`<li key=${`${skip.file}${skip.record}`}><code>${skip.file.split("/").pop()}${skip.record === null ? "" : ` record ${skip.record}`}</code> <span class="quiet">${skip.reason}</span></li>`)}</ul></details>`}
  </section>`;
}
