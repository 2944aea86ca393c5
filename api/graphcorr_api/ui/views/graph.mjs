// The case's own graph around one node: what leads in on the left, what leads out on the right, in groups that open in place.
import { useLayoutEffect, useRef, useState } from "../vendor/hooks.mjs";
import { call, useLoad, usePages } from "../app/api.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { count, counted, short, stamp } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTitle } from "../app/title.mjs";
import { CopyCypher } from "../parts/copy.mjs";
import { Failure, Waiting } from "../parts/states.mjs";

const PAGE = 25;
const SMALL = 6;
const CALLED = ["title", "name", "command_line", "image", "path", "address", "value", "summary"];

/** What a node is called: the first of its properties that names it, else its id. */
function called({ label, id, properties }) {
  const found = CALLED.map((name) => properties[name]).find(Boolean);
  return label === "Host" ? short(id) : (found ?? id);
}

const nameOf = (group) => `${group.direction}:${group.edge}:${group.label}`;

export function Graph({ caseId, label, nodeId }) {
  const { data, error, reload } = useLoad(call(["cases", caseId, "graph", label, nodeId]));
  useTitle(data ? called(data) : "Graph");
  if (error) return html`<div class="page"><${Failure} alone error=${error} retry=${reload}><a href=${address(["cases", caseId, "hosts"])}>Begin at a host</a></${Failure}></div>`;
  if (!data) return html`<div class="page"><${Waiting} what="Asking the graph" /></div>`;
  return html`<${Around} node=${data} caseId=${caseId} />`;
}

function Around({ node, caseId }) {
  const { query } = usePlace();
  const frame = useRef(null);
  const [lines, setLines] = useState({ paths: [], width: 0, height: 0 });
  const shut = new Set(query.getAll("shut"));
  const opened = new Set(query.getAll("open"));
  const isOpen = (group) => opened.has(nameOf(group)) || (group.count <= SMALL && !shut.has(nameOf(group)));
  const turn = (group) => {
    const name = nameOf(group);
    const [list, key] = group.count <= SMALL ? [shut, "shut"] : [opened, "open"];
    if (list.has(name)) list.delete(name);
    else list.add(name);
    go(changed({ [key]: [...list] }));
  };
  useKeys({ f: ["its findings", () => node.label === "Host" && go(address(["cases", caseId, "findings"], { host: node.id }))] });
  useLayoutEffect(() => {
    const measure = () => {
      const box = frame.current.getBoundingClientRect();
      const center = frame.current.querySelector(".center")?.getBoundingClientRect();
      const paths = [...frame.current.querySelectorAll(".group")].map((element) => {
        const at = element.querySelector("header").getBoundingClientRect();
        const isIn = element.dataset.direction === "in";
        const from = { x: (isIn ? at.right : at.left) - box.left, y: at.top + at.height / 2 - box.top };
        const to = { x: (isIn ? center.left : center.right) - box.left, y: Math.min(Math.max(from.y, center.top - box.top + 14), center.bottom - box.top - 14) };
        const middle = (from.x + to.x) / 2;
        return { key: element.dataset.name, d: `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`, width: Math.min(1.5 + Math.log10(Number(element.dataset.count)), 5) };
      });
      setLines({ paths, width: box.width, height: box.height });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    for (const each of frame.current.querySelectorAll(".side-column, .center")) observer.observe(each);
    return () => observer.disconnect();
  }, []);
  const side = (direction) => node.neighbors.filter((group) => group.direction === direction);
  const column = (direction, title) => html`<div class="side-column"><h2>${title}</h2>
    ${side(direction).length === 0 && html`<p class="quiet">Nothing.</p>`}
    ${side(direction).map((group) => html`<${Group} key=${nameOf(group)} group=${group} node=${node} caseId=${caseId} open=${isOpen(group)} turn=${() => turn(group)} />`)}
  </div>`;
  return html`<div class="page full">
    <header class="heading"><div><p class="crumbs"><a href=${address(["cases", caseId, "hosts"])}>Hosts</a> <span class="quiet">graph of the case</span></p><h1>${called(node)} <code class="tag">${node.label}</code></h1></div>
      <p class="actions"><${CopyCypher} label=${node.label} id=${node.id} />${node.label === "Host" && html` <a class="button" href=${address(["cases", caseId, "hosts", node.id])}>Host page</a>`}${node.label === "Finding" && html` <a class="button" href=${address(["cases", caseId, "findings", node.id])}>Finding</a>`}${node.label === "Path" && html` <a class="button" href=${address(["cases", caseId, "paths", node.id])}>Path</a>`}</p></header>
    <div class="graph" ref=${frame}>
      <svg aria-hidden="true" width=${lines.width} height=${lines.height}>${lines.paths.map((line) => html`<path key=${line.key} d=${line.d} stroke-width=${line.width} />`)}</svg>
      ${column("in", "Leads here")}
      <section class="center" aria-label="Node"><h2>${node.label}</h2><p class="id"><code>${node.id}</code></p>
        <dl>${Object.entries(node.properties).filter(([, value]) => value !== null && value !== "").map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl></section>
      ${column("out", "Leads on")}
    </div>
  </div>`;
}

function Group({ group, node, caseId, open, turn }) {
  return html`<section class="group" data-direction=${group.direction} data-count=${group.count} data-name=${nameOf(group)} aria-label=${`${group.edge} ${group.label}`}>
    <header><button type="button" aria-expanded=${String(open)} onClick=${turn}>
      <b>${count(group.count)} ${group.label}</b> <code>${group.direction === "in" ? `${group.edge} →` : `→ ${group.edge}`}</code>
    </button>${group.first && html`<span class="note">${stamp(group.first)}${group.last !== group.first ? ` to ${stamp(group.last)}` : ""}</span>`}</header>
    ${open && html`<${Members} group=${group} node=${node} caseId=${caseId} />`}
  </section>`;
}

function Members({ group, node, caseId }) {
  const { edge, direction, label } = group;
  const { items, total, error, loading, more, next } = usePages(["cases", caseId, "graph", node.label, node.id, "neighbors"], { edge, direction, label }, PAGE);
  return html`${error && html`<${Failure} error=${error} />`}${loading && html`<${Waiting} />`}
    <ul>${items.map((each) => html`<li key=${each.id}><a href=${address(["cases", caseId, "graph", each.label, each.id])} title=${each.id}>${called(each)}</a>${each.properties.time && html` <span class="note">${stamp(each.properties.time)}</span>`}${each.count > 1 && html` <span class="note">${counted(each.count, "edge")}</span>`}</li>`)}</ul>
    ${next && html`<p><button type="button" class="small" onClick=${more}>Show more</button> <span class="note">${count(items.length)} of ${count(total)}</span></p>`}`;
}
