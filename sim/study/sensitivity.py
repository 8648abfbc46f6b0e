"""Does the answer of a study survive what is assumed? Its rules again, at points of the plausible space.

Each point is a scenario with other assumed numbers; the baseline and the rules that lead are simulated there
with the same citizens. All points are policies of one study, so its results are kept, shared and resumed as
those of any other. What it found is kept beside them, for the reports.
"""

from __future__ import annotations

import hashlib
import re
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.evaluate.screening import Design
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest
from sim.scenario.policy import CURRENT, Policy
from sim.scenario.reform import reform, reformed

from .at_points import ENDING, GIVEN, Kept, folder_of, keep, kept_if_whole, note_runs
from .calibrate import kept as calibrated
from .design import Study
from .leading import leading, moving
from .plausible import POINT, Plausible
from .run import processors

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

    from .result import Unit

FITTED = "calibration"  # the block of numbers that were fitted to observed totals
ROUNDS, REPLICATIONS = 2, 2  # of the first answer
# Returns to effort are not measured at each point (a minute each): what is assumed of them varies instead.
_ANSWERING = {"behaviour.return": "assumed", "behaviour.trials.at_least": 4, "behaviour.trials.at_most": 4}


class Sensitivity:
    """A sensitivity run of a study.

    Parameters
    ----------
    study : Study
        The study, with results.
    rounds : int
        Rounds of the screening by the scenario's own blocks, half of which are moved at each point.
    points : int
        Further points, at which all assumed numbers vary at once (a Latin hypercube).
    replications : int
        Replications of each point, at least 2.
    policies : sequence of str, optional
        The rules compared with the baseline; by default those that lead in the study, of those that move its
        main outcome within these years.
    within : Path, optional
        The folder of a calibration (`sim.study.calibrate`): the numbers that it fitted vary within its set,
        together, as a block of their own.
    trajectories : int
        In place of rounds: trajectories in which one block after the other is moved alone (Morris).
    years : int
        Assessment years that are simulated at the points.

    Raises
    ------
    InputError
        If a number is too small or there are not so many years, a policy is unknown or none moves the main
        outcome, the scenario assumes nothing with a range, or there is no sound calibration of it.
    """

    def __init__(
        self,
        study: Study,
        rounds: int = ROUNDS,
        points: int = 0,
        replications: int = REPLICATIONS,
        policies: Sequence[str] | None = None,
        within: Path | None = None,
        trajectories: int = 0,
        years: int = 1,
    ) -> None:
        if rounds < 2 or trajectories < 0 or trajectories == 1 or points < 0 or replications < 2:
            raise InputError(
                f"{rounds} rounds, {trajectories} trajectories, {points} points, {replications} replications",
                remedy="Give two rounds, trajectories and replications or more, and no negative number",
            )
        if not 1 <= years <= (most := study.scenario.horizon.years or 1):
            raise InputError(
                f"{number_of(years, 'year')} at the points",
                remedy=f"The study has {most}: give from 1 to {most}",
            )
        self.study, self.replications, self.years = study, replications, years
        self.rounds = 0 if trajectories else rounds
        self.trajectories, self.points = trajectories, points
        for name in policies or ():
            if name not in study.policies or name == study.baseline:
                others = [one for one in study.policies if one != study.baseline]
                raise InputError(f"'{name}' is no alternative of the study", remedy=nearest(name, others))
        self.moving = moving(study, years)
        self.leading = () if policies else tuple(leading(self.moving))
        self.policies = self.leading or tuple(dict.fromkeys(policies or ()))
        if not self.policies:
            raise InputError(
                f"no alternative of '{study.name}' moves its main outcome in the first {_years(years)}",
                remedy="Give more --years, or name rules with --policies",
            )
        self.scenario = quick(study, years)
        self.space = Plausible(self.scenario, study.policies[study.baseline])
        dimensions = len(self.space.dimensions)
        if not dimensions:
            raise InputError(
                f"nothing that the scenario '{study.scenario.name}' assumes has a range",
                remedy="Give assumed numbers a 'range' or a 'factor'",
            )
        self.within = None if within is None else calibrated(within, study.as_loaded or study.scenario)
        groups, fitted = self._blocks()
        if trajectories:
            design = Design.screening(groups, dimensions, trajectories, study.seed)
        else:
            design = Design.factorial(groups, dimensions, rounds, study.seed, self._refused)
        if points:
            design = design.joined(Design.sample(dimensions, points, study.seed + 1))
        self.design = (
            design if self.within is None else design.drawn_from(self.within.to_numpy(float), fitted)
        )

    def _blocks(self) -> tuple[dict[str, np.ndarray], list[int]]:
        """Return the blocks that are moved one after the other, and the numbers that were fitted together."""
        if self.within is None:
            return self.space.groups, []
        known = {dimension.name: place for place, dimension in enumerate(self.space.dimensions)}
        if lost := [name for name in self.within.columns if name not in known]:
            raise InputError(
                f"'{lost[0]}' was fitted, and is nothing that '{self.study.name}' assumes",
                remedy="Calibrate the study's scenario under its baseline",
            )
        fitted = [known[name] for name in self.within.columns]
        rest = {name: np.setdiff1d(members, fitted) for name, members in self.space.groups.items()}
        return {name: members for name, members in rest.items() if len(members)} | {
            FITTED: np.array(fitted)
        }, fitted

    def _refused(self, point: np.ndarray) -> bool:
        return self.space.refused(point) is not None

    def run(
        self,
        workers: int | None = None,
        progress: bool = True,
        tell: Callable[[str], None] | None = None,
    ) -> Kept:
        """Simulate what is missing, and keep what was found.

        `tell` is told about how long it takes, after the first points. A run of no more than what is kept
        gives what is kept.
        """
        before = kept_if_whole(self.study)
        if before is not None and self._within(before):
            if tell is not None:
                tell(f"all of it is kept, at {number_of(len(before.points), 'point')}")
            return before
        # Of each point the scenario, the baseline and the rules: checked, then named, then checked again.
        each = 2 + len(self.policies) + (0 if before is None else len(before.made["policies"]))
        room = each * (1 + len(self.design))
        reformed.allow(room)
        try:
            return self._run(before, workers, progress, tell)
        finally:
            reformed.allow(-room)

    def _run(
        self,
        before: Kept | None,
        workers: int | None,
        progress: bool,
        tell: Callable[[str], None] | None,
    ) -> Kept:
        if before is not None:
            told = self._joined_by(before) if self._at_points_of(before) else _replaced(before)
            if told and tell is not None:
                tell(told)
        refused: dict[str, str] = {}
        names = [f"p{number:04d}" for number in range(len(self.design))]
        if tell is not None:
            tell(
                f"making ready {number_of(len(names), 'point')}, each with "
                f"{number_of(1 + len(self.policies), 'rule')}"
            )
        given = np.full((1, len(self.space.dimensions)), 0.5)
        policies = self._policies([GIVEN], given, refused)
        policies |= self._policies(names, self.design.points, refused)
        whole = self._points_study(policies)
        note_runs(self.study, whole)
        if tell is not None and (missing := whole.missing()):
            numbers = len(self.space.dimensions)
            tell(
                f"{number_of(len(missing), 'run')} at {number_of(len(names), 'point')} of "
                f"{number_of(numbers, 'assumed number')}"
            )
            tell(self._first(policies, missing, workers or processors(), progress))
        whole.run(workers=workers, progress=progress)
        return self._keep(whole, names, refused)

    def _within(self, before: Kept) -> bool:
        """Return whether what was found before has all that is asked for here."""
        made = before.made
        return (
            made["replications"] >= self.replications
            and set(self.policies) <= set(made["policies"])
            and list(self.study.file.behaviours) == made["behaviours"]
            and (0 < self.rounds <= made["rounds"] or 0 < self.trajectories <= made["trajectories"])
            and self.points <= made["points"]
            and self.years == made["years"]
            and made.get("within", "") == self._set
        )

    @property
    def _set(self) -> str:
        """A digest of the set within which fitted numbers vary; "" without one."""
        if self.within is None:
            return ""
        return hashlib.blake2b(self.within.to_numpy(float).tobytes(), digest_size=16).hexdigest()

    def _at_points_of(self, before: Kept) -> bool:
        """Return whether the points, and what is simulated at them, are those of the run that is kept."""
        made, names = before.made, ("rounds", "trajectories", "points", "replications", "years")
        same: dict[str, Any] = {name: getattr(self, name) for name in names}
        same |= {"behaviours": list(self.study.file.behaviours)}
        return (
            all(made[name] == value for name, value in same.items()) and made.get("within", "") == self._set
        )

    def _joined_by(self, before: Kept) -> str:
        """Take up the rules that were tried at the same points before, and tell them: what reports say of
        them stays said."""
        self.leading = self.leading or tuple(before.made["leading"])
        more = [name for name in before.made["policies"] if name not in self.policies]
        self.policies += tuple(more)
        return (
            f"{', '.join(more)} were tried at these points before, and stay among the rules" if more else ""
        )

    def _first(
        self, policies: dict[str, Policy], missing: Sequence[Unit], workers: int, progress: bool
    ) -> str:
        """Simulate what is missing at the first points, and return how long the rest takes.

        They are two a worker: with fewer it would not go on as it does with all (`run._by_draw`).
        """
        points = [name.partition("-")[0] for name in dict.fromkeys(unit.policy for unit in missing)]
        some = {GIVEN, *list(dict.fromkeys(points))[: 2 * workers]}
        first = self._points_study({n: one for n, one in policies.items() if n.partition("-")[0] in some})
        count, began = len(first.missing()), time.monotonic()
        first.run(workers=workers, progress=progress)
        if rest := len(missing) - count:
            return f"the other {rest} take about {_duration((time.monotonic() - began) * rest / count)}"
        return "that was all"

    def _policies(
        self, names: Sequence[str], points: np.ndarray, refused: dict[str, str]
    ) -> dict[str, Policy]:
        """Return the policies of points, by name; what the scenario refuses is noted in `refused`."""
        found: dict[str, Policy] = {}
        for name, point in zip(names, points, strict=True):
            there, baseline = self.space.policies(name, point)
            own = {name: baseline}
            for policy in self.policies:
                given = self.study.policies[policy]
                upon = there if policy == CURRENT else baseline
                own[f"{name}-{policy}"] = replace(given, name=f"{name}-{policy}", upon=upon)
            try:
                for one in own.values():
                    reform(self.scenario, one)
            except InputError as error:
                refused[name] = _reason(error)
            else:
                found |= own
        return found

    def _points_study(self, policies: dict[str, Policy]) -> Study:
        content = self.study.file.model_copy(
            update={
                "baseline": GIVEN,
                "policies": tuple(list(policies)[1:]),
                "measures": (),
                "replications": self.replications,
                "years": None,
                "changes": {},
                "keep_requests": False,
            }
        )
        folder = folder_of(self.study)
        return Study(f"{self.study.name}{ENDING}", content, self.scenario, policies, folder, None)

    def _keep(self, whole: Study, names: Sequence[str], refused: dict[str, str]) -> Kept:
        points = pd.DataFrame(
            self.design.points,
            columns=[dimension.name for dimension in self.space.dimensions],
            index=pd.Index(names, name="point"),
        )
        points.insert(0, "refused", [refused.get(name, "") for name in names])
        points.insert(0, "group", self.design.group)
        points.insert(0, "trajectory", self.design.trajectory)
        made = {
            "baseline": self.study.baseline,
            "policies": list(self.policies),
            "behaviours": list(self.study.file.behaviours),
            "leading": list(self.leading),
            "later": {behaviour: later for behaviour, (_, later) in self.moving.items()},
            "rounds": self.rounds,
            "trajectories": self.trajectories,
            "points": self.points,
            "replications": self.replications,
            "years": self.years,
            "seed": self.study.seed,
            "unvaried": list(self.space.unvaried),
            "within": self._set,
            "fixed": self._fixed(),
        }
        found = Kept(points, self._values(whole, [GIVEN, *names]), made)
        keep(self.study, whole, found)
        return found

    def _fixed(self) -> dict[str, list[str]]:
        """Return by rule the numbers that it writes itself, so that they are the same at all points."""
        names = [f"{'.'.join(path)}." for path in self.space.written]
        found = {}
        for policy in self.policies:
            own = [
                path
                for path in self.study.policies[policy].changes
                if any(f"{path}.".startswith(name) or name.startswith(f"{path}.") for name in names)
            ]
            if own and policy != CURRENT:
                found[policy] = own
        return found

    def _values(self, whole: Study, names: Sequence[str]) -> pd.DataFrame:
        """Return the bureau's outcomes by point, of policies and beside them of the baseline."""
        means = {unit: _means(whole, unit.key) for unit in whole.units}
        by = {(unit.policy, unit.behaviour, unit.replication): own for unit, own in means.items()}
        rows: list[tuple] = []
        for (policy, behaviour, replication), own in by.items():
            point, _, name = policy.partition("-")
            base = by[point, behaviour, replication]
            label = name or self.study.baseline
            for outcome, value in own.items():
                before = base.get(outcome, np.nan)
                rows.append((point, label, behaviour, replication, outcome, value, before, value - before))
        columns = [
            "point",
            "policy",
            "behaviour",
            "replication",
            "outcome",
            "value",
            "baseline",
            "difference",
        ]
        table = pd.DataFrame(rows, columns=columns)
        return table.astype(dict.fromkeys(("point", "policy", "behaviour", "outcome"), "category"))


def _replaced(before: Kept) -> str:
    return (
        "reports will tell this run, not the one kept at "
        f"{number_of(len(before.points), 'point')}; its results stay"
    )


def _means(study: Study, key: str) -> dict[str, float]:
    """Return the bureau's outcomes in whole years, the mean of the years."""
    table = study.store.read(key)
    if table is None:
        return {}
    frame = table.to_pandas()
    whole = frame["month"] == 0
    for name in ("unit", "kind", "person"):
        whole &= frame[name] == ""
    means = frame[whole].groupby("outcome", observed=True)["value"].mean().dropna()
    return {str(name): float(value) for name, value in means.items()}


def _reason(error: InputError) -> str:
    """Return why a point is refused, in a few words: the number, and what it must be."""
    said = re.sub(r"^policy '[^']*': ", "", error.message)
    said = re.sub(r"\d+\.\d{4,}", lambda found: f"{float(found[0]):.4g}", said)
    return f"{error.path}: {said}" if error.path else said


def quick(study: Study, years: int = 1) -> Scenario:
    """Return the study's scenario over so many years, with returns to effort assumed where people answer."""
    from sim.behaviour import BEHAVIOURS

    changes: dict[str, Any] = {}
    if study.scenario.horizon.years is not None:
        changes["horizon.years"] = years
    if any(BEHAVIOURS[name].READS_RULES for name in study.file.behaviours):
        changes |= _ANSWERING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # much is so already
        return reform(study.scenario, Policy("quick", POINT, POINT, changes))


def _years(years: int) -> str:
    return "year" if years == 1 else number_of(years, "year")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes >= 90:
        return f"{minutes / 60:.1f} hours"
    return f"{minutes} minutes" if minutes > 1 else "a minute"
