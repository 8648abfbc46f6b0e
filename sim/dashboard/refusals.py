"""Say why a draft, a name or a file is refused, in the language of the page.

`InputError` speaks English to who writes files. On the page it is told by labels and titles, without files,
paths and commands. A refusal that no pattern knows is told in general, with the English sentence behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from sim.report.assumptions import group, label, unit_of
from sim.report.words import Text, exact, pick
from sim.scenario import InputError, Scenario
from sim.scenario.errors import printable

_ALREADY = re.compile(r"^policy '[^']*': ")
_BLOCK = re.compile(r"^with this (?:change|move) '(?P<block>[^']+)' is wrong: (?P<why>.+)$", re.DOTALL)
_GENERAL = Text(en="{why}", zh="这一设置不能采用。原因（英文）：{why}")


class _Refusal(NamedTuple):
    """A refusal: the pattern of its English message, and what the page says of it.

    In `told` stand the groups of the pattern, and ``what``: the parameter's label with a colon, or nothing.
    """

    pattern: re.Pattern[str]
    told: Text


def _of(pattern: str, en: str, zh: str) -> _Refusal:
    return _Refusal(re.compile(f"^{pattern}$", re.DOTALL), Text(en=en, zh=zh))


_REFUSALS = (
    _of(
        r"(?P<number>\S+) must be at most (?P<bound>\S+)",
        "{what}{number} is too much. The most is {bound}",
        "{what}{number}过大，最大为{bound}",
    ),
    _of(
        r"(?P<number>\S+) must be at least (?P<bound>\S+)",
        "{what}{number} is too little. The least is {bound}",
        "{what}{number}过小，最小为{bound}",
    ),
    _of(r"(?P<text>.+) is not a number", "{what}{text} is not a number", "{what}{text}不是数值"),
    _of(
        r"(?P<text>.+) is not a whole number",
        "{what}{text} is not a whole number",
        "{what}{text}不是整数",
    ),
    _of(r"(?P<text>.+) is not true or false", "{what}choose yes or no", "{what}只能选“是”或“否”"),
    _of(
        r"'\w+' is (?P<number>\S+)\. "
        r"It must be at (?P<side>most|least) '(?P<other>\w+)', which is (?P<bound>\S+)",
        "{what}{number}. It must be {side} “{other}”, which is {bound}",
        "{what}{number}，应{side}“{other}”（{bound}）",
    ),
    _of(
        r"'(?P<group>\w+)' has (?P<has>nobody|\d+)(?: person| people)?, and (?P<number>\d+) are to move",
        "{group}: {number} are to move, and there are {has}",
        "{group}现有{has}人，不能调出{number}人",
    ),
    _of(
        r"the move leads from '(?P<group>\w+)' to itself",
        "People cannot move from {group} to the same place. Choose another",
        "调出与调入不能同为{group}，请另选",
    ),
    _of(
        r"unknown staff group '(?P<name>.+)'",
        "This office has no staff group “{name}”",
        "本情景没有人员组“{name}”",
    ),
    _of(
        r"nobody at (?P<unit>\w+)/(?P<role>\w+) can do '(?P<kind>[\w.]+)'",
        "Then nobody is left who can do {kind} ({unit}, {role})",
        "调整后{unit}没有能办理{kind}的{role}",
    ),
    _of(
        r"the scores of 'schedule' do not rise",
        "The scores of the corners must rise. Put them in order, each score once",
        "各节点的得分须依次递增，同一得分只能出现一次",
    ),
    _of(
        r"'schedule' has no points",
        "The pay schedule has no corner. Add one, or pay by threshold and deduction",
        "兑现曲线没有节点，请增加节点，或改用门槛与扣减",
    ),
    _of(
        r"weekly study is put nowhere",
        "This office has no time for weekly study, so that its hours cannot be raised here",
        "本情景未安排每周学习时段，不能在此增加学习时间",
    ),
    _of(
        r"unknown parameter '(?P<name>.+)'",
        "This office has no parameter “{name}”",
        "本情景没有名为“{name}”的参数",
    ),
    _of(
        r"unknown policy '(?P<name>.+)' of .+",
        "There is no policy “{name}”",
        "没有名为“{name}”的方案",
    ),
    _of(
        r"'(?P<name>.*)' cannot be the name of a policy",
        "“{name}” cannot be a file name. Use letters, digits, - and _",
        "“{name}”不能作文件名，请用字母、数字、-和_",
    ),
    _of(
        r"'current' is the rule in force",
        "“current” is the name of the rule in force. Give another name",
        "“current”是现行规则的名称，请另取文件名",
    ),
    _of(
        r"the policy changes nothing",
        "The policy changes nothing. Move a slider first",
        "方案没有任何改动，请先调整规则",
    ),
    _of(
        r"the file is too long for a policy",
        "The file is too long for a policy. Choose a policy file",
        "文件过长，不是方案文件，请另选",
    ),
    _of(
        r"(not valid YAML: .+|the file must hold keys and values|the character .+ may not stand in YAML|"
        r".+ is not a block of keys and values|.+ is not possible here|'\w+' is missing)",
        "This is no policy file, or it is damaged. Choose a file that was saved here",
        "所选文件不是方案文件，或已损坏，请选择在本页保存的文件",
    ),
)
_SIDES = {"most": Text(en="at most", zh="不高于"), "least": Text(en="at least", zh="不低于")}
_NOBODY = Text(en="none", zh="0")


def refusal(error: InputError, lang: str, scenario: Scenario | None = None) -> str:
    """Return a mistake in a sentence or two, without files and commands.

    Parameters
    ----------
    error : InputError
        What was refused.
    lang : {'en', 'zh'}
        The language of the page.
    scenario : Scenario, optional
        Whose labels and titles are used; without it names stay as they are.

    Examples
    --------
    >>> import sim
    >>> from sim.dashboard.refusals import refusal
    >>> office = sim.load("one-office")
    >>> try:
    ...     sim.what_if(office).compare({"pay.full_pay_threshold": 200})
    ... except sim.InputError as error:
    ...     print(refusal(error, "zh", office))
    工资：全额发放门槛：200分过大，最大为100分。
    """
    message = _ALREADY.sub("", printable(error.message, 300))
    path = (error.path or "").removeprefix("changes.")
    if inside := _BLOCK.match(message):
        path, message = inside["block"], inside["why"]
    remedy = printable(error.remedy or "", 300).partition("See: ")[0].strip().rstrip(".?")
    stop = pick(Text(en=".", zh="。"), lang)
    for text in (message, f"{message}. {remedy}"):
        for pattern, told in _REFUSALS:
            if found := pattern.match(text):
                return pick(told, lang).format(**_values(found, path, lang, scenario)) + stop
    why = ". ".join(one for one in (message, remedy) if one) + "."
    return pick(_GENERAL, lang).format(why=why)


def _values(found: re.Match[str], path: str, lang: str, scenario: Scenario | None) -> dict[str, str]:
    """Return what is put into a text: the groups of the pattern in the words of the page."""
    said = {name: value or "" for name, value in found.groupdict().items()}
    said["what"] = ""
    if "text" in said:
        said["text"] = said["text"].strip("'")
    if "side" in said:
        said["side"] = pick(_SIDES[said["side"]], lang)
    if said.get("has") == "nobody":
        said["has"] = pick(_NOBODY, lang)
    if scenario is None:
        return said
    parts = tuple(path.split("."))
    if "number" in said and "bound" in said or "text" in said:
        said["what"] = _named(scenario, parts, lang) + pick(Text(en=": ", zh="："), lang)
        for name in ("number", "bound"):
            if name in said:
                said[name] = _with_unit(scenario, parts, said[name], lang)
    if "other" in said:
        said["other"] = _named(scenario, (*parts[:-1], said["other"]), lang)
    titles: dict[str, Callable[[str], str]] = {
        "group": lambda name: group(scenario, name, lang) if name in scenario.staff else name,
        "unit": lambda name: pick(scenario.units[name].title, lang) if name in scenario.units else name,
        "role": lambda name: pick(scenario.roles[name].title, lang) if name in scenario.roles else name,
        "kind": lambda name: pick(scenario.kinds[name].title, lang) if name in scenario.kinds else name,
    }
    return said | {name: title(said[name]) for name, title in titles.items() if name in said}


@cache
def _corner(lang: str) -> dict[str, str]:
    texts = {
        "score": Text(en="Corner of the pay schedule, score", zh="兑现曲线节点的得分"),
        "share": Text(en="Corner of the pay schedule, share paid", zh="兑现曲线节点的发放比例"),
        "people": Text(en="People who move", zh="调动人数"),
    }
    return {name: pick(text, lang) for name, text in texts.items()}


def _named(scenario: Scenario, path: tuple[str, ...], lang: str) -> str:
    """Return the label of a parameter; of a corner or a move, which have none, what it is."""
    if path[0] == "move" or "schedule" in path:
        return _corner(lang).get(path[-1], path[-1])
    return label(scenario, path, lang)


def _with_unit(scenario: Scenario, path: tuple[str, ...], number: str, lang: str) -> str:
    """Return a number with its unit as the page shows it: a share in per cent."""
    try:
        value = float(number)
    except ValueError:
        return number
    if path[0] == "move":
        return f"{exact(value)}{pick(Text(en='', zh='人'), lang)}"
    unit = "" if "schedule" in path else unit_of(scenario, path, lang)
    if path[-1] == "score":
        unit = pick(Text(en="points", zh="分"), lang)
    if not unit:
        return f"{exact(100 * value)}%"
    short = unit.split(" of ")[0] if unit.startswith("%") else unit
    space = "" if lang == "zh" or short == "%" else " "
    return f"{exact(value)}{space}{'%' if '%' in unit else short}"
