"""A small study whose names are hostile, run once, with its paper in English, through the command line."""

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from tests.report.conftest import SCENARIO, STUDY

HOSTILE = "=1+1 <script>alert(1)</script> \\input{/etc/passwd} $x_1$ 50 % & #"
POLICIES = {
    "ninety": ("Full pay from 90", "{pay.full_pay_threshold: 90, pay.bonus_threshold: 90}"),
    "second-clerk": (HOSTILE, "{staff.north_window.count: 2}"),
}
QUICK = """\
behaviour: {trials: {at_least: 4, at_most: 4}, responsive: {effort: {on: true}}}
"""


def sim(*arguments):
    """Run a command; return its exit code and what it printed."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    return done.exit_code, done.output


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    """The folder from which commands are given, with a study that was run."""
    root = tmp_path_factory.mktemp("paper")
    folder = root / "scenarios" / "offices"
    (folder / "policies").mkdir(parents=True)
    (root / "scenarios" / "studies").mkdir()
    (folder / "scenario.yaml").write_text(SCENARIO + QUICK, encoding="utf-8")
    for name, (title, changes) in POLICIES.items():
        texts = f"title: {{en: '{title}', zh: 试行}}\nreason: {{en: A trial., zh: 试行。}}\n"
        content = f"format: jingxi-policy/1\n{texts}changes: {changes}\n"
        (folder / "policies" / f"{name}.yaml").write_text(content, encoding="utf-8")
    study = STUDY.replace(", nothing]", "]").replace("replications: 4", "replications: 3")
    study += "behaviours: [mechanical, responsive]\n"
    (root / "scenarios" / "studies" / "offices.yaml").write_text(study, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert sim("run", "offices", "--workers", 1)[0] == 0
    return root


@pytest.fixture
def here(root, monkeypatch):
    monkeypatch.chdir(root)
    return root


@pytest.fixture(scope="session")
def paper(root):
    """The folder of the paper, and what the command printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        code, told = sim("paper", "offices")
    assert code == 0, told
    return root / "reports" / "offices" / "paper.en", told
