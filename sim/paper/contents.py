"""The tables and figures of a paper, each with the data it is made of.

Tables and figures are those of the study's reports; what is of their own is the data behind them, in which
numbers have ten significant digits: what differs beyond these is arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.paper.overview import overview
from sim.report import all_rules, assumptions, behaviours, exhibits, findings, pictures, rule_tables
from sim.report.document import Figure, Table
from sim.report.results import Results
from sim.report.tables import csv_text
from sim.report.words import MISSING

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.markup import Html

_MOST_CHANGES = 8  # of a policy, in the printed table: a row must hold on a page; the data have all
DIGITS = 10  # significant ones, of the numbers in a file of data
_OF_REQUESTS = ("arrivals", "on_time_rate", "mean_processing_days", "open_at_end", "utilisation")


@dataclass(frozen=True)
class Exhibit:
    """A table or figure and its data; `block` has the name of both."""

    block: Table | Figure
    data: pd.DataFrame

    @property
    def name(self) -> str:
        return self.block.name


def data_text(data: pd.DataFrame) -> str:
    """Return data as CSV: no cell a formula, numbers with `DIGITS` significant digits."""
    told = data.copy()
    for place, kind in enumerate(data.dtypes):
        if kind.kind == "f":
            told.isetitem(place, [float(f"{value:.{DIGITS}g}") for value in data.iloc[:, place]])
    return csv_text(told)


def tables(results: Results) -> list[Exhibit]:
    """Make the tables of a study, those of the paper's text in its order."""
    return list(_tables(results))


def figures(results: Results) -> list[Exhibit]:
    """Make the figures of a study."""
    from sim.report.style import use_house_style

    use_house_style()
    return list(_figures(results))


def _tables(r: Results) -> Iterator[Exhibit]:
    found = findings.choice(r)
    yield _exhibit("policies", rule_tables.changed(r, _MOST_CHANGES), _changes(r))
    yield _exhibit("reasons", rule_tables.reasons(r), _reasons(r))
    yield _exhibit("summary", all_rules.all_rules(r, found), _levels(r, "bureau", _main(r)))
    yield _exhibit("choice", rule_tables.choice(r, found), found.table.reset_index())
    for side in r.sides:
        ending = "" if side is r else f"-{side.behaviour}"
        for group, html in rule_tables.by_group(side).items():
            block = _block(f"{group}{ending}", html)
            if len(r.sides) > 1:
                told = r.text(
                    f"{block.caption}; {behaviours.title(side).lower()}",
                    f"{block.caption}，{behaviours.title(side)}",
                )
                block = replace(block, caption=told)
            compared = side.differences()
            yield Exhibit(block, compared[compared["outcome"].isin(rule_tables.GROUPS[group])])
    for name, level, one in (("kinds", "kind", exhibits.by_kind(r)), ("units", "unit", exhibits.by_unit(r))):
        if one is not None:
            yield _exhibit(name, one, _levels(r, level, _OF_REQUESTS, [r.baseline]))
    if parameters := _behaviour(r):
        yield parameters
    register = assumptions.register(r.study.scenario, r.lang)
    if not register.empty:
        listed = exhibits.all_assumptions(r)
        assert listed is not None  # of a register that is not empty
        yield _exhibit("assumptions", listed, register)


def _exhibit(name: str, html: Html, data: pd.DataFrame) -> Exhibit:
    return Exhibit(_block(name, html), data)


def _block(name: str, html: Html) -> Table | Figure:
    """Return the block that a piece of a page shows, under its name."""
    assert isinstance(html.block, Table | Figure)
    return replace(html.block, name=name)


def _main(r: Results) -> tuple[str, ...]:
    from sim.report.outcomes import PAY, SCORES, SERVICE

    return (*SERVICE, *SCORES, *PAY)


def _levels(
    r: Results, level: str, outcomes: tuple[str, ...], policies: list[str] | None = None
) -> pd.DataFrame:
    """Tabulate means with their 95 % intervals: policy, the level's key, outcome, mean, low, high, note."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for policy in policies or r.policies:
        for outcome in r.available(outcomes, level):
            if level == "bureau":
                if r.has(outcome, under=[policy]):
                    one = r.bureau_mean(outcome, policy)
                    rows.append((policy, "", outcome, one.estimate, one.low, one.high, one.note or ""))
                continue
            for key, row in r.means(level, outcome, policy).iterrows():
                rows.append((policy, key, outcome, row["mean"], row["low"], row["high"], row["note"] or ""))
    columns = ["policy", level, "outcome", "mean", "low", "high", "note"]
    return pd.DataFrame(rows, columns=columns).drop(columns=["bureau"], errors="ignore")


def _changes(r: Results) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (name, path, str(value))
        for name in r.policies
        for path, value in (r.study.policies[name].changes or {"": ""}).items()
    ]
    table = pd.DataFrame(rows, columns=["policy", "path", "value"])
    return table.merge(r.study.posts.reset_index(), on="policy")


def _reasons(r: Results) -> pd.DataFrame:
    import pandas as pd

    rows = [(name, r.policy(name), getattr(r.study.policies[name].reason, r.lang)) for name in r.policies]
    return pd.DataFrame(rows, columns=["policy", "title", "reason"])


def _behaviour(r: Results) -> Exhibit | None:
    """Tabulate the parameters of behaviour as they were run, for the behaviours other than `mechanical`."""
    import pandas as pd

    from sim.scenario.parameters import catalogue

    responding = [side.behaviour for side in r.sides if side.behaviour != "mechanical"]
    if not responding:
        return None
    data: list[tuple[str, ...]] = []
    rows: list[tuple[str, ...]] = []
    for one in catalogue("behaviour"):
        parts = one.path.split(".")[1:]
        if len(parts) > 1 and parts[0] not in (*responding, "trials"):
            continue
        value: Any = r.rules(r.baseline).behaviour
        for part in parts:
            value = getattr(value, part, None)
        if value is None or "<" in one.path or hasattr(value, "model_dump"):
            continue
        printed = assumptions.printed(list(value) if isinstance(value, tuple) else value, r.lang)
        data.append((one.path, printed, one.unit, one.source))
        rows.append(
            (one.path.removeprefix("behaviour."), r.text(one.label_en, one.label_zh), printed or MISSING,
             assumptions.unit_of(r.study.scenario, tuple(one.path.split(".")), r.lang))
        )  # fmt: skip
    labels = (
        *(r.text("parameter", "参数"), r.text("meaning", "含义")),
        *(r.text("value", "取值"), r.text("unit", "单位")),
    )  # fmt: skip
    caption = r.text("Parameters of behaviour, as run", "行为参数（按实际运行）")
    html = exhibits.text_table(rows, labels, caption, r)
    return _exhibit("behaviour", html, pd.DataFrame(data, columns=["path", "value", "unit", "source"]))


def _figures(r: Results) -> Iterator[Exhibit]:
    found = findings.choice(r)
    drawn: list[tuple[str, Html | None, Callable[[], pd.DataFrame]]] = [
        ("overview", overview(r), lambda: _parts(r)),
        ("differences", pictures.differences(r), lambda: _compared(r)),
        ("choice", pictures.choice(r, found), lambda: found.table.reset_index()),
        ("schedules", pictures.schedules(r), lambda: _schedules(r)),
        ("gains", pictures.gains(r), lambda: _gains(r)),
        ("scores", pictures.scores(r), lambda: _scores(r)),
        ("months", pictures.months(r), lambda: _months(r)),
        ("luck", pictures.luck(r), lambda: r.bottom_shares().rename_axis("unit").reset_index()),
    ]
    for name, html, data in drawn:
        if html is not None and isinstance(html.block, Figure):
            yield _exhibit(name, html, data())


def _parts(r: Results) -> pd.DataFrame:
    """Count what the scenario has in each part of the model."""
    import pandas as pd

    of = r.study.scenario
    rows = [
        ("kinds", len(of.kinds)), ("units", len(of.units)),
        ("people", int(r.study.posts["headcount"][r.baseline])),
        ("steps", sum(len(r.route(kind)) for kind in of.kinds)), ("scorecards", len(of.scorecards)),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["part", "count"])


def _compared(r: Results) -> pd.DataFrame:
    import pandas as pd

    rows = pd.concat([side.differences().assign(behaviour=side.behaviour) for side in r.sides])
    return rows[rows["outcome"].isin(pictures.of_focus(r))]


def _gains(r: Results) -> pd.DataFrame:
    import pandas as pd

    found = [
        r.winners(name).rename_axis("change").reset_index().assign(policy=name)
        for name in r.with_pay_changed()
    ]
    table = pd.concat(found, ignore_index=True)
    return table[["policy", *(name for name in table if name != "policy")]]


def _scores(r: Results) -> pd.DataFrame:
    return r.means("unit", "score", r.baseline).rename_axis("unit").reset_index()


def _months(r: Results) -> pd.DataFrame:
    import pandas as pd

    names = ("open_at_end", "mean_processing_days")
    rows = [r.level("month", name) for name in names if r.has(name, "month", under=[r.baseline])]
    table = pd.concat(rows, ignore_index=True)
    table = table[table["policy"].isin(pictures.of_service(r))]
    keys = ["policy", "outcome", "month"]
    means = table.astype({"policy": str, "outcome": str}).groupby(keys, sort=False)["value"].mean()
    return means.rename("mean").reset_index()


def _schedules(r: Results) -> pd.DataFrame:
    """Tabulate the shares of pay and of bonus by score, under each rule, in steps of half a point."""
    import numpy as np
    import pandas as pd

    from sim.rules.pay import bonus_share, pay_share

    score, tables = np.arange(0, 100.5, 0.5), []
    for name in r.policies:
        if (pay := r.rules(name).pay) is not None:
            shares = {"pay_share": pay_share(score, pay), "bonus_share": bonus_share(score, pay)}
            tables.append(pd.DataFrame({"policy": name, "score": score, **shares}))
    return pd.concat(tables, ignore_index=True)
