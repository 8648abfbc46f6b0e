"""A certificate as a page to read: what is answered, how sure it is, and what it is bound to.

All is told from the certificate alone, so the page says nothing that is not sealed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sim.report import page
from sim.report.markup import Html
from sim.report.tables import html_table
from sim.report.words import Text, interval, number, percent, pick
from sim.rules import OUTCOMES
from sim.scenario.counts import number_of

_HEADINGS = {
    "answers": Text(en="What is answered", zh="结论"),
    "assumed": Text(en="What is assumed", zh="假定情况"),
    "cases": Text(en="Cases with a known answer, on this code", zh="本版程序的已知结果检验"),
    "meaning": Text(en="What the intervals mean", zh="区间的含义"),
    "bound": Text(en="What it is bound to", zh="凭据"),
}
_OFFICES = {  # of `sim.study.cases`
    "current": Text(en="one clerk", zh="一个窗口"),
    "one-more-clerk": Text(en="two clerks", zh="两个窗口"),
    "same-twelve-minutes": Text(en="one clerk, twelve minutes each", zh="一个窗口，每件12分钟"),
}
_CASES = {
    "case": Text(en="theory", zh="理论"),
    "policy": Text(en="office", zh="情形"),
    "outcome": Text(en="outcome", zh="指标"),
    "expected": Text(en="expected", zh="理论值"),
    "found": Text(en="found", zh="模拟值"),
    "error": Text(en="standard error", zh="标准误"),
    "passed": Text(en="passed", zh="通过"),
}


def title(made: dict[str, Any], lang: str) -> str:
    """Return the title of the page."""
    named = _said(made["title"], lang)
    return f"Certificate: {named}" if lang == "en" else f"结论证书：{named}"


def told(made: dict[str, Any], lang: str) -> list[str]:
    """Return a certificate in sentences: the answers, the cases passed, what is assumed."""
    return [*_answers(made, lang), _passed(made, lang), _assumed(made, lang)]


def blocks(made: dict[str, Any], lang: str) -> list[Html]:
    """Return the blocks of the page."""
    answers = list(_answers(made, lang))
    return [
        page.lead(answers[0]),
        page.paragraph(_said(made["question"], lang)),
        _section("answers", page.bullets([*answers[1:], *_worth(made, lang)]), lang),
        _section("assumed", page.paragraph(_assumed(made, lang)), lang),
        _section("cases", page.paragraph(_passed(made, lang)), lang),
        _table_of_cases(made, lang),
        _section("meaning", page.bullets(_said(text, lang) for text in made["meaning"].values()), lang),
        _section("bound", page.bullets(_bound(made, lang)), lang),
    ]


def _said(texts: dict[str, str], lang: str) -> str:
    return pick(Text(en=texts["en"], zh=texts["zh"]), lang)


def _section(name: str, content: Html, lang: str) -> Html:
    return page.heading(pick(_HEADINGS[name], lang)) + content


def _answers(made: dict[str, Any], lang: str) -> Iterator[str]:
    colon = ": " if lang == "en" else "："
    for answer in made["answers"].values():
        behaviour = _said(answer["behaviour"], lang)
        yield f"{behaviour}{colon}{_said(answer['text'], lang)}"
        for sentence in answer["robustness"]["text"][lang]:
            yield f"{behaviour}{colon}{pick(Text(en=sentence, zh=sentence), lang)}"


def _worth(made: dict[str, Any], lang: str) -> Iterator[str]:
    """Tell what more simulation, and knowing what is assumed, would be worth."""
    colon = ": " if lang == "en" else "："
    for answer in made["answers"].values():
        behaviour, held = _said(answer["behaviour"], lang), answer["robustness"]
        scale, unit = answer["scale"], _said(answer["unit"], lang)
        luck = number(scale * answer["value_of_more_simulation"])
        luck = ("under 0.01" if lang == "en" else "不到0.01") if luck in ("0", "0.00") else luck
        yield (
            behaviour
            + colon
            + (
                f"any number of further replications would improve the choice by {luck} {unit} on average."
                if lang == "en"
                else f"无论再增加多少次模拟，选择平均可改进{luck}{unit}。"
            )
        )
        if "value_of_knowing_what_is_assumed" in held:
            ends = (held["value_of_knowing_what_is_assumed"], *held["interval_of_that_value"])
            worth = interval(*(np.nan if end is None else scale * end for end in ends))
            yield (
                behaviour
                + colon
                + (
                    f"knowing all assumed numbers would improve it by {worth} {unit} on average (95%); the "
                    "luck of few replications is in it."
                    if lang == "en"
                    else f"查明全部假定数值平均可改进{worth}{unit}（95%区间），其中含少量模拟带来的偶然波动。"
                )
            )


def _passed(made: dict[str, Any], lang: str) -> str:
    passed, count = sum(case["passed"] for case in made["cases"]), len(made["cases"])
    if lang == "zh":
        return f"{count}项已知结果检验中，通过{passed}项。"
    return f"{passed} of {number_of(count, 'case')} with a known answer passed on this code."


def _assumed(made: dict[str, Any], lang: str) -> str:
    found = made["assumed"]
    if lang == "zh":
        return f"情景共{found['entries']}项数据，其中{found['assumed']}项为假定，已变动{found['varied']}项。"
    return f"{found['assumed']} of {found['entries']} entries are assumed; {found['varied']} were varied."


def _table_of_cases(made: dict[str, Any], lang: str) -> Html:
    rows = pd.DataFrame(made["cases"], columns=list(_CASES))
    rates = rows["outcome"].isin(("on_time_rate", "utilisation"))
    for name in ("expected", "found", "error"):
        rows[name] = [
            percent(value) if rate else number(value) for value, rate in zip(rows[name], rates, strict=True)
        ]
    labels = {name: pick(text, lang) for name, text in _CASES.items()}
    caption = "Queues of one office against theory" if lang == "en" else "单一窗口排队与理论值的比较"
    rows["policy"] = [pick(_OFFICES[name], lang) for name in rows["policy"]]
    rows["outcome"] = [_outcome(name, lang) for name in rows["outcome"]]
    align = dict.fromkeys(("expected", "found", "error"), "right")
    return html_table(rows, caption, lang, columns=labels, align=align)


def _outcome(name: str, lang: str) -> str:
    known = OUTCOMES[name]
    unit = pick(known.unit, lang)
    return f"{pick(known, lang)} ({unit})" if lang == "en" else f"{pick(known, lang)}（{unit}）"


def _bound(made: dict[str, Any], lang: str) -> Iterator[str]:
    bound, seal = made["bound"], made["seal"]
    results, points = bound["results"], bound["sensitivity"]
    if lang == "zh":
        yield f"情景{bound['scenario']}（摘要{bound['scenario_digest']}），种子{bound['seed']}。"
        yield f"程序{bound['code_version']}；结果文件{results['count']}个，摘要{results['digest']}。"
        yield f"假定变动结果摘要{points}。" if points else "未变动假定。"
        yield f"封印{seal}；用sim verify {made['study']}核验。"
        return
    yield f"Scenario {bound['scenario']} (digest {bound['scenario_digest']}), seed {bound['seed']}."
    yield (
        f"Code {bound['code_version']}; {number_of(results['count'], 'file')} of results, "
        f"digest {results['digest']}."
    )
    yield f"Results with other assumptions: digest {points}." if points else "Assumptions were not varied."
    yield f"Seal {seal}. The command sim verify {made['study']} checks it against the results."
