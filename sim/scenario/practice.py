"""Units differ in how well they work, and good practice spreads. All off unless chosen.

Article, part 3, measure 4 (典型引路，家家到，互查互学，精细化管理分析会).
"""

from __future__ import annotations

from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Whole, param

STAGE = f"{ARTICLE}: 三、四（三）通过召开精细化管理分析会…评出阶段性先进国土所，查摆问题，提出整改意见"


class Stage(Part):
    """Each quarter the units in the contest for certification are compared by their cases in time.

    The leading ones are made known as models, and visits go to them. The lagging ones must mend their ways.
    """

    on: Flag = param(
        "stage evaluation each quarter", "阶段性评先与分析会", unit="-", source=STAGE, default=False
    )
    leading: Whole = param(
        "units named as leading", "阶段性先进单位数", unit="units", source=ASSUMED, default=3, ge=1, le=1000
    )
    lagging: Whole = param(
        "units that get points to mend",
        "限期整改单位数",
        unit="units",
        source=ASSUMED,
        default=3,
        ge=0,
        le=1000,
    )
    model_rate: Number = param(
        "share of the gap to the leading ones that every unit closes in a quarter",
        "典型引路每季度缩小与先进差距的比例",
        unit="1",
        source=ASSUMED,
        default=0.05,
        ge=0,
        le=1,
    )
    mending_rate: Number = param(
        "share of the gap to the mean that a lagging unit closes",
        "整改缩小与平均水平差距的比例",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )


class Practice(Part):
    """Working practice is a factor on the speed of a unit's people, drawn by unit; the better spreads.

    Without stage evaluation a visit goes to any other unit.
    """

    on: Flag = param(
        "units differ in practice, and it spreads",
        "各单位工作方法有差异并可推广",
        unit="-",
        source=DEFINITION,
        default=False,
    )
    spread: Number = param(
        "how far units differ in speed, up and down",
        "各单位工作效率差异（上下）",
        unit="1",
        source=ASSUMED,
        default=0.08,
        ge=0,
        le=0.5,
    )
    visit_duty: Name = param(
        "the standing duty that is the visit",
        "观摩互查对应的经常性工作",
        unit="-",
        source=f"{ARTICLE}: 三、四（三）家家到，观摩评比互查互学",
        default="peer_visits",
    )
    visit_rate: Number = param(
        "share of the gap to a better host that a visit closes",
        "一次观摩缩小与先进差距的比例",
        unit="1",
        source=ASSUMED,
        default=0.15,
        ge=0,
        le=1,
    )
    stage: Stage = Stage()
