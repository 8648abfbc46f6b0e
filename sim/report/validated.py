"""What a scenario made of records is fit for, as held-out cases show."""

from __future__ import annotations

from sim.report.results import Results
from sim.scenario.folders import not_linked_away
from sim.scenario.table_file import read_table

VALIDATION = (
    "validation.csv"  # in the scenario's folder: by `sim import-log`, or by the scenario's own script
)
COLUMNS = (
    "before", "fitted_cases", "held_out_cases", "simulations",
    "question", "fit", "en", "zh", "why_en", "why_zh",
)  # fmt: skip


STAFFING = "staffing"  # the question that rules on people and counters rest on


def validation(results: Results, *, figures: bool = False, focus: str | None = None) -> str | None:
    """Say in one line what the scenario is fit for, and how far it was held against its records.

    Parameters
    ----------
    results : Results
        Of any scenario.
    figures : bool, optional
        Tell by which figure each question was decided.
    focus : str, optional
        The rule that is advised: if it changes staff and the scenario is unfit for that, it is said.

    Returns
    -------
    str or None
        None where the folder has no validation and no number of the scenario was fitted to a log.

    Raises
    ------
    InputError
        If the stored validation cannot be read.
    """
    scenario = results.study.scenario
    file = scenario.folder / VALIDATION
    rows: list[dict[str, str]] = []
    if file.is_file():
        table = read_table(not_linked_away(file, scenario.folder))
        if len(table):
            table.check_columns(COLUMNS)
            cells = zip(*(table.columns[one] for one in COLUMNS), strict=True)
            rows = [dict(zip(COLUMNS, row, strict=True)) for row in cells]
    if not rows:
        if not any(one.fitted for one in scenario.source.evidence.values()):
            return None
        return results.text(
            "The scenario was fitted to an event log, and was not held against it.",
            "情景由日志拟合，未与日志作比较检验。",
        )
    named: dict[str, list[str]] = {"yes": [], "no": []}
    for number, row in enumerate(rows):
        if row["fit"] not in named:
            raise table.error(f"'{row['fit']}' is neither yes nor no", "Write yes or no", number, "fit")
        named[row["fit"]].append(_question(results, row, figures))
    comma = results.text(", ", "、")
    fit, unfit = (comma.join(names) or results.text("nothing", "无") for names in named.values())
    first = rows[0]
    before, fitted, held_out, simulations = (first[name] for name in COLUMNS[:4])
    before = _day(before, results)
    said = results.text(
        "The scenario was held against records it had not seen: a fit of the "
        f"{fitted} cases before {before}, simulated {simulations} times "
        f"for the {held_out} cases after. Fit for: {fit}. Unfit for: {unfit}.",
        f"情景与未用于拟合的记录作过比较：以{before}之前的{fitted}件拟合，对之后的{held_out}件模拟{simulations}次。"
        f"适用于：{fit}。不适用于：{unfit}。",
    )
    unsure = any(row["question"] == STAFFING and row["fit"] == "no" for row in rows)
    if focus is None or not unsure or results.rules(focus).staff == scenario.staff:
        return said
    return said + results.text(
        f" So what {results.quoted(focus)} brings is the model's answer only.",
        f"故{results.quoted(focus)}的效果仅为模型推算。",
    )


def _day(told: str, results: Results) -> str:
    """Return a date as a sentence has it: ``16 January 2020``, ``2020年1月16日``; what is none, as it is."""
    from datetime import date

    try:
        day = date.fromisoformat(told)
    except ValueError:
        return told
    return results.text(f"{day.day} {day:%B} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def _question(results: Results, row: dict[str, str], figures: bool) -> str:
    asked = row[results.lang]
    if not figures:
        return asked
    why = results.text(row["why_en"].split(";")[0], row["why_zh"].split("；")[0])
    return results.text(f"{asked} ({why})", f"{asked}（{why}）")
