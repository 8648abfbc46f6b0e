"""Signs of the service rules, of what goes wrong, and of study, duties and projects."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from .paired import Row

# What no rule of service touches: who comes, and what people do beside requests.
CITIZENS = ("arrivals", "arrivals of petition", "arrivals at batan", "study_hours", "duty_rate")
# What a rule that only judges leaves alone.
SERVICE = (
    *CITIZENS, "finished", "mean_processing_days", "p99_processing_days", "mean_wait_minutes", "utilisation",
    "on_duty_hours by window", "busy_hours by field", "error_rate", "complaints", "open_at_end",
)  # fmt: skip


CHAIN = tuple(
    (f"projects.{part}.on", True)
    for part in ("hindrances", "unit_checks", "bureau_checks", "owners", "urgency")
)
LARGE_PROJECTS = (("projects.classes.consolidation.hours", 150),)


def on(rule: str) -> dict[str, bool]:
    return {f"service_rules.{rule}.on": True}


ROWS = [
    # 4 Service 办理
    Row("a desk a kind, instead of one window 一窗口受理", "desk-per-kind",
        up=("mean_wait_minutes", "mean_processing_days"), down=("on_time_rate",), same=CITIZENS),
    Row("one-time notification 一次性告知", on("one_time_notification"),
        down=("return_rate", "return_rate of homestead", "mean_processing_days of homestead", "time_against_limit"),
        same=CITIZENS, replications=10),
    Row("one-stop 一站式·一条龙", on("one_stop"),
        down=("mean_processing_days", "mean_processing_days of registration", "time_against_limit"), up=("on_time_rate",),
        same=CITIZENS),
    Row("case owner 跟踪督办到底", on("case_owner"),
        down=("utilisation", "busy_hours by window", "mean_processing_days"), same=CITIZENS, replications=10),
    Row("doorstep service 上门办", on("doorstep"),
        up=("busy_hours by field",), down=("return_rate", "busy_hours by window"), same=CITIZENS),
    Row("early service 超前办", on("early"),
        down=("mean_processing_days of land_listing", "mean_processing_days of mineral", "mean_processing_days of homestead"),
        same=CITIZENS),
    Row("time-limit commitment 限时办结", on("time_limit_commitment"),
        down=("on_time_rate", "on_time_rate of registration", "mean_score"), up=("time_against_limit",),
        same=(*(one for one in SERVICE if one not in ("error_rate", "complaints")), "on_time_rate of fees")),
    # (errors and complaints are counted of the cases that fall due, which are others under other limits)
    Row("first-asked responsibility 首问负责制", on("first_asked"),
        down=("mean_processing_days", "mean_processing_days of fees"), up=("utilisation",), same=CITIZENS, replications=10),
    Row("online filing 网上办件", on("online"),
        down=("busy_hours by window", "mean_processing_days of registration", "utilisation"), same=CITIZENS),
    Row("pooling 条线受理", on("pooling"),
        down=("mean_wait_minutes", "mean_wait_minutes at batan"), same=CITIZENS, replications=6),
    Row("mobile support 流动支援组", on("mobile_support"),
        down=("mean_wait_minutes at batan", "mean_processing_days at batan"), same=CITIZENS),
    Row("petition pairing 结对消访", on("petition_pairing"),
        down=("mean_processing_days of petition", "on_duty_hours by leader"), same=CITIZENS, replications=6),
    Row("information sharing 信息共享", on("information_sharing"),
        down=("mean_processing_days of enforcement", "p90_processing_days of petition", "p90_processing_days"), same=CITIZENS, replications=6),
    Row("rule clarity 细则", on("clarity"),
        down=("complaint_rate", "complaints", "mean_processing_days"), same=CITIZENS),
    Row("staff move to where most work is", "move-two-staff",
        down=("mean_wait_minutes at batan", "mean_processing_days at batan"), up=("mean_wait_minutes at tianchang",),
        same=CITIZENS, replications=14),
    Row("earliest due date first", {f"unit_types.{name}.discipline": "earliest_due_date" for name in ("office", "branch", "hall")},
        down=("mean_processing_days of fees",), same=CITIZENS),
    Row("finish, then leave: overtime", {"unit_types.office.when_duty_ends": "finish"},
        up=("overtime_hours",), down=("mean_wait_minutes", "mean_processing_days"), same=CITIZENS),
    Row("applicants lose patience", {"kinds.fees.patience_minutes": 300},
        up=("withdrawn", "withdrawn of fees"), down=("mean_wait_minutes",), same=(*CITIZENS, "withdrawn of petition")),
    Row("more fee matters 来件", {"demand.fees.scale": 1.15},
        up=("arrivals", "arrivals of fees", "utilisation", "mean_wait_minutes"), same=("arrivals of registration", "study_hours", "duty_rate"), replications=6),
    # what goes wrong
    Row("more requests at the wrong desk", {"frictions.misdirection.chance": 0.1},
        up=("mean_processing_days", "mean_processing_days of fees"), same=CITIZENS),
    Row("more overreach 越位", {"frictions.overreach.chance": 0.03},
        up=("complaint_rate", "complaints of homestead", "utilisation"), same=(*CITIZENS, "complaints of petition")),
    Row("more absence 缺位", {"frictions.absence.chance": 0.1},
        up=("mean_processing_days of homestead", "mean_processing_days of assignment"), same=CITIZENS, replications=10),
    Row("more repeat petitions 重复信访", {"frictions.repeat_petitions.chance": 0.45},
        up=("mean_processing_days of petition",), same=CITIZENS),
    Row("more errors are found", {"frictions.errors.caught": 0.9},
        up=("utilisation", "mean_processing_days"), same=CITIZENS, replications=10),
    Row("more errors", {"frictions.errors.kinds": {"registration": 0.06, "homestead": 0.06, "mineral": 0.06, "fees": 0.06}},
        up=("error_rate", "error_rate of fees", "utilisation"), same=(*CITIZENS, "error_rate of petition")),
    # 5 Work that is not a request
    # A few sittings of the week fall on a lecture or on the writing of an article in the same hours, and count once.
    Row("study in slack hours 错峰学习", "study-in-slack",
        up=("on_duty_hours by window",), down=("study_hours",), same=CITIZENS[:3]),
    Row("more weekly study 自学", {"study.weekly_hours": 4},
        up=("study_hours", "knowledge_hours", "study_gain_hours"), down=("on_duty_hours by window", "error_rate"), same=CITIZENS[:3]),
    Row("more lectures 学术讲座", {"study.lectures_a_year": 12},
        up=("study_hours", "knowledge_hours"), down=("on_duty_hours by window",), same=CITIZENS[:3]),
    Row("more integrity education 廉政教育", {"study.integrity_sessions_a_year": 8},
        up=("study_hours", "knowledge_hours"), down=("on_duty_hours by window",), same=CITIZENS[:3]),
    Row("longer articles 调研文章", {"study.article_hours_a_quarter": 8},
        up=("study_hours", "knowledge_hours"), down=("on_duty_hours by window",), same=CITIZENS[:3]),
    Row("more training of ordinary staff 分级培训", {"training.ordinary.days_a_year": 10},
        up=("knowledge_hours",), down=("on_duty_hours by window", "error_rate"), same=CITIZENS[:3], replications=6),
    Row("criticism costs points 通报", {"assessment.criticism.on": True, "study.criticism_share": 1.0},
        down=("mean_score",), up=("criticised over units",), same=SERVICE),
    Row("more degrees and certificates 以奖代补", {"awards.certificate.chance": 0.4},
        up=("awards", "award_pay", "knowledge_hours in 2026", "study_gain_hours in 2026"),
        same=("arrivals", "study_hours", "knowledge_hours in 2025", "mean_processing_days in 2025"), years=2),
    Row("dearer certificates 以奖代补", {"awards.certificate.reward": 5000},
        up=("award_pay",), same=(*SERVICE, "awards", "mean_score", "knowledge_hours")),
    Row("longer patrols 巡查", {"duties.patrol.week.wed": ["08:30-12:00"]},
        down=("on_duty_hours by field",), up=("mean_processing_days of homestead",), same=("arrivals",)),
    Row("peer visits every four weeks 家家到", {"duties.peer_visits.every_weeks": 4},
        down=("on_duty_hours by head",), same=("arrivals",)),
    Row("no target projects 打包入库", "no-projects",
        down=("utilisation", "busy_hours by field"), same=("arrivals of homestead", "study_hours"), replications=6),
    # Binhai's own projects are all accepted in time, with or without supervision: it is tried on larger ones, which
    # it speeds up by less than a day.
    Row("no supervision of projects 全程督查", "no-supervision",
        up=("mean_processing_days of project.consolidation",), same=CITIZENS, where=LARGE_PROJECTS),
    Row("more projects are sent back at acceptance 验收出库", {"projects.sent_back": 0.9},
        down=("projects_accepted",), up=("busy_hours by field",), same=CITIZENS, where=LARGE_PROJECTS, replications=10),
    # What hinders projects, and each part of the chain that holds against it, taken away from the whole.
    Row("nothing hinders projects 项目滞后", {"projects.hindrances.on": False},
        up=("projects_accepted",), down=("projects_lagging", "mean_processing_days of project.ledger"), same=CITIZENS, where=CHAIN, replications=10),
    Row("the unit does not check its projects 二级管理", {"projects.unit_checks.on": False},
        down=("projects_accepted",), up=("projects_lagging", "mean_processing_days of project.campaign"),
        same=CITIZENS, where=CHAIN, replications=10),
    Row("the bureau does not check projects 全程督查", {"projects.bureau_checks.on": False},
        down=("projects_accepted", "utilisation at general_office"), up=("projects_lagging", "mean_processing_days of project.ledger"),
        same=CITIZENS, where=CHAIN, replications=10),
    Row("nobody is named for a project 责任人", {"projects.owners.on": False},
        down=("projects_accepted",), up=("projects_lagging", "mean_processing_days of project.ledger"), same=CITIZENS, where=CHAIN, replications=10),
    Row("urgent projects wait like others 轻重缓急", {"projects.urgency.on": False},
        up=("projects_lagging", "mean_processing_days of project.campaign"), same=CITIZENS, where=CHAIN, replications=10),
    Row("acceptance sends more projects of the chain back 验收出库", {"projects.sent_back": 0.6},
        up=("projects_sent_back",), down=("projects_accepted",), same=CITIZENS, where=CHAIN, replications=10),
    Row("assistance between units 协办", {"service_rules.assistance.on": True},
        up=("busy_hours by review",), same=CITIZENS),
    Row("reviewers work at windows 选调业务骨干进窗口", "reviewers-to-windows",
        down=("mean_wait_minutes at binhuai", "mean_wait_minutes at wuxun", "busy_hours by window"), up=("mean_wait_minutes at enforcement",),
        same=("arrivals", "arrivals of petition", "arrivals at batan"), replications=6),
    Row("larger projects", {"projects.classes.consolidation.hours": 150},
        up=("busy_hours by field", "mean_processing_days of homestead"), same=("arrivals", "study_hours", "duty_rate"), replications=10),
]  # fmt: skip
