"""Draw the figures of a study's evaluation: each function takes `Evaluated` and returns a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.evaluated import Evaluated
from sim.report.figures import WIDTH, panels
from sim.report.labels import legend, told_apart, wrapped
from sim.report.style import MARKERS, PALETTE
from sim.scenario.part import given

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 0.15  # inches a row of names takes
_FEWEST_ROWS = 4  # a panel is as high as for these: axis and legend would leave fewer no room
_GREY, _PALE = "#777777", "#c9c9d2"
_BINS = ("#8c3b12", "#e0a37f", "#e8e8e8", "#8fb8de", "#1f5a94")
_REMEDIES = {
    "as_is": ("one year, as it is", "单年得分，不作处理"),
    "mean_of_years": ("mean of 2, 3, 5 years", "2、3、5年平均"),
    "gate": ("only if surely below", "确证低于才处理"),
    "own_line": ("a line for each unit", "按单位分设门槛"),
    "shrunk": ("score drawn to the mean", "向均值收缩的得分"),
}


def _rows(count: int, more: float = 0.85) -> tuple[Figure, Axes]:
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(WIDTH, max(count, _FEWEST_ROWS) * _ROW + more))


def _named(axis: Axes, e: Evaluated, units: pd.Series) -> None:
    axis.set_yticks(range(len(units)), told_apart(e.results.unit(name) for name in units), fontsize=7.5)
    axis.set_ylim(len(units) - 0.4, -0.6)


def reliability(e: Evaluated) -> Figure:
    """Draw each unit's true on-time rate and the spread of its years: expected of cases alone, and real."""
    import numpy as np

    from sim.evaluate.noise import spread_limits

    table = given(e.rate).sort_values("true", ascending=False, kind="stable").reset_index(drop=True)
    figure, axis = _rows(len(table))
    place = np.arange(len(table))
    alone = np.sqrt(table["true"] * (1 - table["true"]) / table["cases"])
    ends = {
        name: [100 * np.asarray(end) for end in spread_limits(table["true"], sd)]
        for name, sd in (("queue", table["luck_sd"]), ("cases", alone))
    }
    handles: dict[str, Any] = {
        name: axis.barh(place, ends[name][1] - ends[name][0], left=ends[name][0], color=colour, height=height)
        for name, colour, height in (("queue", _PALE, 0.62), ("cases", PALETTE[3], 0.3))
    }
    (handles["true"],) = axis.plot(
        100 * table["true"], place, color=PALETTE[0], marker="o", markersize=3.5, linestyle="none"
    )
    for line in sorted(set(table["line"])):
        handles["line"] = axis.axvline(100 * line, color=PALETTE[2], linestyle="--", linewidth=1.2)
    _named(axis, e, table["unit"])
    axis.set_xlabel(e.results.heading("on_time_rate"))
    text = e.results.text
    legend(
        figure,
        handles,
        [
            text("95% of years", "95%的年份"),
            text("… if cases were independent", "……假如各件相互独立"),
            text("true rate", "真实水平"),
            text("line", "门槛"),
        ],
    )
    return figure


def funnel(e: Evaluated) -> Figure:
    """Draw the years of each unit by its cases, within limits with and without the queue."""
    import numpy as np

    from sim.evaluate.noise import funnel_limits
    from sim.evaluate.panel import panel

    table = given(e.rate).set_index("unit")
    target = float(table["line"].mode().iloc[0])
    table = table[table["line"] == target]
    found = panel(e.of_units, e.results.baseline, ["on_time_rate", "due_cases"])
    own = [place for place, unit in enumerate(found.units) if unit in table.index]
    rates, cases = (found[name][:, :, own].ravel() for name in ("on_time_rate", "due_cases"))
    known = np.isfinite(rates) & (cases > 0)
    effect = float(np.nanmedian(table["design_effect"]))
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullLocator

    figure, axis = plt.subplots(figsize=(WIDTH, 3.0))
    at = np.geomspace(max(cases[known].min() * 0.8, 5), cases[known].max() * 1.2, 160)
    handles: dict[str, Any] = {}
    (handles["years"],) = axis.plot(
        cases[known],
        100 * rates[known],
        color=_GREY,
        marker="o",
        markersize=3,
        linestyle="none",
        alpha=0.7,
        zorder=3,
        clip_on=False,  # a year without a late case lies at the upper edge
    )
    for name, factor, colour, style in (
        ("cases", 1.0, PALETTE[3], "--"),
        ("queue", max(effect, 1.0), PALETTE[1], "-"),
    ):
        low, high = funnel_limits(target, at, design_effect=factor)
        (handles[name],) = axis.plot(at, 100 * low, color=colour, linestyle=style)
        axis.plot(at, 100 * high, color=colour, linestyle=style)
    axis.axhline(100 * target, color=PALETTE[2], linewidth=1)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.xaxis.set_minor_locator(NullLocator())  # its labels would be formulas
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    usual = funnel_limits(target, np.median(cases[known]), design_effect=max(effect, 1.0))[0]
    lowest = 100 * min(rates[known].min(), float(usual))  # the limits of few cases lie far below
    axis.set_ylim(max(axis.get_ylim()[0], lowest - 4), 100.6)
    axis.set_xlabel(e.results.text("cases falling due in the year (log scale)", "全年到期件数（对数刻度）"))
    axis.set_ylabel(e.results.heading("on_time_rate"))
    legend(
        figure,
        handles,
        [
            e.results.text("a unit's year", "一个单位的一年"),
            e.results.text("95% limits, cases independent", "95%界限（各件独立）"),
            e.results.text(f"95% limits, design effect {effect:.0f}", f"95%界限（设计效应{effect:.0f}）"),
        ],
    )
    return figure


def ranks(e: Evaluated) -> Figure:
    """Draw the ranks that each unit may have: by all replications, and by one year."""
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    table = given(e.bottom)
    figure, axis = _rows(len(table))
    place = np.arange(len(table))
    year = table["worst_in_a_year"] - table["best_in_a_year"]
    handles: dict[str, Any] = {
        "year": axis.barh(place, year, left=table["best_in_a_year"], color=_PALE, height=0.62)
    }
    handles["all"] = axis.barh(
        place, table["worst"] - table["best"], left=table["best"], color=PALETTE[3], height=0.3
    )
    (handles["rank"],) = axis.plot(
        table["rank"], place, color=PALETTE[0], marker="o", markersize=3.5, linestyle="none"
    )
    axis.axvline(len(table) - e.count + 0.5, color=PALETTE[2], linestyle="--", linewidth=1.2)
    axis.set_xlim(0.7, len(table) + 0.3)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    _named(axis, e, table["unit"])
    axis.set_xlabel(e.results.text("rank (1 = highest score)", "名次（1为最高分）"))
    legend(
        figure,
        handles,
        [
            e.results.text("one year allows", "一年数据可能的名次"),
            e.results.text("all replications allow", "全部模拟可能的名次"),
            e.results.text("rank of the mean", "均值名次"),
        ],
    )
    return figure


def bottom(e: Evaluated) -> Figure:
    """Draw each unit's chance of a place at the bottom: simulated, and by on-time cases alone."""
    import numpy as np

    table = given(e.bottom)[["unit", "named", "low", "high"]]
    if e.chances is not None:
        table = table.merge(e.chances, on="unit", how="left")
    columns = [name for name in ("named", "independent", "queue") if name in table.columns]
    table = table[(table[columns].max(axis=1) > 0.005)].reset_index(drop=True)
    figure, axis = _rows(len(table))
    place = np.arange(len(table))
    error = 100 * np.array([table["named"] - table["low"], table["high"] - table["named"]])
    handles: dict[str, Any] = {
        "named": axis.errorbar(
            100 * table["named"],
            place,
            xerr=error,
            color=PALETTE[0],
            marker="o",
            markersize=4,
            linestyle="none",
        )
    }
    names = [e.results.text("simulated, by score", "模拟（按得分）")]
    for name, marker, colour, en, zh in (
        ("independent", "s", PALETTE[3], "by on-time cases, independent", "按时件推算（各件独立）"),
        ("queue", "^", PALETTE[2], "by on-time cases in a queue", "按时件推算（计入排队）"),
    ):
        if name in columns:
            (handles[name],) = axis.plot(
                100 * table[name], place, color=colour, marker=marker, mfc="white", linestyle="none"
            )
            names.append(e.results.text(en, zh))
    _named(axis, e, table["unit"])
    axis.set_xlim(-2, 102)
    axis.set_xlabel(e.results.text("chance of a place at the bottom (%)", "列入末位的概率（%）"))
    legend(figure, handles, names)
    return figure


def handicap(e: Evaluated) -> Figure:
    """Draw the load that an office of each size may have, and the loads of the units."""
    import matplotlib.pyplot as plt
    import numpy as np

    from sim.evaluate.fairness import highest_load

    table = given(e.loads)
    figure, axis = plt.subplots(figsize=(WIDTH, 3.2))
    size = np.arange(1, max(int(table["people"].max()), 15) + 1)
    handles: dict[str, Any] = {}
    (handles["allowed"],) = axis.plot(size, 100 * highest_load(size), color=PALETTE[1])
    (handles["units"],) = axis.plot(
        table["people"], 100 * table["load"], color=PALETTE[2], marker="o", markersize=4, linestyle="none"
    )
    axis.set_ylim(0, 103)
    axis.set_xlabel(e.results.text("people in the unit", "单位人数"))
    axis.set_ylabel(e.results.text("load (%)", "负荷（%）"))
    legend(
        figure,
        handles,
        [
            e.results.text("95% within ten service times", "95%在十倍办理时间内办结的最高负荷"),
            e.results.text("units, as simulated", "各单位（模拟）"),
        ],
    )
    return figure


def frontier(e: Evaluated) -> Figure:
    """Draw remedies by how equally they treat good units, and how many weak ones they catch."""
    import matplotlib.pyplot as plt

    table = given(e.remedies)
    figure, axis = plt.subplots(figsize=(WIDTH, 3.4))
    handles: dict[str, Any] = {}
    for place, (remedy, own) in enumerate(table.groupby("remedy", sort=False)):
        look: dict[str, Any] = {"color": PALETTE[place], "marker": MARKERS[place], "markersize": 5}
        (handles[str(remedy)],) = axis.plot(100 * own["caught"], 100 * own["unequal"], linewidth=1, **look)
    axis.set_ylim(bottom=-1)
    axis.set_xlabel(
        e.results.text(
            "units 2 points under the line: years caught (%)", "真实水平低于门槛2分的单位被识别的年份（%）"
        )
    )
    said = e.results.text(
        "units 1 point over the line: widest gap in false alarms (points)",
        "真实水平高于门槛1分的单位误判率最大差距（百分点）",
    )
    axis.set_ylabel(wrapped(said, 40))
    legend(figure, handles, [e.results.text(*_REMEDIES[name]) for name in handles])
    return figure


def gaps(e: Evaluated) -> Figure:
    """Draw the score gained and the gaming gap of each policy, with 95 % intervals."""
    table = given(e.alarm)
    table = table[(table["sign"] == "gap") & table["worse"].notna()].reset_index(drop=True)
    flagged = set(given(e.alarm).query("alarm")["policy"])
    figure, axes = panels(1, 1, 1, len(table) * 0.22 + 0.9)
    axis = axes[0]
    for place, (_, row) in enumerate(table.iterrows()):
        error = [[row["worse"] - row["low"]], [row["high"] - row["worse"]]]
        raised = row["policy"] in flagged
        colour = PALETTE[2] if raised else PALETTE[1]
        axis.errorbar(
            row["worse"], place, xerr=error, color=colour, marker="s" if raised else "o", markersize=4
        )
        axis.plot(row["score_gained"], place, color=PALETTE[0], marker="|", markersize=9, linestyle="none")
    axis.axvline(0, color=PALETTE[0], linewidth=0.9)
    names = [e.results.policy(name) for name in table["policy"]]
    axis.set_yticks(range(len(names)), told_apart(names), fontsize=8)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xlabel(e.results.text("points", "分"))
    return figure


def gains(e: Evaluated, policy: str) -> Figure:
    """Draw who gains and who loses under a policy, a panel for each grouping, in five bins."""
    from sim.evaluate.distribution import GROUPINGS
    from sim.evaluate.gains import PAY_BINS

    table = given(e.gains)
    table = table[table["policy"] == policy]
    groupings = [
        by for by in ("rank", "grade", "role", "unit") if by in GROUPINGS and (table["by"] == by).any()
    ]
    parts = [table[table["by"] == by].reset_index(drop=True) for by in groupings]
    import matplotlib.pyplot as plt

    heights = [max(len(part), 2) * 0.9 + 2.2 for part in parts]
    figure, grid = plt.subplots(
        len(parts),
        1,
        figsize=(WIDTH, sum(heights) * _ROW + 0.7),
        height_ratios=heights,
        squeeze=False,
        sharex=True,
    )
    handles: dict[str, Any] = {}
    for axis, by, part in zip(grid.flat, groupings, parts, strict=True):
        left = part["people"] * 0
        for name, colour in zip(PAY_BINS, _BINS, strict=True):
            handles[name] = axis.barh(
                range(len(part)), 100 * part[name], left=left, color=colour, height=0.72
            )
            left = left + 100 * part[name]
        axis.set_yticks(
            range(len(part)), told_apart(group_name(e, by, group) for group in part["group"]), fontsize=7.5
        )
        axis.set_ylim(len(part) - 0.4, -0.6)
        axis.set_xlim(0, 100)
        axis.grid(visible=False)
        axis.set_title(e.results.text(*GROUPING_TITLES[by]), fontsize=8.5)
    grid.flat[-1].set_xlabel(e.results.text("% of the people", "占人员的百分比"))
    texts = {
        "en": ["loss over 5%", "loss to 5%", "no change", "gain to 5%", "gain over 5%"],
        "zh": ["减少5%以上", "减少5%以内", "不变", "增加5%以内", "增加5%以上"],
    }
    legend(figure, handles, texts[e.results.lang])
    return figure


GROUPING_TITLES = {
    "unit": ("By unit", "按单位"),
    "grade": ("By grade", "按职级"),
    "role": ("By role", "按岗位"),
    "rank": ("By rank of the unit", "按单位名次"),
}
_FIFTHS = (
    ("best fifth", "前五分之一"),
    ("second fifth", "第二个五分之一"),
    ("middle fifth", "中间五分之一"),
    ("fourth fifth", "第四个五分之一"),
    ("last fifth", "后五分之一"),
)


def group_name(e: Evaluated, by: str, group: str) -> str:
    """Return what a group of people is called."""
    from sim.report.words import pick

    if by == "rank":
        return e.results.text(*_FIFTHS[int(group) - 1])
    names: dict[str, Callable[[str], str]] = {
        "unit": e.results.unit,
        "grade": lambda name: pick(e.rules.grades[name].title, e.results.lang),
        "role": lambda name: pick(e.rules.roles[name].title, e.results.lang),
    }
    return names[by](group)


def sides(e: Evaluated) -> Figure:
    """Draw the share of years under the threshold, and under one a point lower or higher."""
    import numpy as np

    table = given(e.sides)
    table = table[(table["under"] + table["joins"]) > 0]
    table = table.sort_values("under", ascending=False, kind="stable").reset_index(drop=True)
    figure, axis = _rows(max(len(table), 1))
    place = np.arange(len(table))
    stay = table["under"] - table["leaves"]
    handles: dict[str, Any] = {}
    left = 0 * stay
    for name, share, look in (
        ("stay", stay, {"color": PALETTE[2]}),
        ("leaves", table["leaves"], {"color": "#f0b3b3"}),
        (
            "joins",
            table["joins"],
            {"color": "white", "edgecolor": PALETTE[2], "hatch": "////", "linewidth": 0.6},
        ),
    ):
        handles[name] = axis.barh(place, 100 * share, left=100 * left, height=0.62, **look)
        left = left + share
    _named(axis, e, table["unit"])
    axis.set_xlim(0, 100)
    axis.set_xlabel(e.results.text("% of years", "占年份的百分比"))
    line = f"{e.line:g}"
    lower, higher = f"{e.line - 1:g}", f"{e.line + 1:g}"
    legend(
        figure,
        handles,
        [
            e.results.text(f"under {lower}", f"低于{lower}分"),
            e.results.text(
                f"{lower} to {line}: freed by a point lower", f"{lower}至{line}分：降低1分即达到门槛"
            ),
            e.results.text(
                f"{line} to {higher}: caught by a point higher", f"{line}至{higher}分：提高1分即低于门槛"
            ),
        ],
    )
    return figure
