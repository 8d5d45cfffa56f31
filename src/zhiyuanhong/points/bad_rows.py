"""Writes the report of bad rows: as CSV for programs, as a marked workbook for the clerk."""

import csv
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zhiyuanhong.points.choices import FACT_TABLES, FactTable
from zhiyuanhong.points.facts import BadRow, BadRows
from zhiyuanhong.points.facts.whole_files import written_whole

SHOWN_ROWS = 10_000  # of one table; more than that nobody mends by hand
_NOTE = (
    "红色单元格有问题，原因见批注和最后一列“原因”。",
    "行号从第一行数据算起，表头不计：第 1 行就是表格软件里的第 2 行。",
    "请在原来的文件里改正后重试。",
)


def write_bad_rows_csv(report: BadRows, path: Path) -> None:
    """Every reason: table, row, column, code, reason. It holds no cell of the facts."""
    with (
        written_whole(path) as unfinished,
        unfinished.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(("table", "row", "column", "code", "reason"))
        writer.writerows((bad.table, bad.row, bad.column, bad.code, bad.reason) for bad in report)


def write_bad_rows_xlsx(report: BadRows, path: Path) -> None:
    """The bad rows as they were, headed in Chinese, the cells at fault marked and commented.

    At most the first `SHOWN_ROWS` bad rows of each table; the first sheet says so.
    """
    with written_whole(path) as unfinished:
        book = xlsxwriter.Workbook(unfinished, {"constant_memory": True})
        try:
            formats = {
                "heading": book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1}),
                "bad": book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
                "reason": book.add_format({"text_wrap": True, "valign": "top"}),
            }
            _write_summary(book.add_worksheet("说明"), report, formats)
            for table in FACT_TABLES:
                if table.name in report.per_table:
                    _write_table(book.add_worksheet(table.label), report, table, formats)
        finally:
            book.close()


def _write_summary(sheet: Worksheet, report: BadRows, formats: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 2, 22)
    for column, heading in enumerate(("表", "有问题的行数", "本文件列出的行数")):
        sheet.write_string(0, column, heading, formats["heading"])
    line = 0
    for line, (name, rows) in enumerate(report.per_table.items(), start=1):
        label = next(table.label for table in FACT_TABLES if table.name == name)
        sheet.write_string(line, 0, label)
        sheet.write_number(line, 1, rows)
        sheet.write_number(line, 2, min(rows, SHOWN_ROWS))
    for offset, note in enumerate(_NOTE, start=line + 2):
        sheet.write_string(offset, 0, note)


def _write_table(
    sheet: Worksheet, report: BadRows, table: FactTable, formats: dict[str, Format]
) -> None:
    headings = ("行号", *(column.label for column in table.columns), "原因")
    sheet.freeze_panes(1, 1)
    sheet.set_column(1, len(headings) - 2, 18)
    sheet.set_column(len(headings) - 1, len(headings) - 1, 60)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["heading"])
    reasons = groupby(report.of_table(table.name, rows=SHOWN_ROWS), attrgetter("row"))
    originals = report.originals(table.name, rows=SHOWN_ROWS)
    for line, ((_, faults), cells) in enumerate(zip(reasons, originals, strict=True), start=1):
        _write_row(sheet, line, table, faults=list(faults), cells=cells, formats=formats)


def _write_row(
    sheet: Worksheet,
    line: int,
    table: FactTable,
    *,
    faults: list[BadRow],
    cells: list[str | None],
    formats: dict[str, Format],
) -> None:
    """Cells are written as strings, never as formulas, whatever they begin with."""
    causes: dict[str, str] = {}
    for fault in faults:
        before = causes.get(fault.column)
        causes[fault.column] = f"{before}；{fault.reason}" if before else fault.reason
    sheet.write_number(line, 0, faults[0].row)
    for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True), start=1):
        marked = formats["bad"] if column.name in causes else None
        if cell:
            sheet.write_string(line, place, cell[:32_767], marked)
        elif marked:
            sheet.write_blank(line, place, None, marked)
        if column.name in causes:
            sheet.write_comment(line, place, causes[column.name])
    text = "；".join(f"{table.column(name).label}：{cause}" for name, cause in causes.items())
    sheet.write_string(line, len(cells) + 1, text, formats["reason"])
