// What an estimate tells: cards, tables, who gains and who loses, and how far it reaches.

import { $, draw, make, say } from "./dom.js";

const SIGNS = { better: "✓", worse: "✗", "a-change": "◆", "not-clear": "○", same: "＝" };

export class Results {
  constructor() {
    this.pinned = null;
    this.last = null;
    $("pin").addEventListener("click", () => {
      this.pinned = this.pinned ? null : this.last;
      this.show(this.last);
    });
  }

  clear() {
    this.pinned = this.last = null;
    for (const id of ["cards", "figures", "gains", "units", "reach"]) $(id).replaceChildren();
  }

  show(answer) {
    if (!answer) return;
    this.last = answer;
    $("pin").textContent = say(this.pinned ? "unpin" : "pin");
    $("cards").replaceChildren(...answer.cards.map(card));
    $("figures").replaceChildren(
      ...answer.groups.filter((group) => group.rows.length).map((group) => this.table(group)),
    );
    $("gains").replaceChildren(...(answer.people ? [gains(answer.people)] : []));
    $("units").replaceChildren(...(answer.units ? [units(answer.units)] : []));
    $("reach").replaceChildren(
      make("h3", {}, say("reach")),
      make("p", {}, answer.holds),
      make("p", {}, say("lacks_title")),
      make("ul", {}, ...answer.lacks.map((one) => make("li", {}, one))),
    );
  }

  table(group) {
    const pins = new Map(this.pinned?.groups.flatMap((one) => one.rows).map((row) => [row.name, row]) ?? []);
    const heads = [
      say("outcome"),
      say("current"),
      say("this"),
      say("difference"),
      ...(pins.size ? [say("pinned")] : []),
    ];
    return make(
      "table",
      { class: "figures" },
      make("caption", {}, group.title),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make(
        "tbody",
        {},
        ...group.rows.map((row) => {
          const pin = pins.get(row.name);
          return make(
            "tr",
            { "data-name": row.name },
            make(
              "th",
              { scope: "row" },
              row.label,
              row.unit ? make("span", { class: "unit" }, ` ${row.unit}`) : null,
            ),
            cell(heads[1], row.before),
            cell(heads[2], row.after),
            make(
              "td",
              { "data-head": heads[3], class: row.verdict },
              change(row),
              " ",
              make("span", { class: "word" }, row.verdict === "same" ? "" : row.word),
            ),
            ...(pins.size
              ? [make("td", { "data-head": say("pinned") }, pin ? `${pin.after} (${pin.change})` : "–")]
              : []),
          );
        }),
      ),
    );
  }
}

const cell = (head, text) => make("td", { "data-head": head }, text);

function change(row) {
  return make(
    "span",
    { class: "change" },
    `${SIGNS[row.verdict]} ${row.change}`,
    row.change_unit ? ` ${row.change_unit}` : "",
  );
}

function card(one) {
  const values = one.bar ? `${one.before} → ${one.after}` : one.after;
  return make(
    "article",
    { class: `card ${one.verdict}`, "data-name": one.name },
    make("h2", {}, one.label),
    make("p", { class: "values" }, values, one.unit ? make("span", { class: "unit" }, ` ${one.unit}`) : null),
    one.change
      ? make(
          "p",
          {},
          change(one),
          one.verdict === "same" ? null : make("span", { class: "word" }, ` ${one.word}`),
        )
      : null,
    one.bar ? bar(one.bar) : null,
  );
}

// The difference with its interval, and no change as a line.
function bar([middle, low, high]) {
  const [left, right] = [Math.min(low, 0), Math.max(high, 0)];
  const x = (value) => 6 + (148 * (value - left)) / (right - left || 1);
  return draw(
    "svg",
    { viewBox: "0 0 160 16", class: "interval", "aria-hidden": "true" },
    draw("line", { x1: x(0), x2: x(0), y1: 1, y2: 15, class: "zero" }),
    draw("line", { x1: x(low), x2: x(high), y1: 8, y2: 8, class: "whisker" }),
    draw("circle", { cx: x(middle), cy: 8, r: 4, class: "dot" }),
  );
}

function gains(bins) {
  return make(
    "table",
    { class: "figures" },
    make("caption", {}, say("gains")),
    make(
      "thead",
      {},
      make("tr", {}, ...["gain", "share", "people"].map((one) => make("th", { scope: "col" }, say(one)))),
    ),
    make(
      "tbody",
      {},
      ...bins.map((bin) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, bin.label),
          make("td", { "data-head": say("share") }, meter(bin.share), ` ${bin.text}`),
          make("td", { "data-head": say("people") }, bin.people),
        ),
      ),
    ),
  );
}

function meter(share) {
  return draw(
    "svg",
    { viewBox: "0 0 100 10", class: "meter", "aria-hidden": "true" },
    draw("rect", { x: 0, y: 1, width: 100, height: 8, class: "all" }),
    draw("rect", { x: 0, y: 1, width: 100 * share, height: 8, class: "part" }),
  );
}

function units(table) {
  return make(
    "div",
    {},
    make(
      "table",
      { class: "figures" },
      make("caption", {}, say("units")),
      make("thead", {}, make("tr", {}, ...table.head.map((head) => make("th", { scope: "col" }, head)))),
      make(
        "tbody",
        {},
        ...table.rows.map(([unit, ...cells]) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, unit),
            ...cells.map((one, place) =>
              make(
                "td",
                { "data-head": table.head[place + 1], class: one.verdict },
                `${SIGNS[one.verdict]} ${one.text}`,
              ),
            ),
          ),
        ),
      ),
    ),
    table.rest ? make("p", { class: "note" }, table.rest) : null,
  );
}
