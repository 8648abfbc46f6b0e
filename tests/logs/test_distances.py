"""Distances between logs, by hand and against the library of the field where it is installed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.logs.distances import distances


def log(n: int = 200, seed: int = 0, slow: float = 1.0) -> pd.DataFrame:
    luck = np.random.default_rng(seed)
    begin = pd.Timestamp("2025-03-03") + pd.to_timedelta(luck.integers(0, 30 * 1440, n), unit="min")
    rows = []
    for case, moment in enumerate(begin):
        for activity in ("a", "b", "c")[: luck.integers(1, 4)]:
            end = moment + pd.Timedelta(minutes=slow * float(luck.exponential(300)))
            rows.append((case, activity, "P", moment, end.floor("s")))
            moment = end.floor("s")
    return pd.DataFrame(rows, columns=["case", "activity", "person", "start", "end"])


def test_a_log_is_at_no_distance_from_itself():
    assert set(distances(log(), log()).values()) == {0.0}


def test_distances_by_hand():
    moment = pd.Timestamp("2025-03-03 08:00")
    hour = pd.Timedelta(hours=1)
    one = pd.DataFrame(
        {
            "case": [0, 0],
            "activity": ["a", "b"],
            "start": [moment, moment + hour],
            "end": [moment + hour, moment + 2 * hour],
        }
    )
    later = one.assign(start=one["start"] + 3 * hour, end=one["end"] + 3 * hour)
    found = distances(one, later)
    assert found == {"ngram": 0, "absolute": 3, "circadian": 3, "relative": 0, "cycle": 0, "arrivals": 3}
    other = one.assign(activity=["a", "c"])
    assert distances(one, other)["ngram"] == 3 / 4  # of the grams ··a, ·ab, ab·, b·· only the first is shared


def test_the_library_of_the_field_gives_the_same():
    library = pytest.importorskip("log_distance_measures")
    from log_distance_measures.absolute_event_distribution import absolute_event_distribution_distance
    from log_distance_measures.circadian_event_distribution import circadian_event_distribution_distance
    from log_distance_measures.cycle_time_distribution import cycle_time_distribution_distance
    from log_distance_measures.n_gram_distribution import n_gram_distribution_distance
    from log_distance_measures.relative_event_distribution import relative_event_distribution_distance

    names = {
        "case": "case",
        "activity": "activity",
        "resource": "person",
        "start_time": "start",
        "end_time": "end",
    }
    ids = library.config.EventLogIDs(**names)
    ours, theirs = log(seed=1), log(seed=2, slow=1.4)
    found = distances(ours, theirs)
    zoned = [
        one.assign(start=one["start"].dt.tz_localize("UTC"), end=one["end"].dt.tz_localize("UTC"))
        for one in (ours, theirs)
    ]
    given = (zoned[0], ids, zoned[1], ids)
    assert found["ngram"] == pytest.approx(n_gram_distribution_distance(*given, n=3))
    assert found["absolute"] == pytest.approx(absolute_event_distribution_distance(*given))
    assert found["circadian"] == pytest.approx(circadian_event_distribution_distance(*given))
    assert found["relative"] == pytest.approx(relative_event_distribution_distance(*given))
    hours = cycle_time_distribution_distance(*given, bin_size=pd.Timedelta(hours=1))
    assert found["cycle"] == pytest.approx(hours)
