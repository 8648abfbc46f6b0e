"""When work began, where a log knows only when it ended: an estimate from each person's sequence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .people import People

LONGEST_GAP_S = 3600  # a longer gap between two completions of a person holds something else than work
USUAL = 0.5  # quantile of the gaps of an activity that bounds each of its works
NOMINAL_S = 600  # of an activity whose gaps say nothing


def with_starts(
    events: pd.DataFrame, people: People, *, day_only: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the events with estimated starts, and how many gaps each activity's estimate rests on.

    A person cannot have begun before the last completion: theirs, and that of the case. The work is the
    shorter of that gap, within working hours, and of the usual gap of the activity: back-to-back completions
    tell it, all others hold idle time. Without hours (`day_only`) a nominal ten minutes stand. What needs
    nobody takes no time.
    """
    events = events.copy()
    missing = ~events["known"].to_numpy() & ~events["activity"].isin(people.nobody).to_numpy()
    if not missing.any():
        return events, {}
    end, office = events["end"], people.office
    if day_only:
        return events, dict.fromkeys(events["activity"].cat.categories, 0)
    named = events["person"] != ""
    by_person = events[named].sort_values("end", kind="stable")
    before = by_person.groupby("person", observed=True)["end"].shift().reindex(events.index)
    of_case = events.groupby("case")["end"].shift()
    latest = pd.concat([before, of_case], axis=1).max(axis=1).to_numpy("datetime64[us]")
    gap = np.full(len(events), np.inf)
    known = ~np.isnat(latest)
    moments = end.to_numpy("datetime64[us]")
    gap[known] = np.maximum(office.worked_s(moments[known]) - office.worked_s(latest[known]), 0.0)
    tight = missing & named.to_numpy() & (gap <= LONGEST_GAP_S)
    activity = events["activity"].cat.codes.to_numpy()
    work_s = np.zeros(len(events))
    rests_on: dict[str, int] = {}
    for code, name in enumerate(events["activity"].cat.categories):
        own = missing & (activity == code)
        if not own.any():
            continue
        gaps = gap[tight & own]
        usual = float(np.quantile(gaps, USUAL)) if len(gaps) >= 5 else NOMINAL_S
        work_s[own] = np.where(named.to_numpy()[own], np.minimum(gap[own], usual), 0.0)
        rests_on[str(name)] = len(gaps)
    begun = end - pd.to_timedelta(work_s, unit="s")
    events["start"] = events["start"].where(~missing, begun.astype("datetime64[us]"))
    return events, rests_on
