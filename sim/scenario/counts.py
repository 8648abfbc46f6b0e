"""Say how many: a count and its noun in the number that English asks for."""

from __future__ import annotations


def number_of(count: int, one: str, several: str = "") -> str:
    """Return a count with its noun: ``1 year``, ``2 years``, ``1,200 people``.

    Parameters
    ----------
    count : int
        How many there are.
    one : str
        What one of them is called.
    several : str, optional
        What others are called; `one` and an ``s`` where left out.

    Examples
    --------
    >>> number_of(1, "year"), number_of(1200, "person", "people")
    ('1 year', '1,200 people')
    """
    return f"{count:,} {one if count == 1 else several or one + 's'}"
