"""A page for each rule of a comparison: its changes, what they do, to whom, when, and how sure that is.

In a browser each page unfolds under the rule's name; print leaves them out, because a PDF is to be short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import assumptions, behaviours, page
from sim.report.all_rules import LEAST, percent_of_people
from sim.report.exhibits import FAMILY, mean_of, starred, text_table
from sim.report.findings import small
from sim.report.leaders import most_lost
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.words import MISSING, chance, pick
from sim.scenario.policy import CURRENT

if TYPE_CHECKING:
    from sim.report.findings import Choice


def each_rule(results: Results, found: Choice) -> Html | None:
    """Return the pages of all rules but the baseline."""
    pages = [
        Html("<details><summary>{}</summary>{}{}</details>").format(
            results.policy(name), page.bullets(_told(results, found, name)), _effects(results, name)
        )
        for name in results.alternatives
    ]
    if not pages:
        return None
    heading = page.heading(results.text("Rule by rule", "各方案逐项说明"), 3)
    return page.on_screen(heading, *pages)


def _told(r: Results, found: Choice, name: str) -> list[str]:
    reason = pick(r.study.policies[name].reason, r.lang)
    row = r.difference(name, found.outcome)
    if row is not None and row["exact_zero"]:
        label = _label(r, found)
        service = [
            r.text(
                f"Its {label} is the baseline's in every replication.", f"{label}在各次模拟中均与基准相同。"
            )
        ]
    else:
        service = [_month(r, found, name), _luck(r, found, name)]
    said = [reason, *_changes(r, name), _pay(r, name), *service, _gap(r, name)]
    return [one for one in said if one]


def _changes(r: Results, name: str) -> list[str]:
    """A sentence for each change of the rule."""
    changes = assumptions.changes(r.study.scenario, r.study.policies[name], r.lang)
    if name == CURRENT:
        return [r.text("Nothing that the baseline changes is changed.", "不含基准所作的任何改动。")]
    if not changes:
        return [r.text("It changes nothing.", "未作改动。")]
    return [
        r.text(f"{label}: from {before} to {after}.", f"{label}：由{before}改为{after}。")
        for label, before, after in changes
    ]


def _pay(r: Results, name: str) -> str:
    """Who gains and who loses pay."""
    less, more = r.moved(name, "loss"), r.moved(name, "gain")
    if less is None or more is None:
        return ""
    if max(less, more) < LEAST:
        return r.text("Nobody's pay changes noticeably.", "人员收入无明显增减。")
    less_of, more_of, where = percent_of_people(less), percent_of_people(more), most_lost(r, name)
    return r.text(
        f"Pay: {less_of} of the people earn less, {more_of} more{where}.",
        f"收入：{less_of}的人员减收，{more_of}增收{where}。",
    )


def _month(r: Results, found: Choice, name: str) -> str:
    """The month in which the main outcome differs most."""
    rows, label = r.differences("month", (found.outcome,)), _label(r, found)
    if rows.empty:
        return ""
    rows = rows[rows["policy"] == name]
    rows = rows[~rows["exact_zero"].astype(bool) & (rows["p_holm"] < 0.05)]
    if rows.empty:
        return r.text(f"In no month does its {label} clearly differ.", f"各月{label}均无明显差别。")
    row = rows.iloc[int(rows["difference"].abs().argmax())]
    month = r.month_of_any_year(int(row["month"]))
    moved, unit = r.change(row), r.measure(found.outcome, difference=True)
    return r.text(
        f"Its {label} differs most in {month}: {moved} {unit}".rstrip() + ".",
        f"{label}差别最大的月份为{month}：{moved}{unit}。",
    )


def _gap(r: Results, name: str) -> str:
    """How far the record is from the truth, under each behaviour in which people may record falsely."""
    said = []
    for side in r.sides:
        if side.has("on_time_gap", under=[side.baseline, name]) and side.has("recording"):
            own, base = (mean_of(side, "on_time_gap", one) for one in (name, side.baseline))
            said.append(
                r.text(
                    f"{behaviours.title(side)}: the recorded on-time rate is {own} percentage points above "
                    f"the true one (baseline {base}).",
                    f"{behaviours.title(side)}：登记的按时办结率比真实的高{own}个百分点（基准{base}）。",
                )
            )
    return r.text(" ", "").join(said)


def _luck(r: Results, found: Choice, name: str) -> str:
    """The luck meter: the chance that the rule betters the baseline."""
    from sim.evaluate.choose import by_replication, chance_better

    if r.replications < 2:
        return r.text("One replication tells nothing of luck.", "仅一次模拟，无从判断偶然性。")
    label, base = _label(r, found), r.quoted(r.baseline)
    values = by_replication(r.rows("bureau"), found.outcome, r.policies)
    better = float(chance_better(values, r.baseline, found.outcome, 0.0)[name])
    return r.text(
        f"As far as luck goes, it is {chance(better, 'en')} that its {label} is better than that of {base}.",
        f"仅考虑偶然因素，其{label}优于{base}的可能性：{chance(better, 'zh')}。",
    )


def _label(r: Results, found: Choice) -> str:
    label = r.outcome(found.outcome)
    return small(label) if r.lang == "en" else label


def _effects(r: Results, name: str) -> Html:
    """The differences in the outcomes that the study asks about, a column for each behaviour."""
    rows = []
    for outcome in r.study.focus:
        found = [(side, side.difference(name, outcome)) for side in r.sides]
        if any(row is not None for _, row in found):
            cells = [MISSING if row is None else starred(side, row, outcome) for side, row in found]
            rows.append((r.heading(outcome), *cells))
    if not rows:
        return Html("")
    labels = (r.text("outcome", "指标"), *(behaviours.title(side) for side in r.sides))
    caption = r.text(f"{r.policy(name)}: differences from the baseline", f"{r.policy(name)}：与基准之差")
    note = r.text(
        f"95% intervals. * differs from zero by Holm's test at 5%; {FAMILY.en}.",
        f"附95%区间。*表示经Holm校正（{FAMILY.zh}）在5%水平上不为零。",
    )
    return text_table(rows, labels, caption, r, right=range(1, len(labels)), note=note)
