"""Describe the assumptions of each behaviour, and whether an answer holds under the others.

A study of one behaviour is told as if there were no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import findings
from sim.report.results import Results
from sim.report.words import Text, number, pick
from sim.scenario.counts import number_of

if TYPE_CHECKING:
    from sim.report.findings import Choice

_IF = {  # the assumption as a condition
    "mechanical": Text(
        en="If people work the same way under every rule",
        zh="假定人员工作方式不随规则改变",
    ),
    "responsive": Text(
        en="If people respond to the rule",
        zh="假定人员随规则调整工作",
    ),
    "learning": Text(
        en="If units learn by trial from year to year",
        zh="假定各单位逐年试探、从结果中学习",
    ),
}
NAMES = {  # as reports and documentation call them
    "mechanical": Text(en="no response", zh="不作反应"),
    "responsive": Text(en="response to the rule", zh="随规则调整"),
    "learning": Text(en="learning by trial", zh="逐年试探"),
}
_ASSUMED = {
    "mechanical": Text(
        en="no response. Nobody works faster or slower, comes or goes, because of a score, a rank or pay.",
        zh="不作反应。人员不因得分、名次或工资改变工作快慢，也不因此去留。",
    ),
    "responsive": Text(
        en="response to the rule. People know the rules and their own office, and plan the year: each month "
        "a unit looks at where its score is heading, and chooses the effort that is best for the rest of the "
        "year; attention, the order of work and what is recorded follow. What effort costs is assumed.",
        zh="随规则调整。人员了解规则和本单位情况，并对全年作出打算：各单位每月看得分的走势，选定对全年余下时间最"
        "有利的努力程度，精力分配、办件次序和登记口径随之调整。努力的成本是假定的。",
    ),
    "learning": Text(
        en="learning by trial. Units do not know the rule's schedule; they try more or less effort from year "
        "to year and keep what paid.",
        zh="逐年试探。各单位不了解规则的兑现办法，逐年试探努力的多少，保留有利的做法。",
    ),
}


def title(results: Results) -> str:
    """Return the behaviour as a heading: ``Response to the rule``, ``人员随规则调整``."""
    name = pick(NAMES[results.behaviour], results.lang)
    return results.text(name.capitalize(), f"人员{name}")


def condition(results: Results) -> str:
    """Return the behaviour as the beginning of a sentence."""
    return pick(_IF[results.behaviour], results.lang)


def answer(results: Results, found: Choice) -> str:
    """Return the first line of a report: the answer, and whether it holds under the study's other
    behaviours.
    """
    alone = findings.answer(results, found)
    first, *others = results.sides
    if not others:
        return alone
    colon = results.text(": ", "：")
    said = [f"{condition(first)}{colon}{_begun(alone, results.lang)}"]
    said += [f"{condition(other)}{colon}{holds(results, found, other)}" for other in others]
    return results.text(" ", "").join(said)


def _begun(sentence: str, lang: str) -> str:
    """Return a sentence in the form that follows a colon."""
    return sentence[0].lower() + sentence[1:] if lang == "en" else sentence


def holds(results: Results, found: Choice, other: Results) -> str:
    """State whether the answer under one behaviour holds under another, and if not, the other answer."""
    if not other.everywhere(found.outcome):
        return results.text("it was not measured.", "未测得该指标。")
    theirs = findings.choice(other, found.outcome)
    label = results.text(findings.small(results.outcome(found.outcome)), results.outcome(found.outcome))
    told = _begun(findings.answer(other, theirs), results.lang)
    if kind(found, results) != kind(theirs, other):
        if found.policy is None or theirs.policy is not None:
            return results.text(f"that does not hold; {told}", f"上述结论不成立；{told}")
        there = _effect(other, found)
        return results.text(
            f"that does not hold: there {results.quoted(found.policy)} changes it by {there}; {told}",
            f"上述结论不成立：{results.quoted(found.policy)}的作用为{there}；{told}",
        )
    if found.policy is None:
        return results.text(
            f"that holds, too: by the {label} {_same(results, found, theirs)}.",
            f"上述结论同样成立：就{label}而言，{_same(results, found, theirs)}。",
        )
    there, cost = _effect(other, found), findings.cost(other, found.policy)
    return results.text(
        f"that holds, too: {results.quoted(found.policy)} is recommended there as well ({there}). {cost}",
        f"上述结论同样成立：仍建议采用{results.quoted(found.policy)}（{there}）。{cost}",
    )


def _effect(other: Results, found: Choice) -> str:
    """Describe the effect of the recommended policy under another behaviour."""
    row = None if found.policy is None else other.difference(found.policy, found.outcome)
    if row is None:
        return other.text("no difference that was measured", "未测得差别")
    change = f"{other.change(row)} {other.measure(found.outcome, difference=True)}"
    return other.text(f"{change}, 95% interval", f"{change}，95%区间")


def _same(results: Results, found: Choice, theirs: Choice) -> str:
    if kind(found, results) == "none better":
        return results.text("no alternative is clearly better", "没有一种替代方案明显更优")
    nearest = results.quoted(theirs.focus)
    return results.text(
        f"no rule is certainly better (nearest comes {nearest})",
        f"没有一种方案确定更优（最接近的是{nearest}）",
    )


def which(results: Results) -> list[str]:
    """Name the behaviour of the exhibits that do not state one."""
    if len(results.sides) < 2:
        return []
    name = title(results)
    return [
        results.text(
            f"Tables and figures that do not set the behaviours side by side assume {findings.small(name)}.",
            f"未按人员行为分列的图表，均为{name}时的结果。",
        )
    ]


def kind(found: Choice, results: Results) -> str:
    """Classify an answer: the policy it recommends, none better, or doubt."""
    if found.policy is not None:
        return found.policy
    return "none better" if found.table["good"][results.baseline] else "doubt"


def assumed(results: Results) -> list[str]:
    """State the assumptions about people under each behaviour of the study."""
    head = results.text("People's behaviour: ", "人员行为：")
    said = [head + pick(_ASSUMED[side.behaviour], results.lang) for side in results.sides]
    return [*said, *(doubt for side in results.sides for doubt in _of_their_office(side))]


def _of_their_office(results: Results) -> list[str]:
    """Say how well people know their usual score, which no interval holds."""
    if not results.has("usual_error", "unit", under=[results.baseline]):
        return []
    error = results.means("unit", "usual_error", results.baseline)["mean"]
    trials = results.rules(results.baseline).behaviour.trials.at_least
    typical, greatest = number(error.median()), number(error.max())
    return [
        results.text(
            f"What people know of their own office rests on {number_of(trials, 'trial')} of a "
            "year: the standard error of "
            f"a usual score is {typical} points in the middle of units, {greatest} at most. No interval "
            "holds this doubt; more trials lessen it.",
            f"人员对本单位的了解来自{trials}次年度试算，通常得分的标准误居中为{typical}分，最大{greatest}分。"
            "各区间均未计入这一误差；增加试算次数可使其减小。",
        )
    ]


def shortly(results: Results) -> str:
    """State in one sentence how people behave in the numbers of a page, for readers without time."""
    said = {
        "mechanical": results.text(
            "People work the same way under every rule.", "人员工作方式不随规则改变。"
        ),
        "responsive": results.text(
            "People know the rules and put in the effort that pays best; what effort costs is assumed.",
            "人员了解规则，按得失调整努力程度，努力的成本为假定。",
        ),
        "learning": results.text(
            "Units try more or less effort from year to year and keep what paid.",
            "各单位逐年试探努力程度，保留有利做法。",
        ),
    }
    return said[results.behaviour]


def calendar(results: Results) -> list[str]:
    """State which years have unknown make-up days, if any."""
    from sim.scenario.calendar import calendar_of, unannounced

    if not results.in_years:
        return []
    days = calendar_of(results.study.scenario)
    unknown = unannounced(days.rules, days.first, days.date(days.days - 1))
    if not unknown:
        return []
    listed = results.text(", ", "、").join(str(year) for year in unknown)
    return [
        results.text(
            f"Calendar: holidays and make-up working days of {listed} were not announced when this was made. "
            "Only the statutory holidays are off there, and no weekend is worked.",
            f"工作日历：制作本报告时{listed}年的放假调休安排尚未公布，只按法定节假日放假，不作周末补班。",
        )
    ]
