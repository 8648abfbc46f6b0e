"""Signs of assessment, pay and consequences."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from .paired import Row
from .service import SERVICE

SCORES = ("mean_score", "score over units", "true_score over units")
PAY = ("pay_total", "assessment_pay", "bonus")
RANKS = ("rank over units", "bottom over units", "share_not_advanced", "share_not_promotable")
JUDGED = (*SERVICE, "on_time_rate", *SCORES)  # what rules of pay and titles leave alone
LADDERS = (("careers.ladders.on", True), ("careers.commendations.on", True))
STRICT = (
    *LADDERS,
    ("assessment.advanced_threshold", 98),
    ("assessment.promotion_threshold", 98),
)  # at 90 hardly anybody is barred
NO_CAREERS = ("moved", "removed", "promoted")

ALIKE = (("scorecards.office.items.opinion.marks_sd", 0),)  # marks would drown what inspections do

JUDGING = [
    # pay
    Row("twice the deduction a point", "deduction-double",
        down=("assessment_pay", "pay_total"), same=(*JUDGED, *RANKS, "bonus")),
    Row("half the deduction a point", "deduction-half",
        up=("assessment_pay", "pay_total"), same=(*JUDGED, *RANKS, "bonus")),
    Row("full pay from 90", "threshold-90", up=PAY, same=(*JUDGED, *RANKS)),
    Row("full pay from 98", "threshold-98", down=PAY, same=(*JUDGED, *RANKS)),
    Row("smooth schedule", "smooth-pay", moves=("assessment_pay", "bonus", "pay_spread_equal_merit"), same=(*JUDGED, *RANKS)),
    Row("schedule in steps", "steps-pay", moves=("assessment_pay", "bonus"), same=(*JUDGED, *RANKS)),
    Row("pay by rank", "rank-pay", moves=PAY, same=(*JUDGED, *RANKS)),
    Row("floor of assessment pay", {"pay.floor": 0.98}, up=("assessment_pay",), same=(*JUDGED, *RANKS, "bonus")),
    Row("ceiling of assessment pay", {"pay.ceiling": 0.9}, down=("assessment_pay",), same=(*JUDGED, *RANKS, "bonus")),
    Row("floor of the bonus", {"pay.bonus_floor": 0.3}, up=("bonus",), down=("pay_gini",), same=(*JUDGED, *RANKS, "assessment_pay")),
    Row("whole points begun count", {"pay.points_counted": "whole_started"}, down=("assessment_pay",), same=(*JUDGED, *RANKS)),
    Row("whole points completed count", {"pay.points_counted": "whole_completed"}, up=("assessment_pay",), same=(*JUDGED, *RANKS)),
    Row("only what is not noise is deducted", "gated-deduction", up=PAY, same=(*JUDGED, *RANKS)),
    Row("reward fund 专项奖励资金", "reward-fund", up=("reward_fund", "pay_total", "top over units"), same=(*JUDGED, *RANKS, "bonus")),
    Row("sections are bound by the pay rule", {"unit_types.section.pay_bound": True}, down=("bonus", "pay_total"), same=(*JUDGED, *RANKS)),
    # titles, ranks and the bottom
    Row("advanced units from 98", {"assessment.advanced_threshold": 98}, up=("share_not_advanced",), same=(*JUDGED, *PAY)),
    Row("promotion from 94", {"assessment.promotion_threshold": 94}, up=("share_not_promotable",), same=(*JUDGED, *PAY)),
    Row("certification from 95 达标", {"assessment.certified_threshold": 95}, down=("share_certified",), same=(*JUDGED, *PAY)),
    Row("excellence from 95 优秀国土资源所", {"assessment.excellent_threshold": 95}, up=("share_excellent",), same=(*JUDGED, *PAY)),
    Row("target of excellence: all", {"assessment.excellent_target": 1.0}, down=("excellent_target_met",), same=(*JUDGED, *PAY, "share_excellent")),
    Row("target of certification: four in five", {"assessment.certified_target": 0.8}, up=("certified_target_met",), same=(*JUDGED, *PAY, "share_certified")),
    Row("thresholds are ranks", {"assessment.thresholds": "rank"}, up=("share_not_advanced", "share_not_promotable"), same=(*JUDGED, *PAY)),
    Row("no bottom three 末三位", "no-bottom-three", down=("bottom over units",), same=(*JUDGED, *PAY, "rank over units")),
    Row("the bottom only if it is distinct", "bottom-if-distinct", down=("bottom over units",), same=(*JUDGED, *PAY, "rank over units")),
    Row("ranks of scaled scores", "scaled-ranks", moves=("scaled_score at personnel", "scaled_score at dongkan"), same=(*JUDGED, *PAY)),
    Row("percentiles within the group", {"assessment.scaling": "rank_within_group"}, moves=("scaled_score at personnel", "scaled_score at dongkan"), same=(*JUDGED, *PAY)),
    # the scorecard
    Row("a late case costs more points", {"scorecards.office.items.on_time.deduct": 1.6}, down=("mean_score", "score over units"),
        same=(*SERVICE, "on_time_rate", "score at personnel")),
    Row("everybody marks alike 民主测评", {"scorecards.office.items.opinion.marks_sd": 0}, down=("score_gap",), same=(*SERVICE, "score at personnel")),
    Row("larger inspections 抽查", {"scorecards.office.items.inspection.sample": 2000, "scorecards.office.items.returns.sample": 2000},
        down=("score_gap",), same=(*SERVICE, "true_score over units", "score at personnel"), where=ALIKE),
    Row("only registration is assessed, nobody reacts", "registration-only", moves=("mean_score",), same=(*SERVICE, "on_time_rate", "score at personnel")),
    Row("audits where nothing is false 数据稽核", "audits", same=(*JUDGED, *RANKS, *PAY)),
]  # fmt: skip

CAREERS = [
    Row("two ladders 两级提拔", {"careers.ladders.on": True}, up=("promoted",), same=(*JUDGED, *RANKS, *PAY, "removed")),
    Row("commendations 表扬奖励", {"careers.commendations.on": True}, up=("pay_total",), same=(*JUDGED, *RANKS, "bonus", *NO_CAREERS)),
    Row("no promotion line", {"assessment.promotion_threshold": 0}, down=("barred",), same=(*JUDGED, *PAY, "promoted", "commended"), where=STRICT),
    Row("the city takes three heads", {"careers.ladders.deputy_openings": 3}, up=("promoted_to_city", "promoted_to_head", "newcomers"), same=(*JUDGED, *PAY, "removed"), where=LADDERS),
    Row("service counts for more 论资排辈", {"careers.ladders.seniority": 3}, up=("promoted_by_seniority",), same=(*JUDGED, *PAY, "promoted", "commended"), where=LADDERS),
    Row("the unit counts for more", {"careers.ladders.unit": 4}, up=("promoted_by_unit",), same=(*JUDGED, *PAY, "promoted", "commended"), where=LADDERS),
    Row("luck counts for more", {"careers.ladders.luck": 4}, up=("promoted_by_luck",), down=("promoted_by_merit",), same=(*JUDGED, *PAY, "promoted", "commended"), where=LADDERS),
    Row("only the record counts", {f"careers.ladders.{name}": 0 for name in ("unit", "seniority", "luck")},
        down=("promoted_by_seniority",), same=(*JUDGED, *PAY, "promoted", "commended"), where=LADDERS),
    Row("records are seen as they are, and nothing is left to luck", {"careers.record.sample": 0, "careers.record.opinion_sd": 0, "careers.ladders.luck": 0},
        up=("promoted_by_merit",), down=("promoted_by_luck",), same=(*JUDGED, *PAY, "promoted", "commended"), where=LADDERS),
    Row("twice as many are commended", {"careers.commendations.share": 0.1}, up=("commended", "commendation_pay", "pay_total"), same=(*JUDGED, "promoted"), where=LADDERS),
]  # fmt: skip

ROWS = [
    *(row._replace(replications=16) for row in JUDGING),
    *(row._replace(replications=20) for row in CAREERS),
    # several years
    Row("scores of three years count", "rolling-three-years", moves=("rolling_score over units in 2026",),
        same=("score over units in 2025", "rolling_score over units in 2025", "pay_total in 2025", "mean_processing_days in 2025"), years=2),
    Row("verdicts have no consequences for people", {"careers.on": False}, up=("experience_years in 2026",),
        same=("experience_years in 2025", "on_time_rate in 2025", "mean_score in 2025", "pay_total in 2025", "arrivals"), years=2, replications=6),
    Row("nobody leaves", {"careers.leavers_share": 0}, up=("experience_years in 2026",), down=("newcomers", "vacant_hours"),
        same=("experience_years in 2025", "mean_score in 2025", "arrivals"), years=2, replications=6),
    Row("no bottom three, and so no moves", "no-bottom-three", down=("moved", "removed", "promoted"), up=("experience_years in 2026",),
        same=("newcomers", "mean_score in 2025", "pay_total in 2025", "arrivals"), years=2, replications=6),
    Row("no heads removed", {"careers.remove_heads": False}, down=("removed", "promoted"), same=("mean_score in 2025", "arrivals"), years=2),
    Row("the staff of bottom units stays", {"careers.moved_share": 0}, down=("moved",), same=("removed in 2025", "mean_score in 2025", "arrivals"), years=2, replications=6),
    Row("newcomers in place of those who move", {"careers.replacement": "newcomer"}, up=("newcomers", "newcomers in 2025"),
        same=("removed in 2025", "mean_score in 2025", "arrivals"), years=2, replications=6),
    Row("posts stand empty for longer", {"careers.vacancy_months": 6}, up=("vacant_hours",), same=("newcomers in 2025", "moved in 2025", "removed in 2025", "mean_score in 2025", "arrivals"), years=2),
    Row("newcomers with practice", {"careers.newcomer_years": 3}, up=("experience_years in 2026",), same=("newcomers in 2025", "moved in 2025", "mean_score in 2025"), years=2, replications=6),
]  # fmt: skip
