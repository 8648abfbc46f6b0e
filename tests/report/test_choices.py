"""Every unit, choice and part of a scenario that a report may name has a Chinese word."""

from typing import Literal, get_args, get_origin

from sim.report.choices import CHOICES, UNITS
from sim.report.places import PLACES
from sim.scenario.parameters import catalogue

OF_OTHERS = {
    "as 'per' says",
    "currency",
    "currency a day",
    "currency a year",
    "requests per 'per'",
    "unit of the mean",
    "-",
    "1",
}  # another key says it


def test_units_have_a_chinese_word():
    assert not {one.unit for one in catalogue()} - set(UNITS) - OF_OTHERS


def choices(annotation):
    if hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return {str(choice) for choice in get_args(annotation)}
    return {choice for part in get_args(annotation) for choice in choices(part)}


def test_choices_have_a_chinese_word():
    assert not {choice for one in catalogue() for choice in choices(one.field.annotation)} - set(CHOICES)


def test_parts_have_words():
    parts = {part for one in catalogue() for part in one.path.split(".")[:-1] if not part.startswith("<")}
    assert not parts - set(PLACES)
