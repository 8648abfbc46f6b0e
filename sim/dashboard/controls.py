"""List what the page can move in a scenario: label, unit, bounds and present value of each, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sim.report.assumptions import group, unit_of
from sim.report.words import Text, pick
from sim.scenario import Scenario
from sim.scenario.part import card_of
from sim.scenario.paths import field_at

MOST_ITEMS = 40  # items of scorecards with sliders of their own
SHARE = Text(en="%", zh="%")


@dataclass(frozen=True)
class Control:
    """A slider, or a switch if it has no bounds.

    Attributes
    ----------
    path : str
        The dotted path of the parameter.
    label, unit : str
        In the language of the page.
    value : float or bool
        What the scenario says.
    low, high, step : float
        The bounds of the slider; the schema's own bounds are checked with the policy.
    scale : float
        The value times this is shown: 100 for a share.
    """

    path: str
    label: str
    unit: str
    value: float | bool
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    scale: float = 1.0


@dataclass
class Group:
    """Controls that belong together, under a heading; `open` unless there are many."""

    name: str
    title: str
    controls: list[Control] = field(default_factory=list)
    open: bool = True


# By group: its title, and the paths with the bounds and the step of a slider; none for a switch.
Bounds = tuple[float, float, float] | None
_GROUPS: tuple[tuple[str, Text, tuple[tuple[str, Bounds], ...]], ...] = (
    (
        "pay",
        Text(en="Pay by score", zh="按得分兑现工资"),
        (
            ("pay.full_pay_threshold", (60, 100, 0.5)),
            ("pay.bonus_threshold", (60, 100, 0.5)),
            ("pay.deduction_per_point", (0, 10, 0.25)),
            ("pay.floor", (0, 1, 0.05)),
            ("pay.gate.on", None),
            ("pay.reward_fund.on", None),
            ("pay.reward_fund.sum", (0, 500_000, 10_000)),
        ),
    ),
    (
        "thresholds",
        Text(en="Thresholds and bottom units", zh="门槛与末位"),
        (
            ("assessment.advanced_threshold", (60, 100, 0.5)),
            ("assessment.promotion_threshold", (60, 100, 0.5)),
            ("assessment.certified_threshold", (60, 100, 0.5)),
            ("assessment.excellent_threshold", (60, 100, 0.5)),
            ("assessment.bottom_count", (0, 10, 1)),
            ("assessment.bottom_only_if_distinct.on", None),
        ),
    ),
    (
        "study",
        Text(en="Study", zh="学习时间"),
        (
            ("study.weekly_hours", (0, 8, 0.5)),
            ("study.lectures_a_year", (0, 24, 1)),
            ("study.integrity_sessions_a_year", (0, 12, 1)),
            ("study.article_hours_a_quarter", (0, 20, 1)),
            ("study.staggered", None),
        ),
    ),
)
_DEDUCTIONS = Text(en="Points deducted in the scorecards", zh="考核评分表扣分")
_ITEM = (("deduct", (0, 3, 0.1)), ("target", (0, 1, 0.01)))


def groups(scenario: Scenario, lang: str) -> list[dict[str, Any]]:
    """Return the groups of controls of a scenario, as plain data.

    Parameters
    ----------
    scenario : Scenario
        The scenario. A control whose block it does not have is left out.
    lang : {'en', 'zh'}
        The language of labels and units.

    Returns
    -------
    list of dict
        The fields of `Group` and `Control`.

    Examples
    --------
    >>> import sim
    >>> from sim.dashboard.controls import groups
    >>> pay = groups(sim.load("one-office"), "en")[0]
    >>> pay["title"], pay["controls"][0]["path"], pay["controls"][0]["value"]
    ('Pay by score', 'pay.full_pay_threshold', 95.0)
    """
    found = []
    for name, title, listed in _GROUPS:
        made = [one for path, bounds in listed if (one := _control(scenario, path, bounds, lang))]
        if made:
            found.append(Group(name, pick(title, lang), made))
    if items := list(_items(scenario, lang)):
        found.insert(-1 if found and found[-1].name == "study" else len(found), _deductions(items, lang))
    return [asdict(one) for one in found]


def staff(scenario: Scenario, lang: str) -> list[dict[str, Any]]:
    """Return the staff groups: ``name``, ``unit`` (title), ``label`` and ``count`` of people."""
    return [
        {
            "name": name,
            "unit": pick(scenario.units[one.unit].title, lang),
            "label": group(scenario, name, lang),
            "count": one.count,
        }
        for name, one in scenario.staff.items()
    ]


def _deductions(items: list[Control], lang: str) -> Group:
    return Group("deductions", pick(_DEDUCTIONS, lang), items, open=False)


def _items(scenario: Scenario, lang: str) -> Iterator[Control]:
    """Yield the controls of the items that deduct points by a rule."""
    listed = [
        f"scorecards.{card}.items.{name}"
        for card, one in scenario.scorecards.items()
        for name, item in one.items.items()
        if item.rule == "deduction"
    ]
    for path in listed[:MOST_ITEMS]:
        for name, bounds in _ITEM:
            if one := _control(scenario, f"{path}.{name}", bounds, lang):
                yield one


def _control(scenario: Scenario, dotted_path: str, bounds: Bounds, lang: str) -> Control | None:
    """Return a control with the scenario's value; None where the scenario has no such block."""
    path = tuple(dotted_path.split("."))
    value = standing(scenario, path)
    if value is None:
        return None
    said = _label(scenario, path, lang)
    if bounds is None:
        return Control(dotted_path, said, "", bool(value))
    low, high, step = bounds
    unit, scale = unit_of(scenario, path, lang), 1.0
    if not unit and high <= 1:
        unit, scale = pick(SHARE, lang), 100.0
    value = float(value)
    return Control(dotted_path, said, unit, value, min(low, value), max(high, value), step, scale)


def _label(scenario: Scenario, path: tuple[str, ...], lang: str) -> str:
    """Return the label of a parameter; of an item of a scorecard with the titles of both before it."""
    card = card_of(field_at(Scenario, path, scenario.source.data))
    assert card is not None  # of a parameter
    said = str(card["label"][lang])
    if path[0] == "scorecards":
        scorecard = scenario.scorecards[path[1]]
        titles = [pick(one.title, lang) for one in (scorecard, scorecard.items[path[3]])]
        return pick(Text(en=": ", zh="："), lang).join([*titles, said])
    return said[0].upper() + said[1:]


def standing(scenario: Scenario, path: tuple[str, ...]) -> Any:
    """Return the scenario's own value at a path, defaults included; None where there is none."""
    here: Any = scenario
    for part in path:
        if here is None:
            return None
        here = here.get(part) if isinstance(here, dict) else getattr(here, part, None)
    return here
