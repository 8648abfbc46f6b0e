"""``python -m docs.tools``: the documentation that the model makes, a command each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import main
from sim.cli.commands import Commands
from sim.cli.endings import FAILED, complain, fail

app = typer.Typer(
    name="docs.tools",
    cls=Commands,
    help="Write the documentation that the model makes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def rules(
    write: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the pages are.")] = Path("docs/rules"),
    only: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Only this rule's page; may stand several times.")
    ] = None,
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Replications of each effect.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
    text: Annotated[
        bool, typer.Option("--text", help="Only the texts anew, with the effects as they are.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing, tell what is out of date.")] = False,
) -> None:
    """Write a page of documentation for every rule of the model, with what it does alone to binhai."""
    from docs.tools.rule_pages import build, differing, rewrite
    from sim.study.store import RunError

    if check:
        if wrong := differing(write):
            fail(f"out of date: {', '.join(wrong)}; write them anew with: make docs", FAILED)
        typer.echo(f"{write}: all pages are as they would be written")
        return
    if text:
        typer.echo(f"{len(rewrite(write))} files in {write}")
        return
    try:
        written = build(write, only=only or (), replications=replications, seed=seed)
    except RunError as error:
        fail(str(error), FAILED)
    typer.echo(f"{len(written)} files in {write}")


@app.command()
def api(
    write: Annotated[Path, typer.Option(metavar="FILE", help="Where the page is.")] = Path("docs/api.md"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, tell whether it is current.")
    ] = False,
) -> None:
    """Write the page of the public names of sim, from their docstrings."""
    from docs.tools import api_page

    if check:
        if not api_page.is_current(write):
            fail(f"out of date: {write}; write it anew with: python -m docs.tools api", FAILED)
        typer.echo(f"{write}: as it would be written")
        return
    typer.echo(str(api_page.write(write)))


@app.command()
def keys(
    write: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the pages are.")] = Path("docs"),
    check: Annotated[bool, typer.Option("--check", help="Write nothing, tell what is out of date.")] = False,
) -> None:
    """Write the reference of every key of scenario, policy and study files, in both languages."""
    from docs.tools import keys_page

    if check:
        if wrong := keys_page.out_of_date(write):
            fail(f"out of date: {', '.join(wrong)}; write them anew with: python -m docs.tools keys", FAILED)
        typer.echo(f"{write}: the pages are as they would be written")
        return
    for file in keys_page.write(write):
        typer.echo(str(file))


@app.command()
def coverage(
    write: Annotated[Path, typer.Option(metavar="FILE", help="Where the page is.")] = Path(
        "docs/coverage.md"
    ),
    rows: Annotated[int, typer.Option(min=100, help="Simulated years of each load.")] = 4000,
    studies: Annotated[int, typer.Option(min=50, help="Studies of each cell.")] = 2000,
) -> None:
    """Measure how often intervals hold the truth and guarantees are kept (some minutes), as a page."""
    from docs.tools import coverage

    typer.echo(str(coverage.write(write, rows, studies)))


@app.command()
def emergence(
    replications: Annotated[
        int | None, typer.Option(min=2, help="Of each trial; the notebook's own number if left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed of all that is random.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="What effort brings is assumed, and the warm-up is short.")
    ] = False,
) -> None:
    """Show what emerges when people answer to the rules, as pages in both languages."""
    from docs.tools.emergence.pages import write
    from sim.report.errors import ReportError
    from sim.report.words import LANGUAGES

    asked = {"replications": replications, "seed": seed, "quick": quick or None}
    given = {name: value for name, value in asked.items() if value is not None}
    try:
        for lang in LANGUAGES:  # the second reads what the first has simulated
            complain(f"emergence: simulating and drawing ({lang})")
            for path in write(lang, given):
                typer.echo(str(path))
    except ReportError as error:
        fail(str(error), FAILED)


@app.command()
def pictures() -> None:
    """Write the pictures of the README and the sample reports anew, from the reports of today."""
    from docs.tools.pictures import write

    for file in write():
        typer.echo(str(file))


@app.command()
def calibration(
    trials: Annotated[int, typer.Option(min=1, max=10_000, help="Known years to calibrate to.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all that is random.")] = 0,
) -> None:
    """Measure how often a calibration holds the truth, and how much of a range it rules out."""
    from scipy.stats import binomtest

    from docs.tools.recovery import recovered

    for number, rows in recovered(trials, seed).groupby("number"):
        held, told = int(rows["held"].sum()), rows["told"].mean()
        low, high = binomtest(held, len(rows)).proportion_ci()
        typer.echo(
            f"{number}: held in {held} of {len(rows)} trials [{low:.0%}–{high:.0%}]; "
            f"{told:.0%} of the range ruled out"
        )


@app.command()
def logs(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--logs", metavar="FOLDER", envvar="JINGXI_LOGS", help="Where logs that may not ship are."
        ),
    ] = None,
    write: Annotated[Path, typer.Option(metavar="FILE", help="Where the page is.")] = Path("docs/logs.md"),
    offices: Annotated[int, typer.Option(min=0, help="Offices of which all is known.")] = 20,
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Simulations of each part.")] = 20,
) -> None:
    """Measure what a fit of a log is worth (five minutes), and put the figures into the page."""
    from docs.tools.logs import write as write_figures

    typer.echo(
        write_figures(
            write,
            folder,
            offices=offices,
            replications=replications,
            progress=lambda what: complain(f"{what} …"),
        )
    )


if __name__ == "__main__":
    main(app)
