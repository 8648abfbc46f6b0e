"""The runs that `emergence` looks at: the same citizens under several rules, behaviours and switches.

Two bureaus are run. The county (`binhai`) shows what people attend to, hurry over and
write down. For the distribution of scores many office-years are needed: twenty offices, each like the
repository's `one-office`, that differ only in how many people come to them.
"""

from __future__ import annotations

import numpy as np

from docs.tools.kept import World
from sim.scenario import Policy, Scenario, load_policy

RESPONSIVE = "behaviour.responsive"
SWITCHES = ("effort", "allocation", "timing", "recording")
AUDIT_RATES = (0.0, 0.05, 0.1, 0.2, 0.5)
OFFICES, WORST, BEST = 20, 62.0, 98.5  # how many offices, and their scores with nobody answering, points
NO_CAREERS = {f"{RESPONSIVE}.careers.{name}": 0 for name in ("promotion", "advanced", "bottom")}


def trial(name: str, behaviour: str, changes: dict[str, object]) -> World:
    """One way to run a replication: a behaviour, and the changes to the scenario by dotted path."""
    return World(behaviour, Policy.of(changes, name))


def switched(*on: str) -> dict[str, object]:
    """Changes that leave these of the responses on, and switch the others off."""
    return {f"{RESPONSIVE}.{name}.on": name in on for name in SWITCHES}


def of_the_county(county: Scenario) -> list[World]:
    """What is run of `binhai`: its own parameters, some of its responses at a time."""
    smooth = dict(load_policy(county, "smooth-pay").changes)
    registration = dict(load_policy(county, "registration-only").changes)
    effort, allocation, everything = switched("effort"), switched("effort", "allocation"), switched(*SWITCHES)
    careful = {f"{RESPONSIVE}.effort.rush_share": 0}

    pay_alone = {**effort, **NO_CAREERS}
    higher = dict(load_policy(county, "threshold-98").changes)

    def audited(rate: float) -> dict[str, object]:
        return {**everything, "assessment.audits.on": True, "assessment.audits.rate": rate}

    return [
        trial("mechanical", "mechanical", {}),
        trial("mechanical, registration only", "mechanical", registration),
        trial("effort", "responsive", effort),
        trial("effort, smooth pay", "responsive", {**effort, **smooth}),
        trial("effort, threshold 98", "responsive", {**effort, **higher}),
        trial("effort, no rushing", "responsive", {**effort, **careful}),
        trial("effort, pay alone", "responsive", pay_alone),
        trial("effort, pay alone, smooth pay", "responsive", {**pay_alone, **smooth}),
        trial("effort, pay alone, threshold 98", "responsive", {**pay_alone, **higher}),
        trial("allocation", "responsive", allocation),
        trial("allocation, registration only", "responsive", {**allocation, **registration}),
        *(trial(f"audits {rate:g}", "responsive", audited(rate)) for rate in AUDIT_RATES),
    ]


def of_offices(county: Scenario) -> list[World]:
    """What is run of the twenty offices: the cliff, or `county`'s smooth pay, and no career at stake.

    People answer by their effort alone, all of which is real work.
    """
    answer = {
        "effort": {"on": True, "rush_share": 0},
        "careers": {"promotion": 0, "advanced": 0, "bottom": 0},
    }
    bureau = {**_offices(), "behaviour": {"responsive": answer}}
    return [
        trial("mechanical", "mechanical", bureau),
        trial("cliff", "responsive", bureau),
        trial("smooth", "responsive", {**bureau, **load_policy(county, "smooth-pay").changes}),
    ]


def _offices() -> dict[str, object]:
    """Changes that make twenty offices of `one-office`, with scores spread evenly if nobody answers."""
    rates = {
        f"office_{n:02d}": round(hourly(score), 3)
        for n, score in enumerate(np.linspace(WORST, BEST, OFFICES))
    }
    return {
        "units": {
            name: {"type": "office", "title": {"en": f"Office {n}", "zh": f"{n}号窗口"}}
            for n, name in enumerate(rates, start=1)
        },
        "staff": {f"{name}_clerk": {"unit": name, "role": "window", "grade": "clerk"} for name in rates},
        "demand": {"visit": {"volumes": rates, "per": "hour"}},
    }


def hourly(score: float, served: float = 5.0, limit: float = 1.0) -> float:
    """How many must come in an hour for a score: the share in % that is called within `limit` hours.

    One clerk serves `served` an hour, times exponential: P(wait ≤ t) = 1 − λ/μ × exp(−(μ − λ) t) (M/M/1).
    """
    from scipy.optimize import brentq

    def missed(rate: float) -> float:
        return 100 * (1 - rate / served * np.exp(-(served - rate) * limit)) - score

    return float(brentq(missed, 1e-6, served))
