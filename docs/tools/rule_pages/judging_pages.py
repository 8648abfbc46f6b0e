"""Pages of how a year is judged, and of what the verdict does to people."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import judging_curves as curves
from .behaviour_pages import only
from .pay_pages import ASSUMED
from .rule import Arm, Group, Rule, both

LINES = both("Article, part 3, measure 5, item 2.", "文章三、五、二。")
SERVICE = ("on_time_rate", "mean_processing_days")
JUDGED = both(
    "Without response to the rule service does not change.",
    "人员不作反应时，服务无变化。",
)

RULES = (
    Rule(
        name="scorecard-items",
        title=both("Items of a scorecard", "评分项目与扣分办法"),
        told=both(
            "An item turns an indicator into points: in proportion, up to a target, by deduction for each percentage point "
            "missed, or for each case. Here: the offices' deduction for lateness doubled.",
            "评分项目把指标换算成分：按比例、按目标、按百分点扣分或逐件扣分。此处：国土所超期扣分加倍。",
        ),
        equation="proportional $P q$; target $P \\min(1, q/t)$; deduction $P - 100\\,d \\max(0, t - q)$; per case $P - d\\,n$; "
        "kept between `floor` and `cap`.",
        paths=("scorecards.<scorecard>.items.<item>",),
        source=both(
            "Article, part 2.4: indicators must be counted; weights and rules assumed.",
            "文章二、四：指标应量化；权重与办法为假定。",
        ),
        figure=curves.items,
        caption=both(
            "Points of ten by the on-time rate under the four rules.", "四种计分办法下的得分（满分10）。"
        ),
        on=Arm(changes={"scorecards.office.items.on_time.deduct": 1.6}),
        outcomes=("mean_score", "share_not_advanced", "share_not_promotable", "pay_total", *SERVICE),
        remark=JUDGED,
    ),
    Rule(
        name="sampled-inspection",
        title=both("Sampled inspections and marks", "抽查与民主测评"),
        told=both(
            "The measured score looks at a sample of the files and at subjective marks, both with noise; it decides. The "
            "true score is kept beside it. Here: inspections look at 60 and 200 files, against all files.",
            "考核得分含抽查与主观评分误差并据以兑现，真实得分另行保留。此处：抽查60件与200件，对比全数检查。",
        ),
        equation="inspected rate $=$ share among $k$ of the $n$ cases drawn without replacement; marks $\\sim N(\\mu, \\sigma)$ cut "
        "to 0 and 1.",
        paths=(
            "scorecards.<scorecard>.items.<item>.sample",
            "scorecards.<scorecard>.items.<item>.marks_mean",
            "scorecards.<scorecard>.items.<item>.marks_sd",
        ),
        source=ASSUMED,
        figure=curves.measured,
        caption=both(
            "Measured and true scores of the units; on the line they agree. One replication.",
            "各单位考核得分与真实得分，一次模拟。",
        ),
        on=Arm(),
        off=Arm(
            changes={
                "scorecards.office.items.inspection.sample": 100_000,
                "scorecards.office.items.returns.sample": 100_000,
            }
        ),
        outcomes=("score_gap", "pay_spread_equal_merit", "mean_score", *SERVICE),
        remark=JUDGED,
    ),
    Rule(
        name="titles",
        title=both("Advanced units and promotion", "评先与提拔门槛"),
        told=both(
            "Under one score a unit cannot be an advanced unit, under another its head cannot be promoted. Here both lines "
            "are five points lower than in the article, to show what they bar.",
            "低于一定得分不得评先，低于另一得分负责人不得提拔。此处门槛均比文章低五分，以显示其作用。",
        ),
        equation="advanced $\\iff s \\ge T_a$; head promotable $\\iff s \\ge T_p$, $T_p \\le T_a$.",
        paths=("assessment.advanced_threshold", "assessment.promotion_threshold", "assessment.thresholds"),
        source=LINES,
        figure=curves.reached("advanced_threshold", "promotion_threshold"),
        caption=both(
            "The chance to reach the lines, by the score that is to be expected.",
            "达到门槛的概率随预期得分变化。",
        ),
        on=Arm(),
        off=Arm(changes={"assessment.promotion_threshold": 85, "assessment.advanced_threshold": 90}),
        outcomes=("share_not_advanced", "share_not_promotable", "pay_total", *SERVICE),
        remark=JUDGED,
    ),
    Rule(
        name="certification",
        title=both("Certification and excellence", "达标与优秀国土资源所"),
        told=both(
            "Offices from a score on are certified, from a higher one excellent; targets say how many should be. Here both "
            "lines are two points lower.",
            "达到一定得分为达标所，更高者为优秀所，并有目标比例。此处两条线各低两分。",
        ),
        equation="certified $\\iff s \\ge T_c$; excellent $\\iff s \\ge T_e$; target met $\\iff$ share $\\ge$ target.",
        paths=(
            "assessment.certified_threshold",
            "assessment.certified_target",
            "assessment.excellent_threshold",
            "assessment.excellent_target",
        ),
        source=both(
            "Article, part 3, measure 4: all 15, and at least 30 %; scores assumed.",
            "文章三、四、一：全部创成、力争30%以上；得分为假定。",
        ),
        figure=curves.reached("certified_threshold", "excellent_threshold"),
        caption=both(
            "The chance to reach the lines, by the score that is to be expected.",
            "达到门槛的概率随预期得分变化。",
        ),
        on=Arm(),
        off=Arm(changes={"assessment.certified_threshold": 88, "assessment.excellent_threshold": 95}),
        outcomes=(
            "share_certified",
            "share_excellent",
            "certified_target_met",
            "excellent_target_met",
            *SERVICE,
        ),
        remark=JUDGED,
    ),
    Rule(
        name="rolling-scores",
        title=both("Rolling scores", "多年滚动考核"),
        told=both(
            "The mean of the last years' scores decides titles, ranks and pay, so that one year's luck counts a part.",
            "以近几年得分均值决定评优、名次与兑现，一年的运气只占一部分。",
        ),
        equation="$\\bar s = \\sum_k w_k s_{t-k} / \\sum_k w_k$ over the years that have a score; error "
        "$\\sqrt{\\sum_k w_k^2 e_k^2}/\\sum_k w_k$.",
        paths=("assessment.rolling",),
        source=ASSUMED,
        figure=curves.rolling,
        caption=both(
            "The error of the score that counts, by the years that count.", "计入得分的误差随计入年数变化。"
        ),
        on=Arm(changes={"assessment.rolling.on": True, "careers.on": False}, years=3),
        off=Arm(changes={"careers.on": False}, years=3),
        outcomes=(
            "pay_spread_equal_merit",
            "share_not_advanced",
            "pay_gini",
            "pay_total",
            *SERVICE,
        ),
        remark=both(
            "In the third year, with careers off in both worlds. " + JUDGED.en,
            "比较第三年，两者均不含人员变动。" + JUDGED.zh,
        ),
    ),
    Rule(
        name="scaling",
        title=both("Scaling between scorecards", "不同评分表换算"),
        told=both(
            "Units with different scorecards are made comparable before they are ranked: by standard deviations from their "
            "group's mean, or by rank in the group. It moves ranks and the bottom, not scores and pay.",
            "不同评分表的单位排名前换算：组内标准分或组内名次。影响名次与末位，不影响得分与兑现。",
        ),
        equation="$s' = \\bar s + \\sigma\\,(s - \\bar s_g)/\\sigma_g$, or the percentile of rank in group $g$.",
        paths=("assessment.scaling",),
        source=both(
            "Article, part 2.4 ranks all units and does not say how; assumed.",
            "文章二、四未说明排名换算；假定。",
        ),
        figure=curves.scaling,
        caption=both(
            "Scores as measured and as ranked (z-score), by scorecard. One replication.",
            "考核得分与排名得分（标准分），按评分表，一次模拟。",
        ),
        on=Arm(policy="scaled-ranks"),
        outcomes=(
            "bottom#office",
            "bottom#comprehensive",
            "bottom#section",
            "mean_score",
            "pay_total",
            *SERVICE,
        ),
        remark=JUDGED,
    ),
    Rule(
        name="bottom-three",
        title=both("The bottom three", "末三位处理"),
        told=both(
            "The last three units of the year lose: staff of sections are moved to grassroots offices, heads are removed. "
            "Shown over three years, in which the moves are felt.",
            "末三位单位受处理：机关人员交流到基层所，中层免职。模拟三年，可见人员变动的影响。",
        ),
        equation="bottom $=$ the $k$ lowest in rank; a tie at the edge is resolved by `ties`.",
        paths=("assessment.bottom_count", "assessment.ties"),
        source=LINES,
        figure=curves.bottom,
        caption=both(
            "The chance to be at the bottom of all scored units, by the distance of one from equal others.",
            "某单位列入末位的概率，随其与其他（相同）单位的差距变化。",
        ),
        on=Arm(years=3),
        off=Arm(policy="no-bottom-three", years=3),
        outcomes=(
            "moved",
            "removed",
            "experience_years",
            "vacant_hours",
            "on_time_rate",
            "mean_processing_days",
            "mean_score",
        ),
    ),
    Rule(
        name="bottom-if-distinct",
        title=both("The bottom only if distinct", "末位须差异显著"),
        told=both(
            "A unit is at the bottom only if its distance to the next above is more than noise, so that nobody loses a post "
            "by luck.",
            "仅当与其上一名的差距超出误差时才列入末位，避免因运气失去岗位。",
        ),
        equation="bottom and $s_{next} - s_i > z_c \\sqrt{e_i^2 + e_{next}^2}$.",
        paths=("assessment.bottom_only_if_distinct", "assessment.noise"),
        source=ASSUMED,
        figure=curves.gap,
        caption=both(
            "The gap from which a unit counts as the bottom, by the error of a score.",
            "起算差距随得分误差变化。",
        ),
        on=Arm(policy="bottom-if-distinct"),
        outcomes=("bottom#all", "mean_score", "pay_total", *SERVICE),
        remark=JUDGED,
    ),
    Rule(
        name="audits",
        title=both("Audits of records", "数据稽核"),
        told=both(
            "A share of the records is looked into. What was recorded falsely is put right and costs points, so units record "
            "falsely less. Shown with response to the rule in recording alone.",
            "抽取部分记录稽核：弄虚作假的更正并扣分，从而减少造假。此处人员仅登记口径随规则调整。",
        ),
        equation="points off $= \\min(\\text{cap}, \\text{penalty} \\times \\text{found})$; share recorded falsely "
        "$\\propto \\max(0, 1 - \\text{rate} \\cdot \\text{penalty}/\\text{gain})$.",
        paths=("assessment.audits",),
        source=both("Becker 1968, Crime and punishment; the sizes are assumed.", "Becker 1968；数值为假定。"),
        figure=curves.audits,
        caption=both(
            "Share of nearly late cases recorded as in time, by the share of records audited and the points a case gains.",
            "临界件按时登记比例，随稽核比例与每件得分变化。",
        ),
        on=Arm(
            changes={
                "assessment.audits.on": True,
                "assessment.audits.rate": 0.1,
            }
            | only("recording"),
            behaviour="responsive",
        ),
        off=Arm(
            changes=only("recording"),
            behaviour="responsive",
        ),
        outcomes=("on_time_gap", "recording", "audited_cases", "mean_score", "on_time_rate"),
    ),
    Rule(
        name="criticism",
        title=both("Public criticism", "系统内通报"),
        told=both(
            "Units that did less than a share of the study asked are named in public, and lose points.",
            "学习完成率低于规定比例的单位在系统内通报并扣分。",
        ),
        equation="criticised $\\iff$ study rate $<$ `criticism_share`; then $s' = s - p$.",
        paths=("assessment.criticism", "study.criticism_share"),
        source=both(
            "Article, part 3, measure 1: 实行系统内通报; the points are assumed.",
            "文章三、一（二）：实行系统内通报；扣分为假定。",
        ),
        figure=curves.criticism,
        caption=both(
            "Study done by units, in order, and the line of criticism. One replication.",
            "各单位学习完成率（排序）与通报线，一次模拟。",
        ),
        on=Arm(changes={"assessment.criticism.on": True}),
        outcomes=("mean_score", "share_not_advanced", "pay_total", *SERVICE),
        remark=both(
            "Where every unit does at least the asked share of its study, nobody is criticised and nothing changes.",
            "若各单位学习完成率均达标，则无人被通报，结果不变。",
        ),
    ),
)

GROUP = Group(title=both("Assessment", "考核"), rules=RULES)
