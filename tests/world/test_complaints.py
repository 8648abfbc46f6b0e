"""Complaints of acts without mandate are counted on every channel by which a case came in."""

import pandas as pd
import pytest

import sim

CHANNELS = ("online", "doorstep", "early")


@pytest.mark.parametrize("on", [True, False])
def test_a_complaint_is_counted_whatever_channel_the_case_took(on):
    changes = {f"service_rules.{channel}.on": on for channel in CHANNELS} | {"horizon.warm_up_days": 0}
    result = sim.simulate("binhai", changes, seed=3)
    (start, end), *_ = result.work.world.years
    requests, steps = result.requests, result.steps
    due = requests.index[(requests["due_s"] >= start) & (requests["due_s"] < end)]
    named = steps["step"].astype(str).str.match(r"overreach\.complaint(\.\w+)?$") & (steps["ready_s"] < end)
    came = pd.Index(steps.loc[named, "request"].unique()).intersection(due)
    table = result.outcomes
    whole = (table["month"] == 0) & (table["unit"] == "") & (table["kind"] == "") & (table["person"] == "")
    told = table.loc[whole & (table["outcome"] == "complaints"), "value"].item()
    assert len(came) > 20 and told == pytest.approx(len(came), abs=3)  # those still to come at the year's end
    by_channel = steps.loc[named, "step"].astype(str).str.count(r"\.").gt(1).sum()
    assert (by_channel > 5) == on
