"""Pages of pay: every schedule a designer may choose, its limits, and what softens or tops it."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import Any

from . import pay_curves as curves
from .draw import Pair
from .rule import Arm, Group, Rule, both
from .worlds import SPREAD

PAY = both("Article, part 3, measure 5, item 3.", "文章三、五、三。")
ASSUMED = both(
    "Assumed: an option of a designer that the article does not have.", "假定：文章之外的可选设计。"
)
MONEY = ("pay_total", "assessment_pay", "bonus", "pay_gini", "pay_spread_equal_merit")
JUDGED = both(
    "Without response to the rule the same year of work is paid otherwise: service does not change.",
    "人员不作反应时，同一年的工作按不同规则兑现，服务无变化。",
)
CURRENT: tuple[Pair, dict[str, Any]] = (("current", "现行"), {})

RULES = (
    Rule(
        name="pay-slope",
        title=both("Slope: deduction per point", "每低一分下浮"),
        told=both(
            "Under the threshold every member's assessment pay falls by so many per cent for each point less, down to the "
            "floor. At the article's 1 % a point from 95 a score of 0 still keeps 5 %, so its floor 0 (扣完) is out of reach; "
            "from 1.05 % a point on it is reached. The page compares the article's slope with no deduction at all.",
            "低于门槛的，每低一分考核工资下浮若干百分比，直至最低比例。按文章每分下浮1%，0分仍保留5%，达不到“扣完”；"
            "每分约下浮1.05%以上方可扣完。此处对比现行坡度与完全不下浮。",
        ),
        equation="share $= \\max(\\text{floor},\\; 1 - d/100 \\cdot \\max(0, T - s))$ at the unrounded score $s$, "
        "`deduction_per_point` $d$, `full_pay_threshold` $T$.",
        paths=("pay.deduction_per_point", "pay.full_pay_threshold"),
        source=PAY,
        figure=curves.slope,
        caption=both(
            "Assessment pay by score for three deductions per point.", "三种每分下浮比例下的考核工资。"
        ),
        on=Arm(),
        off=Arm(changes={"pay.deduction_per_point": 0}),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-cliff",
        title=both("Cliff: the bonus threshold", "断崖：目标资金门槛"),
        told=both(
            "At and over the threshold the whole target bonus is paid, under it nothing. To those who are not sure of their "
            "score, the next point is worth most just there.",
            "达到门槛全额发放目标资金，低于则不发；对得分没有把握者，门槛处的一分最值钱。",
        ),
        equation="bonus $= B \\cdot 1[s \\ge T_b]$; $dE[\\text{bonus}]/d\\mu = B\\,\\varphi((T_b - \\mu)/\\sigma)/\\sigma$.",
        paths=("pay.bonus_threshold",),
        source=PAY,
        figure=curves.cliff,
        caption=both(
            "Left: the bonus by score. Right: what a point more of expected score is worth, by the spread of the score.",
            "左：目标资金；右：预期得分多一分的价值，随得分不确定性变化。",
        ),
        on=Arm(),
        off=Arm(changes={"pay.bonus_threshold": 0}),
        outcomes=("bonus", "pay_total", "pay_gini", "pay_spread_equal_merit", "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-threshold",
        title=both("The threshold of full pay", "全额发放门槛"),
        told=both(
            "From which score on pay is full. Here both lines, of assessment pay and of the bonus, come down from 95 to 90.",
            "自哪个得分起全额发放。此处考核工资与目标资金门槛均由95分降至90分。",
        ),
        equation="$T$ and $T_b$ in the schedules; thresholds meet the unrounded score, 94.95 is under 95.",
        paths=("pay.full_pay_threshold", "pay.bonus_threshold"),
        source=PAY,
        figure=curves.thresholds,
        caption=both(
            f"What a point more of expected score is worth in assessment pay; spread of the score {SPREAD:.1f} points.",
            f"预期得分多一分在考核工资中的价值；得分标准差取{SPREAD:.1f}分。",
        ),
        on=Arm(policy="threshold-90"),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-steps",
        title=both("Steps", "分档兑现"),
        told=both(
            "Four grades as in yearly appraisals of officials: within a grade a point changes nothing, at its edge much.",
            "仿年度考核分四档：档内一分无差别，档间落差大。",
        ),
        equation="Corners $(s_k, a_k \\to b_k)$: linear between corners, constant outside, $b_k$ from the corner itself on.",
        paths=("pay.schedule", "pay.bonus_schedule"),
        source=ASSUMED,
        figure=curves.compared(CURRENT, (("steps", "分档"), "steps-pay")),
        caption=both(
            "What a score pays, now and in steps; jumps are left open.",
            "现行与分档下得分的兑现；跳跃处断开。",
        ),
        on=Arm(policy="steps-pay"),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-smooth",
        title=both("Smooth", "平滑兑现"),
        told=both(
            "No cliff and no kink: assessment pay follows the score in one straight line, and the bonus grows evenly over "
            "eight points. A point is worth much the same everywhere.",
            "取消断崖与拐点：考核工资随得分直线变化，目标资金在八分之间均匀增长，每一分价值相近。",
        ),
        equation="Corners $(s_k, a_k)$ without jumps: linear between them, constant outside.",
        paths=("pay.schedule", "pay.bonus_schedule"),
        source=ASSUMED,
        figure=curves.compared(CURRENT, (("smooth", "平滑"), "smooth-pay")),
        caption=both("What a score pays, now and smoothly.", "现行与平滑兑现。"),
        on=Arm(policy="smooth-pay"),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-limits",
        title=both("Caps and floors", "上下限"),
        told=both(
            "A share of assessment pay and bonus stays in any case, and no more than a share is paid. Here: at least 97 % "
            "of assessment pay and half of the bonus.",
            "保底与封顶。此处：考核工资至少发放97%，目标资金至少发放一半。",
        ),
        equation="share' $= \\min(\\text{ceiling}, \\max(\\text{floor}, \\text{share}))$.",
        paths=("pay.floor", "pay.ceiling", "pay.bonus_floor", "pay.bonus_ceiling"),
        source=both(
            "Article, part 3, measure 5: 直至扣完 (floor 0); other values assumed.",
            "文章三、五、三：直至扣完（最低为0）；其他值为假定。",
        ),
        figure=curves.compared(
            CURRENT, (("floors", "保底"), {"pay.floor": 0.97, "pay.bonus_floor": 0.5}), low=80.0
        ),
        caption=both("What a score pays, with floors of 97 % and 50 %.", "设97%与50%保底后的兑现。"),
        on=Arm(changes={"pay.floor": 0.97, "pay.bonus_floor": 0.5}),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="pay-change",
        title=both("Bounded change from year to year", "年度升降幅度限制"),
        told=both(
            "The share of assessment pay moves by at most so many percentage points from last year's, up or down. The first "
            "year has no year before, and is not bounded. Here: half a point a year, seen in the third year.",
            "考核工资发放比例较上年升降不超过规定的百分点；首年无上年，不受限制。此处：每年0.5个百分点，看第三年。",
        ),
        equation="share$_t = \\min(\\max(\\text{share}, \\text{share}_{t-1} - c/100), \\text{share}_{t-1} + c/100)$, within floor "
        "and ceiling; $c$ is `most_change`.",
        paths=("pay.most_change",),
        source=ASSUMED,
        figure=curves.change,
        caption=both(
            "Assessment pay by score after a year of full pay and after one of 96 %, at most two points a year.",
            "上年全额与上年发放96%的单位，每年升降不超过2个百分点时的兑现。",
        ),
        on=Arm(changes={"pay.most_change": 0.5}, years=3),
        off=Arm(years=3),
        outcomes=(*MONEY, "on_time_rate"),
        remark=both(
            "Without response to the rule, and as who moves follows the score and not pay, service does not change.",
            "人员不作反应，且人员调整依得分而非工资，服务无变化。",
        ),
    ),
    Rule(
        name="points-counted",
        title=both("What 'each point less' counts", "“每递减一个百分点”的计法"),
        told=both(
            "Fractions of a point, whole points begun, or whole points completed. The article does not say; the difference "
            "is money for everybody under the line.",
            "按小数、不足一分计一分、或满一分才计。文章未明确，对门槛以下的人都有金额差别。",
        ),
        equation="missing points $m$, $\\lceil m \\rceil$ or $\\lfloor m \\rfloor$ in the deduction.",
        paths=("pay.points_counted",),
        source=ASSUMED,
        figure=curves.counted,
        caption=both("Assessment pay by score under the three ways of counting.", "三种计法下的考核工资。"),
        on=Arm(changes={"pay.points_counted": "whole_started"}),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="rank-pay",
        title=both("Pay by rank", "按名次兑现"),
        told=both(
            "Offices are paid by their place among the units that the rule binds. The sum is known beforehand, and one's "
            "gain is another's loss.",
            "各所按名次兑现：总额事先确定，一所得则另一所失。",
        ),
        equation="$s$ becomes the percentile of rank, $100\\,(\\text{below} + \\text{level}/2)/n$; schedules are read in it.",
        paths=("pay.basis",),
        source=both(
            "Lazear and Rosen 1981, Rank-order tournaments; assumed.", "Lazear 与 Rosen 1981；假定。"
        ),
        figure=curves.rank,
        caption=both("What the offices are paid by their place. One replication.", "各名次所得，一次模拟。"),
        on=Arm(policy="rank-pay"),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="gate",
        title=both("Gate: deduct only what is not noise", "仅扣减显著低于门槛的部分"),
        told=both(
            "The benefit of the doubt: a score is lifted by the one-sided margin of its error, up to the threshold, before "
            "it is paid.",
            "疑点从宽：兑现前，得分按其误差的单侧界限上调，但不超过门槛。",
        ),
        equation="$s' = \\max(s, \\min(s + z_{c}\\, e, T))$ with standard error $e$ (`assessment.noise`) and confidence $c$.",
        paths=("pay.gate", "assessment.noise"),
        source=both(
            "Assumed; the error of a rate as a binomial, with the design effect of a queue (Kish 1965).",
            "假定；比率误差按二项分布，并作排队修正。",
        ),
        figure=curves.gate,
        caption=both("Assessment pay by score for scores of different error.", "不同误差下的考核工资。"),
        on=Arm(policy="gated-deduction"),
        outcomes=(*MONEY, "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="reward-fund",
        title=both("Special reward fund, top ten", "专项奖励资金·双十佳"),
        told=both(
            "The best offices and branches of the year share a sum, on top of the pay rule, equally or in proportion to "
            "their scores.",
            "年度最佳的所（分局）在现行规则之外分享一笔资金，均分或按得分分配。",
        ),
        equation="part of unit $i$ among the `top_count` best $= F/k$, or $F s_i / \\sum_j s_j$; whoever is tied with the last is "
        "in too.",
        paths=("pay.reward_fund",),
        source=both(
            "Article, part 3, measures 4 and 5: 双十佳, 专项奖励资金; the sum is assumed.",
            "文章三、四、一与三、五、三：双十佳、专项奖励资金；金额为假定。",
        ),
        figure=curves.fund,
        caption=both("What each place gets of the fund. One replication.", "各名次所得资金，一次模拟。"),
        on=Arm(policy="reward-fund"),
        outcomes=("reward_fund", "pay_total", "pay_gini", "on_time_rate"),
        remark=JUDGED,
    ),
    Rule(
        name="budget-neutral",
        title=both("Budget-neutral variants", "预算中性方案"),
        told=both(
            "Two rules that cost different sums are hard to compare. One number of a rule is solved for, so that it costs "
            "what the current one does. Here: full pay from 98, with the deduction per point that costs the same.",
            "支出不同的规则难以比较；求解其中一个参数，使支出与现行规则相同。此处：98分全额，求每分下浮比例。",
        ),
        equation="find $x$ with $E[\\text{cost}(x)] = E[\\text{cost of the current rule}]$, by bisection over the same "
        "replications.",
        paths=("pay.full_pay_threshold", "pay.deduction_per_point"),
        source=both(
            "`sim neutral`, `sim.budget_neutral`; interval by Huber 1967.",
            "`sim neutral`、`sim.budget_neutral`；区间依 Huber 1967。",
        ),
        figure=curves.budget,
        caption=both(
            "Mean assessment pay of the offices by the deduction per point under 98, over the scores of one replication; "
            "the mark is the neutral value there.",
            "98分门槛下各所平均考核工资随每分下浮比例变化（一次模拟的得分）；标记为中性值。",
        ),
        on=Arm(
            changes={"pay.full_pay_threshold": 98, "pay.deduction_per_point": 1},
            solve="pay.deduction_per_point",
        ),
        outcomes=("assessment_pay", "pay_total", "pay_gini", "pay_spread_equal_merit"),
        remark=both(
            "The first difference is 0 up to the precision of the search: that is what was solved for. The bonus line stays "
            "at 95.",
            "首项差异为零（在求解精度内），即求解目标；目标资金门槛仍为95分。",
        ),
    ),
)

GROUP = Group(title=both("Pay", "兑现"), rules=RULES)
