"""Gaming in a scenario: what is done about late cases for the score's sake, and not for the citizen's."""

from __future__ import annotations

from pydantic import model_validator

from .part import ASSUMED, DEFINITION, Flag, Number, Part, param


class Timing(Part):
    """Late to the back: what is late can no longer be saved for the score, so fresh requests go first."""

    on: Flag = param(
        "late requests wait behind all others", "已超期件后置办理", unit="-", source=DEFINITION, default=False
    )
    pressure: Number = param(
        "marginal incentive from which a unit does so",
        "触发后置办理的边际激励",
        unit="% of a year's pay a point",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=100,
    )


class Recording(Part):
    """Gaming near deadlines: under pressure a share of nearly late cases is recorded as in time."""

    on: Flag = param(
        "nearly late cases are recorded as in time",
        "临界件记录造假",
        unit="-",
        source=DEFINITION,
        default=False,
    )
    sensitivity: Number = param(
        "share of nearly late cases so recorded for each per cent of a year's pay that a point brings",
        "记录造假对压力的敏感度",
        unit="1 per % of a year's pay a point",
        source=ASSUMED,
        default=0.15,
        ge=0,
        le=100,
    )
    most: Number = param(
        "greatest share of nearly late cases so recorded",
        "临界件造假比例上限",
        unit="1",
        source=ASSUMED,
        default=0.6,
        ge=0,
        le=1,
    )
    window_days: Number = param(
        "a case counts as nearly late if it is done within so long after its due date",
        "临界窗口（超期不超过）",
        unit="calendar days",
        source=ASSUMED,
        default=5.0,
        ge=0,
        le=366,
    )
    clock_stop: Number = param(
        "how many of these cases, by comparison: the clock is stopped without reason",
        "其中（权重）：无故停钟",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=1,
    )
    needless_supplement: Number = param(
        "how many of these cases, by comparison: sent back for a supplement that is not needed",
        "其中（权重）：不必要的补正",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    close_and_reopen: Number = param(
        "how many of these cases, by comparison: closed before they are done, and reopened",
        "其中（权重）：先结后办",
        unit="1",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=1,
    )

    backdated_finish: Number = param(
        "how many of these cases, by comparison: entered as finished before the limit",
        "其中（权重）：倒填办结日期",
        unit="1",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=1,
    )
    backdated_days: Number = param(
        "a finish so entered lies evenly within so long before the due date",
        "倒填的办结日期距期限（以内，均匀分布）",
        unit="calendar days",
        source=ASSUMED,
        default=1.0,
        gt=0,
        le=366,
    )

    @model_validator(mode="after")
    def _some(self):
        if self.clock_stop + self.needless_supplement + self.close_and_reopen + self.backdated_finish == 0:
            names = "'clock_stop', 'needless_supplement', 'close_and_reopen' and 'backdated_finish'"
            raise ValueError(f"{names} are all 0, so no false record could be made; give one above 0")
        return self
