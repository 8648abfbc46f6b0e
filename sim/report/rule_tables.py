"""Build the tables with a row for each rule: what it changes and brings, how it differs from the baseline.

What is the same for all rules is told under a table and takes no column. Rules that change nothing of what a
table shows are named under it and take no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import assumptions
from sim.report.exhibits import FAMILY, mean_of, starred, text_table
from sim.report.markup import Html
from sim.report.outcomes import SCORES, SERVICE, outcome_of
from sim.report.results import Results
from sim.report.words import chance_number, interval, number, pick, signed, standard_error
from sim.scenario.counts import number_of
from sim.scenario.currency import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.report.findings import Choice

_PAID = (
    "pay_total",
    "assessment_pay",
    "bonus",
    "units_deducted",
    "pay_gini",
)  # the parts are in the CSV files


def design(results: Results, most: int | None = None) -> Html:
    """Tabulate the policies with their changes and reasons.

    `most` is for readers of the appendix: no more changes than these of each, the reasons on screen alone.
    """
    told = reasons(results)
    return changed(results, most) + (
        told if most is None else Html('<div class="on-screen">{}</div>').format(told)
    )


def changed(results: Results, most: int | None = None) -> Html:
    """Tabulate what the policies change, in rules, people and pay; `most`: no more changes of each."""
    arrow = results.text("{}: {} → {}", "{}：{} → {}")
    posts, same = results.study.posts, _same_posts(results)
    changes: list[tuple] = []
    if for_all := results.study.for_all:
        listed = [one for one in assumptions.changes(*for_all, results.lang) if one[1] != one[2]]
        for_every = results.text("; ", "；").join(arrow.format(*change) for change in listed)
        changes.append((results.text("under every rule", "所有方案"), for_every, *(() if same else ("", ""))))
    for name in results.policies:
        policy = results.study.policies[name]
        listed = assumptions.changes(results.study.scenario, policy, results.lang)
        said = [arrow.format(*change) for change in listed]
        if name != results.baseline and results.same_rules(name):
            said.append(results.text("changes nothing", "没有任何改动"))
        if most is not None and len(said) > most:
            more = len(said) - most
            said = [*said[:most], results.text(f"{more} more (appendix)", f"另有{more}项（见附件）")]
        heads, pay = (f"{posts[what][name]:,.0f}" for what in ("headcount", "payroll"))
        if name != results.baseline:
            heads, pay = (signed(posts[f"{what}_change"][name]) for what in ("headcount", "payroll"))
        row = (results.policy(name), results.text("; ", "；").join(said) or "–")
        changes.append(row if same else (*row, heads, pay))
    rule, money = results.text("rule", "方案"), pick(words(results.study.scenario.currency), results.lang)
    people, full_pay = (posts[what][results.baseline] for what in ("headcount", "payroll"))
    labels = (
        rule, results.text("from → to", "由 → 到"), results.text("people", "人数"),
        results.text(f"full pay of all posts ({money} a year)", f"全部岗位全额工资（{money}/年）"),
    )  # fmt: skip
    note = results.text(
        "People and pay: those of the baseline, and the other rules' differences from it.",
        "人数与工资：基准方案为总数，其他方案为与基准之差。",
    )
    if same:
        note = results.text(
            f"Under every rule: {number_of(int(people), 'person', 'people')}, full pay of all posts "
            f"{full_pay:,.0f} {money} a year.",
            f"各方案下人数均为{people:,.0f}人，全部岗位全额工资均为{full_pay:,.0f}{money}/年。",
        )
    caption = results.text("What the rules change", "各方案的改动")
    right = () if same else (2, 3)
    return text_table(changes, labels[: len(changes[0])], caption, results, right=right, note=note)


def reasons(results: Results) -> Html:
    """Tabulate why the policies are tried."""
    policies = results.study.policies
    rows = [(results.policy(name), pick(policies[name].reason, results.lang)) for name in results.policies]
    labels = (results.text("rule", "方案"), results.text("reason", "理由"))
    return text_table(rows, labels, results.text("Why they are tried", "试行的理由"), results)


def _same_posts(results: Results) -> bool:
    """Return whether no rule changes the number of people or the full pay of their posts."""
    posts = results.study.posts
    changes = (
        posts[f"{what}_change"][name] for what in ("headcount", "payroll") for name in results.alternatives
    )
    return not any(changes)


def choice(results: Results, found: Choice) -> Html:
    """Tabulate what each rule brings and costs, and whether it is better, selected, or ruled out."""
    costs, same = results.study.posts, _same_posts(results)
    money = pick(words(results.study.scenario.currency), results.lang)
    unit = results.measure(found.outcome, difference=True)
    scale = outcome_of(found.outcome).scale
    widest = float((found.table["high"] - found.table["low"]).max())
    luck = standard_error(0.0, widest)  # of the rule least known
    rows = []
    for name in results.policies:
        row, paid = found.table.T[name], results.difference(name, "pay_total")
        brings = interval(row["difference"] * scale, row["low"] * scale, row["high"] * scale, signed=True)
        own = results.difference(name, found.outcome)
        brings = results.change(own) if own is not None and own["exact_zero"] else brings
        base = name == results.baseline
        posts = ("headcount_change", "payroll_change") if not same else ()
        rows.append(
            (
                results.policy(name),
                results.mean(found.outcome, name),
                "–" if base else brings,
                number(row["shortfall"] * scale, se=luck * scale),
                _said_of(results, row, base),
                *("–" if base else signed(costs[what][name]) for what in posts),
                "–" if base or paid is None else results.change(paid),
            )
        )
    labels = [
        results.text("rule", "方案"), results.heading(found.outcome),
        results.text(f"difference [together 95%], {unit}", f"差值[联合95%区间]（{unit}）"),
        results.text(f"below the best at most, {unit}", f"与最优至多相差（{unit}）"),
        results.text("verdict", "结论"), results.text("people", "人数"),
        results.text(f"full pay of posts ({money} a year)", f"岗位全额工资（{money}/年）"),
        results.text(f"pay received ({money} a year)", f"实发工资（{money}/年）"),
    ]  # fmt: skip
    if same:
        del labels[5:7]
    note = results.text(
        "Better: certainly better than the baseline, and by more than the margin. Selected: with a "
        "confidence of 95% the best, or within the margin of it. All rules and behaviours are one family, "
        "for which the intervals hold together (Bonferroni; of shares as far as Student's t or Hall's "
        "transformation of it asks).",
        "优于基准：确定优于基准，且超过显著差距；入选：有95%的把握为最优或与最优相差不超过该差距。"
        "全部方案和行为为一族，各区间联合成立（Bonferroni法；比例取t分布与Hall变换中较宽的一端）。",
    )
    caption = results.text("What each rule brings and costs", "各方案的成效与成本")
    right = (1, 2, 3, *range(5, len(labels)))
    return text_table(rows, tuple(labels), caption, results, right=right, note=note)


def _said_of(results: Results, row: Any, base: bool) -> str:
    """Say in words what is decided of a rule."""
    said = []
    if row["recommended"]:
        said.append(results.text("better", "优于基准"))
    if row["selected"]:
        said.append(results.text("selected", "入选"))
    elif row["good"]:
        said.append(results.text("as good as the best", "与最优相当"))
    elif not row["may_be_best"]:
        said.append(results.text("not the best", "不是最优"))
    if row["equivalent"] and not base:
        said.append(results.text("no difference that matters", "与基准无实质差别"))
    return results.text(", ", "，").join(said) or results.text("open", "未定")


def goals(results: Results) -> Html | None:
    """Tabulate the rules by service, cost and fairness at once, and which no other rule dominates."""
    from sim.evaluate import undominated
    from sim.study.choices import goals as usual

    named = usual(results.study, results.rows("bureau"))
    if len(named) < 2:
        return None
    table = undominated(results.rows("bureau"), named, policies=results.policies)
    rows = []
    for _, row in table.iterrows():
        beaten = results.listed([name for name in row["dominated_by"].split(", ") if name])
        rows.append(
            (
                results.policy(row["policy"]),
                *(results.mean(name, row["policy"]) for name in named),
                beaten or results.text("by none", "无"),
                chance_number(row["probability"], results.lang),
            )
        )
    labels = (
        results.text("rule", "方案"), *(results.heading(name) for name in named),
        results.text("beaten in all by", "被全面超过"),
        results.text("probability that none beats it", "不被超过的概率"),
    )  # fmt: skip
    caption = results.text("Service, cost and fairness at once", "服务、成本与公平一并比较")
    note = results.text(
        "Beaten: another rule is at least as good by every goal (of pay less is better), and better by one. "
        "The probability is a share of resamples of whole replications.",
        "被全面超过：另一方案各项均不差（工资总额以少为好）且至少一项更好；概率由整次模拟重抽样得出。",
    )
    right = range(1, len(named) + 1)
    return text_table(rows, labels, caption, results, right=right, note=note)


GROUPS = {"service": SERVICE, "scores": SCORES, "pay": _PAID}


def difference_tables(results: Results) -> Html:
    """Tabulate all paired differences: for service, for scores and for pay."""
    return Html("").join(by_group(results).values())


def by_group(results: Results) -> dict[str, Html]:
    """Tabulate all paired differences by `GROUPS`, as far as measured."""
    captions = {
        "service": results.text("Service: difference from the baseline", "服务：与基准之差"),
        "scores": results.text("Scores: difference from the baseline", "考核得分：与基准之差"),
        "pay": results.text("Pay: difference from the baseline", "工资：与基准之差"),
    }
    note = results.text(
        "Paired by replication; 95% intervals, each for itself, by Student's t, of shares by Hall's "
        "transformation of it. * differs from zero by "
        f"Holm's test at 5%; {FAMILY.en}. Shares in %, their differences in percentage points.",
        f"按模拟次数配对，95%区间用t分布（比例用Hall变换的t统计量），各自单独成立。*表示经Holm校正（{FAMILY.zh}）在5%水平上不为零；"
        "比例以%计，其差以百分点计。",
    )
    present = {name: shown for name, names in GROUPS.items() if (shown := results.available(names))}
    last = list(present)[-1:]
    return {
        name: differences(results, shown, captions[name], note if name in last else "")
        for name, shown in present.items()
    }


def differences(results: Results, outcomes: Sequence[str], caption: str, note: str = "") -> Html:
    """Tabulate outcomes by rule: the baseline's means, then differences; the note names rules without any."""
    found = dict(results.differences().set_index(["outcome", "policy"]).iterrows())
    moving: list[str] = []
    same: list[str] = []
    for name in results.alternatives:
        own = [found.get((outcome, name)) for outcome in outcomes]
        still = all(row is not None and row["exact_zero"] for row in own)
        (same if still else moving).append(name)

    def cell(outcome: str, name: str) -> str:
        row = found.get((outcome, name))
        return "–" if row is None else starred(results, row, outcome)

    base = [mean_of(results, name, results.baseline) if results.has(name) else "–" for name in outcomes]
    rows: list[tuple[str, ...]] = [(results.policy(results.baseline), *base)]
    rows += [(results.policy(name), *(cell(outcome, name) for outcome in outcomes)) for name in moving]
    labels = (results.text("rule", "方案"), *(results.heading(name) for name in outcomes))
    if same:
        listed = results.listed(same)
        note = results.text(f"No change of these under {listed}. ", f"{listed}下上述指标均无变化。") + note
    return text_table(rows, labels, caption, results, right=range(1, len(labels)), note=note.strip() or None)
