// What the selected mark of the lanes rests on: its step and the raw records of it, beside the lanes.
import { useEffect, useRef } from "../vendor/hooks.mjs";
import { call, useLoad } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { clock, named, short, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { wayTo } from "../lanes/draw.mjs";
import { label, markName, markNamed, stepsOf } from "../lanes/model.mjs";
import { Basis, Confidence, Level } from "./badges.mjs";
import { Record, soughtIn } from "./record.mjs";
import { Failure, Waiting } from "./states.mjs";

export function Selection({ model, caseId, children }) {
  const { query } = usePlace();
  const mark = markNamed(model, query.get("sel"));
  const aside = useRef(null);
  // Below the lanes, on a narrow screen, it would not be noticed.
  useEffect(() => {
    if (mark && matchMedia("(max-width: 1100px)").matches) aside.current.scrollIntoView({ block: "nearest" });
  }, [mark]);
  return html`<aside class="side" ref=${aside} aria-label="Selection">${mark ? html`<${Chosen} key=${mark.hop.id} model=${model} mark=${mark} caseId=${caseId} />` : children}</aside>`;
}

function Chosen({ model, mark, caseId }) {
  const { query } = usePlace();
  const { hop } = mark;
  const whole = useLoad(call(["cases", caseId, "findings", hop.id]));
  const evidence = useLoad(call(["cases", caseId, "findings", hop.id, "evidence"]));
  const finding = whole.data;
  const step = finding && stepsOf(finding)[mark.step];
  const places = step?.evidence ?? [];
  const asked = Number(query.get("record") ?? 0) || 0;
  const at = Math.min(asked, Math.max(places.length - 1, 0));
  const record = evidence.data?.items[places[at]];
  useKeys({
    j: ["next step", () => stepTo(1)],
    k: ["step before", () => stepTo(-1)],
  });
  const stepTo = (by) => {
    const next = hop.marks[mark.step + by];
    if (next) go(changed({ sel: markName(next), record: null }), { replace: true });
  };
  const way = wayTo(model, mark);
  return html`<div class="chosen">
    <header>
      <p class="badges"><${Level} value=${hop.finding.level} /> <${Confidence} value=${hop.finding.confidence} /> <${Basis} value=${hop.finding.basis} /></p>
      <h2>${hop.source ? html`${short(hop.source.key)} <span aria-label="to">→</span> ` : ""}${short(hop.target.key)}</h2>
      <p class="quiet">${hop.finding.title}</p>
    </header>
    <ol class="strip" aria-label="Steps of the finding">
      ${hop.marks.map(
        (each) => html`<li key=${each.step}><a href=${changed({ sel: markName(each), record: null })} aria-current=${each === mark ? "step" : undefined}>
          <time>${clock(each.text)}</time> <b>${words(each.role)}</b>${each.step > 0 && html`<span class="later">+${span(each.time - hop.marks[each.step - 1].time)}</span>`}
        </a></li>`,
      )}
    </ol>
    ${places.length > 1 && html`<p class="pages">Record ${places.map((place, index) => html`<button type="button" class="small" key=${place} aria-pressed=${String(index === at)} onClick=${() => go(changed({ record: index || null }), { replace: true })}>${index + 1}</button>`)} of ${places.length} that tell of this step</p>`}
    ${(whole.error || evidence.error) && html`<${Failure} error=${whole.error ?? evidence.error} retry=${() => (whole.reload(), evidence.reload())} />`}
    ${!record && !whole.error && !evidence.error && html`<${Waiting} what="Reading the record" />`}
    ${record && finding && html`<${Record} record=${record} sought=${soughtIn(finding)} />`}
    ${finding && html`<details><summary>Why this is ${finding.confidence} confidence</summary><ul class="why">${finding.why.map((each) => html`<li key=${each}>${each}</li>`)}${finding.limits.map((each) => html`<li key=${each}>${each}</li>`)}</ul></details>`}
    ${way.length > 1 &&
    html`<section><h3>Way from the origin, ${way.length} hops</h3><ol class="way">${way.map(
      (each) => html`<li key=${each.id}><a href=${changed({ sel: markName(each.entry), record: null })} aria-current=${each === hop ? "true" : undefined}>${short(each.source?.key ?? "unknown")} → ${short(each.target.key)}</a> <span class="quiet">${stamp(each.entry.text)} · ${label(each)}</span></li>`,
    )}</ol></section>`}
    <p class="actions"><a class="button" href=${address(["cases", caseId, "findings", hop.id])}>Open the finding</a> <a class="button" href=${address(["cases", caseId, "hosts", named(hop.finding.target)])}>Host ${short(hop.target.key)}</a></p>
  </div>`;
}
