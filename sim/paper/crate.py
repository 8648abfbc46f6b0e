"""The folder of a paper as an RO-Crate 1.1, and what of it is missing, changed, or outside.

https://www.researchobject.org/ro-crate/specification/1.1/
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sim.paper.provenance import commit, sha256
from sim.report.files import write_whole
from sim.report.record import versions
from sim.report.words import one_line, pick
from sim.rooms import code_version
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    from sim.paper.authors import PaperFile
    from sim.report.results import Results

METADATA = "ro-crate-metadata.json"
SOFTWARE = "#jingxi"
_MEDIA = {
    ".csv": "text/csv", ".html": "text/html", ".json": "application/json", ".pdf": "application/pdf",
    ".svg": "image/svg+xml", ".tex": "application/x-tex", ".yaml": "application/yaml",
    ".cff": "application/yaml", ".parquet": "application/vnd.apache.parquet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_SPDX = "https://spdx.org/licenses/"


def write_crate(folder: Path, title: str, authors: PaperFile, r: Results) -> Path:
    """Describe every file of the folder of a paper, with its hash, in `METADATA`; return that file."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.person import Person
    from rocrate.rocrate import ROCrate

    made = ROCrate(version="1.1")
    made.metadata.extra_terms["sha256"] = "https://schema.org/sha256"
    made.name, made.description = one_line(title), pick(r.study.question, r.lang)
    made.datePublished = published(authors, r)
    made.root_dataset["inLanguage"] = "zh-Hans" if r.lang == "zh" else "en"
    if authors.keywords:
        made.keywords = ", ".join(map(one_line, authors.keywords))
    known = versions()
    software: dict[str, Any] = {
        "@type": "SoftwareSourceCode",
        "name": "Jingxi",
        "version": known["jingxi"],
        "identifier": commit() or code_version(),
        "programmingLanguage": f"Python {known['python']}",
        "license": {"@id": f"{_SPDX}MIT"},
    }
    if authors.code_url:
        software["codeRepository"] = authors.code_url
    instrument = made.add(ContextEntity(made, SOFTWARE, software))
    made.add(ContextEntity(made, f"{_SPDX}MIT", {"@type": "CreativeWork", "name": "MIT"}))
    if authors.data_license:
        name = authors.data_license
        licence = ContextEntity(made, f"{_SPDX}{name}", {"@type": "CreativeWork", "name": name})
        made.license = made.get(licence.id) or made.add(licence)
    else:
        made.license = "Not stated by the authors"
    people = []
    for number, one in enumerate(authors.authors, start=1):
        told = {"name": one_line(one.name)} | (
            {"affiliation": one_line(one.affiliation)} if one.affiliation else {}
        )
        place = f"https://orcid.org/{one.orcid}" if one.orcid else f"#author-{number}"
        people.append(made.add(Person(made, place, told)))
    if people:
        made.root_dataset["author"] = people
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != METADATA]
    parts = {}
    for file in files:
        path = file.relative_to(folder).as_posix()
        about = {
            "name": path,
            "contentSize": str(file.stat().st_size),
            "sha256": sha256(file),
            "encodingFormat": _MEDIA.get(file.suffix, "application/octet-stream"),
        }
        parts[path] = made.add_file(file, dest_path=path, properties=about)
    run = {
        "@type": "CreateAction",
        "name": f"Simulation of {r.study.called}",
        "instrument": instrument,
        "object": [part for path, part in parts.items() if path.startswith("inputs/")],
        "result": [part for path, part in parts.items() if path.startswith(("data/", "tables/", "figures/"))],
    }
    made.root_dataset["mentions"] = made.add(ContextEntity(made, "#run", run))
    content = made.metadata.generate()
    return write_whole(folder / METADATA, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def published(authors: PaperFile, r: Results) -> str:
    """Return the date of a paper: that of its authors, or else the day of the last result."""
    if authors.date is not None:
        return authors.date.isoformat()
    newest = max((changed for _, changed, _ in r.study.store.files().values()), default=0)
    return datetime.fromtimestamp(newest / 1e9).date().isoformat()


def citation(title: str, authors: PaperFile, r: Results) -> str:
    """Return the file ``CITATION.cff`` of the folder, which also cites the software."""
    import yaml

    people = []
    for one in authors.authors:
        person = {"name": one_line(one.name)}
        if one.affiliation:
            person["affiliation"] = one_line(one.affiliation)
        if one.orcid:
            person["orcid"] = f"https://orcid.org/{one.orcid}"
        people.append(person)
    software: dict[str, Any] = {"type": "software", "title": "Jingxi", "version": versions()["jingxi"]}
    software |= {"authors": [{"name": "The Jingxi contributors"}], "license": "MIT"}
    if at := commit().rstrip("+"):
        software["commit"] = at
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": one_line(title),
        "authors": people or [{"name": "Not stated by the authors"}],
        "date-released": published(authors, r),
        "references": [software],
    }
    if authors.data_license:
        content["license"] = authors.data_license
    if authors.keywords:
        content["keywords"] = list(map(one_line, authors.keywords))
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def check_crate(folder: Path) -> list[str]:
    """Return which files of a crate are no longer as its metadata has them.

    Raises InputError where the metadata cannot be read, or name a file that is missing, is a link, or lies
    outside the folder.
    """
    metadata = folder / METADATA
    changed = []
    for entity in _entities(metadata):
        kinds = entity.get("@type")
        if "File" not in (kinds if isinstance(kinds, list) else [kinds]):
            continue
        file = _inside(folder, entity.get("@id"), metadata)
        if "sha256" in entity and sha256(file) != entity["sha256"]:
            changed.append(file.relative_to(folder).as_posix())
    return changed


def _entities(metadata: Path) -> list[dict[str, Any]]:
    try:
        graph = json.loads(metadata.read_text(encoding="utf-8"))["@graph"]
    except FileNotFoundError:
        raise InputError(
            "no such file", file=metadata, remedy="Give the folder that sim paper wrote"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=metadata) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("is no metadata of an RO-Crate", file=metadata) from None
    if not isinstance(graph, list) or not all(isinstance(entity, dict) for entity in graph):
        raise InputError("is no metadata of an RO-Crate", file=metadata)
    return graph


def _inside(folder: Path, path: object, metadata: Path) -> Path:
    """Return the file of that path in the folder; an RO-Crate writes it as part of an address."""
    told = unquote(path) if isinstance(path, str) else ""
    named = PurePosixPath(told)
    if not told or "\0" in told or named.is_absolute() or ".." in named.parts or {"\\", ":"} & set(told):
        raise InputError(f"names {path!r}, which is no file of the folder", file=metadata)
    file = folder / named
    if not file.resolve().is_relative_to(folder.resolve()) or file.is_symlink():
        raise InputError(f"names '{path}', and a link leads out of the folder", file=metadata)
    if not file.is_file():
        raise InputError(
            f"names '{path}', which is missing", file=metadata, remedy="Restore it, or write the paper anew"
        )
    return file
