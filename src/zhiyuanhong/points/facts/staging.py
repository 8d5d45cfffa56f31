"""From source columns to typed tables of schema `reading`, by expressions over whole columns."""

import glob
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zhiyuanhong.points.choices import Column, FactTable
from zhiyuanhong.points.facts.cells import (
    BLANKS,
    SQL_TYPES,
    Cell,
    is_normalized,
    literal,
    plain,
    plain_value,
    trimmed,
    value,
)
from zhiyuanhong.points.facts.store import Store

Cells = Mapping[str, Cell]


def stage_empty(store: Store, table: FactTable) -> None:
    """A table that is missing is empty."""
    columns = ", ".join(f"{c.name} {SQL_TYPES[c.kind]}" for c in table.columns)
    store.connection.execute(f"CREATE TABLE reading.{table.name} (row BIGINT, {columns})")


def stage_plain(store: Store, table: FactTable, relation: str, cells: Cells) -> bool:
    """Lets the table be read where it lies, if every cell of it already is its value.

    `relation` has a column `file_row_number` from 0.
    """
    conditions = [plain(c, cells[c.name]) for c in table.columns if c.name in cells]
    if None in conditions:
        return False
    all_hold = " AND ".join(f"coalesce({condition}, false)" for condition in conditions)
    ((clean,),) = store.rows(f"SELECT coalesce(bool_and({all_hold}), true) FROM {relation}")
    if clean:
        values = ", ".join(f"{_plain_or_null(c, cells)} AS {c.name}" for c in table.columns)
        store.connection.execute(
            f"CREATE VIEW reading.{table.name} AS "
            f"SELECT file_row_number + 1 AS row, {values} FROM {relation}"
        )
    return bool(clean)


def _plain_or_null(column: Column, cells: Cells) -> str:
    cell = cells.get(column.name)
    return plain_value(column, cell) if cell else f"CAST(NULL AS {SQL_TYPES[column.kind]})"


def stage_cells(store: Store, table: FactTable, relation: str, cells: Cells) -> None:
    """Copies the cells as they are, trimmed, then the typed table from them.

    Both stay: `reading.raw_NAME` says whether a null of `reading.NAME` was empty or unreadable.
    """
    raw = ", ".join(
        f"{trimmed(cells[c.name]) if c.name in cells else 'CAST(NULL AS VARCHAR)'} AS {c.name}"
        for c in table.columns
    )
    store.connection.execute(
        f"CREATE TABLE reading.raw_{table.name} AS SELECT {raw} FROM {relation}"
    )
    store.copied.add(table.name)
    typed = {
        c.name: Cell(f"r.{c.name}", cells[c.name].sql_type)
        if c.name in cells
        else Cell(f"r.{c.name}")
        for c in table.columns
    }
    _create_typed(store, table, typed)


def _create_typed(store: Store, table: FactTable, cells: Cells) -> None:
    odd = [c for c in table.columns if is_normalized(c) and cells[c.name].family == "text"]
    odd = [column for column in odd if _normalize(store, table, column)]
    joins = "".join(
        f" LEFT JOIN reading.odd_{table.name}_{c.name} o_{c.name} ON o_{c.name}.odd = r.{c.name}"
        for c in odd
    )
    even = {c.name: Cell(f"coalesce(o_{c.name}.even, r.{c.name})") for c in odd}
    cells = {**cells, **even}
    values = ", ".join(f"{value(c, cells[c.name])} AS {c.name}" for c in table.columns)
    filled = " OR ".join(f"r.{c.name} IS NOT NULL" for c in table.columns)
    store.connection.execute(
        f"CREATE TABLE reading.{table.name} AS SELECT r.rowid + 1 AS row, {values} "
        f"FROM reading.raw_{table.name} r{joins} WHERE {filled}"
    )


def _normalize(store: Store, table: FactTable, column: Column) -> bool:
    """Pairs each odd value of a column with its normal form (NFKC); says whether there is any.

    The database has no NFKC. Only distinct values that are neither ASCII nor a known code pass
    through Arrow, so that an ordinary file pays nothing.
    """
    name = f"reading.odd_{table.name}_{column.name}"
    known = ", ".join(map(literal, (*column.codes.values(), "是", "否")))
    odd = f"CAST({column.name} AS VARCHAR)"
    cursor = store.cursor()
    reader = cursor.sql(
        f"SELECT DISTINCT {odd} AS odd FROM reading.raw_{table.name} "
        f"WHERE strlen({odd}) <> length({odd}) AND {odd} NOT IN ({known})"
    ).to_arrow_reader(100_000)
    made = False
    for batch in reader:
        even = pc.utf8_trim(pc.utf8_normalize(batch.column(0), form="NFKC"), characters=BLANKS)
        pairs = pa.table({"odd": batch.column(0), "even": even})
        pairs = pairs.filter(pc.not_equal(pairs["odd"], pairs["even"]))
        if pairs.num_rows:
            verb = f"INSERT INTO {name}" if made else f"CREATE TABLE {name} AS"
            store.connection.register("pairs", pairs)
            store.connection.execute(f"{verb} SELECT odd, even FROM pairs")
            store.connection.unregister("pairs")
            made = True
    return made


def glob_free(path: Path) -> str:
    """The path with its wildcards escaped; the database would take them for a pattern."""
    return glob.escape(str(path))
