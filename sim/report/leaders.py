"""The one-page briefing for leaders: the sentences and the table, by fixed rules.

Order: question, answer, all rules in a table, whose pay changes, how sure, what would change the answer,
assumptions, next step. A difference is *clear* if Holm's test over all rules and behaviours finds it at 5 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.report import behaviours, page, reach, robust, weightiest
from sim.report.all_rules import LEAST, all_rules, percent_of_people
from sim.report.answer import NAMED, Answer, people
from sim.report.findings import Choice, choice, incomplete, measured, small
from sim.report.markup import Html
from sim.report.outcomes import SERVICE, outcome_of
from sim.report.results import Results
from sim.report.validated import validation
from sim.report.words import chance, it_is, percent
from sim.scenario.counts import number_of

_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Leaders:
    """The briefing of a study's results under their first behaviour.

    results : the results. found : the choice among the rules, of `findings.choice`.
    """

    results: Results
    found: Choice

    @property
    def answer(self) -> Answer:
        """What the briefing answers."""
        return Answer(self.results, self.found)

    def shown(self) -> list[Html]:
        """Return the page: eight numbered sections and the date of the results."""
        r = self.results
        before = (
            (r.text("Question", "问题"), [getattr(r.study.question, r.lang)]),
            (r.text("Answer", "结论"), [self.answer.said()]),
        )
        after = (
            (r.text("Whose pay changes", "收入增减情况"), self.who()),
            (r.text("How sure", "结论可信程度"), self.sure()),
            (r.text("What would change the answer", "可能改变结论的情形"), self.doubts()),
            (r.text("Main assumptions", "主要假定"), weightiest.assumed(r)),
            (r.text("Next step", "下一步建议"), self.next_step()),
        )
        items = []
        for place, (heading, said) in enumerate((*before, *after), start=1):
            mark = r.text(f"{place}. {heading}.", f"{_NUMERALS[place - 1]}、{heading}。")
            items.append(page.item(mark, r.text(" ", "").join(said)))
        warnings = [*reach.not_applied(r), *filter(None, [incomplete(r)])]
        pieces = [*map(page.paragraph, warnings), *items]
        pieces.insert(len(warnings) + len(before), all_rules(r, self.found))
        return [*pieces, page.dated(_date(r))]

    # Who gains and who loses

    def who(self) -> list[str]:
        """Say whose pay falls and rises under the rules that cut most people's pay, and who waits longer."""
        r = self.results
        losing = {name: share for name in r.alternatives if (share := r.moved(name, "loss")) is not None}
        said = []
        if not r.has("pay", "person"):
            said.append(r.text("The scenario has no pay.", "本情景未设工资，收入不作比较。"))
        hit = sorted((name for name in losing if losing[name] >= LEAST), key=lambda name: -losing[name])
        for name in hit[:NAMED]:
            fall = r.text(f": {people(losing[name], 'en')} earn less", f"：{people(losing[name], 'zh')}减收")
            said.append(r.quoted(name) + fall + self._gaining(name) + most_lost(r, name) + r.text(".", "。"))
        rest = hit[NAMED:]
        if rest:
            most = percent_of_people(losing[rest[0]])
            said.append(
                r.text(
                    f"Under {len(rest)} other rules up to {most} earn less.",
                    f"另有{len(rest)}种方案减收人员不超过{most}。",
                )
            )
        if losing and not hit:
            gaining = {name: r.moved(name, "gain") or 0.0 for name in losing}
            best = max(gaining, key=lambda name: gaining[name])
            those = percent_of_people(gaining[best])
            told = gaining[best] >= LEAST
            said.append(
                r.text(
                    "Nobody earns less under any rule"
                    + (f"; under {r.quoted(best)} {those} earn more." if told else "."),
                    "各方案下均无人减收" + (f"；{r.quoted(best)}下{those}增收。" if told else "。"),
                )
            )
        return said + self._served_worse()

    def _gaining(self, name: str) -> str:
        """Say how many gain pay under a rule that cuts others' pay, as the middle of a sentence."""
        r, more = self.results, self.results.moved(name, "gain") or 0.0
        if (r.moved(name, "loss") or 0.0) > 1 - LEAST:
            return ""  # who loses is all there is
        some = percent_of_people(more)
        return r.text(
            f", {some if more >= LEAST else 'nobody'} more",
            f"，{some + '增收' if more >= LEAST else '无人增收'}",
        )

    def _served_worse(self) -> list[str]:
        """Say what service clearly gets worse under the rule in focus: of the bureau, in which matters and
        units."""
        r, focus, said = self.results, self.found.focus, []
        worse = [name for name in r.available(SERVICE) if self.answer.clear(focus, name) == -1][:NAMED]
        if worse:
            listed = r.text("; ", "；").join(
                r.text(f"{small(r.outcome(name))} {move}", f"{r.outcome(name)}{move}")
                for name in worse
                for move in [self.answer.from_to(focus, name)]
            )
            said.append(
                r.text(f"{r.quoted(focus)} makes worse: {listed}.", f"{r.quoted(focus)}下变差的：{listed}。")
            )
        late = [self._later("kind", r.kind, "类"), self._later("unit", r.unit, "个单位")]
        if named := r.text("; in ", "；").join(filter(None, late)):
            said.append(
                r.text(
                    f"Under {r.quoted(focus)} fewer cases meet their limit: {named}.",
                    f"{r.quoted(focus)}下按时办结率下降的：{named}。",
                )
            )
        return said

    def _later(self, level: str, called: Callable[[str], str], counted: str) -> str:
        """Name the kinds or units whose on-time rate clearly falls under the rule in focus."""
        r, rows = self.results, self.results.differences(level, ("on_time_rate",))
        mine = rows[rows["policy"] == self.found.focus]
        mine = mine[(mine["difference"] < 0) & (mine["p_holm"] < 0.05) & ~mine["exact_zero"].astype(bool)]
        worst = list(mine.sort_values("difference", kind="stable")[level])
        named = r.text(", ", "、").join(called(one) for one in worst[:NAMED])
        rest = len(worst) - NAMED
        return named + (r.text(f" and {rest} more", f"等{len(worst)}{counted}") if rest > 0 else "")

    # How sure

    def sure(self) -> list[str]:
        """Say how probable the answer is: by luck alone, with the assumptions, under other behaviours."""
        r = self.results
        if self.found.table["n"].max() < 2:
            return [r.text("It cannot be told from one replication.", "仅一次模拟，无从判断。")]
        said = [self._by_luck(), self._with_assumptions()]
        for other in r.sides[1:]:
            said.append(self._under(other))
        return [*said, *filter(None, [validation(r, focus=self.found.focus)])]

    def _by_luck(self) -> str:
        """Say how probable it is, as far as luck goes, that a rule is better by more than the margin."""
        r, found = self.results, self.found
        probability, at_least = self.probability()
        told, near = chance(probability, r.lang, at_least), measured(r, found.outcome, found.margin)
        base, outcome = r.quoted(r.baseline), r.outcome(found.outcome)
        none = found.policy is None and found.table["good"][r.baseline]
        way = "高" if outcome_of(found.outcome).better == "higher" else "低"
        name = r.text("no rule", "没有一种方案") if none else r.quoted(found.policy or found.focus)
        return r.text(
            f"As far as luck goes ({number_of(r.replications, 'replication')}), "
            f"{it_is(probability, at_least)} that {name} betters the {small(outcome)} of {base} by more than "
            f"{near}.",
            f"仅考虑偶然因素（重复模拟{r.replications}次），{name}的{outcome}比{base}{way}{near}以上：{told}。",
        )

    def probability(self) -> tuple[float, bool]:
        """Return the probability of what the answer by the main outcome says, as far as luck goes, and
        whether it is a lower bound.

        Of a recommended rule: that it is better than the baseline by more than the margin. Of none: that no
        rule is, at least one less the sum of their chances. Where it is open: that the leading rule is.
        """
        from sim.evaluate.choose import by_replication, chance_better

        r, found = self.results, self.found
        values = by_replication(r.rows("bureau"), found.outcome, r.policies)
        chances = chance_better(values, r.baseline, found.outcome, found.margin)
        if found.policy is None and found.table["good"][r.baseline]:
            return max(0.0, 1 - float(chances.sum())), True
        return float(chances[found.policy or found.focus]), False

    def _with_assumptions(self) -> str:
        r, own = self.results, robust.Robust.of(self.results)
        if own is None:
            return r.text(
                "Whether it stands with other plausible numbers was not tested.",
                "假定数值变动对结论的影响尚未检验。",
            )
        if own.untold(self.found):
            return r.text(
                "Other plausible numbers were tried, and do not tell whether it stands.",
                "假定数值已作变动试算，尚不能说明结论是否仍然成立。",
            )
        flips, (_, low, high) = own.flips(self.found), own.stands(self.found)
        stands, count = int((~flips).sum()), len(flips)
        least, most = percent(low, se=0.1), percent(high, se=0.1)
        reach = (
            r.text("too few to say of all", "组数较少，尚不足以推断全部取值")
            if robust.says_nothing(low, high)
            else r.text(f"{least} to {most}, 95% interval", f"95%区间为{least}至{most}")
        )
        rules = len(own.found.made["policies"])
        return r.text(
            f"With other plausible numbers it stands in {stands} of {count} cases ({reach}), against "
            f"{number_of(rules, 'rule')} {own.span()}.",
            f"变动假定数值后（{own.span()}，对比{rules}种方案），{count}组合理取值中有{stands}组结论不变（{reach}）。",
        ) + own.unjudged(self.found)

    def _under(self, other: Results) -> str:
        """Say what the answer is under another behaviour of the study."""
        r = self.results
        condition = behaviours.condition(other)
        if not other.everywhere(self.found.outcome):
            return r.text(f"{condition}: not measured.", f"{condition}：未测得。")
        theirs = Answer(other, choice(other, self.found.outcome))
        same = behaviours.kind(theirs.found, other) == behaviours.kind(self.found, r)
        if same:
            money = theirs.differs()[:1] if theirs.costs() else []
            money += [one for one in self._other_costs(theirs) if one not in money]
            ahead = r.quoted(theirs.found.focus) if theirs.found.focus != self.found.focus else ""
            told = r.text(f" ({ahead} ahead)", f"（目前以{ahead}为好）") if ahead else ""
            return r.text(
                f"{condition}, the answer stays{told}" + "".join(f"; {one}" for one in money) + ".",
                f"{condition}，上述结论不变{told}" + "".join(f"，{one}" for one in money) + "。",
            )
        said = theirs.service()
        return r.text(
            f"{condition}, the answer is another: {said[0].lower() + said[1:]}.",
            f"{condition}，结论有所不同：{said}。",
        )

    def _other_costs(self, theirs: Answer) -> list[str]:
        """Tell of the rules whose pay the answer tells where another behaviour makes it unclear, or turns it
        round."""
        r, mine, costs = self.results, self.answer.costs(), theirs.costs()
        told = self.answer.costly()
        unclear = [name for name in told if name not in costs]
        said = [theirs.cost(name) for name in told if name in costs and mine[name] * costs[name] < 0]
        if unclear:
            listed = r.listed(unclear)
            said.append(r.text(f"what {listed} costs is unclear", f"{listed}的工资支出变化不明显"))
        return said

    # Doubts, next step

    def doubts(self) -> list[str]:
        """Say what would change the answer."""
        r, own = self.results, robust.Robust.of(self.results)
        if own is not None and not own.untold(self.found):
            return robust.where_it_flips(r, self.found)[:1]
        said = []
        if weightiest.named(r):
            said.append(
                r.text("numbers of item 6 that are far from the true ones", "第六项所列数值与实际相差较大")
            )
        if len(r.sides) == 1:
            said.append(
                r.text(
                    "people who change how they work (left out here)",
                    "人员因规则改变而调整工作方式（本次模拟未予考虑）",
                )
                if r.behaviour == "mechanical"
                else r.text("people who respond more or less than assumed", "人员对规则的反应强于或弱于假定")
            )
        if not said:
            return [r.text("Nothing that was looked at.", "未发现可能改变结论的情形。")]
        listed = r.text("; or ", "；").join(said)
        if len(said) == 1:
            return [r.text(f"{listed[0].upper()}{listed[1:]}.", f"{listed}的，结论可能改变。")]
        return [r.text(f"{listed[0].upper()}{listed[1:]}.", f"有下列情形之一的，结论可能改变：{listed}。")]

    def next_step(self) -> list[str]:
        """Say what to do with the answer."""
        r, found = self.results, self.found
        base = r.quoted(r.baseline)
        if found.policy is not None:
            first = (
                r.text(
                    f"Try {r.quoted(found.policy)} for a quarter; compare with that quarter of last year.",
                    f"试行{r.quoted(found.policy)}一个季度，与上年同期对照。",
                )
                if self._names_staff(found.policy)
                else r.text(
                    f"Try {r.quoted(found.policy)} in a few units for a quarter.",
                    f"选少数单位试行{r.quoted(found.policy)}一个季度，与执行{base}的单位对照。",
                )
            )
        elif found.table["good"][r.baseline]:
            first = r.text(
                f"Keep {base} for service, and decide by cost and fairness.",
                f"仅就服务而言可维持{base}，是否调整应依据成本和公平作出决定。",
            )
        else:
            first = r.text(
                "Decide nothing yet: simulate the leading rules more often.",
                "暂不作决定，对领先方案增加模拟次数。",
            )
        return [
            first,
            r.text(
                "Replace the numbers of item 6 by the office's own, and simulate again.",
                "以本单位实际记录替换第六项所列数值后重新测算。",
            ),
        ]

    def _names_staff(self, name: str) -> bool:
        """Return whether a rule is about people of certain units: no other unit can try it."""
        policy = self.results.study.policies[name]
        return bool(policy.move) or any(path.startswith("staff.") for path in policy.changes)


def briefing(results: Results, found: Choice | None = None) -> list[Html]:
    """Return the one-page briefing of a study's results."""
    return Leaders(results, found or choice(results)).shown()


def most_lost(results: Results, policy: str) -> str:
    """Name the units that lose most of those that clearly lose, as the end of a sentence; "" if none does."""
    rows = results.differences("unit", ("pay",))
    mine = rows[(rows["policy"] == policy) & (rows["difference"] < 0)]
    mine = mine[(mine["p_holm"] < 0.05) & ~mine["exact_zero"].astype(bool)]
    worst = mine.sort_values("difference", kind="stable")["unit"].head(NAMED)
    if worst.empty or rows["unit"].nunique() == 1:  # of one unit it says nothing
        return ""
    named = results.text(", ", "、").join(results.unit(unit) for unit in worst)
    return results.text(f"; the largest clear losses are in {named}", f"，确定减收最多的是{named}")


def _date(results: Results) -> str:
    """Return the day on which the last result was computed: ``29 November 2026``, ``2026年11月29日``."""
    from datetime import datetime

    newest = max((changed for _, changed, _ in results.study.store.files().values()), default=0)
    day = datetime.fromtimestamp(newest / 1e9)
    return results.text(f"{day.day} {day:%B} {day.year}", f"{day.year}年{day.month}月{day.day}日")
