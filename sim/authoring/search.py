"""Find keys and outcomes by a path or by words, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sim.report.choices import CHOICES
from sim.report.places import PLACES
from sim.rules.outcomes import OUTCOMES, Outcome
from sim.scenario.errors import InputError, nearest

from .keys import FILES, File, Key, keys

_ALSO = {  # everyday words, and the word of the labels; tried where nothing has the everyday one
    "salary": "pay",
    "wage": "pay",
    "vacation": "leave",
    "deadline": "limit",
    "fine": "deduct",
    "penalty": "deduct",
    "lunch": "week",
    "transfer": "move",
    "请假": "休假",
    "薪酬": "工资",
    "薪资": "工资",
    "扣钱": "扣",
    "罚款": "扣",
    "期限": "时限",
    "调动": "交流",
    "午休": "工作时间",
    "加班": "下班",
    "排班": "工作时间",
}


def find_keys(wanted: str = "", file: File = "scenario") -> list[Key]:
    """Find keys by the beginning of a path, or by words in path, label, unit or choices.

    Parameters
    ----------
    wanted : str, optional
        ``staff``, ``pay.gate``, ``kinds.registration.route``, or words such as ``waiting time`` or ``门槛``.
    file : {'scenario', 'policy', 'study'}, optional
        The file whose keys are searched.

    Returns
    -------
    list of Key
        Keys that hold values, in the order of the schema; those whose path or label has the words come first.

    Raises
    ------
    InputError
        If nothing is found.

    Examples
    --------
    >>> from sim.authoring.search import find_keys
    >>> [key.path for key in find_keys("全额发放门槛")]
    ['pay.full_pay_threshold']
    >>> find_keys("pay.full_pay_threshold")[0].together
    ('pay.bonus_threshold',)
    """
    listed = [key for key in keys(file) if key.holds_value]
    found = [key for key in listed if _begins(key.path.split("."), wanted.split(".") if wanted else [])]
    found = found or _by_words(listed, wanted) or _by_words(listed, _other_words(wanted))
    if not found:
        elsewhere = [other for other in FILES if other != file and _by_words(keys(other), wanted)]
        parts = {part for key in listed for part in key.path.split(".") if not part.startswith("<")}
        remedy = f"Try --of {elsewhere[0]}" if elsewhere else _nearest(wanted.split(".")[-1], parts)
        raise InputError(f"no key of a {file} file is under '{wanted}' or told by it", remedy=remedy)
    return found


def find_outcomes(wanted: str = "") -> list[Outcome]:
    """Find outcomes by words in name, label or definition. Raises InputError if there are none."""
    found = _outcomes(wanted) or _outcomes(_other_words(wanted))
    if not found:
        raise InputError(f"no outcome is told by '{wanted}'", remedy=_nearest(wanted, OUTCOMES))
    return found


def _outcomes(wanted: str) -> list[Outcome]:
    words = wanted.lower().split()
    return [
        one
        for one in OUTCOMES.values()
        if _has(words, one.name, one.en, one.zh, one.definition.en, one.definition.zh)
    ]


def _other_words(wanted: str) -> str:
    return " ".join(_ALSO.get(word, word) for word in wanted.lower().split())


def _nearest(wanted: str, names: Iterable[str]) -> str:
    """The nearest name; where none is near, how to look further instead of a list of names."""
    remedy = nearest(wanted, names)
    if remedy.startswith("Known here"):
        return "Try a shorter or another word, in English or Chinese; without a word all are listed"
    return remedy


def _begins(path: list[str], wanted: list[str]) -> bool:
    return len(wanted) <= len(path) and all(
        part.startswith("<") or part == given for part, given in zip(path, wanted, strict=False)
    )


def _by_words(listed: Iterable[Key], wanted: str) -> list[Key]:
    words = wanted.lower().split()
    if not words:
        return []
    direct, around = [], []
    for key in listed:
        blocks = [PLACES[part] for part in key.path.split(".")[:-1] if part in PLACES]
        if _has(words, key.path, key.label.en, key.label.zh):
            direct.append(key)
        elif _has(words, key.path, key.label.en, key.label.zh, key.unit.zh, *_choices(key), *_both(blocks)):
            around.append(key)
    return [*direct, *around]


def _has(words: list[str], *texts: str) -> bool:
    """Whether every word stands in the texts, with or without the blanks and signs of a key."""
    text = "\n".join(texts).lower()
    plain = re.sub(r"[_.-]", " ", text)
    return all(word in text or _stem(word) in plain for word in words)


def _stem(word: str) -> str:
    """An English word without its ending: ``waiting`` and ``waits`` are ``wait``."""
    ends = (end for end in ("ing", "es", "s") if len(word) > 4 and word.endswith(end))
    return word.removesuffix(next(ends, ""))


def _choices(key: Key) -> list[str]:
    return [key.bounds.zh, *(CHOICES[word] for word in key.bounds.en.split(", ") if word in CHOICES)]


def _both(texts: Iterable) -> list[str]:
    return [side for text in texts for side in (text.en, text.zh)]
