// Hosts as lanes over time: canvas for what is drawn, links for hosts, everything that is chosen in the address.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.mjs";
import { address, changed, go, usePlace } from "../app/router.mjs";
import { clock, counted, moment, short, span, stamp, words } from "../app/format.mjs";
import { html } from "../app/html.mjs";
import { useKeys } from "../app/keys.mjs";
import { useTheme } from "../app/theme.mjs";
import { drawAxis, drawLanes, drawMap, readColors, wayTo } from "./draw.mjs";
import { label, markName, markNamed } from "./model.mjs";
import { Legend } from "./legend.mjs";
import { sayLead } from "../parts/leads.mjs";
import { makeScale } from "./scale.mjs";

const AXIS = 44;
const MAP = 34;

/** `way` is a path that stays highlighted while nothing else is chosen. `rows` bounds the height in lanes. */
export function Lanes({ model, caseId, way = [], arrows: arrowsGiven = "first", rows = 16 }) {
  const { query } = usePlace();
  const theme = useTheme();
  const frame = useRef(null);
  const scroller = useRef(null);
  const axis = useRef(null);
  const body = useRef(null);
  const map = useRef(null);
  const hit = useRef({ items: [], arrows: [], leads: [] });
  const [size, setSize] = useState(null);
  const [visible, setVisible] = useState([0, rows]);
  const [hover, setHover] = useState(null);
  const narrow = size !== null && size.width < 900;
  const labels = !narrow ? 212 : size.width < 480 ? 92 : 140;
  const ROW = model.row;
  const width = size ? Math.max(size.width - labels - (size.bar ?? 0), 80) : 0;
  const selected = markNamed(model, query.get("sel"));
  const lead = query.get("lead") === null ? null : Number(query.get("lead"));
  const fold = query.get("idle") !== "scale";
  const arrows = query.get("arrows") ?? arrowsGiven;
  const window = useMemo(() => {
    const ends = [query.get("from"), query.get("to")].map((text) => (text ? moment(text) : NaN));
    return ends.every(Number.isFinite) && ends[0] < ends[1] ? ends : null;
  }, [query.get("from"), query.get("to")]);
  const scale = useMemo(() => (width ? makeScale(model.times, width, { fold, window }) : null), [model, width, fold, window]);
  const whole = useMemo(() => (width ? makeScale(model.times, width, { fold }) : null), [model, width, fold]);
  const chosen = useMemo(() => (selected ? wayTo(model, selected) : way), [model, selected, way]);
  const total = model.hosts.length * ROW;
  const height = Math.min(total, rows * 36);
  const state = useRef(null);
  state.current = { scale, model, arrows, chosen, selected, hover, lead, width, height };

  useLayoutEffect(() => {
    const measure = () => setSize({ width: frame.current.clientWidth, bar: scroller.current ? scroller.current.offsetWidth - scroller.current.clientWidth : 0 });
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    measure();
    return () => observer.disconnect();
  }, []);

  const pending = useRef(0);
  const paint = () => {
    pending.current = 0;
    const now = state.current;
    if (!now.scale || !body.current) return;
    const colors = readColors(frame.current);
    const top = scroller.current.scrollTop;
    hit.current = drawLanes(body.current, now.width, now.height, top, now.model, now.scale, colors, {
      arrows: now.arrows,
      way: now.chosen,
      selected: now.selected,
      hover: now.hover?.item,
      lead: now.lead,
    });
    hit.current.top = top;
  };
  const repaint = () => {
    pending.current ||= requestAnimationFrame(paint);
  };
  useLayoutEffect(paint, [scale, model, arrows, chosen, selected, hover, lead, theme, height]);
  useLayoutEffect(() => {
    if (!scale) return;
    const colors = readColors(frame.current);
    drawAxis(axis.current, width, AXIS, scale, colors);
    if (map.current) drawMap(map.current, width, MAP, model, whole, window, colors);
  }, [scale, whole, theme, window]);

  const onScroll = () => {
    repaint();
    const first = Math.floor(scroller.current.scrollTop / ROW);
    if (first !== visible[0]) setVisible([first, first + rows]);
  };

  // What was chosen is brought into view.
  useEffect(() => {
    if (!selected || !scroller.current || !scale) return;
    const y = selected.lane.index * ROW;
    const now = scroller.current;
    if (y < now.scrollTop || y + ROW > now.scrollTop + height) now.scrollTop = y - height / 2;
  }, [selected, scale !== null]);

  const choose = (mark, options) => go(changed({ sel: mark ? markName(mark) : null, lead: null }), options);
  const show = (ends) => {
    if (!ends) return go(changed({ from: null, to: null }), { replace: true });
    const pad = Math.max((ends[1] - ends[0]) * 0.05, 5);
    const iso = (ms) => new Date(ms).toISOString();
    return go(changed({ from: iso(ends[0] - pad), to: iso(ends[1] + pad) }), { replace: true });
  };
  const zoom = (factor, x = width / 2) => {
    const left = scale.toTime(x - (x - 0) * factor);
    const right = scale.toTime(x + (width - x) * factor);
    if (right - left < 4 || (factor > 1 && left <= model.times[0] && right >= model.times[model.times.length - 1])) return factor > 1 ? show(null) : undefined;
    return go(changed({ from: new Date(left).toISOString(), to: new Date(right).toISOString() }), { replace: true });
  };
  const pan = (part) => {
    const now = window ?? [model.times[0], model.times[model.times.length - 1]];
    const by = (now[1] - now[0]) * part;
    go(changed({ from: new Date(now[0] + by).toISOString(), to: new Date(now[1] + by).toISOString() }), { replace: true });
  };

  const itemAt = (event) => {
    const box = body.current.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top + (hit.current.top ?? 0);
    let best = null;
    for (const item of hit.current.items) {
      const away = Math.max(Math.abs(item.x - x) - item.half, 0) + Math.abs(item.y - y) * 0.8;
      if (away < 13 && (!best || away < best.away)) best = { item, away };
    }
    const link = best ? null : hit.current.leads.find((each) => Math.hypot(each.x - x, each.y - y) < 13)?.link;
    return best || link ? { item: best?.item, link, x, y: event.clientY - box.top } : null;
  };
  const drag = useRef(null);
  const onPointerMove = (event) => {
    if (drag.current) {
      const by = event.clientX - drag.current.x;
      if (Math.abs(by) > 4) {
        drag.current.moved = true;
        const ends = [drag.current.scale.toTime(-by), drag.current.scale.toTime(width - by)];
        if (ends[1] - ends[0] > 2) go(changed({ from: new Date(ends[0]).toISOString(), to: new Date(ends[1]).toISOString() }), { replace: true });
      }
      return;
    }
    const found = itemAt(event);
    if (found?.item !== hover?.item || found?.link !== hover?.link) setHover(found);
  };
  const onPointerDown = (event) => {
    if (event.button === 0 && event.pointerType === "mouse" && window) drag.current = { x: event.clientX, scale };
  };
  const onPointerUp = () => setTimeout(() => (drag.current = null));
  const onClick = (event) => {
    if (drag.current?.moved) return;
    const found = itemAt(event);
    if (!found) return choose(null);
    if (found.link) return go(changed({ lead: found.link.number, sel: null }));
    const { marks } = found.item;
    // A click on a pill again goes to its next mark.
    const at = marks.indexOf(selected);
    choose(marks[(at + 1) % marks.length]);
  };
  const onDoubleClick = (event) => {
    const found = itemAt(event);
    if (found?.item) {
      const times = found.item.marks.flatMap((mark) => mark.hop.marks.map((each) => each.time));
      show([Math.min(...times), Math.max(...times)]);
    }
  };
  const onWheel = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, event.clientX - body.current.getBoundingClientRect().left);
  };
  useEffect(() => {
    const canvas = body.current;
    canvas.addEventListener("wheel", onWheel, { passive: false });
    return () => canvas.removeEventListener("wheel", onWheel);
  });

  const move = (event) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = (action) => {
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    if (event.shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) return done(() => pan(key === "ArrowLeft" ? -0.2 : 0.2));
    if (key === "+" || key === "=") return done(() => zoom(0.6));
    if (key === "-") return done(() => zoom(1.6));
    if (key === "0") return done(() => show(null));
    if (key === "Escape" && selected) return done(() => choose(null));
    if (key === "Enter" && selected) return done(() => go(address(["cases", caseId, "findings", selected.hop.id])));
    if (!key.startsWith("Arrow")) return undefined;
    return done(() => {
      if (!selected) return choose(model.hops[0]?.entry ?? null, { replace: true });
      const { marks } = selected.lane;
      const at = marks.indexOf(selected);
      if (key === "ArrowLeft" || key === "ArrowRight") return choose(marks[Math.min(Math.max(at + (key === "ArrowRight" ? 1 : -1), 0), marks.length - 1)], { replace: true });
      for (let index = selected.lane.index + (key === "ArrowDown" ? 1 : -1); index >= 0 && index < model.hosts.length; index += key === "ArrowDown" ? 1 : -1) {
        const others = model.hosts[index].marks;
        if (others.length) return choose(others.reduce((near, each) => (Math.abs(each.time - selected.time) < Math.abs(near.time - selected.time) ? each : near)), { replace: true });
      }
      return undefined;
    });
  };
  useKeys({
    "+": ["zoom in", () => zoom(0.6)],
    "-": ["zoom out", () => zoom(1.6)],
    0: ["whole time", () => show(null)],
    i: ["fold or unfold idle time", () => go(changed({ idle: fold ? "scale" : null }))],
    ...(selected && { Escape: ["let go of the selection", () => choose(null)], Enter: ["open the finding", () => go(address(["cases", caseId, "findings", selected.hop.id]))] }),
  });

  const onMap = (event) => {
    if (event.buttons !== 1 && event.type !== "pointerdown") return;
    const x = event.clientX - map.current.getBoundingClientRect().left;
    if (event.type === "pointerdown") {
      drag.current = { map: x };
      map.current.setPointerCapture(event.pointerId);
      return;
    }
    if (drag.current?.map === undefined) return;
    const [from, to] = [drag.current.map, x].sort((one, other) => one - other);
    if (to - from > 5) go(changed({ from: new Date(whole.toTime(from)).toISOString(), to: new Date(whole.toTime(to)).toISOString() }), { replace: true });
  };

  const from = Math.max(0, visible[0] - 2);
  return html`<div class="lanes" ref=${frame}>
    <div class="bar">
      <${Choice} name="Arrows" value=${arrows} values=${[["first", "First arrival"], ["selection", "Selection"], ["all", "All"]]} pick=${(value) => go(changed({ arrows: value }))} />
      <${Choice} name="Idle time" value=${fold ? "fold" : "scale"} values=${[["fold", "Folded"], ["scale", "To scale"]]} pick=${(value) => go(changed({ idle: value === "scale" ? "scale" : null }))} />
      <div class="buttons">
        <button type="button" title="Zoom out (-)" onClick=${() => zoom(1.6)}>−</button>
        <button type="button" title="Zoom in (+)" onClick=${() => zoom(0.6)}>+</button>
        <button type="button" title="Whole time (0)" disabled=${!window} onClick=${() => show(null)}>Whole time</button>
      </div>
      <span class="note">${counted(model.hosts.length, "host")}, ${counted(model.hops.length, "finding")}, ${counted(model.marks.length, "mark")} · UTC</span>
    </div>
    <div class="axis"><div class="corner" style=${{ width: `${labels}px` }}>${narrow ? "Host" : "Host, by first arrival"}</div><canvas ref=${axis} aria-hidden="true"></canvas></div>
    <div class="scroller" ref=${scroller} onScroll=${onScroll} style=${{ height: `${height}px` }} tabindex="-1">
      <div class="space" style=${{ height: `${total}px` }}>
        <div class="names" style=${{ width: `${labels}px` }}>
          ${model.hosts.slice(from, visible[1] + 3).map(
            (host) => html`<${Name} key=${host.key} host=${host} caseId=${caseId} bold=${chosen.some((hop) => hop.source === host || hop.target === host)} row=${ROW} narrow=${narrow} origin=${host.arrival === null && !host.led} />`,
          )}
        </div>
        <canvas
          class="marks"
          ref=${body}
          tabindex="0"
          role="application"
          aria-label="Lanes of hosts over time. Arrow keys go from mark to mark, Enter opens the finding, plus and minus zoom, 0 shows the whole time. The same is in the table below."
          style=${{ left: `${labels}px` }}
          onPointerMove=${onPointerMove}
          onPointerLeave=${() => setHover(null)}
          onPointerDown=${onPointerDown}
          onPointerUp=${onPointerUp}
          onClick=${onClick}
          onDblClick=${onDoubleClick}
          onKeyDown=${move}
        ></canvas>
        ${hover && html`<${Tip} hover=${hover} left=${labels} top=${hit.current.top ?? 0} width=${width} />`}
      </div>
    </div>
    <div class="map"><div class="corner" style=${{ width: `${labels}px` }}>All marks</div><canvas ref=${map} aria-hidden="true" onPointerDown=${onMap} onPointerMove=${onMap} onPointerUp=${onPointerUp}></canvas></div>
    <${Legend} theme=${theme} leads=${model.leads.length > 0} />
    <p class="unseen" aria-live="polite">${selected ? `${words(selected.role)} on ${selected.lane.key} at ${stamp(selected.text)}: ${label(selected.hop)}` : ""}</p>
  </div>`;
}

function Name({ host, caseId, row, bold, narrow, origin }) {
  return html`<div class=${bold ? "name bold" : "name"} style=${{ top: `${host.index * row}px`, height: `${row}px` }}>
    <a href=${address(["cases", caseId, "hosts", host.key])} title=${host.key}>${short(host.key)}</a>
    ${!narrow && html`<span>${origin ? "origin" : host.named ? host.address : ""}</span>`}
  </div>`;
}

function Tip({ hover, left, top, width }) {
  const place = { top: `${top + hover.y + 16}px`, ...(hover.x > width / 2 ? { right: `${width - hover.x + 12}px` } : { left: `${left + hover.x + 12}px` }) };
  if (hover.link) return html`<div class="tip" style=${place}>${sayLead(hover.link.lead)}</div>`;
  const { marks } = hover.item;
  const { hop } = marks[0];
  return html`<div class="tip" style=${place}>
    <strong>${words(marks[0].role)}${marks.length > 1 ? ` and ${marks.length - 1} more` : ""}</strong> ${stamp(marks[0].text)}
    ${marks.length > 1 && html` – ${clock(marks[marks.length - 1].text)} (${span(marks[marks.length - 1].time - marks[0].time)})`}
    <br />${hop.source ? `${short(hop.source.key)} → ` : ""}${short(hop.target.key)} · ${label(hop)}
  </div>`;
}

/** A choice among few, as buttons of which one is pressed. */
export function Choice({ name, value, values, pick }) {
  return html`<div class="choice" role="group" aria-label=${name}>
    <span>${name}</span>
    ${values.map(([each, text]) => html`<button type="button" key=${each} aria-pressed=${String(each === value)} onClick=${() => pick(each)}>${text}</button>`)}
  </div>`;
}
