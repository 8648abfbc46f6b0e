// The rules of an office: sliders and switches, the pay schedule, people between offices.

import { $, make, plain, say } from "./dom.js";
import { picture } from "./picture.js";

const OF_RULE = ["pay.full_pay_threshold", "pay.deduction_per_point"];
const WIDE = matchMedia("(min-width: 40rem)");
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
      control.step ? this.slider(control) : this.toggle(control));
    const before = group.name === "pay" ? [this.schedule()] : [];
    const open = group.open && (WIDE.matches || group.name === "pay");
    return make("details", { class: "group", open, "data-group": group.name },
      make("summary", {}, make("h3", {}, group.title)), ...before, ...inside);
  }

  slider(control) {
    const { path, scale } = control;
    const id = `c-${path}`;
    const bounds = { min: plain(control.low * scale), max: plain(control.high * scale), step: plain(control.step * scale) };
    const range = make("input", { type: "range", id, ...bounds });
    const typed = make("input", { type: "number", min: bounds.min, step: "any", "aria-label": control.label });
    const now = make("span", { class: "now" });
    const reset = this.resetButton(() => this.state.set(path, control.value, control.value));
    const row = make("div", { class: "control", "data-path": path },
      make("label", { for: id }, control.label), make("div", { class: "slide" }, range,
        make("span", { class: "typed" }, typed, make("span", { class: "unit" }, control.unit))), now, reset);
    const shown = () => this.state.value(path, control.value) * scale;
    const set = (text) => {
      const value = Number(text);
      if (text !== "" && Number.isFinite(value)) this.state.set(path, Number(plain(value / scale)), control.value);
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
    const row = make("div", { class: "control toggle", "data-path": control.path },
      make("label", { for: box.id }, box, " ", control.label), reset);
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
    this.table = make("div", { class: "corners" });
    const form = make("select", { id: "form" },
      make("option", { value: "rule" }, say("rule")), make("option", { value: "corners" }, say("corners")));
    form.addEventListener("change", () => this.setCorners(form.value === "corners" ? this.lines.corners : null));
    this.rows.push(() => { form.value = this.corners ? "corners" : "rule"; });
    return make("div", { class: "box" }, make("label", {}, say("form"), " ", form), this.place, this.table);
  }

  // Corners in order of their scores, each score once; null pays by threshold and deduction.
  setCorners(corners) {
    const own = this.office.corners ?? null;
    const by = new Map(corners?.map((one) => [one.score, one]) ?? []);
    const sorted = corners && [...by.values()].sort((one, other) => one.score - other.score);
    this.state.set(SCHEDULE, sorted, own);
    this.refresh();
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
    this.place.replaceChildren(picture(this.lines, this.marks, corners, pull),
      make("figcaption", {}, say("picture")));
  }

  cornerTable() {
    const corners = this.corners;
    this.table.replaceChildren();
    if (!corners) return;
    const change = (number, key, value) => {
      const next = { ...corners[number], [key]: value };
      if (value === null) delete next[key];
      this.setCorners(corners.map((one, place) => (place === number ? next : one)));
    };
    corners.forEach((corner, number) => {
      const title = `${say("corner")} ${number + 1}`;
      const part = (key, scale, bounds, preview) => {
        const label = `${title}: ${say(key === "score" ? "score_at" : "share_at")}`;
        const value = plain(corner[key] * scale);
        const shown = make("output", {}, key === "score" ? value : `${value}%`);
        const slide = make("input", { type: "range", "aria-label": label, "data-corner": `${number}-${key}`, ...bounds });
        slide.value = value;
        slide.addEventListener("input", () => {
          shown.textContent = key === "score" ? slide.value : `${slide.value}%`;
          if (preview) this.preview({ [SCHEDULE]: corners.map((one, place) =>
            (place === number ? { ...one, [key]: Number(slide.value) / scale } : one)) });
        });
        slide.addEventListener("change", () => change(number, key, Number(plain(Number(slide.value) / scale))));
        return make("div", { class: "slide" }, make("span", { class: "of" }, say(key === "score" ? "score_at" : "share_at")), slide, shown);
      };
      const jump = make("input", { type: "number", min: 0, max: 200, step: 1, "aria-label": `${title}: ${say("jump")}` });
      jump.value = corner.jump_to === undefined ? "" : plain(100 * corner.jump_to);
      jump.addEventListener("change", () =>
        change(number, "jump_to", jump.value === "" ? null : Number(jump.value) / 100));
      const remove = make("button", {
        type: "button", class: "small", disabled: corners.length === 1,
        onclick: () => this.setCorners(corners.filter((_, place) => place !== number)),
      }, say("remove"));
      this.table.append(make("fieldset", {}, make("legend", {}, title),
        part("score", 1, { min: 0, max: 100, step: 0.5 }, false),
        part("share", 100, { min: 0, max: 130, step: 1 }, true),
        make("div", { class: "jump" }, make("span", { class: "of" }, say("jump")), jump, "%", remove)));
    });
    const middle = () => {
      const [last, before] = [corners.at(-1), corners.at(-2) ?? { score: 0, share: corners.at(-1).share }];
      const score = Math.round(last.score + before.score) / 2;
      return { score, share: (last.share + (before.jump_to ?? before.share)) / 2 };
    };
    if (corners.length < 12) {
      this.table.append(make("button", {
        type: "button", class: "small", onclick: () => this.setCorners([...corners, middle()]),
      }, say("add_corner")));
    }
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
      if (count >= 1 && from.value !== to.value) this.state.addMove({ from: from.value, to: to.value, people: count });
    };
    return make("details", { class: "group", open: WIDE.matches, "data-group": "staff" },
      make("summary", {}, make("h3", {}, say("staff"))),
      make("div", { class: "form" }, make("label", {}, say("from"), from), make("label", {}, say("to"), to),
        make("label", {}, say("people"), people),
        make("button", { type: "button", id: "move", onclick: move }, say("move"))));
  }
}
