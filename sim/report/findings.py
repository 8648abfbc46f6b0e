"""Compute the sentences of a report from results, by fixed rules.

Two words are kept apart, as `sim.evaluate.choose` defines them. A rule is *recommended over* the baseline if
the interval of its difference excludes zero on the better side, and the difference is more than the margin.
A rule is *selected* if with a confidence of 95 % it is the best, or within the margin of the best. All rules
and behaviours of the study are one family. What a rule costs stands beside what it brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.evaluate.accuracy import first_highest
from sim.report.once import once
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.words import LEAST_PRINTED, Text, bottom, chance, interval, percent_interval, pick, signed
from sim.scenario.calendar import span_of
from sim.scenario.counts import number_of
from sim.scenario.currency import words

if TYPE_CHECKING:
    import pandas as pd

_MOST = 1_000_000  # replications; what needs more is not to be had
_RUNS, _YEARS = Text(en="runs", zh="次模拟"), Text(en="years", zh="个模拟年")


@dataclass(frozen=True)
class Choice:
    """Which rule is to be taken by `outcome`.

    ``policy`` is recommended over the baseline, or None; ``selected`` is within ``margin`` of the best of
    all, or None; ``focus`` is the alternative that the report looks at closely. ``table`` is that of
    `sim.evaluate.choose.choose`, by policy.
    """

    outcome: str
    policy: str | None
    selected: str | None
    focus: str
    margin: float
    table: pd.DataFrame

    def those(self, what: str) -> list[str]:
        """Return the rules of which a column of ``table`` is true."""
        return list(self.table.index[self.table[what].astype(bool)])


@once
def judged_by(results: Results) -> str:
    """Return the outcome that answers the study, see `sim.study.choices.main_outcome`."""
    from sim.study.choices import main_outcome

    return main_outcome(results.study, results.rows("bureau"))


@once
def choice(results: Results, outcome: str | None = None) -> Choice:
    """Choose a rule by `outcome`, or by the study's main outcome."""
    from sim.evaluate.choose import choose, zone

    outcome = outcome or judged_by(results)
    one = outcome_of(outcome)
    mean = float(results.level("bureau", outcome).query("policy == @results.baseline")["value"].mean())
    margin = max(zone(outcome, mean), LEAST_PRINTED / one.scale)
    table = choose(
        results.rows("bureau"),
        outcome,
        results.baseline,
        policies=results.policies,
        delta=margin,
        family=len(results.sides),
    ).set_index("policy")
    way = 1 if one.better == "higher" else -1
    changes = results.differences()
    moving = set(changes.loc[~changes["exact_zero"].astype(bool), "policy"])
    first = sorted(
        results.alternatives, key=lambda name: name not in moving
    )  # of equal ones, who moves anything
    best = first_highest(way * table.loc[first, "mean"])
    recommended = table.index[table["recommended"].astype(bool)]
    policy = first_highest(way * table.loc[recommended, "mean"]) if len(recommended) else None
    selected = next(iter(table.index[table["selected"].astype(bool)]), None)
    return Choice(outcome, policy, selected, policy or best, margin, table)


def answer(results: Results, found: Choice) -> str:
    """Return the first line of a report."""
    outcome, near = results.outcome(found.outcome), measured(results, found.outcome, found.margin)
    label, base = small(outcome), results.quoted(results.baseline)
    if found.table["n"].max() < 2:
        return results.text(
            "No recommendation: one replication tells nothing of luck. Run two or more.",
            "不作建议：只有一次模拟，无法判断偶然性，至少需模拟两次。",
        )
    if found.policy is not None:
        name = results.quoted(found.policy)
        first = results.text(
            f"Recommended over {base} by the {label}: {name}, {_from_to(results, found, found.policy)}. ",
            f"就{outcome}而言，建议以{name}取代{base}：{_from_to(results, found, found.policy)}。",
        )
        rest = (_rank(results, found, found.policy), cost(results, found.policy))
        return first + results.text(" ", "").join(rest)
    if found.table["good"][results.baseline]:
        worse = [name for name in results.alternatives if _worse(found, name)]
        told = (
            ""
            if not worse
            else results.text(
                f" Clearly worse: {results.listed(worse)}.", f"明显较差的有{results.listed(worse)}。"
            )
        )
        return (
            results.text(
                f"With a confidence of 95%, no rule betters the {label} of {base} by more than {near}.",
                f"就{outcome}而言，没有一种方案优于{base}{near}以上（置信水平95%）。",
            )
            + told
        )
    nearest = results.quoted(found.focus)
    told = results.text(
        f"No rule is recommended: by the {label} none is certainly better than {base} by more than {near}. "
        f"The nearest is {nearest}, {_from_to(results, found, found.focus)}. ",
        f"不作建议：就{outcome}而言，没有一种方案确定优于{base}{near}以上。"
        f"最接近的是{nearest}：{_from_to(results, found, found.focus)}。",
    )
    return told + cost(results, found.focus)


def _worse(found: Choice, policy: str) -> bool:
    """Return whether a rule is worse with its whole interval, and by more than the margin."""
    row = found.table.loc[policy]
    higher = outcome_of(found.outcome).better == "higher"
    return bool((row["high"] < 0 if higher else row["low"] > 0) and abs(row["difference"]) > found.margin)


def _rank(results: Results, found: Choice, policy: str) -> str:
    """Say whether a recommended rule is the selected one, or which other is, or that this is open."""
    near = measured(results, found.outcome, found.margin)
    if found.selected == policy or found.table["good"][policy]:
        return results.text(
            f"It is selected, too: with a confidence of 95% no other rule is better by more than {near}.",
            f"该方案同时入选：没有其他方案优于它{near}以上（置信水平95%）。",
        )
    if found.selected is not None:
        other = results.quoted(found.selected)
        return results.text(f"Selected as the best of all is {other}.", f"各方案中入选最优的是{other}。")
    rivals = [name for name in found.those("may_be_best") if name != policy]
    return results.text(
        f"Whether it is the best of all is open: {results.listed(rivals)} may be better.",
        f"它是否最优尚不能确定：{results.listed(rivals)}也可能更好。",
    )


def cost(results: Results, policy: str) -> str:
    """State what a rule costs more than the baseline: people, their full pay, and the pay received."""
    posts, money = results.study.posts, pick(words(results.study.scenario.currency), results.lang)
    heads, pay = posts["headcount_change"][policy], posts["payroll_change"][policy]
    paid = results.difference(policy, "pay_total")
    received = paid is not None and not paid["exact_zero"]
    if not heads and not round(pay) and not received:
        return results.text("It costs no more posts and no more pay.", "不增加岗位，也不增加工资支出。")
    said = []
    if heads or round(pay):
        said = [
            results.text(f"people {signed(heads)}", f"人员{signed(heads)}人"),
            results.text(
                f"full pay of all posts {signed(pay)} {money} a year",
                f"全部岗位全额工资每年{signed(pay)}{money}",
            ),
        ]
    if received and paid is not None:
        change = interval(paid["difference"], paid["low"], paid["high"], signed=True)
        said.append(results.text(f"pay received {change} {money} a year", f"实发工资每年{change}{money}"))
    listed = results.text(", ", "，").join(said)
    return results.text(f"What it costs: {listed}.", f"所需成本：{listed}。")


def small(label: str) -> str:
    """Return a label in the form used within a sentence."""
    return label[0].lower() + label[1:]


def _from_to(results: Results, found: Choice, policy: str) -> str:
    """Describe a rule's difference with the interval that holds together with all others of its family."""
    row = found.table.T[policy].copy()
    row["outcome"], row["policy_mean"] = found.outcome, row["mean"]
    row["baseline"] = found.table["mean"][results.baseline]
    row["exact_zero"] = row["difference"] == row["low"] == row["high"] == 0
    before, after = results.before_and_after(row)
    unit = "" if before.endswith("%") else " " + results.measure(found.outcome)
    change = results.change(row)
    if not row["exact_zero"]:
        change += f" {results.measure(found.outcome, difference=True)}"
    verb = "提高到" if row["difference"] > 0 else "降低到" if row["difference"] < 0 else "到"
    return results.text(
        f"from {before} to {after}{unit} ({change}; 95% simultaneous interval)",
        f"由{before}{verb}{after}{unit}（{change}，95%联合区间）",
    )


def measured(results: Results, outcome: str, size: float) -> str:
    unit = results.measure(outcome, difference=True)
    return (
        f"{size * outcome_of(outcome).scale:.3g} {unit}"
        if results.lang == "en"
        else (f"{size * outcome_of(outcome).scale:.3g}{unit}")
    )


def sureness(results: Results, found: Choice) -> list[str]:
    """State the confidence: which rules are good, which are ruled out, and the share of luck in a rank."""
    n, sides = results.replications, len(results.sides)
    under = Text(en=f" under {sides} behaviours", zh=f"和{sides}种行为") if sides > 1 else Text(en="", zh="")
    near, label = measured(results, found.outcome, found.margin), results.outcome(found.outcome)
    good = found.those("good")
    rivals = found.those("may_be_best")
    out = [name for name in results.policies if name not in rivals and name not in good]
    best, others = results.listed(good or rivals), results.listed(out)
    if good:
        parts = [results.text(f"within {near} of the best {best}", f"与最优相差不超过{near}的有{best}")]
    else:
        parts = [results.text(f"the best is one of {best}", f"最优者在{best}之中")]
    if out:
        parts.append(results.text(f"not the best {others}", f"不是最优的有{others}"))
    said = [
        results.text(
            f"By the {small(label)}, with a confidence of 95%: {'; '.join(parts)}.",
            f"就{label}而言（置信水平95%）：{'；'.join(parts)}。",
        ),
        *_more(results, found),
        results.text(
            f"The intervals of the answer hold together for all {len(results.policies)} rules"
            f"{under.en}; elsewhere each interval is for itself.",
            f"结论所附区间对全部{len(results.policies)}种方案{under.zh}同时成立；其余图表的区间各自单独成立。",
        ),
        results.text(
            "Each rule met the same citizens in "
            f"{number_of(n, 'replication')}{_of_years(results)}; intervals hold the "
            "luck of demand, work and inspections, not the doubt about the assumed numbers.",
            f"每种方案都面对同样的办事群众，重复模拟{n}次{_of_years(results)}；区间反映来件、办理和抽查的偶然性，"
            "不含假定数值本身的不确定。",
        ),
        *_goals(results),
    ]
    if bottom_count(results):
        said.append(_luck(results))
    return said


def _more(results: Results, found: Choice) -> list[str]:
    """Say how many replications of which rules would settle what is best, where that is open."""
    if found.selected is not None:
        return []
    left = found.table[found.table["needed"] > found.table["n"]]
    most = left["needed"].max()
    if left.empty or most > _MOST:
        return []
    return [
        results.text(
            f"To select the best takes up to {most:,.0f} replications of {results.listed(list(left.index))} "
            "(Kim and Nelson's procedure).",
            f"要选定最优方案，{results.listed(list(left.index))}至多需模拟{most:,.0f}次（Kim–Nelson方法）。",
        )
    ]


def _goals(results: Results) -> list[str]:
    """Say which rules no other beats in service, cost and fairness at once, with their probabilities."""
    from sim.evaluate import undominated
    from sim.study.choices import goals

    named = goals(results.study, results.rows("bureau"))
    if len(named) < 2:
        return []
    table = undominated(results.rows("bureau"), named, policies=results.policies).set_index("policy")
    labels = results.text("; ", "、").join(small(results.outcome(name)) for name in named)
    shown = table[table["undominated"].astype(bool)]["probability"]
    space = results.text(" ", "")
    listed = results.text(", ", "、").join(
        results.quoted(str(name)) + ("" if share != share else space + chance(share, results.lang))
        for name, share in shown.items()
    )
    beaten = [str(name) for name in table.index[~table["undominated"].astype(bool)]]
    rest = results.text(
        f" Dominated: {results.listed(beaten)}.", f"被其他方案全面超过的有{results.listed(beaten)}。"
    )
    return [
        results.text(
            f"Taking {labels} together, no other rule is better in all: {listed}.",
            f"综合{labels}，未被其他方案全面超过的有：{listed}。",
        )
        + (rest if beaten else "")
    ]


def bottom_count(results: Results) -> int:
    """Return how many units are named as the bottom under the baseline; 0 if none."""
    assessment = results.study.scenario.assessment
    if assessment is None or not results.has("bottom", "unit", under=[results.baseline]):
        return 0
    return assessment.bottom_count


def _of_years(results: Results) -> str:
    """State the length of a replication unless it is one year."""
    if not results.in_years:
        days = span_of(results.study.scenario)[1]
        return results.text(f" of {number_of(days, 'day')} each", f"、每次{days}天")
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
    count, years, first = bottom_count(results), results.years, shares.iloc[0]
    bounds = percent_interval(first["share"], first["low"], first["high"], se=0.05)
    rule, name = results.quoted(results.baseline), results.unit(shares.index[0])
    noun = _YEARS if results.in_years else _RUNS
    place = bottom(count)
    if ever == count:
        same = results.text(", ", "、").join(results.unit(unit) for unit in shares.index[:count])
        return results.text(
            f"Under {rule}, {same} {'was' if count == 1 else 'were'} {place.en} in all {years} simulated "
            f"{noun.en}.",
            f"{rule}下，{same}在全部{years}{noun.zh}中均列{place.zh}。",
        )
    return results.text(
        f"Luck in the ranks: under {rule}, {ever} different units were {place.en} in {years} simulated "
        f"{noun.en}, {often or 'none'} of them in nine of ten. Most often it was {name}, in "
        f"{first['times']:.0f} ({bounds}).",
        f"名次中的偶然因素：{rule}下，{years}{noun.zh}中先后有{ever}个单位列入{place.zh}，"
        f"其中{f'{often}个' if often else '没有'}单位十次有九次以上如此；最常见的是{name}，"
        f"有{first['times']:.0f}次（{bounds}）。",
    )


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
