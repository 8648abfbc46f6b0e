"""Exhibits of the notebook `emergence` on scores: bunching above the threshold, and giving up far below it.

Each returns its pieces: a sentence that says what is seen, with its number and interval, a figure, a table
with the mechanical comparison, and where something does not appear in the county, why.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

import sim
from docs.tools.emergence import figures, trials
from docs.tools.emergence.numbers import ABOVE, COUNTY, Emergence, beside_mechanical, gain
from docs.tools.emergence.words import effort_of, in_points, percents, points, seen, share_of, trial_name
from sim.evaluate.emergent import histogram, shares_between
from sim.evaluate.estimate import mean_interval, paired_difference
from sim.report import page
from sim.report.exhibits import text_table
from sim.report.markup import Html
from sim.report.words import interval, percent_interval

FAR = 14.0  # points under the threshold from which an office is said to be far below it


def bunching_above(e: Emergence) -> Sequence[Html]:
    """Scores bunch just above the bonus line under the cliff, and not under the smooth schedule."""
    shares = {trial: e.share(e.offices, trial) for trial in ("mechanical", "cliff", "smooth")}
    cliff, smooth = (paired_difference(shares[trial], shares["mechanical"]) for trial in ("cliff", "smooth"))
    at = e.threshold
    said = seen(e, (cliff, 1), (paired_difference(shares["cliff"], shares["smooth"]), 1)) + e.text(
        f"Under the cliff {share_of(shares['cliff'])} of the office-years score from {at:g} to under "
        f"{at + ABOVE:g}; of the same offices under the smooth schedule it is {share_of(shares['smooth'])}"
        f", and where nobody answers {share_of(shares['mechanical'])}. The cliff adds {points(cliff, e)}, "
        f"the smooth schedule {points(smooth, e)}.",
        f"断崖式兑现下，{share_of(shares['cliff'])}的“所·年”得分在{at:g}分至{at + ABOVE:g}分（不含）之间；"
        f"同样的所在平滑兑现下为{share_of(shares['smooth'])}，无人作出反应时为"
        f"{share_of(shares['mechanical'])}。断崖使其增加{points(cliff, e)}，平滑兑现为{points(smooth, e)}"
        "。",
    )
    edges = np.arange(at - 11, at + 5.01)
    parts = [histogram(e.offices[e.offices["trial"] == trial], "score", edges) for trial in shares]
    drawing = page.figure(
        figures.distributions(e, parts, [trial_name(e, trial) for trial in shares], at, ABOVE),
        alt=said,
        caption=e.text(
            f"Scores of {trials.OFFICES} offices in {e.replications} replications, last of {trials.YEARS} "
            f"years; bars with 95% intervals (bootstrap of whole replications). Dark: from {at:g} to "
            f"{at + ABOVE:g} points.",
            f"{trials.OFFICES}个所、{e.replications}次模拟、第{trials.YEARS}年的得分；误差线为95%区间（整"
            f"次模拟自助抽样）。深色：{at:g}至{at + ABOVE:g}分。",
        ),
    )
    rows = []
    for trial, mine in shares.items():
        found = e.bunched(trial)
        half = found.excess_half_width
        rows.append((
            trial_name(e, trial), share_of(mine),
            percent_interval(found.excess, found.excess - half, found.excess + half),
            interval(found.points, found.points - found.half_width, found.points + found.half_width),
        ))  # fmt: skip
    labels = (
        e.text("pay and behaviour", "兑现办法与行为"),
        e.text(f"scores {at:g} to {at + ABOVE:g}", f"{at:g}至{at + ABOVE:g}分"),
        e.text("excess mass", "超额聚集"),
        e.text("moved by, points", "移动分数"),
    )
    caption = e.text("Bunching: share of office-years, and the excess over a line through both sides",
                     "聚集程度：占“所·年”的比例，及相对两侧拟合线的超额")  # fmt: skip
    return [
        page.paragraph(said),
        drawing,
        text_table(rows, labels, caption, e, right=(1, 2, 3)),
        page.paragraph(_in_the_county(e)),
        page.paragraph(_where_the_county_bunches(e)),
    ]


def _in_the_county(e: Emergence) -> str:
    """What is seen of bunching in the county, and why it is that much."""
    shares = {trial: e.share(e.bound, trial) for trial in ("mechanical", "effort", "effort, smooth pay")}
    excess = paired_difference(shares["effort"], shares["effort, smooth pay"])
    usual = e.bound[e.bound["trial"] == "mechanical"]
    there = mean_interval(shares_between(usual, "score", e.threshold, np.inf).to_numpy())
    reached = percent_interval(there.estimate, there.low, there.high)
    below, over = (_efforts(e, e.bound, "effort", *ends) for ends in ((-5.0, 0.0), (2.0, np.inf)))
    gained = interval(
        *(float(one) for one in gain(beside_mechanical(e.bound, "effort").query("90 <= usual < 95")))
    )
    median = e.bound[e.bound["trial"] == "effort"]["score"].median()
    first, second = (_efforts(e, e.bound, trial, -np.inf, np.inf) for trial in tuple(shares)[1:])
    eased = paired_difference(first, second)
    sure = excess.low > 0
    return e.text(
        f"In the county itself, with its own parameters, it is {'seen' if sure else 'not seen'}: "
        f"{share_of(shares['effort'])} of the bound offices' scores lie there under the cliff, "
        f"{share_of(shares['effort, smooth pay'])} under smooth pay (difference {points(excess, e)}), and "
        f"{share_of(shares['mechanical'])} if nobody answers. {reached} of them reach {e.threshold:g} "
        "without any answer. And all move up together, under both schedules: as a year's score is "
        "foreseen to some points only and careers are at stake as well, offices up to 5 points under the "
        f"line raise their effort by {percents(below)} and those 2 or more over it still by "
        f"{percents(over)} (cliff less smooth pay, mean effort: {in_points(eased, e)}); an office with 90 "
        f"to 95 gains {gained} points for each unit of effort, and nothing stops it at the line (median "
        f"score {median:.1f}).",
        f"在全县情景及其自身参数下{'可见' if sure else '看不到'}聚集：断崖式兑现下，适用单位得分在此区间的"
        f"占{share_of(shares['effort'])}，平滑兑现下占{share_of(shares['effort, smooth pay'])}（相差"
        f"{points(excess, e)}），无人反应时占{share_of(shares['mechanical'])}。不作任何反应已有{reached}达"
        f"到{e.threshold:g}分；而且两种办法下各所一起上移：全年得分只能预计到几分之内，晋升利害又同时起作"
        f"用，低于门槛5分以内的所努力程度提高{percents(below)}，高出2分以上的仍提高{percents(over)}（平均"
        f"努力程度，断崖减平滑：{in_points(eased, e)}）；90至95分的所每单位努力可得{gained}分，到了门槛也"
        f"不会停下（得分中位数{median:.1f}）。",
    )


def _where_the_county_bunches(e: Emergence) -> str:
    """Bunching in the county with parameters that let it be seen."""
    sharp, even = (e.share(e.bound, trial) for trial in ("foreseen", "foreseen, smooth pay"))
    usual = sim.load(COUNTY).behaviour.forecast.spread
    found = paired_difference(sharp, even)
    return seen(e, (found, 1)) + e.text(
        f"The county with a year's score foreseen to {trials.FORESEEN:g} point instead of {usual:g}, in "
        "the second year, when last year's score is known, and with nothing at stake but pay: "
        f"{share_of(sharp)} under the cliff, {share_of(even)} under smooth pay, a difference of "
        f"{points(found, e)}.",
        f"全县情景，若全年得分可预计到{trials.FORESEEN:g}分（原为{usual:g}分）、已知上年得分（第二年）且只"
        f"有工资利害：断崖式兑现下占{share_of(sharp)}，平滑兑现下占{share_of(even)}，相差"
        f"{points(found, e)}。",
    )


def giving_up(e: Emergence) -> Sequence[Html]:
    """Under the cliff effort peaks where the line can be reached; far below it offices give up."""
    curves = {trial: e.effort(e.offices, trial) for trial in ("cliff", "smooth")}
    far, near, over = (
        _efforts(e, e.offices, "cliff", *ends) for ends in ((-np.inf, -FAR), (-9.0, -3.0), (2.0, np.inf))
    )
    below, above = paired_difference(near, far), paired_difference(near, over)
    at, extra = e.threshold, lambda found: in_points(found, e)
    said = seen(e, (below, 1), (above, 1)) + e.text(
        f"Offices whose true score would be 3 to 9 points under {at:g} raise their effort by "
        f"{percents(near)} under the cliff; those {FAR:g} or more under it by {percents(far)}, those 2 or "
        f"more over it by {percents(over)}. The hump is {extra(below)} above the low end and "
        f"{extra(above)} above the high end. If nobody answers, effort is 1 everywhere.",
        f"断崖式兑现下，若无反应时真实得分比{at:g}分低3至9分的所，努力程度提高{percents(near)}；低{FAR:g}"
        f"分以上的提高{percents(far)}，高出2分以上的提高{percents(over)}。峰值比低端高{extra(below)}，比高"
        f"端高{extra(above)}。无人反应时努力程度处处为1。",
    )
    drawing = page.figure(
        figures.efforts(e, curves, {trial: trial_name(e, trial) for trial in curves}, at),
        alt=said,
        caption=e.text(
            f"Effort in the last of {trials.YEARS} years by how far the office's true score is from {at:g}"
            f" where nobody answers; {trials.OFFICES} offices, {e.replications} replications, 95% "
            "intervals (bootstrap of whole replications).",
            f"第{trials.YEARS}年的努力程度，按该所无反应时的真实得分与{at:g}分之差；{trials.OFFICES}个所、"
            f"{e.replications}次模拟，95%区间（整次模拟自助抽样）。",
        ),
    )
    edges = np.array([-100.0, -5, -2, 0, 2, 10])
    tables = [e.effort(e.bound, trial, edges) for trial in ("effort", "effort, pay alone")]
    rows = [
        (
            interval(middle, middle, middle).split(" ")[0],
            str(n),
            *(effort_of(each.iloc[place]) for each in tables),
            "1",
        )
        for place, (middle, n) in enumerate(zip(tables[0]["at"], tables[0]["n"], strict=True))
    ]
    labels = (
        e.text(f"true score less {at:g}, mean", f"真实得分减{at:g}（均值）"),
        e.text("office-years", "所·年"),
        e.text("effort, pay and career", "努力：工资与晋升"),
        e.text("effort, pay alone", "努力：仅工资"),
        e.text("mechanical", "机械"),
    )
    caption = e.text(
        "The county's bound offices under the cliff: effort, with 95% intervals",
        "全县适用单位（断崖）：努力程度及95%区间",
    )
    ends = ((-np.inf, -5.0), (0.0, 2.0))
    both, pay = (
        [percents(_efforts(e, e.bound, trial, *end)) for end in ends]
        for trial in ("effort", "effort, pay alone")
    )
    why = e.text(
        "In the county few offices are far below the line, and those have the line of promotion and the "
        f"bottom units still to win or lose: more than 5 points under {at:g} effort is raised by {both[0]}"
        f", up to 2 points over it by {both[1]}. With pay alone it is {pay[0]} and {pay[1]}.",
        f"全县远低于门槛的所很少，且这些所还有提拔门槛和末位排名的得失：比{at:g}分低5分以上的努力程度提高"
        f"{both[0]}，高出2分以内的提高{both[1]}。只有工资利害时分别为{pay[0]}和{pay[1]}。",
    )
    return [
        page.paragraph(said),
        drawing,
        page.paragraph(why),
        text_table(rows, labels, caption, e, right=range(1, 5)),
    ]


def _efforts(e: Emergence, table: pd.DataFrame, trial: str, low: float, high: float) -> np.ndarray:
    """Mean extra effort, %, in each replication, of offices so far from the threshold, points."""
    found = beside_mechanical(table, trial)
    away = found["usual"] - e.threshold
    mine = found[(away >= low) & (away < high)]
    return (
        (100 * (mine.groupby("replication")["effort"].mean() - 1)).reindex(range(e.replications)).to_numpy()
    )
