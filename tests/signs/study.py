"""Signs of study: what is missed, who is named, who competes, what training and integrity education bring."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from .paired import Row
from .service import CITIZENS

M, N = "study.missed", "study.notices"
CAN_BE_MISSED = ((f"{M}.on", True),)
NAMED = (*CAN_BE_MISSED, (f"{N}.on", True))
CAME = CITIZENS[:3]
ASKED = (*CAME, "duty_rate")

SPREADS = (("practice.on", True),)
STAGES = (*SPREADS, ("practice.stage.on", True))
NOT_ASSESSED = tuple(
    (f"scorecards.{card}.items.study", None) for card in ("office", "section", "comprehensive")
)

ROWS = [
    # 每周自学、学习记录、通报
    Row("study can be missed 工学矛盾", {f"{M}.on": True}, down=("study_hours", "knowledge_hours", "utilisation", "mean_wait_minutes"), up=("error_rate",), same=ASKED, replications=14),
    Row("more is missed under load", {f"{M}.most": 0.2}, where=CAN_BE_MISSED, up=("study_done_rate", "articles", "knowledge_hours", "utilisation"), same=ASKED),
    Row("service comes first only from a high load", {f"{M}.from_load": 0.7}, where=CAN_BE_MISSED, up=("study_done_rate", "articles"), same=ASKED),
    Row("what is missed is made up", {f"{M}.postponed": 0.7}, where=CAN_BE_MISSED, up=("study_done_rate", "study_hours"), down=("study_false_hours",), same=ASKED),
    Row("more is entered without being done", {f"{M}.entered": 0.8}, where=CAN_BE_MISSED, up=("study_false_hours", "study_rate", "mean_score"), same=(*ASKED, "study_done_rate", "study_hours", "on_time_rate", "articles")),
    Row("records are supervised 督查", {f"{M}.found": 0.6}, where=CAN_BE_MISSED, down=("study_false_hours", "study_rate", "mean_score"), same=(*ASKED, "study_done_rate", "study_hours", "on_time_rate", "articles")),
    Row("units and people are named 通报", {f"{N}.on": True}, where=CAN_BE_MISSED, up=("study_done_rate", "study_rate", "articles", "knowledge_hours", "mean_score"), same=ASKED, replications=10),
    Row("being named is taken lightly", {f"{N}.after": 1.0}, where=NAMED, down=("study_done_rate",), up=("study_notices", "unit_notices"), same=ASKED),
    Row("people are named sooner", {f"{N}.person_share": 0.9}, where=NAMED, up=("study_notices", "study_done_rate"), same=ASKED),
    Row("criticism costs points where study is missed", {"assessment.criticism.on": True}, where=CAN_BE_MISSED, down=("mean_score",), same=(*ASKED, "study_rate", "study_done_rate", "on_time_rate")),
    # 以奖代补、学习标兵、缺什么补什么
    Row("rewards move people 以奖代补", {"awards.certificate.response": 0.5, "awards.certificate.reward": 5000}, up=("awards", "award_pay", "pay_total"), same=CITIZENS),
    Row("contest of learning models 学习标兵", {"study.contest.on": True}, where=CAN_BE_MISSED, up=("knowledge_hours", "study_done_rate", "award_pay"), same=ASKED),
    Row("a greater prize", {"study.contest.prize": 5000}, where=(*CAN_BE_MISSED, ("study.contest.on", True)), up=("own_study_hours", "award_pay", "knowledge_hours"), same=(*ASKED, "learning_models")),
    Row("training by need 缺什么补什么", {"study.needs.on": True}, up=("knowledge_hours", "study_gain_hours"), same=CITIZENS),
    # 廉政教育
    Row("integrity education spares overreach 廉政教育", {"frictions.overreach.integrity_effect": 0.1}, down=("complaints",), same=CITIZENS),
    Row("more integrity sessions", {"study.integrity_sessions_a_year": 6}, where=(("frictions.overreach.integrity_effect", 0.1),), down=("complaints",), up=("study_hours",), same=ASKED),
    # 阶段性先进、家家到、典型引路
    Row("visits teach nothing 家家到", {"practice.visit_rate": 0.0}, where=SPREADS, down=("practice",), up=("utilisation",), same=CITIZENS),
    Row("visits every week instead of every quarter", {"duties.peer_visits.every_weeks": 1}, where=SPREADS, up=("practice",), same=CAME),
    Row("models that nobody follows 典型引路", {"practice.stage.model_rate": 0.0}, where=STAGES, down=("practice",), same=CITIZENS, replications=32),
    Row("what lags is not mended 整改", {"practice.stage.mending_rate": 0.0}, where=STAGES, down=("practice",), same=CITIZENS, replications=16),
    # people respond
    Row("study by what a point is worth", {"behaviour.responsive.study.on": True}, where=CAN_BE_MISSED, behaviour="responsive", up=("study_rate", "study_done_rate", "study_false_hours"), same=CAME, replications=6),
    Row("study by what a point is worth, where study is not assessed", {"behaviour.responsive.study.on": True},
        where=(*CAN_BE_MISSED, *NOT_ASSESSED),
        behaviour="responsive", down=("study_done_rate", "study_hours"), same=CAME),
]  # fmt: skip
