// What shapes and lines of the lanes mean, drawn as the lanes draw them.
import { useLayoutEffect, useRef } from "../vendor/hooks.mjs";
import { html } from "../app/html.mjs";
import { drawLead, drawShape, readColors } from "./draw.mjs";

const SHAPES = [["square", "file written", "write"], ["triangle", "ran", "run"], ["diamond", "registered", "write"], ["cross", "tried, refused or blocked", "write"], ["dot", "other record", "write"], ["ring", "done there afterwards", "write"]];
const LINES = [["observed", []], ["inferred", [6, 4]], ["assumed", [1.5, 3.5]]];

function Sign({ draw, theme, width = 16 }) {
  const canvas = useRef(null);
  useLayoutEffect(() => {
    const ratio = devicePixelRatio || 1;
    Object.assign(canvas.current, { width: width * ratio, height: 16 * ratio });
    const pen = canvas.current.getContext("2d");
    pen.scale(ratio, ratio);
    draw(pen, readColors(canvas.current));
  }, [theme]);
  return html`<canvas ref=${canvas} class="sign" style=${{ width: `${width}px`, height: "16px" }} aria-hidden="true"></canvas>`;
}

export function Legend({ theme, leads }) {
  const shape = (kind, color) => (pen, colors) => {
    pen.lineWidth = 1.8;
    pen.strokeStyle = pen.fillStyle = colors[color];
    drawShape(pen, kind, 8, 8, colors);
  };
  const line = (dashes, heavy) => (pen, colors) => {
    pen.strokeStyle = heavy ? colors.select : colors.arrow;
    pen.lineWidth = heavy ? 3 : 1.6;
    pen.setLineDash(dashes);
    pen.beginPath();
    pen.moveTo(1, 8);
    pen.lineTo(29, 8);
    pen.stroke();
  };
  const tint = (pen, colors) => {
    pen.fillStyle = colors.lane;
    pen.fillRect(0, 2, 30, 12);
    pen.fillStyle = colors.tint;
    pen.fillRect(0, 2, 30, 12);
  };
  return html`<ul class="legend">
    ${SHAPES.map(([kind, text, color]) => html`<li><${Sign} theme=${theme} draw=${shape(kind, color)} />${text}</li>`)}
    ${LINES.map(([text, dashes]) => html`<li><${Sign} theme=${theme} width=${30} draw=${line(dashes, false)} />${text}</li>`)}
    ${leads && html`<li><${Sign} theme=${theme} draw=${(pen, colors) => drawLead(pen, { x: 8, from: 0, y: 11 }, false, colors)} />may have led there, no hop</li>`}
    <li><${Sign} theme=${theme} width=${30} draw=${line([], true)} />way to the selection</li>
    <li><${Sign} theme=${theme} width=${30} draw=${tint} />after the first run</li>
  </ul>`;
}
