"""Every queueing discipline, once: by what key a waiting request is chosen, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

Key = Literal["arrival", "due_date", "expected_work"]
"""When the request joined the queue, when its time limit runs out, the expected work of the step."""

KEYS: tuple[str, ...] = get_args(Key)


@dataclass(frozen=True)
class Discipline:
    """A queueing discipline: the least key is served first, of equal keys the earlier request.

    Parameters
    ----------
    key : one of `KEYS`. Moments can be compared with each other, the expected work with nothing else.
    zh : the discipline in Chinese.
    by_class : the priority class of the kind precedes the key.
    """

    key: Key
    zh: str
    by_class: bool = False


DISCIPLINES = {
    "first_come_first_served": Discipline("arrival", "先来先办"),
    "earliest_due_date": Discipline("due_date", "先到期先办"),
    "class_priority": Discipline("arrival", "按类别优先", by_class=True),
    "shortest_expected_work": Discipline("expected_work", "用时短者先办"),
}

if TYPE_CHECKING:
    Name = str
else:
    Name = Literal[tuple(DISCIPLINES)]  # so that the check of a file lists the choices
