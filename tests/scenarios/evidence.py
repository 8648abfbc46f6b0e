"""What every shipped scenario owes its readers: where each number comes from, and both languages."""

from collections.abc import Iterator
from typing import Any

from sim.scenario import Policy, Scenario


def numbers(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all numbers in plain data."""
    if isinstance(data, bool):
        return
    if isinstance(data, int | float):
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from numbers(value, (*path, str(position)))


def innermost(evidence: dict, path: tuple[str, ...]):
    """The evidence that holds for a path: its own, or that of the nearest block around it."""
    return next((evidence[path[:n]] for n in range(len(path), -1, -1) if path[:n] in evidence), None)


def unfounded(scenario: Scenario) -> list[str]:
    """The dotted paths of numbers without a source, and of assumed ones without a range or a reason."""
    evidence, lacking = scenario.source.evidence, []
    for path in numbers(scenario.source.data):
        found = innermost(evidence, path)
        known = found is not None and found.source is not None
        if not known or (found.assumed and not (found.reason and (found.range or found.factor))):
            lacking.append(".".join(path))
    return lacking


def chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)


def told_in_both_languages(policy: Policy) -> bool:
    """Title and reason are in English without Chinese characters, and in Chinese."""
    return all(chinese(text.zh) and not chinese(text.en) for text in (policy.title, policy.reason))
