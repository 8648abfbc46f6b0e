"""The page in Chromium: a slider moves numbers, undo brings them back, files are right, people apart."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.dashboard.trials import REPLICATIONS
from sim.report.words import interval

from .conftest import HOSTILE, ROOT, missing

AXE = ROOT / ".test-tools" / "node_modules" / "axe-core" / "axe.min.js"
DEDUCTION = "[id='c-pay.deduction_per_point']"
CHANGE = ".summary:not(.stale) .card[data-name={}] .change"
COMPLETE = "body[data-done=yes] .summary:not(.stale)"


def press(page, selector: str, key: str = "ArrowRight", times: int = 4) -> None:
    slider = page.locator(selector)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def cost(page) -> str:
    """The change of pay once all replications are in."""
    page.locator(COMPLETE).wait_for()
    return page.locator(CHANGE.format("pay_total")).inner_text()


def test_a_slider_moves_the_numbers_and_undo_brings_them_back(person):
    page = person()
    assert "no change" in cost(page)
    press(page, DEDUCTION)  # from 1 to 2
    page.locator(CHANGE.format("pay_total"), has_text="[").wait_for()
    trial = sim.what_if("one-office", replications=REPLICATIONS)
    row = trial.compare({"pay.deduction_per_point": 2}, outcomes=["pay_total"]).iloc[0]
    shown = interval(row["difference"], row["low"], row["high"], signed=True)
    assert shown in cost(page)
    assert "1 → 2" in page.locator("#changes li").inner_text()
    assert f"{REPLICATIONS} paired replications" in page.locator("#reach").inner_text()
    assert "numbers of this office are assumed" in page.locator("#reach").inner_text()

    page.click("#undo")  # a slider's run of keys is one step
    page.locator(CHANGE.format("pay_total"), has_text="no change").wait_for()
    page.click("#redo")
    page.locator(CHANGE.format("pay_total"), has_text="[").wait_for()
    page.click("#to-current")
    page.locator(CHANGE.format("pay_total"), has_text="no change").wait_for()
    assert "current rules" in page.locator("#changes").inner_text()
    page.click("#undo")
    page.locator(CHANGE.format("pay_total"), has_text="[").wait_for()


def test_a_schedule_is_drawn_by_its_corners(person):
    page = person()
    page.select_option("#form", "corners")
    page.locator(".corners fieldset").first.wait_for()
    before = page.locator("polyline.new.pay").get_attribute("points")
    page.locator(COMPLETE).wait_for()
    assert "no change" in cost(page)  # corners on the current rule change nothing
    press(page, "[data-corner='1-share']", "ArrowLeft", times=5)
    assert page.locator("[data-corner='1-share']").evaluate("one => one === document.activeElement")
    page.locator(CHANGE.format("pay_total"), has_text="[").wait_for()
    assert "−" in cost(page)
    pulled = page.locator(f"polyline.new.pay:not([points='{before}'])").get_attribute("points")
    handle = page.locator(".handle").first
    handle.evaluate("one => one.scrollIntoView({block: 'center'})")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, box["y"] + 48)
    page.mouse.up()
    page.locator(f"polyline.new.pay:not([points='{pulled}'])").wait_for()


def test_a_saved_policy_passes_the_check_and_opens_again(person, site, tmp_path):
    page = person()
    press(page, DEDUCTION)
    told = cost(page)
    page.fill("#name", "two-points")
    page.fill("#title", "Two: \"points\" # 'quoted'")
    page.click("#save")
    row = page.locator("#saved li[data-saved=two-points]")
    row.wait_for()
    (file,) = (site.folder / "what-if").glob("*/scenarios/one-office/policies/two-points.yaml")
    checked = CliRunner().invoke(app, ["check", str(file)])
    assert checked.exit_code == 0 and "policy with 1 change" in checked.output
    with page.expect_download() as found:
        row.get_by_role("link").click()
    copy = tmp_path / "two-points.yaml"
    found.value.save_as(copy)
    assert copy.read_bytes() == file.read_bytes()
    assert sim.load_policy(sim.load("one-office"), copy).changes == {"pay.deduction_per_point": 2}

    page.click("#to-current")
    page.locator(CHANGE.format("pay_total"), has_text="no change").wait_for()
    page.set_input_files("#file", copy)
    page.locator(CHANGE.format("pay_total"), has_text="[").wait_for()
    assert cost(page) == told  # the file brings back the same numbers


def test_a_file_that_is_too_large_is_refused_in_a_sentence(person, tmp_path):
    page = person()
    large = tmp_path / "large.yaml"
    large.write_text("x: 1\n" * 300_000, encoding="utf-8")
    page.set_input_files("#file", large)
    page.locator("#error", has_text="too large").wait_for()


def test_what_is_refused_is_told_where_it_is_seen(person):
    page = person()
    number = page.locator("input[type=number]").nth(8)
    number.fill("-5")
    number.press("Enter")
    page.locator("#error", has_text="too little").wait_for()
    box = page.locator("#error").bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"] - box["height"]


def test_one_button_makes_the_briefing(person, tmp_path):
    page = person()
    press(page, DEDUCTION)
    page.fill("#title", "Twice the deduction")
    page.click("#brief")
    for suffix, begins in (("html", b"<!DOCTYPE html>"), ("docx", b"PK"), ("pdf", b"%PDF")):
        with page.expect_download() as found:
            page.locator("#made a", has_text=f".{suffix}").click()
        found.value.save_as(tmp_path / suffix)
        assert (tmp_path / suffix).read_bytes().startswith(begins)
    assert "Twice the deduction" in (tmp_path / "html").read_text(encoding="utf-8")


def test_two_people_do_not_see_each_others_work(person, site):
    first, second = person(), person()
    press(first, DEDUCTION)
    first.fill("#name", "mine-alone")
    first.click("#save")
    first.locator("#saved li[data-saved=mine-alone]").wait_for()
    assert "[" in cost(first) and "no change" in cost(second)
    second.reload()
    second.locator("#cards .card").first.wait_for()
    assert second.locator("#saved li[data-saved]").count() == 0
    assert second.locator("#changes li").count() == 0
    place = f"{site.url}/policy/one-office/mine-alone.yaml"
    assert [page.request.get(place).status for page in (first, second)] == [200, 404]


def test_titles_of_others_are_text(person):
    page = person()
    page.select_option("#scenario", "hostile")
    page.locator("#move").wait_for()
    options = page.locator("#move-from option")
    page.locator("#move-from").select_option(index=options.count() - 1)
    page.locator("#move-to").select_option(index=0)
    page.click("#move")
    row = page.locator("#changes li", has_text="person moves")
    row.wait_for()
    assert HOSTILE in row.inner_text()
    page.locator("#units td").first.wait_for()
    assert HOSTILE in page.locator("#units").inner_text()
    assert HOSTILE in page.locator("#scenario option:checked").inner_text()
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_shows_the_page_whole(person, lang):
    page = person(lang, width=390)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    labels = page.locator("h2, h3, label, button, th, legend").all_inner_texts()
    chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in one) for one in labels if one.strip()]
    assert all(chinese) if lang == "zh" else not any(chinese)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_accessible(person, width):
    if not AXE.is_file():
        missing("axe-core")
    page = person(width=width)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        ".then((found) => found.violations.map((one) => one.id))"
    )
    assert wrong == []


def test_people_may_respond(person):
    page = person()
    page.select_option("#behaviour", "responsive")
    page.locator("#figures tr[data-name=effort]").wait_for()
    assert "People adjust their work" in page.locator("#reach").inner_text()


def test_what_the_office_refuses_is_told(person):
    page = person()
    typed = page.locator("[data-path='assessment.promotion_threshold'] input[type=number]")
    typed.fill("99")
    typed.press("Enter")
    page.locator("#error", has_text="its head cannot be promoted: 99 points").wait_for()
