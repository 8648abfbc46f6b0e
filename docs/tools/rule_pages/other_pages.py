"""Pages of work that is not a request: study, standing duties, target projects."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import other_curves as curves
from .rule import Arm, Group, Rule, both

STUDY = both("Article, part 3, measure 1 (study).", "文章三、一（学习）。")
CHAIN = both(
    "Article, part 3, measures 2 and 5: 打包入库, 二级管理—全程督查—验收出库—严格考核; sizes assumed.",
    "文章三、二、二与三、五、一；数值为假定。",
)
SERVICE = ("on_time_rate", "mean_processing_days", "mean_wait_minutes")

CHAIN_PARTS = ("hindrances", "unit_checks", "bureau_checks", "owners", "urgency")
CHAIN_ON = {f"projects.{part}.on": True for part in CHAIN_PARTS}

RULES = (
    Rule(
        name="study-load",
        title=both("Study load", "学习制度"),
        told=both(
            "Weekly self-study, lectures, integrity education and a research article a quarter take people off service at "
            "the hours where they are put. What they bring stands on the page of study and skill.",
            "每周自学、讲座、廉政教育和每季度一篇调研文章占用人员时间；其收益见“学习与技能”一页。",
        ),
        equation="Hours on duty $=$ office hours $-$ leave $-$ training $-$ study $-$ standing duties; study a year "
        "$\\approx 52\\,h + n_l h_l + n_i h_i + 4 h_a$.",
        paths=(
            "study.weekly_hours",
            "study.lectures_a_year",
            "study.lecture_hours",
            "study.integrity_sessions_a_year",
            "study.integrity_hours",
            "study.article_hours_a_quarter",
            "study.article_session_hours",
        ),
        source=STUDY,
        figure=curves.by_use,
        caption=both(
            "Hours of a person's year by role and use. One replication.", "各岗位人均年工时的用途，一次模拟。"
        ),
        on=Arm(),
        off=Arm(
            changes={
                "study.weekly_hours": 0,
                "study.lectures_a_year": 0,
                "study.integrity_sessions_a_year": 0,
                "study.article_hours_a_quarter": 0,
            }
        ),
        outcomes=("study_hours", "study_gain_hours", "utilisation", *SERVICE, "error_rate"),
        remark=both(
            "Without study nobody has anything to miss, so scores are not compared here.",
            "无学习任务时学习完成率无意义，故此处不比较得分。",
        ),
    ),
    Rule(
        name="study-placement",
        title=both("Where study is put", "学习时段安排"),
        told=both(
            "The weekly hours may be put in the peak or in slack hours, for all at once or in turn. Here: staggered over "
            "four quiet afternoons, against everybody on Monday morning.",
            "每周学习可放在高峰或低谷时段，可集中或错峰。此处为四个下午轮流学习，对比全员周一上午。",
        ),
        equation="Person $i$ studies in slot $i \\bmod k$ of the $k$ slots if `staggered`, else in the first; on a holiday it "
        "moves to the next worked day of that week.",
        paths=("study.slots", "study.staggered"),
        source=both(
            "Assumed; the article asks for two hours a week and not when.",
            "假定；文章只规定每周两小时，未定时段。",
        ),
        figure=curves.study_place,
        caption=both(
            "What comes to the counter over the week (grey), and when study takes people off (red; in slack hours a "
            "quarter of them each).",
            "一周来件分布（灰）与学习占用的时段（红；错峰时每段四分之一人员）。",
        ),
        on=Arm(policy="study-in-slack"),
        outcomes=("mean_wait_minutes", "mean_processing_days", "on_time_rate", "study_hours"),
    ),
    Rule(
        name="training",
        title=both("Tiered training", "分级培训"),
        told=both(
            "Leaders, mid-level cadres and ordinary staff are trained for whole days by a yearly plan. It takes them off "
            "service and adds to what they know.",
            "领导、中层和普通干部按年度计划参加整日培训，占用时间，增加学习积累。",
        ),
        equation="`days_a_year` working days off service for each person of a tier, in blocks, by the person's own luck, in "
        "the `months` of the plan.",
        paths=("training",),
        source=both(
            "Article, part 3, measure 1: tiers and a plan; days assumed.",
            "文章三、一（一）：分级培训与年度计划；天数为假定。",
        ),
        figure=curves.by_use,
        caption=both(
            "Hours of a person's year by role and use. One replication.", "各岗位人均年工时的用途，一次模拟。"
        ),
        on=Arm(),
        off=Arm(changes={f"training.{tier}.days_a_year": 0 for tier in ("leaders", "mid_level", "ordinary")}),
        outcomes=("knowledge_hours", "study_hours", "utilisation", *SERVICE, "error_rate"),
    ),
    Rule(
        name="awards",
        title=both("Rewards for degrees and certificates", "以奖代补"),
        told=both(
            "People who earn a degree or a certificate are paid a reward, and know more afterwards. Who earns one is a "
            "matter of the person's own luck; whether the reward moves people stands on a page of its own.",
            "取得学历或证书者获得奖励，学习积累随之增加；取得与否由个人机遇决定；奖励的激励作用另见一页。",
        ),
        equation="Each person and year: with `chance` $p$ a reward and so many hours of knowledge.",
        paths=("awards",),
        source=both(
            "Article, part 3, measure 1: 以奖代补; sums and chances assumed.",
            "文章三、一（三）：以奖代补；金额与概率为假定。",
        ),
        figure=curves.award_count,
        caption=both(
            "Awards of the whole bureau in a year, over 300 drawn years.",
            "全局一年取得的学历与证书数（300个抽样年份）。",
        ),
        on=Arm(years=3),
        off=Arm(changes={"awards.degree.chance": 0, "awards.certificate.chance": 0}, years=3),
        outcomes=(
            "awards",
            "award_pay",
            "knowledge_hours",
            "study_gain_hours",
            "error_rate",
            "pay_total",
        ),
        remark=both(
            "In the third year: what is earned in a year is known from the next one on. Rewards are told apart and are "
            "not part of the pay of the assessment.",
            "比较第三年：当年取得的学历证书自次年起计入学习积累；奖励单列，不计入考核兑现的工资。",
        ),
    ),
    Rule(
        name="standing-duties",
        title=both("Standing duties", "经常性工作：巡查、整理、家家到"),
        told=both(
            "Patrol, land consolidation, peer visits and meetings take roles off service at fixed hours. Less of them "
            "would speed requests up, at the price of what they are for.",
            "巡查、土地整理、家家到和会议在固定时段占用人员；减少它们会加快办件，但其本身的作用也就没有了。",
        ),
        equation="Hours on duty of a role $=$ office hours $-$ the duty's hours, every `every_weeks` weeks from "
        "`first_week`.",
        paths=("duties",),
        source=both(
            "Article, part 2.1 and part 3: 执法监察, 土地开发整理, 家家到; hours assumed.",
            "文章二、一与三：执法监察、土地开发整理、家家到；时间为假定。",
        ),
        figure=curves.duties,
        caption=both(
            "Hours of standing duties by type of unit and role. One replication.",
            "各类单位与岗位的经常性工作工时，一次模拟。",
        ),
        on=Arm(),
        off=Arm(changes={"duties": {}}),
        outcomes=("mean_processing_days", "on_time_rate", "mean_wait_minutes", "utilisation"),
    ),
    Rule(
        name="target-projects",
        title=both("Target projects", "打包入库"),
        told=both(
            "The year's targets are broken down into projects with hours of work and a due date. They stand in the same "
            "lines as the requests of the public and compete for the same people.",
            "年度目标分解为有工时、有期限的项目，与群众来件排在同一队伍，占用同一批人员。",
        ),
        equation="break-down → $n$ stages of $h/n$ hours, planned evenly over `planned_share` of the time → acceptance → "
        "with chance `sent_back` mended and accepted again.",
        paths=("projects",),
        source=CHAIN,
        figure=curves.project_plan,
        caption=both("When the stages of a project are planned to begin.", "各类项目阶段的计划开工时间。"),
        on=Arm(),
        off=Arm(policy="no-projects"),
        outcomes=("projects_accepted", "utilisation", *SERVICE, "arrivals"),
    ),
    Rule(
        name="supervision",
        title=both("Supervision all the way", "全程督查"),
        told=both(
            "Stages that lag at the mid-term check are put forward in the line by some days, instead of waiting their turn "
            "like everything else.",
            "中期检查时滞后的阶段在队伍中提前若干天，而不是照常排队。",
        ),
        equation="Place in line of an early stage not yet begun $=$ its time of arrival $-$ `supervision_days`, for stages "
        "planned before `midterm_share` of the time.",
        paths=("projects.supervision_days", "projects.midterm_share"),
        source=CHAIN,
        figure=curves.accepted,
        caption=both(
            "How long before the due date projects are accepted. One replication.",
            "项目提前验收的天数，一次模拟。",
        ),
        on=Arm(),
        off=Arm(policy="no-supervision"),
        outcomes=(
            "mean_processing_days@project.consolidation",
            "mean_processing_days@project.ledger",
            "mean_processing_days@project.campaign",
            "projects_accepted",
            "mean_processing_days",
            "on_time_rate",
        ),
    ),
    Rule(
        name="project-chain",
        title=both("What holds against projects that lag", "项目滞后与管理链条"),
        told=both(
            "A project may take more hours than planned, be put off by its owner, and be held up outside the unit. Three "
            "things hold against it. A named owner puts off less. The checks of the unit and of the bureau press what lags, so "
            "that it stands still for a shorter time. Urgent projects go before others in the line.",
            "项目可能工作量超出计划、被承办人搁置，或因外部原因停滞。应对办法有三：明确责任人，减少搁置；单位与县局两级督查，"
            "督促滞后项目，缩短停滞；按轻重缓急，急件先办。",
        ),
        equation="Before each stage: rounds of `days` with chance `put_off` $\\times$ `put_off_factor`, then with chance "
        "`held_up`. A round that begins while the project lags takes $1 -$ `effect` of it: behind its plan at the unit's "
        "level, also beyond `midterm_share` at the bureau's.",
        paths=(
            "projects.hindrances",
            "projects.unit_checks",
            "projects.bureau_checks",
            "projects.owners",
            "projects.urgency",
        ),
        source=CHAIN,
        figure=curves.project_store,
        caption=both(
            "Projects in store and lagging by month, with the chain and without it. One replication.",
            "各月在库与滞后项目数，有无管理链条的比较，一次模拟。",
        ),
        on=Arm(changes=CHAIN_ON),
        off=Arm(changes={"projects.hindrances.on": True, "projects.supervision_days": 0}),
        outcomes=(
            "projects_accepted",
            "projects_lagging",
            "projects_taken_out",
            "projects_sent_back",
            "utilisation",
            *SERVICE,
        ),
        remark=both(
            "On both sides what hinders projects is on; without it all of binhai's projects are accepted in time.",
            "比较双方都有滞后因素；没有滞后因素时，滨海的项目全部按期验收。",
        ),
    ),
)

GROUP = Group(title=both("Work that is not a request", "其他工作"), rules=RULES)
