"""A scenario as a workbook (.xlsx), and back: for offices that keep rosters and volumes in Excel or WPS.

`layout` derives the sheets and their columns from the schema; `write_workbook` and `read_workbook` use it. A
workbook is data: formulas, macros and links in it are reported and never executed.
"""

from .read import import_workbook, read_workbook
from .targets import read_sheet
from .write import write_template, write_workbook

__all__ = ["import_workbook", "read_sheet", "read_workbook", "write_template", "write_workbook"]
