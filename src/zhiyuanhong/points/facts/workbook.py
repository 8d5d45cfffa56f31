"""Workbooks: the sheets of an .xlsx, read by column as text."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine

from zhiyuanhong.points.choices import Kind
from zhiyuanhong.points.facts.bounds import refuse_unbounded
from zhiyuanhong.points.facts.cell_texts import as_text, texts
from zhiyuanhong.points.facts.cells import Cell
from zhiyuanhong.points.facts.extent import place_of
from zhiyuanhong.points.facts.found import Format, Found, in_order, match_headings, table_called
from zhiyuanhong.points.facts.limits import Limits
from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.staging import stage_cells
from zhiyuanhong.points.facts.store import Store
from zhiyuanhong.points.facts.workbook_parts import sheet_entries

Rows = list[list[Any]]


class Workbook:
    """An .xlsx within its bounds; `found` are the sheets that are tables."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._errors = refuse_unbounded(path, limits)
        try:
            self._book = calamine.CalamineWorkbook.from_path(str(path))
        except calamine.CalamineError as error:
            raise _broken(path) from error
        names = self._book.sheet_names
        if len(names) > limits.sheets:
            raise FactsRefused(
                "workbook_too_large", f"“{path.name}”的工作表超过 {limits.sheets} 个。"
            )
        tables = [(table_called(name), name) for name in names]
        self.found = in_order(
            Found(table, Format.XLSX, path, name) for table, name in tables if table
        )

    def rows(self, found: Found) -> Rows:
        """The sheet from its first row that is not empty, which holds the headings."""
        try:
            sheet = self._book.get_sheet_by_name(found.name)
            with _uncollected():
                rows: Rows = sheet.to_python(skip_empty_area=False)
        except calamine.CalamineError as error:
            raise _broken(self._path) from error
        self._show_errors(found, rows)
        first = next((n for n, row in enumerate(rows) if any(cell != "" for cell in row)), 0)
        return rows[first:]

    def _show_errors(self, found: Found, rows: Rows) -> None:
        """A formula's error (#N/A) comes as an empty cell; it must not pass for one."""
        if not self._errors:
            return
        for place in self._errors.get(sheet_entries(self._path).get(found.name, ""), []):
            row, column = place_of(place)
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = FormulaError()

    def read(self, store: Store, found: Found) -> None:
        """Puts a sheet into the store, every cell as text."""
        headings, *rows = self.rows(found) or [[]]
        places = match_headings(found, [as_text(cell, Kind.TEXT) or "" for cell in headings])
        columns = {
            name: texts([row[place] for row in rows], found.table.column(name).kind)
            for name, place in places.items()
        }
        store.connection.register("sheet", pa.table(columns))
        stage_cells(store, found.table, "sheet", {name: Cell(name) for name in columns})
        store.connection.unregister("sheet")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Holds the garbage collector: millions of new cells hold no cycles, looking costs a third."""
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
