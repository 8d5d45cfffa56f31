"""Reads sheets in a process of its own, because their reader never lets other threads run."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import pyarrow as pa
from pyarrow import ipc

from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.sheets import columns_of, open_book, tables_in

# The process starts before the workbook's bounds are known: one that would fill the memory of the
# machine dies of this, and the bounds say why.
ADDRESS_SPACE = 12 * 1024**3


class SheetProcess:
    """Reads some tables of a workbook into Arrow files of a folder, beside this process."""

    def __init__(self, path: Path, folder: Path, tables: Sequence[str]) -> None:
        self._folder, self.tables = folder, frozenset(tables)
        command = [sys.executable, "-m", __name__, str(path), str(folder), *tables]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def columns_of(self, table: str) -> pa.Table | None:
        """Wait for a table; `None` when the process did not read it, for whatever reason."""
        if self._process.wait() != 0:
            return None
        with pa.memory_map(str(arrow_file(self._folder, table))) as source:
            return ipc.open_file(source).read_all()

    def close(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def arrow_file(folder: Path, table: str) -> Path:
    return folder / f"sheet-{table}.arrow"


def main(arguments: Sequence[str]) -> int:
    """Read the tables named after the workbook and the folder; 1 when that cannot be done."""
    workbook, folder, *tables = arguments
    _limit_memory()
    try:
        book = open_book(Path(workbook))
        for found in tables_in(book, Path(workbook)):
            if found.table.name in tables:
                _write(columns_of(book, found, {}), arrow_file(Path(folder), found.table.name))
    except FactsRefused:
        return 1  # the other process comes upon the same, and tells it
    return 0


def _write(columns: pa.Table, path: Path) -> None:
    with ipc.new_file(str(path), columns.schema) as file:
        file.write_table(columns)


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has it
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
