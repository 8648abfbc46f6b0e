"""A notebook runs with parameters that were checked before, and its output is there whole or not at all."""

from pathlib import Path

import nbformat
import pytest

from sim.report.errors import ReportError
from sim.report.execute import run_notebook
from sim.scenario.errors import InputError


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lnag": "en"}, "unknown parameter 'lnag'. Did you mean 'lang'?"),
        ({"lang": "fr"}, "lang: 'fr' is not of type Literal['en', 'zh']"),
        ({"share": "a half"}, "share: 'a half' is not of type float"),
        ({"share": True}, "share: True is not of type float"),
        ({"count": 2.5}, "count: 2.5 is not of type int"),
        ({"names": ["a", 1]}, "names: ['a', 1] is not of type list[str]"),
        ({"names": "a"}, "names: 'a' is not of type list[str]"),
        ({"note": 3}, "note: 3 is not of type str | None"),
        ({"untyped": "seven"}, "untyped: 'seven' is not of type int"),
    ],
)
def test_wrong_parameters_are_refused_before_a_kernel_starts(
    make_notebook, tmp_path, values, said, monkeypatch
):
    monkeypatch.setattr("sim.report.execute._execute", lambda *_: pytest.fail("a kernel was started"))
    notebook = make_notebook("1")
    with pytest.raises(InputError) as caught:
        run_notebook(notebook, tmp_path / "out" / "x.ipynb", values)
    assert said in str(caught.value)
    assert str(notebook) in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such notebook"),
        ("{", "not a Jupyter notebook"),
        ("[]", "not a Jupyter notebook"),
        ('{"nbformat": 4}', "not a Jupyter notebook"),
        ("\xff", "not a Jupyter notebook"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, content, said):
    path = tmp_path / "bad.ipynb"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=said):
        run_notebook(path, tmp_path / "x.ipynb", {})


@pytest.mark.parametrize(
    ("parameters", "values", "said"),
    [
        (None, {}, "no cell tagged 'parameters'"),
        ("lang: str = ", {}, "is no Python"),
        ("when: date = 1", {"when": 1}, "the type 'date' cannot be checked"),
        ("x = None", {"x": {1, 2}}, "a set cannot be handed to a notebook"),
    ],
)
def test_a_parameters_cell_that_cannot_be_used_is_refused(make_notebook, tmp_path, parameters, values, said):
    with pytest.raises(InputError, match=said):
        run_notebook(make_notebook("1", parameters=parameters), tmp_path / "x.ipynb", values)


def test_values_arrive_and_two_runs_give_the_same_bytes(make_notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = make_notebook("import os; print(lang, share, names, note, os.environ['MPLBACKEND'])")
    values = {"lang": "zh", "share": 1, "names": ["滨海", "{x}", '"'], "note": None}
    first = run_notebook(
        notebook, tmp_path / "a{0}" / "b{c}.ipynb", values
    )  # papermill formats braces in paths
    second = run_notebook(notebook, tmp_path / "again.ipynb", values)

    shown = nbformat.read(first, as_version=4).cells[-1].outputs[0].text
    assert shown == "zh 1 ['滨海', '{x}', '\"'] None module://matplotlib_inline.backend_inline\n"
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()
    assert sorted(p.name for p in tmp_path.rglob("*.ipynb")) == ["again.ipynb", "b{c}.ipynb"]


@pytest.mark.parametrize(
    ("cell", "timeout_s", "said"),
    [
        ("1 / 0", 60, r"cell In \[3\] failed: ZeroDivisionError: division by zero"),
        ("import os; os.kill(os.getpid(), 9)", 60, r"the kernel died in cell In \[3\]"),
        ("import time; time.sleep(30)", 3, r"not done after 3 seconds, in cell In \[3\]"),
    ],
)
def test_a_run_that_fails_leaves_only_the_partial(make_notebook, tmp_path, cell, timeout_s, said):
    notebook = make_notebook("kept = 1; kept", cell, "'never'")
    output = tmp_path / "out" / "x.ipynb"
    with pytest.raises(ReportError, match=said) as caught:
        run_notebook(notebook, output, {}, timeout_s=timeout_s)
    partial = output.with_name("x.partial.ipynb")
    assert [path.name for path in output.parent.iterdir()] == [partial.name]
    assert str(partial) in str(caught.value)
    reason = nbformat.read(partial, as_version=4).metadata.papermill.aborted
    assert reason and reason in str(caught.value)


def test_a_failed_run_leaves_the_last_good_one_alone(make_notebook, tmp_path):
    output = tmp_path / "x.ipynb"
    output.write_text("the last good one")
    with pytest.raises(ReportError, match="NameError"):
        run_notebook(make_notebook("nothing"), output, {})
    assert output.read_text() == "the last good one"


def test_a_study_is_opened_once_for_its_kernels(small_study, make_notebook, tmp_path, monkeypatch):
    """Until what it rests on changes: then it is opened anew."""
    from sim.report.forks import forking, opening
    from sim.study import study

    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    notebook = make_notebook(
        "import sim\nfound = sim.study(study)\nprint('outcomes' in vars(found), *found.policies)",
        parameters='study: str = ""',
    )
    text = Path("scenarios/studies/offices.yaml").read_text(encoding="utf-8")
    calm = Path("scenarios/studies/calm.yaml")
    calm.write_text(text.replace(", nothing]", "]"), encoding="utf-8")
    study("calm").run(workers=1, progress=False)

    def printed(name, rests_on):
        with opening(name, rests_on):
            ran = run_notebook(notebook, tmp_path / "ran.ipynb", {"study": name})
        return "".join(output.text for output in nbformat.read(ran, as_version=4).cells[-1].outputs)

    with forking():
        assert printed("calm", "one") == "True current ninety second-clerk\n"
        calm.write_text(text.replace(", second-clerk, nothing]", "]"), encoding="utf-8")
        assert printed("calm", "one") == "True current ninety second-clerk\n"
        assert printed("calm", "two") == "True current ninety\n"
        noisy = printed("offices", "one")
    assert "False current" in noisy and "NoEffect" in noisy  # its kernel tells what it is warned of
