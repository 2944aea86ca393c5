// Starts the interface: which view an address is, and the frame around it.
import { render } from "./vendor/preact.mjs";
import { useEffect, useRef, useState } from "./vendor/hooks.mjs";
import { call, useLoad } from "./app/api.mjs";
import { html } from "./app/html.mjs";
import * as keys from "./app/keys.mjs";
import * as router from "./app/router.mjs";
import { toggle, useTheme } from "./app/theme.mjs";
import { Help } from "./parts/help.mjs";
import { Empty } from "./parts/states.mjs";
import { Cases } from "./views/cases.mjs";
import { Finding } from "./views/finding.mjs";
import { Findings } from "./views/findings.mjs";
import { Movement } from "./views/movement.mjs";
import { Path, Paths } from "./views/paths.mjs";

const VIEWS = [
  ["/", Cases],
  ["/cases", Cases],
  ["/cases/:caseId", Findings],
  ["/cases/:caseId/findings", Findings],
  ["/cases/:caseId/findings/:findingId", Finding],
  ["/cases/:caseId/movement", Movement],
  ["/cases/:caseId/paths", Paths],
  ["/cases/:caseId/paths/:pathId", Path],
];

/** Of a case: [address, name, key behind g]. */
const OF_CASE = [
  ["findings", "Findings", "f"],
  ["movement", "Movement", "m"],
  ["paths", "Paths", "p"],
];

function App() {
  const { path } = router.usePlace();
  const now = useTheme();
  const [help, setHelp] = useState(false);
  const main = useRef(null);
  let values = null;
  const [, View] = VIEWS.find(([pattern]) => (values = router.matched(pattern, path))) ?? [null, Missing];
  const caseId = values?.caseId;
  useEffect(() => main.current?.focus({ preventScroll: true }), [path]);
  keys.useKeys({
    "?": ["show this help", () => setHelp(true)],
    t: ["dark or light", toggle],
    "g c": ["all cases", () => router.go("/")],
    ...(caseId && Object.fromEntries(OF_CASE.map(([part, name, key]) => [`g ${key}`, [name, () => router.go(router.address(["cases", caseId, part].filter(Boolean)))]]))),
    Escape: [help ? "close" : "back", () => (help ? setHelp(false) : history.back())],
  });
  return html`
    <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), main.current.focus())}>To the content</a>
    <header class="top">
      <a class="brand" href="/"><img src="/icon.svg" alt="" width="22" height="22" />graphcorr</a>
      ${caseId && html`<${CaseName} caseId=${caseId} />`}
      <span class="fill"></span>
      <button type="button" onClick=${toggle} aria-label=${now === "dark" ? "Light theme" : "Dark theme"} title="Theme (t)">${now === "dark" ? "☀" : "☾"}</button>
      <button type="button" onClick=${() => setHelp(true)} aria-label="Keys" title="Keys (?)">?</button>
    </header>
    <div class="frame">
      ${caseId &&
      html`<nav class="menu" aria-label="Case">${OF_CASE.map(([part, name, key]) => {
        const parts = ["cases", caseId, part].filter(Boolean);
        const here = part ? path.startsWith(router.address(parts)) : path === router.address(parts);
        return html`<a key=${part} href=${router.address(parts)} aria-current=${here ? "page" : undefined}>${name}<kbd aria-hidden="true">g ${key}</kbd></a>`;
      })}</nav>`}
      <main id="main" ref=${main} tabindex="-1"><${View} key=${path} ...${values} /></main>
    </div>
    ${help && html`<${Help} close=${() => setHelp(false)} />`}
  `;
}

function CaseName({ caseId }) {
  const { data } = useLoad(call(["cases", caseId]));
  return html`<span class="case"><span aria-hidden="true">/</span> <a href=${router.address(["cases", caseId])}>${data?.name ?? caseId}</a></span>`;
}

function Missing() {
  return html`<div class="page"><${Empty} title="There is no such view"><p><a href="/">Go to the cases</a></p></${Empty}></div>`;
}

router.start();
keys.start();
render(html`<${App} />`, document.getElementById("app"));
