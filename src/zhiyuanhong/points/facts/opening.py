"""Opens a fact set: finds its tables, reads them, checks them, and leaves out what is bad."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from zhiyuanhong.points.checks import (
    BAD_TABLE,
    cell_checks,
    duplicate_ids,
    holes,
    ids_rise,
    row_checks,
)
from zhiyuanhong.points.choices import FACT_TABLES, SERVICES, FactTable
from zhiyuanhong.points.facts.csv_files import read_csv
from zhiyuanhong.points.facts.found import Format, Found, find_tables, refuse_missing_tables
from zhiyuanhong.points.facts.leaving_out import LeftOut, leave_out
from zhiyuanhong.points.facts.limits import DEFAULT_LIMITS, Limits
from zhiyuanhong.points.facts.parquet_files import read_parquet
from zhiyuanhong.points.facts.refusals import BadRowsFound, FactsRefused
from zhiyuanhong.points.facts.report import BadRows
from zhiyuanhong.points.facts.staging import stage_empty
from zhiyuanhong.points.facts.store import Store
from zhiyuanhong.points.facts.workbook import Workbook

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Facts:
    """A clean fact set: the seven tables stand in `connection`, typed, codes in English.

    `counts` are the rows of each table that take part, `skipped` those that do not;
    `hash` is the content's fingerprint (see `content_hash`).
    """

    store: Store
    counts: dict[str, int]
    skipped: dict[str, int]
    left_out: LeftOut
    bad_rows: BadRows
    hash: str

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.store.connection

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_facts(
    path: Path,
    *,
    skip_bad_rows: bool = False,
    memory_limit: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Facts:
    """Reads a folder of CSV and Parquet tables, or a workbook. Close what it returns.

    Raises FactsRefused if it cannot be read, BadRowsFound (whose report must be closed) if rows
    are bad and are not to be skipped. Nothing is left on disk in any case.
    """
    with ExitStack() as undo:
        store = undo.enter_context(Store(memory_limit))
        fingerprint = _read(store, path, limits, progress)
        report = _check(store, progress)
        if report.total and not skip_bad_rows:
            undo.pop_all()
            raise BadRowsFound(report)
        if not report.total:
            store.forget_cells()
        left_out = leave_out(store, report)
        facts = Facts(
            store=store,
            counts={t.name: _count(store, t) for t in FACT_TABLES},
            skipped=left_out.per_table,
            left_out=left_out,
            bad_rows=report,
            hash=fingerprint,
        )
        undo.pop_all()
        return facts


def check_facts(
    path: Path,
    *,
    memory_limit: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> BadRows:
    """The bad rows of a fact set, possibly none. Close what it returns."""
    with ExitStack() as undo:
        store = undo.enter_context(Store(memory_limit))
        _read(store, path, limits, progress)
        report = _check(store, progress)
        undo.pop_all()
        return report


def _read(store: Store, path: Path, limits: Limits, progress: Progress | None) -> str:
    try:
        return _read_tables(store, path, limits, progress)
    except OSError as error:
        raise FactsRefused(
            "cannot_read", f"读不了“{path.name}”：请检查权限，或文件是否正被别的程序占用。"
        ) from error


def _read_tables(store: Store, path: Path, limits: Limits, progress: Progress | None) -> str:
    file, found = find_tables(path)
    with ExitStack() as reading:
        workbook = reading.enter_context(Workbook(file, limits, store)) if file else None
        found = workbook.found if workbook else found
        refuse_missing_tables(found)
        there = {one.table.name: one for one in found}
        for table in SMALL_TABLES_FIRST:
            one = there.get(table.name)
            if one is None:
                stage_empty(store, table)
                continue
            _tell(progress, f"读取{table.label}……")
            if workbook:
                workbook.read(one)
            else:
                READERS[one.format](store, one)
    return content_hash(found)


# Services, by far the most rows, come last: a large workbook is read by two processes, and what
# the first has read is put in its place while the second still reads services.
SMALL_TABLES_FIRST = (*(table for table in FACT_TABLES if table is not SERVICES), SERVICES)
READERS: dict[Format, Callable[[Store, Found], None]] = {
    Format.CSV: read_csv,
    Format.PARQUET: read_parquet,
}


def _check(store: Store, progress: Progress | None) -> BadRows:
    store.connection.execute(BAD_TABLE)
    for table in FACT_TABLES:
        _tell(progress, f"检查{table.label}……")
        for check in _needed_checks(store, table):
            store.connection.execute(f"INSERT INTO reading.bad {check}")
    return BadRows(store)


def _needed_checks(store: Store, table: FactTable) -> Iterator[str]:
    """What is read where it lies has no bad cell, else it would have been copied."""
    if table.name in store.copied:
        yield from cell_checks(table, store.rows(holes(table))[0])
    ((rising,),) = store.rows(ids_rise(table))
    if not rising:
        yield duplicate_ids(table)
    yield from row_checks(table)


def _count(store: Store, table: FactTable) -> int:
    ((count,),) = store.rows(f"SELECT count(*) FROM {table.name}")
    return int(count)


def _tell(progress: Progress | None, line: str) -> None:
    if progress:
        progress(line)


def content_hash(found: list[Found]) -> str:
    """SHA-256 of one line `SHA256-OF-FILE  TABLE.FORMAT` per table file, in the tables' order.

    A workbook is a single line, its name `facts.xlsx`. Names of files and sheets play no part.
    """
    lines = {
        "facts.xlsx" if one.format is Format.XLSX else f"{one.table.name}.{one.format}": one.path
        for one in found
    }
    whole = hashlib.sha256()
    for name, path in lines.items():
        with path.open("rb") as file:
            whole.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return whole.hexdigest()
