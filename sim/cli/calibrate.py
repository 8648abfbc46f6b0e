"""Fit assumed numbers to what an office has observed: ``calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import Language, app
from .compare import Lang
from .endings import FAILED, fail, stop_code
from .make import parts_of
from .terminal import say, say_table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.calibrate import Calibration


@app.command()
def calibrate(
    scenario: Annotated[str, typer.Argument(help="Its name under scenarios/, or its folder.")],
    targets: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="A .csv with columns outcome, value; unit, kind, month, error if needed. Or the scenario's "
            "workbook, with these in its sheet targets.",
        ),
    ],
    numbers: Annotated[
        str,
        typer.Option(metavar="PATH,…", help="Assumed numbers that are fitted, no more than totals."),
    ],
    policy: Annotated[str, typer.Option(help="The rules under which it was observed.")] = "current",
    behaviour: Annotated[str, typer.Option(help="How people answered to them.")] = "mechanical",
    waves: Annotated[int, typer.Option(min=0, help="How often points are added where the fit is best.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all processors if left out.")] = None,
    lang: Lang = Language.en,
) -> None:
    """Find the values of assumed numbers that give what an office has observed. Interrupting is safe."""
    from sim.authoring.workbook import read_sheet
    from sim.scenario import load
    from sim.study.calibrate import calibrate as calibrated
    from sim.study.run import RunError

    opened = load(scenario)
    try:
        found = calibrated(
            opened,
            read_sheet(targets) if targets.suffix.lower() in (".xlsx", ".xlsm") else targets,
            parts_of(numbers),
            policy=policy,
            behaviour=behaviour,
            waves=waves,
            seed=seed,
            workers=workers,
            tell=say,
        )
    except RunError as error:
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        fail("interrupted: what was finished is kept; run again to go on", stop_code())
    _say(found, opened, lang is Language.zh)
    if not waves:
        say(
            "未增补取值点（--waves 0）：一年的随机波动按原值估计，所得范围包含真值的机会低于95%，"
            "仅供初步参考。"
            if lang is Language.zh
            else "No points were added (--waves 0): the luck of a year is that of the values as given, and "
            "the set holds the truth less often than 95 %. Take it as a first look only."
        )


def _say(found: Calibration, scenario: Scenario, zh: bool) -> None:
    from sim.scenario.counts import number_of
    from sim.study.calibrate import HARDLY

    say_table(_numbers(found, zh))
    say("")
    say_table(_targets(found, scenario, zh))
    say("")
    off = found.targets[found.targets["p_value"] < 0.05 / len(found.targets)]
    if not found.possible:
        worst = ", ".join(off.index) or str(found.targets["p_value"].idxmin())
        say(
            f"在上述范围内，任何取值均不能得出所录数据（p = {found.p_value:.2g}）。差距最大：{worst}。"
            if zh
            else f"No values in these ranges give what was observed (p = {found.p_value:.2g}). "
            f"Farthest off: {worst}."
        )
    else:
        outside = found.targets[
            ~found.targets["observed"].between(found.targets["low"], found.targets["high"])
        ]
        if len(outside):
            listed = ", ".join(outside.index)
            say(
                f"以下实际数不在模型一年可得范围（95%）之内：{listed}。"
                if zh
                else f"Outside what 95 % of the model's years bring: {listed}."
            )
    hardly = ", ".join(found.numbers.index[found.numbers["told"] < HARDLY])
    if hardly:
        say(f"所录数据几乎不能说明：{hardly}。" if zh else f"The totals tell hardly anything of: {hardly}.")
    pairs = {
        tuple(sorted((name, other)))
        for name, others in found.numbers["together_with"].items()
        for other in filter(None, others.split(", "))
    }
    for one, other in sorted(pairs):
        say(
            f"{one}与{other}只能合并确定：一项较大时，另一项随之变化。"
            if zh
            else f"{one} and {other} are told only together: a change of one makes up for the other."
        )
    say(
        f"共模拟{found.simulated}次。可信取值存于 {found.folder}，敏感性分析时引用：--within {found.folder}"
        if zh
        else f"{number_of(found.simulated, 'replication')}. The set is in {found.folder}; "
        f"a sensitivity run takes it up: --within {found.folder}"
    )


def _numbers(found: Calibration, zh: bool) -> list[list[str]]:
    from sim.report.words import number, percent

    rows = [
        ["参数", "原值", "假定范围", "可信范围（95%）", "中位数", "已排除的范围"]
        if zh
        else ["number", "given", "range assumed", "plausible [95 %]", "median", "of the range ruled out"]
    ]
    for name, row in found.numbers.iterrows():
        se = max(row["high"] - row["low"], 1e-9 * max(abs(row["high"]), 1e-9)) / 4
        low, high, middle = (number(row[one], se=se) for one in ("low", "high", "median"))
        given, least, most = (f"{row[one]:g}" for one in ("given", "range_low", "range_high"))
        rows.append(
            [str(name), given, f"{least}–{most}", f"{low}–{high}", middle, percent(row["told"], se=0.01)]
        )
    return rows


def _targets(found: Calibration, scenario: Scenario, zh: bool) -> list[list[str]]:
    from sim.report.words import number, pick
    from sim.rules import OUTCOMES

    from .compare import names_of

    lang = Language.zh if zh else Language.en
    units, kinds = (names_of(scenario, key, lang) for key in ("unit", "kind"))
    rows = [
        ["所录数据", "计量单位", "所录值", "模型一年可得（95%）", "偏离（标准差）"]
        if zh
        else ["total", "unit", "observed", "a year of the model [95 %]", "off by (sd)"]
    ]
    for _, row in found.targets.iterrows():
        known = OUTCOMES[row["outcome"]]
        month = (f"{row['month']}月" if zh else f"month {row['month']}") if row["month"] else ""
        where = [one for one in (units.get(row["unit"]), kinds.get(row["kind"]), month) if one]
        place = (f"（{'，'.join(where)}）" if zh else f" ({', '.join(where)})") if where else ""
        name = pick(known, lang) + place
        se = max(row["high"] - row["low"], 1e-9) * row["scale"] / 4
        low, high = (number(row[one] * row["scale"], se=se) for one in ("low", "high"))
        observed = f"{row['observed'] * row['scale']:,.6g}"
        unit = pick(known.unit_in(scenario.currency), lang)
        rows.append([name, unit, observed, f"{low}–{high}", f"{abs(row['misses']):.1f}"])
    return rows
