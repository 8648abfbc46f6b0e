"""Toy notebooks, made here and run through the production wrapper."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PARAMETERS = """\
from typing import Literal
lang: Literal["en", "zh"] = "en"
share: float = 0.5
count: int = 3
names: list[str] = ["a"]
note: str | None = None
untyped = 7
"""


@pytest.fixture(scope="session")
def make_notebook(tmp_path_factory):
    """Write a notebook: a `parameters` cell, then `cells`, tagged or not; ``# …`` is markdown."""

    def make(*cells, parameters=PARAMETERS):
        made = []
        if parameters is not None:
            made.append(new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
        for n, cell in enumerate(cells):
            source, tags = cell if isinstance(cell, tuple) else (cell, [])
            new = new_markdown_cell if source.startswith("# ") else new_code_cell
            made.append(new(source, id=f"cell-{n}", metadata={"tags": tags}))
        path = tmp_path_factory.mktemp("notebook") / "toy.ipynb"
        nbformat.write(new_notebook(cells=made), path)
        return path

    return make


@pytest.fixture
def make_executed(tmp_path):
    """Write a notebook as if its one cell had been run and had shown `html`, each a display."""

    def make(*html, **data):
        shown = [{"text/html": str(text), "text/plain": ""} for text in html] + ([data] if data else [])
        outputs = [new_output("display_data", data=item) for item in shown]
        cell = new_code_cell("…", id="shown", outputs=outputs, execution_count=1)
        path = tmp_path / "run.ipynb"
        nbformat.write(new_notebook(cells=[cell]), path)
        return path

    return make


SCENARIO = """\
format: jingxi-scenario/1
title: {en: Two offices, zh: 两个所}
description: {en: Two offices., zh: 两个所。}
horizon: {start: 2025-01-01, years: 1}
calendar: {country: CN, week: {mon: ["09:00-12:00"], wed: ["09:00-12:00"]}}
roles: {window: {title: {en: Window, zh: 窗口}, front: true}}
grades:
  clerk:
    title: {en: Clerk, zh: 办事员}
    base_pay: {value: 50000, unit: yuan a year, source: assumed, range: [40000, 60000], reason: usual}
    assessment_pay: 20000
    target_bonus: 8000
    leave_days: 5
unit_types:
  office: {title: {en: Office, zh: 国土所}, scorecard: card, pay_bound: true}
units:
  north: {type: office, title: {en: "North <i>office</i>", zh: 北所}}
  south: {type: office, title: {en: South office, zh: 南所}}
staff:
  north_window: {unit: north, role: window, grade: clerk}
  south_window: {unit: south, role: window, grade: clerk, count: 2}
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    limit: {amount: 2, per: working_days}
    route: {serve: {type: work, at: own/window, minutes: 45, distribution: exponential}}
demand: {visit: {volumes: {north: 380, south: 300}}}
scorecards:
  card:
    title: {en: Card, zh: 评分表}
    items: {speed: {title: {en: On time, zh: 按时}, indicator: on_time_rate, points: 100, rule: proportional}}
assessment:
  advanced_threshold: 95
  promotion_threshold: 90
  bottom_count: 1
  certified_threshold: 90
  excellent_threshold: 97
pay: {full_pay_threshold: 95, deduction_per_point: 1, bonus_threshold: 95}
"""
POLICIES = {
    "ninety": ("Full pay from 90", "{pay.full_pay_threshold: 90, pay.bonus_threshold: 90}"),
    "second-clerk": ("A second clerk", "{staff.north_window.count: 2}"),
    "nothing": ("Nothing", "{pay.deduction_per_point: 1}"),
}
STUDY = """\
format: jingxi-study/1
title: {en: Two offices, zh: 两个所的研究}
question: {en: Which rule serves best?, zh: 哪种办法最好？}
scenario: offices
policies: [ninety, second-clerk, nothing]
replications: 4
seed: 1
focus: [on_time_rate, pay_total]
"""


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """A study of two offices that was run; the working directory must be its folder's grandparent."""
    from sim.study import study

    root = tmp_path_factory.mktemp("study")
    folder = root / "scenarios" / "offices"
    (folder / "policies").mkdir(parents=True)
    (root / "scenarios" / "studies").mkdir()
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    for name, (title, changes) in POLICIES.items():
        texts = f"title: {{en: {title}, zh: 试行}}\nreason: {{en: A trial., zh: 试行。}}\n"
        content = f"format: jingxi-policy/1\n{texts}changes: {changes}\n"
        (folder / "policies" / f"{name}.yaml").write_text(content, encoding="utf-8")
    (root / "scenarios" / "studies" / "offices.yaml").write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return study("offices").run(workers=1, progress=False)
