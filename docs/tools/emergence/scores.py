"""Exhibits of the notebook `emergence` on scores: bunching above the threshold, giving up far below it, and
what a higher threshold does.

Each returns its pieces: a sentence that says what is seen, with its number and interval, a figure, a table
with the mechanical comparison, and where something does not appear in the county, why.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

import sim
from docs.tools.emergence import figures, trials
from docs.tools.emergence.bins import histogram, shares_between
from docs.tools.emergence.numbers import ABOVE, COUNTY, Emergence, beside_mechanical, gain
from docs.tools.emergence.words import (
    effort_of,
    in_points,
    level,
    percents,
    points,
    seen,
    share_of,
    signed,
    trial_name,
)
from sim.evaluate.estimate import mean_interval, paired_difference
from sim.report import page
from sim.report.behaviours import NAMES
from sim.report.exhibits import text_table
from sim.report.markup import Html
from sim.report.words import MINUS, interval, percent_interval, pick
from sim.scenario import load_policy

FAR = 20.0  # points under the threshold from which an office is said to be far below it


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
            f"Scores of {trials.OFFICES} offices in {e.replications} replications of a year; bars with 95% "
            f"intervals (bootstrap of whole replications). Dark: from {at:g} to {at + ABOVE:g} points.",
            f"{trials.OFFICES}个所、{e.replications}次模拟的年度得分；误差线为95%区间（整次模拟自助抽样）。深"
            f"色：{at:g}至{at + ABOVE:g}分。",
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
        page.paragraph(_by_pay_alone(e)),
    ]


def _in_the_county(e: Emergence) -> str:
    """What is seen of bunching in the county, beside the numbers on which it hangs."""
    shares = {trial: e.share(e.bound, trial) for trial in ("mechanical", "effort", "effort, smooth pay")}
    excess = paired_difference(shares["effort"], shares["effort, smooth pay"])
    usual = e.bound[e.bound["trial"] == "mechanical"]
    there = mean_interval(shares_between(usual, "score", e.threshold, np.inf).to_numpy())
    reached = percent_interval(there.estimate, there.low, there.high)
    luck = usual.groupby("unit")["true_score"].std()
    near, over = (_efforts(e, e.bound, "effort", *ends) for ends in ((-5.0, 0.0), (2.0, np.inf)))
    gained = interval(
        *(float(one) for one in gain(beside_mechanical(e.bound, "effort").query("90 <= usual < 95")))
    )
    median = e.bound[e.bound["trial"] == "effort"]["score"].median()
    first, second = (_efforts(e, e.bound, trial, -np.inf, np.inf) for trial in tuple(shares)[1:])
    apart = paired_difference(first, second)
    return seen(e, (excess, 1)) + e.text(
        f"In the county itself, with its own parameters, {share_of(shares['effort'])} of the bound offices' "
        f"scores lie there under the cliff, {share_of(shares['effort, smooth pay'])} under smooth pay "
        f"(difference {points(excess, e)}), and {share_of(shares['mechanical'])} if nobody answers. "
        f"{reached} of them reach {e.threshold:g} without any answer. By luck alone an office's true "
        f"score differs between years by {luck.median():.1f} points (standard deviation, median office; "
        f"{luck.min():.1f} to {luck.max():.1f}). Offices up to 5 points under the line raise their effort by "
        f"{percents(near)}, those 2 or more over it by {percents(over)}; cliff less smooth pay, mean effort: "
        f"{in_points(apart, e)}. An office with 90 to 95 gains {gained} points for each unit of effort, and "
        f"the median score is {median:.1f}.",
        f"在全县情景及其自身参数下，断崖式兑现时适用单位得分在此区间的占{share_of(shares['effort'])}，平滑兑"
        f"现时占{share_of(shares['effort, smooth pay'])}（相差{points(excess, e)}），无人反应时占"
        f"{share_of(shares['mechanical'])}。不作任何反应已有{reached}达到{e.threshold:g}分。仅因运气，同一个"
        f"所的真实得分各年相差{luck.median():.1f}分（标准差，居中的所；各所为{luck.min():.1f}至"
        f"{luck.max():.1f}分）。低于门槛5分以内的所努力程度提高{percents(near)}，高出2分以上的提高"
        f"{percents(over)}；平均努力程度断崖减平滑为{in_points(apart, e)}。90至95分的所每单位努力可得"
        f"{gained}分，得分中位数为{median:.1f}。",
    )


def _by_pay_alone(e: Emergence) -> str:
    """Bunching in the county where nothing but pay is at stake."""
    cliff, even = (
        e.share(e.bound, trial) for trial in ("effort, pay alone", "effort, pay alone, smooth pay")
    )
    found = paired_difference(cliff, even)
    return seen(e, (found, 1)) + e.text(
        f"The county with nothing at stake but pay: {share_of(cliff)} under the cliff, {share_of(even)} "
        f"under smooth pay, a difference of {points(found, e)}.",
        f"全县情景，若只有工资利害：断崖式兑现下占{share_of(cliff)}，平滑兑现下占{share_of(even)}，相差"
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
        f"more over it by {percents(over)}. Near the line less far below: {extra(below)}; near it less "
        f"safely over it: {extra(above)}. If nobody answers, effort is 1 everywhere.",
        f"断崖式兑现下，若无反应时真实得分比{at:g}分低3至9分的所，努力程度提高{percents(near)}；低{FAR:g}"
        f"分以上的提高{percents(far)}，高出2分以上的提高{percents(over)}。门槛附近与远低于门槛之差"
        f"为{extra(below)}，与稳超之差为{extra(above)}。无人反应时努力程度处处为1。",
    )
    drawing = page.figure(
        figures.efforts(e, curves, {trial: trial_name(e, trial) for trial in curves}, at),
        alt=said,
        caption=e.text(
            f"Effort of the year by how far the office's true score is from {at:g} where nobody answers; "
            f"{trials.OFFICES} offices, {e.replications} replications, 95% intervals (bootstrap of whole "
            "replications).",
            f"全年努力程度，按该所无反应时的真实得分与{at:g}分之差；{trials.OFFICES}个所、{e.replications}次模"
            "拟，95%区间（整次模拟自助抽样）。",
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
        pick(NAMES["mechanical"], e.lang),
    )
    caption = e.text(
        "The county's bound offices under the cliff: effort, with 95% intervals",
        "全县适用单位（断崖）：努力程度及95%区间",
    )
    ends = ((-np.inf, -5.0), (-5.0, 0.0))
    asked = ("effort", "effort, pay alone")
    low = {trial: [_efforts(e, e.bound, trial, *end) for end in ends] for trial in asked}
    faded = {trial: paired_difference(near, far) for trial, (far, near) in low.items()}
    both, pay = ([percents(one) for one in low[trial]] for trial in low)
    why = seen(e, (faded["effort, pay alone"], 1)) + e.text(
        f"In the county, more than 5 points under {at:g} effort is raised by {both[0]}, up to 5 points under "
        f"it by {both[1]}: the latter less the former {extra(faded['effort'])}. There the line of promotion "
        f"and the bottom units are at stake as well. With pay alone it is {pay[0]} and {pay[1]}: "
        f"{extra(faded['effort, pay alone'])}.",
        f"在全县情景中，比{at:g}分低5分以上的所努力程度提高{both[0]}，低5分以内的提高{both[1]}，后者减前者为"
        f"{extra(faded['effort'])}；此处提拔门槛和末位排名同样利害攸关。只有工资利害时分别为{pay[0]}和"
        f"{pay[1]}，相差{extra(faded['effort, pay alone'])}。",
    )
    return [
        page.paragraph(said),
        drawing,
        page.paragraph(why),
        page.paragraph(_within_the_year(e)),
        text_table(rows, labels, caption, e, right=range(1, 5)),
    ]


def _within_the_year(e: Emergence) -> str:
    """How the county's efforts part as the luck of the months shows: some sprint, others stop."""
    first, last = (e.by_month("effort, pay alone", month) for month in (1, 12))
    wider, more = (paired_difference(last[of], first[of]) for of in ("std", "mean"))
    early, late = f"{first['std'].mean():.1f}", level(mean_interval(last["std"].to_numpy()))
    return seen(e, (wider, 1)) + e.text(
        f"Within the year efforts part: with pay alone, the spread of effort between offices (standard "
        f"deviation) is {early} percentage points in January and {late} in December, a "
        f"difference of {in_points(wider, e)}. Mean effort in December less January: {in_points(more, e)}.",
        f"年内努力逐渐拉开差距：只有工资利害时，各所努力程度的标准差1月为{early}个百分点，12月为"
        f"{late}个百分点，相差{in_points(wider, e)}；平均努力程度12月减1月为"
        f"{in_points(more, e)}。",
    )


def higher_line(e: Emergence) -> Sequence[Html]:
    """What full pay from 98 instead of 95 does to the county's bound offices."""
    pairs = {
        "both": ("effort, threshold 98", "effort"),
        "pay": ("effort, pay alone, threshold 98", "effort, pay alone"),
    }
    higher = load_policy(sim.load(COUNTY), "threshold-98").changes
    at, line = e.threshold, float(higher["pay.bonus_threshold"])
    everywhere = (-np.inf, np.inf)
    whole = {name: [_efforts(e, e.bound, trial, *everywhere) for trial in two] for name, two in pairs.items()}
    between = [_efforts(e, e.bound, trial, 0.0, line - at) for trial in pairs["both"]]
    under = [_efforts(e, e.bound, trial, -np.inf, 0.0) for trial in pairs["both"]]
    effort, pay, middle, low = (
        paired_difference(one, other) for one, other in (*whole.values(), between, under)
    )
    one, other = (e.runs(trial, "mean_score") for trial in pairs["both"])
    score = paired_difference(one, other)
    share = [shares_between(_of(e, trial), "score", line, np.inf) for trial in (*pairs["both"], "mechanical")]
    said = e.text(
        f"With full pay and bonus from {line:g} instead of {at:g}, mean effort of the bound offices changes "
        f"by {in_points(effort, e)}: by {in_points(low, e)} of those under {at:g} if nobody answers, by "
        f"{in_points(middle, e)} of those from {at:g} to {line:g}. With pay alone at stake it changes by "
        f"{in_points(pay, e)}. The bureau's mean score changes by {signed(score)} points. {line:g} is "
        f"reached by {share_of(share[0])}, under the line at {at:g} by {share_of(share[1])}, and if nobody "
        f"answers by {share_of(share[2])}.",
        f"全额兑现和目标资金的门槛由{at:g}分改为{line:g}分，适用单位的平均努力程度变化"
        f"{in_points(effort, e)}：无人反应时低于{at:g}分的所为{in_points(low, e)}，{at:g}至{line:g}分的所为"
        f"{in_points(middle, e)}。只有工资利害时为{in_points(pay, e)}。"
        f"全局平均考核得分变化{signed(score)}分。达到{line:g}分的占{share_of(share[0])}，门槛为{at:g}分时占{share_of(share[1])}，无人反应时占{share_of(share[2])}。",
    )
    named = {
        "effort": e.text(f"line at {at:g}", f"门槛{at:g}分"),
        "effort, threshold 98": e.text(f"line at {line:g}", f"门槛{line:g}分"),
    }
    edges = np.array([-100.0, -3, -1, 0, 1, 2, 3, 10])
    curves = {trial: e.effort(e.bound, trial, edges) for trial in named}
    drawing = page.figure(
        figures.efforts(e, curves, named, at),
        alt=said,
        caption=e.text(
            f"Effort of the year of the county's bound offices by how far the true score is from {at:g} "
            f"where nobody answers; {e.replications} replications, 95% intervals (bootstrap of whole "
            "replications).",
            f"全县适用单位的全年努力程度，按无反应时的真实得分与{at:g}分之差；{e.replications}次模拟，95%区间（"
            "整次模拟自助抽样）。",
        ),
    )
    rows = [
        (
            f"{first.at:+.1f}".replace("-", MINUS),
            str(first.n),
            *(effort_of(curve.iloc[place]) for curve in curves.values()),
            "1",
        )
        for place, first in enumerate(next(iter(curves.values())).itertuples())
    ]
    labels = (
        e.text(f"true score less {at:g}, mean", f"真实得分减{at:g}（均值）"),
        e.text("office-years", "所·年"),
        *named.values(),
        pick(NAMES["mechanical"], e.lang),
    )
    caption = e.text(
        "Effort of the county's bound offices, with 95% intervals", "全县适用单位的努力程度及95%区间"
    )
    return [page.paragraph(said), drawing, text_table(rows, labels, caption, e, right=range(1, 5))]


def _of(e: Emergence, trial: str) -> pd.DataFrame:
    return e.bound[e.bound["trial"] == trial]


def _efforts(e: Emergence, table: pd.DataFrame, trial: str, low: float, high: float) -> np.ndarray:
    """Mean extra effort, %, in each replication, of offices so far from the threshold, points."""
    found = beside_mechanical(table, trial)
    away = found["usual"] - e.threshold
    mine = found[(away >= low) & (away < high)]
    return (
        (100 * (mine.groupby("replication")["effort"].mean() - 1)).reindex(range(e.replications)).to_numpy()
    )
