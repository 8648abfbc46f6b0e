"""The words of the page, in both languages."""

from __future__ import annotations

from sim.report.words import LANGUAGES, Text, check_language

WORDS = {
    # the head of the page
    "title": Text(en="What if…", zh="假设分析"),
    "lead": Text(
        en="Move a rule and see what it changes, beside the current rules.",
        zh="调整规则，与现行规则对照，查看变化。",
    ),
    "scenario": Text(en="Office", zh="单位情景"),
    "start": Text(en="Start from", zh="起点方案"),
    "behaviour": Text(en="People", zh="人员行为"),
    "mechanical": Text(en="do not respond to the rules", zh="不作反应"),
    "responsive": Text(en="respond to the rules", zh="随规则调整"),
    "other_language": Text(en="中文", zh="English"),
    "skip": Text(en="Skip to the results", zh="跳到结果"),
    # what was set
    "undo": Text(en="Undo", zh="撤销"),
    "redo": Text(en="Redo", zh="重做"),
    "to_start": Text(en="Back to the start", zh="恢复起点方案"),
    "to_current": Text(en="Back to current rules", zh="恢复现行规则"),
    "reset_one": Text(en="Reset", zh="还原"),
    "settings": Text(en="Rules", zh="规则"),
    "changes": Text(en="What this policy changes", zh="本方案的改动"),
    "no_changes": Text(en="Nothing yet: these are the current rules.", zh="尚无改动，为现行规则。"),
    "now": Text(en="now", zh="现行"),
    # the schedule
    "schedule": Text(en="Pay schedule", zh="兑现曲线"),
    "rule": Text(en="Threshold and deduction", zh="门槛与扣减"),
    "corners": Text(en="Drawn by its corners", zh="按节点绘制"),
    "form": Text(en="Form", zh="形式"),
    "corner": Text(en="Corner", zh="节点"),
    "score_at": Text(en="Score", zh="得分"),
    "share_at": Text(en="Share of assessment pay", zh="考核工资发放比例"),
    "jump": Text(en="jumps to", zh="跳升至"),
    "add_corner": Text(en="Add a corner", zh="增加节点"),
    "remove": Text(en="Remove", zh="删除"),
    "picture": Text(
        en="Share of assessment pay paid at each year-end score: the current rule in grey, this policy in "
        "blue, the target bonus dashed. Dots are the units' mean scores under the current rules, "
        "lower ones at the left edge.",
        zh="各年终得分对应的考核工资发放比例：灰线为现行规则，蓝线为本方案，虚线为目标资金；圆点为各单位现行规则下的平均得分（更低者置于左端）。",
    ),
    "score_axis": Text(en="Year-end score (points)", zh="年终得分（分）"),
    # staff
    "staff": Text(en="People between offices", zh="人员调配"),
    "from": Text(en="From", zh="调出"),
    "to": Text(en="To", zh="调入"),
    "people": Text(en="People", zh="人数"),
    "move": Text(en="Move", zh="调动"),
    # results
    "summary": Text(en="Main results", zh="主要结果"),
    "results": Text(en="Results", zh="结果"),
    "current": Text(en="Current rules", zh="现行规则"),
    "this": Text(en="This policy", zh="本方案"),
    "outcome": Text(en="Outcome", zh="指标"),
    "difference": Text(en="Difference, 95% interval", zh="差异及95%区间"),
    "pin": Text(en="Pin this result", zh="固定本次结果"),
    "unpin": Text(en="Unpin", zh="取消固定"),
    "pinned": Text(en="Pinned", zh="已固定的结果"),
    "service": Text(en="Service", zh="服务"),
    "scores": Text(en="Scores", zh="考核得分"),
    "pay": Text(en="Pay and cost", zh="收入与支出"),
    "losing": Text(en="People who earn less", zh="减收人员比例"),
    "everybody": Text(en="everybody", zh="全部人员"),
    "nobody": Text(en="nobody", zh="无人"),
    "same": Text(en="no change", zh="无变化"),
    "points": Text(en="percentage points", zh="个百分点"),
    "gains": Text(en="Who gains and who loses", zh="收入增减情况"),
    "gain": Text(en="Change of pay", zh="收入变化"),
    "share": Text(en="Share of people", zh="人员比例"),
    "loss_over_5": Text(en="loses over 5%", zh="减收5%以上"),
    "loss_to_5": Text(en="loses up to 5%", zh="减收5%以内"),
    "no_change": Text(en="no change", zh="无变化"),
    "gain_to_5": Text(en="gains up to 5%", zh="增收5%以内"),
    "gain_over_5": Text(en="gains over 5%", zh="增收5%以上"),
    "units": Text(en="Units, difference from current rules", zh="各单位与现行规则之差"),
    "unit": Text(en="Unit", zh="单位"),
    "more_units": Text(en="{count} more units change less.", zh="另有{count}个单位变化较小。"),
    # how far an estimate reaches
    "reach": Text(en="What this estimate holds", zh="本估计的范围"),
    "holds": Text(
        en="The intervals hold luck: {count} paired replications of {length}, the same citizens under both "
        "rules. {behaviour}",
        zh="区间反映偶然因素：{length}，重复模拟{count}次，两种规则下来件相同，逐对比较。{behaviour}",
    ),
    "year": Text(en="one year", zh="一年"),
    "stretch": Text(en="the scenario's stretch of time", zh="情景所定时段"),
    "if_mechanical": Text(
        en="People work the same way under every rule.", zh="假定人员工作方式不随规则改变。"
    ),
    "if_responsive": Text(
        en="People adjust their work to what the rule pays.", zh="假定人员按规则所给的得失调整工作。"
    ),
    "lacks_title": Text(en="They do not hold:", zh="未反映："),
    "lacks_assumed": Text(
        en="Assumptions not varied: {count} numbers of this office are assumed, and other plausible ones may "
        "give another answer.",
        zh="假定未变动：本情景有{count}个数值为假定，取其他合理值时结论可能不同。",
    ),
    "lacks_mechanical": Text(
        en="How people respond to the rule. Choose “respond to the rules” to see it.",
        zh="人员对规则的反应。可选“随规则调整”查看。",
    ),
    "lacks_responsive": Text(
        en="What effort costs people: it is assumed. Read this beside “do not respond”.",
        zh="努力的成本（为假定值）。须与“不作反应”的结果对照阅读。",
    ),
    "lacks_years": Text(
        en="Later years: moves, promotions and what is learned.",
        zh="以后年度的交流、提拔和学习积累。",
    ),
    "lacks_replications": Text(
        en="The gains of trying many settings: the best of many looks better than it is. A study decides.",
        zh="多次试选带来的偏差：多次尝试中最好的结果往往偏于乐观，应以正式研究为准。",
    ),
    # progress
    "working": Text(en="Simulating…", zh="正在模拟……"),
    "preparing_responsive": Text(
        en="Measuring what effort brings in this office, once: some minutes for a large one.",
        zh="首次测算本情景中努力的成效，规模较大时需数分钟。",
    ),
    "preparing_mechanical": Text(
        en="Simulating the current rules for the first time: up to half a minute.",
        zh="首次模拟现行规则，至多约需半分钟。",
    ),
    "progress": Text(en="{done} of {all} replications", zh="已完成{done}/{all}次模拟"),
    "done": Text(en="Done: {all} replications", zh="已完成：共{all}次模拟"),
    "lost": Text(
        en="The server does not answer. Is it still running?", zh="服务器没有响应，请确认其仍在运行。"
    ),
    # files
    "too_large": Text(
        en="This file is too large to be a policy file. Choose a file that was saved here.",
        zh="文件过大，不是方案文件。请选择在此保存的文件。",
    ),
    "keep": Text(en="Keep and report", zh="保存与报告"),
    "name": Text(en="File name (letters, digits, -)", zh="文件名（字母、数字、-）"),
    "policy_title": Text(en="Title of the policy", zh="方案标题"),
    "default_title": Text(en="My policy", zh="我的方案"),
    "colon": Text(en=": ", zh="："),
    "reason": Text(en="Reason", zh="提出理由"),
    "save": Text(en="Save as a policy file", zh="保存为方案文件"),
    "saved": Text(en="Saved and checked: {name}", zh="已保存并通过检查：{name}"),
    "yours": Text(en="Your policies", zh="我的方案"),
    "none_yet": Text(en="None yet.", zh="暂无。"),
    "load": Text(en="Open", zh="打开"),
    "download": Text(en="Download", zh="下载"),
    "open_file": Text(en="Open a policy file from disk", zh="打开本机方案文件"),
    "brief": Text(en="Make its briefing", zh="生成决策参考"),
    "briefing_wait": Text(
        en="Making the briefing: 10 new replications, then the page. Half a minute, more on a busy machine.",
        zh="正在生成决策参考：重新模拟10次并排版，约需半分钟，机器繁忙时更久。",
    ),
    "briefing_ready": Text(en="The briefing is ready:", zh="决策参考已生成："),
    "question": Text(en='What does the policy "{title}" change?', zh="方案“{title}”带来哪些变化？"),
    "study_title": Text(en="{scenario}: {title}", zh="{scenario}试行“{title}”"),
    "stopped": Text(en="The briefing could not be made: {why}", zh="未能生成决策参考：{why}"),
}


def say(word: str, lang: str, **values: object) -> str:
    """Return a text of the page in `lang`, with values put in."""
    said: str = getattr(WORDS[word], check_language(lang))
    return said.format(**values) if values else said


def words(lang: str) -> dict[str, str]:
    """Return all texts of the page in a language."""
    return {name: say(name, lang) for name in WORDS}


def other(lang: str) -> str:
    """Return the other language."""
    return next(one for one in LANGUAGES if one != lang)
