"""Say what was fitted as a scenario: plain data, and for each number its source, error and count."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.scenario.counts import number_of
from sim.scenario.source import Evidence, Path_, Source

from .fit.delays import Delay, Part
from .fit.estimate import Estimate
from .fit.model import Fit, Kind
from .fit.routing import END, Turn
from .fit.work import Work
from .names import Title, names_of, title_of

NOMINAL_MINUTES = 10.0  # of work in a log that knows days only
RARE_TURNS = 5  # cases that turned somewhere, from which this probability has a range of its own
NOBODY = (
    "The log names nobody who works; one clerk stands here, and has nothing to do. "
    "No policy on staff can be tried."
)
DAYS_ONLY = "The log knows days, not hours."
LONGEST_WARM_UP = 730
ACTIVITIES = "activities.csv"
PAY = {"base_pay": 52_000, "assessment_pay": 24_000, "target_bonus": 8_000, "leave_days": 0}


@dataclass
class Written:
    """The data of a scenario, its evidence, and which step is which activity."""

    source: Source
    activities: dict[tuple[str, str], str]  # (kind, step) → the activity's name in the log


class Writer:
    """Builds the data and the evidence of a fitted scenario.

    Parameters
    ----------
    fit : Fit
        What was fitted.
    title : dict of str
        The scenario's title in both languages.
    names : bool
        Keep the names of people; otherwise they are numbers, by how often they are seen.
    titles : mapping of str to Title
        What activities and kinds are called, where not as in the log.
    limit_days : int or None
        The limit of all cases in calendar days, where the log has none.
    """

    def __init__(
        self,
        fit: Fit,
        title: dict[str, str],
        *,
        names: bool = False,
        titles: Mapping[str, Title] | None = None,
        limit_days: int | None = None,
    ) -> None:
        self.fit, self.title, self.names = fit, title, names
        self.titles, self.limit_days = titles or {}, limit_days
        self.origin = f"log: {fit.log.origin.file}"
        self.evidence: dict[Path_, Evidence] = {}
        activities = list(dict.fromkeys(one for kind in fit.kinds for one in kind.routing.activities))
        self.steps = names_of(activities, "step")
        self.roles = self.steps  # a station for each activity: who can do it stands there

    def written(self) -> Written:
        """Return the whole scenario."""
        kinds = self._named_kinds()
        mapping: dict[tuple[str, str], str] = {}
        routes = {}
        for name, kind in kinds.items():
            routes[name] = self._kind(name, kind)
            mapping |= {(name, self.steps[one]): one for one in kind.routing.activities}
        limited = bool(self.limit_days) or any(not math.isnan(kind.limit_days) for kind in kinds.values())
        data: dict[str, Any] = {
            "format": "jingxi-scenario/1",
            "title": self.title,
            "description": self._description(),
            "horizon": self._horizon(),
            "calendar": self._calendar(),
            "roles": {self.roles[one]: {"title": self._both(one)} for one in self._staffed()},
            "grades": {"clerk": {"title": {"en": "Clerk", "zh": "办事员"}, **PAY}},
            "unit_types": {"office": {"title": {"en": "Office", "zh": "办事单位"}}},
            "units": {"office": {"type": "office", "title": self.title}},
            "staff": self._staff(),
            "kinds": routes,
            "demand": {name: self._demand(name, kind) for name, kind in kinds.items()},
            "profiles": {f"{name}_course": self._profile(name, kind) for name, kind in kinds.items()},
        }
        self._assumed(("grades",), (0.6, 1.5), "A log holds no pay; replace it by your pay table.")
        if limited:
            self._judged(data)
        file = self.fit.log.origin.file
        return Written(Source(file=_path(file), data=data, evidence=self.evidence), mapping)

    def _both(self, name: str) -> dict[str, str]:
        own = self.titles.get(name, Title(name, name))
        return {"en": title_of(own.en), "zh": title_of(own.zh)}

    def _staffed(self) -> list[str]:
        staffed = [one for one in self.steps if one not in self.fit.people.nobody]
        return staffed or list(self.steps)[:1]

    def _description(self) -> dict[str, str]:
        log = self.fit.log
        origin = log.origin
        begin, end = log.cases["arrival"].min(), log.events["end"].max()
        left = "; ".join(origin.filters) or "nothing"
        counts = (
            f"{number_of(len(log.events), 'event')} of {number_of(len(log.cases), 'case')}, "
            f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}"
        )
        return {
            "en": f"Fitted to {title_of(origin.file)}: {counts}. Left out: {left}. "
            f"SHA-256 {origin.sha256}. Moments: {origin.clock}."[:600],
            "zh": f"由日志 {title_of(origin.file)} 拟合：{len(log.cases):,}件、{len(log.events):,}个事件，"
            f"{begin:%Y-%m-%d}至{end:%Y-%m-%d}。SHA-256 {origin.sha256}。"[:600],
        }

    def _horizon(self) -> dict[str, Any]:
        arrival = self.fit.log.cases["arrival"]
        last = self.fit.log.events.groupby("case")["end"].max()
        days = (last - arrival).dt.total_seconds().quantile(0.95) / 86_400
        warm_up = int(min(max(math.ceil(days), 0), LONGEST_WARM_UP))
        self._log(("horizon", "warm_up_days"), "days", reason="95 % of the cases took less")
        start = arrival.min().to_period("M").to_timestamp()
        return {"start": f"{start:%Y-%m-%d}", "years": 1, "warm_up_days": warm_up}

    def _calendar(self) -> dict[str, Any]:
        week = self.fit.office
        if self.fit.day_only:
            self._assumed(("calendar", "week"), None, DAYS_ONLY, unit="hours of the day")
        else:
            n = len(self.fit.log.events)
            self._log(("calendar", "week"), "hours of the day", reason=f"when {n:,} events fell")
        closed = sorted({f"{day:%Y-%m-%d}" for kind in self.fit.kinds for day in kind.arrivals.closed})
        calendar: dict[str, Any] = {"country": "none", "week": week.spans()}
        return calendar | ({"closed": closed[:400]} if closed else {})

    def _staff(self) -> dict[str, Any]:
        people, staff = self.fit.people, {}
        for one in people.regular:
            roles = [self.roles[activity] for activity in one.activities if activity in self.roles]
            if not roles:  # what they did is done no more
                continue
            name = f"person_{one.number:03}"
            home, *others = roles
            staff[name] = {"unit": "office", "role": home, "grade": "clerk", "count": 1}
            if self.names:
                staff[name]["names"] = [title_of(one.name)[:60]]
            if others:
                staff[name]["also_serves"] = [f"office/{role}" for role in others]
            self._hours(staff, name, one.week)
            told = f"{number_of(one.events, 'event')}; on several cases at once in {one.overlap:.0%} of them"
            self._log(("staff", name, "count"), "people", reason=told)
        for number, one in enumerate(people.others, 1):
            name = f"others_{number:03}"
            if one.activities[0] not in self.roles:
                continue
            role = self.roles[one.activities[0]]
            staff[name] = {"unit": "office", "role": role, "grade": "clerk", "count": one.count}
            self._hours(staff, name, one.week)
            told = f"{number_of(one.events, 'event')} of people who are seldom seen"
            self._log(("staff", name, "count"), "people", reason=told)
        if not staff:
            role = self.roles[self._staffed()[0]]
            staff["clerk"] = {"unit": "office", "role": role, "grade": "clerk", "count": 1}
            self._assumed(("staff", "clerk", "count"), None, NOBODY, unit="people")
        return staff

    def _hours(self, staff: dict[str, Any], name: str, week: Any) -> None:
        if week.spans() != self.fit.office.spans():
            staff[name]["week"] = week.spans()

    def _named_kinds(self) -> dict[str, Kind]:
        titles = [
            kind.name if math.isnan(kind.limit_days) else f"{kind.name} {kind.limit_days:g} days"
            for kind in self.fit.kinds
        ]
        return dict(zip(names_of(titles, "kind").values(), self.fit.kinds, strict=True))

    def _kind(self, name: str, kind: Kind) -> dict[str, Any]:
        path: Path_ = ("kinds", name)
        made: dict[str, Any] = {"title": self._both(kind.name)}
        if self.fit.complexity.value:
            made["complexity_cv"] = self._number((*path, "complexity_cv"), self.fit.complexity, "1", 3.0)
        if not math.isnan(kind.limit_days):
            days = min(max(int(kind.limit_days), 1), 100_000)
            made["limit"] = {"amount": days, "per": self.fit.limits.per}
            per = self.fit.limits.per
            self._log((*path, "limit", "amount"), per, reason="deadline minus arrival, in most cases")
        elif self.limit_days:
            made["limit"] = {"amount": self.limit_days, "per": "calendar_days"}
            reason = "The log has no deadline; the limit was given when it was imported."
            self._assumed((*path, "limit", "amount"), None, reason, unit="calendar_days")
        made["route"] = self._route((*path, "route"), kind)
        return made

    def _route(self, path: Path_, kind: Kind) -> dict[str, Any]:
        """The steps: a fork at the beginning, each activity with a fork after it, and the waits between."""
        routing = kind.routing
        route: dict[str, Any] = {}
        waits: dict[tuple[str, str], list[tuple[str, float]]] = {}
        steps: dict[str, Any] = {}
        for number, (key, delay) in enumerate(sorted(routing.delays.items()), 1):
            onward = self.steps[key[1]] if key[1] else "end"
            waits[key] = self._waits(path, steps, number, key, delay, onward)
        self._fork(path, route, "begin", routing.turns[END], waits)
        for activity in routing.activities:
            name = self.steps[activity]
            route[name] = self._work((*path, name), activity) | {"next": f"{name}_next"}
            self._fork(path, route, f"{name}_next", routing.turns[activity], waits)
        return route | steps

    def _fork(
        self,
        path: Path_,
        route: dict[str, Any],
        name: str,
        turns: tuple[Turn, ...],
        waits: dict[tuple[str, str], list[tuple[str, float]]],
    ) -> None:
        """Write a branch: its probabilities, with a range each before all are scaled to sum to 1."""
        to: dict[str, float] = {}
        for turn in turns:
            for target, share in waits.get(turn.delay, [("end", 1.0)]):
                to[target] = to.get(target, 0.0) + turn.chance.value * share
        route[name] = self._branch((*path, name), to, turns[0].chance.n)

    def _branch(self, path: Path_, to: dict[str, float], n: int) -> dict[str, Any]:
        whole = _whole(to)
        varying = {name: chance for name, chance in whole.items() if chance * n > RARE_TURNS - 0.5}
        if len(varying) < len(whole):
            told = f"n = {n:,}; what fewer than {RARE_TURNS} cases did does not vary by itself"
            self._log((*path, "to"), "1", reason=told)
        for target, chance in varying.items() if len(to) > 1 else ():
            told = f"n = {n:,}, standard error {math.sqrt(chance * (1 - chance) / n):.3g}; all sum to 1"
            spread = 2 * math.sqrt(chance / n)  # of a count: scaled to sum to 1, two standard errors are left
            low, high = max(chance - spread, chance / 10), min(chance + spread, 1.0)
            bounds = _rounded(low, down=True), _rounded(high, down=False)
            self.evidence[(*path, "to", target)] = Evidence("1", self.origin, bounds, reason=told)
        return {"type": "branch", "to": whole}

    def _waits(
        self, path: Path_, steps: dict[str, Any], number: int, key: tuple[str, str], delay: Delay, onward: str
    ) -> list[tuple[str, float]]:
        """Write the parts of a delay as steps; return where to turn, with shares.

        Waits after several activities have a fork of their own, so that each of these has one turn.
        """
        targets = [(onward, delay.at_once.value)] if delay.at_once.value > 0 else []
        for place, part in enumerate(delay.parts, 1):
            name = f"wait_{number}_{place}_{onward}"[:40].rstrip("_")
            steps[name] = self._wait((*path, name), key, part, delay) | {"next": onward}
            targets.append((name, part.share.value))
        if key[0] == "*" and len(targets) > 1:
            name = f"wait_{number}_{onward}"[:40].rstrip("_")
            steps[name] = self._branch((*path, name), dict(targets), delay.at_once.n)
            return [(name, 1.0)]
        return targets

    def _wait(self, path: Path_, key: tuple[str, str], part: Part, delay: Delay) -> dict[str, Any]:
        before = "any" if key[0] == "*" else title_of(key[0]) if key[0] else "arrival"
        told = f"between {before} and {title_of(key[1]) if key[1] else 'closing'}: nobody explains it"
        if delay.by_calendar:
            told += ", nights and days off included"
        amount = self._number((*path, "amount"), part.amount, part.per, 100_000.0, told)
        shape = {"distribution": "constant"} if part.cv is None else {"cv": round(part.cv, 3)}
        return {"type": "delay", "reason": "other", "amount": amount, "per": part.per, **shape}

    def _work(self, path: Path_, activity: str) -> dict[str, Any]:
        work = self.fit.work[activity]
        if activity in self.fit.people.nobody:  # a system or the applicant: nobody of the office is needed
            amount = self._number((*path, "amount"), work.minutes, "minutes", 100_000.0, "needs nobody")
            made = {"type": "delay", "reason": "other", "amount": amount, "per": "minutes"}
            return made | self._shape(work)
        made = {"type": "work", "at": f"own/{self.roles[activity]}"}
        if self.fit.day_only:
            self._assumed((*path, "minutes"), None, DAYS_ONLY, (2.0, 60.0), "minutes")
            return made | {"minutes": NOMINAL_MINUTES, "cv": 0.5}
        told = "starts estimated from people's sequences" if work.estimated else f"plot r = {work.fits:.3f}"
        made["minutes"] = self._number((*path, "minutes"), work.minutes, "minutes", 100_000.0, told)
        made |= self._shape(work)
        if not self.fit.complexity.value:
            made["complexity"] = False
        return made

    @staticmethod
    def _shape(work: Work) -> dict[str, Any]:
        cv = {} if work.cv is None else {"cv": round(work.cv, 3)}
        return {"distribution": work.family, **cv}

    def _demand(self, name: str, kind: Kind) -> dict[str, Any]:
        arrivals, path = kind.arrivals, ("demand", name)
        volume = self._number((*path, "volumes", "office"), arrivals.a_day, "requests a day", 1e7)
        spread = self._number((*path, "dispersion"), arrivals.dispersion, "1", 10.0)
        return {
            "volumes": {"office": volume}, "per": "day", "profile": f"{name}_course", "dispersion": spread,
        }  # fmt: skip

    def _profile(self, name: str, kind: Kind) -> dict[str, Any]:
        arrivals, made = kind.arrivals, {}
        for what in ("months", "weekdays", "month_days", "hours"):
            weights = getattr(arrivals, what)
            if all(one.value == 1 for one in weights):
                continue
            made[what] = [round(one.value, 4) for one in weights]
            errors = ", ".join(f"{one.se:.2f}" for one in weights)
            told = f"{kind.cases:,} arrivals; standard errors {errors}"
            self._log(("profiles", f"{name}_course", what), "1", reason=told)
        if self.fit.day_only:
            made["hours"] = [float(8 <= hour < 18) for hour in range(24)]
            self._assumed(("profiles", f"{name}_course", "hours"), None, DAYS_ONLY, unit="1")
        return made | {"while_open": False}

    def _judged(self, data: dict[str, Any]) -> None:
        """Cases with a limit are judged: a score of the on-time rate, and the 95/90 rule with 1 % a point."""
        data["unit_types"]["office"] |= {"scorecard": "office", "certifiable": True, "pay_bound": True}
        title = {"en": "Done within the limit", "zh": "按时办结"}
        item = {"title": title, "indicator": "on_time_rate", "points": 100, "rule": "proportional"}
        data["scorecards"] = {"office": {"title": title, "items": {"on_time": item}}}
        data["assessment"] = {
            "advanced_threshold": 95, "promotion_threshold": 90, "bottom_count": 0,
            "certified_threshold": 90, "excellent_threshold": 95,
        }  # fmt: skip
        data["pay"] = {"full_pay_threshold": 95, "deduction_per_point": 1, "bonus_threshold": 95}
        for block in ("scorecards", "assessment", "pay"):
            self._assumed((block,), None, "The 95/90 rule with 1 % a point; a log holds no rule of pay.")

    def _number(
        self, path: Path_, estimate: Estimate, unit: str, most: float, told: str = "", least: float = 0.0
    ) -> float:
        """Write a number with its error; return it rounded to five figures."""
        value = _rounded(estimate.value)
        low, high = Estimate(value, estimate.se, estimate.n).bounds(least, most)
        if low == 0 and value > 0:  # what must be above 0
            low = value / 10
        reason = f"n = {estimate.n:,}, standard error {estimate.se:.3g}" + (f"; {told}" if told else "")
        bounds = (_rounded(low, down=True), _rounded(high, down=False)) if high > low else None
        self.evidence[path] = Evidence(unit=unit, source=self.origin, range=bounds, reason=reason)
        return value

    def _log(self, path: Path_, unit: str, *, reason: str) -> None:
        self.evidence[path] = Evidence(unit=unit, source=self.origin, reason=reason)

    def _assumed(
        self,
        path: Path_,
        factor: tuple[float, float] | None,
        reason: str,
        bounds: tuple[float, float] | None = None,
        unit: str | None = None,
    ) -> None:
        self.evidence[path] = Evidence(unit, "assumed", bounds, factor, reason)


def _rounded(value: float, *, down: bool | None = None) -> float:
    """Five significant figures; `down`: away from what lies within."""
    if value == 0:
        return 0.0
    scale = 10.0 ** (4 - math.floor(math.log10(abs(value))))
    turn: Any = round if down is None else math.floor if down else math.ceil
    turned = turn(value * scale) / scale
    return float(f"{turned:.6g}")


def _whole(to: dict[str, float]) -> dict[str, float]:
    """Probabilities with six decimals that sum to 1; the greatest takes what rounding leaves."""
    rounded = {name: round(float(share), 6) for name, share in to.items()}
    rounded = {name: share for name, share in rounded.items() if share > 0}
    greatest = max(rounded, key=lambda name: rounded[name])
    others = sum(share for name, share in rounded.items() if name != greatest)
    rounded[greatest] = float(np.round(1 - others, 6))
    return rounded


def _path(file: str) -> Any:
    from pathlib import Path

    return Path(file)
