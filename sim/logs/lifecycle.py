"""Join the rows of an execution: its start, its end, and the pauses between."""

from __future__ import annotations

import pandas as pd

BEGIN, END, ABORT, OTHER = range(4)
_WORDS = {
    **dict.fromkeys(("start", "begin", "resume", "开始", "恢复"), BEGIN),
    **dict.fromkeys(("complete", "end", "finish", "suspend", "", "完成", "结束", "办结", "暂停"), END),
    **dict.fromkeys(("ate_abort", "pi_abort", "abort", "中止", "终止"), ABORT),
}


def sorts_of(lifecycle: pd.Series) -> pd.Series:
    """What each row is: BEGIN, END, ABORT or OTHER, such as scheduled or assigned.

    To suspend ends a piece of work, and to resume begins the next.

    Examples
    --------
    >>> import pandas as pd
    >>> from sim.logs.lifecycle import sorts_of
    >>> sorts_of(pd.Series(["schedule", "START", "suspend", "resume", "complete"])).tolist()
    [3, 0, 1, 0, 1]
    """
    words = lifecycle.astype("category")
    sorts = {word: _WORDS.get(str(word).strip().lower(), OTHER) for word in words.cat.categories}
    return words.map(sorts).astype(int)


def paired(table: pd.DataFrame, sorts: pd.Series) -> tuple[pd.DataFrame, int]:
    """Give each end the start that it ends: of a case and activity (and instance), first in, first out.

    Parameters
    ----------
    table : DataFrame
        Rows with case, activity, end (the moment of the row) and, where there is one, instance.
    sorts : Series of int
        Of each row BEGIN, END or ABORT.

    Returns
    -------
    DataFrame, int
        The rows that end an execution, with start (NaT where no start was open); aborted ones are left out.
        How many starts have no end.
    """
    if not (sorts == BEGIN).any():
        return table[sorts != ABORT], 0
    turn = sorts.where(sorts == BEGIN, END)
    order = (
        pd.DataFrame({"end": table["end"], "turn": turn}).sort_values(["end", "turn"], kind="stable").index
    )
    table, turn = table.loc[order], turn[order]
    keys = [table[name].cat.codes for name in ("case", "activity", "instance") if name in table]
    open_ends = (2 * turn - 1).groupby(keys).cumsum()  # ends less starts: at a new height none is open
    height = open_ends.groupby(keys).cummax().clip(lower=0)
    known = (turn == BEGIN) | (height <= height.groupby(keys).shift(fill_value=0))
    place = turn[known].groupby([*(key[known] for key in keys), turn[known]], sort=False).cumcount()
    codes = pd.DataFrame({str(number): key[known] for number, key in enumerate(keys)}).assign(place=place)
    begins = turn[known] == BEGIN
    started = codes[begins].assign(start=table["end"][known][begins])
    done = codes[~begins].reset_index(names="row").merge(started, how="left").set_index("row")
    result = table[turn == END].assign(start=done["start"])
    return result[sorts[result.index] != ABORT], len(started) - len(done)
