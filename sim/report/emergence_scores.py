"""Exhibits of the notebook `emergence` on scores: bunching above the threshold, and giving up far below it.

Each returns its pieces: a sentence that says what is seen, with its number and interval, a figure, a table
with the mechanical comparison, and where something does not appear in the county, why.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

import sim
from sim.evaluate.emergent import histogram, shares_between
from sim.evaluate.estimate import mean_interval, paired_difference
from sim.report import emergence_figures as figures
from sim.report import page, trials
from sim.report.emergence import ABOVE, COUNTY, Emergence, beside_mechanical, gain
from sim.report.emergence_words import effort_of, in_points, percents, points, seen, share_of, trial_name
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
        f"{at + ABOVE:g}; "
        f"of the same offices under the smooth schedule it is {share_of(shares['smooth'])}, and where "
        "nobody answers "
        f"{share_of(shares['mechanical'])}. The cliff adds {points(cliff, e)}, the smooth schedule "
        f"{points(smooth, e)}.",
        f"断崖式兑现下，{share_of(shares['cliff'])}的“所·年”得分在{at:g}分至{at + ABOVE:g}分（不含）之间；"
        f"同样的所在平滑兑现下为{share_of(shares['smooth'])}，无人作出反应时为"
        f"{share_of(shares['mechanical'])}。"
        f"断崖使其增加{points(cliff, e)}，平滑兑现为{points(smooth, e)}。",
    )
    edges = np.arange(at - 11, at + 5.01)
    parts = [histogram(e.offices[e.offices["trial"] == trial], "score", edges) for trial in shares]
    drawing = page.figure(
        figures.distributions(e, parts, [trial_name(e, trial) for trial in shares], at, ABOVE),
        alt=said,
        caption=e.text(
            f"Scores of {trials.OFFICES} offices in {e.replications} replications, last of {trials.YEARS} "
            "years; bars with 95% "
            f"intervals (bootstrap of whole replications). Dark: from {at:g} to {at + ABOVE:g} points.",
            f"{trials.OFFICES}个所、{e.replications}次模拟、第{trials.YEARS}年的得分；误差线为95%区间（整次"
            "模拟自助抽样）。"
            f"深色：{at:g}至{at + ABOVE:g}分。",
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
    sure = excess.low > 0
    return e.text(
        f"In the county itself, with its own parameters, it is {'seen' if sure else 'not seen'}: "
        f"{share_of(shares['effort'])} of the bound offices' scores lie there under the cliff, "
        f"{share_of(shares['effort, smooth pay'])} under smooth pay (difference {points(excess, e)}), and "
        f"{share_of(shares['mechanical'])} if nobody answers. Two reasons. {reached} of them reach "
        f"{e.threshold:g} without any "
        "answer. And all move up together: offices up to 5 points under the line raise their effort by "
        f"{percents(below)}, those 2 "
        f"or more over it by {percents(over)}, since a year's score is foreseen to some points only and "
        "careers are at stake as "
        f"well; an office with 90 to 95 gains {gained} points for each unit of effort, and nothing stops "
        "it at the line (median "
        f"score {median:.1f}).",
        f"在全县情景及其自身参数下{'可见' if sure else '看不到'}聚集：断崖式兑现下，适用单位得分在此区间的占"
        f"{share_of(shares['effort'])}，平滑兑现下占{share_of(shares['effort, smooth pay'])}"
        f"（相差{points(excess, e)}），无人反应时占{share_of(shares['mechanical'])}。原因有二：其一，不作任"
        "何反应已有"
        f"{reached}达到{e.threshold:g}分；其二，各所一起上移：低于门槛5分以内的所努力程度提高"
        f"{percents(below)}，高出2分以上的也提高{percents(over)}，因为全年得分只能预计到几分之内，且晋升利"
        "害同时起作用；90至95分的所每单位努力可得"
        f"{gained}分，到了门槛也不会停下（得分中位数{median:.1f}）。",
    )


def _where_the_county_bunches(e: Emergence) -> str:
    """Bunching in the county with parameters that let it be seen."""
    sharp, even = (e.share(e.bound, trial) for trial in ("foreseen", "foreseen, smooth pay"))
    usual = sim.load(COUNTY).behaviour.forecast.spread
    found = paired_difference(sharp, even)
    return seen(e, (found, 1)) + e.text(
        f"The county with a year's score foreseen to {trials.FORESEEN:g} point instead of {usual:g}, in "
        "the second year, when "
        f"last year's score is known, and with nothing at stake but pay: {share_of(sharp)} under the "
        f"cliff, {share_of(even)} under "
        f"smooth pay, a difference of {points(found, e)}.",
        f"全县情景，若全年得分可预计到{trials.FORESEEN:g}分（原为{usual:g}分）、已知上年得分（第二年）且只"
        "有工资利害："
        f"断崖式兑现下占{share_of(sharp)}，平滑兑现下占{share_of(even)}，相差{points(found, e)}。",
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
        f"{percents(near)} under the cliff; those "
        f"{FAR:g} or more under it by {percents(far)}, those 2 or more over it by {percents(over)}. The "
        f"hump is {extra(below)} above the low "
        f"end and {extra(above)} above the high end. If nobody answers, effort is 1 everywhere.",
        f"断崖式兑现下，若无反应时真实得分比{at:g}分低3至9分的所，努力程度提高{percents(near)}；低{FAR:g}分"
        f"以上的提高{percents(far)}，高出2分以上的提高"
        f"{percents(over)}。"
        f"峰值比低端高{extra(below)}，比高端高{extra(above)}。无人反应时努力程度处处为1。",
    )
    drawing = page.figure(
        figures.efforts(e, curves, {trial: trial_name(e, trial) for trial in curves}, at),
        alt=said,
        caption=e.text(
            f"Effort in the last of {trials.YEARS} years by how far the office's true score is from {at:g} "
            "where nobody answers; "
            f"{trials.OFFICES} offices, {e.replications} replications, 95% intervals (bootstrap of whole "
            "replications).",
            f"第{trials.YEARS}年的努力程度，按该所无反应时的真实得分与{at:g}分之差；{trials.OFFICES}个所、"
            f"{e.replications}次模拟，95%区间（整次"
            "模拟自助抽样）。",
        ),
    )
    edges = np.array([-100.0, -5, -2, 0, 2, 10])
    tables = [e.effort(e.bound, trial, edges) for trial in ("effort", "effort, pay alone")]
    rows = [
        (
            interval(one.at, one.at, one.at).split(" ")[0],
            str(one.n),
            *(effort_of(each.iloc[place]) for each in tables),
            "1",
        )
        for place, one in enumerate(tables[0].itertuples())
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
    why = e.text(
        "In the county few offices are far below the line, and those have the line of promotion (90) and "
        "the bottom units still to "
        "win or lose: with careers at stake they do not give up. The last but one column leaves only pay.",
        "全县远低于门槛的所很少，且这些所还有提拔门槛（90分）和末位排名的得失：有晋升利害时并不放弃。倒数"
        "第二列只保留工资。",
    )
    return [
        page.paragraph(said),
        drawing,
        text_table(rows, labels, caption, e, right=range(1, 5)),
        page.paragraph(why),
    ]


def _efforts(e: Emergence, table: pd.DataFrame, trial: str, low: float, high: float) -> np.ndarray:
    """Mean extra effort, %, in each replication, of offices from `low` to `high` points from the "
    "threshold."""
    found = beside_mechanical(table, trial)
    away = found["usual"] - e.threshold
    mine = found[(away >= low) & (away < high)]
    return (
        (100 * (mine.groupby("replication")["effort"].mean() - 1)).reindex(range(e.replications)).to_numpy()
    )
