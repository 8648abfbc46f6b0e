"""The questions that a fitted scenario can answer and those it cannot, by rules that are stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from .fit.model import Fit

NEAR = 1.25  # times the distance of the replayed training part
LEAST = {"cycle": 0.25, "ngram": 0.15, "circadian": 1.5}  # near enough in any case; cycle: of the mean
MOST_OF_MEAN = 0.5  # of the mean cycle time: a greater distance is far, however far the replay is
WAITS = 0.1  # share of waiting that people must explain for questions of staffing
POINTS = 0.01  # of the late share, where next to no case is late


@dataclass(frozen=True)
class Question:
    """A question to a scenario, whether it can be trusted to answer it, and by which rule.

    Attributes
    ----------
    name : str
        A word that names it.
    fit : bool
        Whether the scenario can be trusted here.
    en, zh : str
        The question, in both languages.
    why_en, why_zh : str
        The rule with its figures.
    """

    name: str
    fit: bool
    en: str
    zh: str
    why_en: str
    why_zh: str

    def line(self, language: str = "en") -> str:
        """The question with the verdict, on one line."""
        if language == "zh":
            return f"{'适用' if self.fit else '不适用'}：{self.zh}（{self.why_zh}）"
        return f"{'fit' if self.fit else 'unfit'} for: {self.en} ({self.why_en})"


def verdict(
    fit: Fit,
    fitted: pd.Series,
    replayed: Mapping[str, float],
    naive: Mapping[str, float],
    outcomes: pd.DataFrame,
) -> Iterator[Question]:
    """Judge each question by the distances beside the yardsticks, and by what the log holds."""
    mean = float(outcomes["real"]["mean_cycle_hours"])
    least, most = LEAST["cycle"] * mean, MOST_OF_MEAN * mean
    yield by_distance("cycle", "how long cases take", "办理周期", fitted, replayed, naive, least, most)
    yield by_distance("ngram", "which way cases go", "办理路径", fitted, replayed, naive, LEAST["ngram"])
    if not fit.day_only:
        asked = "at which hours work falls", "办件时段"
        yield by_distance("circadian", *asked, fitted, replayed, naive, LEAST["circadian"])
    yield by_interval("cases", "how many cases come", "来件量", outcomes)
    if "late_share" in outcomes.index:
        yield by_interval("late_share", "how many cases are late", "超期比例", outcomes, POINTS)
    yield _staffing(fit)


def _staffing(fit: Fit) -> Question:
    """Judge whether waiting that people explain can be told."""
    asked = "what one more person brings", "增加人员的效果"
    if not fit.people.named:
        told = "the log names nobody who works, so no policy on staff can be tried"
        return Question("staffing", False, *asked, told, "日志未记录办理人员，人员配备政策无从试算")
    share = fit.waits_for_people
    enough = share >= WAITS and not fit.day_only and not fit.starts
    reasons = [
        f"people at other work explain {share:.0%} of waiting, at least {WAITS:.0%} is needed",
        *(["starts are estimated"] if fit.starts else []),
        *(["the log knows days, not hours"] if fit.day_only else []),
    ]
    why_zh = f"等待中因人员正办他件的占{share:.0%}，至少须{WAITS:.0%}" + (
        "；开始时间为估计" if fit.starts else ""
    )
    return Question("staffing", enough, *asked, "; ".join(reasons), why_zh)


def by_distance(
    name: str,
    en: str,
    zh: str,
    fitted: pd.Series,
    replayed: Mapping[str, float],
    naive: Mapping[str, float],
    least: float,
    most: float = float("inf"),
) -> Question:
    """Judge a question by the distance called `name`, beside those of the two yardsticks.

    It may be 1.25 times that of the replayed records, and `least` in any case, but never over `most` nor
    over 1.25 times that of the naive model.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.logs.verdict import by_distance
    >>> near, replayed, naive = pd.Series({"queue": 5.0}), {"queue": 6.0}, {"queue": 9.0}
    >>> by_distance("queue", "how long queues are", "排队人数", near, replayed, naive, 2.0).line()
    'fit for: how long queues are (distance 5, at most 7.5; replayed 6, naive 9)'
    """
    bound = min(max(NEAR * replayed[name], least), most, NEAR * naive[name])
    good = bool(fitted[name] <= bound)
    beside = f"replayed {figure(replayed[name])}, naive {figure(naive[name])}"
    told = f"distance {figure(fitted[name])}, at most {figure(bound)}; {beside}"
    zh_beside = f"重放{figure(replayed[name])}，简单模型{figure(naive[name])}"
    zh_told = f"距离{figure(fitted[name])}，不得超过{figure(bound)}；{zh_beside}"
    return Question(name, good, en, zh, told, zh_told)


def by_interval(name: str, en: str, zh: str, outcomes: pd.DataFrame, slack: float = 0.0) -> Question:
    """Judge a question by whether the real value of `outcomes` lies in the prediction interval, or near it.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.logs.verdict import by_interval
    >>> table = pd.DataFrame({"real": [90.0], "low": [80.0], "high": [100.0]}, index=["cases"])
    >>> by_interval("cases", "how many come", "来件量", table).line("zh")
    '适用：来件量（实际90，95%预测区间为80至100）'
    """
    real, low, high = (float(outcomes[one][name]) for one in ("real", "low", "high"))
    told = f"real {figure(real)}, foretold with 95 % {figure(low)} to {figure(high)}"
    zh_told = f"实际{figure(real)}，95%预测区间为{figure(low)}至{figure(high)}"
    return Question(name, low - slack <= real <= high + slack, en, zh, told, zh_told)


def figure(value: float) -> str:
    """A figure with three digits, or whole from a thousand on.

    Examples
    --------
    >>> from sim.logs.verdict import figure
    >>> figure(0.12345), figure(5824.2)
    ('0.123', '5,824')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
