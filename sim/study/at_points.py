"""What a sensitivity run found, kept in the folder of its results.

It is written whole, and read only if it is of the study as it is now.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.evaluate.screening import Design
from sim.scenario.errors import InputError

from .design import Study

ENDING = "-sensitivity"  # of the folder of results
POINTS, VALUES, MADE = "points.parquet", "values.parquet", "sensitivity.json"
RUNS = "runs.json"  # the keys of the results at points, of the study's rules as they are
GIVEN = "given"  # the point of the values as given
_FORMAT = "jingxi-sensitivity/4"
_WORTH = 0.5  # of a point of a round: it shares half of its values with others (docs/studies.md)


@dataclass(frozen=True)
class Kept:
    """What a sensitivity run found.

    Attributes
    ----------
    points : DataFrame
        By point: trajectory, group (those moved, by commas; "" = none), refused (why the scenario cannot be
        so; "" = it can), and a column of places in [0, 1] for each dimension, by dotted path.
    values : DataFrame
        Columns point, policy, behaviour, replication, outcome, value, baseline, difference; of the bureau,
        over the whole years. The point "given" has the values as given.
    made : dict
        How it was made: baseline, policies, leading (those of them that were not named),
        later (by behaviour the rules that move the main outcome in later years only), behaviours, rounds,
        trajectories, points, replications, years, seed, unvaried.
    """

    points: pd.DataFrame
    values: pd.DataFrame
    made: dict[str, Any]

    @property
    def design(self) -> Design:
        """The points that were simulated."""
        good = self.points[self.points["refused"] == ""]
        places = good.drop(columns=["trajectory", "group", "refused"]).to_numpy(float)
        return Design(places, good["trajectory"].to_numpy(int), good["group"].to_numpy(object))

    @property
    def counting(self) -> tuple[pd.Series, float]:
        """How points count in intervals: of one trajectory as one; of rounds each as half a point."""
        if not self.made["rounds"]:
            return self.points["trajectory"], 1.0
        return pd.Series(range(len(self.points)), self.points.index), _WORTH

    @property
    def apart(self) -> pd.Series:
        """Which points were drawn each for itself, by point."""
        return ~self.points["trajectory"].duplicated(keep=False)

    @property
    def dimensions(self) -> list[str]:
        """The dotted paths of what varied."""
        return [name for name in self.points.columns if name not in ("trajectory", "group", "refused")]

    @property
    def refused(self) -> int:
        """How many points the scenario refused."""
        return int((self.points["refused"] != "").sum())

    def by_rule(self, policy: str) -> list[str]:
        """Return the points at which a policy has results, but for that of the values as given."""
        rows = self.values[self.values["policy"] == policy]
        return [str(point) for point in rows["point"].unique() if point != GIVEN]

    def by_point(self, policy: str, behaviour: str, outcome: str) -> np.ndarray:
        """Return the differences to the baseline at the points of `design`, (n, replications)."""
        rows = self.values
        rows = rows[
            (rows["policy"] == policy) & (rows["behaviour"] == behaviour) & (rows["outcome"] == outcome)
        ]
        table = rows.pivot(index="point", columns="replication", values="difference")
        good = self.points.index[self.points["refused"] == ""]
        return table.reindex(good).to_numpy(float)


def folder_of(study: Study) -> Path:
    """Return the folder of the results of a study's sensitivity run."""
    return study.folder.with_name(study.folder.name + ENDING)


def keep(study: Study, whole: Study, found: Kept) -> None:
    """Write what was found at the points, the study `whole`: all its files, or none that are read."""
    folder = folder_of(study)
    made = found.made | {"format": _FORMAT, "rules": _rules(study)}
    with whole.store.opened(lambda _: None):
        for name, table in ((POINTS, found.points.reset_index()), (VALUES, found.values)):
            partial = folder / f"{name}.partial"
            table.to_parquet(partial, index=False)
            partial.replace(folder / name)
        made["files"] = {name: _digest(folder / name) for name in (POINTS, VALUES)}  # both, or none
        partial = folder / f"{MADE}.partial"
        partial.write_text(json.dumps(made, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(folder / MADE)


def kept(study: Study) -> Kept | None:
    """Return what the sensitivity run of a study found; None without one of the study as it is now.

    Raises InputError where there is one and its files are damaged: a report must not say that there is none.
    """
    folder = folder_of(study)
    try:
        text = (folder / MADE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise _damaged(study, MADE) from None
    try:
        made = json.loads(text)
        if made.get("format") != _FORMAT or made.get("rules") != _rules(study):
            return None
        files = dict(made["files"])
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise _damaged(study, MADE) from None
    for name in (POINTS, VALUES):
        if not (folder / name).is_file() or files.get(name) != _digest(folder / name):
            raise _damaged(study, name)
    points = pd.read_parquet(folder / POINTS).set_index("point")
    return Kept(points, pd.read_parquet(folder / VALUES), made)


def _damaged(study: Study, name: str) -> InputError:
    return InputError(
        "what the sensitivity run found is damaged or missing",
        file=folder_of(study) / name,
        remedy=f"sim sensitivity {study.called} makes it again; the results at points are kept",
    )


def is_whole(study: Study) -> bool:
    """Return whether a sensitivity run of the study as it is now was finished, and its files are sound."""
    return kept_if_whole(study) is not None


def kept_if_whole(study: Study) -> Kept | None:
    try:
        return kept(study)
    except InputError:
        return None


def note_runs(study: Study, whole: Study) -> None:
    """Note which results belong to the run at points, beside those noted under the same rules."""
    keys = sorted((runs_of(study) or set()) | {unit.key for unit in whole.units})
    with whole.store.opened(lambda _: None):
        file = folder_of(study) / RUNS
        partial = file.with_name(f"{RUNS}.partial")
        partial.write_text(json.dumps({"rules": _rules(study), "keys": keys}), encoding="utf-8")
        partial.replace(file)


def runs_of(study: Study) -> set[str] | None:
    """Return the keys of results at points that belong to the study as it is now; None if that is not known,
    since what is noted of them is missing or damaged."""
    try:
        noted = json.loads((folder_of(study) / RUNS).read_text(encoding="utf-8"))
        return set(noted["keys"]) if noted["rules"] == _rules(study) else set()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _digest(file: Path) -> str:
    return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()


def _rules(study: Study) -> str:
    """Return a digest of the code and of the rules of a study, by which its results are named."""
    code, tables, rules = study.versions
    digests = sorted((name, one.whole) for name, one in rules.items())
    content = json.dumps([code, tables, digests, study.seed, study.baseline])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
