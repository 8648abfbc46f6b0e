"""Pages of behaviour: how people answer to the rules, each answer with its own switch."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import behaviour_curves as curves
from .rule import Arm, Group, Rule, both
from .worlds import GAIN, LUCK, UNSEEN

SWITCHES = ("effort", "allocation", "timing", "recording")
EFFECTS = ("on_time_rate", "mean_processing_days", "mean_score")


def only(*names: str, **more: object) -> dict:
    """The changes that leave on these answers of `responsive`, and no others."""
    off = {f"behaviour.responsive.{name}.on": False for name in SWITCHES if name not in names}
    return off | {path.replace("__", "."): value for path, value in more.items()}


def alone(*names: str) -> Arm:
    return Arm(changes=only(*names), behaviour="responsive")


REGISTRATION = {
    f"scorecards.office.items.{item}.kinds": ["registration"]
    for item in ("on_time", "inspection", "returns", "overdue")
}
KEPT = curves.DISCIPLINE | {"frictions.late_opening.on": True}
HINDERED = curves.PROJECTS | {"projects.hindrances.on": True}
LUCKY = (
    f"Return to effort {GAIN:g}, spread in points: {LUCK:g} of the months' luck, {UNSEEN:g} of what nobody sees.",
    f"每单位努力增{GAIN:g}分；标准差：各月运气{LUCK:g}分，年底前不可见部分{UNSEEN:g}分。",
)
BOTH = both(
    "With: response to the rule with this switch alone. Without: no response.",
    "有：人员仅此项随规则调整；无：不作反应。",
)

RULES = (
    Rule(
        name="mechanical",
        title=both("No response to the rule", "不作反应"),
        told=both(
            "Rules change pay and careers, and people work as before. The baseline of every study. With response strength "
            "0 `responsive` gives the very same results, which this page shows.",
            "规则只改变兑现与前途，人们照常工作，是一切研究的基准。反应强度为0时，“随规则调整”与其结果完全相同。",
        ),
        equation="conduct $=$ neutral, whatever the standing; `responsive` with `strength` 0 $=$ `mechanical`, to the last bit.",
        paths=("behaviour.responsive.strength",),
        source=both("Definition of the model.", "模型定义。"),
        figure=curves.responses,
        caption=both(
            "Effort of one office in July by the score that its year is heading for, under both behaviours.",
            "7月某所的努力随全年得分走势变化：两种行为。",
        ),
        on=Arm(changes={"behaviour.responsive.strength": 0}, behaviour="responsive"),
        outcomes=(*EFFECTS, "error_rate", "complaint_rate", "pay_total"),
        remark=both("No outcome may change.", "各项指标均应无变化。"),
    ),
    Rule(
        name="effort",
        title=both("Effort", "努力"),
        told=both(
            "Each month a unit chooses the effort that is best for the rest of the year: what its year-end score is worth, less "
            "what effort costs. Gain and cost are over the same time, so a constant incentive gives the same effort all year. Near a "
            "line effort rises towards the year's end; where the line is out of reach or safe, it falls.",
            "各单位每月选定对全年余下时间最有利的努力：年终得分的价值减去努力的成本。得失按同一时段计算，激励不变则全年努力不变。临近门槛的，越到年底越冲刺；"
            "够不着或已稳超的，努力回落。",
        ),
        equation="$\\max_e\\ \\mathrm{E}\\,W(S) - \\tau\\,\\frac{\\kappa}{2}(e - 1)^2$ within bounds: a share $\\tau$ of the year at effort $e$ "
        "brings $\\tau R(e)$ points. $W(S)$: pay, bonus and career values at the year-end score $S$, in years of pay, times "
        "`strength`. For linear $W$ and $R(e) = \\gamma\\,(e - 1)$: $e - 1 = \\gamma W'/\\kappa$ in every month.",
        paths=(
            "behaviour.responsive.effort",
            "behaviour.responsive.risk_aversion",
        ),
        source=both(
            "Holmström and Milgrom 1987, Aggregation and linearity; Oyer 1998, Fiscal year ends; sizes assumed.",
            "Holmström 与 Milgrom 1987；Oyer 1998；数值为假定。",
        ),
        figure=curves.effort,
        caption=both(
            f"Effort of one office by the score that its year is heading for, at the beginning of three months. {LUCKY[0]}",
            f"三个月份月初某所的努力，随全年得分走势变化。{LUCKY[1]}",
        ),
        on=alone("effort"),
        outcomes=("effort", "effort_at_bound", *EFFECTS, "error_rate", "mean_wait_minutes"),
        remark=BOTH,
    ),
    Rule(
        name="foresight",
        title=both("Foresight: the year month by month", "对年内走势的预见"),
        told=both(
            "Under `dynamic` people know that they will choose again when the luck of the months has shown itself (backward "
            "induction). Mean effort is then the same in every month if no upper bound binds; what widens is its spread: some "
            "sprint, others stop. Under `plan` they keep to one effort, chosen anew each month from the score ahead. Here: "
            "effort alone, `dynamic` and `plan`.",
            "`dynamic`：人们知道各月运气显现后还可调整（逆向归纳）。上限不起作用时，各月平均努力相同，差距则逐月拉开：有的冲刺，有的放松。"
            "`plan`：每月按当前走势选定一个保持到年底的努力。此处：仅努力，对比两者。",
        ),
        equation="$V_{12}(x) = \\mathrm{E}\\,W(x + \\sigma_m Z)$; $V_t(x) = \\max_e\\ -\\frac{\\kappa}{24}(e - 1)^2 + \\mathrm{E}\\,V_{t+1}(x + "
        "R(e)/12 + \\sigma_p Z/\\sqrt{12})$ with the luck of the months $\\sigma_p$, and $\\sigma_m$, which nobody sees before "
        "the year-end. `plan`: $\\max_e\\ \\mathrm{E}\\,W(x + \\tau R(e) + \\sqrt{\\sigma_m^2 + \\tau\\sigma_p^2}\\,Z) - "
        "\\tau\\frac{\\kappa}{2}(e - 1)^2$.",
        paths=("behaviour.responsive.effort.foresight",),
        source=both(
            "Bellman 1957, Dynamic programming; Oyer 1998, Fiscal year ends.",
            "Bellman 1957，动态规划；Oyer 1998，财年末效应。",
        ),
        figure=curves.foresight,
        caption=both(
            f"Left: effort of one office that expects {curves.NEAR:g} points, over {curves.YEARS} years of luck: mean, and where four years in "
            f"five lie. Right: January, by the score that the year is heading for. {LUCKY[0]}",
            f"左：预期{curves.NEAR:g}分的某所在{curves.YEARS}个不同运气年份中的努力：均值，及八成年份所在范围。右：1月的努力随全年得分走势变化。{LUCKY[1]}",
        ),
        on=alone("effort"),
        off=Arm(
            changes=only("effort", behaviour__responsive__effort__foresight="plan"), behaviour="responsive"
        ),
        outcomes=("effort", "effort_at_bound", *EFFECTS, "pay_total"),
    ),
    Rule(
        name="own-office",
        title=both("What people know of their own office", "对本单位的了解"),
        told=both(
            "People know the score that their office usually has, how much luck there is in it, and what more effort brings "
            "there. All three are measured in trials: replications of people who work as usual, and of the same with a random "
            "half of the units raised to another effort. Here: effort alone, with the measured return and with one number for all.",
            "人们了解本单位通常的得分、其中的运气成分，以及多努力能增加多少分。三者均由试算测得：先按通常努力模拟，再随机抽取一半单位提高努力重新模拟。"
            "此处：仅努力，对比实测回报与统一设定的回报。",
        ),
        equation="$R(e)$ = mean of $S(e) - S(1)$ when the unit is raised, less the same when only others are; made to rise with $e$ and "
        "linear between the efforts tried. $\\sigma_p$ = spread of the true score between trials; $\\sigma_m$ = spread of measured less true score. "
        "Score ahead in month $t$: $x = x_0 + \\frac{t}{12}(s_t - \\bar s_t)$ with the score so far $s_t$ and its usual value "
        "$\\bar s_t$. `assumed`: $R(e) = \\gamma\\,(e - 1)$; `learned`: $\\gamma$ from the years gone.",
        paths=(
            "behaviour.return",
            "behaviour.trials",
            "behaviour.responsive.effort.points_per_effort",
        ),
        source=both(
            "The model's own; isotonic regression as in Barlow et al. 1972, Statistical inference under order restrictions.",
            "模型自设；保序回归见 Barlow 等 1972。",
        ),
        figure=curves.known,
        caption=both(
            "From the fewest trials. Left: what effort brings to the offices with the least, the median and the greatest "
            "return. Right: all units, with 95 % intervals.",
            "由最少次数的试算得出。左：回报最低、居中、最高的国土所；右：全部单位及95%区间。",
        ),
        on=alone("effort"),
        off=Arm(changes=only("effort") | {"behaviour.return": "assumed"}, behaviour="responsive"),
        outcomes=("effort", "effort_at_bound", *EFFECTS, "pay_total"),
    ),
    Rule(
        name="career-values",
        title=both("What titles and posts are worth", "前途的价值"),
        told=both(
            "Promotion lines, titles and the bottom are worth something to those who decide how a unit works, in shares of "
            "a year's pay, beside pay itself. Here: effort alone, with these values and with pay alone.",
            "提拔线、荣誉和末位对决定单位工作的人有价值（折合年收入比例）。此处：仅努力，对比有无前途价值。",
        ),
        equation="$W(S)$ gains $V_p\\,[S \\ge T_p] + V_a\\,[S \\ge T_a] - V_b\\,P(\\text{bottom} \\mid S)$. The others' scores are believed "
        "independent, each with its expected score at its own planned effort: a fixed point, solved before January.",
        paths=("behaviour.responsive.careers",),
        source=both(
            "Lazear and Rosen 1981; Nalebuff and Stiglitz 1983; sizes assumed.",
            "Lazear 与 Rosen 1981；Nalebuff 与 Stiglitz 1983；数值为假定。",
        ),
        figure=curves.careers,
        caption=both(
            f"Effort of one office in July by the score that its year is heading for, with career values and with pay alone. {LUCKY[0]}",
            f"7月某所的努力随全年得分走势变化，对比有无前途价值。{LUCKY[1]}",
        ),
        on=alone("effort"),
        off=Arm(
            changes=only("effort") | curves.NO_CAREERS,
            behaviour="responsive",
        ),
        outcomes=("effort", *EFFECTS),
    ),
    Rule(
        name="titles-and-targets",
        title=both("What titles and targets are worth", "示范县、示范所的价值"),
        told=both(
            "A certified or an excellent office, one of the ten best, and the county that meets its target may be worth something to "
            "those who decide how an office works. Here: effort alone, each title worth a fiftieth of a year's pay, and the county twice that.",
            "示范所、优秀所、双十佳与全县创成目标，对决定单位工作的人可有价值。此处：仅努力，每项荣誉折合年收入的五十分之一，全县目标加倍。",
        ),
        equation="$W(S)$ gains $V_c\\,[S \\ge T_c] + V_e\\,[S \\ge T_e] + V_t\\,P(\\text{top ten} \\mid S) + V_y\\,[S \\ge T_c]\\,P(\\text{it decides the "
        "target})$; $V_t$ counts while there is a reward fund, $V_e$ for `assessment.excellent_types`.",
        paths=(
            "assessment.excellent_types",
            "behaviour.responsive.careers.certified",
            "behaviour.responsive.careers.excellent",
            "behaviour.responsive.careers.top",
            "behaviour.responsive.careers.county",
        ),
        source=both("Article, part 3, measure 4, item 1; sizes assumed.", "文章三、四、一；数值为假定。"),
        figure=curves.titles,
        caption=both(
            f"Effort of one office in July by the score that its year is heading for, by what a title is worth. {LUCKY[0]}",
            f"7月某所的努力随全年得分走势变化，按荣誉的价值。{LUCKY[1]}",
        ),
        on=Arm(changes=only("effort") | curves.titles_worth(0.02), behaviour="responsive"),
        off=alone("effort"),
        outcomes=("effort", "share_certified", "share_excellent", *EFFECTS),
    ),
    Rule(
        name="effort-by-kind",
        title=both("Effort by kind of matter", "各类事项的努力"),
        told=both(
            "A unit sets its effort for each kind of matter. Where kinds are substitutes, effort for one makes effort for the "
            "others dearer, so that what is not assessed gets less than usual; where they are independent it keeps its usual "
            "effort. Here: effort alone, only registration assessed, substitutes and independent kinds.",
            "单位对各类事项分别定努力。事项相互替代时，一类多用力会使其他事项更费力，不计分的因此低于通常水平；互不影响时则维持通常水平。"
            "此处：仅努力、只考核登记，对比相互替代与互不影响。",
        ),
        equation="cost $= \\frac{\\kappa}{2}\\left[\\bar e^2 + q \\sum_k w_k (e_k - 1 - \\bar e)^2\\right]$, $\\bar e = \\sum_k w_k (e_k - 1)$, "
        "$q = (1 - \\rho)/(1 + \\rho)$, shares of work $w$. With gains $g_k$ and $G = \\sum g_k$: $e_k - 1 = [g_k/(q w_k) - (1/q - 1)\\,G]/\\kappa$.",
        paths=("behaviour.responsive.effort.substitution",),
        source=both(
            "Holmström and Milgrom 1991, Multitask principal-agent analyses; the size is assumed.",
            "Holmström 与 Milgrom 1991；数值为假定。",
        ),
        figure=curves.kinds,
        caption=both(
            f"Effort of one office for each kind, heading for {curves.NEAR:g} points in July, only registration assessed.",
            f"只考核登记，7月走势为{curves.NEAR:g}分时某所对各类事项的努力。",
        ),
        on=Arm(changes=only("effort") | REGISTRATION, behaviour="responsive"),
        off=Arm(
            changes=only("effort", behaviour__responsive__effort__substitution=0) | REGISTRATION,
            behaviour="responsive",
        ),
        outcomes=(
            "effort@fees",
            "effort@homestead",
            "effort@registration",
            "hands_on_minutes@fees",
            "hands_on_minutes@registration",
            "mean_processing_days@fees",
            "mean_processing_days@registration",
            "effort",
        ),
        remark=both(
            "Effort and hands-on time are what the rule moves. Waiting may move otherwise, as faster work on one kind frees "
            "people who serve the others.",
            "此制度改变的是努力与经办用时；等待时间可能另有变化，因为一类事项办得快会为其他事项腾出人手。",
        ),
    ),
    Rule(
        name="people-differ",
        title=both("People differ", "各单位反应不同"),
        told=both(
            "A share of the units does not respond; strength, cost of effort and the return that people believe in may differ by unit, "
            "drawn from a stream of its own or given by name. Here: effort alone, with a third that does not respond and "
            "costs and returns up to half away from the mean.",
            "部分单位不作反应；反应强度、努力成本和认定的回报可因单位而异，由专门的随机流抽取，也可逐个指定。此处：仅努力，三分之一单位不作反应，成本与回报最多偏离均值一半。",
        ),
        equation="strength$_u$ $=$ strength $\\cdot\\,[U_0 \\ge \\text{not responding}]\\,(1 + d_1(2U_1 - 1))$; cost and return likewise with $d_2$, $d_3$; "
        "$U$ uniform, four numbers for each unit.",
        paths=("behaviour.responsive.people",),
        source=both("The model's own; sizes assumed.", "模型自设；数值为假定。"),
        figure=curves.people,
        caption=both(
            f"Effort of one office in July by the score that its year is heading for, for three costs and without response. {LUCKY[0]}",
            f"7月某所的努力随全年得分走势变化：三种成本，及不作反应。{LUCKY[1]}",
        ),
        on=Arm(
            changes=only("effort")
            | {
                f"behaviour.responsive.people.{name}": size
                for name, size in (("not_responding", 0.33), ("cost_spread", 0.5), ("gain_spread", 0.5))
            },
            behaviour="responsive",
        ),
        off=alone("effort"),
        outcomes=("effort", *EFFECTS, "pay_total"),
    ),
    Rule(
        name="allocation",
        title=both("Attention follows what is assessed", "注意力分配（工作失衡）"),
        told=both(
            "What gets less effort than the work as a whole is also left lying for other matters, and so are patrol "
            "and consolidation where they are not assessed. Shown where only registration is assessed, under which it acts most.",
            "努力低于整体水平的事项还会被搁置，让位于其他事项；不计分的巡查与整理亦然。在“只考核登记”的情形下作用最明显。",
        ),
        equation="attention $= 1 - \\text{strength}\\,(1 - e_k/(1 + \\bar e))$ with effort $e_k$ for the kind and $\\bar e$ extra for the whole, at "
        "least `floor`; duties that are not assessed: $e_k - 1 = -(1/q - 1)\\,\\bar e$, $q$ as on [effort by kind](effort-by-kind.md). With "
        "`duty_hours` duties are one more task there, with its share of the hours, at most $e_k = 1$; it brings its points less those of the service that its hours would do.",
        paths=("behaviour.responsive.allocation", "behaviour.neglect_days"),
        source=both(
            "Article, part 2.1: 工作失衡; Holmström and Milgrom 1991, Multitask principal-agent analyses; sizes assumed.",
            "文章二、一：工作失衡；Holmström 与 Milgrom 1991；数值为假定。",
        ),
        figure=curves.attention,
        caption=both(
            f"Attention of one office heading for {curves.NEAR:g} points in July, all kinds assessed and only registration.",
            f"7月走势为{curves.NEAR:g}分时某所的关注度：全部考核与只考核登记。",
        ),
        on=Arm(changes=only("allocation") | REGISTRATION, behaviour="responsive"),
        off=Arm(changes=REGISTRATION),
        outcomes=(
            "attention_spread",
            "on_time_rate@registration",
            "on_time_rate@fees",
            "on_time_rate@homestead",
            "mean_processing_days@registration",
            "mean_processing_days@fees",
            "duty_rate",
            "mean_score",
        ),
        remark=both(
            "Both worlds assess offices on registration alone; without: no response.",
            "两者均只考核登记；无：不作反应。",
        ),
    ),
    Rule(
        name="late-to-the-back",
        title=both("Late to the back", "超期件后置"),
        told=both(
            "Once a case is late it can no longer be saved for the score, so under pressure it is left lying while fresh "
            "ones are done. On-time rate up, the late ones' wait longer.",
            "超期件已无法挽回得分，压力下被搁置而先办新件：按时率上升，超期件等得更久。",
        ),
        equation="late requests behind all others $\\iff 100\\,m \\ge$ `pressure` and points for being in time outweigh points for "
        "what lies overdue; $m = \\mathrm{E}\\,V'$, what the next point is worth at the planned effort, in years of pay.",
        paths=("behaviour.responsive.timing",),
        source=both("The model's own; sizes assumed.", "模型自设；数值为假定。"),
        figure=curves.timing,
        caption=both(
            "Scores ahead at which one office serves late requests last in July (squares), by the pressure asked.",
            "7月某所将超期件后置的得分走势区间（方块），随触发激励变化。",
        ),
        on=alone("timing"),
        outcomes=(
            "late_last",
            "on_time_rate",
            "mean_overdue_days",
            "overdue_open",
            "p99_processing_days",
            "mean_score",
        ),
        remark=BOTH,
    ),
    Rule(
        name="discipline",
        title=both("Discipline where it is scored", "考核工作纪律"),
        told=both(
            "Where discipline is scored, a share of the usual breaches is spared: the desk opens on time, and somebody takes the matter up.",
            "考核工作纪律时，部分违纪不再发生：窗口按时开门，事项有人承办。",
        ),
        equation="spared $= \\min(\\text{most},\\ \\text{sensitivity} \\cdot 100\\,m \\cdot a)$ for $a$ points a percentage point of discipline; "
        "$m$ as on [late to the back](late-to-the-back.md).",
        paths=("behaviour.responsive.discipline",),
        source=both(
            "Article, part 3, measure 2: 遵守规章制度, 工作纪律; sizes assumed.",
            "文章三、二：遵守规章制度、工作纪律；数值为假定。",
        ),
        figure=curves.discipline,
        caption=both(
            "Breaches of one office in July by the score ahead, at 0.5, 1 and 2 points a percentage point.",
            "7月某所违纪随全年得分走势的变化，每个百分点扣0.5、1、2分。",
        ),
        on=Arm(changes=KEPT | {"behaviour.responsive.discipline.on": True}, behaviour="responsive"),
        off=Arm(changes=KEPT, behaviour="responsive"),
        outcomes=("discipline", "late_openings", "absences", "mean_wait_minutes", "mean_score"),
        remark=both(
            "Both worlds have late opening and an item for discipline on the offices' scorecard. The wait grows although desks "
            "open on time: discipline brings points, so full pay asks for less effort at work.",
            "两者均有窗口迟开，国土所考核表均有工作纪律一项。窗口按时开门而等候反而延长：守纪得分提高，全额兑现所需的工作努力随之减少。",
        ),
    ),
    Rule(
        name="projects-scored",
        title=both("Projects where they are scored", "项目严格考核"),
        told=both(
            "Where the acceptance of projects is scored, a unit spares a share of the rounds for which it usually puts them off.",
            "考核项目验收时，单位少搁置一部分项目阶段。",
        ),
        equation="spared $= \\min(\\text{most},\\ \\text{sensitivity} \\cdot 100\\,m \\cdot a)$ for $a$ points between none and all projects "
        "accepted in time; $m$ as on [late to the back](late-to-the-back.md).",
        paths=("behaviour.responsive.projects",),
        source=both(
            "Article, part 3, measure 2: 严格考核 after 打包入库 and 验收出库; sizes assumed.",
            "文章三、二、二：打包入库、验收出库、严格考核；数值为假定。",
        ),
        figure=curves.projects,
        caption=both(
            "Rounds put off of one office in July by the score ahead, with 3, 6 and 12 points for projects.",
            "7月某所项目推后随全年得分走势的变化，项目分值3、6、12分。",
        ),
        on=Arm(changes=HINDERED | {"behaviour.responsive.projects.on": True}, behaviour="responsive"),
        off=Arm(changes=HINDERED, behaviour="responsive"),
        outcomes=("projects_accepted", "projects_lagging", "mean_processing_days", "mean_score"),
        remark=both(
            "Both worlds have what makes projects lag and an item for projects on the offices' scorecard.",
            "两者均有项目滞后因素，国土所考核表均有目标项目一项。",
        ),
    ),
    Rule(
        name="recording",
        title=both("Recording as in time", "记录造假"),
        told=both(
            "Under pressure a share of nearly late cases is clock-stopped, sent back for a needless supplement, closed "
            "and reopened, or entered as finished before the limit. Nothing is done sooner: the recorded on-time rate "
            "parts from the true one.",
            "压力下部分临界件被停钟、不必要补正、先结后办或倒填办结日期：实际并未更快，记录的按时率与真实分离。",
        ),
        equation="share $= \\min(\\text{most},\\ \\text{sensitivity} \\cdot 100\\,m \\cdot \\max(0, 1 - r\\,p/g))$ for audits of rate $r$ and "
        "penalty $p$, and $g$ points gained a case; $m$ as on [late to the back](late-to-the-back.md).",
        paths=("behaviour.responsive.recording",),
        source=both(
            "Becker 1968; Courty and Marschke 2004, An empirical investigation of gaming responses; sizes assumed.",
            "Becker 1968；Courty 与 Marschke 2004；数值为假定。",
        ),
        figure=curves.recording,
        caption=both(
            "Share of nearly late cases recorded as in time by one office in July, by the score ahead and audits.",
            "7月某所临界件按时登记比例，随全年得分走势与稽核变化。",
        ),
        on=alone("recording"),
        outcomes=(
            "on_time_gap",
            "recorded_on_time_rate",
            "on_time_rate",
            "mean_processing_days",
            "needless_returns",
            "mean_score",
        ),
        remark=BOTH,
    ),
    Rule(
        name="ratchet",
        title=both("Ratchet", "棘轮效应"),
        told=both(
            "People hold back because next year's target rises with this year's score. Off unless chosen, as evidence for "
            "it in China is weak. Here: effort alone, with the ratchet and without.",
            "因下年目标随今年得分上调而留力。证据有限，默认关闭。此处：仅努力，对比有无棘轮。",
        ),
        equation="$W' \\cdot r/(r + \\kappa)$ in place of $W'$, with discount rate $r$.",
        paths=("behaviour.responsive.ratchet", "behaviour.responsive.discount"),
        source=both(
            "Weitzman 1980; against it Fisman and Wang 2017, The distortionary effects of incentives in government.",
            "Weitzman 1980；反例见 Fisman 与 Wang 2017。",
        ),
        figure=curves.ratchet,
        caption=both(
            "What is left of an incentive, by how much targets follow scores.",
            "激励的剩余比例随目标上调比例变化。",
        ),
        on=Arm(changes=only("effort") | {"behaviour.responsive.ratchet.on": True}, behaviour="responsive"),
        off=alone("effort"),
        outcomes=("effort", *EFFECTS),
    ),
    Rule(
        name="learning",
        title=both("Learning by trial", "试错学习"),
        told=both(
            "Units that know no schedule try another effort each year, go on if it paid and turn round if it did not. A "
            "check of how far results hang on people knowing the rules.",
            "不了解兑现规则的单位每年试探另一努力水平，得益则继续，否则转向；用以检验结果是否依赖于人们了解规则。",
        ),
        equation="$e_{t+1} = e_t \\pm \\text{step} \\cdot U(0.5, 1.5)$; the sign is kept if (share of pay won) $- c/2\\,(e - 1)^2$ rose, else "
        "turned.",
        paths=("behaviour.learning",),
        source=both(
            "Huck, Normann and Oechssler 2004, Through trial and error to collusion; sizes assumed.",
            "Huck、Normann 与 Oechssler 2004；数值为假定。",
        ),
        figure=curves.trials,
        caption=both(
            "What one office gains by its effort of a year, from three scores without extra effort; the marks are the tops.",
            "某所全年努力的得失（三种起点得分）；标记为最优点。",
        ),
        on=Arm(behaviour="learning", years=5),
        off=Arm(years=5),
        outcomes=("effort", *EFFECTS, "pay_total"),
        remark=both(
            "In the fifth year; with: learning by trial, without: no response.",
            "比较第五年；有：逐年试探；无：不作反应。",
        ),
    ),
)

GROUP = Group(title=both("Behaviour", "行为"), rules=RULES)
