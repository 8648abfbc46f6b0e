"""Draw the route of a kind of matter as a map: its steps from the top down, and the ways between them.

A way is as thick as it is frequent and as red as one waits at its end. Both figures stand beside the step to
which it leads, so that nothing is overprinted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.evaluate.accuracy import first_highest
from sim.report import page
from sim.report.figures import WIDTH
from sim.report.labels import told_apart
from sim.report.markup import Html
from sim.report.office import Office
from sim.report.office_words import step_title
from sim.report.words import exact, interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST = 0.01  # ways of fewer requests are left out
_LINE, _GAP = 0.15, 0.13  # inches of a line of text, and between two steps
_BOXES, _LANES, _TEXT = 0.42, 0.64, 0.66  # of the width: where boxes and lanes end, where the text begins
_NAME = 44  # columns of a step's name
_DAY_MINUTES = 1440


def route_map(office: Office, kind: str = "") -> Html | None:
    """Show the map of a kind's route, of the most frequent kind by default; None where none was finished."""
    results = office.results
    if not kind:
        finished = results.means("kind", "finished", results.baseline)["mean"].dropna()
        kind = str(first_highest(finished)) if len(finished) else ""
    arcs = arcs_of(office, kind)
    if arcs.empty:
        return None
    longest = arcs.loc[first_highest(arcs["wait"])]
    title = results.kind(kind)
    where = step_title(results, kind, longest["step"])
    return page.figure(
        draw(office, kind),
        caption=results.text(
            f"{title}: the ways between its steps. A line is as thick as the way is frequent, and as red as "
            "one waits at its end for somebody who works on it. Ways of under "
            f"{100 * LEAST:.0f}% of the requests are left out.",
            f"{title}办理流程图：线越粗，经过的件越多；颜色越红，到达后等候办理的时间越长。"
            f"不足{100 * LEAST:.0f}%的流向未列出。",
        ),
        alt=results.text(f"The longest wait is before: {where}.", f"等候最长的环节：{where}。"),
    )


def arcs_of(office: Office, kind: str) -> pd.DataFrame:
    """Return the ways of a kind that are frequent enough, between steps of its flow."""
    arcs = office.arcs
    return arcs[(arcs["kind"] == kind) & (arcs["share"] >= LEAST)]


def draw(office: Office, kind: str) -> Figure:
    """Draw the map; times are in days, or in minutes where all matters are done within half a day."""
    import matplotlib.pyplot as plt

    from sim.report.office_figures import in_minutes

    results, arcs = office.results, arcs_of(office, kind)
    flow = office.flow
    names = list(flow[flow["kind"] == kind]["step"])
    into = {step: arcs[arcs["step"] == step].sort_values("share", ascending=False) for step in names}
    heights = [max(1, len(into[step])) * _LINE + _GAP for step in names]
    whole = sum(heights) + 2.5 * _LINE
    figure, axis = plt.subplots(figsize=(WIDTH, whole))
    axis.set(xlim=(0, 1), ylim=(whole, 0))
    axis.axis("off")
    factor, unit = (_DAY_MINUTES, ("min", "分钟")) if in_minutes(office) else (1, ("days", "天"))
    head = results.text(
        f"came from: % of requests, wait in {unit[0]} [95%]", f"来自：占来件的%，等候{unit[1]}数[95%区间]"
    )
    axis.text(_TEXT, 0.8 * _LINE, head, fontsize=7, color="#555555", va="center")
    middles, top = {}, 1.8 * _LINE
    titles = told_apart([step_title(results, kind, step) for step in names], _NAME)
    for place, (step, title, height) in enumerate(zip(names, titles, heights, strict=True), start=1):
        middles[step] = top + height / 2
        axis.text(
            _BOXES, middles[step], f"{place}. {title}", fontsize=7.5, ha="right", va="center",
            bbox={"boxstyle": "round,pad=0.25", "fc": "#f1f2f8", "ec": "#9a9ab0", "linewidth": 0.6},
        )  # fmt: skip
        for line, (_, arc) in enumerate(into[step].iterrows()):
            at = middles[step] + (line - (len(into[step]) - 1) / 2) * _LINE
            axis.text(_TEXT, at, _told(office, names, arc, factor), fontsize=7, va="center")
        top += height
    _ways(axis, arcs, middles)
    return figure


def _told(office: Office, names: list[str], arc: pd.Series, factor: float) -> str:
    """Return a way in words: ``2: 98%, 0.31 [0.28, 0.34]``."""
    start = office.results.text("arrival", "受理")
    origin = start if not arc["origin"] else str(names.index(arc["origin"]) + 1)
    wait = [factor * arc[name] for name in ("wait", "low", "high")]
    told = interval(*wait) if wait[1] < wait[2] else exact(wait[0])
    return f"{origin}: {100 * arc['share']:.0f}%, {told}"


def _ways(axis: Axes, arcs: pd.DataFrame, middles: dict[str, float]) -> None:
    """Draw each way as a bracket beside the boxes, in a lane of its own where others pass."""
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    red = LinearSegmentedColormap.from_list("wait", ["#b9bdd0", "#d24f50", "#8c1f1f"])
    most = float(arcs["wait"].max()) or 1.0
    between = arcs[(arcs["origin"] != "") & (arcs["origin"] != arcs["step"])]
    if between.empty:
        return
    spans = between.assign(start=between["origin"].map(middles), end=between["step"].map(middles)).dropna(
        subset=["start", "end"]
    )
    spans = spans.iloc[np.argsort((spans["end"] - spans["start"]).abs().to_numpy(), kind="stable")]
    lanes: list[list[tuple[float, float]]] = []
    placed = []
    for _, arc in spans.iterrows():
        low, high = sorted((arc["start"], arc["end"]))
        free = (lane for lane, taken in enumerate(lanes) if all(high <= a or low >= b for a, b in taken))
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((low, high))
        placed.append((arc, lane))
    step = (_LANES - _BOXES - 0.03) / max(1, len(lanes))
    for arc, lane in placed:
        x = _BOXES + 0.03 + (lane + 0.5) * step
        look: dict[str, Any] = {
            "color": red(min(1.0, arc["wait"] / most)), "linewidth": 0.7 + 2.6 * min(1.0, arc["share"])
        }  # fmt: skip
        down = 1 if arc["end"] > arc["start"] else -1
        off = 0.03 * down  # one leaves under the middle of a box and comes in over it
        axis.plot(
            [_BOXES + 0.012, x, x], [arc["start"] + off, arc["start"] + off, arc["end"] - off],
            solid_joinstyle="round", **look,
        )  # fmt: skip
        axis.annotate(
            "", xy=(_BOXES + 0.012, arc["end"] - off), xytext=(x, arc["end"] - off),
            arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 7, **look},
        )  # fmt: skip
