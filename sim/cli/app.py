"""The command ``sim`` itself, and the arguments that several of its commands take."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from .endings import in_order

if TYPE_CHECKING:
    from sim.study import Study


class Commands(TyperGroup):
    """The group of commands: settles how a command ends before Typer does."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        with in_order():
            return super().make_context(*given, **named)

    def invoke(self, context: Any) -> Any:
        with in_order():
            return super().invoke(context)


app = typer.Typer(
    name="sim",
    cls=Commands,
    help="Jingxi 精细: simulate how incentive rules change a local government's service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", help="Its name under scenarios/studies/, or its file.")
]
StudyNames = Annotated[
    list[str],
    typer.Argument(
        metavar="STUDY…",
        help="Names under scenarios/studies/, or files; STUDY:SCENARIO for one scenario of several.",
    ),
]


class Language(StrEnum):
    en = "en"
    zh = "zh"


class Format(StrEnum):
    table = "table"
    csv = "csv"
    json = "json"


def studies_of(names: Iterable[str | Path]) -> list[list[Study]]:
    """Open and check studies, each as one for each of its scenarios."""
    from sim.study.load import load_studies

    return [load_studies(name) for name in dict.fromkeys(names)]
