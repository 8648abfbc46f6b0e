"""Pages of behaviour: how people answer to the rules, each answer with its own switch."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import behaviour_curves as curves
from .rule import Arm, Group, Rule, both

SWITCHES = ("effort", "allocation", "timing", "recording")
EFFECTS = ("on_time_rate", "mean_processing_days", "mean_score")


def only(*names: str, **more: object) -> dict:
    """The changes that leave on these answers of the responsive behaviour, and no others."""
    off = {f"behaviour.responsive.{name}.on": False for name in SWITCHES if name not in names}
    return off | {path.replace("__", "."): value for path, value in more.items()}


def alone(*names: str) -> Arm:
    return Arm(changes=only(*names), behaviour="responsive")


REGISTRATION = {
    f"scorecards.office.items.{item}.kinds": ["registration"]
    for item in ("on_time", "inspection", "returns", "overdue")
}
BOTH = both(
    "With: the responsive behaviour with this switch alone. Without: `mechanical`.",
    "有：响应行为仅开启此项；无：机械行为。",
)

RULES = (
    Rule(
        name="mechanical",
        title=both("Mechanical: nobody reacts", "机械：无人反应"),
        told=both(
            "Rules change pay and careers, and people work as before. The baseline of every study. With response strength "
            "0 the responsive behaviour gives the very same results, which this page shows.",
            "规则只改变兑现与前途，人们照常工作，是一切研究的基准。反应强度为0时，响应行为与其结果完全相同。",
        ),
        equation="conduct $=$ neutral, whatever the standing; `responsive` with `strength` 0 $=$ `mechanical`, to the last bit.",
        paths=("behaviour.responsive.strength",),
        source=both("Definition of the model.", "模型定义。"),
        figure=curves.responses,
        caption=both(
            "Effort of one office by its forecast, under both behaviours.",
            "两种行为下某所努力随得分预测变化。",
        ),
        on=Arm(changes={"behaviour.responsive.strength": 0}, behaviour="responsive"),
        outcomes=(*EFFECTS, "error_rate", "complaint_rate", "pay_total"),
        remark=both("Every difference must be exactly 0.", "各项差异应恰为零。"),
    ),
    Rule(
        name="effort",
        title=both("Effort", "努力"),
        told=both(
            "At each monthly review a unit looks where its score is heading and what the next point pays there, and moves a "
            "part of the way towards its best effort. Near a cliff effort peaks, far under it and safely over it, it fades.",
            "每月回顾时，单位看得分走向和下一分的价值，努力向最优水平调整一部分；断崖附近最大，远低于或稳超则减弱。",
        ),
        equation="$e^* = 1 + \\text{strength} \\cdot g \\cdot (\\text{share of year left}) \\cdot m / c$ within bounds, $m = dE[\\text{pay "
        "and career value}]/ds$ in years of pay; $e' = e + \\alpha (e^* - e)$.",
        paths=(
            "behaviour.responsive.effort",
            "behaviour.responsive.risk_aversion",
            "behaviour.responsive.least_spread",
        ),
        source=both(
            "Holmström and Milgrom 1987, Aggregation and linearity; sizes assumed.",
            "Holmström 与 Milgrom 1987；数值为假定。",
        ),
        figure=curves.effort,
        caption=both(
            "Effort of one office by its forecast in the middle of the year, once settled.",
            "年中某所的努力随得分预测变化（稳定后）。",
        ),
        on=alone("effort"),
        outcomes=("effort", *EFFECTS, "error_rate", "mean_wait_minutes"),
        remark=BOTH,
    ),
    Rule(
        name="forecast",
        title=both("What units foresee", "得分预测"),
        told=both(
            "Units see the score of the year so far, and lean on last year's while little of the year is gone. How unsure "
            "they are says how wide around a cliff it is felt. Here: a spread of 2.5 against 1 point, effort alone.",
            "单位据今年至今得分并参考上年作预测；不确定性决定断崖在多大范围内被感受到。此处：标准差2.5分对比1分，仅努力。",
        ),
        equation="$\\mu = (g\\,s_{so far} + w\\,s_{last})/(g + w)$; $\\sigma = \\sqrt{\\text{noise}^2 + (1 - g)\\,\\text{spread}^2}$.",
        paths=("behaviour.forecast",),
        source=both("Assumed.", "假定。"),
        figure=curves.forecasts,
        caption=both(
            "Left: the forecast of a unit that had 95 last year and has 85 so far. Right: its spread.",
            "左：上年95分、今年至今85分的单位的预测；右：其标准差。",
        ),
        on=alone("effort"),
        off=Arm(changes=only("effort", behaviour__forecast__spread=1.0), behaviour="responsive"),
        outcomes=("effort", *EFFECTS, "pay_total"),
    ),
    Rule(
        name="career-values",
        title=both("What titles and posts are worth", "前途的价值"),
        told=both(
            "Promotion lines, titles and the bottom are worth something to those who decide how a unit works, in shares of "
            "a year's pay, beside pay itself. Here: effort alone, with these values and with pay alone.",
            "提拔线、荣誉和末位对决定单位工作的人有价值（折合年收入比例）。此处：仅努力，对比有无前途价值。",
        ),
        equation="$m$ gains $V_p\\,\\varphi(T_p) + V_a\\,\\varphi(T_a)$ (densities of the forecast at the lines) $- V_b\\, dP(\\text{bottom})/ds$.",
        paths=("behaviour.responsive.careers",),
        source=both(
            "Lazear and Rosen 1981; Nalebuff and Stiglitz 1983; sizes assumed.",
            "Lazear 与 Rosen 1981；Nalebuff 与 Stiglitz 1983；数值为假定。",
        ),
        figure=curves.careers,
        caption=both(
            "Effort of one office by its forecast, with career values and with pay alone.",
            "有无前途价值时某所的努力。",
        ),
        on=alone("effort"),
        off=Arm(
            changes=only("effort")
            | {f"behaviour.responsive.careers.{name}": 0 for name in ("promotion", "advanced", "bottom")},
            behaviour="responsive",
        ),
        outcomes=("effort", *EFFECTS),
    ),
    Rule(
        name="allocation",
        title=both("Attention follows what is assessed", "注意力分配（工作失衡）"),
        told=both(
            "Effort goes to the kinds that count in the score; what does not count is left lying for it, and so are patrol "
            "and consolidation. Shown where only registration is assessed, under which it acts most.",
            "精力投向计分的事项，不计分的被搁置，巡查与整理亦然。在“只考核登记”的情形下作用最明显。",
        ),
        equation="extra effort for kind $k$: $x_k = x\\,(a_k/v_k - \\sigma)/(1 - \\sigma)$ with weights $a$ in the score, $v$ in the "
        "work; attention $= 1 - \\text{strength}\\,(1 - (1 + x_k)/(1 + x))$, at least `floor`.",
        paths=("behaviour.responsive.allocation", "behaviour.neglect_days"),
        source=both(
            "Article, part 2.1: 工作失衡; Holmström and Milgrom 1991, Multitask principal-agent analyses; sizes assumed.",
            "文章二、一：工作失衡；Holmström 与 Milgrom 1991；数值为假定。",
        ),
        figure=curves.attention,
        caption=both(
            "Attention of one office at a forecast of 93 points, all kinds assessed and only registration.",
            "预测93分时某所的关注度：全部考核与只考核登记。",
        ),
        on=Arm(changes=only("allocation") | REGISTRATION, behaviour="responsive"),
        off=Arm(changes=REGISTRATION),
        outcomes=(
            "attention_spread",
            "on_time_rate@registration",
            "on_time_rate@fees",
            "on_time_rate@homestead",
            "mean_processing_days@registration",
            "mean_processing_days@fees",
            "duty_rate",
            "mean_score",
        ),
        remark=both(
            "Both worlds assess offices on registration alone; without: `mechanical`.",
            "两者均只考核登记；无：机械行为。",
        ),
    ),
    Rule(
        name="late-to-the-back",
        title=both("Late to the back", "超期件后置"),
        told=both(
            "Once a case is late it can no longer be saved for the score, so under pressure it is left lying while fresh "
            "ones are done. On-time rate up, the late ones' wait longer.",
            "超期件已无法挽回得分，压力下被搁置而先办新件：按时率上升，超期件等得更久。",
        ),
        equation="late requests behind all others $\\iff 100\\,m \\ge$ `pressure` and points for being in time outweigh points for "
        "what lies overdue.",
        paths=("behaviour.responsive.timing",),
        source=both("The model's own; sizes assumed.", "模型自设；数值为假定。"),
        figure=curves.timing,
        caption=both(
            "Forecasts at which one office serves late requests last (squares), by the pressure asked.",
            "某所将超期件后置的得分预测区间（方块），随触发激励变化。",
        ),
        on=alone("timing"),
        outcomes=(
            "late_last",
            "on_time_rate",
            "mean_overdue_days",
            "overdue_open",
            "p99_processing_days",
            "mean_score",
        ),
        remark=BOTH,
    ),
    Rule(
        name="recording",
        title=both("Recording as in time", "记录造假"),
        told=both(
            "Under pressure a share of nearly late cases is clock-stopped, sent back for a needless supplement, closed "
            "and reopened, or entered as finished before the limit. Nothing is done sooner: the recorded on-time rate "
            "parts from the true one.",
            "压力下部分临界件被停钟、不必要补正、先结后办或倒填办结日期：实际并未更快，记录的按时率与真实分离。",
        ),
        equation="share $= \\min(\\text{most},\\ \\text{sensitivity} \\cdot 100\\,m \\cdot \\max(0, 1 - r\\,p/g))$ for audits of rate $r$ and "
        "penalty $p$, and $g$ points gained a case.",
        paths=("behaviour.responsive.recording",),
        source=both(
            "Becker 1968; Courty and Marschke 2004, An empirical investigation of gaming responses; sizes assumed.",
            "Becker 1968；Courty 与 Marschke 2004；数值为假定。",
        ),
        figure=curves.recording,
        caption=both(
            "Share of nearly late cases recorded as in time by one office, by its forecast and audits.",
            "某所临界件按时登记比例，随预测与稽核变化。",
        ),
        on=alone("recording"),
        outcomes=(
            "on_time_gap",
            "recorded_on_time_rate",
            "on_time_rate",
            "mean_processing_days",
            "needless_returns",
            "mean_score",
        ),
        remark=BOTH,
    ),
    Rule(
        name="ratchet",
        title=both("Ratchet", "棘轮效应"),
        told=both(
            "People hold back because next year's target rises with this year's score. Off unless chosen, as evidence for "
            "it in China is weak. Here: effort alone, with the ratchet and without.",
            "因下年目标随今年得分上调而留力。证据有限，默认关闭。此处：仅努力，对比有无棘轮。",
        ),
        equation="$m' = m \\cdot r/(r + \\kappa)$ with discount rate $r$.",
        paths=("behaviour.responsive.ratchet",),
        source=both(
            "Weitzman 1980; against it Fisman and Wang 2017, The distortionary effects of incentives in government.",
            "Weitzman 1980；反例见 Fisman 与 Wang 2017。",
        ),
        figure=curves.ratchet,
        caption=both(
            "What is left of an incentive, by how much targets follow scores.",
            "激励的剩余比例随目标上调比例变化。",
        ),
        on=Arm(changes=only("effort") | {"behaviour.responsive.ratchet.on": True}, behaviour="responsive"),
        off=alone("effort"),
        outcomes=("effort", *EFFECTS),
    ),
    Rule(
        name="learning",
        title=both("Learning by trial", "试错学习"),
        told=both(
            "Units that know no schedule try another effort each year, go on if it paid and turn round if it did not. A "
            "check of how far results hang on people knowing the rules.",
            "不了解兑现规则的单位每年试探另一努力水平，得益则继续，否则转向；用以检验结果是否依赖于人们了解规则。",
        ),
        equation="$e_{t+1} = e_t \\pm \\text{step} \\cdot U(0.5, 1.5)$; the sign is kept if (share of pay won) $- c/2\\,(e - 1)^2$ rose, else "
        "turned.",
        paths=("behaviour.learning",),
        source=both(
            "Huck, Normann and Oechssler 2004, Through trial and error to collusion; sizes assumed.",
            "Huck、Normann 与 Oechssler 2004；数值为假定。",
        ),
        figure=curves.trials,
        caption=both(
            "What one office gains by its effort of a year, from three scores without extra effort; the marks are the tops.",
            "某所全年努力的得失（三种起点得分）；标记为最优点。",
        ),
        on=Arm(behaviour="learning", years=5),
        off=Arm(years=5),
        outcomes=("effort", *EFFECTS, "pay_total"),
        remark=both(
            "In the fifth year; with: `learning`, without: `mechanical`.",
            "比较第五年；有：学习行为，无：机械行为。",
        ),
    ),
)

GROUP = Group(title=both("Behaviour", "行为"), rules=RULES)
