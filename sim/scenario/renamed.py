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
