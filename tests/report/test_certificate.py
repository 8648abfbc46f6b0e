"""A certificate is made from the store, holds against it, and fails when anything behind it is another."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from sim.report.certificate import certificate, place_of, seal, verify, write_certificate
from sim.scenario.errors import InputError
from sim.study.cases import cases


@pytest.fixture(scope="module")
def here(small_study):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(small_study.scenario.folder.parents[1])
        patch.setattr("sim.study.cases.load", _shipped)
        yield small_study


def _shipped(name):
    from pathlib import Path

    from sim.scenario import load

    return load(Path(__file__).parents[2] / "scenarios" / name)


@pytest.fixture(scope="module")
def made(here):
    told = write_certificate(here)
    return json.loads(place_of(here).read_text(encoding="utf-8")), told


def test_it_says_the_answer_and_what_it_rests_on(made, here):
    content, told = made
    answer = content["answers"]["mechanical"]
    assert answer["recommended"] == "second-clerk" and answer["robustness"]["varied"] is False
    assert answer["nearest"]["low"] > 0 and answer["value_of_more_simulation"] >= 0
    assert all(case["passed"] for case in content["cases"]) and len(content["cases"]) == 7
    assert content["bound"]["results"]["count"] == len({unit.key for unit in here.units})
    assert content["seal"] == seal(content)
    assert any("7 of 7 cases" in line for line in told)


def test_it_is_a_page_in_each_language_without_markup_of_others(made, here):
    for lang, word in (("en", "Certificate: "), ("zh", "结论证书：")):
        page = place_of(here).with_suffix(f".{lang}.html").read_text(encoding="utf-8")
        assert word in page and made[0]["seal"] in page and "<script" not in page
        assert page.count("M/M/1") == 3


def test_made_again_it_is_the_same_and_holds(made, here):
    content, _ = made
    assert json.loads(json.dumps(certificate(here))) == content
    assert verify(here, place_of(here)) == []


@pytest.mark.parametrize("sealed", [False, True])
def test_a_changed_answer_does_not_hold(made, here, tmp_path, sealed):
    content = json.loads(json.dumps(made[0]))
    content["answers"]["mechanical"]["recommended"] = "ninety"
    if sealed:
        content["seal"] = seal(content)
    file = tmp_path / "c.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    wrong = verify(here, file)
    assert any(line.startswith("answers.mechanical.recommended: 'ninety' there") for line in wrong)
    assert any(line.startswith("seal:") for line in wrong) is not sealed


def test_results_of_other_bytes_do_not_hold(made, here):
    key = here.units[0].key
    file = here.store.file(key)
    before = file.read_bytes()
    other = here.store.file(here.units[1].key).read_bytes()
    file.write_bytes(other)
    try:
        with pytest.raises(InputError, match="are missing"):  # it is not what its name says
            verify(here, place_of(here))
    finally:
        file.write_bytes(before)
        file.with_name(file.name + ".damaged").unlink(missing_ok=True)
        here.refresh()


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "cannot be read"), ("[]", "no certificate"), ('{"format": "jingxi-certificate/2"}', "of 'None'")],
)
def test_what_is_no_certificate_is_refused(here, tmp_path, text, message):
    file = tmp_path / "c.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        verify(here, file)


def test_the_commands_certify_and_verify(made, here):
    done = CliRunner().invoke(app, ["certify", "offices"])
    assert done.exit_code == 0 and "certificate.json" in done.output, done.output
    assert CliRunner().invoke(app, ["verify", "offices"]).exit_code == 0
    file = place_of(here)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("second-clerk", "third-clerk"), encoding="utf-8")
    try:
        broken = CliRunner().invoke(app, ["verify", "offices"])
        assert broken.exit_code == 1 and "does not hold" in broken.output
    finally:
        file.write_text(text, encoding="utf-8")


def test_every_case_with_a_known_answer_passes(here):
    table = cases()
    assert table["passed"].all() and (table["error"] < 0.02 * table["expected"]).all()
