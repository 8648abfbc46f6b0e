"""What is open when the first year begins, as rows beside the requests that are drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.open_matters import open_matters
from sim.scenario.schema import Scenario
from sim.scenario.steps import Work

from .tasks import step_names

FIRST_NUMBER = 2**27  # of a cell: no draw has so many requests, so no two share their luck


def with_open_matters(scenario: Scenario, requests: pd.DataFrame, start_s: int) -> pd.DataFrame:
    """Return the requests and, before them, what is open at `start_s`, where the scenario has a table of it.

    All rows then also have received_s; step, the number of the step before which a matter stands (−1 = its
    first); begun, whether somebody has worked on it; and due_s, due_given and due_is_date as in
    `sim.scenario.open_matters`. Open matters take up their way at `start_s`.
    """
    table = open_matters(scenario)
    if table is None:
        return requests
    numbers = {name: number for number, name in enumerate(step_names(scenario))}
    own = pd.DataFrame(
        {
            "kind": pd.Categorical(table.kind, requests["kind"].cat.categories),
            "unit": pd.Categorical(table.unit, requests["unit"].cat.categories),
            "arrival_s": np.full(len(table), start_s, np.int64),
            "received_s": table.received_s,
            "step": [numbers[one] for one in zip(table.kind, table.step, strict=True)],
            "begun": [_begun(scenario, *one) for one in zip(table.kind, table.step, strict=True)],
            "due_s": table.due_s,
            "due_given": table.due_given,
            "due_is_date": table.due_is_date,
        }
    )
    own["number"] = FIRST_NUMBER + own.groupby(["kind", "unit"], observed=True).cumcount()
    own = own.assign(**{str(name): False for name in requests if requests[name].dtype == bool})
    nothing = {"step": -1, "begun": False, "due_s": -1, "due_given": False, "due_is_date": False}
    drawn = requests.assign(received_s=requests["arrival_s"], **nothing)
    return pd.concat([own, drawn], ignore_index=True)


def _begun(scenario: Scenario, kind: str, step: str) -> bool:
    """Return whether a step of work stands before this one in the route."""
    route = scenario.kinds[kind].route
    before = list(route)[: list(route).index(step)]
    return any(isinstance(route[name], Work) for name in before)
