"""Write what reproduces a report, and its tables as files; no time or place."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.files import write_whole
from sim.report.markup import Html
from sim.report.results import Results
from sim.report.robust import Robust
from sim.report.tables import html_table, write_csv
from sim.rooms import code_version

if TYPE_CHECKING:
    from sim.study import Study

PACKAGES = (
    "duckdb", "holidays", "matplotlib", "numpy", "pandas", "papermill", "pyarrow", "pydantic", "scipy",
    "simpy", "weasyprint",
)  # fmt: skip


def manifest(study: Study) -> dict[str, Any]:
    """Collect the inputs of a study's reports: texts, numbers and hashes that another machine reproduces."""
    return {
        "study": study.called,
        "scenario": study.scenario.name,
        "scenario_digest": study.scenario.digest(),
        "code_version": code_version(),
        "seed": study.seed,
        "replications": study.replications,
        "years": study.scenario.horizon.years,
        "changes": study.file.changes,
        "baseline": study.baseline,
        "behaviours": list(study.file.behaviours),
        "policies": {
            name: {"title": policy.title.en, "changes": policy.changes}
            for name, policy in study.policies.items()
        },
        "results": sorted({unit.key for unit in study.units}),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of the package, of Python, and of the libraries that make results and reports."""
    own = {"jingxi": metadata.version("jingxi"), "python": platform.python_version()}
    return own | {name: metadata.version(name) for name in PACKAGES}


def write_manifest(study: Study, folder: Path) -> Path:
    """Write ``folder/manifest.json``."""
    text = json.dumps(manifest(study), indent=2, ensure_ascii=False, default=str)
    return write_whole(folder / "manifest.json", text + "\n")


def write_tables(study: Study, folder: Path) -> list[Path]:
    """The study's tables as ``folder/*.csv``, in the tables' own units (shares 0 to 1): differences at each
    level, how often a unit is at the bottom, what the report "evaluation" shows, assumptions.

    A behaviour other than the first has its name in the file's.
    """
    from sim.evaluate.compare import LEVELS
    from sim.report.assumptions import register
    from sim.report.evaluated import Evaluated

    written = []
    for place, behaviour in enumerate(study.file.behaviours):
        results = Results(study, "en", behaviour)
        ending = "" if place == 0 else f"-{behaviour}"
        years = ("year", "year_month") if len(results.calendar_years) > 1 else ()
        for level in ("bureau", "unit", "kind", "month", *years):
            table = results.differences(level)
            if not table.empty:
                first = ["policy", *LEVELS[level]]
                if level == "year_month":  # as it stands in a calendar
                    in_year = map(study.scenario.horizon.year_of, table["year"], table["month"])
                    months = [
                        f"{year}-{month:02}" for year, month in zip(in_year, table["month"], strict=True)
                    ]
                    table = table.assign(calendar_month=months)
                    first.append("calendar_month")
                table = table[[*first, *(name for name in table.columns if name not in first)]]
                name = level.replace("_", "-")
                written.append(write_csv(table, folder / f"differences-{name}{ending}.csv"))
        if results.has("bottom", "unit", under=[results.baseline]):
            shares = results.bottom_shares().rename_axis("unit").reset_index()
            written.append(write_csv(shares, folder / f"bottom{ending}.csv"))
        if own := Robust.of(results):
            told = own.spread.reset_index().drop(columns="behaviour")
            written.append(write_csv(told, folder / f"sensitivity{ending}.csv"))
            written.append(write_csv(own.screened(), folder / f"sensitivity-blocks{ending}.csv"))
        if "evaluation" in study.file.reports:
            for name, table in Evaluated(results).tables().items():
                written.append(write_csv(table, folder / f"evaluation-{name}{ending}.csv"))
    if study.file.measures:
        written.append(write_csv(study.shares(), folder / "shares.csv"))
    written.append(write_csv(register(study.scenario, "en"), folder / "assumptions.csv"))
    return written


def shown(results: Results) -> Html:
    """Return the manifest as a table for the report's last page."""
    import pandas as pd

    said = manifest(results.study)
    listed = ", ".join(f"{name} {version}" for name, version in said["versions"].items())
    name = results.study.called
    rows = [
        (results.text("commands", "命令"), f"sim run {name}; sim report {name}"),
        (results.text("scenario", "情景"), f"{said['scenario']}, {said['scenario_digest']}"),
        (results.text("code", "代码"), str(said["code_version"])),
        (results.text("seed", "随机种子"), str(said["seed"])),
        (results.text("replications", "重复模拟次数"), f"{results.replications} / {said['replications']}"),
        (results.text("rules", "方案"), ", ".join(results.policies)),
        (results.text("behaviour", "行为"), ", ".join(side.behaviour for side in results.sides)),
        (results.text("versions", "版本"), listed),
    ]
    return html_table(
        pd.DataFrame(rows, columns=["what", "value"]),
        results.text("What made this report", "本报告的生成依据"),
        results.lang,
        columns={"what": results.text("what", "内容"), "value": results.text("value", "取值")},
        note=results.text(
            "The same numbers are in manifest.json beside the report, the tables in tables/*.csv.",
            "同样的内容见报告旁的manifest.json，各表见tables/*.csv。",
        ),
    )
