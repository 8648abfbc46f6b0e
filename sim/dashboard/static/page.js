// The page: choose an office, move its rules, read what changes, keep it.

import { ask, listen, Mistake } from "./api.js";
import { Controls } from "./controls.js";
import { $, make, say } from "./dom.js";
import { Results } from "./results.js";
import { State } from "./state.js";

const PAUSE_MS = 120; // between letting go and asking: keys come in quick succession

const results = new Results();
const state = new State(changed);
const controls = new Controls(
  state,
  async (draft) => (await ask("schedule", { scenario, ...draft })).picture,
);
const MOST_BYTES = 250_000; // of a policy file; the server takes no question of a megabyte
let scenario = document.body.dataset.first;
let running = null; // the estimate that is under way
let timer = null;

function tell(error) {
  if (error && error.name === "AbortError") return;
  $("error").textContent = error instanceof Mistake ? error.message : String(error ?? "");
  $("error").hidden = !error;
}

function changed() {
  tell(null);
  buttons();
  controls.refresh();
  $("summary").classList.add("stale");
  clearTimeout(timer);
  timer = setTimeout(estimate, PAUSE_MS);
}

function buttons() {
  $("undo").disabled = !state.past.length;
  $("redo").disabled = !state.future.length;
  $("to-start").disabled = state.atStart;
  $("to-current").disabled = state.atCurrent;
  for (const id of ["save", "brief"]) $(id).disabled = state.atCurrent;
  state.keep({ scenario, behaviour: $("behaviour").value });
}

async function estimate() {
  running?.abort();
  const mine = (running = new AbortController());
  progress(0, 1, say("working"));
  try {
    await listen(
      "estimate",
      { scenario, behaviour: $("behaviour").value, ...state.draft },
      (line) => {
        if (mine.signal.aborted) return;
        if (line.kind === "draft") listChanges(line);
        if (line.kind === "answer") {
          $("summary").classList.remove("stale");
          results.show(line);
          controls.setMarks(line.marks);
          progress(line.replications, line.of);
        }
      },
      mine.signal,
    );
  } catch (error) {
    if (mine.signal.aborted) return;
    progress(0, 1, "");
    tell(error);
  }
}

function progress(done, all, text) {
  $("progress").max = all;
  $("progress").value = done;
  document.body.dataset.done = done === all ? "yes" : "no";
  $("status").textContent = text ?? (done < all ? say("progress", { done, all }) : say("done", { all }));
}

function listChanges(told) {
  if (told.wait) $("status").textContent = told.wait;
  const rows = told.changes.map((one) =>
    make(
      "li",
      {},
      `${one.what}${say("colon")}${one.before} → ${one.after} `,
      one.undo === null
        ? null
        : make(
            "button",
            {
              type: "button",
              class: "small",
              onclick: () => state.takeBack(one.undo),
              "aria-label": `${say("reset_one")}${say("colon")}${one.what}`,
            },
            say("reset_one"),
          ),
    ),
  );
  $("changes").replaceChildren(
    make("h3", {}, say("changes")),
    rows.length ? make("ul", {}, ...rows) : make("p", {}, say("no_changes")),
    ...(rows.length ? [make("p", {}, told.posts)] : []),
    ...told.notes.map((note) => make("p", { class: "note" }, note)),
  );
}

// Choosing

async function openOffice(kept) {
  running?.abort();
  results.clear();
  try {
    const office = await ask("office", { scenario });
    state.begin(kept?.start ?? { changes: {}, move: [] });
    if (kept) state.draft = kept.draft;
    starts(office);
    controls.show(office);
    showSaved(office.saved);
    changed();
  } catch (error) {
    tell(error);
  }
}

function starts(office) {
  const option = (value, title) => make("option", { value }, title);
  $("start").replaceChildren(...office.policies.map((one) => option(`policy:${one.name}`, one.title)));
}

async function startFrom(body) {
  try {
    const opened = await ask("open", { scenario, ...body });
    state.startFrom({ changes: opened.changes, move: opened.move });
    for (const name of ["title", "reason"]) if (opened[name]) $(name).value = opened[name];
    buttons();
  } catch (error) {
    tell(error);
  }
}

// Keeping

async function save() {
  const given = { name: $("name").value, title: $("title").value, reason: $("reason").value };
  const answer = await ask("save", { scenario, ...state.draft, ...given });
  showSaved(answer.saved);
  $("kept").textContent = say("saved", { name: answer.name });
  return answer.name;
}

async function brief(name) {
  const buttonsOff = (off) =>
    document.querySelectorAll(".briefs").forEach((one) => {
      one.disabled = off;
    });
  buttonsOff(true);
  $("made").replaceChildren();
  $("kept").textContent = say("briefing_wait");
  try {
    await listen("briefing", { scenario, behaviour: $("behaviour").value, name }, (line) => {
      if (line.kind === "failed") $("kept").textContent = line.why;
      if (line.kind !== "end") return;
      $("kept").textContent = say("briefing_ready");
      $("made").replaceChildren(
        ...line.formats.map((format) =>
          make(
            "li",
            {},
            make(
              "a",
              {
                href: `/briefing/${line.study}/${document.body.dataset.lang}.${format}`,
                download: true,
              },
              `${name}.${format}`,
            ),
          ),
        ),
      );
    });
  } catch (error) {
    $("kept").textContent = "";
    tell(error);
  } finally {
    buttonsOff(false);
  }
}

function showSaved(names) {
  const row = (name) =>
    make(
      "li",
      { "data-saved": name },
      make("strong", {}, name),
      " ",
      make(
        "button",
        { type: "button", class: "small", onclick: () => startFrom({ policy: name, saved: true }) },
        say("load"),
      ),
      " ",
      make("a", { href: `/policy/${scenario}/${name}.yaml`, download: true }, say("download")),
      " ",
      make("button", { type: "button", class: "small briefs", onclick: () => brief(name) }, say("brief")),
    );
  $("saved").replaceChildren(...(names.length ? names.map(row) : [make("li", {}, say("none_yet"))]));
}

async function attempt(work) {
  tell(null);
  try {
    await work();
  } catch (error) {
    tell(error);
  }
}

// Wiring

$("brief").classList.add("briefs");
$("undo").addEventListener("click", () => state.undo());
$("redo").addEventListener("click", () => state.redo());
$("to-start").addEventListener("click", () => state.toStart());
$("to-current").addEventListener("click", () => state.toCurrent());
$("scenario").addEventListener("change", () => {
  scenario = $("scenario").value;
  openOffice();
});
$("behaviour").addEventListener("change", changed);
$("start").addEventListener("change", () => startFrom({ policy: $("start").value.replace(/^policy:/, "") }));
$("keep").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(save);
});
$("brief").addEventListener("click", () =>
  attempt(async () => {
    if ($("keep").reportValidity()) await brief(await save());
  }),
);
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (file?.size > MOST_BYTES) tell(new Mistake(say("too_large")));
  else if (file) await startFrom({ text: await file.text() });
  $("file").value = "";
});
document.addEventListener("keydown", (event) => {
  if (
    !(event.ctrlKey || event.metaKey) ||
    event.target.matches("input:not([type=range]):not([type=checkbox])")
  )
    return;
  if (event.key === "z" && !event.shiftKey) {
    event.preventDefault();
    state.undo();
  }
  if (event.key === "y" || (event.key === "Z" && event.shiftKey)) {
    event.preventDefault();
    state.redo();
  }
});

const kept = State.kept();
if (kept && [...$("scenario").options].some((one) => one.value === kept.scenario)) {
  scenario = $("scenario").value = kept.scenario;
  $("behaviour").value = kept.behaviour;
  openOffice(kept);
} else openOffice();
