"""Tell whether an answer survives what is assumed: the share of the plausible space in which it stands, where
it flips, and a second interval beside that of luck alone.

All comes from the stored sensitivity run of the study (`sim sensitivity`); without one the reports say so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.evaluate.doubt import FEWEST, flip_box, spread, standing
from sim.evaluate.screening import ACTS, screened
from sim.report.assumptions import label
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.words import interval, percent, percent_interval
from sim.scenario.counts import number_of
from sim.study.at_points import GIVEN

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.findings import Choice
    from sim.study.at_points import Kept


_SAYS_NOTHING = 0.9  # the width of an interval of a share that leaves nearly all open


@dataclass
class Robust:
    """What a stored sensitivity run says of a study under one behaviour.

    found : the stored run. spread : of `sim.evaluate.doubt.spread`, by policy and outcome.
    """

    results: Results
    found: Kept

    @classmethod
    def of(cls, results: Results) -> Robust | None:
        """Return it, read once; None where the study has no stored run."""
        return results.doubts

    def __post_init__(self) -> None:
        own = self.found.values[self.found.values["behaviour"] == self.results.behaviour]
        table = spread(own, *self.found.counting)
        self.spread = table.set_index(["policy", "outcome"])

    def screened(self) -> pd.DataFrame:
        """Return which blocks move which differences: `doubt.screened` of each policy and focus outcome."""
        import pandas as pd

        tables = [
            screened(self.found.by_point(policy, self.results.behaviour, outcome), self.found.design).assign(
                policy=policy, outcome=outcome
            )
            for policy, outcome in self.spread.index
            if outcome in self.results.study.focus and policy in self.found.made["policies"]
        ]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

    def gains(self, outcome: str) -> pd.DataFrame:
        """Return what each policy gains over the baseline, by point (rows; "given" first) and policy."""
        rows = self.found.values
        rows = rows[(rows["behaviour"] == self.results.behaviour) & (rows["outcome"] == outcome)]
        way = 1.0 if outcome_of(outcome).better == "higher" else -1.0
        table = way * rows.pivot_table(
            index="point", columns="policy", values="difference", aggfunc="mean", observed=True
        )
        names = [self.results.baseline, *self.found.made["policies"]]
        points = [GIVEN, *self.found.points.index[self.found.points["refused"] == ""]]
        return table.reindex(index=points, columns=names)

    def luck(self, outcome: str, policy: str) -> float:
        """Return the standard error that the luck of the draw leaves in a policy's gain at a point."""
        values = self.found.by_point(policy, self.results.behaviour, outcome)
        values = values[np.isfinite(values).all(axis=1)]
        return float(np.sqrt(values.var(axis=1, ddof=1).mean() / values.shape[1])) if len(values) else np.nan

    def answers(self, outcome: str, margin: float) -> pd.Series:
        """Return the answer by point: the policy that gains most, or the baseline if that is no more than
        `margin`."""
        gains = self.gains(outcome).dropna()
        return gains.idxmax(axis=1).where(gains.max(axis=1) > margin, self.results.baseline)

    def flips(self, found: Choice) -> pd.Series:
        """Return by point whether the report's answer does not hold there.

        A recommended rule holds where it gains more than the margin, and no rule that was tried gains more by
        the margin; the baseline holds where none gains more than the margin.
        """
        gains = self.gains(found.outcome).drop(GIVEN).dropna()
        if found.policy is None:
            return gains.max(axis=1) > found.margin
        own = gains[found.policy]
        return ~((own > found.margin) & (gains.max(axis=1) - own <= found.margin))

    def turns_to(self, found: Choice) -> tuple[str, int] | None:
        """Return the answer that most often takes the place of the report's, and at how many points."""
        flips = self.flips(found)
        others = self.answers(found.outcome, found.margin)[flips.index[flips]].value_counts()
        return (str(others.index[0]), int(others.iloc[0])) if len(others) else None

    def contender(self, found: Choice) -> str:
        """Return the rule on whose difference the answer hangs: the recommended one, or the one to which the
        answer turns most often; else the nearest, or the best of those that the points tell of."""
        if found.policy is not None:
            return found.policy
        other, told = self.turns_to(found), self.moving(found.outcome)
        if other is not None and other[0] != self.results.baseline:
            return other[0]
        if found.focus in told or not told:
            return found.focus
        return str(self.gains(found.outcome)[told].mean().idxmax())

    def flipped_by(self, found: Choice) -> tuple[pd.Series, int]:
        """Return how often each block of numbers, moved alone, changes the answer, and of how many times."""
        flips = self.flips(found)
        points = self.found.points.loc[flips.index]
        base = flips[points["group"] == ""].set_axis(points["trajectory"][points["group"] == ""])
        points = points[points["trajectory"].isin(base.index) & (points["group"] != "")]
        moved = flips.loc[points.index] != points["trajectory"].map(base).astype(bool)
        by = moved.groupby(points["group"]).sum().sort_values(ascending=False, kind="stable")
        return by, int(points["trajectory"].nunique())

    def shifts(self, found: Choice) -> pd.DataFrame:
        """Return by how much each block of numbers, moved by half of its range, moves the share of points at
        which the answer flips: `screening.screened`, of rounds only, by block."""
        good = self.found.points.index[self.found.points["refused"] == ""]
        flips = self.flips(found).astype(float).reindex(good).to_numpy()[:, None]
        table = screened(flips, self.found.design).set_index("group")
        table[["effect", "noise"]] /= 2  # of half of a range
        return table

    def tried(self, found: Choice) -> bool:
        """Return whether the rule that the report recommends was simulated at the points."""
        return found.policy is None or found.policy in self.found.made["policies"]

    def moving(self, outcome: str) -> list[str]:
        """Return the rules that move an outcome at any of the points."""
        gains = self.gains(outcome).drop(columns=self.results.baseline)
        return [str(name) for name in gains.columns if (gains[name].fillna(0.0) != 0).any()]

    def untold(self, found: Choice) -> str:
        """Say why the points do not tell whether the answer survives; "" where they do."""
        results, moving = self.results, self.moving(found.outcome)
        if not self.tried(found):
            return (
                results.text(
                    f"{results.quoted(str(found.policy))} was not among the rules tried with other assumed "
                    "numbers: whether the answer survives them is not known.",
                    f"变动假定数值时未包括{results.quoted(str(found.policy))}，结论能否经受住假定的变化还不清楚。",
                )
                + self.later()
            )
        if (found.policy or next(iter(moving), None)) in moving:
            return ""
        asked = results.listed([found.policy] if found.policy else [*self.found.made["policies"]])
        label, span = results.outcome(found.outcome), self.span()
        return (
            results.text(
                f"Whatever is assumed, {asked} did not move the {label[0].lower() + label[1:]} {span}: "
                "whether the answer survives is not known.",
                f"无论假定如何变动，{asked}{span}均不影响{label}，结论能否经受住假定的变化还不清楚。",
            )
            + self.later()
        )

    def span(self) -> str:
        """Say how many years were simulated at the points."""
        years = self.found.made["years"]
        if years == 1:
            return self.results.text("in one year", "一年内")
        return self.results.text(f"in {number_of(years, 'year')}", f"{years}年内")

    def later(self) -> str:
        """Say which rules the points cannot judge, for they move the outcome in later years only."""
        results, made = self.results, self.found.made
        if not (late := [name for name in made["later"][results.behaviour] if name not in made["policies"]]):
            return ""
        verb, them = ("acts", "it") if len(late) == 1 else ("act", "them")
        return results.text(
            f" {results.listed(late)} {verb} only after that: the points do not judge {them}.",
            f"{results.listed(late)}在此之后才起作用，本次变动未作检验。",
        )

    def unjudged(self, found: Choice) -> str:
        """Say that the points do not judge the rule in focus; "" where they do."""
        results = self.results
        if found.focus == results.baseline or found.focus in self.moving(found.outcome):
            return ""
        quoted = results.quoted(found.focus)
        return results.text(f" These do not judge {quoted}.", f"{quoted}未作此项检验。")

    def stands(self, found: Choice) -> tuple[float, float, float]:
        """Return the share of points at which the report's answer holds, and its interval."""
        return standing(~self.flips(found), *self.found.counting)

    def points(self, index: pd.Index) -> np.ndarray:
        """Return the points of these names, (n, d)."""
        return self.found.points.loc[index, self.found.dimensions].to_numpy(float)

    def label(self, path: str) -> str:
        """Return what the number, or the block of numbers, at a path is called."""
        return label(self.results.study.scenario, tuple(path.split(".")), self.results.lang)


def says_nothing(low: float, high: float) -> bool:
    """Return whether an interval of a share is so wide that it tells nothing."""
    return high - low > _SAYS_NOTHING


def share_told(results: Results, share: float, low: float, high: float) -> str:
    """Format a share of points with its interval, or say that there are too few points for one."""
    if says_nothing(low, high):
        few = results.text("too few points for an interval", "取值过少，不给区间")
        return percent(share, se=0.1) + results.text(f" ({few})", f"（{few}）")
    return percent_interval(share, low, high)


def with_assumptions(results: Results, row: pd.Series) -> str:
    """Format the interval of a difference that holds luck and what is assumed, without its unit.

    `row` is one of `Results.differences`. The half-width of luck and the spread over the plausible space are
    added in squares, on either side.
    """
    found = Robust.of(results)
    key = (row["policy"], row["outcome"])
    if found is None:
        return results.text("assumptions not varied", "未变动假定")
    if key not in found.spread.index:
        return results.text("not among what was varied", "不在变动范围内")
    own, scale = found.spread.loc[key], outcome_of(row["outcome"]).scale
    if not (own["given"] or own["low"] or own["high"] or row["exact_zero"]):
        return results.text(f"none {found.span()}", f"{found.span()}无差值")
    half = row["half_width"] if math.isfinite(row["half_width"]) else 0.0
    below = math.hypot(max(own["given"] - own["low"], 0.0), half)
    above = math.hypot(max(own["high"] - own["given"], 0.0), half)
    if not (below or above):
        return results.change(row)
    low, high = row["difference"] - below, row["difference"] + above
    return interval(row["difference"] * scale, low * scale, high * scale, signed=True).partition(" ")[2]


def unvaried(results: Results) -> str:
    """Say that no interval of a report holds the doubt about what is assumed."""
    return results.text(
        "The assumed numbers were not varied: whether the answer survives them is not known.",
        "尚未变动假定数值，结论能否经受住假定的变化还不清楚。",
    )


def answer(results: Results, found: Choice) -> str:
    """Say in which share of the plausible space the answer stands, or that assumptions were not varied."""
    own = Robust.of(results)
    if own is None:
        return unvaried(results)
    if untold := own.untold(found):
        return untold
    flips = own.flips(found)
    share, low, high = own.stands(found)
    numbers, points = len(own.found.dimensions), len(flips)
    said = results.text(
        f"The answer stands at {share_told(results, share, low, high)} of "
        f"{number_of(points, 'point')} at which "
        f"{numbers} assumed numbers take other plausible values, against "
        f"{results.listed([*own.found.made['policies']])} {own.span()}.",
        f"将{numbers}项假定数值在合理范围内变动，{points}组取值中有"
        f"{share_told(results, share, low, high)}结论不变"
        f"（{own.span()}，对比{results.listed([*own.found.made['policies']])}）。",
    )
    said += own.later()
    if own.found.refused:
        said += results.text(
            f" The scenario refused {number_of(own.found.refused, 'further point')}.",
            f"另有{own.found.refused}组取值不成立。",
        )
    rule = own.contender(found)
    row = results.difference(rule, found.outcome)
    if row is not None and (rule, found.outcome) in own.spread.index:
        unit, told = results.measure(found.outcome, difference=True), with_assumptions(results, row)
        said += results.text(
            f" With luck and assumptions {results.quoted(rule)} makes a difference of {told} {unit} (95%).",
            f"计入偶然性和假定，{results.quoted(rule)}的差值区间为{told}{unit}（95%）。",
        )
    if (other := own.turns_to(found)) is not None:
        quoted, count = results.quoted(other[0]), other[1]
        said += results.text(
            f" Where it flips, it most often is {quoted} ({count} of {int(flips.sum())}).",
            f"结论改变时，多为{quoted}（{int(flips.sum())}次中{count}次）。",
        )
    return said


def where_it_flips(results: Results, found: Choice) -> list[str]:
    """Say in words in which part of the plausible space the answer is another."""
    own = Robust.of(results)
    if own is None or own.untold(found):
        return []
    flips = own.flips(found)
    if not flips.any():
        told = f"At none of {number_of(len(flips), 'point')} is the answer another."
        return [results.text(told, f"{len(flips)}组取值中结论均不改变。")]
    apart = flips[own.found.apart.loc[flips.index]]  # points made from one another are not independent
    if len(apart) < FEWEST:
        return [_shifting_groups(own, found) if own.found.design.several else _flipping_groups(own, found)]
    box = flip_box(own.points(apart.index), apart.to_numpy())
    if box is None:
        told = results.text(
            f"Of {len(flips)} cases {int(flips.sum())} change the answer. In no range of the numbers do the "
            f"{len(apart)} independent ones change it more often than by chance.",
            f"{len(flips)}组取值中有{int(flips.sum())}组结论改变；就其中相互独立的{len(apart)}组看，"
            "没有哪个取值范围更易使结论改变。",
        )
        return [told]
    bounds = results.text("; ", "；").join(_bound(own, number, *cut) for number, cut in box.bounds.items())
    told = results.text(
        f"The answer flips most where {bounds}: at {percent(box.density, se=0.1)} of the points there, with "
        f"{percent(box.coverage, se=0.1)} of all flips.",
        f"结论最易改变的范围：{bounds}。该范围内{percent(box.density, se=0.1)}的取值结论改变，"
        f"占全部改变的{percent(box.coverage, se=0.1)}。",
    )
    return [told]


def _flipping_groups(own: Robust, found: Choice) -> str:
    """Say which blocks of numbers, moved alone, change the answer most often."""
    results, (by, of) = own.results, own.flipped_by(found)
    named = [
        own.label(str(name)) + results.text(f" ({count})", f"（{count}次）")
        for name, count in by[by > 0].head(3).items()
    ]
    if not named:
        return results.text(
            "No block of numbers, moved alone, changes the answer.",
            "单独变动任何一类假定数值，结论均不改变。",
        )
    return results.text(
        f"The answer changed when one of these groups of numbers was moved alone (times of {of}): "
        f"{', '.join(named)}.",
        f"各类假定数值逐类单独变动{of}次，使结论改变的有：{'、'.join(named)}。",
    )


def _shifting_groups(own: Robust, found: Choice) -> str:
    """Say which blocks of numbers decide at how many points the answer flips."""
    results, table = own.results, own.shifts(found)
    count, of = int(own.flips(found).sum()), len(own.flips(found))
    acting = table[table["verdict"] == ACTS].head(3)
    told = results.text(
        f"The answer flips at {count} of {number_of(of, 'point')}.", f"{of}组取值中有{count}组结论改变。"
    )
    if acting.empty:
        return told + results.text(
            " No group of assumed numbers decides it by more than chance.", "尚看不出由哪类数值决定。"
        )
    named = results.text(", ", "、").join(
        f"{own.label(str(name))}"
        + results.text(
            f" ({percent(row['effect'], se=0.1)} ± {percent(row['noise'], se=0.1)} of the points)",
            f"（影响{percent(row['effect'], se=0.1)}的取值，标准误{percent(row['noise'], se=0.1)}）",
        )
        for name, row in acting.iterrows()
    )
    return told + results.text(f" It hangs most on: {named}.", f"主要取决于：{named}。")


def _bound(own: Robust, number: int, low: float, high: float) -> str:
    """Say between which of its values a dimension is bounded: in the upper or lower part of its range."""
    results, name = own.results, own.label(own.found.dimensions[number])
    if low <= 0.02:
        return results.text(
            f"'{name}' is in the lower {percent(high, se=0.1)} of its range",
            f"“{name}”处于合理范围的下部{percent(high, se=0.1)}",
        )
    if high >= 0.98:
        return results.text(
            f"'{name}' is in the upper {percent(1 - low, se=0.1)} of its range",
            f"“{name}”处于合理范围的上部{percent(1 - low, se=0.1)}",
        )
    return results.text(
        f"'{name}' is between {percent(low, se=0.1)} and {percent(high, se=0.1)} of its range",
        f"“{name}”处于合理范围的{percent(low, se=0.1)}至{percent(high, se=0.1)}之间",
    )
