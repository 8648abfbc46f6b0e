"""Offices small enough to have known answers, and the engine run on them without the assessment that
follows it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.flow import Trace, executor
from sim.flow import build as bureau_of
from sim.scenario import build
from sim.scenario.schema import Scenario
from sim.world import World, draw_world

START = dt.datetime(2025, 1, 1)
HOUR_S = 3600


def text(words: str) -> dict:
    return {"en": words, "zh": words}


def work(mean: float, at: str = "clerk", distribution: str = "exponential", cv: float | None = None) -> dict:
    """A step of work, its mean in hours."""
    shape = {"distribution": distribution} | ({} if cv is None else {"cv": cv})
    return {"type": "work", "at": f"own/{at}", "minutes": 60 * mean, **shape}


def kind(*steps: dict, priority: int = 1, **named: dict) -> dict:
    """A matter kind whose route is `steps` (called step_1, step_2, …), then the `named` ones."""
    route = {f"step_{number}": step for number, step in enumerate(steps, 1)} | named
    return {"title": text("kind"), "priority": priority, "route": route}


def clerks(count: int = 1, role: str = "clerk", unit: str = "office", **more: object) -> dict:
    return {"unit": unit, "role": role, "grade": "grade", "count": count, **more}


def shifts(*spans: tuple[float, float], unit_s: int) -> list[dict]:
    """A roster from spans counted in units of `unit_s` seconds from the start."""
    moments = [[START + dt.timedelta(seconds=round(edge * unit_s)) for edge in span] for span in spans]
    return [{"start": str(start), "end": str(end)} for start, end in moments]


def scenario(
    hours: float,
    kinds: dict[str, dict],
    rates: dict[str, float],
    staff: dict[str, dict] | int = 1,
    units: tuple[str, ...] = ("office",),
    committees: dict | None = None,
    **rules: object,
) -> Scenario:
    """Offices that never close: `rates` are requests an hour of each kind at each unit, `rules` those of
    the offices.
    """
    staff = {"clerk": clerks(staff)} if isinstance(staff, int) else staff
    pay = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 0}
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": text("theory"),
            "description": text("a case with a known answer"),
            "horizon": {"start": str(START), "minutes": 60.0 * hours},
            "calendar": {"country": "none", "week": "always"},
            "roles": {group["role"]: {"title": text("role")} for group in staff.values()},
            "grades": {"grade": {"title": text("grade"), **pay}},
            "unit_types": {"office": {"title": text("office"), **rules}},
            "units": {unit: {"type": "office", "title": text(unit)} for unit in units},
            "staff": staff,
            "kinds": kinds,
            "demand": {
                name: {"volumes": dict.fromkeys(units, rate), "per": "hour"} for name, rate in rates.items()
            },
            **({"committees": committees} if committees else {}),
        }
    )


@dataclass
class Run:
    """One replication of the engine: what was drawn and what happened."""

    world: World
    trace: Trace

    @property
    def requests(self) -> pd.DataFrame:
        """kind, unit, arrival, wait (to the first start) and stay (to the end), in hours; NaN = has not
        happened.
        """
        drawn, trace = self.world.requests, self.trace
        arrival = drawn["arrival_s"].to_numpy()
        times = {"wait": np.array(trace.first_start_s), "stay": np.array(trace.finish_s)}
        spent = {
            name: np.where(moment >= 0, moment - arrival, np.nan) / HOUR_S for name, moment in times.items()
        }
        return drawn[["kind", "unit"]].assign(arrival=arrival / HOUR_S, **spent)

    @property
    def tasks(self) -> pd.DataFrame:
        """One row a visit of a step: kind and step, ready, start and end (s; −1 = has not happened), work
        (s).
        """
        tasks, trace = self.world.tasks, self.trace
        names = [(name, step) for name, part in self.world.scenario.kinds.items() for step in part.route]
        return pd.DataFrame(
            {
                "request": tasks.request,
                "kind": np.array([name for name, _ in names])[tasks.step],
                "step": np.array([step for _, step in names])[tasks.step],
                "ready_s": trace.ready_s,
                "start_s": trace.start_s,
                "end_s": trace.end_s,
                "work_s": tasks.work_s,
            }
        )


def run(case: Scenario, replication: int = 0, seed: int = 1, engine: str = "compiled") -> Run:
    """The engine on one replication, without the assessment."""
    world = draw_world(case, seed, replication)
    flow = executor(engine)(bureau_of(world).tables)
    flow.work_until(world.end_s)
    return Run(world, flow.trace)


def steady(requests: pd.DataFrame, hours: float) -> pd.DataFrame:
    """The requests that came after the first tenth of the run and before the last twentieth."""
    middle = requests[(requests["arrival"] > 0.1 * hours) & (requests["arrival"] < 0.95 * hours)]
    assert middle["stay"].notna().all()
    return middle


def agrees(values: list[float], exact: float, sharp: float = 0.06) -> None:
    """The mean of replications lies within 4 standard errors of `exact`, and 1.96 of them are at most
    `sharp` of it.
    """
    assert len(values) >= 20
    mean, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    print(f"{mean:.4g} ± {error:.2g}, expected {exact:.6g}")  # shown by pytest -rP
    assert abs(mean - exact) <= 4 * error, f"{mean:.6g} ± {error:.2g}, expected {exact:.6g}"
    assert 1.96 * error <= sharp * abs(exact), f"too vague to be a test: {mean:.6g} ± {error:.2g}"
