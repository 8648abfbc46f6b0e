"""What a verdict does to people: who moves, who is removed, who is promoted, who comes new."""

from __future__ import annotations

from typing import Literal

from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, param

BOTTOM = f"{ARTICLE}: 三、五、二 倒数后三名…机关工作人员交流到基层所工作，中层干部一律免职"


class Careers(Part):
    """At the year's end the verdict changes next year's people.

    Posts stay, people change posts. The staff of bottom units that are no grassroots units go to grassroots
    ones; heads of bottom units lose their posts to outstanding people. Whoever comes to a new unit brings a
    part of their practice (`competence.experience.portable`), newcomers none.
    """

    on: Flag = param(
        "verdicts change next year's people",
        "考核结果影响下一年人员",
        unit="-",
        source=DEFINITION,
        default=False,
    )
    grassroots_types: tuple[Name, ...] = param(
        "types of units that are grassroots", "基层单位类型", unit="-", source=BOTTOM, default=()
    )
    head_roles: tuple[Name, ...] = param(
        "roles that lead a unit", "单位负责人岗位", unit="-", source=DEFINITION, default=()
    )
    moved_share: Number = param(
        "share of a bottom unit's staff that moves",
        "末位单位人员交流比例",
        unit="1",
        source=BOTTOM,
        default=1.0,
        ge=0,
        le=1,
    )
    replacement: Literal["exchange", "newcomer"] = param(
        "who takes the place of those who move: a colleague from the grassroots unit, or a newcomer",
        "空缺的补充方式（与基层人员对调，或新人）",
        unit="-",
        source=ASSUMED,
        default="exchange",
    )
    remove_heads: Flag = param(
        "heads of bottom units are removed", "末位单位负责人免职", unit="-", source=BOTTOM, default=True
    )
    vacancy_months: Number = param(
        "how long a removed head's or a leaver's post stands empty",
        "空缺时间",
        unit="months",
        source=ASSUMED,
        default=1.0,
        ge=0,
        le=12,
    )
    leavers_share: Number = param(
        "share of the staff that leaves in a year, whatever the rules (retirement, other posts)",
        "每年自然离职比例",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=0.5,
    )
    newcomer_years: Number = param(
        "practice of a newcomer", "新人的经验年数", unit="years", source=ASSUMED, default=0.0, ge=0, le=20
    )
