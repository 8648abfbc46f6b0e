"""Name the assumptions that weigh most, with what they may be instead, in a briefing's sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import assumptions, behaviours
from sim.report.places import PLACES
from sim.report.results import Results
from sim.report.words import pick

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 2  # assumptions that a sentence names


def assumed(r: Results) -> list[str]:
    """Say how much is assumed, which numbers weigh most with their ranges, and how people behave."""
    said = [behaviours.shortly(r)]
    if weighty := named(r):
        listed = r.text("; ", "；").join(weighty)
        said.insert(0, r.text(f"The weightiest, with their ranges: {listed}.", f"影响最大的是：{listed}。"))
    return [assumed_numbers(r), *said]


def assumed_numbers(r: Results) -> str:
    """Say how many numbers of the scenario are assumed."""
    assumed, total = assumptions.counts(r.study.scenario)
    if assumed == total:
        return r.text(
            f"All {total:,} numbers of the scenario are assumed.", f"情景所用{total}个数值均为假定。"
        )
    return r.text(
        f"{assumed:,} of {total:,} numbers of the scenario are assumed; the others have a source.",
        f"情景所用{total}个数值中，{assumed}个为假定，其余有出处。",
    )


def named(r: Results) -> list[str]:
    """Name the assumptions that weigh most, with what they may be instead."""
    table = assumptions.widest(r.study.scenario, r.lang, _NAMED)
    return [_weighs(r, row) for _, row in table.iterrows()]


def called(r: Results, row: pd.Series) -> str:
    """Name an assumption by its label, without the word for the block that it stands in.

    An entry as a whole keeps it: "Clerk" does not say that the grade's pay is meant.
    """
    label = str(row["label"])
    parts = row["path"].split(".")
    block = PLACES.get(parts[0])
    head = "" if block is None else pick(block, r.lang) + r.text(": ", "：")
    short = label[len(head) :] if head and label.lower().startswith(head.lower()) else label
    if block is not None and short == parts[-1].replace("_", " "):  # a name of the file, not a title
        return titled(r, row)
    if len(parts) == 2:
        return label
    return short[0].upper() + short[1:]  # titles of matters begin so, too


def titled(r: Results, row: pd.Series) -> str:
    """Return the label of an assumption; of a part that has no title, its block, with its name if there are
    several."""
    label, parts = str(row["label"]), row["path"].split(".")
    block, name = PLACES.get(parts[0]), parts[-1].replace("_", " ")
    if block is None or not (label == name or label.endswith((f": {name}", f"：{name}"))):
        return label
    if len(getattr(r.study.scenario, parts[0], ())) == 1:
        return pick(block, r.lang)
    return r.text(f'{block.en} "{name}"', f"{block.zh}“{name}”")


def _weighs(r: Results, row: pd.Series) -> str:
    many = row["numbers"] > 1
    name = called(r, row)
    if row["range"].endswith("%"):  # by a factor
        low, high = row["range"].split(" – ")
        factors = (f"×{float(bound.rstrip('%')) / 100:g}" for bound in (low, high))
        return r.text(
            f"{name} ({' to '.join(factors)})",
            f"{name}（取值的{low}至{high}）",
        )
    low, high = row["range"].split(" – ")
    unit = row["unit"]
    value = r.text(f"{row['value']}, may be ", f"取{row['value']}，") if not many else ""
    return r.text(
        f"{name} ({value}{low} to {high} {unit}".rstrip() + ")",
        f"{name}（{value}可为{low}至{high}{unit}）",
    )
