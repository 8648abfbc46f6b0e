"""Draw the figures of a report: each function takes `Results` and returns a matplotlib figure.

Call `style.use_house_style` first. The baseline is dark grey wherever policies have colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sim.report import behaviours
from sim.report.labels import legend, plain_numbers, told_apart, wrapped
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.style import MARKERS, PALETTE, colour_of, marker_of
from sim.scenario.part import given

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.report.findings import Choice

WIDTH = 6.6  # inches: the text of an A4 page is 6.85 wide
_LINE, _CLOSE_LINE, _THIN_LINE = 0.21, 0.14, 0.13  # inches a row of names takes
_HALF_PAGE, _PAGE = 4.6, 8.7  # inches of a figure, with room for its caption
_LEAST_PANEL = 0.3  # inches of a panel, however few rows it has
_LOSS, _SMALL_LOSS, _SAME, _SMALL_GAIN, _GAIN = "#8c3b12", "#e0a37f", "#e8e8e8", "#8fb8de", "#1f5a94"
_GREY = "#777777"
JUMP = 3.0  # per cent of pay, from one hundredth of a point to the next
_DOTS, _LINE_ONLY = {"marker": "o", "markersize": 3, "linestyle": "none"}, {"linewidth": 1.3}
_DAYS = {"mon": ("Mondays", "周一"), "tue-fri": ("other days", "其他工作日")}


def differences(results: Results, outcomes: Sequence[str], columns: int = 3) -> Figure:
    """Draw differences of all alternatives from the baseline with 95 % intervals, a panel per outcome.

    Where the study has several behaviours, each has its marker on a policy's row.
    """
    names, sides = results.alternatives, results.sides
    rows = -(-len(outcomes) // columns)
    row_height = _THIN_LINE if len(sides) == 1 else 0.17
    titles = [wrapped(results.outcome(outcome), 25) for outcome in outcomes]
    figure, axes = panels(
        rows, columns, len(outcomes), rows * (max(len(names) * row_height, _LEAST_PANEL) + _around(titles))
    )
    for number, side in enumerate(sides):
        found = dict(side.differences().set_index(["outcome", "policy"]).iterrows())
        shift = 0.0 if len(sides) == 1 else (number - (len(sides) - 1) / 2) * 0.38
        look: dict[str, Any] = {
            "color": PALETTE[1 + number],
            "marker": MARKERS[number],
            "markersize": 5 if len(sides) == 1 else 4,
        }
        for axis, outcome in zip(axes, outcomes, strict=True):
            scale = outcome_of(outcome).scale
            for place, name in enumerate(names):
                if (outcome, name) not in found:
                    continue
                row = found[outcome, name]
                size = [
                    [(row["difference"] - row["low"]) * scale],
                    [(row["high"] - row["difference"]) * scale],
                ]
                drawn = look | ({"color": _GREY, "mfc": "white"} if row["exact_zero"] else {})
                whisker = None if row["exact_zero"] else size
                axis.errorbar(row["difference"] * scale, place + shift, xerr=whisker, **drawn)
    for axis, outcome, title in zip(axes, outcomes, titles, strict=True):
        axis.axvline(0, color=PALETTE[0], linewidth=0.9)
        axis.set_title(title, fontsize=8.5)
        axis.set_xlabel(results.measure(outcome, difference=True).replace("1", "", 1) or " ")
        axis.margins(x=0.12)
        few_ticks(axis)
    name_rows(axes, columns, [results.policy(name) for name in names])
    if len(sides) > 1:
        from matplotlib.lines import Line2D

        handles = {
            side.behaviour: Line2D(
                [], [], color=PALETTE[1 + number], marker=MARKERS[number], linestyle="none"
            )
            for number, side in enumerate(sides)
        }
        legend(figure, handles, [behaviours.title(side) for side in sides])
    return figure


def choice(results: Results, found: Choice) -> Figure:
    """Draw each rule's advantage over the best of the others with Hsu's interval, better to the right."""
    import numpy as np

    one = outcome_of(found.outcome)
    way, scale, names = (1 if one.better == "higher" else -1), one.scale, list(found.table.index)
    means = way * found.table["mean"].to_numpy()
    figure, axis = _figure(height_of(len(names), _LINE, 0.9))
    axis.axvspan(-found.margin * scale, 0, color="#e8e8e8", zorder=0)
    axis.axvline(0, color=PALETTE[0], linewidth=0.9)
    for place, name in enumerate(names):
        row = found.table.loc[name]
        middle = means[place] - np.delete(means, place).max()
        ends = np.array([[middle - row["best_low"]], [row["best_high"] - middle]])
        look: dict[str, Any] = {} if row["may_be_best"] else {"color": _GREY, "mfc": "white"}
        bars = np.maximum(ends, 0) * scale
        axis.errorbar(middle * scale, place, xerr=bars, **{"color": PALETTE[1], "marker": "o"} | look)
    axis.set_yticks(range(len(names)), told_apart(results.policy(name) for name in names))
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xlabel(results.measure(found.outcome, difference=True).replace("1", "", 1) or " ")
    return figure


def _around(titles: Sequence[str]) -> float:
    """Return the inches above and below a panel for its ticks, unit and the longest title."""
    return 0.6 + 0.15 * max(title.count("\n") + 1 for title in titles)


def gains(results: Results) -> Figure:
    """Draw who gains and who loses pay: people by relative change, a bar for each policy."""
    import numpy as np

    names = results.with_pay_changed()
    labels = _bin_labels(results)
    figure, axis = _figure(height_of(len(names), 0.18, 0.75))
    for place, name in enumerate(names):
        shares = results.winners(name)["share"] * 100
        left = 0.0
        colours = (_LOSS, _SMALL_LOSS, _SAME, _SMALL_GAIN, _GAIN)
        for share, label, colour in zip(shares, labels, colours, strict=True):
            width = share if share > 1e-9 else np.nan  # a bar of nobody would leave a hairline
            axis.barh(place, width, left=left, color=colour, height=0.72, label=label if place == 0 else None)
            if share >= 6:
                ink = "white" if colour in (_LOSS, _GAIN) else "black"
                text = f"{share:.0f}%"
                axis.text(left + share / 2, place, text, ha="center", va="center", fontsize=7.5, color=ink)
            left += share
    axis.set_yticks(range(len(names)), told_apart(results.policy(name) for name in names))
    axis.invert_yaxis()
    axis.set_xlim(0, 100)
    axis.grid(visible=False)
    axis.set_xlabel(results.text("% of the people", "占人员的百分比"))
    figure.legend(loc="outside upper center", ncols=5, handlelength=1, columnspacing=1.2)
    return figure


def _bin_labels(results: Results) -> list[str]:
    if results.lang == "zh":
        return ["减少5%以上", "减少5%以内", "不变", "增加5%以内", "增加5%以上"]
    return ["loss over 5%", "loss to 5%", "no change", "gain to 5%", "gain over 5%"]


def scores(results: Results) -> Figure:
    """Scores of the units under the baseline: mean with 95 % interval, least and greatest simulated year."""
    import numpy as np

    from sim.evaluate.accuracy import levels

    assessment = given(results.study.scenario.assessment)
    table = results.means("unit", "score", results.baseline)
    table = table.iloc[np.argsort(-levels(table["mean"]), kind="stable")]
    figure, axis = _figure(height_of(len(table), _LINE, 0.9))
    for place, (_, row) in enumerate(table.iterrows()):
        axis.hlines(place, row["least"], row["greatest"], color="#b9b9c4", linewidth=4)
        error = [[row["mean"] - row["low"]], [row["high"] - row["mean"]]]
        axis.errorbar(row["mean"], place, xerr=error, color=PALETTE[1], marker="o", markersize=4)
    for limit, style in ((assessment.advanced_threshold, "--"), (assessment.promotion_threshold, ":")):
        axis.axvline(limit, color=PALETTE[2], linestyle=style, linewidth=1.2)
        axis.annotate(
            f"{limit:g}", (limit, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom",
            fontsize=8, color=PALETTE[2],
        )  # fmt: skip
    axis.set_yticks(range(len(table)), told_apart(results.unit(name) for name in table.index))
    axis.invert_yaxis()
    axis.set_ylim(len(table) - 0.4, -0.6)
    axis.set_xlabel(results.heading("score"))
    return figure


def months(results: Results, policies: Sequence[str]) -> Figure:
    """Draw what comes to the bureau, its backlog and processing time by month: means over the replications,
    the baseline's with its 95 % interval."""
    import pandas as pd

    from sim.evaluate.estimate import half_widths

    wanted, base = ("arrivals", "open_at_end", "mean_processing_days"), [results.baseline]
    outcomes = [name for name in wanted if results.has(name, "month", under=base)]
    colours, markers = colour_of(results.policies), marker_of(results.policies)
    figure, axes = panels(1, len(outcomes), len(outcomes), 2.9)
    handles: dict[str, Artist] = {}
    for axis, outcome in zip(axes, outcomes, strict=True):
        rows = results.level("month", outcome)
        for name in policies:
            mine = rows[rows["policy"] == name].groupby("month")["value"].mean()
            mine.index = [results.study.scenario.horizon.place_of(month) for month in mine.index]
            mine = mine.sort_index()
            look: dict[str, Any] = {"color": colours[name], "marker": markers[name], "markersize": 4}
            (handles[name],) = axis.plot(mine.index, mine, **look)
            if name == results.baseline and results.replications > 1:
                own = rows[rows["policy"] == name].groupby("month")["value"]
                ends = own.agg(["mean", "std", "count"]).dropna()
                half = half_widths(ends["std"].to_numpy(), ends["count"].to_numpy(), 0.95)
                at = [results.study.scenario.horizon.place_of(month) for month in ends.index]
                band = pd.DataFrame({"low": ends["mean"] - half, "high": ends["mean"] + half})
                band = band.set_axis(at).sort_index()
                axis.fill_between(band.index, band["low"], band["high"], color=colours[name], alpha=0.15)
        axis.set_xticks(range(12), results.month_ticks, fontsize=7)
        axis.set_xlabel(results.text("month", "月份"))
        axis.set_title(wrapped(results.heading(outcome), 28), fontsize=8.5)
        axis.set_ylim(bottom=0)
    legend(figure, handles, [results.policy(name) for name in handles])
    return figure


def draw_schedule(axis: Axes, score: np.ndarray, share: np.ndarray, *, color: str, **look: Any) -> Artist:
    """Draw the share that each score pays, in per cent, and return the line.

    Where it jumps by more than `JUMP` from one score to the next the line is broken, with an open and a full
    mark at its ends.
    """
    import numpy as np

    paid = 100 * share
    jumps = np.abs(np.diff(paid)) > JUMP
    (line,) = axis.plot(score, np.where(np.append(jumps, False), np.nan, paid), color=color, **look)
    for left in np.flatnonzero(jumps):
        axis.plot(score[left + 1], paid[left], "o", mfc="white", mec=color, markersize=4)
        axis.plot(score[left + 1], paid[left + 1], "o", color=color, markersize=4)
    return line


def schedules(results: Results) -> Figure:
    """Draw pay by score under each pay rule, jumps left open; policies with the same rule share a line."""
    import numpy as np

    from sim.rules.pay import bonus_share, pay_share

    rules: dict[str, list[str]] = {}
    pay_of = {}
    for name in results.policies:
        pay = results.rules(name).pay
        if pay is None:  # a policy may do without
            continue
        rules.setdefault(pay.model_dump_json(), []).append(name)
        pay_of[pay.model_dump_json()] = pay
    colours = colour_of(results.policies)
    usual = results.level("unit", "score").query("policy == @results.baseline")["value"]
    lowest = min(80.0, float(usual.min()) // 5 * 5) if usual.notna().any() else 0.0
    at = np.round(np.arange(lowest, 100.001, 0.01), 2)
    figure, axes = panels(1, 2, 2, 3.2)
    handles: dict[str, Artist] = {}
    titles = ("pay_share", "bonus_share")
    styles = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (7, 2)))
    for axis, outcome, paid in zip(axes, titles, (pay_share, bonus_share), strict=True):
        for place, (rule, names) in enumerate(rules.items()):
            look: dict[str, Any] = {"color": colours[names[0]], "linestyle": styles[place % len(styles)]}
            handles[names[0]] = draw_schedule(axis, at, paid(at, pay_of[rule]), **look)
        axis.set_xlabel(results.heading("score"))
        axis.set_title(wrapped(results.heading(outcome), 44))
    legend(figure, handles, [results.policy(name) for name in handles])
    return figure


def unit_pay(results: Results) -> Figure | None:
    """Draw pay of the bound units against the baseline, a panel for each policy that changes it."""
    names = results.with_pay_changed()
    units = [unit for unit in results.bound_units if unit in set(results.level("unit", "pay")["unit"])]
    if not names or not units:
        return None
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    titles = [wrapped(results.policy(name), 26) for name in names]
    height = rows * (max(len(units) * 0.17, _LEAST_PANEL) + _around(titles))
    figure, axes = panels(rows, columns, len(names), height, share_x=True)
    rows_of_pay = results.differences("unit", ("pay",)).set_index(["policy", "unit"])
    found = dict(rows_of_pay.iterrows())
    for axis, name, title in zip(axes, names, titles, strict=True):
        for place, unit in enumerate(units):
            if (name, unit) not in found:
                continue
            row = found[name, unit]
            error = (
                None
                if row["exact_zero"]
                else [[row["difference"] - row["low"]], [row["high"] - row["difference"]]]
            )
            colour = _GREY if row["exact_zero"] else _GAIN if row["difference"] > 0 else _LOSS
            fill = "white" if row["exact_zero"] else colour
            axis.errorbar(
                row["difference"], place, xerr=error, color=colour, marker="o", mfc=fill, markersize=3.5
            )
        axis.axvline(0, color=PALETTE[0], linewidth=0.9)
        axis.set_title(title, fontsize=8.5)
        few_ticks(axis)
    for axis in axes[-columns:]:
        axis.set_xlabel(results.measure("pay"))
    name_rows(axes, columns, [results.unit(unit) for unit in units], size=7)
    return figure


def luck(results: Results) -> Figure:
    """Draw how often each unit was among the bottom under the baseline, with 95 % intervals."""
    table = results.bottom_shares().query("share > 0")
    figure, axis = _figure(height_of(len(table), _CLOSE_LINE, 0.6))
    share = table["share"] * 100
    error = [share - table["low"] * 100, table["high"] * 100 - share]
    axis.barh(range(len(table)), share, color="#b6c6e3", height=0.7)
    axis.errorbar(
        share, range(len(table)), xerr=error, color=PALETTE[1], linestyle="none", marker="o", markersize=4
    )
    names = told_apart(results.unit(name) for name in table.index)
    axis.set_yticks(range(len(table)), names, fontsize=7.5)
    axis.set_ylim(len(table) - 0.4, -0.6)
    axis.set_xlim(0, 100)
    axis.set_xlabel(results.text("% of the simulated years", "占模拟年数的百分比"))
    return figure


def queues(results: Results) -> Figure:
    """Draw simulated and observed mean queue by hour, a panel for each unit; dots are observed."""
    table = given(results.misfit)
    units = list(table["unit"].unique())
    columns = 5
    rows = -(-len(units) // columns)
    figure, axes = panels(rows, columns, len(units), rows * 1.45 + 0.5, share_x=True)
    kinds = list(table["days"].unique())
    handles: dict[str, Artist] = {}
    for axis, unit in zip(axes, units, strict=True):
        for place, days in enumerate(kinds):
            mine = table[(table["unit"] == unit) & (table["days"] == days)].sort_values("hour")
            colour = PALETTE[(1, 2, 3)[place % 3]]
            first = axis is axes[0]
            name = results.text(*_DAYS.get(days, (days, days)))
            for column, zh, look in (("observed", "实测", _DOTS), ("simulated", "模拟", _LINE_ONLY)):
                (line,) = axis.plot(mine["hour"], mine[column], color=colour, **look)
                if first:
                    handles[results.text(f"{name}, {column}", f"{name}，{zh}")] = line
        axis.set_title(wrapped(results.unit(unit), 22, lines=2), fontsize=8)
        axis.set_ylim(bottom=0)
        axis.tick_params(labelsize=7)
    for axis in axes[-columns:]:
        axis.set_xlabel(results.text("hour", "时"), fontsize=8)
    legend(figure, handles, list(handles))
    return figure


def height_of(rows: int, line: float, more: float) -> float:
    """Return the inches of a figure: `rows` of `line`, and `more` for the rest.

    Half a page where that holds the rows, set closer, and else a page: what is taller than half a page may
    leave the page before it half empty.
    """
    close = max(_THIN_LINE, min(line, (_HALF_PAGE - more) / max(1, rows)))
    return min(rows * close + more, _PAGE)


def _figure(height: float) -> tuple[Figure, Axes]:
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(WIDTH, height))


def panels(
    rows: int, columns: int, count: int, height: float, share_x: bool = False, share_y: bool = False
) -> tuple[Figure, list[Axes]]:
    """Create a grid of `count` panels, filled row by row."""
    import matplotlib.pyplot as plt

    share: Literal["row", False] = "row" if share_y else False
    figure, grid = plt.subplots(
        rows, columns, figsize=(WIDTH, height), squeeze=False, sharex=share_x, sharey=share
    )
    axes = list(grid.flat)
    for unused in axes[count:]:
        unused.set_visible(False)
    for place in range(count, rows * columns):  # the panel above an empty place needs its own numbers
        axes[place - columns].tick_params(labelbottom=True)
    return figure, axes[:count]


def name_rows(axes: list[Axes], columns: int, names: list[str], size: float = 8) -> None:
    """Label the rows beside the first panel of each row of panels."""
    for place, axis in enumerate(axes):
        axis.set_yticks(
            range(len(names)), told_apart(names) if place % columns == 0 else [""] * len(names), fontsize=size
        )
        axis.set_ylim(len(names) - 0.5, -0.5)


def few_ticks(axis: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(nbins=3, min_n_ticks=2))
    plain_numbers(axis.xaxis)
