"""Briefing and comparison of every shipped scenario, and of the least that a scenario may be."""

import re
from pathlib import Path

import pytest

from sim.report import glyphs
from sim.study import study as load_study

from .in_process import page_of

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
DAYS = "changes: {horizon: {start: 2025-03-03, minutes: 4320}}"  # of a year's scenario: three days will do
STUDIES = {  # scenario: policy, what makes it short
    "binhai": ("threshold-90", "replications: 2"),
    "one-office": ("one-more-clerk", "replications: 3"),
    "outpatients": ("hurry", f"replications: 2\n{DAYS}"),
    "province": ("no-bottom", f"replications: 2\n{DAYS}"),
    "traffic-fines": ("tighter-limit", "replications: 2"),
    "urgent-care": ("triage-plus-one", "replications: 3"),
    "warsaw-halls": ("two-counters-moved", "replications: 2"),
}


def _study(folder, scenario, policy, more):
    (folder / "studies").mkdir()
    file = folder / "studies" / "short.yaml"
    file.write_text(
        "format: jingxi-study/1\ntitle: {en: A short study, zh: 简短的研究}\n"
        "question: {en: What of it?, zh: 如何？}\nseed: 1\n"
        f"scenario: {scenario}\npolicies: [{policy}]\n{more}\n",
        encoding="utf-8",
    )
    return load_study(file).run(workers=1, progress=False)


def test_every_shipped_scenario_is_here():
    assert set(STUDIES) == {file.parent.name for file in SHIPPED.glob("*/scenario.yaml")}


def _told(page):
    """The text of a page: no fonts, styles, or outlines."""
    return re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("scenario", STUDIES)
def test_a_shipped_scenario_is_reported(scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        glyphs, "font_faces", lambda text, serif=False, lang="zh": ""
    )  # a second a page, tested elsewhere
    study = _study(tmp_path, scenario, *STUDIES[scenario])
    title = study.policies[STUDIES[scenario][0]].title
    limited = any(kind.limit for kind in study.scenario.kinds.values())
    for report, lang in (("briefing", "en"), ("comparison", "zh")):
        told = _told(page_of(study, report, lang, tmp_path))
        assert getattr(title, lang) in told
        assert not re.search(r"\bnan\b|\bNone\b|e[−-]1\d", told)
        assert ({"en": "On time (%)", "zh": "按时办结率"}[lang] in told) == limited


LEAST = """\
format: jingxi-scenario/1
title: {en: Least, zh: 最简}
description: {en: Least., zh: 最简。}
horizon: HORIZON
calendar: {country: none, week: always}
roles: {window: {title: {en: Window, zh: 窗口}}}
grades: {clerk: {title: {en: Clerk, zh: 办事员}, base_pay: 0, assessment_pay: 0,
                 target_bonus: 0, leave_days: 0}}
unit_types: {office: {title: {en: Office, zh: 所}}}
units: {office: {type: office, title: {en: Office, zh: 所}}}
staff: {clerk: {unit: office, role: window, grade: clerk}}
kinds: {visit: {title: {en: Visit, zh: 来访}, route: {
  serve: {type: work, at: own/window, minutes: 12, distribution: exponential}}}}
demand: {visit: {volumes: {office: VOLUME}, per: hour}}
"""


@pytest.mark.parametrize(
    ("volume", "horizon"),
    [
        ("4", "{start: 2025-01-01, minutes: 600}"),
        ("0", "{start: 2025-01-01, minutes: 600}"),
        ("0", "{start: 2025-01-01, years: 1}"),
    ],
)
def test_without_limits_scores_pay_or_anybody_who_comes(volume, horizon, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(glyphs, "font_faces", lambda text, serif=False, lang="zh": "")
    folder = tmp_path / "least"
    (folder / "policies").mkdir(parents=True)
    content = LEAST.replace("VOLUME", volume).replace("HORIZON", horizon)
    (folder / "scenario.yaml").write_text(content, encoding="utf-8")
    (folder / "policies" / "two.yaml").write_text(
        "format: jingxi-policy/1\ntitle: {en: Two, zh: 两人}\nreason: {en: A trial., zh: 试行。}\n"
        "changes: {staff.clerk.count: 2}\n",
        encoding="utf-8",
    )
    study = _study(tmp_path, "least", "two", "replications: 2")
    for report in ("briefing", "comparison"):
        told = _told(page_of(study, report, "en", tmp_path))
        assert "On-time rate" not in told and "Two" in told and not re.search(r"\bnan\b", told)
