"""ODD of the behaviour part: how people answer to the rules (Grimm et al. 2020, the second update).

Grimm, V., Railsback, S. F., Vincenot, C. E. et al. (2020). The ODD protocol for describing agent-based and
other simulation models: a second update. Journal of Artificial Societies and Social Simulation 23(2), 7.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.report import behaviours
from sim.report.document import Block, Heading, Note, Paragraph
from sim.report.results import Results

CITATION = (
    "Grimm, V., Railsback, S. F., Vincenot, C. E. et al. (2020). The ODD protocol for describing "
    "agent-based and other simulation models: a second update. Journal of Artificial Societies and Social "
    "Simulation 23(2), 7."
)


def odd(r: Results, labels: Mapping[str, str]) -> list[Block]:
    """Write the section of the behaviours that the study was run under."""
    blocks: list[Block] = [Heading(r.text("ODD of the behaviour part", "行为部分的ODD说明"))]
    for heading, text in elements(r, labels):
        blocks.append(Paragraph(text, head=heading))
    return [*blocks, Note(CITATION)]


def elements(r: Results, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the headings of ODD with what is said under each."""
    names = {side.behaviour for side in r.sides}
    responsive, learning = "responsive" in names, "learning" in names
    parts = (
        (r.text("1 Purpose and patterns.", "1 目的与模式。"), _purpose(r)),
        (r.text("2 Entities, state variables and scales.", "2 主体、状态变量与尺度。"), _entities(r)),
        (r.text("3 Process overview and scheduling.", "3 过程与时序。"), _process(r)),
        (r.text("4 Design concepts.", "4 设计概念。"), _concepts(r, responsive, learning)),
        (r.text("5 Initialization.", "5 初始化。"), _initial(r)),
        (r.text("6 Input data.", "6 输入数据。"), _input(r)),
        (r.text("7 Submodels.", "7 子模型。"), _submodels(r, responsive, learning, labels)),
    )
    return list(parts)


def _purpose(r: Results) -> str:
    names = r.text(", ", "、").join(behaviours.title(side) for side in r.sides)
    return r.text(
        "To tell how an office's people answer to the rules by which it is scored and paid. The study was "
        f"run under: {names}. The patterns that the model is held against are those of contract theory: "
        "constant effort under a linear schedule, a mass of scores at a kink, a hole at a notch, and "
        "effort that fades where a line is safe or out of reach.",
        f"说明人员如何应对考核与工资规则。本研究采用的行为：{names}。检验模型所用的模式来自合约理论："
        "线性兑现下努力不变，折点处得分聚集，跳点下方得分空缺，线已稳得或无望时努力减退。",
    )


def _entities(r: Results) -> str:
    of = r.study.scenario
    people = int(r.study.posts["headcount"][r.baseline])
    return r.text(
        f"Units ({len(of.units):,}) and the people in them ({people:,}). A unit has a score to date, an "
        "expected year-end score, and an effort for each kind of request; a person has pay, experience and "
        "study. Effort 1 is the usual one. Time is in months for conduct, in seconds for work, and in "
        "years for verdicts.",
        f"主体为单位（{len(of.units):,}个）及其人员（{people:,}人）。单位的状态为当前得分、"
        "预期年终得分和对各类事项的努力程度；人员的状态为收入、经验和学习。通常的努力程度为1。"
        "行为按月更新，办件按秒推进，考核按年进行。",
    )


def _process(r: Results) -> str:
    return r.text(
        "At the start of each month every unit looks at its standing and sets its conduct for the month, "
        "all units at once. The month's work follows. At the end of the year units are scored, paid and "
        "ranked, and people move; the next year begins with those who are then in post.",
        "每月初，各单位同时根据自身得分情况确定当月行为，随后办理当月来件。年末评分、兑现工资、"
        "排名和人员调整，次年以届时在岗人员开始。",
    )


def _concepts(r: Results, responsive: bool, learning: bool) -> str:
    said = [
        r.text(
            "Basic principles: a unit weighs what a score is worth by the rules against what effort costs.",
            "基本原理：单位在得分依规则所值与努力成本之间权衡。",
        ),
        r.text(
            "Emergence: scores, service times, ranks and pay follow from conduct and queues; none is "
            "imposed.",
            "涌现：得分、办理时间、名次和收入由行为与排队产生，均非预设。",
        ),
    ]
    if responsive:
        said.append(
            r.text(
                "Adaptation and objectives: where effort is on, a unit chooses each month the effort that "
                "maximises the expected worth of its year-end score less the cost of effort. Prediction: "
                "it knows the rules, its usual score and what effort brings to it, and foresees the spread "
                "of luck. Sensing: it sees its own score to date, not the others' plans. Interaction: "
                "through shared queues and through ranks.",
                "适应与目标：启用努力反应时，单位每月选定努力程度，使年终得分的期望所值减去努力成本最大。"
                "预测：了解规则、自身通常得分和努力回报，并预见偶然波动。感知：了解自身当前得分，"
                "不了解其他单位的打算。交互：通过共同的队列和排名。",
            )
        )
    if learning:
        said.append(
            r.text(
                "Learning: a unit that learns by trial changes its effort from year to year, keeps the "
                "direction that paid and reverses one that did not. It knows no schedule.",
                "学习：逐年试探的单位每年改变努力程度，有利则保持方向，不利则反向；不了解兑现办法。",
            )
        )
    if not (responsive or learning):
        said.append(
            r.text(
                "Adaptation, objectives, learning, prediction, sensing: none. Nobody answers to the rules.",
                "适应、目标、学习、预测、感知：无。人员不对规则作出反应。",
            )
        )
    said += [
        r.text(
            "Stochasticity: requests, work times and measurement are random, by named streams; people's "
            "choices are not, unless the scenario draws who answers and how strongly.",
            "随机性：来件、工时和考核计量为随机，按名称分流；人员选择本身非随机，情景另行抽取反应者及其强度"
            "的除外。",
        ),
        r.text(
            "Collectives: units, types of unit and the bureau. Observation: outcomes by unit, kind, "
            "person, month and year, as measured and in truth.",
            "集合：单位、单位类型和全局。观测：按单位、事项、人员、月份和年度记录各项指标，"
            "含登记值与真实值。",
        ),
    ]
    return r.text(" ", "").join(said)


def _initial(r: Results) -> str:
    return r.text(
        "People begin with the posts, experience and pay of the scenario, and with the usual effort. What "
        "effort brings to an office, its usual score and its luck are measured beforehand in trials with a "
        "seed of their own, where people respond.",
        "人员按情景文件所定岗位、经验和工资开始，努力程度为通常水平。人员作出反应时，努力回报、"
        "通常得分及其波动事先由独立种子的试算测得。",
    )


def _input(r: Results) -> str:
    if r.study.scenario.replay:
        return r.text("A recorded table of requests is replayed.", "按记录表重放来件。")
    return r.text(
        "None that changes over time beside the calendar of working days and the profiles of demand.",
        "除工作日历和来件分布外，没有随时间变化的外部输入。",
    )


def _submodels(r: Results, responsive: bool, learning: bool, labels: Mapping[str, str]) -> str:
    said = []
    if responsive:
        said += [_switched(r), _effort(r)]
    if learning:
        said.append(
            r.text(
                "Trial and error after Huck, Normann and Oechssler (2004).",
                "试探规则依Huck、Normann和Oechssler（2004）。",
            )
        )
    if not said:
        return r.text("None: conduct never changes.", "无：行为始终不变。")
    if where := labels.get("behaviour"):
        said.append(r.text(f"{where} has every parameter as run.", f"各参数的实际取值见{where}。"))
    return r.text(" ", "").join(said)


_ANSWERS = {  # parts of the responsive behaviour, each with a switch
    "effort": ("effort", "努力程度"),
    "allocation": ("attention", "精力分配"),
    "timing": ("order of work", "办件次序"),
    "recording": ("records", "登记口径"),
    "study": ("study", "学习"),
    "discipline": ("discipline", "纪律"),
    "projects": ("target projects", "重点项目"),
    "ratchet": ("holding back for fear of next year's target", "棘轮效应"),
}


def _switched(r: Results) -> str:
    """Say which answers are switched on under the baseline."""
    parts = r.rules(r.baseline).behaviour.responsive
    on = [r.text(*words) for name, words in _ANSWERS.items() if getattr(parts, name).on]
    if not on:
        return r.text("No answer is switched on under the baseline.", "基准方案下各项反应均未启用。")
    return r.text(
        f"Switched on under the baseline: {', '.join(on)}.", f"基准方案下启用的反应：{'、'.join(on)}。"
    )


def _effort(r: Results) -> str:
    foresight = r.rules(r.baseline).behaviour.responsive.effort.foresight
    how = (
        r.text("by backward induction over the months", "按月逆推")
        if foresight == "dynamic"
        else r.text("as one effort for the rest of the year", "对全年余下时间取同一努力程度")
    )
    return r.text(
        "Where effort is on: effort e over a share τ of the year costs τ·κ/2·(e − 1)² years of pay and is "
        f"chosen {how}; its cost over several kinds allows for substitution between them.",
        f"启用努力反应时，在一年的τ部分付出努力e，成本为τ·κ/2·(e − 1)²年收入，{how}求解；"
        "多类事项之间可相互替代。",
    )
