"""Pages of what citizens and superiors see: patrol, old households, inspection, departments, promises."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.steps import Delay
from sim.scenario.time import DAY_S
from sim.world import draw_world
from sim.world.households import NEVER
from sim.world.reroute import route_of
from sim.world.shapes import quantile
from sim.world.violations import Violations

from .draw import dumbbells, labelled, lines, panels, two
from .rule import Arm, Group, Rule, both
from .service_curves import LAG
from .worlds import SEED, aside, grid, return_chance, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

VIOLATIONS = {"frictions.violations.on": True}
HOUSEHOLDS = {"frictions.old_households.on": True}
PAIRED = "service_rules.petition_pairing.on"
DEPARTMENTS = {"departments.on": True}
BOOKLET = "service_rules.booklet.on"
ASKED = {"satisfaction.on": True}


def found(scenario: Scenario) -> Figure:
    """The share of violations that somebody has seen by then, at three shares of the patrol. One replication."""
    violations = Violations.of_world(draw_world(under(scenario, VIOLATIONS), SEED))
    assert violations is not None
    days, units = grid(0, 150, 151), len(scenario.units)
    curves = []
    for share, zh in ((1.0, "巡查全部落实"), (0.5, "落实一半"), (0.0, "不巡查")):
        unseen = violations.unseen_s(np.full(units, share)) / DAY_S
        seen = np.array([100 * (unseen <= day).mean() for day in days])
        curves.append(((f"{share:.0%} of the patrol", zh), seen))
    figure, (axis,) = panels()
    lines(axis, days, curves)
    labelled(axis, ("days since it began", "发生后天数"), ("violations seen (%)", "已发现（%）"))
    return figure


def settled(scenario: Scenario) -> Figure:
    """Households settled by month, by the number that each leader takes. One replication."""
    figure, (axis,) = panels()
    months = grid(0, 12, 13)
    curves = []
    for each in (1, 2, 3):
        changes = HOUSEHOLDS | {PAIRED: True, "service_rules.petition_pairing.households_each": each}
        old = draw_world(under(scenario, changes), SEED).households
        assert old is not None
        times = np.sort(old.settled_s[old.settled_s < NEVER]) / (365 / 12 * DAY_S)
        curves.append(((f"{each} a leader", f"每人{each}户"), np.searchsorted(times, months, side="right")))
    lines(axis, months, curves)
    labelled(axis, ("months since the first day", "自首日起月数"), ("households settled", "已化解户数"))
    return figure


def inspected(scenario: Scenario) -> Figure:
    """The chance of overreach and of absence in homestead matters, with inspection and without it."""
    rows = (
        ("overreach 越位", "overreach.done", "overreach.complaint"),
        ("absence 缺位", "absence.asked", "absence.idle"),
    )
    sides = []
    for on in (False, True):
        route = route_of(under(scenario, {"service_rules.superior_inspection.on": on}).kinds["homestead"])
        sides.append([100 * aside(route, asked, chosen) for _, asked, chosen in rows])
    figure, (axis,) = panels(height=1.8)
    dumbbells(axis, [name for name, *_ in rows], sides[0], sides[1])
    labelled(axis, ("homestead matters struck (%)", "受影响的宅基地审批件（%）"))
    axis.set_xlim(left=0)
    return figure


def by_department(scenario: Scenario) -> Figure:
    """The time that each department takes for evidence in enforcement or for a court's part."""
    part = under(scenario, DEPARTMENTS)
    chances, curves = grid(0.005, 0.995), []
    for name in ("construction", "commerce", "court"):
        step = part.kinds["enforcement"].route["court" if name == "court" else "evidence"]
        assert isinstance(step, Delay)
        own = step.model_copy(update={"cv": part.departments.cv.get(name, step.cv)})
        days = quantile(own, step.amount * part.departments.delay_factor.get(name, 1.0), chances)
        title = scenario.departments.titles[name]
        curves.append((title, days))
    figure, (axis,) = panels()
    for place, (title, days) in enumerate(curves):
        axis.plot(days, 100 * chances, linestyle=("-", "--", ":")[place], label=two(title))
    labelled(axis, LAG, ("matters answered by then (%)", "已获答复（%）"))
    axis.legend(fontsize=7)
    return figure


def met(scenario: Scenario) -> Figure:
    """Time at the construction department, by letter and at a joint meeting."""
    chances, curves = grid(0.005, 0.995), []
    for label, on in ((("by letter", "函询"), False), (("joint meeting", "联席会议"), True)):
        part = under(scenario, {"service_rules.joint_meeting.on": on})
        step = part.kinds["land_listing"].route["conditions"]
        assert isinstance(step, Delay)
        curves.append((label, quantile(step, step.amount, chances)))
    figure, (axis,) = panels()
    for place, (label, days) in enumerate(curves):
        axis.plot(days, 100 * chances, linestyle=("-", "--")[place], label=" ".join(label))
    labelled(axis, LAG, ("land listings answered (%)", "已获答复的挂牌件（%）"))
    axis.legend(fontsize=7)
    return figure


def incomplete(scenario: Scenario) -> Figure:
    """The chance that an application comes back, of the kinds in the booklet."""
    kinds = ("registration", "homestead")
    sides = [
        [100 * return_chance(route_of(under(scenario, {BOOKLET: on}).kinds[kind])) for kind in kinds]
        for on in (False, True)
    ]
    figure, (axis,) = panels(height=1.8)
    dumbbells(axis, [two(scenario.kinds[kind].title) for kind in kinds], sides[0], sides[1])
    labelled(axis, ("applications sent back (%)", "被退回补正（%）"))
    axis.set_xlim(left=0)
    return figure


def satisfied(scenario: Scenario) -> Figure:
    """Points by days late: in time before, and what a return or a complaint takes off."""
    from sim.rules import satisfaction

    days = grid(0, 45, 181)

    def points(returned: bool, complaint: bool) -> np.ndarray:
        rule = scenario.satisfaction
        return np.array(
            [satisfaction.satisfied(rule, 0.0, returned, late > 0, late, complaint) for late in days]
        )

    curves = [
        (("nothing else", "仅超时"), points(False, False)),
        (("sent back as well", "并被退回"), points(True, False)),
        (("complaint as well", "并有投诉"), points(False, True)),
    ]
    figure, (axis,) = panels()
    lines(axis, days, curves)
    labelled(axis, ("days late", "超时天数"), ("satisfaction (points)", "满意度（分）"))
    return figure


RULES = (
    Rule(
        name="patrol",
        title=both("Patrol and violations", "巡查与违法用地"),
        told=both(
            "A violation goes on until somebody sees it: the patrol of its unit, or others later. The longer nobody sees it, "
            "the more work the case is, and each day costs until it is stopped. Who cuts patrol short finds less.",
            "违法行为一直持续到被发现：先由本单位巡查，否则较晚由举报、卫片发现。发现越晚，办案工作量越大，制止前每日都有损失；压缩巡查则发现更迟。",
        ),
        equation="An hour of a person's patrol finds a given violation at rate $r\\,d_u$, $d_u$ the share of patrol that unit $u$ does: "
        "$P(\\text{unseen after } h \\text{ hours}) = e^{-r d_u h}$. Others report it after a lognormal time. Work $\\times\\,(1 + g\\,m)$ for $m$ "
        "months unseen; loss $= c$ for each day until the first step of work ends, at most `complete_days`.",
        paths=("frictions.violations", "duties.<duty>.can_be_cut"),
        source=both(
            "Article, part 2.1 and 2.3: 忽视执法监察, 土地违法案件仍得不到及时制止; the sizes are assumed.",
            "文章二、一与二、三：忽视执法监察，土地违法案件得不到及时制止；数值为假定。",
        ),
        figure=found,
        caption=both(
            "Share of the violations seen by day, by the share of patrol that is done. One replication.",
            "按巡查落实程度，违法行为被发现比例随天数的变化，一次模拟。",
        ),
        on=Arm(changes=VIOLATIONS),
        off=Arm(changes=VIOLATIONS | {"duties.patrol.every_weeks": 2}),
        outcomes=(
            "violation_loss",
            "found_on_patrol",
            "days_unseen",
            "days_until_stopped",
            "hands_on_hours@enforcement",
        ),
        remark=both(
            "Both worlds have violations that must be found; the other patrols every second week. A violation meets the patrol "
            "that its unit does in the month in which it begins. A case counts as received when it is found.",
            "两种情形均须发现违法，对照情形隔周巡查。违法行为按发生当月的巡查落实程度计算；案件自发现之日起算。",
        ),
    ),
    Rule(
        name="old-households",
        title=both("Old petition households", "信访老户"),
        told=both(
            "Each old household has a history and petitions until it is settled. Leaders take those with the longest history; "
            "the hours of their visits add up until they settle it. Settled households come no more.",
            "每个老户有其历史，未化解前反复上访。领导优先联系历史最久的户，走访时间累计到所需时即告化解，此后不再上访。",
        ),
        equation="Needed hours $= H\\,y_i/\\bar y\\cdot\\varepsilon_i$ with history $y_i$ and a lognormal $\\varepsilon_i$ of mean 1; settled on the "
        "day on which the visits reach it, one household after the other.",
        paths=("frictions.old_households",),
        source=both(
            "Article, part 3.4.2: 每人联系一个信访老户, 化解涉土信访历史遗留问题; the sizes are assumed.",
            "文章三、四、二：每人联系一个信访老户，化解涉土信访历史遗留问题；数值为假定。",
        ),
        figure=settled,
        caption=both("Households settled by month. One replication.", "逐月化解户数，一次模拟。"),
        on=Arm(changes=HOUSEHOLDS | {PAIRED: True}),
        off=Arm(changes=HOUSEHOLDS),
        outcomes=("repeat_petitions", "households_settled", "households_open"),
        remark=both(
            "Both worlds have old households; without pairing nobody visits them.",
            "两种情形均有老户；不结对则无人走访。",
        ),
    ),
    Rule(
        name="superior-inspection",
        title=both("Inspection from above", "上级督查"),
        told=both(
            "The superior department looks at acts and idle matters at fixed intervals. Fewer acts are without mandate, fewer "
            "matters lie idle and for a shorter time; heads spend an afternoon with each visit.",
            "上级主管部门定期督查：越位与缺位减少，搁置时间缩短；单位负责人每次陪同半日。",
        ),
        equation="$p' = f\\,p$ for overreach and absence; times $d' = f_d\\,d$ until an idle matter is taken up, and until the complaint.",
        paths=("service_rules.superior_inspection",),
        source=both(
            "Article, part 2.2: 上级主管部门对规范执法行为缺少制约机制; the sizes are assumed.",
            "文章二、二：上级主管部门对规范执法行为缺少制约机制；数值为假定。",
        ),
        figure=inspected,
        caption=both("How often a homestead matter is struck.", "宅基地审批件受影响的概率。"),
        on=Arm(policy="superior-inspection"),
        outcomes=(
            "absences",
            "absence_days",
            "overreaches",
            "overreach_days",
            "reversals",
            "complaints",
            "mean_processing_days",
        ),
    ),
    Rule(
        name="departments",
        title=both("Departments by name", "分部门等待"),
        told=both(
            "A step may wait for one of several departments, each with a delay and a spread of its own. Waiting is told by "
            "department.",
            "环节所等待的部门具名，各有其等待时间与波动，并分部门统计。",
        ),
        equation="$d = f_k\\,\\bar d\\,q_{cv_k}(u)$ for the department $k$ that is waited for, with the step's mean $\\bar d$ and luck $u$.",
        paths=("departments", "kinds.<kind>.route.<delay step>.departments"),
        source=both(
            "Article, part 2.3: 发改、环保、建设、工商、法院、公安; the sizes are assumed.",
            "文章二、三；数值为假定。",
        ),
        figure=by_department,
        caption=both("Time until the answer in enforcement, by department.", "执法案件中各部门的答复时间。"),
        on=Arm(changes=DEPARTMENTS),
        off=Arm(
            changes=DEPARTMENTS
            | {
                "departments.delay_factor": dict.fromkeys(
                    ("development_reform", "environment", "construction", "commerce", "court", "police"), 1.0
                )
            }
        ),
        outcomes=("department_days", "mean_processing_days@enforcement", "mean_processing_days@land_listing"),
        remark=both(
            "In the other world all departments take as long as the step says.",
            "对照情形中各部门均按环节均值。",
        ),
    ),
    Rule(
        name="joint-meeting",
        title=both("Joint meetings", "部门联席会议"),
        told=both(
            "Leaders and the other departments meet at fixed intervals, and simple questions are answered at the table.",
            "局领导与有关部门定期开会，简单事项当场答复。",
        ),
        equation="$d' = f_d\\,d$ and $cv' = f_{cv}\\,cv$ for the departments at the table; leaders are away for its hours.",
        paths=("service_rules.joint_meeting",),
        source=both(
            "Article, part 2.3: 部门协调配合不力; factors assumed.",
            "文章二、三：部门协调配合不力；倍数为假定。",
        ),
        figure=met,
        caption=both(
            "Time until other departments have answered in land listings.", "土地挂牌获其他部门答复的时间。"
        ),
        on=Arm(policy="joint-meeting"),
        outcomes=(
            "mean_processing_days@land_listing",
            "mean_processing_days@enforcement",
            "p90_processing_days",
            "on_time_rate",
        ),
    ),
    Rule(
        name="promises",
        title=both("Promises in a booklet", "服务承诺小册子"),
        told=both(
            "Papers, limits and standards are printed and handed out. Fewer applications are incomplete and fewer people come "
            "to the wrong desk; whether promises are kept is told by kind.",
            "将材料、时限和标准印成小册子公开：材料不全与找错门减少，并按事项统计承诺兑现率。",
        ),
        equation="$p' = f\\,p$ for incomplete applications and misdirection. A case keeps its promises if it is in time, not sent back, without "
        "error and without complaint, as far as each is promised.",
        paths=("service_rules.booklet",),
        source=both(
            "Article, part 3.6.2: 印成小册子，公开向社会承诺; factors assumed.",
            "文章三、六、二：印成小册子，公开承诺；倍数为假定。",
        ),
        figure=incomplete,
        caption=both("How many applications are sent back.", "被退回补正的比例。"),
        on=Arm(policy="promise-booklet"),
        outcomes=(
            "return_rate",
            "return_rate@homestead",
            "mean_processing_days@registration",
            "mean_processing_days",
        ),
    ),
    Rule(
        name="satisfaction",
        title=both("Satisfaction", "群众满意度"),
        told=both(
            "Applicants are content to the extent that nothing went wrong: a stated function of the wait, returns, lateness and "
            "complaint. It is an assumption and no survey.",
            "满意度为等候、退回、超时和投诉的假定函数，并非调查结果。",
        ),
        equation="$S = \\max(a,\\; b - w\\min(h, h_{max}) - r\\,[\\text{returned}] - [\\text{late}]\\,(l + l_d\\min(d, d_{max})) - c\\,[\\text{complaint}])$, "
        "with $a$ the least points, $h$ hours until the first step of work and $d$ days late.",
        paths=("satisfaction",),
        source=both(
            "Article, part 3.4.2: 零障碍、高效率; coefficients assumed.",
            "文章三、四、二：零障碍、高效率；系数为假定。",
        ),
        figure=satisfied,
        caption=both("Points by days late.", "满意度随超时天数的变化。"),
        on=Arm(changes=ASKED | {"service_rules.one_time_notification.on": True}),
        off=Arm(changes=ASKED),
        outcomes=("satisfaction", "satisfaction@homestead", "return_rate"),
        remark=both("The worlds differ by one-time notification.", "两种情形相差一次性告知制度。"),
    ),
)

GROUP = Group(title=both("What citizens and superiors see", "群众与上级所见"), rules=RULES)
