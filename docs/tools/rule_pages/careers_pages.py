"""Pages of careers: what a verdict does to people, and who comes and goes whatever the rules."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from .careers_curves import after_a_move, promotion_worth, record_noise, vacancy
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
    Rule(
        name="two-ladders",
        title=both("Two ladders of promotion", "两级提拔"),
        told=both(
            "Clerks become heads of units, and heads are recommended to the city bureau. A head's post opens when its holder rises, "
            "leaves or is removed; whoever has the most of record, unit's score, service and luck takes it. Under the promotion line the "
            "head, and by the rules the staff, are barred.",
            "办事员提拔为中层干部，中层干部推荐到市局提拔为副科级；中层岗位因提拔、离职、免职而空出，"
            "按个人业绩、单位得分、工龄与偶然因素之和择优补任。得分低于提拔门槛的单位，其负责人（可规定及于其他人员）不得提拔。",
        ),
        equation="Order: $w_m r + w_u z(S) + w_s z(\\text{service}) + w_l \\epsilon$, $\\epsilon \\sim N(0, 1)$; $r$ is the measured record. "
        "A score is worth $\\sum V_i\\,[S \\ge T_p]\\,P_i(\\text{promoted} \\mid S)$ over the two ladders, as the mean over the unit's people.",
        paths=(
            "careers.ladders.on",
            "careers.ladders.deputy_openings",
            "careers.ladders.bars_staff",
            "careers.ladders.merit",
            "careers.ladders.unit",
            "careers.ladders.seniority",
            "careers.ladders.luck",
            "careers.ladders.most_service_years",
            "behaviour.responsive.careers.to_head",
            "behaviour.responsive.careers.to_city",
        ),
        source=LINES,
        figure=promotion_worth,
        caption=both(
            "Worth of a score through promotion to an office of five, by the weight of the unit's score. Fifteen offices alike, "
            "expected at 94 with a spread of 2 points; the line is at 90.",
            "五人国土所的得分经提拔所具有的价值，按单位得分权重。十五个相同的所，预期得分94分，标准差2分；门槛90分。",
        ),
        on=Arm(changes={"careers.ladders.on": True}),
        off=Arm(),
        outcomes=(
            "promoted",
            "promoted_to_head",
            "promoted_to_city",
            "barred",
            "promoted_by_merit",
            "promoted_by_unit",
            "promoted_by_seniority",
            "promoted_by_luck",
            "share_promoted_by_merit",
            "on_time_rate",
        ),
        remark=both(
            "Nobody's promotion is felt in the work of the same year. Why somebody is promoted: the first of true record, unit's score, "
            "service and luck that, added to those before it, would promote them.",
            "提拔不影响当年工作。提拔原因：依次加入真实业绩、单位得分、工龄、偶然因素，首个使其获提拔者。",
        ),
    ),
    Rule(
        name="commendations",
        title=both("Own records and commendations", "个人业绩与表扬奖励"),
        told=both(
            "Each person has a record of the year: work done an hour, cases without a fault, study, earlier commendations, against "
            "people of the same role. It is seen in a sample of cases and with an opinion in it. The best are commended and rewarded.",
            "每人每年有业绩记录：单位工时办件量、办件质量、学习、往年表扬，与同岗位人员比较；测评只抽查部分案卷并含评议误差。"
            "业绩最优者受表扬和奖励。",
        ),
        equation="$r = \\sum_i w_i z_i / \\sqrt{\\sum_i w_i^2} + \\sigma_o \\epsilon$; a fault is lateness, a return, an error or a complaint, "
        "and its share is seen with standard error $\\sqrt{q(1-q)/n \\cdot (N-n)/(N-1)}$.",
        paths=(
            "careers.record.work",
            "careers.record.quality",
            "careers.record.study",
            "careers.record.commended",
            "careers.record.sample",
            "careers.record.opinion_sd",
            "careers.commendations.on",
            "careers.commendations.share",
            "careers.commendations.reward",
        ),
        source=both("Article, part 3, measure 2, item 3; sizes assumed.", "文章三、二、三；数值为假定。"),
        figure=record_noise,
        caption=both(
            "Correlation of measured and true record of binhai's people, by the cases looked at, without and with an opinion "
            "in it. Replication 0.",
            "滨海县人员测评业绩与真实业绩的相关系数，随抽查案卷数变化，有无评议误差。第0次模拟。",
        ),
        on=Arm(changes={"careers.commendations.on": True}),
        off=Arm(),
        outcomes=("commended", "commendation_pay", "pay_total", "on_time_rate"),
        remark=both(
            "A commendation enters the record of later years, and so promotion.",
            "表扬计入以后年度业绩，从而影响提拔。",
        ),
    ),
)

GROUP = Group(title=both("Careers", "人员变动"), rules=RULES)
