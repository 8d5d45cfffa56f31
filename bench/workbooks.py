"""A year of facts as the workbook a clerk keeps: Chinese sheets, headings and codes."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zhiyuanhong.points.choices import FACT_TABLES, Column, FactTable, Kind

Cell = str | int | bool | date | datetime | None
FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.TIME: "yyyy-mm-dd hh:mm"}


def write_workbook(facts: Path, file: Path) -> None:
    """Write the Parquet tables of a folder as the sheets of one .xlsx."""
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_numbers": False})
    styles = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
    with duckdb.connect(":memory:") as connection:
        for table in FACT_TABLES:
            sheet = book.add_worksheet(table.label)
            sheet.write_row(0, 0, [column.label for column in table.columns])
            _write_rows(sheet, table, _rows(connection, facts, table), styles)
    book.close()


def _rows(
    connection: duckdb.DuckDBPyConnection, facts: Path, table: FactTable
) -> list[tuple[Cell, ...]]:
    columns = ", ".join(column.name for column in table.columns)
    return connection.execute(f"SELECT {columns} FROM '{facts / table.name}.parquet'").fetchall()


def _write_rows(
    sheet: Worksheet, table: FactTable, rows: list[tuple[Cell, ...]], styles: dict[Kind, Format]
) -> None:
    for number, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            cell = _cell(column, value)
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, styles[column.kind])
            elif cell is not None:
                sheet.write(number, place, cell)


def _cell(column: Column, value: Cell) -> Cell:
    if isinstance(value, bool):
        return "是" if value else "否"
    return column.codes.get(value, value) if isinstance(value, str) else value
