"""Names that were once written in files and calls, and what each is called now.

An old name is refused, with the new one (`sim.scenario.errors.nearest`), wherever an unknown name is.
"""

RENAMED = {  # money is in the scenario's currency, which no name carries
    "assessment_pay_yuan": "assessment_pay",
    "award_yuan": "award_pay",  # beside `awards`, which counts them
    "base_pay_yuan": "base_pay",
    "bonus_yuan": "bonus",
    "pay_spread_equal_merit_yuan": "pay_spread_equal_merit",
    "pay_total_yuan": "pay_total",
    "pay_yuan": "pay",
    "reward_fund_yuan": "reward_fund",
    "reward_yuan": "reward",
    "sum_yuan": "sum",
    "target_bonus_yuan": "target_bonus",
}

# Dotted paths of parameters that stand elsewhere now, or nowhere.
_MEASURED = "It is measured by trials now (behaviour.trials); leave it out"
_ELSEWHERE = {
    "behaviour.forecast": _MEASURED,
    "behaviour.responsive.least_spread": _MEASURED,
    "behaviour.responsive.allocation.substitution": (
        "It is 'behaviour.responsive.effort.substitution' now, with s / (2 - s) in place of s: 0.43 for 0.6"
    ),
    "behaviour.responsive.ratchet.discount": "It is 'behaviour.responsive.discount' now",
}


def elsewhere(path: str) -> str | None:
    """Return what became of the parameter at a dotted path of a scenario; None of one that never was."""
    return next((told for old, told in _ELSEWHERE.items() if f"{path}.".startswith(f"{old}.")), None)
