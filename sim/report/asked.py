"""Draw what a rule asks of one office, beside what an alternative asks of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.evaluate.asked import Asked, asked
from sim.report.labels import shortened, told_apart
from sim.report.style import PALETTE, use_house_style
from sim.report.words import Text, check_language, pick
from sim.scenario import Scenario, load, load_policy
from sim.scenario.policy import CURRENT, PolicyLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SCORE = Text(en="year-end score (points)", zh="年终得分（分）")
_WORTH = Text(en="worth (% of a year's pay)", zh="价值（占全年工资的%）")
_MONTH = Text(en="month of the year", zh="年内月份")
_EFFORT = Text(en="planned effort (usual = 100)", zh="计划努力（通常=100）")
_USUAL = Text(en="usual score, with its luck", zh="通常得分及其偶然波动")
_AIM = Text(en="mean score as planned", zh="按计划的平均得分")
_LONGEST_TITLE, _LONGEST_NAME = 44, 24  # columns of the unit's and of a policy's, within a panel
_BAND = Text(en="8 of 10 courses of the year", zh="十种年景中的八种")


def draw_asked(
    scenario: Scenario | str | Path,
    unit: str,
    policy: PolicyLike = CURRENT,
    alternative: PolicyLike | None = None,
    lang: Literal["en", "zh"] = "en",
) -> Figure:
    """Draw what a policy asks of one unit, and what an alternative asks.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `sim.load`.
    unit : str
        A unit with a scorecard.
    policy, alternative : str, Path, Policy or Mapping, optional
        The policy, and another one beside it.
    lang : {'en', 'zh'}, optional
        The language.

    Returns
    -------
    matplotlib.figure.Figure
        Left: what each year-end score is worth, the forecast, and the planned score. Right: planned effort
        by month.

    Raises
    ------
    InputError
        If the unit is unknown, has no score, or has nothing at stake, or if nobody changes effort.

    Examples
    --------
    >>> import sim
    >>> office = sim.reform(sim.load("one-office"), {"behaviour.responsive.effort.on": True})
    >>> figure = sim.draw_asked(office, "office", alternative={"pay.full_pay_threshold": 90})
    >>> len(figure.axes)
    2
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    check_language(lang)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    use_house_style()
    figure = Figure(figsize=(6.6, 2.9), layout="constrained")  # of no window: pyplot need not keep it
    left, right = figure.subplots(1, 2)
    wanted = [policy] if alternative is None else [policy, alternative]
    policies = [load_policy(scenario, one) for one in wanted]
    names = told_apart([pick(one.title, lang) for one in policies], _LONGEST_NAME)
    told = [asked(scenario, unit, one) for one in policies]
    for found, name, colour in zip(told, names, PALETTE, strict=False):
        _draw(left, right, found, name, colour, lang)
        if found is told[0] or (found.usual, found.luck_sd) != (told[0].usual, told[0].luck_sd):
            _draw_forecast(left, found, colour, pick(_USUAL, lang) if found is told[0] else None)
    title = shortened(pick(scenario.units[unit].title, lang), _LONGEST_TITLE)
    left.set(xlabel=pick(_SCORE, lang), ylabel=pick(_WORTH, lang))
    right.set(xlabel=pick(_MONTH, lang), ylabel=pick(_EFFORT, lang))
    right.xaxis.set_major_locator(MaxNLocator(integer=True))
    left.set_title(title, loc="left")
    left.legend(fontsize="x-small")
    right.legend(fontsize="x-small")
    return figure


def _draw(left: Axes, right: Axes, found: Asked, name: str, colour: str, lang: str) -> None:
    left.plot(found.score, 100 * found.worth, color=colour, label=name)
    first = colour == PALETTE[0]  # what all have is named once
    at = np.interp(found.aim, found.score, 100 * found.worth)
    aim, band = (pick(text, lang) if first else None for text in (_AIM, _BAND))
    left.plot([found.aim], [at], "o", color=colour, markersize=4, label=aim)
    months = np.arange(1, len(found.effort) + 1)
    mean, least, _, most = 100 * found.effort.T
    right.fill_between(months, least, most, color=colour, alpha=0.2, linewidth=0, label=band)
    right.plot(months, mean, color=colour, label=name)


def _draw_forecast(left: Axes, found: Asked, colour: str, label: str | None) -> None:
    low, high = found.usual - found.luck_sd, found.usual + found.luck_sd
    left.axvspan(low, high, facecolor=colour, edgecolor=colour, alpha=0.15, linewidth=0.5, label=label)
