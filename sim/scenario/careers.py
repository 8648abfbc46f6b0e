"""What a verdict does to people: who moves, who is removed, who is promoted, who comes new."""

from __future__ import annotations

from typing import Literal

from .currency import MONEY
from .part import ARTICLE, ASSUMED, DEFINITION, Flag, Name, Number, Part, Whole, param

OUTSTANDING = (
    f"{ARTICLE}: 三、五、二 业绩显著的个人，是办事员的优先提拔使用，是中层干部的，向市局推荐提拔为副科级干部"
)
PRAISED = f"{ARTICLE}: 三、二、三 对执行制度好、工作效率高、服务措施实的优秀人员进行表扬和奖励"
BOTTOM = f"{ARTICLE}: 三、五、二 倒数后三名…机关工作人员交流到基层所工作，中层干部一律免职"


def _weight(en: str, zh: str, default: float) -> float:
    return param(en, zh, unit="1", source=ASSUMED, default=default, ge=0, le=10)


class PersonalRecord(Part):
    """What counts as a person's own record of a year, and how well it is seen.

    Each part is compared with the people of the same role and told in their standard deviations.
    """

    work: Number = _weight("weight of work done an hour", "单位工时办件量权重", 1.0)
    quality: Number = _weight("weight of cases without a fault", "办件质量权重", 1.0)
    study: Number = _weight("weight of hours of study", "学习权重", 0.5)
    commended: Number = _weight("weight of commendations of the years before", "往年表扬权重", 0.5)
    sample: Whole = param(
        "cases of a person that are looked at for faults, 0 = all",
        "每人抽查案卷数（0=全部）",
        unit="cases",
        source=ASSUMED,
        default=0,
        ge=0,
    )
    opinion_sd: Number = param(
        "spread of the opinion in a record, in standard deviations of the record",
        "评议误差（以业绩的标准差计）",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10,
    )


class Commendations(Part):
    """The people with the best records of a year are commended and rewarded."""

    on: Flag = param(
        "people with the best records are commended",
        "表扬和奖励优秀人员",
        unit="-",
        source=PRAISED,
        default=False,
    )
    share: Number = param(
        "share of the people commended in a year",
        "每年表扬人员比例",
        unit="1",
        source=ASSUMED,
        default=0.05,
        ge=0,
        le=1,
    )
    reward: Number = param(
        "reward of a commendation", "表扬奖金", unit=MONEY, source=ASSUMED, default=0.0, ge=0
    )


class Ladders(Part):
    """Two ladders with openings: clerks become heads of units, heads are recommended to the city bureau.

    A head's post opens when its holder is removed, leaves, or rises to deputy section chief 副科级, for which
    the county is left. People are taken in the order of a sum of their own record, the score of their unit,
    years of service and luck, each in standard deviations.
    """

    on: Flag = param(
        "promotion has two ladders with openings, and goes by the person's own record",
        "办事员、中层干部两级提拔，按个人业绩择优",
        unit="-",
        source=OUTSTANDING,
        default=False,
    )
    deputy_openings: Whole = param(
        "heads whom the city bureau takes in a year",
        "市局每年提拔副科级干部名额",
        unit="people",
        source=ASSUMED,
        default=1,
        ge=0,
    )
    bars_staff: Flag = param(
        "the promotion line bars the staff of a unit too, not only its head",
        "提拔门槛也限制本单位其他人员",
        unit="-",
        source=ASSUMED,
        default=True,
    )
    merit: Number = _weight("weight of the person's own record in promotion", "提拔中个人业绩的权重", 1.0)
    unit: Number = _weight("weight of the unit's score in promotion", "提拔中单位得分的权重", 0.0)
    seniority: Number = _weight("weight of years of service in promotion", "提拔中工龄的权重", 0.0)
    luck: Number = _weight("weight of luck in promotion", "提拔中偶然因素的权重", 0.0)
    most_service_years: Number = param(
        "years of service at the start lie between 0 and this",
        "初始工龄上限",
        unit="years",
        source=ASSUMED,
        default=35.0,
        ge=0,
        le=50,
    )


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
    record: PersonalRecord = PersonalRecord()
    commendations: Commendations = Commendations()
    ladders: Ladders = Ladders()

    @property
    def by_record(self) -> bool:
        """Whether people are judged by their own records."""
        return self.on and (self.ladders.on or self.commendations.on)
