"""The definitions that both executors share: the cost of a step, who may serve, and who is next.

Plain Python on sequences of numbers. The reference executor calls these functions on lists; numba compiles
the same functions for the arrays of the compiled executor (`sim.jit.both_ways`).
All times are whole seconds.

The order of simultaneous events is total: by time, then by class (the constants below, in this order), then
by the number of the request or person. A person who finishes takes the next waiting request before the
finished one moves on. Waiting requests are served in the order of (priority class, key of the discipline,
request number); an interrupted request keeps its place. Of several idle people the one idle longest serves;
ties go to the lower number.
"""

from __future__ import annotations

from sim.jit import both_ways
from sim.scenario.disciplines import DISCIPLINES, KEYS
from sim.world.tasks import LAST_MOMENT, RESTARTS

DAY_S = 86_400
BOOKED_AHEAD_S = DAY_S  # who comes by appointment stands before those without who came that day
NEVER = 2**62  # later than every moment
NOTHING = 2**63 - 1  # greater than every event and claim

# Classes of simultaneous events, in the order in which they happen.
FINISH, SUSPEND, RETURN, DUTY, ARRIVAL, PATIENCE, LEAVE = 1, 2, 3, 4, 5, 6, 7

RESUME, RESTART, RESAMPLE, AT_ONCE, HAND_OVER, NONE = 0, 1, 2, 3, 4, 5  # rules for work that stops
NO_LIMIT, WORKING_DAYS, CALENDAR_DAYS, SECONDS = -1, 0, 1, 2

# Events and claims are whole numbers, compared as such. An event holds time (32 bits), class (3) and request
# (28); a claim holds priority class (4 bits), key (31) and request (28).
REQUEST_BITS, CLASS_BITS, PRIORITY_BIT = 28, 3, 59
MOST_REQUESTS = 2**REQUEST_BITS
_REQUEST = 2**REQUEST_BITS - 1
_LAST_CLASS = 15 << PRIORITY_BIT  # behind every priority class of a kind

# Queue disciplines as numba reads them, by position in the table: the key; whether priority classes precede.
_KEY_OF = tuple(KEYS.index(discipline.key) for discipline in DISCIPLINES.values())
_BY_CLASS = tuple(discipline.by_class for discipline in DISCIPLINES.values())
_DUE_DATE, _EXPECTED_WORK = KEYS.index("due_date"), KEYS.index("expected_work")

# A key that is not a moment has three ranks instead of a shift: brought forward, unchanged, neglected.
_RANK = 2**29


def asks_for_work(discipline):
    """Return whether the discipline's key is the expected work."""
    return _KEY_OF[discipline] == _EXPECTED_WORK


@both_ways
def event(time, kind, request):
    """Return an event as a number; the smallest number happens next."""
    return (time << (CLASS_BITS + REQUEST_BITS)) | (kind << REQUEST_BITS) | request


@both_ways
def time_of(event):
    """Return the time of an event."""
    return event >> (CLASS_BITS + REQUEST_BITS)


@both_ways
def kind_of(event):
    """Return the class of an event."""
    return (event >> REQUEST_BITS) & (2**CLASS_BITS - 1)


@both_ways
def claim(discipline, priority, due, now, expected_s, shift_s, request):
    """Return the claim of a request that joins a line at `now`; the smallest number is served first.

    `shift_s` ranks the request as if it had arrived, or fell due, so much later (earlier if negative). Under
    a key that is not a moment only the sign counts: a negative shift puts it before all others, a positive
    one behind them.
    """
    key = _KEY_OF[discipline]
    if key == _EXPECTED_WORK:
        order = min(expected_s, _RANK - 1) + (1 + (shift_s > 0) - (shift_s < 0)) * _RANK
    else:
        order = due if key == _DUE_DATE else now
        if shift_s != 0:
            order = min(max(order + shift_s, -1), LAST_MOMENT)
    class_ = priority if _BY_CLASS[discipline] else 0
    return (class_ << PRIORITY_BIT) | ((order + 1) << REQUEST_BITS) | request


@both_ways
def set_back(number):
    """Return the claim moved behind all claims that are not set back."""
    return number | _LAST_CLASS


@both_ways
def is_set_back(number):
    """Return whether the claim was set back."""
    return number >= _LAST_CLASS


@both_ways
def is_late(due, now):
    """Return whether a request can no longer be in time."""
    return 0 <= due < now


@both_ways
def lags(received_s, due, percent, now):
    """Return whether a supervised request lags: more than `percent` of its time limit has passed at `now`."""
    return due >= 0 and 100 * (now - received_s) > percent * (due - received_s)


@both_ways
def claimant(number):
    """Return the request of a claim or an event."""
    return number & _REQUEST


@both_ways
def priority_of(number):
    """Return the priority class of a claim; 0 under a discipline without classes."""
    return number >> PRIORITY_BIT


@both_ways
def goes_wrong(careless, threshold):
    """Return whether work done with this carelessness has an error; both in `sim.world.tasks.CARE_UNITS`."""
    return careless > threshold


# Who serves, and who is next


@both_ways
def longest_idle(staff, first, last, until, idle_since, now):
    """Return who of ``staff[first:last]`` is on duty at `now` and idle longest; −1 = nobody.

    By person: `until` (end of duty), `idle_since` (`NEVER` with a request in hand).
    """
    chosen, longest = -1, NEVER
    for place in range(first, last):
        person = staff[place]
        if idle_since[person] < longest and now < until[person]:
            chosen, longest = person, idle_since[person]
    return chosen


@both_ways
def lowest_priority(
    staff, first, last, claim_in_hand, in_hand, until, since, may_stop, number, earliest, now
):
    """Return who of ``staff[first:last]`` is preempted for the higher claim `number`; −1 = nobody.

    The request of the lowest priority is preempted; ties go to the latest begun (with `earliest` to the one
    begun first), then to the higher number. By person: the claim and request in hand, when it was begun
    (`since`), and whether its rule allows preemption (`may_stop`).
    """
    chosen, least, latest = -1, priority_of(number), 0
    for place in range(first, last):
        person = staff[place]
        if in_hand[person] < 0 or now >= until[person] or not may_stop[person]:
            continue
        priority = priority_of(claim_in_hand[person])
        begun = -since[person] if earliest else since[person]
        if priority > least or (
            chosen >= 0
            and priority == least
            and (begun > latest or (begun == latest and in_hand[person] > in_hand[chosen]))
        ):
            chosen, least, latest = person, priority, begun
    return chosen


@both_ways
def serves(lines, first, last, line):
    """Return whether a person with ``lines[first:last]`` serves the line."""
    for place in range(first, last):  # noqa: SIM110 (numba has no `any`)
        if lines[place] == line:
            return True
    return False


@both_ways
def comes_again(until, span, first_span, person, now):
    """Return whether the person is on duty at `now` or later."""
    return now < until[person] or span[person] + 1 < first_span[person + 1]


@both_ways
def waits_too_long(present, work_s, clerks, bound_s):
    """Return whether somebody who comes expects to wait longer than `bound_s`; −1 = however long.

    So many are `present`, with so much mean work among them, for so many `clerks`.
    """
    return bound_s >= 0 and present >= clerks and work_s > bound_s * clerks


@both_ways
def heard(one_by_one, sitting_s, heard_until, seconds):
    """Return from when to when a sitting hears a matter; `one_by_one`: after the matter ahead has ended."""
    begin = min(max(sitting_s, heard_until), LAST_MOMENT) if one_by_one else sitting_s
    return begin, begin + seconds


@both_ways
def first_line(lines, first, last, head):
    """Return which of ``lines[first:last]`` has the first claim at its `head`; −1 = nobody waits."""
    chosen, best = -1, NOTHING
    for place in range(first, last):
        if head[lines[place]] < best:
            chosen, best = lines[place], head[lines[place]]
    return chosen


# The cost of a step. A person's duty is the spans [starts[i], ends[i]) with `before[i]` seconds of duty
# before each; `span` is the one that began last. Known calendars thus need no events to interrupt work.


@both_ways
def first_over(rising, low, high, value):
    """Return the position of the first of ``rising[low:high]`` over a value; `high` if there is none."""
    while low < high:
        middle = (low + high) // 2
        if rising[middle] > value:
            high = middle
        else:
            low = middle + 1
    return low


@both_ways
def person_seconds(work_s, speed):
    """Return the seconds that a person of this speed needs for standard work."""
    return int(work_s / speed + 0.5)


@both_ways
def worked(starts, ends, before, span, moment):
    """Return the seconds on duty up to `moment`."""
    return before[span] + min(moment, ends[span]) - starts[span]


@both_ways
def end_of_work(rule, starts, ends, before, span, last, now, need):
    """Return when work of `need` seconds begun on duty at `now` ends, under the `rule` for the end of duty.

    The spans of the person go up to `last` (exclusive). Returns NEVER if the person's duty does not suffice;
    under HAND_OVER, the end of duty if that is earlier (`is_handed_over`).
    """
    if rule == AT_ONCE or now + need <= ends[span]:
        return now + need
    if rule == HAND_OVER:
        return ends[span]
    if rule == RESTART:  # the first later span that is long enough
        for later in range(span + 1, last):
            if ends[later] - starts[later] >= need:
                return starts[later] + need
        return NEVER
    target = worked(starts, ends, before, span, now) + need
    while span < last and before[span] + ends[span] - starts[span] < target:
        span += 1
    return NEVER if span == last else starts[span] + target - before[span]


@both_ways
def is_handed_over(rule, ends, span, now, need):
    """Return whether duty ends before the work, so that it is handed over."""
    return rule == HAND_OVER and now + need > ends[span]


@both_ways
def seconds_spent(rule, starts, ends, before, since, since_span, now, span):
    """Return the seconds from `since` to `now` that count for work under way."""
    if rule == AT_ONCE:
        return now - since
    if rule == RESTART:
        return now - max(since, starts[span])
    return worked(starts, ends, before, span, now) - worked(starts, ends, before, since_span, since)


@both_ways
def work_left(mode, left_s, work_s, again_s, spent_s, speed):
    """Return the standard work left of a task that is put back after `spent_s` seconds that count."""
    if mode == RESUME:
        return max(left_s - int(spent_s * speed + 0.5), 0)
    return again_s if mode == RESAMPLE else work_s


# Delays and time limits. A calendar is three arrays: `count` (days,), the working days up to and including
# each day; `working_days`, the numbers of the working days in order; and `ends_s` (days,), the moment at
# which a limit runs out that ends with the day.


@both_ways
def after_delay(count, working_days, moment, delay_s, days):
    """Return when a delay of `delay_s` seconds ends; for −1, the same time `days` working days later."""
    if delay_s >= 0:
        return moment + delay_s
    if days == 0:
        return moment
    day = moment // DAY_S
    place = min(count[min(day, len(count) - 1)] + days - 1, len(working_days) - 1)
    return working_days[place] * DAY_S + moment - day * DAY_S


@both_ways
def excluded_time(count, start_s, end_s):
    """Return the working days, days and seconds that a stop of the clock excludes."""
    first, last = start_s // DAY_S, min(end_s // DAY_S, len(count) - 1)
    return count[last] - count[first], last - first, end_s - start_s


@both_ways
def clock_stopped(stops, before, count, received_s, due, now, end):
    """Return the excluded time of a request (see `excluded_time`) after a delay from `now` to `end`.

    It is the time excluded `before` plus the delay. Where the limit begins anew (`RESTARTS`) it is all time
    since receipt. Once the limit has run out (`due` up to `now`), the due date stays, whatever stops follow.
    """
    if 0 <= due <= now:
        return before[0], before[1], before[2]
    if stops == RESTARTS:
        return excluded_time(count, received_s, end)
    working_days, days, seconds = excluded_time(count, now, end)
    return before[0] + working_days, before[1] + days, before[2] + seconds


@both_ways
def due_s(
    count, working_days, ends_s, received_s, amount, per, excluded_working_days, excluded_days, excluded_s
):
    """Return when a time limit runs out (s), −1 without one; ``excluded_*`` is the time that does not count.

    A limit in days does not count the day of receipt, and ends with its last day (`ends_s`). One in calendar
    days that ends on a day off ends with the next working day (行政许可法 第八十二条, 民法典
    第二百零一至二百零三条).
    """
    if per == NO_LIMIT:
        return -1
    if per == SECONDS:
        return received_s + amount + excluded_s
    day = received_s // DAY_S
    if per == WORKING_DAYS:
        place = min(count[day] + amount + excluded_working_days - 1, len(working_days) - 1)
        return ends_s[working_days[place]]
    last = min(day + amount + excluded_days, len(count) - 1)
    if last > 0 and count[last] == count[last - 1]:  # a day off
        last = working_days[min(count[last], len(working_days) - 1)]
    return ends_s[last]
