// The page of the API's documentation, made of /v1/openapi.json in the browser: every call with its parameters, bodies, answers and problems.
import { render } from "./vendor/preact.mjs";
import { useState } from "./vendor/hooks.mjs";
import { useLoad } from "./app/api.mjs";
import { counted } from "./app/format.mjs";
import { html } from "./app/html.mjs";
import { Copy } from "./parts/copy.mjs";
import { Failure, Waiting } from "./parts/states.mjs";

const DEEPEST = 8;

/** The subject of a call: what stands first behind the version, or behind the case. */
function subjectOf(path) {
  const parts = path.replace(/^\/v1\//, "/").split("/").filter(Boolean);
  return parts[0] === "cases" && parts.length > 2 ? `a case: ${parts[2].replace(/[{}]/g, "")}` : (parts[0] ?? "");
}

/** A schema in a few words, by names; what it has in it is shown below its name. */
function typeOf(schema) {
  if (!schema) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? schema.prefixItems?.[0])}`;
  if (schema.type === "object" && schema.additionalProperties) return `object of ${typeOf(schema.additionalProperties)}`;
  const ends = [schema.minimum !== undefined && `from ${schema.minimum}`, schema.maximum !== undefined && `to ${schema.maximum}`, schema.maxLength !== undefined && `at most ${schema.maxLength} characters`].filter(Boolean).join(" ");
  return [schema.const !== undefined ? JSON.stringify(schema.const) : (schema.type ?? "anything"), ends].filter(Boolean).join(", ");
}

/** The names of the schemas in one. */
function refsOf(schema) {
  if (!schema || typeof schema !== "object") return [];
  return schema.$ref ? [schema.$ref.split("/").pop()] : Object.values(schema).flatMap(refsOf);
}

function Schema({ name, schemas, depth = 0 }) {
  const [open, set] = useState(false);
  const schema = schemas[name];
  if (!schema) return html`<code>${name}</code>`;
  const inner = [...new Set(refsOf(schema.properties))];
  return html`<details class="schema" onToggle=${(event) => event.target === event.currentTarget && set(event.currentTarget.open)}><summary><code>${name}</code> <span class="quiet">${schema.description ?? ""}</span></summary>
    ${open && html`
      ${schema.properties ? html`<div class="scroll plain" tabindex="0" role="region" aria-label=${`Fields of ${name}`}><table><tbody>${Object.entries(schema.properties).map(([field, value]) => html`<tr key=${field}><th scope="row"><code>${field}</code></th><td>${typeOf(value)}${(schema.required ?? []).includes(field) ? "" : html` <span class="quiet">may be left out</span>`}</td><td class="quiet">${value.description ?? ""}</td></tr>`)}</tbody></table></div>` : html`<p>${typeOf(schema)}</p>`}
      ${depth < DEEPEST && inner.filter((each) => each !== name).map((each) => html`<${Schema} key=${each} name=${each} schemas=${schemas} depth=${depth + 1} />`)}`}
  </details>`;
}

/** How curl asks it, with the example where there is one. */
function curlOf(method, path, call) {
  const query = call.parameters.filter((each) => each.in === "query" && each.example !== undefined).map((each) => `${each.name}=${encodeURIComponent(each.example)}`).join("&");
  const json = call.requestBody?.content?.["application/json"];
  const body = json?.example !== undefined ? ` --json '${JSON.stringify(json.example)}'` : call.requestBody ? " --data-binary @FILE" : "";
  return `curl -sS --fail-with-body -X ${method.toUpperCase()}${call["x-role"] ? ' -H "Authorization: Bearer $TOKEN"' : ""}${body} "${location.origin}${path}${query && `?${query}`}"`;
}

function Call({ method, path, call, schemas }) {
  const [good] = Object.entries(call.responses).filter(([status]) => status < 400);
  const content = Object.entries(good?.[1].content ?? {});
  const problems = Object.entries(call.responses).filter(([status]) => status >= 400);
  const body = Object.entries(call.requestBody?.content ?? {});
  const curl = curlOf(method, path, call);
  return html`<li><details id=${call.operationId}><summary><b class=${`method ${method}`}>${method.toUpperCase()}</b> <code>${path}</code> <span class="quiet">${call.summary}</span><span class="fill"></span><span class="tag">${call["x-role"] ?? "nobody asked"}</span></summary>
    ${call.parameters.length > 0 && html`<h3>Parameters</h3><div class="scroll plain" tabindex="0" role="region" aria-label=${`Parameters of ${call.operationId}`}><table><tbody>${call.parameters.map((each) => html`<tr key=${each.name}><th scope="row"><code>${each.name}</code></th><td>${each.in}${each.required ? "" : ", may be left out"}</td><td>${typeOf(each.schema)}${each.schema.default !== undefined && html` <span class="quiet">by default ${JSON.stringify(each.schema.default)}</span>`}</td><td class="quiet">${each.description ?? ""}</td></tr>`)}</tbody></table></div>`}
    ${body.length > 0 && html`<h3>Body</h3>${body.map(([kind, { schema }]) => html`<p key=${kind}><code>${kind}</code> ${typeOf(schema)}</p>${refsOf(schema).map((name) => html`<${Schema} key=${name} name=${name} schemas=${schemas} />`)}`)}`}
    <h3>Answer ${good?.[0]}</h3>
    ${content.length === 0 && html`<p class="quiet">Without a body.</p>`}
    ${content.map(([kind, { schema }]) => html`<p key=${kind}><code>${kind}</code> ${kind === "application/json" ? typeOf(schema) : ""}</p>${[...new Set(refsOf(schema))].map((name) => html`<${Schema} key=${name} name=${name} schemas=${schemas} />`)}`)}
    <details><summary>${counted(problems.length, "status", "statuses")} of problems</summary><ul class="lines">${problems.map(([status, { description }]) => html`<li key=${status}><code>${status}</code> <span class="quiet">${description}</span></li>`)}</ul></details>
    <pre class="raw" tabindex="0" aria-label="With curl">${curl}</pre><${Copy} text=${curl} name="Copy" />
  </details></li>`;
}

function Docs() {
  const { data, error, reload } = useLoad("/v1/openapi.json");
  const [text, setText] = useState("");
  const calls = Object.entries(data?.paths ?? {}).flatMap(([path, methods]) => Object.entries(methods).map(([method, call]) => ({ path, method, call })));
  const fits = calls.filter(({ path, method, call }) => `${method} ${path} ${call.summary}`.toLowerCase().includes(text.toLowerCase()));
  const subjects = [...new Set(fits.map(({ path }) => subjectOf(path)))];
  return html`
    <header class="top"><a class="brand" href="/"><img src="/icon.svg" alt="" width="22" height="22" />graphcorr</a><span class="case"><span aria-hidden="true">/</span> HTTP API</span><span class="fill"></span></header>
    <main class="api" id="main">
      <header class="heading"><h1>HTTP API</h1><p class="note">${data ? `graphcorr ${data.info.version}, ${counted(calls.length, "call")}; ` : ""}<a href="/v1/openapi.json">the OpenAPI document</a></p></header>
      <p class="quiet">A token goes along as <code>Authorization: Bearer …</code>; a server that only its own machine can reach and that has no tokens asks for none. Lists come by pages: <code>next</code> is the <code>cursor</code> of the following one. What a server does not know is refused; problems are <code>application/problem+json</code>, with a stable <code>type</code>.</p>
      <search class="filters"><label><span class="unseen">Look for a call</span><input type="search" value=${text} placeholder="Look for a call" onInput=${(event) => setText(event.target.value)} /></label></search>
      ${error && html`<${Failure} error=${error} retry=${reload} />`}
      ${!data && !error && html`<${Waiting} />`}
      ${subjects.map((subject) => html`<section key=${subject}><h2>${subject}</h2><ul class="open">${fits.filter(({ path }) => subjectOf(path) === subject).map(({ path, method, call }) => html`<${Call} key=${method + path} method=${method} path=${path} call=${call} schemas=${data.components.schemas} />`)}</ul></section>`)}
    </main>`;
}

render(html`<${Docs} />`, document.getElementById("app"));
