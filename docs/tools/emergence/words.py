"""How the exhibits of the notebook `emergence` print what was found, and whether it is what was expected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from docs.tools.emergence import trials
from docs.tools.emergence.numbers import Emergence
from sim.evaluate.estimate import Interval, mean_interval
from sim.report import page
from sim.report.markup import Html
from sim.report.words import MISSING, interval, percent_interval, points_interval


def foreword(e: Emergence) -> list[Html]:
    """What is compared with what."""
    first = e.text(
        "People know their own office and plan the year: each month they look at where their score is "
        "heading, at what it is worth, and at what more effort would bring. Six things are looked for, none "
        "of which is a setting of its own; each is shown with its interval, beside people who do not "
        "respond and work as ever under the same rules.",
        "各单位了解本单位情况，并对全年作出打算：每月看得分的走势、得分的得失，以及多努力能增加多少分。以下"
        "考察六种并非直接设定的现象，每种均附区间，并与同样规则下人员不作反应的结果并列。",
    )
    then = e.text(
        f"Bunching and giving up need many office-years: {trials.OFFICES} offices like the teaching "
        "scenario one-office that differ only in how many people come, so that their scores would lie "
        f"evenly from {trials.WORST:g} to {trials.BEST:g}. The rest is the county of the article with its "
        f"own parameters. Each is run {e.replications} times (seed {e.seed}) and meets the same citizens; "
        "differences are paired, and intervals are over replications, never over offices.",
        f"聚集与放弃两项需要大量“所·年”：取与教学情景one-office相同的{trials.OFFICES}个所，只有来件多少不"
        f"同，使其得分均匀分布在{trials.WORST:g}至{trials.BEST:g}分。其余为文章所述的全县情景及其自身参数"
        f"。每种设定以同样的群众模拟{e.replications}次（种子{e.seed}）；差值按模拟配对，区间按模拟次数计算"
        "，不把各所当作独立样本。",
    )
    assumed = e.text(
        "What effort brings to an office is measured in trials of it. What effort costs, what haste does to "
        "errors and how readily records are bent are assumed numbers: sim parameters behaviour and sim "
        "parameters competence list them. What is shown is which way things go, and how far with these "
        "numbers.",
        "努力能给本单位增加多少分由试算测得。努力的成本、赶工对差错的影响、记录失真的难易则为假定的数值，可用"
        "sim parameters behaviour和sim parameters competence查看。此处展示的是变化的方向，以及在这些数值下的"
        "大小。",
    )
    return [page.lead(first), page.paragraph(then), page.paragraph(assumed)]


def seen(e: Emergence, *signs: tuple[Interval, int]) -> str:
    """Whether all intervals lie on the side of zero that is expected, in a word."""
    if all(found.low > 0 if sign > 0 else found.high < 0 for found, sign in signs):
        return e.text("Seen. ", "可见。")
    return e.text("Not seen with these replications. ", "在此模拟次数下不可见。")


def trial_name(e: Emergence, trial: str) -> str:
    """What a trial is called in figures and tables."""
    return {
        "mechanical": e.text("nobody answers", "无人反应"),
        "cliff": e.text("cliff at 95", "95分断崖"),
        "smooth": e.text("smooth pay", "平滑兑现"),
    }[trial]


def share_of(values: pd.Series) -> str:
    found = mean_interval(values.to_numpy())
    return percent_interval(found.estimate, found.low, found.high)


def points(found: Interval, e: Emergence) -> str:
    return points_interval(found.estimate, found.low, found.high, e.lang)


def signed(found: Interval) -> str:
    return interval(found.estimate, found.low, found.high, signed=True)


def in_points(found: Interval, e: Emergence) -> str:
    """A difference that is in percentage points already."""
    if found.estimate == found.low == found.high == 0:
        return "0"
    return points_interval(found.estimate / 100, found.low / 100, found.high / 100, e.lang)


def level(found: Interval) -> str:
    """An estimate with its interval; the number alone where all replications agree."""
    if found.low == found.high:
        return f"{found.estimate:g}"
    return interval(found.estimate, found.low, found.high)


def mean(e: Emergence, trial: str, outcome: str, kind: str = "") -> str:
    return level(mean_interval(e.runs(trial, outcome, kind)))


def percents(values: np.ndarray) -> str:
    found = mean_interval(values)
    return percent_interval(found.estimate / 100, found.low / 100, found.high / 100)


def effort_of(row: pd.Series) -> str:
    """Mean effort of a bin with its interval; a dash where it is of fewer than five office-years."""
    return f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" if row["n"] >= 5 else MISSING
