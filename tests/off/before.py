"""What the model gave before service rules, competence, careers and behaviour were added, as digests.

`tests/data/before/digests.json` was made with the code of commit d519a41, and on the scenarios of then. One
rule was written into that code first: a stop of the clock moves no due date that has passed.

    git worktree add ../before d519a41 && git -C ../before apply $PWD/tests/data/before/scored_once.patch
    git worktree add ../then e2dd647 && PYTHONPATH=../before python -P ../then/tests/off/before.py

Outcomes of "urgent care" are of 1 December 2026: hours of units are compensated sums since, also where units
stand in the order of the alphabet. One utilisation of 87 values differs from then, by 3e-16 of itself.

`digests` is of whichever code is imported as `sim`. A digest is of the bytes of columns, so that no
formatting comes between: int64 and float64 as they are, texts with a 0 byte after each.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parents[1] / "data" / "before"
FILE = HERE / "digests.json"
TABLES = ("requests", "steps", "segments")
TWO_YEARS = {"horizon.years": 2, "calendar.make_up_days": False}
SIX_WEEKS = {"horizon.years": None, "horizon.minutes": 42 * 1440, "horizon.warm_up_days": 0}
# scenario, policy, more changes, seed
CASES: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "a year": ("binhai", "current", {}, 7),
    "a desk a kind": ("binhai", "desk-per-kind", {}, 3),
    "study in slack": ("binhai", "study-in-slack", {}, 1),
    "smooth pay": ("binhai", "smooth-pay", {}, 4),
    "two years": ("binhai", "current", TWO_YEARS, 11),
    "two years with staff moved": ("binhai", "move-two-staff", TWO_YEARS, 12),
    "six weeks": ("binhai", "current", SIX_WEEKS, 5),
    "six weeks at desks": ("binhai", "desk-per-kind", SIX_WEEKS, 6),
    "urgent care": ("urgent-care", "current", {}, 5),
}


def result(case: str, engine: str = "compiled") -> Any:
    """The replication of a case, with whichever code is imported as `sim`."""
    import sim

    name, policy, changes, seed = CASES[case]
    scenario = sim.load(HERE / name)
    known = sim.load_policy(scenario, policy)
    policy = sim.Policy("before", known.title, known.reason, known.changes | changes)
    return sim.simulate(scenario, policy, seed=seed, engine=engine)


def digest(table: pd.DataFrame) -> str:
    """Of names, bytes of columns and index."""
    found = hashlib.blake2b(digest_size=16)
    for name, column in [("", table.index.to_series()), *table.items()]:
        found.update(f"{name}\n".encode())
        found.update(_bytes(column))
    return found.hexdigest()


def _bytes(column: pd.Series) -> bytes:
    if column.dtype.kind in "iub":
        return column.to_numpy(np.int64).tobytes()
    if column.dtype.kind == "f":
        return column.to_numpy(np.float64).tobytes()
    return b"".join(text.encode() + b"\0" for text in column.astype(str))


NEW = ("on_time_rate", "due_cases")  # outcomes that had no months then
OF_BUREAU = ("assessment_pay_yuan", "bonus_yuan", "pay_total_yuan")  # had no units or people then


def rows_of(outcomes: pd.DataFrame, names: list[str], year: int | None = None) -> pd.DataFrame:
    """The rows of these outcomes (of one year, if it is given), in their order, as far as there were such."""
    since = outcomes["outcome"].isin(NEW) & (outcomes["month"] != 0)
    since |= outcomes["outcome"].isin(OF_BUREAU) & (outcomes["unit"] != "")
    wanted = outcomes["outcome"].isin(names) & ~since
    if year is not None:
        wanted &= outcomes["year"] == year
    return outcomes[wanted].reset_index(drop=True)


def as_then(outcomes: pd.DataFrame) -> pd.DataFrame:
    """The table with the names that outcomes had then."""
    from sim.scenario.renamed import RENAMED

    then = {now: name for name, now in RENAMED.items()}
    return outcomes.assign(outcome=outcomes["outcome"].astype(str).map(lambda name: then.get(name, name)))


def table_then(done: Any, name: str) -> pd.DataFrame:
    """A table with the columns that it had then: work under way was shown as if it went on to the end."""
    table = getattr(done, name)
    new = {"requests": ["stuck", "case_number"], "steps": ["work_s", "delay_s", "delay_days"]}.get(name, [])
    table = table.drop(columns=new, errors="ignore")
    if name == "steps":
        table = table.reset_index(drop=True)
    if name == "segments" and (under_way := len(done.work.trace.in_hand)):
        table = table.copy()
        table.iloc[-under_way:, table.columns.get_loc("end_s")] = done.work.world.end_s
    return table


def digests(case: str, engine: str = "compiled", names: list[str] | None = None) -> dict[str, Any]:
    """What a case gives: digests of its tables, and of the outcomes of each year (all, or these names)."""
    done = result(case, engine)
    outcomes = as_then(done.outcomes)
    names = sorted(set(outcomes["outcome"])) if names is None else names
    years = sorted(set(outcomes["year"].tolist()))
    return {
        **{name: digest(table_then(done, name)) for name in TABLES},
        "outcomes": {str(year): digest(rows_of(outcomes, names, year)) for year in years},
        "names": names,
    }


if __name__ == "__main__":
    import sim

    if hasattr(sim, "budget_neutral"):
        sys.exit(f"{sim.__file__} is not the code of commit d519a41; see the top of this file")
    FILE.write_text(json.dumps({case: digests(case) for case in CASES}, indent=1) + "\n")
