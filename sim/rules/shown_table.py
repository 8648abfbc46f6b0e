"""Tables of outcomes that show themselves in ten lines, with the unit of every outcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from shutil import get_terminal_size
from typing import Any

import pandas as pd

from sim.scenario.currency import USUAL

from .outcomes import OUTCOMES

_ROWS, _COLUMNS = 6, 20
_SAME_UNITS = (  # what leaves each value what its name says
    "drop", "dropna", "filter", "head", "nlargest", "nsmallest", "query", "reset_index", "round", "set_index",
    "sort_index", "sort_values", "tail", "__getitem__", "__add__", "__sub__",
)  # fmt: skip


def shown_unit(outcome: str, currency: str = USUAL) -> str:
    """Return the unit of a value as tables hold it: a share is from 0 to 1, which reports show in %.

    Examples
    --------
    >>> shown_unit("on_time_rate"), shown_unit("pay_total", "PLN")
    ('share', 'zloty')
    """
    one = OUTCOMES[outcome]
    return one.unit_in(currency).en if one.scale == 1 else "share"


class OutcomeTable(pd.DataFrame):
    """A DataFrame that shows six rows, and each outcome with its unit; on a page also with its label.

    Outcomes are names of columns, or what a column or an index ``outcome`` holds. The values are those of any
    DataFrame. Parts of the table, and sums of two, are shown likewise. What else is computed from it is a
    plain DataFrame, as its unit may be another one. `with_units` makes one.

    Attributes
    ----------
    currency : str
        The code of the currency in which amounts are.
    """

    _metadata = ["currency"]  # noqa: RUF012 (as pandas has it)
    currency: str = USUAL

    def __repr__(self) -> str:
        table, line = self._told(labels=False), get_terminal_size().columns
        told, most = _text(table), len(self.columns)
        while most > 1 and (width := told.index("\n")) > line:
            most = max(1, min(most - 1, most * line // width))
            told = _text(table[_first(table.columns, most)])
        more = f", {most} of them shown" * (most < len(self.columns))
        return told + f"\n[{self._size()}{more}]" * bool(more or len(self) > _ROWS)

    def _repr_html_(self) -> str:
        with pd.option_context("display.min_rows", _ROWS):
            page = self._told(labels=True).to_html(max_rows=_ROWS, max_cols=_COLUMNS, float_format=_number)
        whole = len(self) <= _ROWS and len(self.columns) <= _COLUMNS
        return page if whole else f"{page}<p>{self._size()}</p>"

    def _size(self) -> str:
        return f"{len(self):,} rows × {len(self.columns)} columns"

    def _told(self, labels: bool) -> pd.DataFrame:
        """Return the first and last rows as a plain table, beside each outcome its unit, or its label too."""

        def told(name: Any) -> Any:
            if not isinstance(name, str) or name not in OUTCOMES:
                return name
            unit = f"[{shown_unit(name, self.currency)}]"
            return f"{name}: {OUTCOMES[name].en} {unit}" if labels else f"{name} {unit}"

        table = pd.DataFrame(self)
        if len(table) > 2 * _ROWS:
            table = pd.concat([table.head(_ROWS), table.tail(_ROWS)])
        if "outcome" in table.columns:
            table = table.assign(outcome=table["outcome"].astype(object).map(told))
        if "outcome" in table.index.names:
            table = table.rename(index=told, level="outcome" if table.index.nlevels > 1 else None)
        return table.rename(columns=told) if table.columns.name in (None, "outcome") else table


def with_units(table: pd.DataFrame, currency: str = USUAL) -> OutcomeTable:
    """Return a table that shows its outcomes with their units; its values are not copied.

    Examples
    --------
    >>> with_units(pd.DataFrame({"outcome": ["on_time_rate", "arrivals"], "value": [0.9, 12]}))
                    outcome  value
    0  on_time_rate [share]    0.9
    1   arrivals [requests]     12
    """
    made = OutcomeTable(table, copy=False)
    made.currency = currency
    return made


def _first(columns: pd.Index, most: int) -> list[Any]:
    """Return so many columns, those that say what is told and how much before the others."""
    front = [name for name in ("outcome", "value") if name in columns]
    return [*front, *(name for name in columns if name not in front)][:most]


def _text(table: pd.DataFrame) -> str:
    with pd.option_context("display.min_rows", _ROWS):
        return table.to_string(max_rows=_ROWS, float_format=_number)


def _number(value: float) -> str:
    """Print four digits, and all of a large number; the values stay whole."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


class _Parts:
    """`loc` or `iloc` of a table, whose parts are shown as the table is."""

    def __init__(self, table: OutcomeTable, name: str) -> None:
        self._table = table
        self._indexer = getattr(pd.DataFrame, name).fget(table)

    def __getitem__(self, key: Any) -> Any:
        return _again(self._indexer[key], self._table)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._indexer[key] = value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._indexer, name)


def _again(found: Any, table: OutcomeTable) -> Any:
    return with_units(found, table.currency) if type(found) is pd.DataFrame else found


def _kept(name: str) -> Callable[..., Any]:
    method = getattr(pd.DataFrame, name)

    @wraps(method)
    def same(self: OutcomeTable, *values: Any, **options: Any) -> Any:
        return _again(method(self, *values, **options), self)

    return same


def _parts(name: str) -> property:
    def parts(self: OutcomeTable) -> _Parts:
        return _Parts(self, name)

    return property(parts)


def _equals(self: OutcomeTable, other: object) -> bool:
    """Tell whether another DataFrame, shown so or not, has the same values."""
    return isinstance(other, pd.DataFrame) and pd.DataFrame(self).equals(pd.DataFrame(other))


# pandas marks some of them as final in its types only.
for _name in _SAME_UNITS:
    setattr(OutcomeTable, _name, _kept(_name))
for _name in ("loc", "iloc"):
    setattr(OutcomeTable, _name, _parts(_name))
setattr(OutcomeTable, "equals", _equals)  # noqa: B010
