// The rules of an office: sliders and switches, the pay schedule, people between offices.

import { $, make, plain, say } from "./dom.js";
import { picture } from "./picture.js";

const OF_RULE = ["pay.full_pay_threshold", "pay.deduction_per_point"];
const WIDE = matchMedia("(min-width: 40rem)");
const MOST_CORNERS = 12;
const SCHEDULE = "pay.schedule";

export class Controls {
  constructor(state, askPicture) {
    this.state = state;
    this.askPicture = askPicture; // (draft) => lines of the schedule
    this.marks = [];
    this.rows = [];
  }

  show(office) {
    this.office = office;
    this.rows = [];
    const groups = office.groups.map((group) => this.group(group));
    $("groups").replaceChildren(...groups, ...(office.staff.length > 1 ? [this.staff()] : []));
    this.refresh();
  }

  // Show the draft's values everywhere, and what of it differs.
  refresh() {
    this.rows.forEach((row) => row());
    this.drawSchedule();
  }

  setMarks(marks) {
    this.marks = marks;
    if (this.lines) this.paint();
  }

  group(group) {
    const inside = group.controls.map((control) =>
      control.step ? this.slider(control) : this.toggle(control),
    );
    const before = group.name === "pay" ? [this.schedule()] : [];
    const open = group.open && (WIDE.matches || group.name === "pay");
    return make(
      "details",
      { class: "group", open, "data-group": group.name },
      make("summary", {}, make("h3", {}, group.title)),
      ...before,
      ...inside,
    );
  }

  slider(control) {
    const { path, scale } = control;
    const id = `c-${path}`;
    const bounds = {
      min: plain(control.low * scale),
      max: plain(control.high * scale),
      step: plain(control.step * scale),
    };
    const range = make("input", { type: "range", id, ...bounds });
    const typed = make("input", {
      type: "number",
      min: bounds.min,
      step: "any",
      "aria-label": control.label,
    });
    const now = make("span", { class: "now" });
    const reset = this.resetButton(() => this.state.set(path, control.value, control.value));
    const row = make(
      "div",
      { class: "control", "data-path": path },
      make("label", { for: id }, control.label),
      make(
        "div",
        { class: "slide" },
        range,
        make("span", { class: "typed" }, typed, make("span", { class: "unit" }, control.unit)),
      ),
      now,
      reset,
    );
    const shown = () => this.state.value(path, control.value) * scale;
    const set = (text) => {
      const value = Number(text);
      if (text !== "" && Number.isFinite(value))
        this.state.set(path, Number(plain(value / scale)), control.value);
      else typed.value = plain(shown());
    };
    range.addEventListener("input", () => {
      typed.value = range.value;
      if (path.startsWith("pay.")) this.preview({ [path]: Number(plain(Number(range.value) / scale)) });
    });
    range.addEventListener("change", () => set(range.value));
    typed.addEventListener("change", () => set(typed.value));
    this.rows.push(() => {
      const value = plain(shown());
      if (Number(value) > Number(range.max)) range.max = value;
      range.value = value;
      typed.value = value;
      const differs = path in this.state.draft.changes;
      row.classList.toggle("changed", differs);
      row.hidden = OF_RULE.includes(path) && this.corners !== null;
      now.textContent = differs ? `${say("now")} ${plain(control.value * scale)}` : "";
      reset.hidden = !differs;
    });
    return row;
  }

  toggle(control) {
    const box = make("input", { type: "checkbox", id: `c-${control.path}` });
    const reset = this.resetButton(() => this.state.set(control.path, control.value, control.value));
    const row = make(
      "div",
      { class: "control toggle", "data-path": control.path },
      make("label", { for: box.id }, box, " ", control.label),
      reset,
    );
    box.addEventListener("change", () => this.state.set(control.path, box.checked, control.value));
    this.rows.push(() => {
      box.checked = this.state.value(control.path, control.value);
      const differs = control.path in this.state.draft.changes;
      row.classList.toggle("changed", differs);
      reset.hidden = !differs;
    });
    return row;
  }

  resetButton(onclick) {
    return make("button", { type: "button", class: "small reset", onclick }, say("reset_one"));
  }

  // The pay schedule

  get corners() {
    const value = this.state.draft.changes[SCHEDULE];
    if (value === undefined) return this.office.corners ?? null;
    return Array.isArray(value) ? value : null;
  }

  schedule() {
    this.place = make("figure", { class: "schedule" });
    this.cornerRows = null; // of the office before
    this.table = make("div", { class: "corners" });
    const form = make(
      "select",
      { id: "form" },
      make("option", { value: "rule" }, say("rule")),
      make("option", { value: "corners" }, say("corners")),
    );
    form.addEventListener("change", () =>
      this.setCorners(form.value === "corners" ? this.lines.corners : null),
    );
    this.rows.push(() => {
      form.value = this.corners ? "corners" : "rule";
    });
    return make("div", { class: "box" }, make("label", {}, say("form"), " ", form), this.place, this.table);
  }

  // Corners in order of their scores, each score once; null pays by threshold and deduction.
  setCorners(corners) {
    const own = this.office.corners ?? null;
    const by = new Map(corners?.map((one) => [one.score, one]) ?? []);
    const sorted = corners && [...by.values()].sort((one, other) => one.score - other.score);
    const before = this.state.draft;
    this.state.set(SCHEDULE, sorted, own);
    if (this.state.draft === before) this.refresh();
  }

  async drawSchedule(draft = this.state.draft) {
    if (!this.place?.isConnected) return;
    this.asked = draft; // the last one asked for is shown
    const lines = await this.askPicture(draft);
    if (this.asked !== draft || !lines) return;
    this.lines = lines;
    this.paint();
    this.cornerTable();
  }

  // While a slider moves: at most one question at a time, and the last one is asked.
  preview(changes) {
    this.pending = { ...this.state.draft, changes: { ...this.state.draft.changes, ...changes } };
    if (this.previewing) return;
    this.previewing = true;
    (async () => {
      while (this.pending) {
        const draft = this.pending;
        this.pending = null;
        const lines = await this.askPicture(draft).catch(() => null);
        if (lines) {
          this.lines = lines;
          this.paint();
        }
      }
      this.previewing = false;
    })();
  }

  paint() {
    const corners = this.corners ?? [];
    const pull = (number, score, share) =>
      this.setCorners(corners.map((one, place) => (place === number ? { ...one, score, share } : one)));
    this.place.replaceChildren(
      picture(this.lines, this.marks, corners, pull),
      make("figcaption", {}, say("picture")),
    );
  }

  // A row for each corner; the rows stay while their number does, and with them what is held or focused.
  cornerTable() {
    const corners = this.corners ?? [];
    if (this.cornerRows?.length !== corners.length) {
      const rows = corners.map((_, number) => this.cornerRow(number));
      this.cornerRows = rows;
      this.table.replaceChildren(...rows.map((row) => row.element));
      if (rows.length && rows.length < MOST_CORNERS) {
        this.table.append(
          make(
            "button",
            { type: "button", class: "small", onclick: () => this.addCorner() },
            say("add_corner"),
          ),
        );
      }
    }
    this.cornerRows.forEach((row, number) => row.show(corners[number]));
  }

  cornerRow(number) {
    const title = `${say("corner")} ${number + 1}`;
    const changed = (key, value) =>
      this.corners.map((one, place) => {
        if (place !== number) return one;
        const next = { ...one, [key]: value };
        if (value === null) delete next[key];
        return next;
      });
    const part = (key, word, scale, unit, bounds) => {
      const shown = make("output", {});
      const slide = make("input", {
        type: "range",
        "aria-label": `${title}: ${say(word)}`,
        "data-corner": `${number}-${key}`,
        ...bounds,
      });
      const value = () => Number(plain(Number(slide.value) / scale));
      slide.addEventListener("input", () => {
        shown.textContent = slide.value + unit;
        if (key === "share") this.preview({ [SCHEDULE]: changed(key, value()) });
      });
      slide.addEventListener("change", () => this.setCorners(changed(key, value())));
      const show = (corner) => {
        slide.value = plain(corner[key] * scale);
        shown.textContent = plain(corner[key] * scale) + unit;
      };
      return {
        show,
        element: make("div", { class: "slide" }, make("span", { class: "of" }, say(word)), slide, shown),
      };
    };
    const parts = [
      part("score", "score_at", 1, "", { min: 0, max: 100, step: 0.5 }),
      part("share", "share_at", 100, "%", { min: 0, max: 130, step: 1 }),
    ];
    const jump = make("input", {
      type: "number",
      min: 0,
      max: 200,
      step: 1,
      "aria-label": `${title}: ${say("jump")}`,
    });
    jump.addEventListener("change", () =>
      this.setCorners(changed("jump_to", jump.value === "" ? null : Number(jump.value) / 100)),
    );
    const remove = make(
      "button",
      {
        type: "button",
        class: "small",
        onclick: () => {
          if (this.corners.length > 1) this.setCorners(this.corners.filter((_, place) => place !== number));
        },
      },
      say("remove"),
    );
    const element = make(
      "fieldset",
      {},
      make("legend", {}, title),
      ...parts.map((one) => one.element),
      make("div", { class: "jump" }, make("span", { class: "of" }, say("jump")), jump, "%", remove),
    );
    const show = (corner) => {
      parts.forEach((one) => one.show(corner));
      jump.value = corner.jump_to === undefined ? "" : plain(100 * corner.jump_to);
    };
    return { element, show };
  }

  // A corner half-way between the last two.
  addCorner() {
    const last = this.corners.at(-1);
    const before = this.corners.at(-2) ?? { score: 0, share: last.share };
    const share = (last.share + (before.jump_to ?? before.share)) / 2;
    this.setCorners([...this.corners, { score: Math.round(last.score + before.score) / 2, share }]);
  }

  // People between offices

  staff() {
    const choice = (id) => {
      const groups = new Map();
      for (const one of this.office.staff) {
        if (!groups.has(one.unit)) groups.set(one.unit, make("optgroup", { label: one.unit }));
        groups.get(one.unit).append(make("option", { value: one.name }, `${one.label} · ${one.count}`));
      }
      return make("select", { id }, ...groups.values());
    };
    const [from, to] = [choice("move-from"), choice("move-to")];
    to.selectedIndex = Math.min(1, to.options.length - 1);
    const people = make("input", { type: "number", id: "move-people", min: 1, max: 500, step: 1, value: 1 });
    const move = () => {
      const count = Math.round(Number(people.value));
      if (count >= 1 && from.value !== to.value)
        this.state.addMove({ from: from.value, to: to.value, people: count });
    };
    return make(
      "details",
      { class: "group", open: WIDE.matches, "data-group": "staff" },
      make("summary", {}, make("h3", {}, say("staff"))),
      make(
        "div",
        { class: "form" },
        make("label", {}, say("from"), from),
        make("label", {}, say("to"), to),
        make("label", {}, say("people"), people),
        make("button", { type: "button", id: "move", onclick: move }, say("move")),
      ),
    );
  }
}
