"""Tell what each measure of a baseline adds: whether it moves what it is meant to move, and its share in the
whole. Each function returns `Html` or sentences; `show` puts them on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.evaluate.shares import shares, without
from sim.report import assumptions, behaviours, page
from sim.report.exhibits import starred, text_table
from sim.report.figures import few_ticks, name_rows, panels
from sim.report.labels import legend, wrapped
from sim.report.markup import Html
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.style import PALETTE
from sim.report.words import pick

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.study.file import Meant, Measure

_ROW, _PANELS = 0.145, 3  # inches a measure takes; panels side by side


@dataclass
class Shares:
    """The shares of a study's measures under one behaviour.

    Attributes
    ----------
    results : the study's results under this behaviour.
    rows : those of `sim.evaluate.shares.shares`, by measure, effect, outcome and kind of matter ("" = all).
    """

    results: Results
    rows: dict[tuple[str, str, str, str], pd.Series]

    def effect(self, measure: str, effect: str, outcome: str, kind: str | None = None) -> pd.Series | None:
        """Return a row of `shares`, or None where the outcome was not measured on both sides."""
        return self.rows.get((measure, effect, outcome, kind or ""))

    def cell(self, measure: str, effect: str, outcome: str, kind: str | None = None) -> str:
        """Format an effect with its interval; – where there is none."""
        row = self.effect(measure, effect, outcome, kind)
        return "–" if row is None else starred(self.results, row, outcome)

    def verdict(self, measure: Measure, meant: Meant) -> str:
        """Judge a measure's effect in the whole by what it is meant to do: ``as meant``, ``against``,
        ``unclear``, ``none``; "" where it was not measured."""
        row = self.effect(measure.name, "last", meant.outcome, meant.kind)
        if row is None:
            return ""
        if row["exact_zero"]:
            return "none"
        way = 1 if meant.way == "higher" else -1
        low, high = sorted((way * row["low"], way * row["high"]))
        return "as meant" if low > 0 else "against" if high < 0 else "unclear"


_VERDICTS = {
    "": ("–", "–"),
    "as meant": ("as meant", "符合预期"),
    "against": ("the other way", "与预期相反"),
    "unclear": ("not told from zero", "未能确认"),
    "none": ("none", "无变化"),
}


def sides(results: Results) -> list[Shares]:
    """Return the shares under each of the study's behaviours, the first one's first.

    One outcome is one family, over all measures and behaviours.
    """
    import pandas as pd

    measures = results.study.file.measures
    names, several = [measure.name for measure in measures], len(results.sides) > 1
    rows = pd.concat(
        [
            side.rows(level).assign(behaviour=side.behaviour)
            for side in results.sides
            for level in ("bureau", "kind")
        ]
    )
    of_kinds = sorted({one.outcome for measure in measures for one in measure.meant if one.kind})
    tables = [
        shares(rows, results.baseline, names),
        shares(rows, results.baseline, names, level="kind", only=of_kinds),
    ]
    found: dict[str, dict[tuple[str, str, str, str], pd.Series]] = {}
    for table in tables:
        for _, row in table.iterrows():
            key = (row["measure"], row["effect"], row["outcome"], row.get("kind", ""))
            found.setdefault(row["behaviour"] if several else results.behaviour, {})[key] = row
    return [Shares(side, found.get(side.behaviour, {})) for side in results.sides]


def answer(found: list[Shares]) -> str:
    """Say what the whole does, how many measures do what they are meant to do, and which add most."""
    first = found[0]
    results = first.results
    outcome = _focus(results)[0]
    total, measures = first.effect("", "total", outcome), results.study.file.measures
    said = []
    if total is not None:
        before, after = results.before_and_after(_named(total, outcome))
        change = f"{results.change(_named(total, outcome))} {results.measure(outcome, difference=True)}"
        said.append(
            results.text(
                f"The {len(measures)} measures together take {_small(results.outcome(outcome))} from "
                f"{before} to {after} ({change}).",
                f"{len(measures)}项措施合计使{results.outcome(outcome)}由{before}变为{after}（{change}）。",
            )
        )
    for side in found:
        done = [
            measure
            for measure in measures
            if any(side.verdict(measure, meant) == "as meant" for meant in measure.meant)
        ]
        head = behaviours.title(side.results)
        said.append(
            results.text(
                f"{head}: {len(done)} of {len(measures)} certainly move what they are meant to move.",
                f"{head}：{len(measures)}项中有{len(done)}项的作用得到确认且符合预期。",
            )
        )
    ranked = [
        f"{pick(measure.title, results.lang)} {results.change(_named(row, outcome))}"
        for measure, row in _ranked(first, outcome)
        if row is not None and not row["exact_zero"]
    ]
    if ranked:
        listed = results.text(", ", "、").join(ranked[:3])
        unit = results.measure(outcome, difference=True)
        said.append(
            results.text(
                f"Most of {_small(results.outcome(outcome))} hangs on ({unit}): {listed}.",
                f"对{results.outcome(outcome)}作用最大的（{unit}）：{listed}。",
            )
        )
    return results.text(" ", "").join(said)


def meant(found: list[Shares]) -> Html:
    """Tabulate what each measure is meant to move, and what it moves under each behaviour."""
    results = found[0].results
    rows = []
    for measure in results.study.file.measures:
        for number, one in enumerate(measure.meant):
            title = pick(measure.title, results.lang) if number == 0 else ""
            arrow = "↑" if one.way == "higher" else "↓"
            what = results.heading(one.outcome)
            if one.kind:
                what = results.text(f"{what}, {results.kind(one.kind)}", f"{results.kind(one.kind)}：{what}")
            cells = [
                part
                for side in found
                for part in (
                    side.cell(measure.name, "last", one.outcome, one.kind),
                    results.text(*_VERDICTS[side.verdict(measure, one)]),
                )
            ]
            rows.append((title, f"{what} {arrow}", *cells))
    heads = [behaviours.title(side.results) for side in found]
    labels = [results.text("measure", "措施"), results.text("meant to move", "预期作用")]
    for head in heads:
        labels += [head, results.text("verdict", "结论")]
    return text_table(
        rows,
        tuple(labels),
        results.text(
            "What each measure is meant to do, and does in the whole", "各项措施的预期作用与实际作用"
        ),
        results,
        right=range(2, len(labels), 2),
        note=results.text(
            "The whole against the whole without the measure, paired by replication, with 95% intervals. "
            "* differs from zero by Holm's test at 5%; an outcome is one family, over all measures and "
            "behaviours. – : not an outcome under one of the two.",
            "全部措施与取消该项措施之差（按模拟次数配对），附95%区间。*表示经Holm校正（同一指标在全部措施和行为下为一族）"
            "在5%水平上不为零。“–”表示其中一方没有该指标。",
        ),
    )


def tables(found: list[Shares]) -> Html:
    """Tabulate each measure's share of the study's focus outcomes: in the whole, alone, interaction."""
    results = found[0].results
    made = []
    for outcome in _focus(results):
        rows = []
        for measure, _ in _ranked(found[0], outcome):
            cells = [
                side.cell(measure.name, effect, outcome)
                for side in found
                for effect in ("last", "alone", "interaction")
            ]
            rows.append((pick(measure.title, results.lang), *cells))
        totals = [part for side in found for part in (side.cell("", "total", outcome), "", "")]
        rows.append((results.text("all together", "全部措施合计"), *totals))
        labels = [results.text("measure", "措施")]
        for side in found:
            head = behaviours.title(side.results) + results.text(": ", "：") if len(found) > 1 else ""
            labels += [
                head + results.text("in the whole", "整体中"),
                head + results.text("alone", "单独"),
                head + results.text("interaction", "交互"),
            ]
        unit = results.measure(outcome, difference=True)
        label = results.outcome(outcome)
        caption = label if unit == "1" else results.text(f"{label}, {unit}", f"{label}（{unit}）")
        made.append(
            text_table(
                rows, tuple(labels), caption, results, right=range(1, len(labels)), note=_note(results)
            )
        )
    return Html("").join(made)


def _note(results: Results) -> str:
    return results.text(
        "In the whole: what is lost without the measure. Alone: what it brings where no other is. "
        "Interaction: the first less the second; with the sign of the first, the others help it, against it, "
        "they do its work too. Shares need not sum to the total.",
        "整体中：取消该项措施的损失。单独：仅实行该项措施的所得。交互：前者减后者，与前者同号表示其他措施助其发挥作用，"
        "异号表示作用相互替代。各项之和不必等于合计。",
    )


def pictures(found: list[Shares]) -> Html:
    """Show each measure's share of the focus outcomes, in the whole and alone, under the first behaviour."""
    first = found[0]
    results = first.results
    outcomes = _focus(results)
    made = []
    for begin in range(0, len(outcomes), _PANELS):
        some = outcomes[begin : begin + _PANELS]
        most = [next(iter(_ranked(first, outcome)))[0] for outcome in some]
        made.append(
            page.figure(
                drawn(first, some),
                caption=results.text(
                    "What each measure adds to all the others (filled) and what it does alone (empty), with "
                    f"95% intervals, {_small(behaviours.title(results))}.",
                    "各项措施在整体中的作用（实心）与单独实行的作用（空心）及95%区间"
                    f"（{behaviours.title(results)}）。",
                ),
                alt=results.text("; ", "；").join(
                    f"{results.outcome(outcome)}: {pick(measure.title, results.lang)} "
                    f"{first.cell(measure.name, 'last', outcome)}"
                    for outcome, measure in zip(some, most, strict=True)
                ),
            )
        )
    return Html("").join(made)


def drawn(found: Shares, outcomes: list[str]) -> Figure:
    """Draw a panel for each outcome: measures as rows, in the whole (filled) and alone (empty)."""
    results, measures = found.results, found.results.study.file.measures
    titles = [wrapped(results.outcome(outcome), 25) for outcome in outcomes]
    figure, axes = panels(1, len(outcomes), len(outcomes), len(measures) * _ROW + 0.9)
    looks: dict[str, dict[str, Any]] = {
        "last": {"color": PALETTE[1], "marker": "o", "markersize": 4},
        "alone": {"color": PALETTE[2], "marker": "o", "markersize": 4, "mfc": "white"},
    }
    for axis, outcome, title in zip(axes, outcomes, titles, strict=True):
        scale = outcome_of(outcome).scale
        for place, measure in enumerate(measures):
            for effect, shift in (("last", -0.16), ("alone", 0.16)):
                row = found.effect(measure.name, effect, outcome)
                if row is not None:
                    size = row["half_width"] * scale
                    look = looks[effect] | {"elinewidth": 0.9}
                    axis.errorbar(row["difference"] * scale, place + shift, xerr=size, **look)
        axis.axvline(0, color=PALETTE[0], linewidth=0.9)
        axis.set_title(title, fontsize=8.5)
        axis.set_xlabel(results.measure(outcome, difference=True).replace("1", "", 1) or " ")
        axis.margins(x=0.08)
        few_ticks(axis)
    name_rows(axes, len(outcomes), [pick(measure.title, results.lang) for measure in measures], size=7)
    from matplotlib.lines import Line2D

    handles = {name: Line2D([], [], linestyle="none", **look) for name, look in looks.items()}
    legend(figure, handles, [results.text("in the whole", "整体中"), results.text("alone", "单独")])
    return figure


def _focus(results: Results) -> list[str]:
    """The study's focus outcomes that were measured; the on-time rate if it names none."""
    named = [name for name in results.study.focus if results.has(name)]
    return named or results.available(("on_time_rate", "mean_wait_minutes", "arrivals"))[:1]


def _ranked(found: Shares, outcome: str) -> Iterator[tuple[Measure, pd.Series | None]]:
    """Yield the measures with their effect in the whole, the largest first; those without one last."""
    measures = found.results.study.file.measures
    effects = [(measure, found.effect(measure.name, "last", outcome)) for measure in measures]
    yield from sorted(effects, key=lambda one: float("inf") if one[1] is None else -abs(one[1]["difference"]))


def _named(row: pd.Series, outcome: str) -> pd.Series:
    row = row.copy()
    row["outcome"] = outcome
    return row


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def taken_out(results: Results) -> Html:
    """Tabulate what takes each measure out of the whole."""
    arrow = results.text("{}: {} → {}", "{}：{} → {}")
    rows = []
    for measure in results.study.file.measures:
        policy = results.study.policies[without(measure.name)]
        listed = assumptions.changes(results.study.scenario, policy, results.lang)
        said = results.text("; ", "；").join(arrow.format(*change) for change in listed)
        rows.append((pick(measure.title, results.lang), said))
    return text_table(
        rows,
        (results.text("measure", "措施"), results.text("without it", "取消后")),
        results.text("What takes a measure out", "各项措施如何取消"),
        results,
    )
