"""A tiny scenario with three policies, a study of it, and an engine that can be told to fail or to die."""

from pathlib import Path

import pytest

from sim.replication import simulate
from sim.study import study as load_study
from sim.study.result import pack

SCENARIO = """\
format: jingxi-scenario/1
title: {en: Counter, zh: 窗口}
description: {en: One counter., zh: 一个窗口。}
horizon: {start: 2025-01-06 09:00, minutes: 600}
calendar: {country: none, week: always}
roles: {window: {title: {en: Window, zh: 窗口}, front: true}}
grades:
  clerk:
    title: {en: Clerk, zh: 办事员}
    base_pay: 50000
    assessment_pay: 20000
    target_bonus: 8000
    leave_days: 0
unit_types: {hall: {title: {en: Hall, zh: 大厅}}}
units: {hall: {type: hall, title: {en: Hall, zh: 大厅}}}
staff: {clerks: {unit: hall, role: window, grade: clerk, count: 2}}
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    limit: {amount: 30, per: minutes}
    route: {serve: {type: work, at: own/window, minutes: 9, distribution: exponential}}
demand: {visit: {volumes: {hall: 10}, per: hour}}
"""

POLICY = """\
format: jingxi-policy/1
title: {{en: {name}, zh: 改革}}
reason: {{en: To see., zh: 试行。}}
changes: {changes}
"""

STUDY = """\
format: jingxi-study/1
title: {en: Counters, zh: 窗口研究}
question: {en: How many?, zh: 多少？}
scenario: counter
policies: [null-policy, third-clerk]
replications: 3
seed: 11
reports: []
"""

ENGINE = """
import os
import signal
import time
from pathlib import Path

from sim.replication import simulate as real

ORDERS = Path(__file__).parent / "orders"  # the name is a policy and replication, the text what happens to it


def simulate(scenario, policy, *, behaviour, seed, replication, engine):
    order = ORDERS / f"{policy.name}-{replication}"
    todo = order.read_text() if order.exists() else ""
    if todo == "die once":
        order.unlink()
    if todo.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if todo == "wait":
        time.sleep(600)
    if todo == "fail":
        raise ArithmeticError("told to fail")
    with (ORDERS / "done.log").open("a") as log:
        log.write(f"{policy.name} {replication}\\n")
    return real(scenario, policy, behaviour=behaviour, seed=seed, replication=replication, engine=engine)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A working directory with the scenario ``counter`` and the study ``counters``."""
    scenario = tmp_path / "scenarios" / "counter"
    (scenario / "policies").mkdir(parents=True)
    (scenario.parent / "studies").mkdir()
    (scenario / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    changes = {"null-policy": "{staff.clerks.count: 2}", "third-clerk": "{staff.clerks.count: 3}"}
    for name, change in changes.items():
        text = POLICY.format(name=name, changes=change)
        (scenario / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (scenario.parent / "studies" / "counters.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def study(folder):
    return load_study("counters")


@pytest.fixture
def computed(study):
    """The study with all its results, computed in this process without starting any worker."""
    study.folder.mkdir(parents=True)
    for unit in study.missing():
        policy = study.policies[unit.policy]
        result = simulate(study.scenario, policy, seed=study.seed, replication=unit.replication)
        study.store.write(unit, pack(unit, result, study.file.keep_requests))
    return study


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """The real engine with orders: ``engine.order("current", 1, "fail" | "wait" | "die" | "die once")``."""
    orders = tmp_path / "orders"
    orders.mkdir()
    (tmp_path / "ordered_engine.py").write_text(ENGINE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "ordered_engine", raising=False)
    import ordered_engine

    class Engine:
        simulate = staticmethod(ordered_engine.simulate)

        def order(self, policy: str, replication: int, todo: str) -> None:
            (orders / f"{policy}-{replication}").write_text(todo)

        def forget(self) -> None:
            for file in orders.iterdir():
                file.unlink()

        @property
        def done(self) -> list[str]:
            log = orders / "done.log"
            return sorted(log.read_text().splitlines()) if log.exists() else []

    return Engine()
