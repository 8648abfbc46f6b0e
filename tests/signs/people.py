"""Signs of competence, and of how people answer to incentives."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from .paired import Row
from .service import CITIZENS, SERVICE

R = "behaviour.responsive"
TRUTH = (*SERVICE, "on_time_rate", "true_score over units", "effort", "late_last")

ROWS = [
    # 7 Competence
    Row("nobody gains by practice", {"competence.experience.on": False}, moves=("utilisation",), same=CITIZENS),
    Row("newcomers are slower", {"competence.experience.newcomer_level": 0.4}, up=("utilisation in 2026",), same=("experience_years in 2025", "arrivals"), years=2, replications=6),
    Row("less is forgotten away from work", {"competence.experience.forgotten_a_year": 0}, up=("experience_years",), same=CITIZENS),
    Row("practice counts elsewhere", {"competence.experience.portable": 0.9}, up=("experience_years in 2026",), same=("experience_years in 2025", "mean_score in 2025"), years=2, replications=6),
    Row("study makes quicker", {"competence.knowledge.most": 0.2}, up=("study_gain_hours",), down=("utilisation",), same=(*CITIZENS, "knowledge_hours")),
    Row("study makes more careful", {"competence.knowledge.care": 0.6}, down=("error_rate",), same=(*CITIZENS, "knowledge_hours")),
    Row("what was learned is forgotten sooner", {"competence.knowledge.half_life_years": 0.5}, down=("knowledge_hours", "study_gain_hours"), up=("error_rate",), same=CITIZENS),
    Row("people speed up under load", {"competence.load.speed_up": 0.15}, down=("mean_wait_minutes at batan",), same=CITIZENS, replications=6),
    Row("the turning point of load comes early", {"competence.load.turning_point": 0.72, "competence.load.speed_up": 0, "competence.load.slow_down": 0.5},
        up=("mean_wait_minutes", "utilisation", "error_rate"), same=CITIZENS, replications=6),
    Row("crowding", {"competence.crowding.on": True}, down=("mean_wait_minutes", "utilisation"), same=CITIZENS),
    # 8 Behaviour: nobody reacts
    Row("responses are not read by those who do not react", {f"{R}.strength": 0.5, "behaviour.neglect_days": 30, f"{R}.effort.cost": 1}, same=(*SERVICE, "on_time_rate", "mean_score", "pay_total")),
    # 8 Behaviour: responsive
    Row("people respond", {}, up=("on_time_rate", "mean_score", "error_rate", "pay_total"), down=("duty_rate", "utilisation"), same=("arrivals", "study_hours"), behaviour="responsive", against="mechanical", replications=6),
]  # fmt: skip


def responsive(rule: str, changes, **signs) -> Row:
    return Row(rule, changes, behaviour="responsive", **signs)


ROWS += [
    responsive("without response of effort", {f"{R}.effort.on": False}, down=("effort", "rush", "error_rate"), up=("utilisation", "mean_processing_days"), same=CITIZENS[:3], replications=16),
    responsive("half the strength", {f"{R}.strength": 0.5}, down=("effort",), same=CITIZENS[:3]),
    responsive("dearer effort", {f"{R}.effort.cost": 8}, down=("effort",), same=CITIZENS[:3]),
    responsive("people hold back: ratchet", {f"{R}.ratchet.on": True}, down=("effort",), same=CITIZENS[:3]),
    responsive("aversion to risk", {f"{R}.risk_aversion": 4}, moves=("effort",), same=CITIZENS[:3]),
    responsive("no worth of promotion", {f"{R}.careers.promotion": 0}, down=("effort",), same=CITIZENS[:3]),
    responsive("promotion by two ladders is worth nothing", {f"{R}.careers.to_head": 0, f"{R}.careers.to_city": 0}, down=("effort",), same=CITIZENS[:3], where=(("careers.ladders.on", True),)),
    responsive("a slope ten times as steep", {"pay.deduction_per_point": 10}, up=("effort",), same=CITIZENS[:3]),
    responsive("no slope", {"pay.deduction_per_point": 0}, down=("effort at zhenghong",), same=CITIZENS[:3], where=(("pay.deduction_per_point", 4),), replications=16),
    responsive("no cliff of the bonus", {"pay.bonus_floor": 1}, down=("effort", "recording"), same=CITIZENS[:3]),
    responsive("full pay from 98: the bonus comes out of reach of some", "threshold-98", moves=("effort",), same=CITIZENS[:3]),
    responsive("full pay from 90: safe", "threshold-90", moves=("effort",), same=CITIZENS[:3]),
    responsive("smooth schedule", "smooth-pay", moves=("effort",), same=CITIZENS[:3]),
    responsive("no contest at the bottom", "no-bottom-three", down=("effort",), same=CITIZENS[:3]),
    responsive("contest for the reward fund", "reward-fund", up=("effort at batan", "effort at tianchang"), same=CITIZENS[:3]),
    responsive("branches have pay at stake", {"unit_types.branch.pay_bound": True}, moves=("effort at binhaigang",), same=CITIZENS[:3]),  # a safe office: little, and not of the same size in every year
    responsive("only registration is assessed 工作失衡", "registration-only", up=("attention_spread", "mean_processing_days of homestead"), moves=("duty_rate",), same=CITIZENS[:4]),
    responsive("without response of attention", {f"{R}.allocation.on": False}, up=("duty_rate",), same=(*CITIZENS[:4],)),
    responsive("late to the back is off", {f"{R}.timing.on": False}, down=("late_last", "mean_overdue_days"), same=CITIZENS[:4], replications=16),
    responsive("without false records", {f"{R}.recording.on": False}, down=("recording", "mean_score"), same=TRUTH, replications=10),
    responsive("records are audited for a small penalty", {"assessment.audits.on": True, "assessment.audits.rate": 0.5, "assessment.audits.penalty_points": 0.01},
        up=("audited_cases", "audit_points over units"), down=("on_time_gap",), same=TRUTH),
    responsive("records are audited", "audits", down=("recording", "on_time_gap"), same=TRUTH),
    responsive("nearly late means two weeks", {f"{R}.recording.window_days": 15}, up=("on_time_gap", "recorded_on_time_rate"), same=TRUTH),
    responsive("without corner-cutting", {f"{R}.effort.rush_share": 0}, down=("rush", "error_rate"), same=CITIZENS[:3]),
    responsive("rushing makes no errors", {"competence.rushing.on": False}, down=("error_rate",), same=CITIZENS[:3]),
    Row("people learn by trial", {}, moves=("utilisation in 2026",), same=("on_time_rate in 2025", "mean_processing_days in 2025", "arrivals"), behaviour="learning", against="mechanical", years=2),
    Row("bolder trials", {"behaviour.learning.step": 0.15}, moves=("effort in 2026",), same=("effort in 2025", "mean_score in 2025"), behaviour="learning", years=2),
]  # fmt: skip
