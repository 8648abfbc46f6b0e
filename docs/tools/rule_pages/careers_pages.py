"""Pages of careers: what a verdict does to people, and who comes and goes whatever the rules."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from .careers_curves import after_a_move, vacancy
from .judging_pages import LINES
from .rule import Arm, Group, Rule, both

RULES = (
    Rule(
        name="moves-and-removal",
        title=both("Moves, removal, promotion", "交流、免职与提拔"),
        told=both(
            "At the year's end people of bottom units change posts: staff of sections with colleagues of grassroots offices, "
            "removed heads with outstanding people. Whoever moves brings only a part of their practice.",
            "年终末位单位人员变动：机关人员与基层所对调，被免职的负责人由优秀人员接任；调动者只带走部分经验。",
        ),
        equation="Practice after a move $= y \\cdot$ `portable`; a removed head's post stands empty for `vacancy_months`.",
        paths=(
            "careers.on",
            "careers.grassroots_types",
            "careers.head_roles",
            "careers.moved_share",
            "careers.replacement",
            "careers.remove_heads",
            "careers.vacancy_months",
        ),
        source=LINES,
        figure=after_a_move,
        caption=both(
            "Speed in a post after the move of a practised person, and of a newcomer.",
            "熟手调入与新人到岗后的速度。",
        ),
        on=Arm(years=3),
        off=Arm(changes={"careers.on": False}, years=3),
        outcomes=(
            "moved",
            "removed",
            "promoted",
            "experience_years",
            "vacant_hours",
            "on_time_rate",
            "mean_processing_days",
        ),
        remark=both(
            "In the third year; leavers and newcomers are part of it.", "比较第三年，含离职与新进人员。"
        ),
    ),
    Rule(
        name="newcomers",
        title=both("Leavers and newcomers", "离职与新进人员"),
        told=both(
            "A share of the staff leaves every year whatever the rules. Their posts stand empty for a while, then somebody "
            "without practice takes them.",
            "每年有一定比例人员离开，岗位空缺一段时间后由没有经验的新人接任。",
        ),
        equation="Each person leaves with chance `leavers_share`; the post is empty for `vacancy_months`, then held with "
        "`newcomer_years` of practice.",
        paths=("careers.leavers_share", "careers.vacancy_months", "careers.newcomer_years"),
        source=both("Assumed.", "假定。"),
        figure=vacancy,
        caption=both(
            "Work that a post gives in the year after its holder left, by the months that it stands empty.",
            "人员离职后一年内岗位的产出，随空缺月数变化。",
        ),
        on=Arm(years=3),
        off=Arm(changes={"careers.leavers_share": 0}, years=3),
        outcomes=("newcomers", "experience_years", "vacant_hours", "on_time_rate", "mean_processing_days"),
        remark=both("In the third year.", "比较第三年。"),
    ),
)

GROUP = Group(title=both("Careers", "人员变动"), rules=RULES)
