"""Simulate a draft pair by pair, beside the baseline's replications that are kept in memory."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from sim.cache import LruCache
from sim.report.words import one_line
from sim.scenario import InputError, Scenario, load
from sim.scenario.folders import SCENARIO_FILE, named, scenarios_folders
from sim.scenario.idle import NoEffect
from sim.scenario.policy import CURRENT
from sim.scenario.source import parse_yaml, read_text
from sim.study.load import over_years
from sim.study.what_if import WhatIf, what_if

from .draft import Draft

REPLICATIONS = 12  # of an estimate that is complete
AT_ONCE = 2  # replications between two answers: the least that has an interval
SEED = 0
KEPT = 2  # trials in memory, up to 60 MB a replication each
OF_UNITS = ("score", "on_time_rate", "pay")  # outcomes of units that the page shows


def scenario_names() -> list[str]:
    """List the scenarios: the working folder's own first, then those shipped."""
    found = (
        file.parent.name for one in scenarios_folders() for file in sorted(one.glob(f"*/{SCENARIO_FILE}"))
    )
    return list(dict.fromkeys(found))


_loaded: LruCache[Scenario] = LruCache(8)
_TITLE = re.compile(r"^title:.*\n(?:[ ]+.*\n)*", re.MULTILINE)
_titles: LruCache[dict[str, str]] = LruCache(100)


def titles(lang: str) -> list[tuple[str, str]]:
    """Return name and title of each scenario; one whose title cannot be read is called by its name."""
    found = []
    for name in scenario_names():
        said = _titles.get(_version(name), partial(_title, name)).get(lang)
        found.append((name, one_line(said) if isinstance(said, str) and said.strip() else name))
    return found


def _title(name: str) -> dict[str, str]:
    """Read the title of a scenario without the rest, which takes long for a large one."""
    file = named(name, f"*/{SCENARIO_FILE}", "scenario")
    try:
        block = _TITLE.search(read_text(file))
        return dict(parse_yaml(block[0], file).data["title"]) if block else {}
    except (InputError, KeyError, TypeError, ValueError):
        return {}


def scenario_of(name: str) -> Scenario:
    """Load a scenario by name, over one year; an LRU cache holds the latest. Raises InputError."""
    return _loaded.get(_version(name), lambda: _one_year(load(name)))


def _version(name: str) -> tuple[str, int]:
    """Return which file a scenario is, and when it was last changed."""
    file = named(name, f"*/{SCENARIO_FILE}", "scenario")
    return str(file), file.stat().st_mtime_ns


def _one_year(scenario: Scenario) -> Scenario:
    several = scenario.horizon.years is not None and scenario.horizon.years > 1
    return over_years(scenario, 1) if several else scenario


@dataclass
class Trial:
    """The baseline's replications of a scenario under one behaviour, kept for all who ask.

    Nothing in it is anybody's: the baseline is the scenario's current rule.
    """

    scenario: Scenario
    behaviour: str
    parts: list[tuple[WhatIf, pd.DataFrame]] = field(default_factory=list)

    def part(self, number: int) -> tuple[WhatIf, pd.DataFrame]:
        """Return replications ``AT_ONCE · number`` on, with the baseline's outcomes; simulated once."""
        while len(self.parts) <= number:
            first = AT_ONCE * len(self.parts)
            trial = what_if(
                self.scenario, replications=AT_ONCE, seed=SEED, behaviour=self.behaviour, first=first
            )
            self.parts.append((trial, shown(trial.outcomes(CURRENT))))
        return self.parts[number]

    def stages(self, draft: Draft, replications: int = REPLICATIONS) -> Iterator[pd.DataFrame]:
        """Simulate a draft, `AT_ONCE` replications a step.

        Yields
        ------
        DataFrame
            The outcomes under the draft and under the baseline, of all replications so far, in the form of
            `WhatIf.outcomes`. A draft without changes has the baseline's own.
        """
        policy = draft.policy()
        tables: list[pd.DataFrame] = []
        for number in range(replications // AT_ONCE):
            trial, baseline = self.part(number)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NoEffect)  # the list of changes says it
                alone = draft.is_empty
                tried = baseline.assign(policy=policy.name) if alone else shown(trial.outcomes(policy))
            tables += [baseline, tried]
            yield pd.concat(tables, ignore_index=True)


_trials: LruCache[Trial] = LruCache(KEPT)


def trial_of(scenario: Scenario, behaviour: str) -> Trial:
    """Return the trial of a scenario under a behaviour; an LRU cache holds the latest."""
    return _trials.get((id(scenario), scenario.state(), behaviour), lambda: Trial(scenario, behaviour))


def shown(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the page tells of: of the bureau, of units and of people's pay, by year."""
    rows = outcomes[(outcomes["month"] == 0) & (outcomes["kind"] == "")]
    bureau = (rows["unit"] == "") & (rows["person"] == "")
    units = (rows["unit"] != "") & (rows["person"] == "") & rows["outcome"].isin(OF_UNITS)
    people = (rows["person"] != "") & (rows["outcome"] == "pay")
    return rows[bureau | units | people]
