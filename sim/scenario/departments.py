"""Outside departments 外部门 by name: whom matters wait for, and how long each takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .part import ARTICLE, ASSUMED, Flag, Name, Number, Part, Text, key, param


class Department(Part):
    """One department."""

    title: Text


class Departments(Part):
    """Departments, whose delays differ from the step's by a factor and a spread of their own.

    A step names those that it may wait for, with shares (`kinds.<kind>.route.<step>.departments`).
    """

    on: Flag = param(
        "departments have delays of their own",
        "分部门计算等待时间",
        unit="-",
        source=f"{ARTICLE}: 二、三 发改、环保、建设、工商、法院、公安",
        default=False,
    )
    known: dict[Name, Department] = key("the departments, by name", "外部门名单", default={}, max_length=40)
    delay_factor: dict[Name, Annotated[Number, Field(gt=0, le=20)]] = param(
        "factor on the step's mean delay, by department",
        "各部门等待时间对环节均值的倍数",
        unit="1",
        source=ASSUMED,
        default={},
    )
    cv: dict[Name, Annotated[Number, Field(ge=0, le=3)]] = param(
        "coefficient of variation of its delays, by department",
        "各部门等待时间的变异系数",
        unit="1",
        source=ASSUMED,
        default={},
    )

    @property
    def titles(self) -> dict[str, Text]:
        """The titles of the departments, by name."""
        return {name: department.title for name, department in self.known.items()}
