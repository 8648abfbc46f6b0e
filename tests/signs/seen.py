"""Signs of what citizens and superiors see: patrol, old households, inspection, departments, promises."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from .paired import Row
from .service import CITIZENS, on

PATROL = (("frictions.violations.on", True),)
HOUSEHOLDS = (("frictions.old_households.on", True),)
ASKED = (("departments.on", True), ("satisfaction.on", True))

LATE = (("frictions.late_opening.on", True),)
DISCIPLINE = {
    "title": {"en": "discipline", "zh": "工作纪律"},
    "indicator": "discipline",
    "points": 5,
    "rule": "deduction",
    "target": 0.99,
    "deduct": 2,
}
PROJECTS = {
    "title": {"en": "projects", "zh": "目标项目"},
    "indicator": "projects_accepted",
    "points": 6,
    "rule": "proportional",
}
TASKS = (*PATROL, ("behaviour.responsive.allocation.duty_hours", True), ("duties.meetings.can_be_cut", False))
ALL_DUTIES = (  # what stood for study stands for duties
    ("scorecards.office.items.study.indicator", "duty_rate"),
    ("scorecards.section.items.study.indicator", "duty_rate"),
)

ROWS = [
    Row("front desks open late 窗口迟开", dict(LATE), up=("mean_wait_minutes", "utilisation"),
        same=("arrivals", "study_hours", "duty_rate"), where=(("frictions.late_opening.minutes", 90),), replications=24),
    Row("inspection keeps front desks open 上级督查", on("superior_inspection"),
        down=("late_openings", "late_opening_hours", "absences"), up=("discipline",), same=CITIZENS[:4], where=LATE),
    Row("discipline is scored 工作纪律", {"scorecards.office.items.discipline": DISCIPLINE},
        down=("late_openings", "late_opening_hours"), up=("discipline",), same=CITIZENS[:4],
        behaviour="responsive", where=(*LATE, ("behaviour.responsive.discipline.on", True))),
    Row("projects are scored 严格考核", {"scorecards.office.items.projects": PROJECTS},
        up=("projects_accepted",), down=("projects_lagging",), same=CITIZENS[:4],
        behaviour="responsive", where=(("projects.hindrances.on", True), ("behaviour.responsive.projects.on", True)), replications=8),
    Row("homestead and fees only 工作失衡", "homestead-and-fees",
        down=("duty_rate of duty.patrol", "duty_rate of duty.consolidation", "found_on_patrol"),
        up=("days_unseen", "days_until_stopped", "violation_loss", "attention_spread", "mean_processing_days of farmland"),
        same=("arrivals of registration", "duty_rate of duty.meetings"), behaviour="responsive", where=(*TASKS, *ALL_DUTIES, ("behaviour.responsive.effort.points_per_effort", 40)), replications=6),
    Row("half the patrol 巡查减半", {"duties.patrol.every_weeks": 2},
        down=("found_on_patrol", "duty_hours of duty.patrol"),
        up=("days_unseen", "days_until_stopped", "violation_loss", "on_duty_hours by field"),
        same=("arrivals of registration", "duty_hours of duty.consolidation", "study_hours"), where=PATROL),
    Row("duties that nobody assesses are cut short 工作失衡", {"behaviour.responsive.allocation.duties": False},
        up=("duty_rate of duty.patrol", "found_on_patrol"), down=("days_unseen", "violation_loss"),
        behaviour="responsive", same=("arrivals of registration", "duty_rate of duty.meetings"),
        where=(*PATROL, ("duties.meetings.can_be_cut", False), ("behaviour.responsive.effort.points_per_effort", 40))),
    Row("leaders paired with households that are cases 结对消访", on("petition_pairing"),
        up=("households_settled",), down=("repeat_petitions", "households_open", "on_duty_hours by leader"),
        same=("arrivals of petition", "arrivals of registration", "study_hours"), where=HOUSEHOLDS, replications=10),
    Row("inspection from above 上级督查", on("superior_inspection"),
        down=("absences", "absence_days", "overreaches", "overreach_days", "reversals", "complaints", "on_duty_hours by head"),
        same=CITIZENS[:4], replications=10),
    Row("a joint meeting 联席会议", on("joint_meeting"),
        down=("department_days", "department_days_p90", "department_days of department.construction",
              "mean_processing_days of land_listing", "on_duty_hours by leader"),
        same=CITIZENS[:4], where=ASKED, replications=12),
    Row("information is shared with departments 信息共享", on("information_sharing"),
        down=("department_days", "department_days of department.court"), same=CITIZENS, where=ASKED),
    Row("the construction department takes longer 建设部门", {"departments.delay_factor.construction": 2},
        up=("department_days", "department_days of department.construction"),
        same=(*CITIZENS, "department_answers of department.environment"),
        where=ASKED),
    Row("promises are printed 小册子", on("booklet"),
        down=("return_rate", "return_rate of homestead", "mean_processing_days of registration"), up=("satisfaction",),
        same=CITIZENS, where=ASKED, replications=10),
    Row("fewer are told once, fewer promises are kept 承诺兑现", on("one_time_notification"),
        up=("promises_kept", "promises_kept of homestead", "satisfaction"), same=CITIZENS,
        where=(*ASKED, ("service_rules.booklet.on", True)), replications=10),
    Row("applicants mind being sent back more 满意度", {"satisfaction.returned": 25},
        down=("satisfaction", "satisfaction of homestead"), same=(*CITIZENS, "mean_processing_days", "satisfaction of fees"),
        where=ASKED),
]  # fmt: skip
