"""All pages: simulated where nothing is kept, drawn, written; or compared with what is on disk."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.files import write_whole
from sim.rooms import code_version
from sim.scenario import InputError, Scenario, load
from sim.scenario.errors import nearest

from .course import Course
from .effects import Arms, Effect, packed, unpacked
from .page import FIGURES, Made, index, page, trace_file
from .register import GROUPS, RULES
from .rule import Rule
from .trace import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWN = (Trace, Course)  # examples by hand that have a figure
SCENARIO = "binhai"
DPI, COLOURS = 130, 48
DOCS, KEPT, EFFECTS, INDEX = Path("docs/rules"), Path("results/rules"), "effects.json", "README.md"


def build(
    folder: Path = DOCS,
    *,
    only: Sequence[str] = (),
    replications: int = 10,
    seed: int = 0,
    kept: Path = KEPT,
) -> list[Path]:
    """Write the pages, their figures and the index; returns the files that were written.

    Parameters
    ----------
    only : names of rules; the others keep the effects they have in ``effects.json``.
    replications, seed : of the effects. kept : where simulated worlds are kept, by what determines them.

    Raises InputError for a name that no rule has, and where the index lacks the effects of a rule.
    """
    names = [rule.name for rule in RULES]
    for name in only:
        if name not in names:
            raise InputError(f"no rule '{name}'", remedy=nearest(name, names))
    scenario = load(SCENARIO)
    data = _read(folder / EFFECTS)
    made = Made(replications, seed)
    if only and data and data["made"] != asdict(made):
        raise InputError(
            f"the other pages were made otherwise ({data['made']})",
            remedy="Leave out '--only', or ask for the same",
        )
    wanted = [rule for rule in RULES if not only or rule.name in only]
    effects = dict(data["effects"]) if data and only else {}
    solved = dict(data["solved"]) if data and only else {}
    for name in dict.fromkeys(rule.scenario for rule in wanted):
        own = [rule for rule in wanted if rule.scenario == name]
        arms = Arms(scenario_of(own[0], scenario), replications, seed, kept)
        effects |= {rule: packed(found) for rule, found in arms.effects(own).items()}
        for rule in own:
            if rule.on.solve:
                solved[rule.name] = arms.policy(rule.on).changes[rule.on.solve]
    if lacking := [name for name in names if name not in effects]:
        raise InputError(
            f"no effects yet of {', '.join(lacking)}", remedy="Build all pages once, without '--only'"
        )
    effects = {name: effects[name] for name in names}
    said = {
        "scenario": SCENARIO,
        "made": asdict(made),
        "code": code_version(),
        "solved": solved,
        "effects": effects,
    }
    text = json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    written = [_write(folder / EFFECTS, text)]
    for name, content in pages(scenario, said).items():
        written.append(_write(folder / name, content))
    for rule in wanted:
        written.append(_write(folder / FIGURES / f"{rule.name}.png", drawn(rule, scenario)))
        if isinstance(rule.by_hand, DRAWN):
            written.append(_write(folder / FIGURES / trace_file(rule), small_png(rule.by_hand.drawn())))
    return written


def scenario_of(rule: Rule, scenario: Scenario) -> Scenario:
    """The scenario of a rule's page; `scenario` is that of most."""
    return scenario if rule.scenario == scenario.name else load(rule.scenario)


def rewrite(folder: Path = DOCS) -> list[Path]:
    """Write the pages anew from the effects that are in `folder`: nothing is simulated or drawn. For texts,
    labels and parameters that changed, while the effects are still right.

    Raises InputError where there are no effects, or not of every rule.
    """
    said = _read(folder / EFFECTS) or {"effects": {}}
    known = said["effects"]
    if lacking := [rule.name for rule in RULES if rule.name not in known]:
        raise InputError(
            f"no effects of {', '.join(lacking)}",
            file=folder / EFFECTS,
            remedy="Run 'make docs' without '--text'",
        )
    return [_write(folder / name, content) for name, content in pages(load(said["scenario"]), said).items()]


def pages(scenario: Scenario, said: dict) -> dict[str, str]:
    """All pages by file name, from the effects as kept; nothing is simulated."""
    made = Made(**said["made"])
    effects: dict[str, list[Effect]] = {name: unpacked(rows) for name, rows in said["effects"].items()}
    found = {
        f"{rule.name}.md": page(
            rule, scenario_of(rule, scenario), effects[rule.name], made, said["solved"].get(rule.name)
        )
        for rule in RULES
    }
    of_rule = partial(scenario_of, scenario=scenario)
    return {INDEX: index(GROUPS, effects, made, scenario, of_rule)} | found


def differing(folder: Path = DOCS) -> list[str]:
    """Names of the pages that are not as the registry, the catalogue and the scenario would have them now,
    and of figures that lack; what was simulated is taken as kept."""
    said = _read(folder / EFFECTS)
    if said is None:
        return [EFFECTS]
    if missing := {rule.name for rule in RULES} ^ set(said["effects"]):
        return sorted(missing)
    wanted = pages(load(said["scenario"]), said)
    on_disk = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    wrong = [name for name in sorted(wanted.keys() | on_disk) if wanted.get(name) != on_disk.get(name)]
    figures = {f"{rule.name}.png" for rule in RULES}
    figures |= {trace_file(rule) for rule in RULES if isinstance(rule.by_hand, DRAWN)}
    return wrong + sorted(figures ^ {file.name for file in (folder / FIGURES).glob("*.png")})


def drawn(rule: Rule, scenario: Scenario) -> bytes:
    """A rule's figure as a small PNG; the same code and scenario give the same bytes."""
    return small_png(rule.figure(scenario_of(rule, scenario)))


def small_png(figure: Figure) -> bytes:
    """A figure as a PNG of few colours."""
    from PIL import Image

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", dpi=DPI, metadata={"Software": None})
    Image.open(full).convert("RGB").quantize(COLOURS).save(small, format="png", optimize=True)
    return small.getvalue()


def _read(file: Path) -> dict | None:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _write(file: Path, content: str | bytes) -> Path:
    return write_whole(file, content)
