// Starts the interface: which view an address is, and the frame around it.
import { render } from "./vendor/preact.mjs";
import { useEffect, useRef, useState } from "./vendor/hooks.mjs";
import { ask, call, forget, useLoad } from "./app/api.mjs";
import { html } from "./app/html.mjs";
import * as keys from "./app/keys.mjs";
import * as router from "./app/router.mjs";
import { toggle, useTheme } from "./app/theme.mjs";
import { Help } from "./parts/help.mjs";
import { Empty } from "./parts/states.mjs";
import { Add } from "./views/add.mjs";
import { Attributions } from "./views/attribution.mjs";
import { Cases } from "./views/cases.mjs";
import { Coverage } from "./views/coverage.mjs";
import { Finding } from "./views/finding.mjs";
import { Findings } from "./views/findings.mjs";
import { Graph } from "./views/graph.mjs";
import { Host, Hosts } from "./views/hosts.mjs";
import { Intel } from "./views/intel.mjs";
import { Jobs } from "./views/jobs.mjs";
import { Movement } from "./views/movement.mjs";
import { Overview } from "./views/overview.mjs";
import { OwnPatterns } from "./views/own.mjs";
import { Path, Paths } from "./views/paths.mjs";
import { Pattern, Patterns } from "./views/patterns.mjs";
import { SignIn } from "./views/session.mjs";
import { Suppressions } from "./views/suppressions.mjs";
import { Observations, Sightings } from "./views/signals.mjs";

const VIEWS = [
  ["/", Cases],
  ["/cases", Cases],
  ["/jobs", Jobs],
  ["/intel", Intel],
  ["/patterns", Patterns],
  ["/patterns/:patternId", Pattern],
  ["/cases/:caseId", Overview],
  ["/cases/:caseId/add", Add],
  ["/cases/:caseId/jobs", Jobs],
  ["/cases/:caseId/findings", Findings],
  ["/cases/:caseId/findings/:findingId", Finding],
  ["/cases/:caseId/movement", Movement],
  ["/cases/:caseId/paths", Paths],
  ["/cases/:caseId/paths/:pathId", Path],
  ["/cases/:caseId/hosts", Hosts],
  ["/cases/:caseId/hosts/:hostId", Host],
  ["/cases/:caseId/graph/:label/:nodeId", Graph],
  ["/cases/:caseId/attribution", Attributions],
  ["/cases/:caseId/observations", Observations],
  ["/cases/:caseId/sightings", Sightings],
  ["/cases/:caseId/coverage", Coverage],
  ["/cases/:caseId/patterns", OwnPatterns],
  ["/cases/:caseId/suppressions", Suppressions],
];

/** Of a case: [address, name, key behind g]. */
const OF_CASE = [
  ["", "Overview", "o"],
  ["findings", "Findings", "f"],
  ["movement", "Movement", "m"],
  ["paths", "Paths", "p"],
  ["attribution", "Attribution", "a"],
  ["hosts", "Hosts", "h"],
  ["observations", "Observations", "b"],
  ["sightings", "Sightings", "s"],
  ["coverage", "Coverage", "v"],
  ["patterns", "Own patterns", "w"],
  ["jobs", "Jobs", "j"],
];
/** Of the server. */
const OF_ALL = [
  ["", "Cases", "c"],
  ["patterns", "Patterns", "t"],
  ["intel", "Intelligence", "i"],
  ["jobs", "Jobs", "j"],
];

function App() {
  const { path } = router.usePlace();
  const now = useTheme();
  const [help, setHelp] = useState(false);
  const main = useRef(null);
  let values = null;
  const [, View] = VIEWS.find(([pattern]) => (values = router.matched(pattern, path))) ?? [null, Missing];
  const caseId = values?.caseId;
  const session = useLoad(call(["session"]));
  const signedIn = session.error?.status !== 401 && session.data?.role !== "none";
  useEffect(() => main.current?.focus({ preventScroll: true }), [path]);
  useEffect(() => {
    addEventListener("graphcorr:unauthorized", session.reload);
    return () => removeEventListener("graphcorr:unauthorized", session.reload);
  }, []);
  const signOut = () => ask(call(["session"]), { method: "DELETE" }).then(() => (forget(), session.reload()), () => {});
  keys.useKeys({
    "?": ["show this help", () => setHelp(true)],
    t: ["dark or light", toggle],
    ...Object.fromEntries(OF_ALL.map(([part, name, key]) => [`g ${key}`, [name, () => router.go(`/${part}`)]])),
    ...(caseId && Object.fromEntries(OF_CASE.map(([part, name, key]) => [`g ${key}`, [name, () => router.go(router.address(["cases", caseId, part].filter(Boolean)))]]))),
    Escape: [help ? "close" : "back", () => (help ? setHelp(false) : history.back())],
  });
  return html`
    <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), main.current.focus())}>To the content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="22" height="22" />graphcorr</a>
      ${caseId && html`<${CaseName} caseId=${caseId} />`}
      <span class="fill"></span>
      ${session.data?.needs_token && signedIn && html`<span class="note">${session.data.name}, ${session.data.role}</span><button type="button" onClick=${signOut}>Sign out</button>`}
      <button type="button" onClick=${toggle} aria-label=${now === "dark" ? "Light theme" : "Dark theme"} title="Theme (t)">${now === "dark" ? "☀" : "☾"}</button>
      <button type="button" onClick=${() => setHelp(true)} aria-label="Keys" title="Keys (?)">?</button>
    </header>
    <div class="frame">
      <nav class="menu" aria-label=${caseId ? "Case" : "Server"}>
        ${(caseId ? OF_CASE : OF_ALL).map(([part, name, key]) => {
          const href = router.address([...(caseId ? ["cases", caseId] : []), part].filter(Boolean));
          const here = part ? path.startsWith(href) : path === href || (!caseId && path === "/cases");
          return html`<a key=${part} href=${href} aria-current=${here ? "page" : undefined}>${name}<kbd aria-hidden="true">g ${key}</kbd></a>`;
        })}
        ${caseId && html`<hr />${OF_ALL.slice(0, -1).map(([part, name]) => html`<a key=${name} href=${`/${part}`}>${name === "Cases" ? "All cases" : name}</a>`)}`}
        <hr /><a href="/v1/docs">HTTP API</a>
      </nav>
      <main id="main" ref=${main} tabindex="-1">${signedIn ? html`<${View} key=${path} ...${values} />` : html`<${SignIn} done=${session.reload} />`}</main>
    </div>
    ${help && html`<${Help} close=${() => setHelp(false)} />`}
  `;
}

function CaseName({ caseId }) {
  const { data } = useLoad(call(["cases", caseId]));
  return html`<span class="case"><span aria-hidden="true">/</span> <a href=${router.address(["cases", caseId])}>${data?.name ?? caseId}</a></span>`;
}

function Missing() {
  return html`<div class="page"><${Empty} alone title="There is no such view"><p><a href="/">Go to the cases</a></p></${Empty}></div>`;
}

router.start();
keys.start();
render(html`<${App} />`, document.getElementById("app"));
