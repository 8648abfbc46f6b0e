"""Look up what files may say and results tell: ``parameters``, ``schema``, ``outcomes``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import Format, Language, app
from .terminal import say, say_table

FileKind = Literal["scenario", "policy", "study"]
Lang = Annotated[Language, typer.Option(help="Language of the labels.")]
Written = Annotated[Format, typer.Option(help="How it is written.")]
_CHINESE = {
    "path": "参数路径",
    "label": "名称",
    "unit": "单位",
    "bounds": "取值",
    "default": "默认",
    "source": "来源",
    "together": "一并考虑",
    "outcome": "指标代码",
    "better": "优劣",
    "definition": "定义",
}
_BETTER = {"lower": "越低越好", "higher": "越高越好", "neither": "不论高低"}


@app.command()
def parameters(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]…", help="A dotted path, or words of a label in either language."),
    ] = None,
    lang: Lang = Language.en,
    format: Written = Format.table,
    of: Annotated[FileKind, typer.Option(help="The file whose keys are meant.")] = "scenario",
) -> None:
    """List or search the keys of a file: label, unit, bounds, default, source, and what belongs together."""
    from sim.authoring.search import find_keys
    from sim.report.words import pick

    head = ["path", "label", "unit", "bounds", "default", "source", "together"]
    rows = [
        [
            key.path,
            pick(key.label, lang),
            pick(key.unit, lang),
            pick(key.bounds, lang),
            pick(key.default, lang),
            key.source,
            ", ".join(key.together),
        ]
        for key in find_keys(" ".join(words or ()), of)
    ]
    _write(head, rows, lang, format)


@app.command()
def outcomes(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]…", help="Words of a label, in either language."),
    ] = None,
    lang: Lang = Language.en,
    format: Written = Format.table,
) -> None:
    """List or search the outcomes that results and reports tell: label, unit, better side, definition."""
    from sim.authoring.search import find_outcomes
    from sim.report.words import pick

    better = _BETTER if lang == Language.zh and format == Format.table else {name: name for name in _BETTER}
    head = ["outcome", "label", "unit", "better", "definition"]
    rows = [
        [one.name, pick(one, lang), pick(one.unit, lang), better[one.better], pick(one.definition, lang)]
        for one in find_outcomes(" ".join(words or ()))
    ]
    _write(head, rows, lang, format)


@app.command()
def schema(
    file: Annotated[FileKind, typer.Argument(help="Which file.")] = "scenario",
    write: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the schemas of all files there.")
    ] = None,
) -> None:
    """Print the JSON Schema of a file, by which YAML editors complete, explain and check."""
    import json

    from sim.authoring.json_schema import json_schema, write_schemas

    if write is None:
        print(json.dumps(json_schema(file), ensure_ascii=False, indent=1))
        return
    for written in write_schemas(write):
        say(str(written))


def _write(head: list[str], rows: list[list[str]], lang: Language, format: Format) -> None:
    if format == Format.csv:
        import pandas as pd

        from sim.report.tables import csv_text

        print(csv_text(pd.DataFrame(rows, columns=head)), end="")
    elif format == Format.json:
        import json

        print(json.dumps([dict(zip(head, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        say_table([head if lang == Language.en else [_CHINESE[name] for name in head], *rows])
