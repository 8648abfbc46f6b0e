"""The answer of a briefing, in one sentence: what is best by the main outcome, and what differs beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.report.all_rules import LEAST, PAY, UNCLEAR, is_clear, percent_of_people
from sim.report.findings import Choice, measured, small
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.words import number, pick, standard_error
from sim.scenario.counts import number_of
from sim.scenario.currency import words

NAMED = 2  # rules, units or matters that a sentence names


@dataclass(frozen=True)
class Answer:
    """What a study's results say under their first behaviour, in words.

    results : the results. found : the choice among the rules, of `findings.choice`.
    """

    results: Results
    found: Choice

    def said(self) -> str:
        """Return the answer in one sentence: what is best by the main outcome, and what differs."""
        if self.found.table["n"].max() < 2:
            return self.results.text(
                "None: one replication tells nothing of luck.", "只模拟了一次，无法判断偶然性，暂无结论。"
            )
        return _sentence(self.results, [self.service(), *self.differs()])

    def service(self) -> str:
        """Say which rule is best by the main outcome, or that none is clearly better than the baseline."""
        r, found = self.results, self.found
        base, outcome = r.quoted(r.baseline), r.outcome(found.outcome)
        label, near = small(outcome), measured(r, found.outcome, found.margin)
        if found.policy is not None:
            name, move = r.quoted(found.policy), self.from_to(found.policy)
            best = found.selected == found.policy or found.table["good"][found.policy]
            rank = (
                r.text("no other rule does better", "其他方案均不优于该方案")
                if best
                else r.text("another may do better", "是否最优尚不能确定")
            )
            return r.text(
                f"By the {label}, {name} is better than {base}: {move}, and {rank}",
                f"就{outcome}而言，{name}优于{base}，{move}，{rank}",
            )
        if found.table["good"][r.baseline]:
            said = r.text(
                f"No other rule clearly betters the {label} of {base} (by more than {near})",
                f"没有一种方案的{outcome}明显优于{base}（相差{near}以上）",
            )
            return said + self._worse()
        nearest, how = r.quoted(found.focus), self._ahead(found.focus)
        said = r.text(
            f"It is open which rule is best by the {label}; {nearest} looks best ({how})",
            f"就{outcome}而言，哪种方案最优尚不能确定，目前以{nearest}为好（{how}）",
        )
        return said + self._worse()

    def _ahead(self, policy: str) -> str:
        """Tell the main outcome of the rule that looks best, and how it moves only where that is clear."""
        r, row = self.results, self.results.difference(policy, self.found.outcome)
        assert row is not None  # it was measured under every rule
        if is_clear(row):
            return self.from_to(policy)
        before, after = r.before_and_after(row)
        if row["exact_zero"]:
            return r.text(f"{after}, no change", f"{after}，无变化")
        unclear = pick(UNCLEAR, r.lang)
        return r.text(f"{after} against {before}, {unclear}", f"{after}，基准为{before}，差别{unclear}")

    def _worse(self) -> str:
        """Name the rules that are clearly worse by the main outcome, as the end of a sentence: of a single
        one, how it moves the outcome."""
        r, outcome = self.results, self.found.outcome
        worse = [name for name in r.alternatives if self.clear(name, outcome) == -1]
        if not worse:
            return ""
        move = self.from_to(worse[0])
        alone = r.text(f" ({move})", f"（{move}）") if len(worse) == 1 else ""
        return r.text(f"; clearly worse: {self._few(worse)}{alone}", f"，{self._few(worse)}明显较差{alone}")

    def differs(self) -> list[str]:
        """Say what differs clearly beside the main outcome: pay, people's incomes, heads."""
        r, costs = self.results, self.costs()
        said = [self.cost(name) for name in self.costly()]
        if not costs and r.has(PAY):
            said.append(r.text("no rule clearly changes what pay costs", "各方案的工资支出没有明显差别"))
        heads = {n: int(round(r.study.posts["headcount_change"][n])) for n in r.alternatives}
        changed = [
            r.text(
                f"{r.quoted(name)} takes {number_of(abs(more), 'person', 'people')} "
                f"{'more' if more > 0 else 'less'}",
                f"{r.quoted(name)}{'增加' if more > 0 else '减少'}{abs(more)}人",
            )
            for name, more in heads.items()
            if more
        ]
        if changed:
            said.append(r.text(", ", "、").join(changed))
        return said

    def costly(self) -> list[str]:
        """Return the rules whose pay the answer tells: who saves most, who costs most, who is recommended."""
        costs, found = self.costs(), []
        for way in (-1, 1):
            names = [name for name in costs if way * costs[name] > 0]
            best = [self.found.policy] if self.found.policy in names else []
            found += [*best, *sorted(names, key=lambda name: -way * costs[name])[:1]]
        return list(dict.fromkeys(found))

    def cost(self, name: str) -> str:
        """Say what a rule costs more in pay a year than the baseline, or saves, and how many it cuts."""
        r, row, cost = self.results, self.results.difference(name, PAY), self.costs()[name]
        saves = cost < 0
        assert row is not None  # of a cost
        sum_ = self._money(abs(cost), standard_error(row["low"], row["high"]))
        cut = r.moved(name, "loss")
        lose = "" if cut is None or cut < LEAST else people(cut, r.lang)
        verb = r.text("saves", "少支出工资") if saves else r.text("costs", "多支出工资")
        more = r.text("" if saves else " more", "")
        tail = r.text(f" and cuts the pay of {lose}", f"，{lose}减收") if lose else ""
        return r.text(
            f"{r.quoted(name)} {verb} {sum_}{more} a year{tail}", f"{r.quoted(name)}每年{verb}{sum_}{tail}"
        )

    def costs(self) -> dict[str, float]:
        """Return what the rules clearly cost more in pay a year than the baseline (negative: save)."""
        rows = {name: self.results.difference(name, PAY) for name in self.results.alternatives}
        return {
            name: float(row["difference"]) for name, row in rows.items() if row is not None and is_clear(row)
        }

    def clear(self, policy: str, outcome: str) -> int:
        """Return 1 if a rule is clearly better than the baseline, −1 if clearly worse, else 0."""
        row = self.results.difference(policy, outcome)
        if row is None or not is_clear(row):
            return 0
        better = (row["difference"] > 0) == (outcome_of(outcome).better == "higher")
        return 1 if better else -1

    def _few(self, names: list[str]) -> str:
        """Name the first rules, and count the others."""
        r, rest = self.results, len(names) - NAMED
        if rest <= 0:
            return r.listed(names)
        comma = r.text(", ", "、").join(r.quoted(name) for name in names[:NAMED])
        return r.text(f"{comma} and {rest} more", f"{comma}等{len(names)}种方案")

    def from_to(self, policy: str, outcome: str = "") -> str:
        """Describe how a rule moves an outcome, the main one if none is named: ``from 77.4% to 89.2%``,
        ``由77.4%提高到89.2%``."""
        r, outcome = self.results, outcome or self.found.outcome
        row = r.difference(policy, outcome)
        assert row is not None  # it was measured under every rule
        before, after = r.before_and_after(row)
        unit = "" if before.endswith("%") else r.measure(outcome)
        verb = "提高到" if row["difference"] > 0 else "降低到"
        return r.text(f"from {before} to {after} {unit}".rstrip(), f"由{before}{verb}{after}{unit}")

    def _money(self, value: float, se: float | None, sign: bool = False) -> str:
        """Format a sum a year: ``375,000 yuan``, ``37.5万元``."""
        r, name = self.results, pick(words(self.results.study.scenario.currency), self.results.lang)
        if r.lang == "zh" and abs(value) >= 10_000:
            return f"{number(value / 1e4, se=se and se / 1e4, signed=sign)}万{name}"
        return f"{number(value, se=se, signed=sign)}{r.text(' ', '')}{name}"


def people(share: float, lang: str) -> str:
    """Format a share of people as the subject of a sentence."""
    everybody = share > 1 - LEAST
    if lang == "zh":
        return "全体人员" if everybody else f"{percent_of_people(share)}的人员"
    return "all people" if everybody else f"{percent_of_people(share)} of the people"


def _sentence(results: Results, parts: Iterable[str]) -> str:
    return results.text("; ", "；").join(parts) + results.text(".", "。")
