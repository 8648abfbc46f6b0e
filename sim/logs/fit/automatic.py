"""Activities that a system does: they come by themselves, whatever name the log puts beside them."""

from __future__ import annotations

import pandas as pd

AT_ONCE_S = 1  # after the step before: nobody did it in between
LEAST_TIMER_S = 3600
MOSTLY = 0.5  # share of events from which an activity, or a name, counts as a system's
ALONE = 0.95  # share of an activity's events that are a system's own
HOURS_OF_SYSTEM = 20  # of the day in which a name is seen; nobody works in so many


def automatic(events: pd.DataFrame) -> tuple[str, ...]:
    """Return the activities that a system does.

    An event comes by itself if it takes no time and follows the case's step before within a second, or to the
    minute as long after it as most: a timer. An activity of which most do so needs nobody. So does what is
    done by a name of which most events come by themselves, and which is seen nearly around the clock.
    """
    itself = _by_itself(events)
    activity, person = events["activity"].astype("str"), events["person"].astype("str")
    hours = events["end"].dt.hour.groupby(person).nunique()
    share = itself.groupby(person).mean()
    systems = set(share.index[(share > MOSTLY) & (hours >= HOURS_OF_SYSTEM)]) - {""}
    theirs = person.isin(systems).groupby(activity).mean()
    found = (itself.groupby(activity).mean() > MOSTLY) | (theirs >= ALONE)
    return tuple(str(name) for name in found.index[found])


def _by_itself(events: pd.DataFrame) -> pd.Series:
    end = events["end"].groupby(events["case"]).cummax()
    before = end.groupby(events["case"]).shift()
    wait_s = (events["start"] - before).dt.total_seconds()
    at_once = wait_s <= AT_ONCE_S
    pair = events["activity"].astype("str")
    pair = pair.groupby(events["case"]).shift().fillna("") + "\n" + pair
    waits = pd.DataFrame({"pair": pair, "minute": wait_s // 60})[wait_s >= LEAST_TIMER_S]
    same = waits.groupby(["pair", "minute"])["minute"].transform("size")
    timed = (same > MOSTLY * waits.groupby("pair")["minute"].transform("size")) & (same >= 10)
    instant = (events["end"] - events["start"]).dt.total_seconds() <= AT_ONCE_S
    return instant & (at_once | timed.reindex(events.index, fill_value=False))
