"""Pages of competence: what makes people quick and careful."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.competence import (
    Skills,
    carelessness,
    experience_factor,
    knowledge_factor,
    load_factor,
)

from .crowded_line import line
from .draw import labelled, lines, mark, panels
from .rule import Arm, Group, Rule, both
from .worlds import grid, one_year

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

SPEED = ("speed, reference = 1", "速度（基准=1）")


def experience(scenario: Scenario) -> Figure:
    rules, years = scenario.competence.experience, grid(0, 12)
    figure, (axis,) = panels()
    curves = [
        (name, experience_factor(years, rules.model_copy(update={"curve": curve})))
        for name, curve in ((("exponential", "指数"), "exponential"), (("power law", "幂律"), "power"))
    ]
    lines(axis, years, curves)
    labelled(axis, ("years of practice", "经验年数"), SPEED)
    return figure


def knowledge(scenario: Scenario) -> Figure:
    """Speed and errors by knowledge; and over three years the hours that study won, less those it took."""
    rules = scenario.competence
    hours = grid(0, 400)
    skills = Skills(np.full(len(hours), 6.0), hours, np.full(len(hours), rules.load.usual))
    figure, axes = panels(2)
    speed = knowledge_factor(hours, rules.knowledge)
    errors = carelessness(skills, np.zeros(len(hours)), rules)
    lines(axes[0], hours, [(("speed", "速度"), speed), (("errors", "差错"), errors)])
    labelled(axes[0], ("hours of knowledge", "学习积累（小时）"), ("without any = 1", "无积累=1"))
    told = one_year(scenario, years=3).outcomes
    mine = (told["outcome"] == "study_balance_hours") & (told["month"] > 0) & (told["unit"] == "")
    balance = told[mine].sort_values(["year", "month"])["value"].to_numpy() / 1000
    axes[1].plot(np.arange(1, len(balance) + 1), balance)
    mark(axes[1], 0.0, "", across=True)
    axes[1].set_xticks(range(0, len(balance) + 1, 12))
    labelled(axes[1], ("month", "月"), ("hours won less spent (1,000)", "节省减用时（千小时）"))
    return figure


def load(scenario: Scenario) -> Figure:
    rules, used = scenario.competence, grid(0.5, 1.0)
    skills = Skills(np.full(len(used), 6.0), np.zeros(len(used)), used)
    figure, (axis,) = panels()
    curves = [
        (("speed", "速度"), load_factor(used, rules.load)),
        (("errors", "差错"), carelessness(skills, np.zeros(len(used)), rules)),
    ]
    lines(axis, 100 * used, curves)
    mark(axis, 100 * rules.load.turning_point, f"{100 * rules.load.turning_point:g}")
    labelled(axis, ("felt load of the unit (%)", "感受到的负荷（%）"), ("usual load = 1", "通常负荷=1"))
    return figure


def crowding(scenario: Scenario) -> Figure:
    """Mean number in a line of one server by its load, for exponents."""
    used = grid(0.3, 0.9, 25)
    figure, (axis,) = panels()
    curves = [
        (
            (f"exponent {exponent:g}", f"弹性{exponent:g}"),
            np.array([line(one, 1.0, exponent).number for one in used]),
        )
        for exponent in (0.0, scenario.competence.crowding.exponent, 0.3)
    ]
    lines(axis, 100 * used, curves)
    labelled(
        axis, ("load at the usual speed (%)", "按通常速度的负荷（%）"), ("requests in the system", "在办件数")
    )
    return figure


def rushing(scenario: Scenario) -> Figure:
    rules, rush = scenario.competence, grid(0, 0.15)
    skills = Skills.initial(len(rush), rules)
    figure, (axis,) = panels()
    lines(axis, 100 * rush, [("", carelessness(skills, rush, rules))])
    labelled(
        axis,
        ("corner-cutting (% of usual effort)", "赶工（占通常努力的%）"),
        ("errors, usual = 1", "差错（通常=1）"),
    )
    return figure


CURVES = (
    "Anzanello and Fogliatto 2011, Learning curve models and applications, Int. J. Industrial Ergonomics 41"
)
EFFORT_ALONE = {
    "behaviour.responsive.allocation.on": False,
    "behaviour.responsive.timing.on": False,
    "behaviour.responsive.recording.on": False,
}
SERVICE = ("on_time_rate", "mean_processing_days", "mean_wait_minutes")

RULES = (
    Rule(
        name="experience",
        title=both("Experience curve", "经验曲线"),
        told=both(
            "A newcomer is slow, practice makes quick, absence lets some of it be forgotten, and a move to another unit "
            "leaves a part of it behind. The scenario's work times hold at the reference practice.",
            "新手慢，熟能生巧，离岗会遗忘，调到其他单位只带走一部分经验。方案的工作时间对应基准经验年数。",
        ),
        equation="exponential: $f(y) = 1 - (1 - a)\\,e^{-y/\\tau}$; power: $f(y) = a\\,(1 + y/\\tau)^b$ with $b = -\\ln a / \\ln 11$; "
        "speed factor $= f(y)/f(y_{ref})$. Practice: $y' = y\\,(1 - \\phi)^{t(1-q)} + t\\,q$ for presence $q$.",
        paths=("competence.experience",),
        source=both(f"{CURVES}; the sizes are assumed.", f"{CURVES}；数值为假定。"),
        figure=experience,
        caption=both("Speed by practice, for both shapes of the curve.", "两种曲线下速度随经验的变化。"),
        on=Arm(years=3),
        off=Arm(changes={"competence.experience.on": False}, years=3),
        outcomes=("mean_processing_days", "on_time_rate", "utilisation", "experience_years"),
        remark=both(
            "In the third year: careers and leavers bring newcomers and moves, whose slowness the rule adds.",
            "比较第三年：交流与离职带来新手和调岗者，此规则使其速度较慢。",
        ),
    ),
    Rule(
        name="knowledge",
        title=both("Study and skill", "学习与技能"),
        told=both(
            "Knowledge is hours of study of which a part is forgotten. It makes people quicker and more careful, with "
            "diminishing returns and a cap; whether study pays back is a result.",
            "学习积累是会遗忘的学习小时数，使人更快更细心，收益递减且有上限；学习是否划算是模拟结果，而非假定。",
        ),
        equation="$g(h) = 1 - e^{-h/H}$; speed factor $= (1 + m\\,g(h))/(1 + m\\,g(h_0))$; errors $\\times (1 - c\\,g(h))$; "
        "$h' = h \\cdot 2^{-t/T} + \\text{study}$.",
        paths=("competence.knowledge",),
        source=both(
            f"Part 3, measure 1 of the article says that study raises quality; {CURVES}; sizes assumed.",
            "文章三、一：学习提高素质；数值为假定。",
        ),
        figure=knowledge,
        caption=both(
            "Left: what knowledge does. Right: hours that study has won less the hours spent on it, added up over three "
            "years, one replication; it rises in a month in which study wins more hours than it takes.",
            "左：学习积累的作用。右：三年累计的学习节省工时减学习用时，一次模拟；曲线上升的月份，学习节省多于用时。",
        ),
        on=Arm(years=3),
        off=Arm(changes={"competence.knowledge.on": False}, years=3),
        outcomes=("study_gain_hours", "error_rate", "utilisation", *SERVICE),
        remark=both(
            "In the third year. Study itself goes on in both worlds and takes the same hours; its cost is on the page of "
            "the study load.",
            "比较第三年。两种情形下学习照常进行，用时相同；其代价见“学习制度”一页。",
        ),
    ),
    Rule(
        name="load",
        title=both("Load effect", "负荷效应"),
        told=both(
            "People speed up under moderate load, and slow down and err more when overload lasts. Load is the unit's "
            "utilisation as felt over months.",
            "中等负荷使人加快，持续超负荷使人变慢且差错增多；负荷是单位数月来感受到的工作负荷率。",
        ),
        equation="Speed: 1 up to `usual`, linear to $1 + u$ at the turning point, then linear to $1 + u - v$ at full load. "
        "Errors: from 1 at the turning point to $1 + e$ at full load. Felt load: $\\ell' = \\ell + (1 - e^{-12t/M})(\\rho - \\ell)$.",
        paths=("competence.load",),
        source=both(
            "KC and Terwiesch 2009, Management Science 55(9); Berry Jaeker and Tucker 2017, Management Science 63(4); "
            "sizes assumed.",
            "KC 与 Terwiesch 2009；Berry Jaeker 与 Tucker 2017；数值为假定。",
        ),
        figure=load,
        caption=both(
            "Speed and errors by felt load; the line is the turning point.",
            "速度与差错随负荷变化；虚线为转折点。",
        ),
        on=Arm(),
        off=Arm(changes={"competence.load.on": False}),
        outcomes=("mean_processing_days", "mean_wait_minutes", "utilisation", "error_rate", "on_time_rate"),
    ),
    Rule(
        name="crowding",
        title=both("Crowding", "排队效应"),
        told=both(
            "People see the line and hurry: with more requests a head in it all work faster, from the moment at which a "
            "request joins or leaves. Speed grows as a power, or by a step. Off in binhai unless chosen.",
            "看见排长队便加快办理：人均在办件越多速度越快（按幂函数，或达到门槛后一次提速），随来件进出即时变化。滨海方案默认关闭。",
        ),
        equation="Speed $\\times n^{\\gamma}$, $n$ = requests a head in the line, rounded up; as a step, $\\times$ `step_factor` from $n$ = `step_from` on.",
        paths=("competence.crowding",),
        source=both(
            "Conway and Maxwell 1962, A queueing model with state dependent service rates, J. Ind. Eng. 12.",
            "Conway 与 Maxwell 1962。",
        ),
        figure=crowding,
        caption=both(
            "Mean number in a line of one server, for three exponents.", "单服务台平均在办件数（三种弹性）。"
        ),
        on=Arm(changes={"competence.crowding.on": True}),
        outcomes=("mean_wait_minutes", "mean_processing_days", "on_time_rate", "utilisation"),
    ),
    Rule(
        name="rushing",
        title=both("Rushing", "赶工"),
        told=both(
            "Corner-cutting makes errors. It acts only where behaviour brings corner-cutting: here, effort alone "
            "responds, with the rule and without it.",
            "图快省事会增加差错；只有人员随规则调整而赶工时才起作用：此处仅努力随规则调整，对比有无此规则。",
        ),
        equation="Errors $\\times (1 + k\\,r)$ for corner-cutting $r$ = `rush_share` × extra effort.",
        paths=("competence.rushing", "behaviour.responsive.effort.rush_share"),
        source=both("The model's own; the size is assumed.", "模型自设；数值为假定。"),
        figure=rushing,
        caption=both(
            "How many times as often errors are made, by corner-cutting.", "差错倍数随赶工程度变化。"
        ),
        on=Arm(changes=EFFORT_ALONE, behaviour="responsive"),
        off=Arm(changes={**EFFORT_ALONE, "competence.rushing.on": False}, behaviour="responsive"),
        outcomes=("error_rate", "utilisation", "mean_processing_days", "on_time_rate"),
    ),
)

GROUP = Group(title=both("Competence", "能力"), rules=RULES)
