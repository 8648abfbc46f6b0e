"""The methods section of a paper, written from what was run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.paper.provenance import commit
from sim.report import behaviours
from sim.report.document import Block, Figure, Heading, Paragraph
from sim.report.findings import choice, measured, small
from sim.report.record import versions
from sim.report.results import Results
from sim.report.weightiest import assumed_numbers
from sim.report.words import pick
from sim.rooms import LIBRARIES, code_version
from sim.scenario.counts import number_of

if TYPE_CHECKING:
    from sim.study import Study

COUNTRIES = {"CN": ("China", "中国"), "PL": ("Poland", "波兰")}


def methods(r: Results, labels: Mapping[str, str], overview: Figure) -> list[Block]:
    """Write the section; `labels` are what tables and figures are called, by name."""
    parts = (
        (r.text("The scenario", "情景"), scenario(r)),
        (r.text("The rules compared", "比较的方案"), rules(r, labels)),
        (r.text("Experimental design", "试验设计"), f"{runs(r)}{r.text(' ', '')}{streams(r)}"),
        (r.text("Initial state and length", "初始状态与时长"), f"{initial(r)}{r.text(' ', '')}{length(r)}"),
        (r.text("Estimation", "估计方法"), estimation(r)),
        (r.text("Choice among the rules", "方案选择"), chosen(r)),
        (r.text("Behaviour", "人员行为"), behaviour(r, labels)),
        (r.text("Software", "软件"), software(r)),
    )
    blocks: list[Block] = [Heading(r.text("Methods", "方法"))]
    for heading, text in parts:
        blocks += [Heading(heading, 3), Paragraph(text)]
    where = labels["figure-overview"]
    seen = r.text(f"{where} gives an overview of the model.", f"模型总览见{where}。")
    return [*blocks[:3], Paragraph(seen), overview, *blocks[3:]]


def scenario(r: Results) -> str:
    """Say what is simulated."""
    of = r.study.scenario
    people = int(r.study.posts["headcount"][r.baseline])
    units, kinds = len(of.units), len(of.kinds)
    came = (
        r.text("Requests are replayed from a recorded table.", "来件按记录表重放。")
        if of.replay
        else r.text(
            "Requests arrive at random, by hour, weekday and month; each follows the route of its kind "
            "through the units.",
            "来件按小时、星期和月份随机到达，每件按其事项的流程在各单位间流转。",
        )
    )
    return r.text(
        f"The simulation is of {pick(of.title, 'en')}. {pick(of.description, 'en')} The scenario has "
        f"{number_of(units, 'unit')} with {number_of(people, 'person', 'people')} under "
        f"the baseline, and {number_of(kinds, 'kind')} of request. {came} {assumed_numbers(r)}",
        f"模拟对象为{pick(of.title, 'zh')}。{pick(of.description, 'zh')}基准方案下共有{units:,}个单位、"
        f"{people:,}人，办理{kinds}类事项。{came}{assumed_numbers(r)}",
    )


def rules(r: Results, labels: Mapping[str, str]) -> str:
    """Say which rules are compared."""
    others = len(r.alternatives)
    where = labels["policies"]
    return r.text(
        f"The baseline is {r.quoted(r.baseline)}. {others} other rule{'s are' if others > 1 else ' is'} "
        f"compared with it: {r.listed(r.alternatives)}. {where} has what each changes.",
        f"以{r.quoted(r.baseline)}为基准，与其比较的方案有{others}种：{r.listed(r.alternatives)}。"
        f"各方案的改动见{where}。",
    )


def runs(r: Results) -> str:
    """Say how many replications were made, and what decided their number."""
    study, each = r.study, r.replications
    count, sides = len(r.policies), len(r.sides)
    total = count * sides * each
    plan, asked = study.plan, study.file.precision
    said = r.text(
        f"Each of the {count} rules was simulated {number_of(each, 'time')} under "
        f"{f'each of {sides} behaviours' if sides > 1 else 'one behaviour'}: "
        f"{number_of(total, 'replication')}.",
        f"{count}种方案在{sides}种行为下各模拟{each:,}次，合计{total:,}次。",
    )
    if plan is None or asked is None:
        return said + r.text(" Their number was fixed beforehand.", "次数事先确定。")
    widths = ", ".join(f"{r.outcome(name)} {width:g}" for name, width in asked.half_width.items())
    reached = r.text("was reached", "已达到") if plan.reached else r.text("was not reached", "未达到")
    return said + r.text(
        f" Their number follows from the half-widths asked of 95% intervals ({widths}), which {reached}; at "
        f"least {asked.at_least}, at most {asked.at_most}.",
        f"次数按所要求的95%区间半宽确定（{widths}），最少{asked.at_least}次、最多{asked.at_most}次，"
        f"该精度{reached}。",
    )


def streams(r: Results) -> str:
    """Say what is random, and how rules share it."""
    return r.text(
        f"All randomness comes from the seed {r.study.seed}. Each source has a Philox stream of its own, "
        "keyed by seed, replication and name. A replication draws its requests before any rule acts: every "
        "rule meets the same requests (common random numbers), and rules are compared in pairs.",
        f"随机数均由种子{r.study.seed}产生；每一随机来源各用一个Philox随机流，由种子、模拟次序和名称确定。"
        "每次模拟先抽取来件，再适用方案，各方案面对同样的来件（公共随机数），按模拟次序配对比较。",
    )


def initial(r: Results) -> str:
    """Say in what state a replication begins."""
    days = r.study.scenario.horizon.warm_up_days
    if days:
        return r.text(
            f"A replication begins empty; {number_of(days, 'day')} are simulated before the first "
            "year and count in no "
            "result.",
            f"每次模拟从无积存件开始，首年之前先行模拟{days}天，不计入结果。",
        )
    return r.text(
        "A replication begins empty, without a warm-up; all its time counts.",
        "每次模拟从无积存件开始，不设预热期，全部时间计入结果。",
    )


def length(r: Results) -> str:
    """Say how long a replication is, and by which calendar."""
    horizon, country = r.study.scenario.horizon, r.study.scenario.calendar.country
    start = horizon.start
    begin_en, begin_zh = f"{start.day} {start:%B} {start.year}", f"{start.year}年{start.month}月{start.day}日"
    if horizon.years is None:
        span = r.text(f"lasts {horizon.minutes:,g} minutes", f"历时{horizon.minutes:,g}分钟")
    else:
        many = horizon.years
        span = r.text(f"lasts {number_of(many, 'year')} of assessment", f"历时{many}个考核年度")
    if country not in COUNTRIES:
        days = r.text("No public holidays are kept.", "不设法定节假日。")
    else:
        name = r.text(*COUNTRIES[country])
        days = r.text(f"Public holidays are those of {name}.", f"节假日按{name}的规定。")
    return r.text(f"It starts on {begin_en} and {span}. {days}", f"自{begin_zh}起，{span}。{days}")


def estimation(r: Results) -> str:
    """Say how estimates and intervals are made."""
    return r.text(
        "The replication is the unit of analysis: its years are averaged first. Means and paired "
        "differences have 95% intervals by Student's t over replications. Shares of cases are ratios of "
        "sums over replications, with intervals from Hall's transformation of t, kept within 0 and 1; so are "
        "their differences'. P-values are of paired t tests, corrected by Holm's method over all rules and "
        "behaviours for each outcome. Cases open at the end are outcomes of their own: means over finished "
        "cases are read beside them.",
        "以每次模拟为分析单位，先对其各年取平均。均值和配对差的95%区间按各次模拟用t分布计算。"
        "件数比例为各次模拟合计之比，区间由Hall变换的t统计量得出，限于0至1之间，其配对差的区间亦同。p值来自配对t检验，"
        "同一指标在全部方案和行为下按Holm法校正。期末未办结件另列指标，办结件的均值须与其一并看。",
    )


def chosen(r: Results) -> str:
    """Say how a rule is selected and recommended."""
    found = choice(r)
    margin = measured(r, found.outcome, found.margin)
    return r.text(
        f"Rules are judged by the {small(r.outcome(found.outcome))}; a difference under {margin} is held for "
        "none. A rule is selected if, with probability 0.95, it is within this margin of the best (Hsu's "
        "multiple comparisons with the best). It is recommended over the baseline if its simultaneous 95% "
        "interval excludes zero on the better side and the difference exceeds the margin. Simultaneous "
        "intervals are Bonferroni's; of shares, each end is Student's or by Hall's transformation, whichever "
        "is farther.",
        f"以{r.outcome(found.outcome)}评判各方案，差距在{margin}以内视为无差别。与最优方案之差以0.95的概率不"
        "超过该差距者入选（Hsu多重比较）；同时95%区间在较优一侧不含零且差值超过该差距者，"
        "推荐替代基准方案。"
        "联合区间按Bonferroni法确定；比例的区间各端取t分布与Hall变换中较远者。",
    )


def behaviour(r: Results, labels: Mapping[str, str]) -> str:
    """Say how people are assumed to behave."""
    said = r.text(" ", "").join(_sentence(one) for one in behaviours.assumed(r))
    where = labels.get("behaviour")
    if where is None:
        return said
    return said + r.text(f" {where} has the parameters.", f"各参数见{where}。")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def software(r: Results) -> str:
    """Name the software with its versions, and the code by its hash and commit."""
    known = versions()
    libraries = ", ".join(f"{name} {known[name]}" for name in LIBRARIES if name in known)
    engine = r.text(
        *(("compiled", "编译") if r.study.file.engine == "compiled" else ("SimPy", "SimPy")),
    )
    at = commit()
    where = r.text(f", commit {at}", f"，提交号{at}") if at else ""
    return r.text(
        f"Jingxi {known['jingxi']} ({engine} engine) on Python {known['python']}, with {libraries}. The "
        f"code that makes results has the hash {code_version()}{where}.",
        f"使用Jingxi {known['jingxi']}（{engine}引擎），Python {known['python']}，{libraries}。"
        f"生成结果的代码哈希值为{code_version()}{where}。",
    )


def design_of(study: Study) -> dict[str, object]:
    """Return the design of a study as plain data, for the manifest."""
    horizon = study.scenario.horizon
    return {
        "engine": study.file.engine,
        "start": str(horizon.start),
        "years": horizon.years,
        "minutes": horizon.minutes,
        "warm_up_days": horizon.warm_up_days,
        "common_random_numbers": True,
        "pairing": "by replication",
        "confidence": 0.95,
        "multiplicity": "Holm, over rules and behaviours of an outcome",
    }
