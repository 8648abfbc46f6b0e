"""Compare policies at the terminal: ``compare`` on a study's results, ``what-if`` in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from .app import Format, Language, StudyName, app, studies_of
from .make import changes_of, parts_of
from .terminal import patience, say, say_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario
    from sim.scenario.policy import Policy

Outcomes = Annotated[
    str,
    typer.Option(metavar="NAME,…", help="Only these (sim outcomes lists them); all that differ if left out."),
]
Lang = Annotated[Language, typer.Option(help="Language of the labels.")]
Written = Annotated[Format, typer.Option(help="How it is written; csv and json hold all rows.")]
Level = Annotated[
    Literal["bureau", "unit", "kind"], typer.Option(help="Of the whole, or of each unit or kind of matter.")
]


@app.command()
def compare(
    study: StudyName,
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="A policy of the study.")],
    to: Annotated[
        str | None, typer.Option(metavar="POLICY", help="What it is compared with; the baseline if left out.")
    ] = None,
    level: Level = "bureau",
    outcomes: Outcomes = "",
    behaviour: Annotated[str | None, typer.Option(help="One of the study's; each if left out.")] = None,
    lang: Lang = Language.en,
    format: Written = Format.table,
) -> None:
    """Compare two policies of a finished study: values, paired differences and their 95 % intervals."""
    (several,) = studies_of([study])
    for opened in several:
        if len(several) > 1 and format == Format.table:
            say(f"{opened.called}:")
        table = opened.compare(policy, to, level, parts_of(outcomes) or None, behaviour)
        base = to or opened.baseline
        _write(table, opened.scenario, base, policy, bool(outcomes), lang, format)
        _tell_limits(table, opened.scenario, opened.policies[base], opened.policies[policy], lang, format)


@app.command("what-if")
def what_if(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    change: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH=VALUE]…", help="New values; sim parameters finds paths."),
    ] = None,
    policy: Annotated[str | None, typer.Option(help="A policy, or its file, in place of changes.")] = None,
    baseline: Annotated[str, typer.Option(help="The policy with which it is compared.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications to average.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
    level: Level = "bureau",
    outcomes: Outcomes = "",
    lang: Lang = Language.en,
    format: Written = Format.table,
) -> None:
    """Try changes at once, in memory: what they move, with 95 % intervals. Nothing is kept."""
    from sim.authoring.together import left_alone
    from sim.scenario import InputError, load, load_policy, reform
    from sim.scenario.counts import number_of
    from sim.study.what_if import what_if as trial_of

    if bool(change) == bool(policy):
        remedy = "Give PATH=VALUE, as in pay.full_pay_threshold=90, or --policy NAME"
        raise InputError("changes or a policy must be given, and not both", remedy=remedy)
    read = load(scenario)
    tried = load_policy(read, policy or changes_of(change or ()))
    reform(read, tried)  # a mistake is told before anything is simulated
    with patience(
        f"simulating {scenario} {number_of(replications, 'time')} under {baseline} and under the change"
    ):
        trial = trial_of(read, baseline=baseline, replications=replications, seed=seed, behaviour=behaviour)
        table = trial.compare(tried, level, parts_of(outcomes) or None)
    _write(table, read, baseline, tried.name, bool(outcomes), lang, format)
    _tell_limits(table, read, load_policy(read, baseline), tried, lang, format)
    if format == Format.table:
        for path, value in left_alone(read, tried).items():
            say(f"note: {path} stays {value}")


def _write(
    table: pd.DataFrame,
    scenario: Scenario,
    baseline: str,
    policy: str,
    asked: bool,
    lang: Language,
    format: Format,
) -> None:
    """Write a comparison; a table leaves out, and counts, outcomes that are the same in every replication."""
    from sim.scenario.counts import number_of

    if format != Format.table:
        from sim.report.tables import csv_text

        text = csv_text(table) if format == Format.csv else table.to_json(orient="records", indent=1)
        print(text, end="")
        return
    shown = table if asked else table[~table["exact_zero"].astype(bool)]
    keys = [name for name in ("behaviour", "unit", "kind") if name in table.columns]
    chinese = lang == Language.zh
    named = headed([*keys, "outcome", "unit of value", "difference [95 %]", "this is"], lang)
    head = [*named[:-2], baseline, policy, *named[-2:]]
    called = {key: names_of(scenario, key, lang) for key in keys}
    rows = [
        [*(called[key].get(str(row[key]), str(row[key])) for key in keys), *_cells(row, scenario, lang)]
        for _, row in shown.iterrows()
    ]
    if rows:
        say_table([head, *rows])
    if same := len(table) - len(shown):
        say(f"其余 {same} 项指标毫无变化。" if chinese else f"{same} further outcomes are exactly the same.")
    count = int(table["n"].max()) if len(table) else 0
    say(
        f"{count} 次重复，同一随机数下逐对比较。各区间单独成立；报告对全部方案一并检验，判断更严。"
        if chinese
        else f"{number_of(count, 'replication')}, paired on common random numbers. Each interval "
        "holds by itself; reports "
        "test all rules together, and are stricter."
    )


def _tell_limits(
    table: pd.DataFrame, scenario: Scenario, baseline: Policy, policy: Policy, lang: Language, format: Format
) -> None:
    """Say where the two differ in the limit by which they are on time."""
    from sim.report.outcomes import BY_LIMIT, OWN_LIMITS, limits_differ
    from sim.report.words import pick
    from sim.scenario import reform

    moved = table.loc[~table["exact_zero"].astype(bool), "outcome"]
    if format != Format.table or not moved.isin(BY_LIMIT).any():
        return
    if limits_differ(reform(scenario, baseline), reform(scenario, policy)):
        say(pick(OWN_LIMITS, lang))


def headed(columns: list[str], lang: Language) -> list[str]:
    """The headings of a table."""
    return [_HEADINGS[name] for name in columns] if lang == Language.zh else columns


_HEADINGS = {
    "year": "年度",
    "behaviour": "人员行为",
    "unit": "单位",
    "kind": "事项",
    "outcome": "指标",
    "value": "数值",
    "unit of value": "计量单位",
    "difference [95 %]": "差异 [95%区间]",
    "this is": "判断",
}


def names_of(scenario: Scenario, key: str, lang: Language) -> dict[str, str]:
    """What the units, kinds or behaviours of a column are called: titles and labels, as in the reports."""
    from sim.report.behaviours import NAMES
    from sim.report.words import pick

    if key == "behaviour":
        return {name: pick(label, lang) for name, label in NAMES.items()}
    named: Mapping[str, Any] = scenario.units if key == "unit" else scenario.kinds
    return {name: pick(one.title, lang) for name, one in named.items()}


def _cells(row: pd.Series, scenario: Scenario, lang: Language) -> list[str]:
    """The label, the unit, both values, the difference with its interval, and which way it is."""
    from sim.report.words import change, judged, number, pick, standard_error
    from sim.rules.outcomes import OUTCOMES

    known = OUTCOMES[str(row["outcome"])]
    low, high = (float(row[side]) * known.scale for side in ("low", "high"))
    means = [float(row[name]) * known.scale for name in ("baseline", "policy_mean")]
    se = standard_error(low, high) or max(map(abs, means)) / 1e4  # of a difference that is always the same
    values = [number(mean, se=se) for mean in means]
    difference = change(float(row["difference"]) * known.scale, low, high, lang)
    unit = pick(known.unit_in(scenario.currency), lang)
    return [pick(known, lang), unit, *values, difference, pick(judged(known.better, low, high), lang)]
