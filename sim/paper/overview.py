"""The diagram of the model: what a scenario has in each of its parts, and what follows from what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import page
from sim.report.style import PALETTE
from sim.scenario.counts import number_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.report.markup import Html
    from sim.report.results import Results

_WIDE, _HIGH = 2.0, 0.9  # of a box, in inches
_COLUMNS, _ROWS = (1.2, 3.75, 6.3), (2.45, 0.75)  # the middles of boxes


def overview(r: Results) -> Html:
    """Draw the model of a study's scenario."""
    return page.figure(
        _drawn(r),
        caption=r.text(
            "Overview of the model under the baseline. Solid arrows: within a year; dashed: from month to "
            "month and from year to year.",
            "模型总览（基准方案）。实线为年内流程，虚线为逐月、逐年的反馈。",
        ),
        alt=r.text(
            "Requests queue at units, people work on them; the year is scored, scores decide pay and "
            "posts, and these change how people work.",
            "来件在各单位排队，由人员办理；年终计分，得分决定工资与岗位，并反过来影响人员行为。",
        ),
    )


def _drawn(r: Results) -> Figure:
    import matplotlib.pyplot as plt
    from matplotlib.patches import FancyBboxPatch

    of, people = r.study.scenario, int(r.study.posts["headcount"][r.baseline])
    steps = sum(len(r.route(kind)) for kind in of.kinds)
    answers = any(side.behaviour != "mechanical" for side in r.sides)
    texts = (
        (r.text("Requests", "来件"), r.text(number_of(len(of.kinds), "kind"), f"{len(of.kinds)}类事项")),
        (
            r.text("Queues", "排队"),
            r.text(f"at {number_of(len(of.units), 'unit')}", f"{len(of.units):,}个单位"),
        ),
        (
            r.text("Work", "办理"),
            r.text(
                f"{number_of(people, 'person', 'people')}, {number_of(steps, 'step')}",
                f"{people:,}人，{steps}个环节",
            ),
        ),
        (
            r.text("Behaviour", "人员行为"),
            r.text("people respond", "随规则调整") if answers else r.text("no response", "不作反应"),
        ),
        (r.text("Pay, ranks, posts", "工资、名次、岗位"), r.text("by the rule", "按方案规定")),
        (
            r.text("Year-end score", "年终得分"),
            r.text(number_of(len(of.scorecards), "scorecard"), f"{len(of.scorecards)}张评分表"),
        ),
    )
    figure, axis = plt.subplots(figsize=(6.6, 2.9))
    axis.set_xlim(0, 7.5)
    axis.set_ylim(0, 3.2)
    axis.set_axis_off()
    middles = [(x, y) for y in _ROWS for x in _COLUMNS]
    for (x, y), (head, more) in zip(middles, texts, strict=True):
        corner = (x - _WIDE / 2, y - _HIGH / 2)
        axis.add_patch(
            FancyBboxPatch(corner, _WIDE, _HIGH, boxstyle="round,pad=0.03", fc="#f2f2f7", ec=PALETTE[1])
        )
        axis.text(x, y + 0.17, head, ha="center", va="center", fontweight="bold")
        axis.text(x, y - 0.2, more, ha="center", va="center", fontsize=8, color="#444444")
    for first, last, dashed in (
        (0, 1, False),
        (1, 2, False),
        (2, 5, False),
        (5, 4, False),
        (4, 3, True),
        (3, 1, True),
    ):
        _arrow(axis, middles[first], middles[last], dashed)
    return figure


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], dashed: bool) -> None:
    """Draw an arrow from the edge of one box to the edge of another."""
    (x0, y0), (x1, y1) = start, end
    wide, high = _WIDE / 2 + 0.06, _HIGH / 2 + 0.06
    if y0 == y1:
        way = 1 if x1 > x0 else -1
        ends = ((x0 + way * wide, y0), (x1 - way * wide, y1))
    else:
        way = 1 if y1 > y0 else -1
        ends = ((x0, y0 + way * high), (x1, y1 - way * high))
    look = {"arrowstyle": "-|>", "color": "#555555", "linewidth": 1.2, "linestyle": "--" if dashed else "-"}
    axis.annotate("", ends[1], ends[0], arrowprops=look)
