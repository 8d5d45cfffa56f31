"""Leaves the bad rows out, and every row that hangs on one."""

from dataclasses import dataclass

from zhiyuanhong.points.choices import FACT_TABLES, Column, FactTable
from zhiyuanhong.points.facts.report import BadRows
from zhiyuanhong.points.facts.store import Store


@dataclass(frozen=True)
class LeftOut:
    """How many rows were left out: for being bad, and for hanging on one that is."""

    bad: int
    hanging: int
    per_table: dict[str, int]


def leave_out(store: Store, report: BadRows) -> LeftOut:
    """Makes the clean tables of schema `main`; parents come before what hangs on them."""
    store.connection.execute(
        "CREATE TABLE reading.left_out AS "
        "SELECT DISTINCT table_no, row, false AS hanging FROM reading.bad"
    )
    for number, table in enumerate(FACT_TABLES):
        for column in table.columns:
            if column.refers_to and report.total:
                _leave_out_hanging(store, number, table, column)
        _create_clean(store, number, table)
    counted = store.rows(
        "SELECT table_no, count(*), count(*) FILTER (hanging) FROM reading.left_out GROUP BY ALL"
    )
    rows = {FACT_TABLES[number].name: int(count) for number, count, _ in counted}
    hanging = sum(int(count) for _, _, count in counted)
    return LeftOut(
        bad=sum(rows.values()) - hanging,
        hanging=hanging,
        per_table={table.name: rows.get(table.name, 0) for table in FACT_TABLES},
    )


def _leave_out_hanging(store: Store, number: int, table: FactTable, column: Column) -> None:
    """What names an id that is in its table, but only on rows that are left out."""
    parent_number = next(n for n, t in enumerate(FACT_TABLES) if t.name == column.refers_to)
    parent = FACT_TABLES[parent_number]
    key = parent.key.name
    store.connection.execute(
        f"INSERT INTO reading.left_out "
        f"WITH gone AS (SELECT {key} AS id FROM reading.{parent.name} WHERE row IN "
        f"(SELECT row FROM reading.left_out WHERE table_no = {parent_number})) "
        f"SELECT {number}, row, true FROM reading.{table.name} WHERE {column.name} IN "
        f"(FROM gone EXCEPT SELECT {key} FROM {parent.name} WHERE {key} IN (FROM gone)) "
        f"AND row NOT IN (SELECT row FROM reading.left_out WHERE table_no = {number})"
    )


def _create_clean(store: Store, number: int, table: FactTable) -> None:
    ((some,),) = store.rows(
        "SELECT count(*) > 0 FROM reading.left_out WHERE table_no = ?", [number]
    )
    kept = f" WHERE row NOT IN (SELECT row FROM reading.left_out WHERE table_no = {number})"
    columns = ", ".join(column.name for column in table.columns)
    store.connection.execute(
        f"CREATE VIEW {table.name} AS SELECT {columns} FROM reading.{table.name}"
        f"{kept if some else ''}"
    )
