"""Build the tables of a report, and `show` them and the `pictures` on the page.

Each function returns `Html`, or None where the study has nothing of the kind; `show` puts what there is
under a heading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from sim.evaluate.rates import CONSTANT
from sim.report import assumptions, page
from sim.report.findings import Choice
from sim.report.markup import Html
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.tables import html_table
from sim.report.weightiest import assumed_numbers, titled
from sim.report.words import ALWAYS, Text, exact, interval, number, pick, standard_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from sim.evaluate.rates import ShareInterval


_MOST_NAMED = 3  # units that gain, and that lose, in a briefing
_TOO_FEW = Text(en="too few cases to say how sure", zh="件数过少，无法给出区间")
FAMILY = Text(
    en="an outcome is one family, over all rules and behaviours",
    zh="同一指标在全部方案和行为下为一族",
)


def show(heading: str | None, *pieces: Html | None) -> None:
    """Display a heading and its pieces; nothing if there are no pieces."""
    from IPython.display import display

    present = [piece for piece in pieces if piece]
    for piece in [page.heading(heading), *present] if heading and present else present:
        display(piece)


_ASKED = (
    "promoted", "removed", "moved", "share_certified", "share_excellent", "complaints", "duty_rate",
    "projects_accepted", "leader_hours",
)  # fmt: skip


def asked_for(results: Results, found: Choice) -> Html | None:
    """Tabulate what leaders ask for by name: people's careers, titles, complaints, duties, leaders' time."""
    present = ((outcome, results.difference(found.focus, outcome)) for outcome in _ASKED)
    rows = [(results.outcome(outcome), *_cells(results, row)) for outcome, row in present if row is not None]
    if not rows:
        return None
    labels = (
        results.text("measure", "指标"), results.policy(results.baseline), results.policy(found.focus),
        results.text("difference [95% interval]", "差值 [95%区间]"),
    )  # fmt: skip
    year, whole = (" in a year", "全年") if results.in_years else ("", "")
    caption = results.text(
        f"Careers, titles, complaints, duties and leaders' time{year}, the whole bureau",
        f"{whole}干部任用、达标创优、投诉、履职与领导精力（全局）",
    )
    return text_table(rows, labels, caption, results, right=(1, 2, 3))


def by_type_of_unit(results: Results) -> Html | None:
    """Tabulate scores and places at the bottom by type of unit, and say whether the scores are comparable."""
    base = results.baseline
    if not results.has("bottom", "unit", under=[base]):
        return None
    scenario, shares = results.study.scenario, results.bottom_shares()["share"]
    scores = results.means("unit", "score", base)["mean"]
    rows, cards = [], {}
    for name, kind in scenario.unit_types.items():
        units = [unit for unit, one in scenario.units.items() if one.type == name and unit in scores.index]
        if units:
            cards[kind.scorecard] = True
            each = (
                number(float(scores[units].mean()), se=1),
                number(float(shares.reindex(units).fillna(0).sum())),
            )
            rows.append((pick(kind.title, results.lang), str(len(units)), *each))
    labels = (
        results.text("type of unit", "单位类型"), results.text("units", "单位数"),
        results.text("mean score (points)", "平均得分（分）"),
        results.text("places at the bottom a year", "年均末位名额"),
    )  # fmt: skip
    alike = len(cards) < 2 or scenario.assessment is None or scenario.assessment.scaling != "none"
    note = None if alike else results.text(
        "These types are scored by different scorecards and ranked together as they stand: a low place tells "
        "of the card as well as of the work. Scaled scores would make the cards comparable.",
        "各类单位评分表不同而未经换算统一排名，名次低既反映工作，也反映评分表的差别；将得分换算后再排名，方可比较。",
    )  # fmt: skip
    caption = results.text(
        f"Sections and offices apart, under {results.quoted(base)}",
        f"{results.quoted(base)}下科室与基层所分列",
    )
    return text_table(rows, labels, caption, results, right=(1, 2, 3), note=note)


def _cells(results: Results, row: pd.Series) -> tuple[str, str, str]:
    outcome = row["outcome"]
    unit = results.measure(outcome)
    before, after = results.before_and_after(row)
    after_unit = "" if unit in ("%", "1") else f" {unit}"
    change = results.change(row)
    of = results.measure(outcome, difference=True)
    return (
        before + after_unit,
        after + after_unit,
        change if row["exact_zero"] or of == "1" else f"{change} {of}",
    )


def named_units(results: Results, found: Choice) -> Html:
    """Tabulate the units whose pay, or else on-time rate, the focus policy changes most, with intervals."""
    import numpy as np

    from sim.evaluate.accuracy import levels

    told = ("pay", "on_time_rate")
    rows = results.differences("unit", told).query("policy == @found.focus and not exact_zero")
    sure = rows[rows["p_holm"] < 0.05]
    outcome = next((o for o in told if (sure["outcome"] == o).any()), None)
    if outcome is None:
        return page.paragraph(
            results.text(
                f"No single unit certainly gains or loses under {results.quoted(found.focus)} (Holm's test "
                "at 5% over all rules, behaviours and units).",
                f"在{results.quoted(found.focus)}下，没有哪个单位的得失可以确定（全部方案、行为和单位经Holm校正，5%水平）。",
            )
        )
    mine = sure[sure["outcome"] == outcome]
    mine = mine.iloc[np.argsort(-levels(mine["difference"]), kind="stable")]
    gain = mine[mine["difference"] > 0].head(_MOST_NAMED)
    loss = mine[mine["difference"] < 0].tail(_MOST_NAMED)
    lines = []
    words = (results.text("Gain most", "得益最多"), gain), (results.text("Lose most", "受损最多"), loss)
    of = results.measure(outcome, difference=True)
    for word, part in words:
        named = results.text("; ", "；").join(
            f"{results.unit(row['unit'])} {results.change(row)} {of}" for _, row in part.iterrows()
        )
        lines.append(f"{word}: {named}" if results.lang == "en" else f"{word}：{named}")
        if part.empty:
            lines[-1] = results.text(f"{word}: no unit for certain", f"{word}：没有可以确定的单位")
    label = results.outcome(outcome)
    head = results.text(
        f"{label} by unit under {results.quoted(found.focus)}, with 95% intervals. ",
        f"{results.quoted(found.focus)}下各单位的{label}变化（附95%区间）。",
    )
    return page.paragraph(head + results.text(". ", "。").join(lines) + results.text(".", "。"))


def widest_assumptions(results: Results, rows: int = 4) -> Html:
    """Tabulate the assumed numbers that weigh most, by their number and the width of their ranges."""
    table = assumptions.widest(results.study.scenario, results.lang, rows)
    table = table.assign(label=[titled(results, row) for _, row in table.iterrows()])
    labels = {
        "label": results.text("assumed", "假定"), "value": results.text("value", "取值"),
        "unit": results.text("unit", "计量单位"), "range": results.text("plausible range", "合理范围"),
        "numbers": results.text("numbers", "数值个数"),
    }  # fmt: skip
    said = assumed_numbers(results)
    if table.empty:
        return page.paragraph(said)
    return html_table(
        table,
        results.text(
            "The assumptions that weigh most: many numbers, wide range", "影响最大的假定：涉及数值多、范围宽"
        ),
        results.lang,
        columns=labels,
        formats={"numbers": str, "range": lambda value: str(value).replace(" ", "\u00a0")},
        align={"range": "right"},  # a dash may else end a line
        note=said,
    )


def in_appendix(results: Results) -> str:
    """Say where all assumptions are."""
    return results.text(
        "All assumptions with their sources, and how to get the same again: the appendix.",
        "全部假定与出处及复现办法见附件。",
    )


def all_assumptions(results: Results) -> Html | None:
    """Tabulate the whole register."""
    table = assumptions.register(results.study.scenario, results.lang)
    if table.empty:
        return None
    table["kind"] = table["assumed"].map(
        {True: results.text("assumed", "假定"), False: results.text("source", "有出处")}
    )
    table["why"] = (table["source"].where(~table["assumed"], "") + " " + table["reason"]).str.strip()
    columns = {
        "label": results.text("what", "内容"), "value": results.text("value", "取值"),
        "unit": results.text("unit", "单位"),
        "range": results.text("range", "范围"), "kind": results.text("kind", "类别"),
        "why": results.text("source or reason", "出处或理由"),
    }  # fmt: skip
    return html_table(
        table,
        results.text("Register of assumptions and sources", "假定与出处登记表"),
        results.lang,
        columns=columns,
        note=results.text("", "出处与理由按情景文件原文照录。") or None,
    )


def mean_of(results: Results, outcome: str, policy: str) -> str:
    """Format the bureau's mean under a policy with its interval."""
    return estimated(results, results.bureau_mean(outcome, policy), outcome)


def estimated(results: Results, found: ShareInterval, outcome: str) -> str:
    """Format an estimate with its interval, or with what it lacks."""
    scale = outcome_of(outcome).scale
    if found.n > 1 and found.low == found.estimate == found.high:
        found = replace(found, note=CONSTANT)
    if not found.note or found.n < 2:
        return interval(*(scale * value for value in (found.estimate, found.low, found.high)))
    why = ALWAYS if found.note == CONSTANT or found.estimate in (0.0, 1.0) else _TOO_FEW
    told = exact(scale * found.estimate)
    return results.text(f"{told} ({why.en})", f"{told}（{why.zh}）")


def starred(results: Results, row: pd.Series, outcome: str) -> str:
    """Format a difference with its interval, starred if it differs from zero within its family."""
    row = row.copy()
    row["outcome"] = outcome
    return results.change(row) + ("*" if not row["exact_zero"] and row["p_holm"] < 0.05 else "")


# 0 where there is nothing to do
_COUNTS = ("arrivals", "withdrawn", "open_at_end", "overdue_open", "utilisation")
_VOLUMES = (
    "arrivals", "withdrawn", "on_time_rate", "mean_processing_days", "p90_processing_days",
    "mean_wait_minutes", "open_at_end", "overdue_open", "utilisation",
)  # fmt: skip


def by_kind(results: Results) -> Html | None:
    """Tabulate service by matter under the baseline, with open and overdue requests beside the means."""
    caption = results.text(
        f"Matters under {results.quoted(results.baseline)}: mean over the replications",
        f"{results.quoted(results.baseline)}下各事项（各次模拟的平均）",
    )
    return _by(results, "kind", results.text("matter", "事项"), results.kind, caption)


def by_unit(results: Results) -> Html | None:
    """Tabulate service and load by unit under the baseline."""
    caption = results.text(
        f"Units under {results.quoted(results.baseline)}: mean over the replications",
        f"{results.quoted(results.baseline)}下各单位（各次模拟的平均）",
    )
    return _by(results, "unit", results.text("unit", "单位"), results.unit, caption)


def _by(results: Results, level: str, head: str, name_of: Callable[[str], str], caption: str) -> Html | None:
    """Tabulate each unit or matter with any work: it counts requests, or has one of the means."""
    base = [results.baseline]
    outcomes = [name for name in results.available(_VOLUMES, level) if results.has(name, level, under=base)]
    means = {name: results.means(level, name, results.baseline) for name in outcomes}
    keys = dict.fromkeys(key for found in means.values() for key in found.index)
    means = {name: found.reindex(list(keys)) for name, found in means.items()}
    rows = []
    for key in keys:
        here = {name: found.loc[key] for name, found in means.items()}
        if not any(one["mean"] > 0 if name in _COUNTS else one["mean"] >= 0 for name, one in here.items()):
            continue
        cells = []
        for name, one in here.items():
            scale = outcome_of(name).scale
            se = standard_error(one["low"], one["high"]) * scale
            cells.append("0" if one["mean"] == 0 else number(one["mean"] * scale, se=se))
        rows.append((name_of(key), *cells))
    if not rows:
        return None
    labels = (head, *(results.heading(name) for name in means))
    note = results.text(
        "Means are of what was finished; read them beside what stayed open.",
        "平均值只含已办结件，须与未办结件一并看。",
    )
    return text_table(rows, labels, caption, results, right=range(1, len(labels)), note=note)


class InOneLanguage(Protocol):
    """Whatever is told in one of the languages: the results of a study, or what emerged."""

    @property
    def lang(self) -> str: ...


def text_table(
    rows: list[tuple],
    labels: tuple[str, ...],
    caption: str,
    results: InOneLanguage,
    right: Iterable[int] = (),
    **options: Any,
) -> Html:
    """Build a table from rows of formatted texts; `right` lists the columns of numbers."""
    import pandas as pd

    names = [f"c{place}" for place in range(len(labels))]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    align = {names[place]: "right" for place in right}
    columns = dict(zip(names, labels, strict=True))
    return html_table(frame, caption, results.lang, columns=columns, align=align, **options)
