"""Try and compare in memory: ``simulate``, ``neutral``, ``studio``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from .app import Format, Language, StudyName, app, studies_of
from .compare import Lang, Level, Outcomes, headed, names_of
from .endings import complain
from .make import parts_of
from .terminal import patience, say, say_table


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    policy: Annotated[str, typer.Option(help="A policy of the scenario, or its file.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answer to the rules.")] = "mechanical",
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
    level: Level = "bureau",
    outcomes: Outcomes = "",
    lang: Lang = Language.en,
) -> None:
    """Simulate one replication and print its outcomes: of the whole, or of each unit or kind of matter."""
    from sim.replication import simulate as engine
    from sim.report.words import number, pick
    from sim.rules.outcomes import OUTCOMES
    from sim.scenario import InputError, load
    from sim.scenario.errors import nearest

    read, asked = load(scenario), parts_of(outcomes)
    for name in asked:
        if name not in OUTCOMES:
            raise InputError(f"no outcome '{name}'", remedy=nearest(name, OUTCOMES))
    with patience(f"simulating {scenario} under {policy}"):
        found = engine(read, policy, behaviour=behaviour, seed=seed).outcomes
    told = found["value"].notna() & (found["month"] == 0)
    for side in ("unit", "kind", "person"):
        told &= (found[side] != "") if side == level else (found[side] == "")
    if asked:
        told &= found["outcome"].isin(asked)
    key = [] if level == "bureau" else [level]
    called = names_of(read, level, lang) if key else {}
    rows = [headed(["year", *key, "outcome", "value", "unit of value"], lang)]
    for _, row in found[told].iterrows():
        known, when = OUTCOMES[row["outcome"]], read.horizon.told(int(row["year"])) if row["year"] else "-"
        value, unit = number(row["value"] * known.scale), pick(known.unit_in(read.currency), lang)
        rows.append([when, *(called.get(row[one], row[one]) for one in key), pick(known, lang), value, unit])
    say_table(rows)


@app.command()
def neutral(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    policy: Annotated[str, typer.Argument(help="A policy of the scenario, or its file.")],
    parameter: Annotated[str, typer.Argument(help="Dotted path of the number to solve for.")],
    low: Annotated[
        float | None, typer.Option(help="Least value; the parameter's own bound if left out.")
    ] = None,
    high: Annotated[float | None, typer.Option(help="Greatest value, likewise.")] = None,
    baseline: Annotated[str, typer.Option(help="The policy whose cost is to be met.")] = "current",
    cost: Annotated[str, typer.Option(help="Which cost.")] = "pay_total",
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications to average.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
) -> None:
    """Solve for one parameter of a policy so that it costs as much as the baseline."""
    from sim.scenario.counts import number_of
    from sim.study.neutral import budget_neutral

    with patience(f"simulating {scenario} {number_of(replications, 'time')}, and solving for {parameter}"):
        result = budget_neutral(
            scenario,
            policy,
            parameter,
            low=low,
            high=high,
            baseline=baseline,
            cost=cost,
            replications=replications,
            seed=seed,
        )
    say(f"{parameter}: {result.value:.6g} ({result.confidence:.0%}: {result.low:.6g} to {result.high:.6g})")
    say(f"{cost}: {result.amount:,.0f} a year; {baseline}: {result.target:,.0f}")


@app.command()
def studio(
    study: StudyName,
    policy: Annotated[
        list[str] | None, typer.Option(help="A policy, or its file; several times for several.")
    ] = None,
    lever: Annotated[
        Literal["threshold", "slope", "level", "none"],
        typer.Option(help="What moves until costs are equal."),
    ] = "threshold",
    luck: Annotated[
        Literal["all", "measurement"],
        typer.Option(help="What counts as luck: all of a year's, or measurement alone."),
    ] = "all",
    behaviour: Annotated[
        str | None, typer.Option(help="The behaviour of the scores; the study's first if left out.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How it is written.")] = Format.table,
) -> None:
    """Compare pay schedules on the stored scores of a study, at equal expected cost."""
    import pandas as pd

    from sim.report.tables import csv_text
    from sim.report.words import number
    from sim.study.studio import studio as compared

    (several,) = studies_of([study])
    tables = []
    for opened in several:
        found = compared(opened, policy, lever=lever, luck=luck, behaviour=behaviour)
        if format != Format.table:
            for name, row in found.moved.iterrows():
                if row["note"]:
                    complain(f"{opened.called}: {name}: {row['note']}")
            tables.append(found.table.assign(study=opened.called) if len(several) > 1 else found.table)
            continue
        say_table([["schedule", "moved by", "slope", "cost", "note"], *_moved(found.moved, number)])
        rows = [["schedule", "measure", "value", "low", "high", "normal scores", "unit", "note"]]
        for name, measure, unit, *values, note in found.table.itertuples(index=False):
            rows.append([name, measure, *(number(float(value)) for value in values), unit, note])
        say_table(rows)
    if tables:
        whole = pd.concat(tables, ignore_index=True)
        if format == Format.csv:
            print(csv_text(whole), end="")
        else:
            print(whole.to_json(orient="records", force_ascii=False, indent=1))


def _moved(moved: Any, number: Any) -> list[list[str]]:
    """Return the rows that tell how far schedules moved until they cost what the baseline costs."""
    return [
        [str(name), number(row["by"]), number(row["slope"]), number(row["cost"]), row["note"]]
        for name, row in moved.iterrows()
    ]
