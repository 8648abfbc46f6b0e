"""Pages of the frictions: what goes wrong, on which the service rules act."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.rules.competence import Skills, carelessness
from sim.scenario.steps import Delay
from sim.world.reroute import route_of
from sim.world.shapes import mean_one_lognormal, quantile

from .draw import labelled, legend, lines, panels
from .rule import Arm, Group, Rule, both
from .worlds import aside, grid, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario


def waiting(kind: str, step: str, x: tuple[str, str]) -> Callable[[Scenario], Figure]:
    """The time that a friction costs a request that it strikes: its cumulative distribution."""

    def draw(scenario: Scenario) -> Figure:
        delay = under(scenario).kinds[kind].route[step]
        assert isinstance(delay, Delay)
        chances = grid(0.005, 0.995)
        figure, (axis,) = panels()
        axis.plot(quantile(delay, delay.amount, chances), 100 * chances)
        labelled(axis, x, ("struck requests (%)", "受影响来件（%）"))
        axis.set_xlim(left=0)
        return figure

    return draw


def comes_again(scenario: Scenario) -> Figure:
    """The chance that a petition comes so many times more."""
    times = np.arange(0, 6)
    figure, (axis,) = panels()
    for place, (label, on) in enumerate(
        ((("not paired", "未结对"), False), (("leaders paired", "领导结对"), True))
    ):
        route = route_of(under(scenario, {"service_rules.petition_pairing.on": on}).kinds["petition"])
        chance = aside(route, "repeat.asked", "repeat.again") ** times
        axis.plot(times, 100 * chance, ("o-", "D--")[place], label=" ".join(label))
    labelled(
        axis, ("comes again at least so many times", "再次来访至少次数"), ("petitions (%)", "信访件（%）")
    )
    legend(axis)
    return figure


def minutes_late(scenario: Scenario) -> Figure:
    """How late a desk opens on a morning on which it does: the cumulative distribution."""
    rule, chances = scenario.frictions.late_opening, grid(0.005, 0.995)
    figure, (axis,) = panels()
    axis.plot(rule.minutes * mean_one_lognormal(chances, rule.cv), 100 * chances)
    labelled(axis, ("minutes late", "迟开分钟数"), ("late mornings (%)", "迟开的早晨（%）"))
    axis.set_xlim(left=0)
    return figure


def error_chance(scenario: Scenario) -> Figure:
    """The chance of an error by the load of a unit, at three states of knowledge."""
    rules, chance = scenario.competence, scenario.frictions.errors.kinds["registration"]
    load = grid(0.5, 1.0)
    curves = []
    for hours in (0.0, 80.0, 240.0):
        skills = Skills(np.full(len(load), 6.0), np.full(len(load), hours), load)
        share = 100 * chance * carelessness(skills, np.zeros(len(load)), rules)
        curves.append(((f"{hours:g} h of study", f"学习{hours:g}小时"), share))
    figure, (axis,) = panels()
    lines(axis, 100 * load, curves)
    labelled(
        axis,
        ("load of the unit (%)", "单位负荷（%）"),
        ("registrations with an error (%)", "登记差错率（%）"),
    )
    axis.set_ylim(bottom=0)
    return figure


def _off(name: str) -> Arm:
    return Arm(changes={f"frictions.{name}.on": False})


TWO = both("Article, part 2.2: 越位与缺位; the sizes are assumed.", "文章二、二：越位与缺位；数值为假定。")

RULES = (
    Rule(
        name="misdirection",
        title=both("Misdirection", "找错门"),
        told=both(
            "A share of the requests comes to the wrong desk first. Unless somebody hands it on, the applicant is sent "
            "away and comes back days later; the time limit begins only at the right desk.",
            "部分来件先到了错误的窗口；若无人转办，群众隔几天再来，时限自正确窗口受理起算。",
        ),
        equation="With chance $p$ a delay of mean $d$ working days (lognormal) before the first step.",
        paths=("frictions.misdirection",),
        source=both(
            "Article, part 3, measure 6: 不属于职责范围的事，协助承转; the sizes are assumed.",
            "文章三、六、二；数值为假定。",
        ),
        figure=waiting(
            "registration", "desk.wrong", ("working days until the right desk", "到正确窗口的工作日")
        ),
        caption=both(
            "Time until a misdirected request comes to the right desk.", "找错门的来件到正确窗口所需时间。"
        ),
        on=Arm(),
        off=_off("misdirection"),
        outcomes=("mean_processing_days", "mean_wait_minutes", "on_time_rate"),
    ),
    Rule(
        name="overreach",
        title=both("Overreach", "越位"),
        told=both(
            "Now and then somebody acts without mandate. There is a complaint later, and the act has to be reversed, "
            "which is work.",
            "有时人员越权办理：事后引起投诉，并需纠正，增加工作量。",
        ),
        equation="With chance $p$, after the end: a complaint after mean $d$ days, then $m$ minutes of reversing it, times "
        "the request's complexity.",
        paths=("frictions.overreach",),
        source=TWO,
        figure=waiting(
            "homestead", "overreach.complaint", ("working days until the complaint", "投诉发生的工作日")
        ),
        caption=both("Time from the end of the matter to the complaint.", "从办结到投诉的时间。"),
        on=Arm(),
        off=_off("overreach"),
        outcomes=("complaint_rate", "complaints", "utilisation", "mean_processing_days"),
    ),
    Rule(
        name="absence",
        title=both("Absence", "缺位"),
        told=both(
            "A duty that nobody takes up: a matter lies still before a middle step of its way until somebody does, and "
            "its time limit runs on.",
            "无人承办：事项在中间环节被搁置，时限照常计算。",
        ),
        equation="With chance $p$ a delay of mean $d$ working days before the middle step of work.",
        paths=("frictions.absence",),
        source=TWO,
        figure=waiting("homestead", "absence.idle", ("working days lying still", "搁置工作日")),
        caption=both("How long a matter that nobody takes up lies still.", "无人承办事项的搁置时间。"),
        on=Arm(),
        off=_off("absence"),
        outcomes=(
            "mean_processing_days@homestead",
            "on_time_rate@assignment",
            "on_time_rate",
            "mean_processing_days",
        ),
    ),
    Rule(
        name="late-opening",
        title=both("Late opening", "窗口迟开"),
        told=both(
            "On some mornings the front desk of a unit opens late, and nobody is served there until then. With matters that nobody "
            "takes up it makes discipline: the share of people's days at work without such a breach, which a scorecard may score.",
            "有的早晨单位窗口迟开，其间无人受理。它与无人承办合为工作纪律：在岗人日中无违纪的比例，可列入考核表。",
        ),
        equation="With chance $p$ a morning's service begins $m$ minutes late (log-normal) for all clerks of the desk. "
        "discipline $= 1 - (\\text{clerks late} + \\text{matters left idle}) / \\text{person-days}$.",
        paths=("frictions.late_opening",),
        source=both(
            "Article, part 3, measure 2: 遵守规章制度, 工作纪律; the sizes are assumed.",
            "文章三、二：遵守规章制度、工作纪律；数值为假定。",
        ),
        figure=minutes_late,
        caption=both("How late a front desk opens on such a morning.", "窗口迟开的分钟数。"),
        on=Arm(changes={"frictions.late_opening.on": True}),
        outcomes=("mean_wait_minutes", "utilisation", "on_time_rate", "mean_processing_days"),
    ),
    Rule(
        name="repeat-petitions",
        title=both("Repeat petitions", "重复信访"),
        told=both(
            "A petition that was answered comes again after some weeks and goes through the whole route once more; it may "
            "come a third time.",
            "已答复的信访过若干周再次来访，重新走一遍流程，还可能第三次来访。",
        ),
        equation="After the end, with chance $p$: a delay of mean $d$ working days, then the first step again. "
        "$P(\\text{at least } n \\text{ times more}) = p^n$.",
        paths=("frictions.repeat_petitions",),
        source=both(
            "Article, part 3, measure 4: 信访老户; the sizes are assumed.",
            "文章三、四、二：信访老户；数值为假定。",
        ),
        figure=comes_again,
        caption=both("How often a petition comes again.", "信访件再次来访的概率。"),
        on=Arm(),
        off=_off("repeat_petitions"),
        outcomes=(
            "mean_processing_days@petition",
            "on_time_rate@petition",
            "utilisation",
            "mean_processing_days",
        ),
        remark=both(
            "Demand is the same in both worlds: without the rule the petitions that are drawn do not come again.",
            "两种情形的来件相同：无此规则时，来件不再重复。",
        ),
    ),
    Rule(
        name="errors",
        title=both("Errors and care", "差错与细心"),
        told=both(
            "Work is done wrongly with a chance that training lowers and rushing and fatigue raise. A share of the errors "
            "is found later and corrected, the others are never found.",
            "办理有一定差错概率：培训使之降低，赶工与疲劳使之升高；部分差错事后被发现并纠正，其余未被发现。",
        ),
        equation="$P(\\text{error}) = p \\cdot c_i$, $c_i$ the carelessness of the person who did the last work "
        "($=$ knowledge $\\times$ fatigue $\\times$ rushing, 1 = standard). A share `caught` is found after mean $d$ days and "
        "corrected in $m$ minutes.",
        paths=("frictions.errors",),
        source=both(
            "Assumed; inspections of registration files find faults in some per cent.",
            "假定；登记案卷检查发现数个百分点的问题。",
        ),
        figure=error_chance,
        caption=both("The chance of an error by load and knowledge.", "差错概率随负荷与学习量变化。"),
        on=Arm(),
        off=_off("errors"),
        outcomes=("error_rate", "utilisation", "mean_processing_days", "on_time_rate"),
    ),
)

GROUP = Group(title=both("Frictions", "摩擦与差错"), rules=RULES)
