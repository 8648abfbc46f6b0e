"""Draw pay schedules at equal cost, and how well evaluation designs find a known effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.evaluate.designs import DESIGNS
from sim.evaluate.studio import MEASURES
from sim.report.labels import told_apart
from sim.report.style import PALETTE, use_house_style
from sim.report.words import Text, check_language, pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.sandbox import Sandbox
    from sim.study.studio import Studio

_WIDTH, _ROW = 6.6, 0.24  # inches: the text of an A4 page, and a row
_SHOWN = ("noise_tax", "marginal_incentive", "wrongful")
_BIAS = Text(en="Bias", zh="偏差")
_COVERAGE = Text(en="Coverage of 95 % intervals", zh="95%区间覆盖率")
_REJECTS = Text(en="Share that finds an effect", zh="判定有效应的比例")
_FALSE = Text(en="Share of false alarms", zh="误报率")
_PERCENT = Text(en="%", zh="%")
_OWN_UNIT = Text(en="in the unit of the outcome", zh="按指标单位")


def draw_studio(found: Studio, lang: Literal["en", "zh"] = "en") -> Figure:
    """Draw noise tax, marginal incentive and wrongful deductions of pay schedules.

    Parameters
    ----------
    found : Studio
        The schedules, as from `studio`.
    lang : {'en', 'zh'}, optional
        The language.

    Returns
    -------
    matplotlib.figure.Figure
        A panel per measure, a row per schedule, with 95 % intervals. Crosses are the closed forms for normal
        scores.

    Raises
    ------
    InputError
        If the language is unknown.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=4, name="figure").run(workers=1, progress=False)
    >>> gate = sim.Policy.of({"pay.gate.on": True}, name="gate")
    >>> len(sim.draw_studio(sim.studio(study, [gate], lever="none")).axes)
    3
    """
    check_language(lang)
    names = [name for name in found.moved.index if name in found.policies]
    titles = told_apart([pick(found.policies[name].title, lang) for name in names], 24)
    if len(set(titles)) < len(titles):  # changes given in code share a title
        titles = names
    axes, figure = _panels(len(names), len(_SHOWN))
    for axis, measure in zip(axes, _SHOWN, strict=True):
        rows = found.table[found.table["measure"] == measure].set_index("schedule").loc[names]
        values = rows[["value", "low", "high"]].to_numpy(float).T
        _rows(axis, *values)
        axis.plot(rows["normal"], np.arange(len(names)), "x", color=PALETTE[2], markersize=4)
        label, unit = MEASURES[measure]
        axis.set_title(_folded(pick(label, lang), lang), fontsize=8)
        axis.set_xlabel(pick(unit, lang))
    _names(axes, titles)
    return figure


def draw_sandbox(found: Sandbox, lang: Literal["en", "zh"] = "en") -> Figure:
    """Draw bias, coverage and power of evaluation designs, with Monte Carlo errors.

    Parameters
    ----------
    found : Sandbox
        The pilots, as from `sandbox`.
    lang : {'en', 'zh'}, optional
        The language.

    Returns
    -------
    matplotlib.figure.Figure
        A panel each for bias, coverage and rejections; a row per design. Whiskers are two Monte Carlo
        standard errors to either side.

    Raises
    ------
    InputError
        If the language is unknown.

    Examples
    --------
    >>> import sim
    >>> pilots = sim.sandbox("binhai", {}, treated=3, replications=2, before=1, after=1)
    >>> len(sim.draw_sandbox(pilots, "zh").axes)
    3
    """
    check_language(lang)
    table = found.performance
    axes, figure = _panels(len(table), 3)
    nothing = bool((found.effects["effect"] == 0).all())
    parts = (
        ("bias", 1.0, _BIAS, _OWN_UNIT, 0.0),
        ("coverage", 100.0, _COVERAGE, _PERCENT, 95.0),
        ("rejects", 100.0, _FALSE if nothing else _REJECTS, _PERCENT, 5.0 if nothing else np.nan),
    )
    for axis, (name, scale, title, unit, line) in zip(axes, parts, strict=True):
        value = scale * table[name].to_numpy(float)
        error = 2 * scale * table[f"mcse_{name}"].to_numpy(float)
        _rows(axis, value, value - error, value + error)
        axis.axvline(line, color=PALETTE[0], linewidth=0.8)
        axis.set_title(_folded(pick(title, lang), lang), fontsize=8)
        axis.set_xlabel(pick(unit, lang))
    _names(axes, [pick(DESIGNS[name][1], lang) for name in table.index])
    return figure


def _panels(rows: int, columns: int) -> tuple[list[Axes], Figure]:
    from matplotlib.figure import Figure

    use_house_style()
    figure = Figure(figsize=(_WIDTH, 1.1 + _ROW * rows), layout="constrained")
    return list(figure.subplots(1, columns, sharey=True)), figure


def _rows(axis: Axes, value: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Draw a point a row, with its interval where there is one."""
    for place, (middle, left, right) in enumerate(zip(value, low, high, strict=True)):
        if np.isfinite(middle):
            ends = [[middle - left], [right - middle]] if np.isfinite([left, right]).all() else None
            axis.errorbar(middle, place, xerr=ends, fmt="o", color=PALETTE[1], markersize=4)
    axis.margins(x=0.12)


def _names(axes: Sequence[Axes], names: Sequence[str]) -> None:
    axes[0].set_yticks(range(len(names)), names)
    axes[0].set_ylim(len(names) - 0.5, -0.5)


def _folded(title: str, lang: str) -> str:
    """Return a title in lines that fit a panel."""
    import textwrap

    return "\n".join(textwrap.wrap(title, 28 if lang == "en" else 14))
