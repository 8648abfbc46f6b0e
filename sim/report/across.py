"""Set a study's scenarios side by side: what each answers, and what each policy does where it applies."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report import behaviours, findings, page
from sim.report.exhibits import mean_of, starred, text_table
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.words import pick
from sim.study.load import load_studies

SHOWN = (
    "on_time_rate", "mean_processing_days", "mean_wait_minutes", "mean_score", "share_certified", "pay_total",
)  # fmt: skip
_MOST = 6  # outcomes in a table


def opened(study: str, lang: str) -> list[Results]:
    """Return the results of each scenario of a study, in the order of its file."""
    return [Results(one, lang) for one in load_studies(study)]


def answers(scenarios: Sequence[Results]) -> Html:
    """List the answer of each scenario."""
    colon = scenarios[0].text(": ", "：")
    return page.bullets(
        f"{title(one)}{colon}{behaviours.answer(one, findings.choice(one))}" for one in scenarios
    )


def title(results: Results) -> str:
    """Return what a scenario is called."""
    return pick(results.study.scenario.title, results.lang)


def offices(scenarios: Sequence[Results]) -> Html:
    """Tabulate each scenario as it stands: people, units and outcomes under the baseline."""
    first, shown = scenarios[0], _shown(scenarios)
    rows = []
    for one in scenarios:
        people = one.study.posts["headcount"][one.baseline]
        means = (
            mean_of(one, name, one.baseline) if one.has(name, under=[one.baseline]) else "–" for name in shown
        )
        rows.append((title(one), f"{len(one.study.scenario.units):,}", f"{people:,}", *means))
    return text_table(
        rows,
        (
            first.text("scenario", "情景"),
            first.text("units", "单位数"),
            first.text("people", "人数"),
            *map(_heading, [scenarios] * len(shown), shown),
        ),
        first.text(
            "The scenarios under the baseline, with 95% intervals", "各情景基准方案下的情况（附95%区间）"
        ),
        first,
        right=range(1, len(shown) + 3),
    )


def effects(scenarios: Sequence[Results]) -> Html:
    """Tabulate for each policy its difference from the baseline in each scenario, or that it does not
    apply there."""
    first, shown = scenarios[0], _shown(scenarios)
    names = dict.fromkeys(name for one in scenarios for name in (*one.study.policies, *one.study.left_out))
    tables = []
    for name in names:
        if name == first.baseline:
            continue
        rows = []
        for one in scenarios:
            if name in one.study.left_out:
                why = one.study.left_out[name]
                cells = [one.text(f"does not apply: {why.en}", f"不适用：{why.zh}")] + [""] * (len(shown) - 1)
            else:
                cells = [_change(one, name, outcome) for outcome in shown]
            rows.append((title(one), *cells))
        called = next(one.policy(name) for one in scenarios if name in one.study.policies)
        tables.append(
            text_table(
                rows,
                (first.text("scenario", "情景"), *map(_heading, [scenarios] * len(shown), shown)),
                first.text(
                    f'"{called}": difference from the baseline, paired, with 95% intervals',
                    f"“{called}”：与基准之差（配对，附95%区间）",
                ),
                first,
                right=range(2, len(shown) + 1),
            )
        )
    return Html("").join(tables)


def _shown(scenarios: Sequence[Results]) -> list[str]:
    """The study's focus, then `SHOWN`, as far as any scenario has them."""
    wanted = dict.fromkeys([*scenarios[0].study.focus, *SHOWN])
    return [name for name in wanted if any(one.available((name,)) for one in scenarios)][:_MOST]


def _heading(scenarios: Sequence[Results], outcome: str) -> str:
    """An outcome with its unit; money has that of each scenario, and none is told where they differ."""
    units = {one.measure(outcome) for one in scenarios}
    return scenarios[0].heading(outcome) if len(units) == 1 else scenarios[0].outcome(outcome)


def _change(results: Results, policy: str, outcome: str) -> str:
    row = results.difference(policy, outcome)
    return "–" if row is None else starred(results, row, outcome)
