"""Show an office that was simulated in memory: tables and figures for its briefing.

Each function returns `Html`, or None where the scenario has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.evaluate.accuracy import first_highest
from sim.report import assumptions, office_figures, page
from sim.report.exhibits import estimated, mean_of, text_table
from sim.report.markup import Html
from sim.report.office import PARTS, WAITING, Office
from sim.report.results import Results
from sim.report.words import pick
from sim.scenario.counts import number_of
from sim.scenario.currency import words

MOST_BARS = 60  # units or kinds in one figure
MOST_ROUTES = 8  # kinds whose steps are drawn
_STEPS_TOGETHER = 22  # rows of a figure: half a page
MONTHLY = (
    "arrivals", "finished", "open_at_end", "mean_processing_days", "on_time_rate", "study_hours",
)  # fmt: skip
YEARLY = (
    "arrivals", "finished", "withdrawn", "open_at_end", "mean_processing_days", "mean_wait_minutes",
    "on_time_rate",
)  # fmt: skip


def answer(office: Office) -> Html:
    """Return the first sentence: how large the office is, how much comes, and how soon it is done."""
    results, base = office.results, office.results.baseline
    scenario = results.study.scenario
    people = int(results.study.posts["headcount"][base])
    units, kinds = len(scenario.units), len(scenario.kinds)
    said = results.text(
        f"{number_of(people, 'person', 'people')} in {number_of(units, 'unit')} deal with "
        f"{number_of(kinds, 'kind')} of matter.",
        f"{units:,}个单位、{people:,}人办理{kinds}类事项。",
    )
    told = [
        f"{_with_unit(results, name)} {mean_of(results, name, base)}"
        for name in results.available(YEARLY)
        if results.has(name, under=[base])
    ]
    of = results.text(" a year" if results.in_years else "", "每年" if results.in_years else "")
    head = results.text(f"Simulated{of}, with 95% intervals: ", f"模拟结果（{of or '全期'}，附95%区间）：")
    stop = results.text(".", "。")
    return page.lead(said) + page.paragraph(head + results.text("; ", "；").join(told) + stop)


def _with_unit(results: Results, outcome: str) -> str:
    """Return an outcome with its unit, unless it names it: ``Requests received``, ``On-time rate (%)``."""
    named = results.measure(outcome) in results.outcome(outcome).lower()
    return results.outcome(outcome) if named else results.heading(outcome)


def organisation(office: Office) -> Html:
    """Tabulate the types of unit with their people, and draw the people of each unit by role."""
    results, scenario = office.results, office.results.study.scenario
    money = pick(words(scenario.currency), results.lang)
    rows = []
    for name, units in _by_type(results):
        groups = [group for group in scenario.staff.values() if group.unit in units]
        heads = sum(group.count for group in groups)
        full_pay = sum(group.full_posts * scenario.grades[group.grade].full_pay for group in groups)
        roles: dict[str, int] = {}
        for group in groups:
            roles[group.role] = roles.get(group.role, 0) + group.count
        listed = (f"{pick(scenario.roles[role].title, results.lang)} {n}" for role, n in roles.items() if n)
        rows.append(
            (
                pick(scenario.unit_types[name].title, results.lang),
                f"{len(units):,}",
                f"{heads:,}",
                results.text(", ", "、").join(listed),
                f"{full_pay:,.0f}",
            )
        )
    table = text_table(
        rows,
        (
            results.text("type of unit", "单位类型"), results.text("units", "单位数"),
            results.text("people", "人数"), results.text("roles", "岗位构成"),
            results.text(f"full pay ({money} a year)", f"全额工资（{money}/年）"),
        ),
        results.text("Units and people", "单位与人员"),
        results,
        right=(1, 2, 4),
    )  # fmt: skip
    if len(scenario.units) > MOST_BARS:
        return table
    heads_of = dict.fromkeys(scenario.units, 0)
    for group in scenario.staff.values():
        heads_of[group.unit] += group.count
    largest = max(heads_of, key=lambda unit: heads_of[unit])
    return table + page.figure(
        office_figures.organisation(office),
        caption=results.text("People of each unit by role.", "各单位人员（按岗位）。"),
        alt=results.text(
            f"Most people, {heads_of[largest]}, are in {results.unit(largest)}.",
            f"人数最多的是{results.unit(largest)}，{heads_of[largest]}人。",
        ),
    )


def rules_in_force(office: Office) -> Html | None:
    """List the rules that are switched on; those of behaviour only where people respond to them."""
    results, scenario = office.results, office.results.study.scenario
    colon = results.text(": ", "：")
    labels = [
        assumptions.label(scenario, path, results.lang).split(colon)[-1]
        for path in _switched_on(scenario.model_dump(mode="json"), ())
        if path[0] != "behaviour" or results.behaviour != "mechanical"
    ]
    if not labels:
        return None
    head, stop = results.text("Switched on in this scenario: ", "本情景已启用："), results.text(".", "。")
    return page.paragraph(head + results.text("; ", "；").join(labels) + stop)


def _switched_on(data: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(data, dict):
        if data.get("on") is True:
            yield (*path, "on")
        for key, part in data.items():
            yield from _switched_on(part, (*path, str(key)))


def flow(office: Office) -> Html | None:
    """Draw where requests spend their time: all kinds, and the steps of the most frequent ones."""
    results = office.results
    whole = office.flow.groupby("kind", sort=False)[list(PARTS)].sum()
    if whole.empty:
        return None
    waiting = (whole[WAITING] / whole.sum(axis=1)).fillna(0.0)
    longest = str(first_highest(waiting))
    pieces = [
        page.figure(
            office_figures.flow(office),
            caption=results.text(
                "From receipt to finish: where a request spends its time, in calendar time, mean of those "
                "finished.",
                "从受理到办结的时间去向（办结件平均，日历时间）。",
            ),
            alt=results.text(
                f"The largest part of its time waits {results.kind(longest)}: {100 * waiting[longest]:.0f}%.",
                f"等候办理所占比例最大的是{results.kind(longest)}：{100 * waiting[longest]:.0f}%。",
            ),
        )
    ]
    routes = _most_frequent(office)
    left = len(whole) - len(routes)
    for kinds in _pages(office, routes):
        table = office.flow[office.flow["kind"].isin(kinds)]
        slowest = table.loc[first_highest(table[WAITING])]
        named = results.text(", ", "、").join(map(results.kind, kinds))
        caption = results.text(
            f"{named}: the steps in the order of the route.", f"{named}：按办理环节的先后顺序。"
        )
        if routes[0] in kinds:  # what holds for all of them is said once
            caption += results.text(
                " A step that only some requests meet counts by its share.",
                "仅部分件经过的环节按经过比例折算。",
            )
        if left and routes[0] in kinds:
            caption += results.text(
                f" These figures show the {len(routes)} most frequent matters; {left} more are in "
                "the figure before.",
                f"各图列出件数最多的{len(routes)}类，其余{left}类见前图。",
            )
        pieces.append(
            page.figure(
                office_figures.steps(office, kinds),
                caption=caption,
                alt=results.text(
                    f"The longest wait is in {results.kind(slowest['kind'])}.",
                    f"等候最长的环节在{results.kind(slowest['kind'])}。",
                ),
            )
        )
    return Html("").join(pieces)


def _most_frequent(office: Office) -> list[str]:
    """The kinds of the flow with most requests, at most `MOST_ROUTES`, in the scenario's order."""
    results = office.results
    kinds = list(dict.fromkeys(office.flow["kind"]))
    finished = results.means("kind", "finished", results.baseline)["mean"]
    chosen = sorted(kinds, key=lambda kind: -finished.get(kind, 0.0))[:MOST_ROUTES]
    return [kind for kind in kinds if kind in chosen]


def _pages(office: Office, kinds: Iterable[str]) -> Iterator[list[str]]:
    """The kinds in portions whose steps fit into half a page."""
    portion: list[str] = []
    used = 0
    sizes = office.flow["kind"].value_counts()
    for kind in kinds:
        size = int(sizes[kind]) + 4
        if portion and used + size > _STEPS_TOGETHER:
            yield portion
            portion, used = [], 0
        portion.append(kind)
        used += size
    if portion:
        yield portion


def months(office: Office) -> Html | None:
    """Draw the year by month."""
    results = office.results
    outcomes = [name for name in MONTHLY if results.has(name, "month", under=[results.baseline])]
    if not outcomes:
        return None
    first = results.level("month", outcomes[0])
    by_month = first[first["policy"] == results.baseline].groupby("month")["value"].mean()
    when = results.month_of_any_year(int(first_highest(by_month)))
    return page.figure(
        office_figures.months(office, outcomes),
        caption=results.text(
            f"The office month by month: mean of {number_of(results.replications, 'replication')}; "
            "shaded from the least "
            f"to the greatest under {results.quoted(results.baseline)}. Rules that leave service as it is "
            "are left out.",
            f"全局逐月情况：{results.replications}次模拟的平均；"
            f"阴影为{results.quoted(results.baseline)}下的最小至最大值。不影响服务的方案未列出。",
        ),
        alt=results.text(
            f"{results.outcome(outcomes[0])}: most in {when}.",
            f"{results.outcome(outcomes[0])}最多：{when}。",
        ),
    )


def by_type(office: Office, outcomes: Iterable[str], caption: str) -> Html | None:
    """Tabulate outcomes of the units by their type: means over the units with 95 % intervals over the
    replications. Sections and offices are assessed by different scorecards and stand apart."""
    results, base = office.results, office.results.baseline
    shown = [name for name in outcomes if results.has(name, "unit", under=[base])]
    if not shown:
        return None
    rows = []
    for name, units in _by_type(results):
        cells = [_type_mean(results, outcome, units) for outcome in shown]
        if any(cell is not None for cell in cells):
            title = pick(results.study.scenario.unit_types[name].title, results.lang)
            rows.append((title, f"{len(units):,}", *("–" if cell is None else cell for cell in cells)))
    labels = (
        results.text("type of unit", "单位类型"),
        results.text("units", "单位数"),
        *(results.heading(name) for name in shown),
    )
    return text_table(rows, labels, caption, results, right=range(1, len(labels)))


def _type_mean(results: Results, outcome: str, units: list[str]) -> str | None:
    rows = results.level("unit", outcome)
    mine = rows[(rows["policy"] == results.baseline) & rows["unit"].isin(units) & rows["value"].notna()]
    if mine.empty:
        return None
    return estimated(results, results.estimate(mine, "unit"), outcome)


def bureau(office: Office, outcomes: Iterable[str], caption: str) -> Html | None:
    """Tabulate outcomes of the whole bureau under each policy."""
    results = office.results
    shown = [name for name in outcomes if results.has(name)]
    if not shown:
        return None
    rows = [
        (
            results.heading(outcome),
            *(
                mean_of(results, outcome, policy) if results.has(outcome, under=[policy]) else "–"
                for policy in results.policies
            ),
        )
        for outcome in shown
    ]
    labels = (results.text("measure", "指标"), *(results.policy(name) for name in results.policies))
    return text_table(rows, labels, caption, results, right=range(1, len(labels)))


def _by_type(results: Results) -> Iterator[tuple[str, list[str]]]:
    """Each type of unit with its units."""
    scenario = results.study.scenario
    for name in scenario.unit_types:
        units = [unit for unit, one in scenario.units.items() if one.type == name]
        if units:
            yield name, units


def scores_by_type(office: Office) -> Html | None:
    """Tabulate scores, certification and excellence by type of unit."""
    results = office.results
    return by_type(
        office,
        ("score", "certified", "excellent", "below_advanced", "head_not_promotable", "bottom"),
        results.text(
            "Scores by type of unit, mean of its units with its 95% interval",
            "各类单位考核得分（单位平均，附95%区间）",
        ),
    )


def pay_by_type(office: Office) -> Html | None:
    """Tabulate what is paid by type of unit."""
    return by_type(
        office,
        ("pay", "pay_share", "bonus_share"),
        office.results.text("Pay by type of unit: mean of its units", "各类单位工资（单位平均）"),
    )


def study_by_type(office: Office) -> Html | None:
    """Tabulate study and standing duties by type of unit."""
    return by_type(
        office,
        ("study_hours", "study_rate", "criticised", "duty_rate"),
        office.results.text(
            "Study and duties by type of unit: mean of its units",
            "各类单位学习与履职（单位平均）",
        ),
    )


def people(office: Office) -> Html | None:
    """Tabulate careers and complaints of the whole bureau under each policy."""
    return bureau(
        office,
        ("promoted", "removed", "moved", "newcomers", "complaints", "projects_accepted", "leader_hours"),
        office.results.text("The whole bureau, with 95% intervals", "全局，附95%区间"),
    )


def simulated(office: Office) -> str:
    """Say how the numbers were made."""
    results = office.results
    return results.text(
        f"Simulated in memory: {number_of(results.replications, 'replication')}, seed {results.study.seed}.",
        f"在内存中模拟{results.replications}次，随机种子{results.study.seed}。",
    )
