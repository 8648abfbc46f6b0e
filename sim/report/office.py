"""Simulate a scenario in memory for its briefing: its outcomes, and on what its requests spend their time."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.behaviour.year import Unsettled
from sim.flow.stuck import Stuck
from sim.replication import Result, simulate
from sim.report.results import Results
from sim.scenario import load
from sim.scenario.idle import NoEffect
from sim.scenario.schema import Scenario
from sim.scenario.steps import Delay, Return
from sim.study import Study
from sim.study.applicable import applicable
from sim.world.reroute import stream_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# On what a request spends its time, in the order in which figures stack it.
WAITING, IN_HAND = "waiting", "in_hand"
PARTS = (WAITING, IN_HAND, "transfer", "outside_department", "public_notice", "applicant", "other")
_NUMBERED = re.compile(r"_\d+$")  # stages of one kind, stage_1 and stage_2, are told together


@dataclass(frozen=True)
class Office:
    """A scenario, simulated in memory.

    ``results`` holds the outcomes as those of a study of its own; ``flow`` has a row for each kind and step
    in the order of the route: kind, step, visits (of a request), and the days of `PARTS` that a request
    spends there, means over the requests finished in the years. ``arcs`` has a row for each way from one
    step to the next, as `_arcs_of_all` returns it.
    """

    results: Results
    flow: pd.DataFrame
    arcs: pd.DataFrame


def office(
    scenario: str | Path,
    policies: Sequence[str] = (),
    *,
    lang: str = "en",
    replications: int = 10,
    seed: int = 1,
    behaviour: str = "mechanical",
) -> Office:
    """Simulate a scenario as it stands and under each of the policies that apply to it.

    Raises InputError for a wrong scenario or number, or a policy that cannot be read.
    """
    loaded = load(scenario)
    applying, left_out = applicable(loaded, policies)
    asked = Study.of(loaded, applying, behaviours=[behaviour], replications=replications, seed=seed)
    asked.left_out = left_out
    tables, flows, arcs = [], [], []
    with warnings.catch_warnings():
        for told in (NoEffect, Unsettled, Stuck):  # the study's check has told of the first; outcomes
            warnings.simplefilter("ignore", told)
        for replication in range(replications):
            for name, policy in asked.policies.items():
                result = simulate(
                    asked.scenario, policy, behaviour=behaviour, seed=seed, replication=replication
                )
                labels = {"policy": name, "behaviour": behaviour}
                tables.append(result.outcomes.assign(**labels, replication=replication))
                if name == asked.baseline:
                    flows.append(_flow(result))
                    arcs.append(_arcs(result))
    asked.outcomes = _joined(tables)
    return Office(Results(asked, lang), _each(flows), _arcs_of_all(arcs))


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    texts = ("unit", "kind", "person", "outcome", "policy", "behaviour")
    return pd.concat(tables, ignore_index=True).astype(dict.fromkeys(texts, "category"))


def _flow(result: Result) -> tuple[pd.DataFrame, pd.Series]:
    """Return the days of `PARTS` of all requests that one replication finished, by kind and step, with the
    step's place in the routes; and how many requests of each kind that were."""
    import pandas as pd

    scenario, finished, steps = result.work.world.scenario, _finished(result), _taken(result)
    times = {"wait": steps["start_s"] - steps["ready_s"], "spent": steps["end_s"] - steps["start_s"]}
    days = {name: one / 86_400 for name, one in times.items()}
    by_step = steps[["kind", "step"]].astype(str).assign(visits=1, **days)
    table = by_step.groupby(["kind", "step"], as_index=False).sum()
    order = [(kind, step) for kind, part in scenario.kinds.items() for step in part.route]
    visited = list(zip(table["kind"], table["step"], strict=True))
    parts = pd.Series([_part(scenario, *one) for one in visited], index=table.index)
    for part in PARTS:
        table[part] = table["spent"].where(parts == part, 0.0)
    table[WAITING] += table["wait"]
    table["place"] = [order.index(one) for one in visited]
    table["step"] = table["step"].map(_told_as)
    return _by_step(table), result.requests.loc[finished, "kind"].astype(str).value_counts()


def _by_step(table: pd.DataFrame) -> pd.DataFrame:
    sums = dict.fromkeys(("visits", *PARTS), "sum") | {"place": "min"}
    return table.groupby(["kind", "step"], as_index=False).agg(sums)


def _part(scenario: Scenario, kind: str, step: str) -> str:
    """Return on what a step spends the time from its start to its end, one of `PARTS`."""
    one = scenario.kinds[kind].route[step]
    if isinstance(one, Delay):
        return one.reason
    return "applicant" if isinstance(one, Return) else IN_HAND


def _told_as(step: str) -> str:
    """Return a step's name as a page tells it: a copy for a channel as the step itself, what a rule has added
    by that rule (``error.``), numbered stages together."""
    name = stream_of(step)
    return name.split(".")[0] + "." if "." in name else _NUMBERED.sub("", name)


def _each(flows: Sequence[tuple[pd.DataFrame, pd.Series]]) -> pd.DataFrame:
    """Return the flow of one finished request of each kind, over all replications."""
    import pandas as pd

    table = _by_step(pd.concat([one for one, _ in flows]))
    requests = pd.concat([counted for _, counted in flows]).groupby(level=0).sum()
    for column in ("visits", *PARTS):
        table[column] /= table["kind"].map(requests)
    return table.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")


def _finished(result: Result) -> np.ndarray:
    """Return which requests were finished in the years, (requests,)."""
    begin_s, _ = result.work.world.years[0]
    return result.requests["finish_s"].to_numpy() >= begin_s


def _taken(result: Result) -> pd.DataFrame:
    """Return the steps that the finished requests took to their end."""
    steps = result.steps
    return steps[
        _finished(result)[steps["request"].to_numpy()] & (steps["start_s"] >= 0) & (steps["end_s"] >= 0)
    ]


def _arcs(result: Result) -> pd.DataFrame:
    """Return for each kind and pair of consecutive steps how often a finished request goes that way
    ("share"), and the days that it then waits for the second ("wait"). The first step follows on ""."""
    steps = _taken(result).sort_values(["request", "start_s", "end_s"], kind="stable")
    names = steps["step"].astype(str).map(_told_as)
    came_from = names.groupby(steps["request"]).shift().fillna("")
    days = (steps["start_s"] - steps["ready_s"]) / 86_400
    table = steps[["kind"]].astype(str).assign(origin=came_from, step=names, wait=days, share=1.0)
    found = table.groupby(["kind", "origin", "step"]).agg({"share": "sum", "wait": "mean"}).reset_index()
    requests = result.requests.loc[_finished(result), "kind"].astype(str).value_counts()
    return found.assign(share=found["share"] / found["kind"].map(requests))


def _arcs_of_all(each: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a row for each kind, origin and step: the share over all replications, and the mean wait in
    days with its 95 % interval over those in which anybody went that way (wait, low, high)."""
    import numpy as np
    import pandas as pd

    from sim.evaluate import mean_interval

    rows = []
    for (kind, origin, step), part in pd.concat(each).groupby(["kind", "origin", "step"], sort=False):
        wait = mean_interval(part["wait"].to_numpy())
        share = float(part["share"].sum()) / len(each)
        low = float(np.maximum(wait.low, 0.0))  # NaN, as of a single replication, stays
        rows.append((kind, origin, step, share, wait.estimate, low, wait.high))
    return pd.DataFrame(rows, columns=["kind", "origin", "step", "share", "wait", "low", "high"])
