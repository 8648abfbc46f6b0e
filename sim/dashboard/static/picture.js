// The pay schedule: share of assessment pay by score, the current rule and the draft; corners can be pulled.

import { draw, say } from "./dom.js";

const WIDTH = matchMedia("(min-width: 40rem)").matches ? 560 : 370,
  HEIGHT = 270, // so that text keeps its size
  LEFT = 46,
  RIGHT = 14,
  TOP = 14,
  BOTTOM = 44;

// `pull(number, score, share)` is called when a corner that was pulled is let go.
export function picture(lines, marks, corners, pull) {
  const top = Math.max(1.05, ...all(lines).map((point) => point[1] + 0.05));
  const x = (score) => LEFT + ((score - lines.low) / (100 - lines.low)) * (WIDTH - LEFT - RIGHT);
  const y = (share) => HEIGHT - BOTTOM - (share / top) * (HEIGHT - TOP - BOTTOM);
  const svg = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": say("picture"),
    class: "picture",
  });
  for (let share = 0; share <= top; share += 0.25) {
    svg.append(draw("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(share), y2: y(share), class: "grid" }));
    svg.append(
      draw("text", { x: LEFT - 6, y: y(share) + 4, class: "tick end" }, `${Math.round(100 * share)}%`),
    );
  }
  const step = 100 - lines.low > 50 ? 10 : 5;
  for (let score = Math.ceil(lines.low / step) * step; score <= 100; score += step) {
    svg.append(draw("text", { x: x(score), y: HEIGHT - BOTTOM + 18, class: "tick middle" }, String(score)));
  }
  svg.append(draw("text", { x: WIDTH - RIGHT, y: HEIGHT - 6, class: "tick end" }, say("score_axis")));
  const path = (points) => points.map(([score, share]) => `${x(score)},${y(share)}`).join(" ");
  for (const [name, pay] of [
    ["now", "bonus"],
    ["new", "bonus"],
    ["now", "pay"],
    ["new", "pay"],
  ]) {
    svg.append(draw("polyline", { points: path(lines[name][pay]), class: `line ${name} ${pay}` }));
  }
  for (const score of marks) {
    const at = Math.max(score, lines.low); // a lower one stands at the edge
    svg.append(draw("circle", { cx: x(at), cy: HEIGHT - BOTTOM, r: 3.5, class: "mark" }));
  }
  corners.forEach((corner, number) => {
    if (corner.score < lines.low) return;
    const handle = draw("circle", { cx: x(corner.score), cy: y(corner.share), r: 8, class: "handle" });
    handle.addEventListener("pointerdown", (event) =>
      drag(event, svg, handle, (at) => {
        const score = lines.low + ((at.x - LEFT) / (WIDTH - LEFT - RIGHT)) * (100 - lines.low);
        const share = ((HEIGHT - BOTTOM - at.y) / (HEIGHT - TOP - BOTTOM)) * top;
        pull(number, clip(Math.round(2 * score) / 2, 0, 100), clip(Math.round(100 * share) / 100, 0, 2));
      }),
    );
    svg.append(handle);
  });
  return svg;
}

// Let a corner follow the pointer; `letGo` is told where it ends, in the picture's own measures.
function drag(event, svg, handle, letGo) {
  event.preventDefault();
  const point = (one) => new DOMPoint(one.clientX, one.clientY).matrixTransform(svg.getScreenCTM().inverse());
  let at = null;
  const move = (one) => {
    at = point(one);
    handle.setAttribute("cx", at.x);
    handle.setAttribute("cy", at.y);
  };
  const end = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    if (at) letGo(at);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}

const all = (lines) => [lines.now, lines.new].flatMap((one) => [...one.pay, ...one.bonus]);
const clip = (value, low, high) => Math.min(Math.max(value, low), high);
