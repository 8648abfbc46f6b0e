"""Show on what people spend their working time: a bar for each rule, or for each type of unit.

Time on duty is at work on requests or free for them. Study, standing duties and leaders' visits take people
off duty; vacant posts have nobody on duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from sim.report import page
from sim.report.figures import WIDTH, height_of
from sim.report.labels import legend, told_apart
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.words import Text, number, pick

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

USES = {  # in the order of the bars, with their colours
    "requests": (Text(en="at work on requests and projects", zh="办件（含项目）"), "#4949b4"),
    "free": (Text(en="on duty, nothing in hand", zh="在岗待件"), "#cfd3e6"),
    "study": (Text(en="study", zh="学习"), "#1fb1cd"),
    "duties": (Text(en="standing duties", zh="日常职责"), "#7b9a00"),
    "visits": (Text(en="visits to petition households", zh="走访结对户"), "#713500"),
    "vacant": (Text(en="vacant posts", zh="空岗"), "#fc9b9f"),
}
_DARK = ("requests", "visits")
_LEAST_LABEL = 0.045  # a narrower part has no label
_ROW = 0.24  # inches of a bar


class Part(NamedTuple):
    """One use of a bar: its share of all hours, 0 to 1, with its 95 % interval over the replications."""

    share: float
    low: float
    high: float


def by_rule(results: Results) -> Html | None:
    """Show the bureau's time under the baseline and each rule that changes service."""
    moving = [name for name in results.alternatives if "service" in results.touched(name)]
    bars = {name: shares(results, name) for name in (results.baseline, *moving)}
    return _shown(results, {results.policy(name): bar for name, bar in bars.items() if bar})


def by_type_of_unit(results: Results) -> Html | None:
    """Show the time of each type of unit under the baseline."""
    scenario, bars = results.study.scenario, {}
    for name, kind in scenario.unit_types.items():
        units = frozenset(unit for unit, one in scenario.units.items() if one.type == name)
        if bar := shares(results, results.baseline, units):
            bars[pick(kind.title, results.lang)] = bar
    return _shown(results, bars)


def shares(results: Results, policy: str, units: frozenset[str] | None = None) -> dict[str, Part]:
    """Return the share of each use in all hours of some units, or of all, with its interval.

    A use that nobody has is left out; without hours on duty there is nothing.
    """
    from sim.evaluate import mean_interval

    hours = _hours(results, policy, units)
    if hours.empty or not (hours.sum(axis=1) > 0).all():
        return {}
    each = hours.div(hours.sum(axis=1), axis=0)
    found = {}
    for use in USES:
        if each[use].gt(0).any():
            one = mean_interval(each[use].to_numpy())
            found[use] = Part(one.estimate, one.low, one.high)
    return found


def _hours(results: Results, policy: str, units: frozenset[str] | None) -> pd.DataFrame:
    """Return the hours of each use by replication, summed over its years."""
    import pandas as pd

    rows = results.outcomes
    rows = rows[(rows["policy"] == policy) & (rows["month"] == 0)]
    whole = rows[rows["unit"] == ""]
    of_units = rows[rows["unit"] != ""] if units is None else rows[rows["unit"].isin(units)]
    people, own = of_units[of_units["person"] != ""], of_units[of_units["person"] == ""]
    busy, on_duty = _summed(people, "busy_hours"), _summed(people, "on_duty_hours")
    leading = set(results.leading_units)
    visits = _summed(whole, "visit_hours") if units is None or leading and leading <= units else None
    hours = pd.DataFrame(
        {
            "requests": busy,
            "free": (on_duty - busy).clip(lower=0),
            "study": _summed(own, "study_hours"),
            "duties": _summed(own, "duty_hours"),
            "visits": visits,
            "vacant": _summed(own, "vacant_hours"),
        },
        index=on_duty.index,
        columns=list(USES),
    )
    return hours.fillna(0.0).astype(float)


def _summed(rows: pd.DataFrame, outcome: str) -> pd.Series:
    return rows[rows["outcome"] == outcome].groupby("replication")["value"].sum()


def _shown(results: Results, bars: Mapping[str, Mapping[str, Part]]) -> Html | None:
    if not bars:
        return None
    busiest = max(bars, key=lambda name: bars[name]["requests"].share if "requests" in bars[name] else 0.0)
    most = bars[busiest]["requests"].share if "requests" in bars[busiest] else 0.0
    return page.figure(
        draw(results, bars),
        caption=results.text(
            "On what staff time is spent: shares of all hours of the posts, with the half-width of the 95% "
            "interval (percentage points) where a part has room for it. Leave is not counted.",
            "人员工作时间的用途：占全部岗位工时的比例及95%区间的半宽（百分点，过窄的部分不标注），不含休假。",
        ),
        alt=results.text(
            f"The largest share at work on requests has {busiest}: {100 * most:.0f}%.",
            f"办件时间占比最高的是{busiest}：{100 * most:.0f}%。",
        ),
    )


def draw(results: Results, bars: Mapping[str, Mapping[str, Part]]) -> Figure:
    """Draw a bar for each row, stacked by use."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(WIDTH, height_of(len(bars), _ROW, 1.0)))
    handles: dict[str, Artist] = {}
    for place, bar in enumerate(bars.values()):
        left = 0.0
        for use, part in bar.items():
            size = 100 * part.share
            drawn = axis.barh(place, size, left=left, height=0.76, color=USES[use][1])
            handles.setdefault(use, drawn[0])
            if part.share >= _LEAST_LABEL:
                ink = "white" if use in _DARK else "black"
                axis.text(
                    left + size / 2, place, _label(part), ha="center", va="center", fontsize=7, color=ink
                )
            left += size
    axis.set_yticks(range(len(bars)), told_apart(bars))
    axis.set_ylim(len(bars) - 0.4, -0.6)
    axis.set_xlim(0, 100)
    axis.grid(visible=False)
    axis.set_xlabel(results.text("% of all hours", "占全部工时的百分比"))
    ordered = {use: handles[use] for use in USES if use in handles}
    legend(figure, ordered, [pick(USES[use][0], results.lang) for use in ordered])
    return figure


def _label(part: Part) -> str:
    """Return a share with the half-width of its interval: ``64.3 ±0.4``; alone where it has no width."""
    half, told = 50 * (part.high - part.low), number(100 * part.share, se=1.0)
    if not half > 0 or part.share < 2 * _LEAST_LABEL:
        return told
    return f"{told} ±{number(half, se=1.0)}" if half >= 0.05 else f"{told} ±<0.1"
