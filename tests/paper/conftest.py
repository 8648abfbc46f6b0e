"""A small study whose names are hostile, run once, with its paper in English, through the command line."""

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from tests import two_offices

HOSTILE = "=1+1 <script>alert(1)</script> \\input{/etc/passwd} $x_1$ 50 % & #"
POLICIES = {
    "ninety": two_offices.POLICIES["ninety"],
    "second-clerk": two_offices.policy(HOSTILE, {"staff.north_window.count": 2}),
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
    study = two_offices.STUDY.replace(", nothing]", "]").replace("replications: 4", "replications: 3")
    study += "behaviours: [mechanical, responsive]\n"
    root = two_offices.write(
        tmp_path_factory.mktemp("paper"), two_offices.SCENARIO + QUICK, POLICIES, {"offices": study}
    )
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
