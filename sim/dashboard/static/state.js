// The draft of a policy, with its history. The policy file and the draft say the same: nothing else is state.

const KEY = "jingxi";
const TOGETHER_MS = 1000; // settings of one rule in quick succession, as by a held key, are one step
const empty = () => ({ changes: {}, move: [] });
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class State {
  constructor(changed) {
    this.changed = changed; // called after every change of the draft
    this.begin(empty());
  }

  // Begin at a policy: what "back to the start" leads to. The history goes.
  begin(start) {
    this.start = start;
    this.past = [];
    this.future = [];
    this.draft = start;
    this.last = { path: null, at: 0 };
  }

  get atStart() {
    return same(this.draft, this.start);
  }
  get atCurrent() {
    return same(this.draft, empty());
  }

  to(draft, path = null) {
    if (same(draft, this.draft)) return;
    const now = Date.now();
    const goesOn = path !== null && path === this.last.path && now - this.last.at < TOGETHER_MS;
    this.last = { path, at: now };
    if (!goesOn) this.past.push(this.draft);
    this.future = [];
    this.draft = draft;
    this.changed();
  }

  // Go on from another policy; the draft before can be had back by undo.
  startFrom(start) {
    this.start = start;
    this.to(start);
  }

  // Set one parameter; its own value takes the change away, so that a reset is exact.
  set(path, value, own) {
    const changes = { ...this.draft.changes };
    if (same(value, own)) delete changes[path];
    else changes[path] = value;
    this.to({ ...this.draft, changes }, path);
  }

  value(path, own) {
    return path in this.draft.changes ? this.draft.changes[path] : own;
  }

  takeBack(what) {
    if (typeof what === "number") {
      this.to({ ...this.draft, move: this.draft.move.filter((_, number) => number !== what) });
    } else {
      const changes = { ...this.draft.changes };
      delete changes[what];
      this.to({ ...this.draft, changes });
    }
  }

  addMove(move) {
    this.to({ ...this.draft, move: [...this.draft.move, move] });
  }
  toStart() {
    this.to(this.start);
  }
  toCurrent() {
    this.to(empty());
  }
  undo() {
    this.step(this.past, this.future);
  }
  redo() {
    this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return;
    to.push(this.draft);
    this.draft = from.pop();
    this.last.path = null;
    this.changed();
  }

  // A change of language loads the page again; the work stays.
  keep(also) {
    sessionStorage.setItem(KEY, JSON.stringify({ draft: this.draft, start: this.start, ...also }));
  }

  static kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  }
}
