"""The sheets of a workbook that are tables, each as Arrow columns of text."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine

from zhiyuanhong.points.choices import Kind
from zhiyuanhong.points.facts.cell_texts import as_text, texts
from zhiyuanhong.points.facts.extent import place_of
from zhiyuanhong.points.facts.found import Format, Found, in_order, match_headings, table_called
from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.workbook_parts import sheet_entries

Rows = list[list[Any]]
ErrorCells = Mapping[str, Sequence[str]]  # places by zip entry


def open_book(path: Path) -> calamine.CalamineWorkbook:
    """Open a workbook; `FactsRefused` when it is broken."""
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError as error:
        raise _broken(path) from error


def tables_in(book: calamine.CalamineWorkbook, path: Path) -> list[Found]:
    """List the sheets that are tables, in the tables' order; two of one table are refused."""
    tables = [(table_called(name), name) for name in book.sheet_names]
    return in_order(Found(table, Format.XLSX, path, name) for table, name in tables if table)


def columns_of(book: calamine.CalamineWorkbook, found: Found, errors: ErrorCells) -> pa.Table:
    """Read a sheet: its table's columns, by name, every cell as text."""
    headings, *rows = _rows(book, found, errors) or [[]]
    places = match_headings(found, [as_text(cell, Kind.TEXT) or "" for cell in headings])
    return pa.table(
        {
            name: texts([row[place] for row in rows], found.table.column(name).kind)
            for name, place in places.items()
        }
    )


def _rows(book: calamine.CalamineWorkbook, found: Found, errors: ErrorCells) -> Rows:
    """Read a sheet from its first row that is not empty, which holds the headings."""
    try:
        sheet = book.get_sheet_by_name(found.name)
        with _uncollected():
            rows: Rows = sheet.to_python(skip_empty_area=False)
    except calamine.CalamineError as error:
        raise _broken(found.path) from error
    if errors:
        _show_errors(found, rows, errors)
    first = next((n for n, row in enumerate(rows) if any(cell != "" for cell in row)), 0)
    return rows[first:]


def _show_errors(found: Found, rows: Rows, errors: ErrorCells) -> None:
    """Mark formulas that failed (#N/A): they come as empty cells and must not pass for them."""
    for place in errors.get(sheet_entries(found.path).get(found.name, ""), []):
        row, column = place_of(place)
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = FormulaError()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector: millions of new cells hold no cycles, looking costs a third."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class FormulaError:
    """Stands where a formula failed: no value of any type, and not empty."""

    def __str__(self) -> str:
        return "#N/A"


def _broken(path: Path) -> FactsRefused:
    return FactsRefused(
        "workbook_broken", f"“{path.name}”已损坏或不完整，请重新保存或重新下载后重试。"
    )
