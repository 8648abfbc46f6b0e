"""Put the figures into docs/logs.md, between two marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from sim.evaluate.estimate import wilson
from sim.logs import Validation
from sim.logs.verdict import figure

from .held_out import RECEIPT, REPLICATIONS, held_out, late_shares, read
from .recovery import recovered

BEGIN, END = "<!-- figures of python -m docs.tools logs -->", "<!-- end of figures -->"
OFFICES = 20
SHOWN = ("ngram", "cycle", "relative", "circadian")
QUESTIONS = ("cycle", "ngram", "circadian", "cases", "late_share", "staffing")


def write(
    file: Path,
    folder: Path | None,
    *,
    offices: int = OFFICES,
    replications: int = REPLICATIONS,
    progress: Callable[[str], object] = lambda _: None,
) -> str:
    """Measure everything, write it into the file between the marks, and return it."""
    told = "\n".join(_lines(folder, offices, replications, progress))
    text = file.read_text(encoding="utf-8")  # as it is by now
    before, rest = text.split(BEGIN)
    file.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return told


def _lines(
    folder: Path | None, offices: int, replications: int, progress: Callable[[str], object]
) -> Iterator[str]:
    with TemporaryDirectory() as scratch:
        found = held_out(folder, Path(scratch), replications, progress)
        yield from distances_table(found)
        yield ""
        yield from verdict_table(found)
        log = read(RECEIPT, folder, Path(scratch))
        if log is not None:
            yield ""
            yield _late(late_shares(log), len(log.cases.dropna(subset=["due", "closed"])))
    if offices:
        progress(f"{offices} offices of which all is known")
        yield ""
        yield from recovery_table(recovered(offices, replications))


def distances_table(found: dict[str, Validation | None]) -> Iterator[str]:
    """Distances of each log beside the yardsticks; a log that is missing is said to be."""
    yield "| log | | 3-grams | cycle time | since arrival | hours of day |"
    yield "|---|---|--:|--:|--:|--:|"
    for title, one in found.items():
        if one is None:
            yield f"| {title} | not measured: the log is not here | | | | |"
            continue
        timed = any(question.name == "circadian" for question in one.verdict)  # not where only days are known
        fitted = {name: f"{figure(one.fitted[name].mean())} ± {_spread(one.fitted[name])}" for name in SHOWN}
        rows = {f"{title}, {one.trained:,} cases, then {one.held_out:,} | fitted": fitted}
        for name, yardstick in (("replayed", one.replayed), ("naive", one.naive)):
            rows[f"| {name}"] = {distance: figure(yardstick[distance]) for distance in SHOWN}
        for head, row in rows.items():
            cells = [row[name] if timed or name != "circadian" else "–" for name in SHOWN]
            yield f"| {head} | {' | '.join(cells)} |"


def _spread(several: pd.Series) -> str:
    spread = float(several.std())
    return f"{spread:.2g}" if spread < 10 else f"{spread:,.0f}"


def verdict_table(found: dict[str, Validation | None]) -> Iterator[str]:
    """What each log is fit for, and what was foretold of the held-out part."""
    here = {title: one for title, one in found.items() if one is not None}
    if not here:
        return
    yield f"| | {' | '.join(here)} |"
    yield "|---" * (len(here) + 1) + "|"
    judged = {title: {one.name: one for one in found.verdict} for title, found in here.items()}
    for name in QUESTIONS:
        known = [one[name] for one in judged.values() if name in one]
        cells = [("fit" if one[name].fit else "**unfit**") if name in one else "–" for one in judged.values()]
        if known:
            yield f"| {known[0].en} | {' | '.join(cells)} |"
    rows = {"mean_cycle_hours": ("mean cycle time, h", 1.0), "late_share": ("late, %", 100.0)}
    for name, (title, scale) in rows.items():
        cells = [_foretold(one.outcomes, name, scale) for one in here.values()]
        yield f"| {title}: held out [foretold with 95 %] | {' | '.join(cells)} |"
    cells = [f"{int(one.months['covered'].sum())} of {len(one.months)}" for one in here.values()]
    yield f"| monthly means within 95 % | {' | '.join(cells)} |"


def _foretold(outcomes: pd.DataFrame, name: str, scale: float) -> str:
    if name not in outcomes.index:
        return "–"
    real, low, high = (figure(scale * float(outcomes[part][name])) for part in ("real", "low", "high"))
    return f"{real} [{low}, {high}]"


def _late(shares: dict[str, list[float]], closed: int) -> str:
    recorded = shares["recorded"][0]
    error = 100 * np.sqrt(recorded * (1 - recorded) / closed)
    later, cut = (
        f"{100 * np.mean(several):.1f} % ({100 * min(several):.1f} to {100 * max(several):.1f})"
        for several in (shares["later"], shares["cut"])
    )
    return (
        f"Of the {closed:,} closed permits {100 * recorded:.1f} % ± {error:.1f} were late, as recorded. "
        f"Fitted to the whole log, the scenario gives {later} in {len(shares['later'])} simulations if cases "
        f"still open at the end get another year, and {cut} if they are cut there, as those of the log are."
    )


def recovery_table(found: pd.DataFrame) -> Iterator[str]:
    """How often what is fitted to offices of which all is known holds the truth."""
    yield "| offices of which all is known | of | hold the truth | share [95 %] |"
    yield "|---|--:|--:|--:|"
    for number, count, held in found.itertuples():
        low, high = wilson(held / count, count)
        yield f"| {number} | {count} | {held} | {held / count:.0%} [{low:.0%}, {high:.0%}] |"
