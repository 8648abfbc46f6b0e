"""Compute the sentences of a report from results, by fixed rules.

A recommendation needs an interval that lies wholly on the better side of the baseline, and a chance of at
least `SURE` that the rule is best, or within `margin` of the best, by the outcome that the study names first;
else the report says that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.evaluate.accuracy import first_highest, highest, levels
from sim.report.results import Results, outcome_of
from sim.report.words import LEAST_PRINTED, Text, chance, percent_interval
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SURE = 0.90
RESAMPLES = 2000
# What makes a difference in practice: half a percentage point of a share, a hundredth of anything else, and
# at least what a report prints.
_POINTS, _PART = 0.005, 0.01
_TOLD = 3  # rules that are named one by one
_RUNS, _YEARS = Text(en="runs", zh="次模拟"), Text(en="years", zh="个模拟年")


@dataclass(frozen=True)
class Verdict:
    """Which rule is best by `outcome`.

    ``policy`` is recommended, or None; ``focus`` is the alternative that the report looks at closely;
    ``good`` the chance of each rule to be best or within ``margin`` of the best.
    """

    outcome: str
    policy: str | None
    focus: str
    margin: float
    good: pd.Series


def judged_by(results: Results) -> str:
    """Return the first focus outcome that has a better side and was measured under every policy.

    Raises InputError where there is none, nor any that every scenario has.
    """
    times = "mean_processing_days" if results.in_years else "mean_wait_minutes"
    names = [*results.study.focus, "on_time_rate", times, "finished"]
    for name in names:
        if outcome_of(name).better != "neither" and not results.by_replication(name).empty:
            return name
    raise InputError(
        "no outcome that has a better side was measured under every policy of the study",
        remedy="Name one that was in the study's 'focus'",
    )


def verdict(results: Results, outcome: str | None = None) -> Verdict:
    """Determine the best rule by `outcome`, or by the study's first focus outcome.

    Whole replications are resampled for all policies together, which keeps their pairing; the years of a
    replication are averaged.
    """
    import numpy as np
    import pandas as pd

    outcome = outcome or judged_by(results)
    table, one = results.by_replication(outcome), outcome_of(outcome)
    way = 1 if one.better == "higher" else -1
    part = _POINTS if one.unit.en == "%" else _PART * abs(float(table[results.baseline].mean()))
    margin = max(part, LEAST_PRINTED / one.scale)
    draws = np.random.default_rng(0).integers(len(table), size=(RESAMPLES, len(table)))
    drawn = (way * table.to_numpy())[draws].mean(axis=1)  # (resamples, policies)
    good = pd.Series(highest(drawn, within=margin).mean(axis=0), index=results.policies)
    place = dict(zip(results.policies, levels(way * table.mean()), strict=True))
    others = sorted(results.alternatives, key=lambda name: -place[name])  # stable: ties in the study's order
    sure = [name for name in others if good[name] >= SURE and _gains(results, name, outcome)]
    chosen = sure[0] if sure and good[results.baseline] < SURE else None
    return Verdict(outcome, chosen, chosen or others[0], margin, good)


def _gains(results: Results, policy: str, outcome: str) -> bool:
    """Return whether the whole interval of the difference lies on the better side."""
    row = results.difference(policy, outcome)
    return row is not None and (row["low"] > 0 if outcome_of(outcome).better == "higher" else row["high"] < 0)


def answer(results: Results, found: Verdict) -> str:
    """Return the first line of a report."""
    outcome, n = results.outcome(found.outcome), len(results.policies)
    label = small(outcome)
    near = _measured(results, found.outcome, found.margin)
    row = None if found.policy is None else results.difference(found.policy, found.outcome)
    if found.policy is not None and row is not None:
        likely = chance(found.good[found.policy], results.lang)
        return results.text(
            f"Recommended by the {label}: {results.quoted(found.policy)}, {_from_to(results, row)}. "
            f"That it is the best of the {n} rules, or within {near} of the best, is {likely}.",
            f"就{outcome}而言，建议采用{results.quoted(found.policy)}：{_from_to(results, row)}。"
            f"它在{n}种方案中最优，或与最优相差不超过{near}：{likely}。",
        )
    if found.good[results.baseline] >= SURE:
        likely = chance(found.good[results.baseline], results.lang)
        worse = [name for name in results.alternatives if found.good[name] <= 1 - SURE]
        base = results.quoted(results.baseline)
        told = (
            ""
            if not worse
            else results.text(
                f" Clearly worse: {results.listed(worse)}.", f"明显较差的有{results.listed(worse)}。"
            )
        )
        return (
            results.text(
                f"No clear difference: that no alternative beats {base} by more than {near} in the {label} "
                f"is {likely}.",
                f"没有明显差别：就{outcome}而言，没有一种替代方案优于{base}{near}以上，{likely}。",
            )
            + told
        )
    nearest = first_highest(found.good)
    likely = chance(found.good[nearest], results.lang)
    return results.text(
        f"No recommendation: by the {label} no rule is better than {results.quoted(results.baseline)} "
        "beyond doubt and, "
        f"with a chance of 90% or more, the best or within {near} of the best. Nearest comes "
        f"{results.quoted(nearest)}: {likely}.",
        f"不作建议：就{outcome}而言，没有一种方案既确定优于{results.quoted(results.baseline)}，"
        "又以90%以上的把握最优或与最优"
        f"相差不超过{near}；最接近的是{results.quoted(nearest)}：{likely}。",
    )


def small(label: str) -> str:
    """Return a label in the form used within a sentence."""
    return label[0].lower() + label[1:]


def _from_to(results: Results, row: pd.Series) -> str:
    before, after = results.before_and_after(row)
    unit = "" if before.endswith("%") else " " + results.measure(row["outcome"])
    change = f"{results.change(row)} {results.measure(row['outcome'], difference=True)}"
    return results.text(
        f"from {before} to {after}{unit} ({change}; 95% interval)",
        f"由{before}到{after}{unit}（{change}，95%区间）",
    )


def _measured(results: Results, outcome: str, size: float) -> str:
    unit = results.measure(outcome, difference=True)
    return (
        f"{size * outcome_of(outcome).scale:.3g} {unit}"
        if results.lang == "en"
        else (f"{size * outcome_of(outcome).scale:.3g}{unit}")
    )


def sureness(results: Results, found: Verdict) -> list[str]:
    """State the confidence: the chances behind the answer, and the share of luck in a rank."""
    n = results.replications
    near = _measured(results, found.outcome, found.margin)
    good = [name for name in results.policies if found.good[name] >= SURE]
    others = sorted(
        (name for name in results.policies if name not in good), key=lambda name: -found.good[name]
    )
    chances = [(results.listed(good), chance(min(found.good[good]), results.lang))] if good else []
    chances += [(results.quoted(name), chance(found.good[name], results.lang)) for name in others[:_TOLD]]
    listed = results.text("; ", "；").join(f"{name} {likely}" for name, likely in chances)
    said = [
        results.text(
            f"To be the best by the {small(results.outcome(found.outcome))}, or within {near} of the best: "
            f"{listed}.",
            f"就{results.outcome(found.outcome)}而言最优，或与最优相差不超过{near}：{listed}。",
        ),
        results.text(
            f"Each rule met the same citizens in {n} replications{_of_years(results)}; intervals hold the "
            "luck of demand, work and inspections, not the doubt about the assumed numbers.",
            f"每种方案都面对同样的办事群众，重复模拟{n}次{_of_years(results)}；区间反映来件、办理和抽查的偶然性，"
            "不含假定数值本身的不确定。",
        ),
    ]
    if bottom_count(results):
        said.append(_luck(results))
    return said


def bottom_count(results: Results) -> int:
    """Return how many units are named as the bottom under the baseline; 0 if none."""
    assessment = results.study.scenario.assessment
    if assessment is None or not results.has("bottom", "unit", under=[results.baseline]):
        return 0
    return assessment.bottom_count


def _of_years(results: Results) -> str:
    """State the length of a replication if it exceeds one year."""
    years = len(results.calendar_years)
    if years == 1:
        return ""
    return results.text(
        f" of {years} years each (their mean counts once, for they share backlog and people)",
        f"、每次{years}年（积存件和人员前后相继，故各年平均后只算一次）",
    )


def _luck(results: Results) -> str:
    """Describe how the names at the bottom change from year to year."""
    shares = results.bottom_shares()
    ever, often = int((shares["share"] > 0).sum()), int((shares["share"] >= 0.9).sum())
    count = bottom_count(results)
    first = shares.iloc[0]
    bounds = percent_interval(first["share"], first["low"], first["high"], se=0.05)
    rule, name = results.quoted(results.baseline), results.unit(shares.index[0])
    noun = _YEARS if results.in_years else _RUNS
    return results.text(
        f"Luck in the ranks: under {rule}, the {count} places at the bottom went to {ever} different units "
        f"in {results.years} simulated {noun.en}; {often or 'none'} of them {'is' if often == 1 else 'are'} "
        f"there in nine of ten. Most often it is {name}, in {first['times']:.0f} of {results.years} "
        f"({bounds}).",
        f"名次中的运气：在{rule}下，{results.years}{noun.zh}里有{ever}个不同单位进入末{count}位，"
        f"其中{often}个单位十次有九次以上如此；最常见的是{name}，"
        f"{results.years}次中有{first['times']:.0f}次（{bounds}）。",
    )


def next_step(results: Results, found: Verdict) -> list[str]:
    """State what to do with the answer."""
    said = []
    if found.policy is None and found.good[results.baseline] < SURE:
        said.append(
            results.text(
                f"Run more replications than {results.replications} of the rules that lead, before any "
                "is chosen.",
                f"先对领先的方案增加重复模拟次数（现为{results.replications}次），再作取舍。",
            )
        )
    said.append(
        results.text(
            "Put the bureau's own records in place of the assumed numbers above, the first ones first, and "
            f"run the study again: sim run {results.study.called}, then sim report {results.study.called}.",
            "用本局的实际记录替换上列假定数值（按所列次序），再运行一遍："
            f"sim run {results.study.called}，sim report {results.study.called}。",
        )
    )
    if len(results.sides) > 1:
        said.append(
            results.text(
                "Before a rule is chosen, find out how strongly people answer to it: where the behaviours "
                "disagree, that decides.",
                "在选定规则之前，须先了解人员应对规则的强弱：各种行为下结论不同之处，取决于此。",
            )
        )
    elif any(results.touched(name) == {"pay"} for name in results.alternatives):
        said.append(
            results.text(
                "Before a pay rule is chosen, find out how people answer to it; this study cannot tell.",
                "在选定工资规则之前，须先了解人员会如何应对；本研究不能回答。",
            )
        )
    return said


def incomplete(results: Results) -> str | None:
    """Return a warning if results are missing, else None."""
    planned, sides = results.study.replications, results.sides
    absent = [name for name in results.study.policies if any(name not in side.policies for side in sides)]
    lacking = [name for name in results.study.file.behaviours if name not in {s.behaviour for s in sides}]
    done = min(side.replications for side in sides)
    if done >= planned and not absent and not lacking:
        return None
    listed = results.listed(absent)
    behaviours = results.text(", ", "、").join(lacking)
    return results.text(
        f"Not complete: {done} of {planned} replications are computed"
        + (f", and none of {listed}" if absent else "")
        + (f"; nothing under the behaviour {behaviours}." if lacking else "."),
        f"结果不完整：已完成{done}次模拟，计划{planned}次"
        + (f"；{listed}尚无结果" if absent else "")
        + (f"；行为{behaviours}下尚无结果。" if lacking else "。"),
    )
