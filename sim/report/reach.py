"""State which groups of outcomes each policy leaves unchanged."""

from __future__ import annotations

from sim.report import behaviours, findings
from sim.report.results import Results
from sim.report.words import pick, signed
from sim.scenario.currency import words


def not_applied(results: Results) -> list[str]:
    """Name the policies that were asked for and do not apply to the scenario, and why."""
    return [
        results.text(
            f"Policy '{name}' does not apply to this scenario: {why.en}.",
            f"方案“{name}”不适用于本情景（{why.zh}）。",
        )
        for name, why in results.study.left_out.items()
    ]


def untouched(results: Results) -> list[str]:
    """What policies leave untouched, said plainly: pay rules move pay, and why nothing else here."""
    groups: dict[frozenset[str], list[str]] = {}
    for name in results.alternatives:
        groups.setdefault(frozenset(results.touched(name)), []).append(name)
    said = []
    for touched, names in groups.items():
        listed, one = results.listed(names), len(names) == 1
        if touched == {"pay"}:
            said.append(
                results.text(
                    f"{listed} {'changes' if one else 'change'} pay and nothing else: not one request is "
                    f"finished sooner or later. {_mechanical(results)}",
                    f"{listed}只改变工资，其他一概不变：没有一件办得更快或更慢。{_mechanical(results)}",
                )
            )
        elif touched == {"ranks"}:
            said.append(
                results.text(
                    f"{listed} {'changes' if one else 'change'} who is ranked among the bottom, and neither "
                    f"service nor scores nor pay{_here(results)}.",
                    f"{listed}只改变末位名单，服务、得分和工资都不变{_here(results)}。",
                )
            )
        elif not touched:
            said.append(
                results.text(
                    f"{listed} {'changes' if one else 'change'} nothing at all{_here(results)}: every number "
                    "is the baseline's.",
                    f"{listed}没有带来任何变化{_here(results)}：每个数都与基准相同。",
                )
            )
    return said


def limits(results: Results) -> list[str]:
    """State which policies set other time limits, by which their own on-time rate is measured."""
    if not (others := results.other_limits):
        return []
    base, listed, one = results.quoted(results.baseline), results.listed(others), len(others) == 1
    return [
        results.text(
            f"{listed} {'has' if one else 'have'} other time limits than {base}. On time means within each "
            "rule's own limit, so that a stricter limit by itself lowers the rate.",
            f"{listed}的办理时限与{base}不同。按时办结率均按各方案自身时限计算，时限收紧本身即会使该比率降低。",
        )
    ]


def posts(results: Results) -> list[str]:
    """State each policy's change in headcount and pay, one sentence each; or that there is none."""
    money = pick(words(results.study.scenario.currency), results.lang)
    said = []
    for name in results.alternatives:
        table = results.study.posts
        heads, pay = table["headcount_change"][name], table["payroll_change"][name]
        if heads or pay:
            said.append(
                results.text(
                    f"{results.quoted(name)} changes the number of people by {signed(heads)} and the full "
                    f"pay of all posts by {signed(pay)} {money} a year.",
                    f"{results.quoted(name)}下，人员{_by(heads, '人')}，"
                    f"全部岗位全额工资{_by(pay, money, '每年')}。",
                )
            )
    none = results.text(
        "No rule changes the number of people or the full pay of their posts.",
        "各方案均不增减人员，全部岗位的全额工资也不变。",
    )
    return said or [none]


def _by(change: float, unit: str, each: str = "") -> str:
    """Return a change as a Chinese verb with its amount: ``增加1人``, ``每年减少67,700元``, ``不变``."""
    amount = signed(abs(change)).lstrip("+")
    if amount == signed(0):
        return "不变"
    return f"{each}{'减少' if change < 0 else '增加'}{amount}{unit}"


def _here(results: Results) -> str:
    """Name the behaviour, if there are several."""
    if len(results.sides) == 1:
        return ""
    name = behaviours.title(results)
    return results.text(f" ({findings.small(name)})", f"（{name}时）")


def _mechanical(results: Results) -> str:
    """Explain why pay changes nothing, as far as that is assumed."""
    if results.behaviour != "mechanical":
        return ""
    if len(results.sides) > 1:
        return results.text(
            "That follows from the assumption that people work the same way under every rule; read it beside "
            "the other behaviour.",
            "这是因为假定人员工作方式不随规则改变，须与另一种人员行为的结果对照。",
        )
    return results.text(
        "That follows from the assumption that people work the same way under every rule, and cannot be read "
        "as a finding about pay.",
        "这是因为假定人员工作方式不随规则改变，不能当作关于工资效果的结论。",
    )
