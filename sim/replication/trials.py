"""What people know of their own office: trials tell a unit's usual score, its luck, and what effort brings.

A trial is a replication of people who work as usual, from a seed of its own. To measure the return to effort
it is run again with a random half of the units raised to another effort from the same first of January. What
a unit gains when it is raised, less what it gains when only others are, is its own return.

Trials are kept on disk by what decides them: the code, the work, the scorecards. Changes of pay reuse them.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import parent_process
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
import platformdirs

from sim.behaviour import BEHAVIOURS, Behaviour, Conduct, Outlook
from sim.cache import LruCache
from sim.flow import Executor, executor
from sim.rooms import code_version
from sim.rules import Verdict, judge, true_score
from sim.rules.moves import moves
from sim.rules.standing import months_noise, unseen_noise
from sim.scenario.months import Month
from sim.scenario.schema import Scenario
from sim.world import Streams
from sim.world.draw import Citizens
from sim.world.draw import drawn as citizens_drawn

from .opened import opened
from .people import Staff
from .returns import Returns, estimated
from .review import Review
from .run import work_year

SEED = 20_130_403  # of trials; replications of a study have others
SOME = (1.05, 1.15)  # efforts that are tried beside the bounds and the usual one
_SURE = 1e-6  # points: a smaller spread is rounding
FEW = 4  # trials, whose citizens are kept for other policies: that many fit into memory

_citizens: Citizens = LruCache(FEW)

Arrays = dict[str, np.ndarray]
Trial = Callable[[int], Arrays]
S = TypeVar("S")
T = TypeVar("T")


class Run(Protocol):
    """Computes something of each of some things, in their order."""

    def __call__(self, one: Callable[[S], T], which: Iterable[S], /) -> Iterator[T]: ...


@dataclass(frozen=True)
class Known:
    """What people know of the years of a replication.

    outlooks : of each year. usual_error : standard errors of their usual scores, of each year (units,).
    course : for each year (months, units), the usual score of the months gone, NaN
    where there is none. volume : (units, kinds), usual shares of work, rows sum to 1 (0 without work).
    returns : as measured in the first year; None where they are assumed or learned.
    """

    outlooks: list[Outlook]
    usual_error: list[np.ndarray]
    course: list[np.ndarray]
    volume: np.ndarray
    returns: Returns | None


def levels(rules: Scenario) -> np.ndarray:
    """Return the efforts that are tried, rising."""
    part = rules.behaviour.responsive.effort
    return np.unique([part.least, 1.0, *(level for level in SOME if level < part.most), part.most])


def known(rules: Scenario, engine: str, run: Run | None = None, **world: Any) -> Known:
    """Return what people know under these rules, measured now or earlier.

    Parameters
    ----------
    rules : with the service rules in force.
    engine : the executor.
    run : computes the given replications; one after the other by default.
    world : ``replay``, as for `simulate`.
    """
    run = run or _here
    years = rules.horizon.years or 1
    keep = world.get("replay") is None
    whole = _kept(_key(rules, "usual"), lambda: _usual(rules, engine, run, world), keep)
    part, tried = rules.behaviour.responsive, levels(rules)
    returns = _returns(rules, engine, run, world, keep) if _returns_are_known(rules) else None
    assumed = part.effort.points_per_effort * (tried - 1) if part.plans_effort else 0 * tried
    gains = np.tile(assumed, (len(rules.units), 1)) if returns is None else returns.curve
    outlooks = [
        Outlook(
            usual=whole["usual"][year],
            luck_sd=whole["luck_sd"][year],
            unseen_sd=whole["unseen_sd"][year],
            uniform=whole["uniform"].astype(bool),
            error=whole["error"][year],
            levels=tried,
            gains=gains,
        )
        for year in range(years)
    ]
    course = [whole[f"course_{year}"] for year in range(years)]
    return Known(outlooks, list(whole["usual_error"]), course, whole["volume"], returns)


def _usual(rules: Scenario, engine: str, run: Run, world: dict[str, Any]) -> Arrays:
    """Return what the years are like at usual effort, by name."""
    count = rules.behaviour.trials.at_least
    return _usual_of(rules, list(run(partial(_as_usual, rules, engine, **world), range(count))))


def _usual_of(rules: Scenario, runs: list[Arrays]) -> Arrays:
    spread = np.std(_stacked(runs, "true"), axis=0, ddof=1)
    spread = np.where(spread < _SURE, 0.0, np.nan_to_num(spread))
    luck = np.hypot(spread, months_noise(rules))
    result = {"usual": _mean(runs, "true"), "luck_sd": np.nan_to_num(luck), "uniform": runs[0]["uniform"]}
    result["usual_error"] = spread / np.sqrt(len(runs))
    work = _mean(runs, "work")
    total = work.sum(axis=1, keepdims=True)
    result["volume"] = np.divide(work, total, out=np.zeros_like(work), where=total > 0)
    result |= {name: np.nan_to_num(_mean(runs, name)) for name in ("unseen_sd", "error")}
    return result | {name: _mean(runs, name) for name in runs[0] if name.startswith("course_")}


def _returns(rules: Scenario, engine: str, run: Run, world: dict[str, Any], keep: bool) -> Returns:
    """Return what effort brings in the first year, from as many trials as it takes."""
    first = one_year(rules)
    part, tried = rules.behaviour.trials, levels(rules)
    key = _key(first, "returns")
    runs: list[Arrays] = []

    def more(count: int) -> Arrays:
        runs.extend(run(partial(_raised, first, engine, tried, **world), range(len(runs), count)))
        return _gains_of(runs)

    count = part.at_least
    while True:
        table = _kept(f"{key}-{count}", partial(more, count), keep)
        found = estimated(table["gain"], table["up"].astype(bool), tried, count)
        if found.enough or count >= part.at_most:
            return found
        if not runs:
            runs = [dict(gain=gain, up=up) for gain, up in zip(table["gain"], table["up"], strict=True)]
        count = min(2 * count, part.at_most)


def _gains_of(runs: list[Arrays]) -> Arrays:
    return {name: _stacked(runs, name) for name in ("gain", "up")}


def _returns_are_known(rules: Scenario) -> bool:
    return rules.behaviour.return_to_effort == "known" and rules.behaviour.responsive.plans_effort


def one_year(rules: Scenario) -> Scenario:
    """Return the rules with the first year as the whole horizon, from which on all is the same."""
    if (rules.horizon.years or 1) == 1:
        return rules
    horizon = rules.horizon.model_copy(update={"years": 1})
    first = rules.model_copy(update={"horizon": horizon})
    first._earlier = None  # a policy that begins later holds in it
    return first


def _stacked(runs: list[Arrays], name: str) -> np.ndarray:
    return np.array([one[name] for one in runs])


def _mean(runs: list[Arrays], name: str) -> np.ndarray:
    values = _stacked(runs, name)
    number = np.isfinite(values).sum(axis=0)
    return np.divide(np.nansum(values, axis=0), number, out=np.full(number.shape, np.nan), where=number > 0)


def _here(one: Callable[[S], T], which: Iterable[S]) -> Iterator[T]:
    """Compute the trials one after the other, with a word if it takes long; workers say nothing."""
    begun, told, which = time.monotonic(), False, list(which)
    for place, trial in enumerate(which, start=1):
        yield one(trial)
        if time.monotonic() - begun > 2 and place < len(which) and parent_process() is None:
            print(
                f"\rtrials of what effort brings: {place} of {len(which)}",
                end="",
                file=sys.stderr,
                flush=True,
            )
            told = True
    if told:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)


# The first trials of many rules


class _First(NamedTuple):
    """The first trials under some rules: the name of what is kept, and how it is made of so many (`number`).

    Trials of one replication and the same `draw` have the same citizens.
    """

    key: str
    draw: str
    number: int
    trial: Trial
    table: Callable[[list[Arrays]], Arrays]

    @property
    def is_kept(self) -> bool:
        return (_folder() / f"{self.key}.npz").exists()

    def part(self, replication: int) -> Path:
        """The file of one of them, until all are there."""
        return _folder() / f"{self.key}.{replication}.part"


def _first_of(rules: Scenario, engine: str) -> list[_First]:
    count = rules.behaviour.trials.at_least
    usual = partial(_as_usual, rules, engine), partial(_usual_of, rules)
    firsts = [_First(_key(rules, "usual"), rules.digest(of_draw=True), count, *usual)]
    if _returns_are_known(rules):
        first = one_year(rules)
        raised = partial(_raised, first, engine, levels(rules)), _gains_of
        key = f"{_key(first, 'returns')}-{count}"
        firsts.append(_First(key, first.digest(of_draw=True), count, *raised))
    return firsts


def are_kept(rules: Scenario) -> bool:
    """Return whether trials under these rules are kept, at least the first of them."""
    return all(first.is_kept for first in _first_of(rules, "compiled"))


def measure(all_rules: Iterable[Scenario], engine: str, run: Run) -> None:
    """Make and keep the first trials under all these rules, where they are not kept yet.

    Trials of one replication that have the same citizens are one task for `run`: they are drawn once. Those
    of a task are kept when it is done, and make one file with the others in the end.
    """
    lacking = {one.key: one for rules in all_rules for one in _first_of(rules, engine) if not one.is_kept}
    groups: dict[tuple[str, int], list[_First]] = {}
    for one in lacking.values():
        groups.setdefault((one.draw, one.number), []).append(one)
    done: dict[tuple[str, int], Arrays] = {}
    missing: list[tuple[list[_First], int]] = []
    for group in sorted(groups.values(), key=len, reverse=True):
        for replication in range(group[0].number):
            before = [_read(one.part(replication)) for one in group]
            if any(arrays is None for arrays in before):
                missing.append((group, replication))
            done |= {(one.key, replication): own for one, own in zip(group, before, strict=True) if own}
    tasks = [([one.trial for one in group], replication) for group, replication in missing]
    for (group, replication), found in zip(missing, run(_side_by_side, tasks), strict=True):
        for one, own in zip(group, found, strict=True):
            done[one.key, replication] = own
            _write(one.part(replication), own)
    for one in lacking.values():
        own_runs = [done[one.key, replication] for replication in range(one.number)]
        _kept(one.key, partial(one.table, own_runs), keep=True)
        with contextlib.suppress(OSError):  # nothing could be kept
            for replication in range(one.number):
                one.part(replication).unlink(missing_ok=True)


def _side_by_side(task: tuple[list[Trial], int]) -> list[Arrays]:
    trials, replication = task
    return [trial(replication) for trial in trials]


# One trial


def _as_usual(rules: Scenario, engine: str, replication: int, **world: Any) -> Arrays:
    """Return the years of one replication of people who work as usual, by name.

    true, error, unseen_sd : (years, units), points. uniform : (units,). course_0, … : (months, units), the
    score of the months gone.
    """
    kept = _citizens if rules.behaviour.trials.at_least <= FEW else citizens_drawn
    drawn, bureau = opened(rules, SEED, replication, world.get("replay"), kept)
    review = Review(rules, drawn, bureau, BEHAVIOURS["mechanical"], None)
    course: list[list[np.ndarray]] = []

    def respond(flow: Executor, staff: Staff, verdicts: list[Verdict], month: Month) -> Conduct:
        if not staff.conducts:
            course.append([np.full(len(rules.units), np.nan)])
        else:
            seen = review.seen(flow, staff, month.year_start_s, month.year_end_s, month.start_s)
            course[-1].append(true_score(seen, review.rules))
        return staff.conduct

    flow, staff = executor(engine)(bureau.tables), Staff(rules, drawn, bureau)
    told: dict[str, list[np.ndarray]] = {"true": [], "error": [], "unseen_sd": []}
    verdicts: list[Verdict] = []
    for number, span in enumerate(drawn.years):
        now = review.begin_year(number)
        work_year(drawn, flow, staff, verdicts, respond, span)
        staff.award(span[0])
        measured = review.scored(flow, staff, *span)
        expected = judge(measured, now, None, verdicts)
        noise, uniform = unseen_noise(measured, now)
        told["true"].append(expected.true_score)
        told["error"].append(expected.standard_error)
        told["unseen_sd"].append(noise)
        if span[1] < drawn.end_s:
            verdict = judge(measured, now, drawn.luck(span[0]), verdicts)
            change = moves(staff.prospects(span[1], measured.deeds), verdict, rules.careers)
            staff.year_over()
            staff.next_year(flow, change, verdict, span[1])
            verdicts.append(verdict)
    months = {f"course_{number}": np.array(scores) for number, scores in enumerate(course)}
    more = {"uniform": uniform, "work": review.standard_work()}
    return {name: np.array(values) for name, values in told.items()} | more | months


def _raised(rules: Scenario, engine: str, tried: np.ndarray, replication: int, **world: Any) -> Arrays:
    """Return what units gain where a random half of them works at each level of effort, (units, levels).

    The halves of two replications in a row are each other's complement. `up` says who was raised, (units,).
    """
    drawn, bureau = opened(rules, SEED, replication, world.get("replay"))
    units = len(rules.units)
    half = Streams(SEED, replication // 2)("trials", "raised").permutation(units) < units / 2
    up = half if replication % 2 else ~half

    review, span = Review(rules, drawn, bureau, BEHAVIOURS["mechanical"], None), drawn.years[0]

    def score(level: float) -> np.ndarray:
        flow, staff = executor(engine)(bureau.tables), Staff(rules, drawn, bureau)
        effort = np.where(up, level, 1.0)
        rush = rules.behaviour.responsive.effort.rush_share * np.maximum(effort - 1, 0.0)
        conduct = replace(Conduct.neutral(units, len(rules.kinds)).at(effort), rush=rush)
        work_year(drawn, flow, staff, [], lambda *_: conduct, span)
        return true_score(review.seen(flow, staff, *span, span[1]), rules)

    usual = score(1.0)
    gain = np.array([score(level) - usual if level != 1 else 0 * usual for level in tried])
    return {"gain": gain.T, "up": up}


def matter(rules: Scenario, behaviour: Behaviour) -> bool:
    """Return whether a behaviour needs what trials tell."""
    judged = rules.assessment is not None and rules.pay is not None
    return behaviour is BEHAVIOURS["responsive"] and judged and rules.behaviour.responsive.answers


# Kept


_kept_here: LruCache[Arrays] = LruCache(64)
_one_at_a_time = RLock()


_code = cache(code_version)


def _key(rules: Scenario, what: str) -> str:
    """Return the name of trials: a hash of the code, of what decides the work, and of the scorecards."""
    effort, tried = rules.behaviour.responsive.effort, what == "returns"  # else nobody asks for its bounds
    bounds = (effort.least, effort.most, effort.rush_share) if tried else ()
    parts = [
        _code(),
        what,
        rules.digest(of_work=True),
        rules.model_dump_json(include={"scorecards": True}, warnings=False),
        rules.model_dump_json(include={"assessment": {"criticism", "noise"}}, warnings=False),
        repr(rules._earlier),
        str((SEED, rules.behaviour.trials.at_least, *bounds)),
    ]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _kept(key: str, make: Callable[[], Arrays], keep: bool) -> Arrays:
    if not keep:
        return make()

    def read_or_make() -> Arrays:
        file = _folder() / f"{key}.npz"
        if (found := _read(file)) is not None:
            return found
        made = make()
        _write(file, made)
        return made

    with _one_at_a_time:  # what a thread measures, the others wait for
        return _kept_here.get(key, read_or_make)


def _folder() -> Path:
    return platformdirs.user_cache_path("jingxi") / "trials"


def _read(file: Path) -> Arrays | None:
    """Return what is kept in a file; None if there is none, or it is damaged."""
    with contextlib.suppress(Exception):  # whatever a damaged file may raise
        content = file.read_bytes()
        if hashlib.blake2b(content[16:], digest_size=16).digest() == content[:16]:
            with np.load(io.BytesIO(content[16:]), allow_pickle=False) as arrays:
                return dict(arrays)
    return None


def _write(file: Path, arrays: Arrays) -> None:
    """Keep arrays in a file, whole or not at all; where nothing can be written they are measured again."""
    buffer, named = io.BytesIO(), dict[str, Any](arrays)
    np.savez_compressed(buffer, **named)
    content = buffer.getvalue()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        other = file.with_suffix(f".{os.getpid()}")
        other.write_bytes(hashlib.blake2b(content, digest_size=16).digest() + content)
        other.replace(file)
