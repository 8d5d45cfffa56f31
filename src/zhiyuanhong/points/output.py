"""Results and statement as CSV, Parquet (English headings) or a workbook (Chinese)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from duckdb import DuckDBPyConnection
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zhiyuanhong.points.choices import Column, FactTable, Kind
from zhiyuanhong.points.engines.tables import quoted

FORMATS = ("csv", "parquet", "xlsx")
ORDERS = {"results": "volunteer_id", "statement": "volunteer_id, day, rule, source_id"}
ROWS_OF_A_SHEET = 1_000_000  # with the heading; Excel ends at 1,048,576
ROWS_AT_ONCE = 50_000
WRITTEN_AT = datetime(2000, 1, 1)  # noqa: DTZ001  # always, so that the same facts give the same bytes
WIDTHS = {Kind.ID: 20, Kind.DATE: 12, Kind.TEXT: 24}


def write_table(
    connection: DuckDBPyConnection, folder: Path, table: FactTable, ending: str
) -> None:
    """Turn `NAME.parquet` of the folder into `NAME.ending`, put in the order people read it."""
    if ending == "parquet":
        return  # for programs, at any size: the lines of a statement have no order there
    parquet = folder / f"{table.name}.parquet"
    path = folder / f"{table.name}.{ending}"
    rows = f"SELECT * FROM read_parquet({quoted(parquet)}) ORDER BY {ORDERS[table.name]}"
    if ending == "csv":
        # No BOM: this is for programs; the workbook is for people.
        connection.execute(f"COPY ({rows}) TO {quoted(path)} (FORMAT csv, HEADER)")
    else:
        batches = connection.sql(rows).to_arrow_reader(min(ROWS_AT_ONCE, ROWS_OF_A_SHEET - 1))
        write_workbook(batches, path, table)
    parquet.unlink()


def write_workbook(batches: Iterable[pa.RecordBatch], path: Path, table: FactTable) -> None:
    """Write rows as a workbook; what exceeds a sheet goes on to the next."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": WRITTEN_AT})
        heading = book.add_format({"bold": True, "bg_color": "#FBE9EA", "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = _add_sheet(book, table, heading, 1)
        row, sheets = 1, 1
        for batch in batches:
            if row + batch.num_rows > ROWS_OF_A_SHEET:
                sheets += 1
                sheet, row = _add_sheet(book, table, heading, sheets), 1
            _write_rows(sheet, row, batch, table, day)
            row += batch.num_rows


def _add_sheet(
    book: xlsxwriter.Workbook, table: FactTable, heading: Format, number: int
) -> Worksheet:
    sheet = book.add_worksheet(table.label if number == 1 else f"{table.label}{number}")
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDTHS.get(column.kind, 10))
    sheet.write_row(0, 0, [column.label for column in table.columns], heading)
    return sheet


def _write_rows(
    sheet: Worksheet, first: int, batch: pa.RecordBatch, table: FactTable, day: Format
) -> None:
    columns = [
        _in_chinese(batch.column(place).to_pylist(), column)
        for place, column in enumerate(table.columns)
    ]
    writers = [_writer(sheet, column, day) for column in table.columns]
    for row, cells in enumerate(zip(*columns, strict=True), start=first):
        for place, (write, cell) in enumerate(zip(writers, cells, strict=True)):
            if cell is not None and cell != "":
                write(row, place, cell)


def _in_chinese(cells: Sequence[Any], column: Column) -> Sequence[Any]:
    return [column.codes[cell] for cell in cells] if column.codes else cells


def _writer(sheet: Worksheet, column: Column, day: Format) -> Callable[[int, int, Any], int]:
    writers: dict[Kind, Callable[[int, int, Any], int]] = {
        Kind.INTEGER: sheet.write_number,
        Kind.DATE: lambda row, place, cell: int(sheet.write_datetime(row, place, cell, day)),
    }
    write: Callable[[int, int, Any], int] = writers.get(column.kind, sheet.write_string)
    return write
