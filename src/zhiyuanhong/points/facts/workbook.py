"""Workbooks: the tables of an .xlsx within its bounds, put into the store."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pyarrow as pa

from zhiyuanhong.points.choices import FACT_TABLES, SERVICES
from zhiyuanhong.points.facts.bounds import refuse_unbounded
from zhiyuanhong.points.facts.cells import Cell
from zhiyuanhong.points.facts.found import Found
from zhiyuanhong.points.facts.limits import MEBIBYTE, Limits
from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.sheet_process import SheetProcess
from zhiyuanhong.points.facts.sheets import columns_of, open_book, tables_in
from zhiyuanhong.points.facts.staging import stage_cells
from zhiyuanhong.points.facts.store import Store

# Below this, starting a process takes longer than reading.
LARGE_FILE = 4 * MEBIBYTE


class Workbook:
    """An .xlsx within its bounds; `found` are the sheets that are tables.

    Of a large one, the services and the other tables are read by two processes at once, while
    this one counts what the workbook holds. Close it.
    """

    def __init__(self, path: Path, limits: Limits, store: Store) -> None:
        self._store = store
        with ExitStack() as opened:
            self._processes = [opened.enter_context(one) for one in _processes(path, store.folder)]
            self._errors = refuse_unbounded(path, limits)
            self._book = open_book(path)
            if len(self._book.sheet_names) > limits.sheets:
                raise FactsRefused(
                    "workbook_too_large", f"“{path.name}”的工作表超过 {limits.sheets} 个。"
                )
            self.found = tables_in(self._book, path)
            self._opened = opened.pop_all()

    def read(self, found: Found) -> None:
        """Put a sheet into the store, every cell as text."""
        columns = self._read_beside(found)
        if columns is None:
            columns = columns_of(self._book, found, self._errors)
        connection = self._store.connection
        connection.register("sheet", columns)
        stage_cells(
            self._store, found.table, "sheet", {name: Cell(name) for name in columns.column_names}
        )
        connection.unregister("sheet")

    def _read_beside(self, found: Found) -> pa.Table | None:
        if self._errors:
            return None  # failed formulas are marked while the cells are still apart
        name = found.table.name
        reader = next((one for one in self._processes if name in one.tables), None)
        return reader.columns_of(name) if reader else None

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _processes(path: Path, folder: Path) -> list[SheetProcess]:
    if path.stat().st_size < LARGE_FILE or (os.cpu_count() or 1) < 2:
        return []
    others = [table.name for table in FACT_TABLES if table is not SERVICES]
    return [SheetProcess(path, folder, names) for names in ([SERVICES.name], others)]
