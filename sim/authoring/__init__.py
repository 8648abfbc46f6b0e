"""Help planners write their own files: every key explained, files made anew, workbooks out and in.

`keys` lists the keys of scenario, policy and study files in both languages, and `search` finds them;
`json_schema` makes of them what YAML editors complete and check by. `new` writes folders that pass the check.
`workbook` writes a scenario as an .xlsx file, and `import_workbook` reads one as it is.
"""
