"""Exhibits of the notebook `emergence` on service: what is left lying, what is hurried, what is written.

Each returns its pieces: a sentence that says what is seen, with its number and interval, a figure, and a
table with the mechanical comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import sim
from docs.tools.emergence import figures, trials
from docs.tools.emergence.numbers import COUNTY, Emergence
from docs.tools.emergence.words import in_points, level, mean, seen, signed, trial_name
from sim.evaluate.estimate import mean_interval, paired_difference
from sim.report import page
from sim.report.exhibits import text_table
from sim.report.markup import Html
from sim.report.words import pick

KINDS = ("registration", "homestead", "fees", "farmland", "petition", "enforcement")


def imbalance(e: Emergence) -> Sequence[Html]:
    """Where only registration is assessed, registration gains and other work is left lying."""
    pairs = {
        "responsive": ("allocation, registration only", "allocation"),
        "mechanical": ("mechanical, registration only", "mechanical"),
    }
    found = {
        (who, outcome, kind): e.change(*pair, outcome, kind)
        for who, pair in pairs.items()
        for outcome in ("on_time_rate", "mean_processing_days")
        for kind in KINDS
    }
    own, other = (found["responsive", "mean_processing_days", kind] for kind in ("registration", "homestead"))
    duty = {who: e.change(*pair, "duty_rate") for who, pair in pairs.items()}
    days = e.text("days", "天")
    said = seen(e, (own, -1), (other, 1), (duty["responsive"], -1)) + e.text(
        "When only registration is assessed, and not all matters, its processing time changes by "
        f"{signed(own)} {days}, that of homestead approval by {signed(other)} {days}, the on-time rate of "
        f"fees by {in_points(found['responsive', 'on_time_rate', 'fees'], e)}, and patrol and "
        f"consolidation really done by {in_points(duty['responsive'], e)}. If nobody answers, each of "
        f"these changes by {in_points(duty['mechanical'], e)}.",
        f"由全面考核改为只考核土地登记，登记办理时间变化{signed(own)}{days}，宅基地审批变化{signed(other)}"
        f"{days}，费用征收按时率变化{in_points(found['responsive', 'on_time_rate', 'fees'], e)}，巡查、整"
        f"理等实际履职变化{in_points(duty['responsive'], e)}。无人反应时，以上各项的变化为"
        f"{in_points(duty['mechanical'], e)}。",
    )
    titles = [pick(sim.load(COUNTY).kinds[kind].title, e.lang) for kind in KINDS]
    drawing = page.figure(
        figures.by_kind(e, found, KINDS, titles),
        alt=said,
        caption=e.text(
            "Only registration assessed, less all matters assessed, by matter; paired over "
            f"{e.replications} replications, 95% intervals.",
            f"“只考核登记”减“全面考核”，按事项；{e.replications}次模拟配对，95%区间。",
        ),
    )
    rows = [
        (e.text("standing duties done, %", "日常履职率，%"), *_four(e, pairs, "duty_rate")),
        (e.text("on-time rate, fees, %", "按时率（费用），%"), *_four(e, pairs, "on_time_rate", "fees")),
        (
            e.text("on-time rate, registration, %", "按时率（登记），%"),
            *_four(e, pairs, "on_time_rate", "registration"),
        ),
        (
            e.text("days, registration", "天数（登记）"),
            *_four(e, pairs, "mean_processing_days", "registration"),
        ),
        (e.text("days, homestead", "天数（宅基地）"), *_four(e, pairs, "mean_processing_days", "homestead")),
        (e.text("days, farmland", "天数（耕地）"), *_four(e, pairs, "mean_processing_days", "farmland")),
    ]
    every, only = e.text("all assessed", "全面考核"), e.text("registration only", "只考核登记")
    who = e.text("people answer: ", "有反应："), e.text("nobody answers: ", "无反应：")
    labels = (e.text("measure", "指标"), *(prefix + rule for prefix in who for rule in (every, only)))
    caption = e.text("Means over the replications with 95% intervals", "各次模拟的均值及95%区间")
    return [page.paragraph(said), drawing, text_table(rows, labels, caption, e, right=(1, 2, 3, 4))]


def _four(e: Emergence, pairs: dict, outcome: str, kind: str = "") -> list[str]:
    order = [trial for only, every in pairs.values() for trial in (every, only)]
    return [mean(e, trial, outcome, kind) for trial in order]


def rushing(e: Emergence) -> Sequence[Html]:
    """People who work harder are faster; where part of that is corner-cutting, mistakes rise."""
    outcomes = ("mean_processing_days", "utilisation", "error_rate")
    named = {
        "effort": e.text("effort, partly rushing", "努力，部分为赶工"),
        "effort, no rushing": e.text("effort without rushing", "努力，不赶工"),
    }
    found = {
        (trial, outcome): e.change(trial, "mechanical", outcome) for trial in named for outcome in outcomes
    }
    errors, same = found["effort", "error_rate"], found["effort, no rushing", "error_rate"]
    faster, busy = found["effort", "mean_processing_days"], found["effort", "utilisation"]
    share = sim.load(COUNTY).behaviour.responsive.effort.rush_share
    said = seen(e, (errors, 1), (faster, -1), (busy, -1)) + e.text(
        f"With effort, {share:.0%} of the extra of which is corner-cutting, processing time changes by "
        f"{signed(faster)} days, utilisation changes by {in_points(busy, e)} and the error rate by "
        f"{in_points(errors, e)} (from {mean(e, 'mechanical', 'error_rate')}% if nobody answers). With "
        f"rushing off it is as fast ({signed(found['effort, no rushing', 'mean_processing_days'])} days), "
        f"and errors change by {in_points(same, e)}.",
        f"努力程度提高（其中{share:.0%}为赶工）后，办理时间变化{signed(faster)}天，工作负荷率"
        f"变化{in_points(busy, e)}，差错率变化{in_points(errors, e)}（无人反应时为"
        f"{mean(e, 'mechanical', 'error_rate')}%）。关闭赶工后速度相当（"
        f"{signed(found['effort, no rushing', 'mean_processing_days'])}天），差错率变化为"
        f"{in_points(same, e)}。",
    )
    drawing = page.figure(
        figures.changes(e, found, outcomes, named),
        alt=said,
        caption=e.text(
            f"Difference from no response (line at zero); paired over {e.replications} "
            "replications, 95% intervals.",
            f"与人员不作反应（零线）之差；{e.replications}次模拟配对，95%区间。",
        ),
    )
    rows = [
        (name, *(mean(e, trial, outcome) for outcome in outcomes))
        for trial, name in {"mechanical": trial_name(e, "mechanical"), **named}.items()
    ]
    labels = (e.text("behaviour", "行为"), *(figures.measure(e, outcome) for outcome in outcomes))
    caption = e.text("Means over the replications with 95% intervals", "各次模拟的均值及95%区间")
    return [page.paragraph(said), drawing, text_table(rows, labels, caption, e, right=(1, 2, 3))]


def audits(e: Emergence) -> Sequence[Html]:
    """The fewer the audits, the farther the recorded on-time rate from the true one."""
    rates = trials.AUDIT_RATES
    runs = {rate: _gap(e, rate) for rate in rates}
    gaps = {rate: mean_interval(mine) for rate, mine in runs.items()}
    none, most = rates[0], rates[-1]
    fall = paired_difference(runs[none], runs[most])
    steps = [paired_difference(runs[less], runs[more]) for less, more in zip(rates, rates[1:], strict=False)]
    penalty = sim.load(COUNTY).assessment.audits.penalty_points
    said = seen(e, (fall, 1), *((step, 1) for step in steps)) + e.text(
        f"Without audits the recorded on-time rate is {level(gaps[none])} percentage points above the "
        f"true one; if {most:.0%} of the records are audited, {penalty:g} points a false one, "
        f"{level(gaps[most])}. If nobody answers there is no gap at all.",
        f"不稽核时，记录的按时率比实际高{level(gaps[none])}个百分点；稽核{most:.0%}的记录、每件造假扣"
        f"{penalty:g}分时，高{level(gaps[most])}个百分点。无人反应时没有差距。",
    )
    shown = {name: [mean_interval(e.runs(f"audits {rate:g}", name)) for rate in rates]
             for name in ("on_time_rate", "recording")}  # fmt: skip
    recorded = [mean_interval(e.runs(f"audits {rate:g}", "on_time_rate") + runs[rate]) for rate in rates]
    drawing = page.figure(
        figures.audits(e, rates, shown["on_time_rate"], recorded, list(gaps.values())),
        alt=said,
        caption=e.text(
            "On-time rate as recorded and in truth, and their gap, by the share of records audited; "
            f"{e.replications} replications, 95% intervals.",
            f"记录与实际的按时率及其差距，按稽核比例；{e.replications}次模拟，95%区间。",
        ),
    )
    rows = [
        (
            f"{rate:.0%}",
            *(level(one) for one in (true, told, gaps[rate], share)),
            mean(e, f"audits {rate:g}", "audited_cases"),
        )
        for rate, true, told, share in zip(
            rates, shown["on_time_rate"], recorded, shown["recording"], strict=True
        )
    ]
    mechanical = e.runs("mechanical", "on_time_rate")
    rows.append((trial_name(e, "mechanical"), *2 * [level(mean_interval(mechanical))], "0", "0", "0"))
    labels = (
        e.text("audited", "稽核比例"),
        e.text("true on-time rate, %", "实际按时率，%"),
        e.text("recorded, %", "记录按时率，%"),
        e.text("gap, points", "差距，百分点"),
        e.text("nearly late ones falsified, %", "临界件造假比例，%"),
        e.text("found, cases", "查出，件"),
    )
    caption = e.text("By the share of records audited: means with 95% intervals", "按稽核比例：均值及95%区间")
    return [page.paragraph(said), drawing, text_table(rows, labels, caption, e, right=range(1, 6))]


def _gap(e: Emergence, rate: float) -> np.ndarray:
    """Recorded less true on-time rate, percentage points; where nothing false was recorded it is not told."""
    return np.nan_to_num(e.runs(f"audits {rate:g}", "on_time_gap"))
