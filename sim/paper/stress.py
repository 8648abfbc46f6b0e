"""The STRESS-DES checklist, filled from what was run, and scored: an empty item is a gap, never met.

Monks, T., Currie, C. S. M., Onggo, B. S., Robinson, S., Kunc, M. and Taylor, S. J. E. (2019). Strengthening
the reporting of empirical simulation studies: introducing the STRESS guidelines. Journal of Simulation 13(1),
55–67. The statements that journals ask of authors are listed after it, and counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.paper import methods
from sim.report import assumptions
from sim.report.document import Table
from sim.report.findings import judged_by, small
from sim.report.results import Results
from sim.report.words import Text, pick
from sim.scenario.counts import number_of
from sim.scenario.disciplines import DISCIPLINES

if TYPE_CHECKING:
    from sim.paper.authors import PaperFile
    from sim.scenario.part import Text as Statement

CITATION = (
    "Monks, T., Currie, C. S. M., Onggo, B. S. et al. (2019). Strengthening the reporting of empirical "
    "simulation studies: introducing the STRESS guidelines. Journal of Simulation 13(1), 55–67."
)
ITEMS: dict[str, Text] = {
    "1.1": Text(en="Purpose of the model", zh="模型目的"),
    "1.2": Text(en="Model outputs", zh="模型输出"),
    "1.3": Text(en="Experimentation aims", zh="试验目的"),
    "2.1": Text(en="Base model overview diagram", zh="基准模型示意图"),
    "2.2": Text(en="Base model logic", zh="基准模型逻辑"),
    "2.3": Text(en="Scenario logic", zh="各方案逻辑"),
    "2.4": Text(en="Algorithms", zh="算法"),
    "2.5.1": Text(en="Components: entities", zh="组成：实体"),
    "2.5.2": Text(en="Components: activities", zh="组成：活动"),
    "2.5.3": Text(en="Components: resources", zh="组成：资源"),
    "2.5.4": Text(en="Components: queues", zh="组成：队列"),
    "2.5.5": Text(en="Components: entry and exit points", zh="组成：进出口"),
    "3.1": Text(en="Data sources", zh="数据来源"),
    "3.2": Text(en="Pre-processing", zh="数据预处理"),
    "3.3": Text(en="Input parameters", zh="输入参数"),
    "3.4": Text(en="Assumptions", zh="假定"),
    "4.1": Text(en="Initialisation", zh="初始化"),
    "4.2": Text(en="Run length", zh="运行时长"),
    "4.3": Text(en="Estimation approach", zh="估计方法"),
    "5.1": Text(en="Software or programming language", zh="软件或编程语言"),
    "5.2": Text(en="Random sampling", zh="随机抽样"),
    "5.3": Text(en="Model execution", zh="模型运行"),
    "5.4": Text(en="System specification", zh="运行环境"),
    "6.1": Text(en="Computer model sharing statement", zh="模型共享说明"),
}
STATEMENTS: dict[str, Text] = {
    "A.1": Text(en="Authors", zh="作者"),
    "A.2": Text(en="Contributions of the authors", zh="作者贡献"),
    "A.3": Text(en="Funding", zh="资助"),
    "A.4": Text(en="Conflicts of interest", zh="利益冲突"),
    "A.5": Text(en="Ethics", zh="伦理审查"),
    "A.6": Text(en="Licence of the data", zh="数据许可"),
}
_MET, _GAP = Text(en="met", zh="已说明"), Text(en="gap", zh="缺")
BY_AUTHORS = {  # what fills an item in the authors' file
    "3.2": "preprocessing", "5.4": "system", "6.1": "code_url",
    "A.1": "authors", "A.2": "contributions", "A.3": "funding", "A.4": "interests", "A.5": "ethics",
    "A.6": "data_license",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """An item of the checklist: it is met if it says something; a dash says nothing."""

    number: str
    text: str

    @property
    def met(self) -> bool:
        return any(character.isalnum() for character in self.text)

    @property
    def title(self) -> Text:
        return ITEMS.get(self.number) or STATEMENTS[self.number]


def checklist(r: Results, authors: PaperFile, labels: Mapping[str, str]) -> list[Item]:
    """Fill the checklist. Only the authors' file fills the items of `BY_AUTHORS`."""
    said = _run(r, authors, labels) | _authored(r, authors)
    return [Item(number, said.get(number, "")) for number in (*ITEMS, *STATEMENTS)]


def score(items: list[Item]) -> dict[str, int]:
    """Count the items that are met: of STRESS-DES, and of the authors' statements."""
    return {
        "stress_des_met": sum(one.met for one in items if one.number in ITEMS),
        "stress_des_items": len(ITEMS),
        "statements_met": sum(one.met for one in items if one.number in STATEMENTS),
        "statements": len(STATEMENTS),
    }


def table(items: list[Item], lang: str, name: str = "stress-des") -> Table:
    """Tabulate the checklist with its score; the gaps say what fills them."""
    scored = score(items)
    rows = []
    for one in items:
        text = one.text
        if not one.met:
            field = BY_AUTHORS.get(one.number)
            text = pick(
                Text(en=f"Not stated ({field} in the authors' file).", zh=f"未说明（作者文件中的{field}）。")
                if field
                else Text(en="Not stated.", zh="未说明。"),
                lang,
            )
        rows.append((one.number, pick(one.title, lang), pick(_MET if one.met else _GAP, lang), text))
    labels = (Text(en="no.", zh="序号"), Text(en="item", zh="条目"), Text(en="state", zh="状态"))
    met, count = scored["stress_des_met"], scored["stress_des_items"]
    also, of = scored["statements_met"], scored["statements"]
    caption = Text(
        en=f"STRESS-DES checklist: {met} of {count} items met; statements of the authors: {also} of {of}",
        zh=f"STRESS-DES核对表：{count}项中已说明{met}项；作者声明{of}项中已说明{also}项",
    )
    where = Text(en="where, or what", zh="说明")
    return Table(
        pick(caption, lang),
        tuple(pick(one, lang) for one in (*labels, where)),
        ("left",) * 4,
        tuple(rows),
        CITATION,
        name,
    )


def _authored(r: Results, authors: PaperFile) -> dict[str, str]:
    from sim.paper.provenance import commit
    from sim.rooms import code_version

    def told(statement: Statement | None) -> str:
        return "" if statement is None else pick(statement, r.lang)

    at = commit() or code_version()
    shared = r.text(
        f"The code is at {authors.code_url} ({at}); this folder is an RO-Crate with the study's files, "
        "results and hashes.",
        f"代码见{authors.code_url}（{at}）；本文件夹为RO-Crate，含研究文件、结果和哈希值。",
    )
    return {
        "3.2": told(authors.preprocessing),
        "5.4": told(authors.system),
        "6.1": shared if authors.code_url else "",
        "A.1": r.text(", ", "、").join(one.name for one in authors.authors),
        "A.2": told(authors.contributions),
        "A.3": told(authors.funding),
        "A.4": told(authors.interests),
        "A.5": told(authors.ethics),
        "A.6": authors.data_license,
    }


def _run(r: Results, authors: PaperFile, labels: Mapping[str, str]) -> dict[str, str]:
    of, rules = r.study.scenario, r.rules(r.baseline)
    stops, and_ = r.text(".", "。"), r.text(", ", "、")
    steps = {step: None for kind in of.kinds for step in r.route(kind)}
    purpose = authors.purpose or r.study.question
    disciplines = {
        unit.discipline or rules.type_of(name).discipline: None for name, unit in rules.units.items()
    }
    orders = [r.text(name.replace("_", " "), DISCIPLINES[name].zh) for name in disciplines]
    assumed, numbers = assumptions.counts(of)
    sourced = assumed < numbers and "assumptions" in labels
    main = r.outcome(judged_by(r))
    return {
        "1.1": pick(purpose, r.lang),
        "1.2": r.text("Judged by the ", "评判指标：") + r.text(small(main), main) + r.text(
            f"; {labels['summary']} and the tables of differences have the others.", f"；其余见"
            f"{labels['summary']}及各差值表。"
        ),
        "1.3": f"{pick(r.study.question, r.lang)} {methods.rules(r, labels)}",
        "2.1": labels.get("figure-overview", ""),
        "2.2": methods.scenario(r),
        "2.3": labels["policies"],
        "2.4": f"{methods.streams(r)}{r.text(' ', '')}{methods.estimation(r)}",
        "2.5.1": r.text("Requests, of the kinds ", "来件，事项为：")
        + and_.join(map(r.kind, of.kinds))
        + stops,
        "2.5.2": r.text("Steps of the routes: ", "流程环节：") + and_.join(steps) + stops,
        "2.5.3": r.text(
            f"{number_of(int(r.study.posts['headcount'][r.baseline]), 'person', 'people')} in "
            f"{number_of(len(of.units), 'unit')}, each on "
            "duty by the calendar less leave, study and training.",
            f"{len(of.units):,}个单位的{int(r.study.posts['headcount'][r.baseline]):,}名人员，按日历在岗，"
            "扣除休假、学习和培训。",
        ),
        "2.5.4": r.text(
            "A queue for each unit and role; one for each kind where desks are apart. Order: ",
            "每单位每岗位一条队列，窗口分设的每类事项一条。次序：",
        ) + and_.join(orders) + stops,
        "2.5.5": r.text(
            "A request enters at the unit where it arrives. It leaves when its route ends, or by "
            "withdrawal; what is open at the end is counted.",
            "来件自受理单位进入，流程结束或申请人撤回时离开；期末未办结件另行计数。",
        ),
        "3.1": r.text(
            f"{numbers - assumed:,} of {numbers:,} numbers have a source, which {labels['assumptions']} "
            "names."
            if sourced
            else "",
            f"{numbers:,}个数值中{numbers - assumed:,}个有出处，见{labels.get('assumptions', '')}。"
            if sourced
            else "",
        ),
        "3.3": labels.get("assumptions", ""),
        "3.4": r.text(
            f"{assumed:,} of {numbers:,} numbers are assumed; see {labels.get('assumptions', '–')} for "
            "ranges and reasons. ",
            f"{numbers:,}个数值中{assumed:,}个为假定，范围和理由见{labels.get('assumptions', '–')}。",
        ) + methods.behaviour(r, labels),
        "4.1": methods.initial(r),
        "4.2": f"{methods.length(r)}{r.text(' ', '')}{methods.runs(r)}",
        "4.3": f"{methods.estimation(r)}{r.text(' ', '')}{methods.chosen(r)}",
        "5.1": methods.software(r),
        "5.2": methods.streams(r),
        "5.3": r.text(
            "Events in continuous time, in whole seconds; simultaneous ones are in a stated order. "
            "Replications run in parallel processes; results do not depend on where.",
            "事件推进，以整秒计时，同时事件按既定次序处理。各次模拟可并行运行，结果与运行地点无关。",
        ),
    }  # fmt: skip
