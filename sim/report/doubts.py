"""Exhibits of a stored sensitivity run: what moves the answer, which numbers matter, what rules may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.evaluate.doubt import Surrogate, indices, regret
from sim.evaluate.screening import ACTS, NONE, UNTOLD, screened
from sim.report import page
from sim.report.exhibits import text_table
from sim.report.figures import few_ticks, name_rows, panels
from sim.report.labels import wrapped
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.robust import Robust, share_told, unvaried, with_assumptions
from sim.report.style import PALETTE
from sim.report.words import Text, interval, number, p_value, percent, standard_error
from sim.scenario.counts import number_of
from sim.study.at_points import GIVEN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.report.findings import Choice
    from sim.report.markup import Html

_MOST_DRAWN = 8  # groups in the figure
_MOST_NAMED = 4  # numbers that a rule writes itself
_MOST_NUMBERS = 8  # that a surrogate rests on
_FEWEST_SURROGATE = 40  # points
_GOOD_SURROGATE = 0.5  # of the variance, foretold when a point is left out
_REFUSED = r": -?[0-9.e+-]+ (?=must )"  # before the value that a message refuses
_VERDICTS = {
    ACTS: ("acts", "有影响"),
    NONE: ("none", "无影响"),
    UNTOLD: ("not\u00a0told\u00a0from\u00a0zero", "与零无法区分"),
}


def groups(results: Results, found: Choice) -> pd.DataFrame | None:
    """Return which of the scenario's blocks move the difference on which the answer hangs (`screened`), with
    the column `flips`: what the block does to the answer, in words. None where the points do not tell."""
    own = Robust.of(results)
    if own is None or own.untold(found):
        return None
    table = screened(
        own.found.by_point(own.contender(found), results.behaviour, found.outcome), own.found.design
    )
    if own.found.design.several:
        shifts = own.shifts(found)
        told = {
            name: f"{percent(row['effect'], se=0.1)} ± {percent(row['noise'], se=0.1)}"  # as in the text
            for name, row in shifts.iterrows()
            if np.isfinite(row["noise"])
        }
    else:
        flips, of = own.flipped_by(found)
        told = {name: f"{count:.0f} / {of}" for name, count in flips.items()}
    return table.assign(flips=table["group"].map(told).fillna("–"))


def what_matters(results: Results, found: Choice) -> Html | None:
    """Draw which blocks of assumed numbers move the difference on which the answer hangs, beside luck."""
    own, table = Robust.of(results), groups(results, found)
    if own is None or table is None:
        return None
    if (table["verdict"] == NONE).all():  # nothing to draw
        return page.paragraph(results.text("No block of assumed numbers moves it.", "各类假定数值均无影响。"))
    acting = [own.label(name) for name in table.loc[table["verdict"] == ACTS, "group"]]
    rule, outcome = results.quoted(own.contender(found)), results.outcome(found.outcome)
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


def regrets(results: Results, found: Choice) -> Html | None:
    """Tabulate what each rule may cost if the assumed numbers are others: regret and satisficing."""
    own = Robust.of(results)
    if own is None or own.untold(found):
        return None
    gains, scale = own.gains(found.outcome).drop(GIVEN).dropna(), outcome_of(found.outcome).scale
    table = regret(gains, found.margin, *own.found.counting)
    luck = {rule: scale * own.luck(found.outcome, rule) for rule in own.found.made["policies"]}
    least_known = max(luck.values())
    rows = []
    for name, row in table.iterrows():
        shares = (
            share_told(results, *(row[f"{share}{end}"] for end in ("", "_low", "_high")))
            for share in ("satisfies", "best")
        )
        gain, low, high = (scale * row[end] for end in ("gain", "low", "high"))
        se = max(least_known, standard_error(low, high))
        alike = low == high  # at all points: no interval of theirs would hold the luck
        gained = number(gain, se=se, signed=True) if alike else interval(gain, low, high, se=se, signed=True)
        most = (number(row[column] * scale, se=least_known) for column in ("most_regret", "regret_90"))
        own_luck = number(luck[str(name)]) if name in luck else "–"
        rows.append((results.policy(str(name)), gained, *most, own_luck, *shares))
    unit = results.measure(found.outcome, difference=True)
    labels = (
        results.text("rule", "方案"), results.text(f"gain ({unit}) [95%]", f"收益（{unit}）[95%区间]"),
        results.text("most regret", "最大遗憾"), results.text("regret, 90th percentile", "遗憾第90百分位"),
        results.text("luck", "偶然波动"),
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
            "Regret: what the best rule of a point gains more. Luck: the standard error of a gain at one "
            "point; a regret of that size says nothing. Shares are of the points; intervals (95%) count "
            f"{_counted(own).en}.",
            "遗憾：某一组取值下最优方案比该方案多得的收益；偶然波动：一组取值下收益的标准误，同等大小的遗憾没有意义；"
            f"比例按取值计，95%区间{_counted(own).zh}。",
        ),
    )


def _counted(own: Robust) -> Text:
    """Say how points count in intervals."""
    if own.found.made["rounds"]:
        return Text(en="two points as one, for they share values", zh="因取值有重合，按每两组取值计一次")
    return Text(en="by trajectory", zh="按变动轮次计")


def numbers(results: Results, found: Choice) -> Html | None:
    """Tabulate which single numbers move that difference: Sobol indices of a surrogate."""
    own = Robust.of(results)
    if own is None or own.untold(found):
        return None
    rule = own.contender(found)
    values = own.found.by_point(rule, results.behaviour, found.outcome)
    design = own.found.design
    apart = own.found.apart[own.found.points["refused"] == ""].to_numpy()
    good = np.isfinite(values).all(axis=1) & apart  # in other points the numbers of a block move together
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
            f"Single numbers behind the difference of {results.quoted(rule)}: shares of its variance",
            f"单项数值对{results.quoted(rule)}影响的贡献（方差比例）",
        ),
        results,
        right=(1, 2),
        note=results.text(
            f"Sobol indices of a surrogate. It foretells {quality} of the variance when a point is left out.",
            f"代理模型的Sobol指数；交叉验证解释{quality}的变异。",
        ),
    )


def headlines(results: Results) -> Html | None:
    """Tabulate the differences of the rules that were tried at the points, with both intervals."""
    own = Robust.of(results)
    if own is None:
        return None
    rows = []
    for policy in own.found.made["policies"]:
        for outcome in results.study.focus:
            row = results.difference(policy, outcome)
            if row is None or (policy, outcome) not in own.spread.index:
                continue
            found = own.spread.loc[(policy, outcome)]
            same = "–"
            if np.isfinite(found["same_way"]):
                same = share_told(results, found["same_way"], found["same_low"], found["same_high"])
            varied = with_assumptions(results, row)
            rows.append((results.policy(policy), results.heading(outcome), results.change(row), varied, same))
    if not rows:
        return None
    labels = (
        results.text("rule", "方案"), results.text("outcome", "指标"),
        results.text("difference [95%: luck]", "差值 [95%区间：偶然性]"),
        results.text("[95%: luck and assumptions]", "[95%区间：偶然性与假定]"),
        results.text("points with the same sign", "方向相同的取值比例"),
    )  # fmt: skip
    return text_table(
        rows,
        labels,
        results.text("Two intervals for each headline", "主要差值的两种区间"),
        results,
        right=(2, 3, 4),
        note=results.text(
            "The first interval is of the study; the second adds, in squares, how far the difference spreads "
            f"over the points, {own.span()}.",
            f"第一种区间来自本研究；第二种按平方和计入差值在各组取值间的变动（{own.span()}）。",
        ),
    )


def design(results: Results, found: Choice) -> list[str]:
    """Say what was varied, at how many points, and how."""
    own = Robust.of(results)
    if own is None:
        return [unvaried(results)]
    made, points = own.found.made, own.found.points
    sampled, rounds = int(own.found.apart.sum()), made["rounds"]
    listed = results.listed([*made["policies"]])
    all_at_once = Text(en="", zh="")
    if sampled:
        all_at_once = Text(en=f"; at {sampled} all numbers vary at once", zh=f"，{sampled}种全部同时变动")
    said = [
        results.text(
            f"{len(own.found.dimensions)} assumed numbers, or blocks of them, take other values within their "
            f"ranges at {number_of(len(points), 'point')}. {number_of(len(points) - sampled, 'point')} move "
            + (
                "half of the scenario's blocks each"
                if rounds
                else "the scenario's blocks one after the other"
            )
            + f"{all_at_once.en}.",
            f"{len(own.found.dimensions)}项（组）假定数值在各自范围内取{len(points)}组取值："
            f"{len(points) - sampled}种{'每次变动半数类别' if rounds else '逐类变动'}{all_at_once.zh}。",
        ),
        results.text(
            f"At each point {results.quoted(results.baseline)} is compared with {listed} {own.span()}: "
            f"{number_of(made['replications'], 'replication')} with the same citizens. Returns to "
            "effort are assumed.",
            f"每组取值下将{results.quoted(results.baseline)}与{listed}比较：{own.span()}，同样的来件重复"
            f"{made['replications']}次；努力的回报按假定计。",
        ),
    ]
    if made["leading"]:
        outcome = results.outcome(found.outcome)
        said.append(
            results.text(
                f"Of the rules that move the {outcome[0].lower() + outcome[1:]} {own.span()}, "
                f"{results.listed(made['leading'])} lead{'s' * (len(made['leading']) == 1)}.{own.later()}",
                f"在{own.span()}影响{outcome}的方案中，{results.listed(made['leading'])}居前。{own.later()}",
            )
        )
    else:
        said += [own.later().strip()] if own.later() else []
    if own.found.refused:
        said.append(
            results.text(
                f"Points that the scenario refused: {own.found.refused}. {_reasons(points)}",
                f"其中{own.found.refused}组取值与情景的其他规定相抵触，未作模拟。",
            )
        )
    for rule, paths in made["fixed"].items():
        said.append(
            results.text(
                f"{results.quoted(rule)} writes {_some(own, paths)} itself: the same at every point, "
                "whatever it replaces.",
                f"{results.quoted(rule)}自行规定{_some(own, paths)}：各组取值下均为同一数值。",
            )
        )
    if made["unvaried"]:
        said.append(
            results.text(
                f"Assumed without a range, and not varied: {', '.join(made['unvaried'])}.",
                f"没有给出范围、未变动的假定：{'、'.join(made['unvaried'])}。",
            )
        )
    return said


def _some(own: Robust, paths: list[str]) -> str:
    """Name some numbers, and how many there are beside them."""
    results, left = own.results, len(paths) - _MOST_NAMED
    named = results.text(", ", "、").join(map(own.label, paths[:_MOST_NAMED]))
    if left <= 0:
        return named
    return named + results.text(f" and {left} other numbers", f"等{len(paths)}项")


def _reasons(points: pd.DataFrame) -> str:
    """Return why points were refused, each reason once, with its count, in the numbers of the first: a value
    that is too large differs from point to point."""
    reasons = points.loc[points["refused"] != "", "refused"]
    told = reasons.str.replace(r"^changes[.:] *", "", regex=True).str.replace(_REFUSED, ": ", regex=True)
    alike = told.groupby(told.str.replace(r"\d+(\.\d+)?", "#", regex=True), sort=False)
    return (
        "; ".join(f"{reason} ({count})" for reason, count in zip(alike.first(), alike.size(), strict=True))
        + "."
    )


def by_block(results: Results, found: Choice) -> Html | None:
    """Tabulate what every block of assumed numbers does to that difference, and to the answer."""
    own, table = Robust.of(results), groups(results, found)
    if own is None or table is None:
        return None
    scale, rule = outcome_of(found.outcome).scale, own.contender(found)
    rows = [
        (
            own.label(str(row["group"])),
            number(row["effect"] * scale),
            number(row["noise"] * scale),
            p_value(row["p_holm"]),
            results.text(*_VERDICTS[row["verdict"]]),
            row["flips"],
        )
        for _, row in table.iterrows()
    ]
    unit, flips, meaning = results.measure(found.outcome, difference=True), *_of_design(own)
    labels = (
        results.text("block of assumed numbers", "假定类别"),
        results.text(f"effect of its whole range ({unit})", f"全范围影响（{unit}）"),
        results.text("luck", "偶然波动"), results.text("p (Holm)", "p值（Holm）"),
        results.text("verdict", "判断"), flips,
    )  # fmt: skip
    return text_table(
        rows,
        labels,
        results.text(
            f"What moves the difference of {results.quoted(rule)}: {results.outcome(found.outcome)}",
            f"影响{results.quoted(rule)}差值的假定：{results.outcome(found.outcome)}",
        ),
        results,
        right=(1, 2, 3, 5),
        note=meaning
        + results.text(
            " A block acts where it moves the difference by more than luck. It changes the answer where the "
            f"gain crosses {number(found.margin * scale)}: near that line luck does it too, and far from it "
            "a block acts and changes nothing.",
            f"“有影响”指差值的变化超出偶然波动；“结论改变”指收益越过{number(found.margin * scale)}："
            "临近该线时偶然波动也会使结论改变，远离该线时有影响也不改变结论。",
        )
        + _rounds_lost(own, table),
    )


def _rounds_lost(own: Robust, table: pd.DataFrame) -> str:
    """Say of which blocks not all rounds tell, for the scenario refused too many of their points."""
    results, of = own.results, own.found.made["rounds"]
    lost = table[table["n"] < of]
    if lost.empty:
        return ""
    if len(lost) == len(table):
        return results.text(
            f" The scenario refused too many points: only {int(lost['n'].max())} of {of} rounds tell of "
            "the blocks.",
            f"情景不接受的取值过多，{of}轮中仅{int(lost['n'].max())}轮可用。",
        )
    named = results.text(", ", "、").join(own.label(str(name)) for name in lost["group"])
    return results.text(
        f" The scenario refused too many points: not all {of} rounds tell of {named}.",
        f"情景不接受的取值过多，{named}未能在全部{of}轮中检验。",
    )


def _of_design(own: Robust) -> tuple[str, str]:
    """Return the heading of what a block does to the answer, and what effect and luck are."""
    text = own.results.text
    if own.found.design.several:
        return (
            text("points at which the answer flips, ± standard error", "结论改变的取值比例变动，±标准误"),
            text(
                "Effect: the mean absolute change, per whole range. Luck: the standard error of a change, "
                "from the draw and from blocks that act upon one another.",
                "影响：全范围变动引起的平均绝对变化；偶然波动：一次变化的标准误，含抽样偶然性和各类之间的相互作用。",
            ),
        )
    return (
        text("answer changes, times", "结论改变次数"),
        text(
            "Effect: the mean absolute change, per whole range. Luck: the standard error that replications "
            "leave in one change.",
            "影响：全范围变动引起的平均绝对变化；偶然波动：一次变化的标准误。",
        ),
    )
