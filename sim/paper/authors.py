"""What only the authors of a paper can say, in one YAML file beside the study: ``<study>.paper.yaml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from sim.scenario.errors import InputError
from sim.scenario.mistakes import validate
from sim.scenario.part import Part, Text, key
from sim.scenario.source import read_yaml
from sim.scenario.time import Date

if TYPE_CHECKING:
    from sim.study import Study

ENDING = ".paper.yaml"
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]\Z")
_LICENCE = re.compile(r"[A-Za-z0-9.+-]{1,64}\Z")
_URL = re.compile(r"https?://[^\s<>\"\\{}|^`]{1,500}\Z")


def _in_both(given: Any) -> Any:
    """One text serves both languages."""
    return {"en": given, "zh": given} if isinstance(given, str) else given


Statement = Annotated[Text | None, BeforeValidator(_in_both)]
Words = Annotated[str, Strict(), Field(max_length=500)]


def _form(pattern: re.Pattern[str], example: str) -> AfterValidator:
    def check(given: str) -> str:
        if given and not pattern.match(given):
            raise ValueError(f"'{given}' is not written as it should be; for example {example}")
        return given

    return AfterValidator(check)


class Author(Part):
    """An author."""

    name: Annotated[str, Strict(), Field(min_length=1, max_length=200)] = key("full name", "姓名")
    affiliation: Words = key("where the author works", "单位", default="")
    orcid: Annotated[str, Strict(), _form(_ORCID, "0000-0002-1825-0097")] = key("ORCID", "ORCID", default="")


class PaperFile(Part):
    """The content of the file. All but ``format`` may be left out: what is missing is a gap in the checklist.

    A statement is one text, or one in each language: ``{en: …, zh: …}``.
    """

    format: Literal["jingxi-paper/1"] = key("the file format and its version", "文件格式及版本")
    title: Statement = key("title of the paper; the study's if left out", "论文标题", default=None)
    authors: tuple[Author, ...] = key("who wrote it", "作者", default=(), max_length=200)
    date: Date | None = key("date of the paper", "成文日期", default=None)
    keywords: tuple[Words, ...] = key("keywords", "关键词", default=(), max_length=30)
    purpose: Statement = key("purpose of the model (STRESS-DES 1.1)", "模型目的", default=None)
    preprocessing: Statement = key(
        "how data were prepared for the scenario (STRESS-DES 3.2)", "数据预处理", default=None
    )
    system: Statement = key(
        "computer on which it ran, and how long (STRESS-DES 5.4)", "运行环境及耗时", default=None
    )
    code_url: Annotated[str, Strict(), _form(_URL, "https://example.org/code")] = key(
        "address at which the code can be had (STRESS-DES 6.1)", "代码获取地址", default=""
    )
    data_license: Annotated[str, Strict(), _form(_LICENCE, "CC-BY-4.0")] = key(
        "licence of the data, an SPDX identifier", "数据许可（SPDX标识）", default=""
    )
    contributions: Statement = key("who did what", "作者贡献", default=None)
    funding: Statement = key("who paid for the work", "资助", default=None)
    interests: Statement = key("conflicts of interest", "利益冲突", default=None)
    ethics: Statement = key("ethics approval, or why none is needed", "伦理审查", default=None)


def file_of(study: Study) -> Path | None:
    """Return where the authors' file of a study stands; None of a study without a file."""
    return None if study.path is None else study.path.with_name(f"{study.path.stem}{ENDING}")


def read_authors(study: Study) -> PaperFile:
    """Read the authors' file of a study; an empty one where there is none.

    Raises InputError for all that is wrong with it.
    """
    file = file_of(study)
    if file is None or not file.exists():
        return PaperFile(format="jingxi-paper/1")
    if not file.is_file():
        raise InputError("is no file", file=file)
    return read(file)


def read(file: Path) -> PaperFile:
    """Read an authors' file. Raises InputError for all that is wrong with it."""
    return validate(PaperFile, read_yaml(file))


def unsaid(content: PaperFile) -> list[str]:
    """Return the keys of a file that say nothing."""
    return [name for name in PaperFile.model_fields if not getattr(content, name)]
