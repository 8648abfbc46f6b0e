"""Tell how much of a study's results is luck, whom its rules name, what they harm, and who gains and loses.

Each function takes `Evaluated` and returns `Html` or sentences, or None where the study has nothing of the
kind; `show` puts them on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.report import behaviours, page
from sim.report import evaluation_figures as figures
from sim.report.evaluated import FEWEST, Evaluated
from sim.report.exhibits import text_table
from sim.report.findings import small
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.words import MISSING, bottom, chance_number, interval, number, percent, percent_interval, pick

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def sides(results: Results) -> list[Evaluated]:
    """Return the evaluation under each of the study's behaviours, the first one's first."""
    return [Evaluated(side) for side in results.sides]


def luck(results: Results) -> list[str]:
    """Say what a leader must know of luck, where the study has scores and enough replications."""
    found = sides(results)
    return answer(found) if found[0].enough else []


def answer(found: list[Evaluated]) -> list[str]:
    """Say what a leader must know: the luck of a year, the luck of the bottom, and what is harmed."""
    e = found[0]
    text = e.results.text
    said = []
    if not e.enough:
        said.append(
            text(
                f"With fewer than {FEWEST} replications nothing can be said of luck.",
                f"模拟次数少于{FEWEST}次，无法判断偶然因素。",
            )
        )
    if e.score is not None:
        own = e.score[e.score["truly_above"]]
        if len(own):
            share = float(own["below"].mean())
            hard = int((e.score["reliability"] < 0.8).sum())
            said.append(
                text(
                    f"Of 100 years of units whose mean score over many years is {e.line:g} or more, "
                    f"{100 * share:.0f} are measured below it by luck; for {hard} of {len(e.score)} units "
                    "one year is too little to judge by (reliability under 0.8).",
                    f"多年平均得分达到{e.line:g}分的单位，每100个考核年中有{100 * share:.0f}年"
                    "因偶然因素考核得分低于该线；"
                    f"{len(e.score)}个单位中有{hard}个单凭一年数据不足以评判（信度低于0.8）。",
                )
            )
    if e.naming is not None:
        row = next(row for _, row in e.naming.iterrows() if row["rule"] == "one_year")
        truly, right = (
            percent_interval(*(row[f"{name}{end}"] for end in ("", "_low", "_high")), se=0.05)
            for name in ("share_right", "all_right")
        )
        place = bottom(e.count)
        said.append(
            text(
                f"Of the units that are {place.en} in a year, {truly} truly belong there"
                + ("." if e.count == 1 else f", and all {e.count} do in {right} of years."),
                f"一年中列入{place.zh}的单位，真正处于末位的占{truly}"
                + ("。" if e.count == 1 else f"；{e.count}个全部列对的年份占{right}。"),
            )
        )
    if any(side.alarm is not None for side in found):
        said.append(_uncounted(found))
    return said


def _uncounted(found: list[Evaluated]) -> str:
    """Say under which rules, and which behaviours, something that the score does not count gets worse."""
    first, text = found[0].results, found[0].results.text
    alarmed = [(side.results, names) for side in found if (names := flagged(side))]
    if not alarmed:
        return text(
            "Nothing that the score does not count surely gets worse under any rule.",
            "没有方案使考核未计的方面确定恶化。",
        )
    if len(found) == 1:
        listed = first.listed(alarmed[0][1])
    else:
        parts = (
            text(
                f"{first.listed(names)} ({small(behaviours.title(side))})",
                f"{first.listed(names)}（{behaviours.title(side)}）",
            )
            for side, names in alarmed
        )
        listed = text("; ", "、").join(parts)
    return text(
        f"What the score does not count gets worse under {listed}.", f"{listed}下，考核未计的方面出现恶化。"
    )


def left_out(e: Evaluated) -> list[Html]:
    """List the tables that the results do not allow, each with the reason."""
    lang, colon = e.results.lang, e.results.text(": ", "：")
    said = [f"{pick(title, lang)}{colon}{pick(why, lang)}" for title, why in e.left_out()]
    return [page.bullets(said)] if said else []


def flagged(e: Evaluated) -> list[str]:
    """Return the policies with an alarm."""
    if e.alarm is None:
        return []
    return list(dict.fromkeys(e.alarm.loc[e.alarm["alarm"], "policy"]))


def shown(
    e: Evaluated, draw: Callable[[Evaluated], Figure], caption: tuple[str, str], alt: tuple[str, str]
) -> Html:
    """Show a figure of the evaluation; caption and text alternative in English and Chinese."""
    return page.figure(draw(e), caption=e.results.text(*caption), alt=e.results.text(*alt))


def reliability(e: Evaluated) -> list[Html]:
    """Show how reliable a year is, for each unit, by on-time rate and by score."""
    if e.rate is None or e.score is None:
        return []
    text = e.results.text
    scores = {row["unit"]: row for _, row in e.score.iterrows()}
    seen = (
        {} if e.observed is None else dict(zip(e.observed["unit"], e.observed["design_effect"], strict=True))
    )
    rows = []
    for _, row in e.rate.sort_values("reliability", kind="stable").iterrows():
        unit = row["unit"]
        own = scores[unit]
        rows.append(
            (
                e.results.unit(unit),
                number(row["cases"], se=10),
                f"{percent(row['true'], se=0.005)} ({percent(row['line'], se=0.05)})",
                interval(row["design_effect"], row["deff_low"], row["deff_high"]),
                number(seen.get(unit, np.nan), se=np.nan),
                percent(row["below_binomial"], se=0.05),
                percent_interval(row["below"], row["below_low"], row["below_high"], se=0.05),
                _two(own["reliability"]),
                _one(own["years_needed"]),
                number(own["requests_needed"], se=np.nan),
            )
        )
    labels = (
        text("unit", "单位"),
        text("cases a year", "年到期件"),
        text("true on-time rate (target)", "真实按时办结率（目标值）"),
        text("design effect [95%]", "设计效应 [95%]"),
        text("… from one year's months", "……由一年各月推算"),
        text("below the target: expected of cases", "低于目标值：按件数应有"),
        text("… simulated [95%]", "……模拟 [95%]"),
        text("reliability of a year's score", "年度得分信度"),
        text("years for 0.8", "达到0.8需年数"),
        text("cases for 0.8", "达到0.8需件数"),
    )
    note = text(
        "Design effect: the variance of the yearly rate over that of as many independent cases. Requests "
        "share a queue, so that late ones come in runs. Below the target: the share of years, if cases were "
        "independent, and as simulated. Reliability: the share of the variance between units that is not "
        "luck; the last columns are the years, and the cases, that a reliability of 0.8 takes. "
        f"{MISSING}: the unit never varies, or units do not differ.",
        "设计效应：年度按时办结率的方差与同样件数相互独立时方差之比；各件同排一队，超时往往成串出现。"
        "信度：单位间差异中非偶然部分所占比例；末两列为信度达到0.8所需的年数和件数。低于目标值：按各件相互独立推算及"
        f"模拟所得的年份比例。{MISSING}：该单位无波动，或各单位无差别。",
    )
    table = text_table(
        rows, labels, text("How far one year tells of a unit", "一年的结果能说明多少"), e.results,
        right=range(1, len(labels)), note=note,
    )  # fmt: skip
    wide = e.rate["design_effect"].median()
    drawn = shown(
        e,
        figures.reliability,
        (
            "Where 95% of a unit's yearly on-time rates lie (grey), and where they would if each case were "
            "late by itself (blue); the true rate (dot) and the targets.",
            "各单位年度按时办结率95%的分布范围（灰）与各件相互独立时的范围（蓝）；点为真实水平，虚线为目标值。",
        ),
        (
            f"Half of the units vary at least {wide:.0f} times as much, in variance, as their cases alone "
            "would.",
            f"半数单位的方差至少为件数所应有的{wide:.0f}倍。",
        ),
    )
    return [drawn, table]


def _one(value: float) -> str:
    return number(value, se=1)


def _two(value: float) -> str:
    return number(value, se=0.1)


def funnel(e: Evaluated) -> Html | None:
    """Show the funnel plot."""
    if e.rate is None or not e.rate["design_effect"].notna().any():
        return None
    return shown(
        e,
        figures.funnel,
        (
            "Yearly on-time rates by number of cases, of the units with the commonest target. Between the "
            "limits lie 95% of the years of a unit that is exactly at it: dashed, if its cases were "
            "independent; full, with the median design effect.",
            "目标值最常见的各单位的年度按时办结率与到期件数。界限之间为真实水平恰为目标值的单位95%的年份："
            "虚线按各件独立计算，实线计入设计效应（中位数）。",
        ),
        (
            "Many years lie outside the dashed limits and within the full ones.",
            "许多年份在虚线界限之外、实线界限之内。",
        ),
    )


def price(e: Evaluated) -> Html | None:
    """Tabulate what noise costs the units that are paid by score."""
    if e.price is None or e.price.empty:
        return None
    text = e.results.text
    rows = [
        (
            e.results.unit(row["unit"]),
            _two(row["deduction"]),
            _two(row["noise_tax"]),
            _two(row["gated_tax"]),
            _two(row["incentive"]),
            _two(row["equal_cliff"]),
            percent(row["bottom"], se=0.05),
            number(100 * row["bottom_slope"], se=1),
        )
        for _, row in e.price.sort_values("noise_tax", ascending=False, kind="stable").iterrows()
    ]
    labels = (
        text("unit", "单位"),
        text("expected deduction (%)", "预期下浮（%）"),
        text("of it by noise (%)", "其中因偶然（%）"),
        text("… with a gate (%)", "……设门槛余量后（%）"),
        text("a point more is worth (%)", "多得1分的价值（%）"),
        text("cliff of equal incentive (%)", "等激励的一次性扣减（%）"),
        text("chance of the bottom", "列入末位概率"),
        text("a point more changes it (points)", "多得1分使其变化（百分点）"),
    )
    note = text(
        "In per cent of assessment pay, for a normal score with the unit's own mean and noise. The gate "
        "deducts "
        "only what is surely under the line (one-sided 95%).",
        "以考核工资的百分比计，假定得分服从以该单位均值和波动为参数的正态分布。"
        "设余量：只有确证低于门槛（单侧95%）的部分才下浮。",
    )
    caption = text("What luck costs, and what a point is worth", "偶然因素的代价与一分的价值")
    return text_table(rows, labels, caption, e.results, right=range(1, len(labels)), note=note)


def ranks(e: Evaluated) -> list[Html]:
    """Show sets of ranks, chances of the bottom, how rules of naming compare, and how far ranks repeat."""
    if e.bottom is None or e.naming is None or e.repetition is None:
        return []
    text = e.results.text
    most = e.results.unit(next(iter(e.bottom.sort_values("named", ascending=False, kind="stable")["unit"])))
    may = int((e.bottom["worst_in_a_year"] > len(e.bottom) - e.count).sum())
    drawn = [
        shown(
            e,
            figures.ranks,
            (
                "The ranks that a unit may truly have, all units at once with 95% confidence: as one year's "
                "scores allow (grey) and as all replications do (blue). Right of the line lies the bottom.",
                "各单位真实名次的可能范围（全体同时95%置信）：一年得分所能确定的（灰）与全部模拟所能确定的"
                "（蓝）；"
                "竖线右侧为末位。",
            ),
            (
                f"By one year's scores {may} of {len(e.bottom)} units may be {bottom(e.count).en}.",
                f"仅凭一年得分，{len(e.bottom)}个单位中有{may}个可能属于{bottom(e.count).zh}。",
            ),
        ),
        shown(
            e,
            figures.bottom,
            (
                f"Chance to be {bottom(e.count).en} in a year: simulated, with 95% "
                "intervals, and by "
                "on-time cases alone, exact, as if they were independent and as they share a queue.",
                f"一年中列入{bottom(e.count).zh}的概率：模拟结果（附95%区间），以及仅按时件精确推算的结果（各件独"
                "立、计入排队）。",
            ),
            (
                f"Most often at the bottom: {most}.",
                f"最常列入末位的是{most}。",
            ),
        ),
    ]
    names = {
        "one_year": text("the lowest of the year", "当年最低者"),
        "mean_of_years": text("the lowest of a three-year mean", "三年平均最低者"),
        "shrunk": text("the lowest after shrinkage", "收缩后最低者"),
        "if_sure": text("only if surely in the bottom third", "确证处于后三分之一者"),
    }
    rows = [
        (
            names[row["rule"]],
            _two(row["named"]),
            *(with_interval(row, name) for name in ("all_right", "share_right", "missed")),
        )
        for _, row in e.naming.iterrows()
    ]
    labels = (
        text("who is named", "列名办法"),
        text("units a year", "年均列名单位"),
        text("all of them right", "全部列对"),
        text("of the named, truly lowest", "所列单位确属末位"),
        text("of the truly lowest, missed", "真正末位而未列"),
    )
    note = text(
        "True: by the mean of the other replications. 95% intervals by leaving out one replication at a "
        "time.",
        "“真正”以其余各次模拟的均值为准。95%区间由逐次剔除一次模拟得出。",
    )
    caption = text("Who is named at the bottom, by four rules", "四种末位列名办法的比较")
    naming_table = text_table(rows, labels, caption, e.results, right=range(1, 5), note=note)
    found = {row["measure"]: row for _, row in e.repetition.iterrows()}
    again = found["overlap"]
    overlap = interval(again["value"], again["low"], again["high"])
    same, none = _share_of(found["same"]), _share_of(found["none"])
    tau_true, tau_again = _two(found["tau_true"]["value"]), _two(found["tau_again"]["value"])
    if e.count == 1:
        repeated = text(
            f"The one named in a year is named again in {same} of other years.",
            f"一年所列单位，另一年再次列入的占{same}。",
        )
    else:
        repeated = text(
            f"Of the {e.count} named in a year, {overlap} are named in another; all of them again in {same}, "
            f"none in {none} of pairs of years.",
            f"一年所列{e.count}个单位中，另一年再次列入的平均有{overlap}个；两年完全相同的占{same}，"
            f"无一重复的占{none}。",
        )
    said = text(
        f"{repeated} Kendall's tau of a year's scores with the truth is {tau_true}, "
        f"with another year's {tau_again} (1 = the same order).",
        f"{repeated}一年得分与真实水平的肯德尔相关系数为{tau_true}，"
        f"与另一年得分为{tau_again}（1为名次完全一致）。",
    )
    pieces = [*drawn, naming_table, page.paragraph(said)]
    if e.truly is not None:
        right = chance_number(float(e.truly["all_right"].iloc[0]), e.results.lang)
        lowest = (
            text("lowest is the true one", "最低的确为真正末位")
            if e.count == 1
            else text(f"lowest {e.count} are the true ones", f"最低的{e.count}个确为真正末位")
        )
        pieces.append(
            page.paragraph(
                text(
                    f"Seen from one year's on-time rates alone, with the queue counted, the {lowest} with a "
                    f"probability of {right}.",
                    f"仅凭一年的按时办结率并计入排队影响，{lowest}的概率为{right}。",
                )
            )
        )
    return pieces


def with_interval(row: pd.Series, name: str) -> str:
    """Format a share with its interval, from columns ``name``, ``name_low`` and ``name_high``."""
    if np.isnan(row[name]):
        return MISSING
    return percent_interval(row[name], row[f"{name}_low"], row[f"{name}_high"], se=0.05)


def _share_of(row: pd.Series) -> str:
    return percent_interval(row["value"], row["low"], row["high"], se=0.05)
