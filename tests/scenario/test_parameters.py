"""Every parameter explains itself: label in both languages, unit, bounds, source."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from pydantic import Field

from sim.scenario import load
from sim.scenario.parameters import catalogue, leaves
from sim.scenario.part import Flag, Name, Number, Part, Text, bounds_text, card_of, param
from sim.scenario.schema import Scenario

from .small import write_scenario

PARAMETERS = {parameter.path: parameter for parameter in catalogue()}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", PARAMETERS)
def test_parameter_is_complete(path):
    parameter = PARAMETERS[path]
    assert parameter.label_en.strip() and not CHINESE.search(parameter.label_en)
    assert CHINESE.search(parameter.label_zh)
    assert parameter.unit.strip()
    assert parameter.source.strip()
    assert parameter.default.strip()
    assert re.search(
        r"at least|at most|above|one of|true or false|a name|unit/role|a date|a moment|00:00|a file|each",
        parameter.bounds,
    ), parameter.bounds


@pytest.mark.parametrize("path", PARAMETERS)
def test_bounds_suit_the_kind_of_value(path):
    """Numbers have numeric bounds; only references and file names are described as names."""
    parameter = PARAMETERS[path]
    kind = str(parameter.field.annotation)
    if re.search(r"\b(float|int)\b", kind):
        assert re.search(r"at least|at most|above", parameter.bounds), parameter.bounds
    if "a name" in parameter.bounds:
        assert "str" in kind


def test_no_path_stands_twice():
    assert len(PARAMETERS) == len(catalogue())


def uncarded(model=Scenario):
    """Paths of leaves that lack a card."""
    return [path for path, info in leaves(model, ()) if card_of(info) is None]


def test_every_leaf_has_a_card():
    assert uncarded() == []


def test_a_leaf_without_a_card_is_found():
    class Inner(Part):
        title: Text
        owner: Name
        flag: Flag = False
        choice: Literal["a", "b"] = "a"
        carded: Number = param("size", "大小", unit="1", source="assumed", default=1.0, ge=0)

    class Wider(Scenario):
        extra: Number = Field(default=1.0, ge=0)
        inner: dict[Name, Inner] | None = None
        several: tuple[Inner, ...] = ()

    assert uncarded(Wider) == [
        "extra",
        "inner.<inner>.flag",
        "inner.<inner>.choice",
        "several.<number>.flag",
        "several.<number>.choice",
    ]


def test_every_number_of_a_scenario_is_in_the_catalogue(tmp_path):
    """What a scenario file can say, `sim parameters` can explain."""
    data = load(write_scenario(tmp_path)).source.data

    def leaves(value, path=()):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        elif isinstance(value, bool | int | float):
            yield path

    for path in leaves(data):
        above = [".".join(path[:length]) for length in (len(path), len(path) - 1)]
        assert any(catalogue(place) for place in above), path


def test_steps_of_each_type_have_their_own_cards():
    assert PARAMETERS["kinds.<kind>.route.<work step>.minutes"].label_en == "mean work"
    assert (
        PARAMETERS["kinds.<kind>.route.<sitting step>.minutes"].label_en == "how long the matter takes there"
    )
    assert PARAMETERS["kinds.<kind>.route.<delay step>.stops_clock"].default == "false"
    assert PARAMETERS["kinds.<kind>.route.<return step>.stops_clock"].default == "true"


@pytest.mark.parametrize(
    ("path", "bounds"),
    [
        ("profiles.<profile>.months", "a list of 12, each a number at least 0 and at most 1,000,000"),
        ("kinds.<kind>.route.<branch step>.to", "for each name a number at least 0 and at most 1"),
        ("kinds.<kind>.route.<work step>.at", "a station of the scenario as unit/role"),
        ("staff.<group>.skills", "'all' or a list, each a name that stands in the scenario"),
        ("horizon.minutes", "above 0 and at most 35,000,000"),
        ("study.slots.<number>.at", "00:00 to 24:00"),
        ("calendar.country", "one of CN, PL, none"),
        ("assessment.promotion_threshold", "at least 0 and at most advanced_threshold"),
        ("demand.<kind>.rates", "a file in the scenario's folder"),
    ],
)
def test_bounds_in_words(path, bounds):
    assert PARAMETERS[path].bounds == bounds


def test_bounds_in_chinese():
    card = {"bounds": {"ge": 0, "le": "advanced_threshold"}}
    assert bounds_text(card, "zh") == "不低于 0，不高于 advanced_threshold"


def test_relative_bounds_name_a_sibling():
    siblings = {path.rpartition(".")[2] for path in PARAMETERS}
    for parameter in PARAMETERS.values():
        card = parameter.field.json_schema_extra["card"]
        assert {bound for bound in card["bounds"].values() if isinstance(bound, str)} <= siblings


def test_a_part_of_the_catalogue():
    assert [parameter.path for parameter in catalogue("horizon")] == [
        "horizon.start",
        "horizon.years",
        "horizon.minutes",
        "horizon.warm_up_days",
    ]
    found = {parameter.path for parameter in catalogue("kinds.registration.route.survey.minutes")}
    assert found == {
        "kinds.<kind>.route.<work step>.minutes",
        "kinds.<kind>.route.<sitting step>.minutes",
    }
    assert catalogue("nowhere") == []
    assert catalogue("pay.floor.deeper") == []
