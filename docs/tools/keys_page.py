"""The reference of the keys of scenario, policy and study files, in both languages, from the schema."""

# ruff: noqa: E501 (sentences of the page, each on a line)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import sim
from sim.authoring.keys import FILES, File, Key, keys
from sim.report.places import PLACES
from sim.report.words import Text, pick
from sim.scenario.folders import shipped_folder
from sim.scenario.part import FIRST
from sim.scenario.paths import options
from sim.scenario.source import read_yaml

from .rule_pages.register import RULES

FOLDER = Path("docs")
LANGUAGES = ("en", "zh")
MOST = 48  # characters of an example
SHIPPED = ("one-office", "outpatients", "warsaw-halls", "urgent-care", "binhai")  # where examples come from
_FILE = {
    "scenario": Text(en="The scenario: scenario.yaml", zh="情景文件：scenario.yaml"),
    "policy": Text(en="A policy: policies/NAME.yaml", zh="方案文件：policies/名称.yaml"),
    "study": Text(en="A study: studies/NAME.yaml", zh="研究文件：studies/名称.yaml"),
}
_HEAD = Text(
    en="key | what it is | unit | what may stand there | if left out | example | rule",
    zh="键 | 含义 | 单位 | 取值 | 不填时 | 示例 | 规则页",
)
_TITLE = Text(en="Every key of the files", zh="文件各键说明")
_INTRO = Text(
    en=f"""\
This page is written from the schema, by `python -m docs.tools keys`. In Chinese: [文件各键说明](keys.zh.md).
A name in angle brackets, as `<unit>`, stands for a name that the file chooses. Such a name has small letters, digits and `_`.
Any number or block may also stand with its evidence: `{{value: 20, unit: minutes, source: assumed, range: [12, 30], reason: "…"}}`.
Every key is there since version {FIRST}, where no other version stands at it. In the terminal `sim parameters WORD` searches this
list, and `sim outcomes WORD` the outcomes. `sim schema` prints the same as a JSON Schema, by which YAML editors complete and check.""",
    zh=f"""\
本页由模型的结构定义自动生成，命令为 `python -m docs.tools keys`。英文版：[Every key of the files](keys.en.md)。
尖括号内的名称（如 `<unit>`）由文件自行确定，用小写字母、数字和 `_` 书写。
任何数值或整组内容均可附上依据：`{{value: 20, unit: minutes, source: assumed, range: [12, 30], reason: "…"}}`。
未注明版本的键均自 {FIRST} 版起即有。在终端用 `sim parameters 词语` 查找各键，用 `sim outcomes 词语` 查找指标；`sim schema` 输出JSON
Schema，供YAML编辑器补全和检查。""",
)


def pages() -> dict[str, str]:
    """Return the text of both pages, by file name."""
    found = _examples()
    return {f"keys.{lang}.md": _page(lang, found) for lang in LANGUAGES}


def write(folder: Path = FOLDER) -> list[Path]:
    """Write both pages into a folder."""
    written = []
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def out_of_date(folder: Path = FOLDER) -> list[str]:
    """Return the names of pages that differ from what would be written."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _page(lang: str, found: dict[File, Any]) -> str:
    lines = [f"# {pick(_TITLE, lang)}", "", getattr(_INTRO, lang), ""]
    table = [f"| {getattr(_HEAD, lang)} |", "|" + "---|" * 7]
    for file in FILES:
        lines += [f"## {pick(_FILE[file], lang)}", "", *table]
        block = ""
        for key in keys(file):
            top = key.path.split(".")[0]
            if file == "scenario" and top != block and top in PLACES:
                lines += ["", f"### {top}: {pick(PLACES[top], lang)}", "", *table]
            block = top
            lines.append(_row(key, lang, found[file]))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _row(key: Key, lang: str, found: Any) -> str:
    since = "" if key.since in ("", FIRST) else f" ({key.since})"
    example = "" if key.is_block and not key.holds_value else f"`{_example(key, found)}`"
    together = ", ".join(f"`{path}`" for path in key.together)
    label = pick(key.label, lang)
    if together:
        label += {"en": f"; see {together} with it", "zh": f"；与 {together} 一并考虑"}[lang]
    cells = [
        f"`{key.path}`{since}",
        label,
        pick(key.unit, lang),
        pick(key.bounds, lang),
        pick(key.default, lang),
        example,
        _rule(key.path, lang),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _rule(path: str, lang: str) -> str:
    """A link to the page of the rule that a parameter belongs to: the nearest one."""
    found = [
        (len(under), rule)
        for rule in RULES
        for under in rule.paths
        if path == under or path.startswith(f"{under}.")
    ]
    if not found:
        return ""
    _, rule = max(found, key=lambda pair: pair[0])
    return f"[{pick(rule.title, lang)}](rules/{rule.name}.md)"


def _examples() -> dict[File, Any]:
    """What shipped files say: the data of scenarios, policies' changes among them, and of other files."""
    folder = shipped_folder()
    scenarios = [sim.load(name).source.data for name in SHIPPED]
    policies = [
        read_yaml(file).data for name in SHIPPED for file in sorted(folder.glob(f"{name}/policies/*"))
    ]
    studies = [read_yaml(file).data for file in sorted(folder.glob("studies/*.yaml"))]
    changed = [_nested(policy.get("changes") or {}) for policy in policies]
    return {"scenario": [*scenarios, *changed], "policy": policies, "study": studies}


def _nested(changes: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in changes.items():
        block = made
        *above, last = path.split(".")
        for part in above:
            block = block.setdefault(part, {}) if isinstance(block, dict) else {}
        if isinstance(block, dict):
            block[last] = value
    return made


def _example(key: Key, found: list[Any]) -> str:
    """A value of a shipped file that is short enough, else the default, else one that the type allows."""
    name = key.path.rpartition(".")[2]
    values = [value for data in found for value in _values(data, key.path.split("."))]
    shown = [text for value in values if value is not None and len(text := _yaml(value)) <= MOST]
    whole = f"{{{', '.join(f'{side}: …' for side in LANGUAGES)}}}"
    if values and not shown and all(isinstance(value, dict) for value in values):
        return f"{name}: {whole if set(values[0]) == set(LANGUAGES) else _made(key)}"
    return f"{name}: {shown[0] if shown else _made(key)}"


def _values(data: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield data
        return
    part, rest = path[0], path[1:]
    if part == "<number>" and isinstance(data, list):
        for one in data:
            yield from _values(one, rest)
    elif part.startswith("<") and isinstance(data, dict):
        tag = part.strip("<>").split(" ")[0] if " " in part else None
        for one in data.values():
            if tag is None or (isinstance(one, dict) and one.get("type") == tag):
                yield from _values(one, rest)
    elif isinstance(data, dict) and part in data:
        yield from _values(data[part], rest)


def _made(key: Key) -> str:
    default = key.field.default
    if (
        default not in (None, (), {})
        and not key.required
        and isinstance(default, bool | int | float | str | tuple)
    ):
        return _yaml(list(default) if isinstance(default, tuple) else default)
    return _of_type(key.field.annotation, key)


def _of_type(annotation: Any, key: Key) -> str:
    option = next(iter(options(annotation)), None)
    bounds = {name: bound for name, bound in _numbers(key).items()}
    if get_origin(option) is Literal:
        return str(get_args(option)[0])
    if get_origin(option) is tuple:
        return f"[{_of_type(get_args(option)[0], key)}]"
    if get_origin(option) is dict:
        return f"{{name: {_of_type(get_args(option)[1], key)}}}"
    if option is bool:
        return "true"
    if option in (int, float):
        low = bounds.get("ge", bounds.get("gt", 0))
        high = bounds.get("le", bounds.get("lt", low + 2))
        value = min(low + 1, (low + high) / 2)
        return _yaml(int(value) or int(high) if option is int else value)
    name = getattr(option, "__name__", "")
    if name in _OF_TYPE:
        return _OF_TYPE[name]
    return next((text for form, text in _OF_FORM.items() if form in key.bounds.en), "name")


_OF_TYPE = {"date": "2025-01-31", "datetime": "2025-01-31 08:30", "Text": "{en: …, zh: …}"}
_OF_FORM = {  # by what is said of the values that a text may have
    "a file": "name.csv",
    "unit/role": "own/window",
    "a time zone": "Europe/Warsaw",
    "tcp://": "tcp://127.0.0.1:8786",
}


def _numbers(key: Key) -> dict[str, float]:
    extra = key.field.json_schema_extra
    card: Any = extra.get("card", {}) if isinstance(extra, dict) else {}
    return {name: bound for name, bound in card.get("bounds", {}).items() if not isinstance(bound, str)}


def _yaml(value: Any) -> str:
    """A value on one line, as a planner would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    text = str(value)
    return f'"{text}"' if any(sign in text for sign in ",:{}[]#") else text
