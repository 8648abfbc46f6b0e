"""What makes people quick and careful: experience, study, load (all off unless chosen)."""

from __future__ import annotations

from typing import Literal

from .part import ASSUMED, DEFINITION, Flag, Number, Part, Whole, param

CURVES = "Anzanello and Fogliatto 2011, Learning curve models and applications, Int. J. Industrial Ergonomics"


class Experience(Part):
    """The experience curve: a newcomer is slow, practice makes quick, absence lets some of it be forgotten.

    The factor on speed is 1 at ``reference_years`` of practice, for which the scenario's work times hold.
    """

    on: Flag = param("experience makes quick", "经验影响工作速度", unit="-", source=DEFINITION, default=False)
    curve: Literal["exponential", "power"] = param(
        "shape of the experience curve", "经验曲线形式", unit="-", source=CURVES, default="exponential"
    )
    newcomer_level: Number = param(
        "speed of somebody without any practice, the practised = 1",
        "新手速度（熟手=1）",
        unit="1",
        source=ASSUMED,
        default=0.6,
        gt=0,
        le=1,
    )
    years: Number = param(
        "practice after which two thirds of the way are gone (exponential), or one step of it (power)",
        "经验积累时间常数",
        unit="years",
        source=ASSUMED,
        default=1.0,
        gt=0,
        le=20,
    )
    reference_years: Number = param(
        "practice for which the scenario's work times hold, and of all who are there at the start",
        "工作时间所对应的经验年数（期初在岗人员）",
        unit="years",
        source=ASSUMED,
        default=6.0,
        gt=0,
        le=40,
    )
    forgotten_a_year: Number = param(
        "share of the practice that a year away from the work lets be forgotten",
        "离岗一年遗忘的经验比例",
        unit="1",
        source=ASSUMED,
        default=0.2,
        ge=0,
        le=1,
    )
    portable: Number = param(
        "share of the practice that counts in another unit",
        "调到其他单位后仍有用的经验比例",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=1,
    )


class Knowledge(Part):
    """What study does: knowledge is hours of study, of which a part is forgotten; its effect is capped."""

    on: Flag = param(
        "study makes quick and careful", "学习提高技能", unit="-", source=DEFINITION, default=False
    )
    most: Number = param(
        "gain of speed that study can bring at most",
        "学习带来的速度提高上限",
        unit="1",
        source=ASSUMED,
        default=0.08,
        ge=0,
        le=1,
    )
    care: Number = param(
        "share of the errors that study can spare at most",
        "学习可减少的差错比例上限",
        unit="1",
        source=ASSUMED,
        default=0.3,
        ge=0,
        le=1,
    )
    hours: Number = param(
        "knowledge at which two thirds of the gain are reached",
        "达到三分之二效果所需学习量",
        unit="hours",
        source=ASSUMED,
        default=80.0,
        gt=0,
        le=10_000,
    )
    half_life_years: Number = param(
        "time in which half of what was learned is forgotten",
        "所学遗忘一半的时间",
        unit="years",
        source=ASSUMED,
        default=2.0,
        gt=0,
        le=50,
    )
    initial_hours: Number = param(
        "knowledge at the start, for which the scenario's work times hold",
        "期初已有学习量",
        unit="hours",
        source=ASSUMED,
        default=0.0,
        ge=0,
        le=10_000,
    )


class Load(Part):
    """People speed up under moderate load, and slow down and make errors when overload lasts.

    Load is a unit's utilisation, smoothed over months. KC and Terwiesch 2009 (people speed up under load and
    tire when it lasts), Berry Jaeker and Tucker 2017 (a second turning point near 93 % occupancy).
    """

    on: Flag = param("load changes speed", "负荷影响速度", unit="-", source=DEFINITION, default=False)
    usual: Number = param(
        "utilisation for which the scenario's work times hold",
        "工作时间所对应的负荷率",
        unit="1",
        source=ASSUMED,
        default=0.7,
        ge=0,
        lt=1,
    )
    turning_point: Number = param(
        "utilisation over which people slow down",
        "负荷转折点",
        unit="1",
        source="Berry Jaeker and Tucker 2017, Management Science 63(4): 93 % occupancy",
        default=0.93,
        gt=0,
        le=1,
        ge="usual",
    )
    speed_up: Number = param(
        "gain of speed at the turning point",
        "转折点处的速度提高",
        unit="1",
        source=ASSUMED,
        default=0.06,
        ge=0,
        le=1,
    )
    slow_down: Number = param(
        "loss of speed, from the turning point to full load",
        "从转折点到满负荷的速度下降",
        unit="1",
        source=ASSUMED,
        default=0.12,
        ge=0,
        lt=1,
    )
    months: Number = param(
        "months over which load is felt",
        "负荷感受的时间窗口",
        unit="months",
        source=ASSUMED,
        default=3.0,
        ge=1,
        le=24,
    )
    errors: Number = param(
        "growth of errors from the turning point to full load",
        "从转折点到满负荷的差错增加",
        unit="1",
        source=ASSUMED,
        default=0.5,
        ge=0,
        le=7,
    )


class Crowding(Part):
    """People see the line and hurry: with n requests a head (rounded up) all work n ** exponent as fast.

    Conway and Maxwell 1962, A queueing model with state dependent service rates. As a step they work at
    `step_factor` from `step_from` requests a head on. Speed changes at the moment at which a request joins or
    leaves the line.
    """

    on: Flag = param(
        "a longer line is served more quickly", "排队越长办理越快", unit="-", source=DEFINITION, default=False
    )
    exponent: Number = param(
        "exponent of the requests a head in speed",
        "速度对人均在办件数的弹性",
        unit="1",
        source=ASSUMED,
        default=0.1,
        ge=0,
        le=1,
    )
    shape: Literal["power", "step"] = param(
        "how speed grows: as a power of the requests a head, or by a step",
        "提速方式（随人均在办件数的幂，或达到门槛后一次提速）",
        unit="-",
        source=DEFINITION,
        default="power",
    )
    step_from: Whole = param(
        "requests a head from which on all hurry (shape: step)",
        "提速门槛（人均在办件数）",
        unit="requests a head",
        source=ASSUMED,
        default=3,
        ge=1,
        le=500,
    )
    step_factor: Number = param(
        "speed from there on, before = 1 (shape: step)",
        "达到门槛后的速度（此前=1）",
        unit="1",
        source=ASSUMED,
        default=1.2,
        ge=1,
        le=5,
    )


class Rushing(Part):
    """What corner-cutting does to errors."""

    on: Flag = param("rushing makes errors", "赶工导致差错", unit="-", source=DEFINITION, default=False)
    errors: Number = param(
        "growth of errors for each unit of effort that is corner-cutting",
        "每单位赶工使差错增加的倍数",
        unit="1",
        source=ASSUMED,
        default=4.0,
        ge=0,
        le=50,
    )


class Competence(Part):
    """Speed = ability × experience × study × effort × load; carelessness from training, rushing, fatigue."""

    experience: Experience = Experience()
    knowledge: Knowledge = Knowledge()
    load: Load = Load()
    crowding: Crowding = Crowding()
    rushing: Rushing = Rushing()

    @property
    def on(self) -> bool:
        """Whether speed or care change from month to month."""
        return any(part.on for part in (self.experience, self.knowledge, self.load, self.rushing))
