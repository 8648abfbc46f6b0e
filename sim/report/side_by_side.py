"""Compare the behaviours of a study in tables, with people's responses under each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import behaviours
from sim.report.exhibits import FAMILY, mean_of, text_table
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.rule_tables import differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

# What people can answer with. A score gained by recording is not a service gained: they stay apart.
CONDUCT = ("effort", "rush", "attention_spread", "duty_rate", "late_last", "mean_overdue_days")
SPILL = 0.1  # of the own return
RECORDS = ("recording", "recorded_on_time_rate", "on_time_rate", "on_time_gap", "audited_cases")


def by_behaviour(results: Results, outcomes: Sequence[str]) -> Html | None:
    """Tabulate under each further behaviour the policies (rows) by outcomes (columns): the baseline's means,
    and the differences from them. `rule_tables.difference_tables` has the first behaviour."""
    sides = results.sides[1:]
    shown = [outcome for outcome in outcomes if any(side.has(outcome) for side in sides)]
    if not sides or not shown:
        return None
    note = results.text(
        "The baseline's row has means, the others their differences from it under the same behaviour, paired "
        f"by replication, with 95% intervals. * differs from zero by Holm's test at 5%; {FAMILY.en}.",
        "基准行为均值，其余各行为同一行为下与基准之差（按模拟次数配对），附95%区间。"
        f"*表示经Holm校正（{FAMILY.zh}）在5%水平上不为零。",
    )
    tables = [
        differences(side, shown, behaviours.title(side), note if place == len(sides) else "")
        for place, side in enumerate(sides, start=1)
    ]
    return Html("").join(tables)


def answered(results: Results) -> Html | None:
    """Tabulate people's responses under each policy: effort, allocation, timing; recording."""
    tables = []
    for side in results.sides:
        if not reacts(side):
            continue
        titles = {
            "effort": side.text("Effort", "努力"),
            "rush": side.text("Effort", "努力"),
            "attention_spread": side.text("Allocation", "分配"),
            "duty_rate": side.text("Allocation", "分配"),
            "late_last": side.text("Timing", "次序"),
            "mean_overdue_days": side.text("Timing", "次序"),
        }
        head = behaviours.title(side)
        did = side.text(f"{head}: what people did", f"{head}：人员的应对")
        recorded = side.text(f"{head}: what was recorded, and what was true", f"{head}：登记与实情")
        for outcomes, caption in ((CONDUCT, did), (RECORDS, recorded)):
            shown = [name for name in outcomes if side.has(name)]
            if outcomes is RECORDS and "recorded_on_time_rate" not in shown:
                continue
            if shown:
                rows = [
                    (side.policy(name), *(mean_of(side, outcome, name) for outcome in shown))
                    for name in side.policies
                ]
                colon = side.text(": ", "：")
                headings = (
                    f"{titles[name]}{colon}{side.heading(name)}" if name in titles else side.heading(name)
                    for name in shown
                )
                labels = (side.text("rule", "方案"), *headings)
                tables.append(
                    text_table(
                        rows,
                        labels,
                        caption,
                        side,
                        right=range(1, len(labels)),
                        note=_note(side),
                    )
                )
    return Html("").join(tables) if tables else None


def returns(results: Results) -> Html | None:
    """Tabulate what effort was believed to bring to each unit under the baseline, and what it brought."""
    from sim.evaluate.returns import returns as returns_of

    asked = ("effort", "gain_believed", "gain_realised", "true_score", "return_error")
    mechanical = next((side for side in results.sides if side.behaviour == "mechanical"), None)
    tables = []
    for side in results.sides:
        if not side.has("gain_believed", "unit"):
            continue
        without = None if mechanical is None else _of_units(mechanical, asked, results.baseline)
        found = returns_of(_of_units(side, asked, results.baseline), without)
        found = found[(found["extra"].abs() > 5e-4) | found["parts"]]
        if found.empty:
            continue
        head = behaviours.title(side)
        spilled = _spilled(side)
        body = [
            (
                side.unit(str(unit)) + " *" * row["parts"] + " †" * (unit in spilled),
                f"{100 * row['extra']:+.1f}",
                f"{row['believed']:+.2f}",
                f"{row['realised']:+.2f}",
                f"± {1.96 * row['se']:.2f}",
            )
            for unit, row in found.iterrows()
        ]
        labels = (
            side.text("unit", "单位"),
            side.text("extra effort (%)", "额外努力（%）"),
            side.text("believed gain (points)", "预期增分（分）"),
            side.text("realised gain (points)", "实际增分（分）"),
            side.text("95 % of their difference", "二者之差的95%误差"),
        )
        caption = side.text(
            f"{head}: what effort was to bring, and brought", f"{head}：努力的预期增分与实际增分"
        )
        apart = int(found["parts"].sum())
        note = side.text(
            "Yearly means under the baseline; believed as trials tell it. The realised gain is paired with "
            f"people who work as usual, where there are any. * parts by over two standard errors: {apart}. "
            "† gains by the others' effort, of which it need not think, over a tenth of what it gains by its "
            f"own: {len(spilled)}.",
            "基准方案下各年平均；预期增分由试算得出，实际增分与照常工作的同次模拟配对（如有）。"
            f"*表示二者之差超过两倍标准误，共{apart}个。"
            f"†表示因其他单位努力所增分数超过自身努力所增分数的一成（不在本单位预期之内），共{len(spilled)}个。",
        )
        tables.append(text_table(body, labels, caption, side, right=range(1, len(labels)), note=note))
    return Html("").join(tables) if tables else None


def _spilled(side: Results) -> set[str]:
    """Return the units that gain by the others' effort more than a tenth of what they gain by their own."""
    if not side.has("return_of_others", "unit"):
        return set()
    own, others = (
        side.means("unit", name, side.baseline)["mean"] for name in ("return_to_effort", "return_of_others")
    )
    return set(others.index[others.abs() > SPILL * own.abs()])


def _of_units(side: Results, outcomes: Sequence[str], policy: str) -> pd.DataFrame:
    """Return the rows of units under a policy."""
    import pandas as pd

    rows = pd.concat([side.level("unit", outcome) for outcome in outcomes if side.has(outcome, "unit")])
    return rows[rows["policy"] == policy]


def reacts(side: Results) -> bool:
    """Return whether people respond to the rules under this behaviour, and their responses were stored."""
    from sim.behaviour import BEHAVIOURS

    return BEHAVIOURS[side.behaviour].READS_RULES and any(side.has(name) for name in ("effort", "recording"))


def _note(side: Results) -> str:
    return side.text(
        "Means over years and replications with 95% intervals. What is gained by recording is no service "
        "gained: the true on-time rate counts.",
        "各年各次模拟的平均及95%区间。登记得来的按时率不是服务的改进，以真实按时率为准。",
    )


def true_rates(results: Results) -> list[str]:
    """State how far the recorded on-time rate is from the true one under the baseline."""
    said = []
    for side in results.sides:
        if reacts(side) and side.has("on_time_gap", under=[side.baseline]):
            gap = mean_of(side, "on_time_gap", side.baseline)
            said.append(
                side.text(
                    f"{behaviours.title(side)}: under {side.quoted(side.baseline)} the recorded on-time rate "
                    f"is {gap} percentage points above the true one.",
                    f"{behaviours.title(side)}：{side.quoted(side.baseline)}下登记的按时办结率比真实的高"
                    f"{gap}个百分点。",
                )
            )
    return said
