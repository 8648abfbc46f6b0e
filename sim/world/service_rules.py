"""The service rules in force: each rewrites routes, staff, duties or limits of a scenario.

Executors and assessment need not know the rules. Nothing is changed in place: parts that no rule changes
remain the same object, and so does the scenario with all rules off.
"""

from __future__ import annotations

from typing import Any

from sim.cache import LruCache
from sim.scenario.check_rules import OWN, PARTNER
from sim.scenario.departments import Departments
from sim.scenario.errors import InputError
from sim.scenario.other_work import Duty
from sim.scenario.part import Text
from sim.scenario.reform import KEPT  # a study uses the same ones in every replication
from sim.scenario.schema import Scenario
from sim.scenario.service import Kind, Limit
from sim.scenario.service_rules import (
    AllOr,
    Assistance,
    Doorstep,
    Early,
    Gathering,
    InformationSharing,
    JointMeeting,
    Online,
    ServiceRules,
)
from sim.scenario.steps import Branch, Delay, Return, Work
from sim.scenario.time import Week, clock_s

from .frictions import misdirected, unseen, with_frictions
from .households import VISITS, with_households
from .projects import with_projects
from .reroute import ASSISTED, Route, before, copied, each, fork, in_front, route_of, works, written_out
from .teams import staff_in_force

HELP = "assist.help"  # the step that another unit does
CHOICE = "channel.choice"  # the step at which a request chooses its channel
# By the scenario's id, which is unique while the scenario is kept here, and its content.
_in_force: LruCache[tuple[Scenario, Scenario]] = LruCache(KEPT)
_WRITTEN_BY = ("service_rules", "frictions", "projects")


def in_force(scenario: Scenario) -> Scenario:
    """Return the scenario with its service rules, frictions and target projects written in.

    They are written into routes, staff, duties and limits. Returns the same object where none is on, or where
    they are written in already. Raises InputError if a rule was changed after that: it would have no effect.
    """
    if scenario._written is not None:
        before, _ = scenario._written
        study = ("study",) if scenario.frictions.overreach.integrity_effect else ()  # of integrity education
        for name in (*_WRITTEN_BY, *study):
            if getattr(scenario, name) != getattr(before, name):
                raise InputError(
                    f"the scenario '{scenario.name}' has its service rules written in, and '{name}' was "
                    "changed after that",
                    path=name,
                    remedy="Change the scenario that was loaded, and simulate it",
                )
        return scenario
    return _in_force.get((id(scenario), scenario.state()), lambda: (scenario, _written(scenario)))[1]


def _written(scenario: Scenario) -> Scenario:
    changed: dict[str, Any] = {}
    kinds = {name: _kind(scenario, name, kind) for name, kind in scenario.kinds.items()}
    if any(kinds[name] is not kind for name, kind in scenario.kinds.items()):
        changed["kinds"] = kinds
    staff = staff_in_force(scenario)
    if staff is not scenario.staff:
        changed["staff"] = staff
    duties = _gatherings(scenario.service_rules)
    if duties:
        changed["duties"] = scenario.duties | duties
    if scenario.departments.on:
        changed["departments"] = departments_in_force(scenario)
    written = scenario.model_copy(update=changed) if changed else scenario
    if scenario.frictions.old_households.on:
        written = with_households(written, _kind(*_household_kind(scenario)))
    if scenario.projects.on:
        written = with_projects(written)
    if written is not scenario:
        written._written = scenario, written.state()
    return written


def _kind(scenario: Scenario, name: str, kind: Kind) -> Kind:
    """Return a kind under the rules: first changes of steps, then frictions, then channels."""
    rules = scenario.service_rules
    route = route_of(kind)
    if rules.assistance.on and name in rules.assistance.kinds:
        route = assisted(route, rules.assistance)
    route = _steps(rules, name, route)
    route = with_frictions(scenario, name, route)
    route = _channels(scenario, name, route, misdirected(scenario, name, route))
    route = unseen(scenario, name, route)
    limit = _limit(rules, name, kind.limit)
    if route is kind.route and limit is kind.limit:
        return kind
    return kind.model_copy(update={"route": route, "limit": limit})


def _steps(rules: ServiceRules, kind: str, route: Route) -> Route:
    """Apply the rules that keep the steps and change their chances and times."""
    if rules.one_time_notification.on:
        route = told_once(route, rules)
    if rules.booklet.on and _concerned(rules.booklet.kinds, kind):
        factor = rules.booklet.incomplete_factor
        route = each(route, Return, lambda step: {"chance": step.chance * factor})
    if rules.one_stop.on:
        route = _quicker(route, {"transfer"}, rules.one_stop.transfer_factor)
    for asked in _asking(rules):
        if asked.on:
            named = asked.departments == "all"  # else theirs follow in `departments_in_force`
            route = _quicker(route, {"outside_department"}, asked.delay_factor, asked.cv_factor, named)
    if rules.case_owner.on:
        route = owned(route, rules.case_owner.familiarity_factor)
    return route


def assisted(route: Route, rule: Assistance) -> Route:
    """Return the route in which another unit does a part of the step with most work at the own one.

    The whole step and what is left of it when a part is done have the same luck.
    """
    written = written_out(route)
    own = {name: step for name, step in works(written).items() if step.at.startswith(f"{OWN}/")}
    if not own:
        return route
    route = written
    name = max(own, key=lambda one: own[one].minutes)
    whole = own[name]
    rest = f"{name}.{ASSISTED}"
    help_ = {"at": f"{PARTNER}/{rule.role}", "minutes": whole.minutes * rule.part, "next": rest}
    return before(
        route,
        name,
        {
            "assist.asked": fork(rule.share, HELP, name),
            HELP: whole.model_copy(update=help_),
            rest: whole.model_copy(update={"minutes": whole.minutes * (1 - rule.part)}),
        },
    )


def told_once(route: Route, rules: ServiceRules) -> Route:
    """Apply one-time notification: fewer applications are incomplete, and telling everybody takes time.

    The minutes are added to the steps of work to which incomplete applications come back (once, even if
    several returns lead there).
    """
    rule = rules.one_time_notification
    back = {step.back_to for step in route.values() if isinstance(step, Return)}
    route = each(route, Return, lambda step: {"chance": step.chance * rule.incomplete_factor})
    return {
        name: step.model_copy(update={"minutes": step.minutes + rule.explaining_minutes})
        if name in back and isinstance(step, Work)
        else step
        for name, step in route.items()
    }


def _asking(rules: ServiceRules) -> tuple[InformationSharing | JointMeeting, ...]:
    """Return the rules by which departments answer sooner."""
    return rules.information_sharing, rules.joint_meeting


def _quicker(
    route: Route, reasons: set[str], factor: float, cv_factor: float = 1.0, named: bool = True
) -> Route:
    """Shorten the delays for these reasons by `factor`, and their spread by `cv_factor`.

    Those at named departments only if `named`.
    """

    def changed(step: Delay) -> dict[str, Any]:
        if step.reason not in reasons or (step.departments and not named):
            return {}
        cv = {} if step.cv is None else {"cv": step.cv * cv_factor}
        return {"amount": step.amount * factor} | cv

    return each(route, Delay, changed)


def owned(route: Route, factor: float) -> Route:
    """Apply case owners: later steps at the station that took the case in need less work."""
    first, *later = works(route) or [""]
    return route | {
        name: step.model_copy(update={"minutes": step.minutes * factor})
        for name, step in works(route).items()
        if name in later and step.at == works(route)[first].at
    }


def _channels(scenario: Scenario, kind: str, route: Route, counter: Route) -> Route:
    """Return the route with a copy for each channel, and the choice of one in front of it.

    `counter` is the route of those who come to the counter. Only they may come to the wrong desk: the others
    are known, are visited, or are led by the portal.
    """
    shares = channel_shares(scenario.service_rules, kind)
    if not shares:
        return counter
    changes = {"online": _online, "early": _early, "doorstep": _doorstep}
    ways = {}
    for channel in shares:
        ways[channel] = changes[channel](scenario, copied(route, channel))
    first = {channel: next(iter(way)) for channel, way in ways.items()} | {"counter": next(iter(counter))}
    everybody = dict.fromkeys(("online", "counter", "early", "doorstep"), 0.0) | shares
    everybody["counter"] = 1.0 - sum(shares.values())
    choice = {first[channel]: everybody[channel] for channel in everybody if channel in first}
    longer = in_front(counter, {CHOICE: Branch.model_construct(type="branch", to=choice)})
    return longer | {name: step for way in ways.values() for name, step in way.items()}


def channel_shares(rules: ServiceRules, kind: str) -> dict[str, float]:
    """Return the share of a kind's requests by channel other than the counter, where it is above 0."""
    on: dict[str, Online | Early | Doorstep] = {
        "online": rules.online,
        "early": rules.early,
        "doorstep": rules.doorstep,
    }
    return {name: share for name, rule in on.items() if rule.on and (share := rule.kinds.get(kind, 0.0)) > 0}


def _online(scenario: Scenario, way: Route) -> Route:
    """Apply online filing: the applicant enters the papers, and files travel electronically."""
    rule = scenario.service_rules.online

    def less(step: Work) -> dict[str, Any]:
        front = scenario.roles[step.at.partition("/")[2]].front
        return {"minutes": step.minutes * rule.front_factor} if front else {}

    return _quicker(each(way, Work, less), {"transfer"}, rule.transfer_factor)


def _early(scenario: Scenario, way: Route) -> Route:
    """Apply early service: departments and sections were asked before the applicant came."""
    return _quicker(way, {"outside_department", "transfer"}, scenario.service_rules.early.delay_factor)


def _doorstep(scenario: Scenario, way: Route) -> Route:
    """Apply doorstep service: travelling staff do the first step of work at the applicant's.

    Fewer papers are missing there. The travel is part of the step, and scales with it.
    """
    rule = scenario.service_rules.doorstep
    way = each(way, Return, lambda step: {"chance": step.chance * rule.incomplete_factor})
    for name, first in works(way).items():
        visit = {"at": f"own/{rule.role}", "minutes": first.minutes + rule.travel_minutes}
        return way | {name: first.model_copy(update=visit)}
    return way


def _limit(rules: ServiceRules, kind: str, limit: Limit | None) -> Limit | None:
    """Return the limit under a time-limit commitment: a share, rounded up to whole units, at least 1."""
    rule = rules.time_limit_commitment
    if limit is None or not rule.on or not _concerned(rule.kinds, kind):
        return limit
    promised = max(1.0, float(-((-limit.amount * rule.share + 1e-9) // 1)))
    return limit.model_copy(update={"amount": min(limit.amount, promised)})


def _concerned(kinds: AllOr, kind: str) -> bool:
    return kinds == "all" or kind in kinds


def _household_kind(scenario: Scenario) -> tuple[Scenario, str, Kind]:
    """Return what the petitions of old households are made from: they repeat by themselves."""
    frictions = scenario.frictions
    once = frictions.model_copy(
        update={"repeat_petitions": frictions.repeat_petitions.model_copy(update={"on": False})}
    )
    kind = frictions.old_households.kind
    return scenario.model_copy(update={"frictions": once}), kind, scenario.kinds[kind]


def departments_in_force(scenario: Scenario) -> Departments:
    """Return the departments as sharing and meetings change those that they name."""
    departments, rules = scenario.departments, scenario.service_rules
    factor, cv = dict(departments.delay_factor), dict(departments.cv)
    for rule in _asking(rules):
        if not rule.on:
            continue
        for name in departments.titles if rule.departments == "all" else rule.departments:
            if rule.departments != "all":  # else the steps themselves are quicker
                factor[name] = factor.get(name, 1.0) * rule.delay_factor
            if name in cv:
                cv[name] *= rule.cv_factor
    return departments.model_copy(update={"delay_factor": factor, "cv": cv})


def _gatherings(rules: ServiceRules) -> dict[str, Duty]:
    """Return the standing duties that rules bring: visits, inspections, meetings."""
    duties = {}
    if rules.petition_pairing.on:
        duties[VISITS] = _visits(rules)
    gatherings: dict[str, tuple[Gathering, Text]] = {
        "inspection.above": (rules.superior_inspection, Text(en="Inspection from above", zh="上级督查")),
        "meeting.joint": (rules.joint_meeting, Text(en="Joint meeting with departments", zh="部门联席会议")),
    }
    for name, (rule, title) in gatherings.items():
        if rule.on:
            week: Week = {rule.weekday: (_span(rule.at, rule.hours),)}
            duties[name] = Duty(
                title=title, roles=(rule.role,), week=week, every_weeks=rule.every_weeks, can_be_cut=False
            )
    return duties


def _span(at: str, hours: float) -> str:
    end_minutes = (clock_s(at) + round(hours * 3600)) // 60
    return f"{at}-{end_minutes // 60:02}:{end_minutes % 60:02}"


def _visits(rules: ServiceRules) -> Duty:
    """Return the weekly hours of leaders at the petition households they are paired with."""
    rule = rules.petition_pairing
    span = _span(rule.at, rule.hours_a_week)
    title = Text(en="Visits to paired petition households", zh="结对消访")
    return Duty(title=title, roles=(rule.role,), week={rule.weekday: (span,)})
