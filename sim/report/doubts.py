"""Exhibits of a stored sensitivity run: what moves the answer, which numbers matter, what rules may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.evaluate.doubt import ACTS, NONE, Surrogate, indices, regret, screened
from sim.report import page
from sim.report.exhibits import text_table
from sim.report.figures import few_ticks, name_rows, panels
from sim.report.labels import wrapped
from sim.report.results import Results, outcome_of
from sim.report.robust import Robust
from sim.report.style import PALETTE
from sim.report.words import number, percent
from sim.study.sensitivity import GIVEN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.report.findings import Verdict
    from sim.report.markup import Html

_MOST_DRAWN = 10  # groups in the figure
_MOST_NUMBERS = 8  # that a surrogate rests on
_FEWEST_SURROGATE = 40  # points
_GOOD_SURROGATE = 0.5  # of the variance, foretold when a point is left out


def groups(results: Results, found: Verdict) -> pd.DataFrame | None:
    """Return which of the scenario's blocks move the focus rule's difference (`doubt.screened`)."""
    own = Robust.of(results)
    if own is None or found.focus not in own.found.made["policies"]:
        return None
    values = own.found.by_point(found.focus, results.behaviour, found.outcome)
    return screened(values, own.found.design)


def what_matters(results: Results, found: Verdict) -> Html | None:
    """Draw which blocks of assumed numbers move the difference of the focus rule, beside the luck left."""
    own, table = Robust.of(results), groups(results, found)
    if own is None or table is None:
        return None
    acting = [own.label(name) for name in table.loc[table["verdict"] == ACTS, "group"]]
    rule, outcome = results.quoted(found.focus), results.outcome(found.outcome)
    listed = results.text(", ", "、").join(acting[:4])
    told = (
        results.text(f"What moves it most: {listed}.", f"影响最大的是：{listed}。")
        if acting
        else results.text(
            "No block of assumed numbers moves it by more than luck.",
            "各类假定数值的影响均与偶然波动无法区分。",
        )
    )
    return page.figure(
        _drawn(own, table, found.outcome),
        caption=results.text(
            f"How far the difference that {rule} makes to the {outcome[0].lower() + outcome[1:]} moves when "
            "a block of assumed numbers is moved by its whole range (bars), and what luck alone would show "
            "(lines). Grey: not told from zero.",
            f"各类假定数值在其全部范围内变动时，{rule}对{outcome}的影响变动多少（条形）；竖线为偶然波动；"
            "灰色表示与零无法区分。",
        ),
        alt=told,
    )


def _drawn(own: Robust, table: pd.DataFrame, outcome: str) -> Figure:
    results, scale = own.results, outcome_of(outcome).scale
    top = table[table["verdict"] != NONE].head(_MOST_DRAWN)
    figure, axes = panels(1, 1, 1, 0.6 + 0.22 * max(len(top), 1))
    axis = axes[0]
    colors = [PALETTE[0] if verdict == ACTS else "0.75" for verdict in top["verdict"]]
    places = np.arange(len(top))
    axis.barh(places, top["effect"] * scale, color=colors, height=0.6)
    axis.vlines(2 * top["noise"] * scale, places - 0.4, places + 0.4, color="0.3", linewidth=1)
    name_rows(axes, 1, [wrapped(own.label(name), 28) for name in top["group"]])
    few_ticks(axis)
    axis.set_xlabel(results.measure(outcome, difference=True))
    return figure


def regrets(results: Results, found: Verdict) -> Html | None:
    """Tabulate what each rule may cost if the assumed numbers are others: regret and satisficing."""
    own = Robust.of(results)
    if own is None:
        return None
    table = regret(own.gains(found.outcome).drop(GIVEN).dropna(), found.margin)
    scale = outcome_of(found.outcome).scale
    rows = [
        (
            results.policy(str(name)),
            *(number(row[column] * scale) for column in ("gain", "most_regret", "regret_90")),
            percent(row["satisfies"]),
            percent(row["best"]),
        )
        for name, row in table.iterrows()
    ]
    unit = results.measure(found.outcome, difference=True)
    labels = (
        results.text("rule", "方案"), results.text(f"gain ({unit})", f"收益（{unit}）"),
        results.text("most regret", "最大遗憾"), results.text("regret, 90th percentile", "遗憾第90百分位"),
        results.text("no worse than the baseline", "不差于基准"),
        results.text("best or near it", "最优或接近"),
    )  # fmt: skip
    return text_table(
        rows,
        labels,
        results.text(
            f"The rules over the plausible space, by the {results.outcome(found.outcome).lower()}",
            f"各方案在合理范围内的表现（{results.outcome(found.outcome)}）",
        ),
        results,
        right=range(1, len(labels)),
        note=results.text(
            "Regret: what the best rule of a point gains more. Shares are of the points.",
            "遗憾：某一取值下最优方案比该方案多得的收益；比例按取值计。",
        ),
    )


def numbers(results: Results, found: Verdict) -> Html | None:
    """Tabulate which single numbers move the focus rule's difference: Sobol indices of a surrogate."""
    own = Robust.of(results)
    if own is None or found.focus not in own.found.made["policies"]:
        return None
    values = own.found.by_point(found.focus, results.behaviour, found.outcome)
    design = own.found.design
    good = np.isfinite(values).all(axis=1)
    means, noise = values[good].mean(axis=1), values[good].var(axis=1, ddof=1) / values.shape[1]
    if good.sum() < _FEWEST_SURROGATE or not means.std():
        return None
    points = design.points[good]
    ranks = pd.DataFrame(points).rank().corrwith(pd.Series(means).rank()).abs()
    most = ranks.sort_values(ascending=False).index[:_MOST_NUMBERS].to_numpy(int)
    surrogate = Surrogate(points[:, most], means, np.full(len(means), noise.mean()))
    found_ = indices(surrogate, len(most))
    quality = percent(max(surrogate.explained, 0.0))
    if surrogate.explained < _GOOD_SURROGATE:
        return page.paragraph(
            results.text(
                f"Single numbers are not told apart: a surrogate of {len(most)} foretells {quality} of the "
                "variance when a point is left out, and half is asked for.",
                f"尚不能区分单项数值：{len(most)}项数值的代理模型交叉验证仅解释{quality}的变异，低于一半。",
            )
        )
    order = found_["total"].sort_values(ascending=False).index
    rows = [
        (
            own.label(own.found.dimensions[most[at]]),
            percent(found_["first"][at]),
            percent(found_["total"][at]),
        )
        for at in order
    ]
    labels = (
        results.text("assumed number", "假定数值"), results.text("alone", "单独"),
        results.text("with interactions", "含交互"),
    )  # fmt: skip
    return text_table(
        rows,
        labels,
        results.text(
            f"Single numbers behind the difference of {results.quoted(found.focus)}: shares of its variance",
            f"单项数值对{results.quoted(found.focus)}影响的贡献（方差比例）",
        ),
        results,
        right=(1, 2),
        note=results.text(
            f"Sobol indices of a surrogate. It foretells {quality} of the variance when a point is left out.",
            f"代理模型的Sobol指数；交叉验证解释{quality}的变异。",
        ),
    )
