"""Bad rows: kept in the store, so that millions of them do not fill the memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from zhiyuanhong.points.checks import reason_of
from zhiyuanhong.points.choices import FACT_TABLES, Column, FactTable
from zhiyuanhong.points.facts.store import Store


@dataclass(frozen=True)
class BadRow:
    """One reason why one row is bad. `row` 1 is the first data row; `code` never changes."""

    table: str
    row: int
    column: str
    code: str
    reason: str

    @property
    def fact_table(self) -> FactTable:
        return next(table for table in FACT_TABLES if table.name == self.table)

    @property
    def fact_column(self) -> Column:
        return self.fact_table.column(self.column)

    @property
    def sentence(self) -> str:
        place = f"{self.fact_table.label}第 {self.row} 行“{self.fact_column.label}”"
        return f"{place}：{self.reason}"


class BadRows:
    """Every bad row, ordered by table, row, column; usable until it is closed.

    `total` and `per_table` count rows, `reasons` counts reasons: a row may have several.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        counted = store.rows(
            "SELECT table_no, count(DISTINCT row), count(*) FROM reading.bad GROUP BY ALL"
        )
        rows = {int(table_no): int(count) for table_no, count, _ in counted}
        self.per_table = {
            table.name: rows[number] for number, table in enumerate(FACT_TABLES) if number in rows
        }
        self.total = sum(self.per_table.values())
        self.reasons = sum(int(reasons) for _, _, reasons in counted)

    def __iter__(self) -> Iterator[BadRow]:
        return self._select("")

    def first(self, count: int) -> list[BadRow]:
        return list(self._select(f"LIMIT {count:d}"))

    def of_table(self, name: str, *, rows: int) -> list[BadRow]:
        """The reasons of the first so many bad rows of one table."""
        number = next(n for n, table in enumerate(FACT_TABLES) if table.name == name)
        return list(
            self._select(
                f"QUALIFY table_no = {number} AND dense_rank() OVER "
                f"(PARTITION BY table_no ORDER BY row) <= {rows:d}"
            )
        )

    def originals(self, name: str, *, rows: int) -> Iterator[list[str | None]]:
        """The cells, as text as they were, of the first so many bad rows of one table."""
        number, table = next((n, t) for n, t in enumerate(FACT_TABLES) if t.name == name)
        cells = ", ".join(f"CAST({column.name} AS VARCHAR)" for column in table.columns)
        source, row = (f"raw_{name}", "rowid + 1") if name in self._store.copied else (name, "row")
        cursor = self._store.cursor()
        cursor.execute(
            f"SELECT {cells} FROM (SELECT {row} AS row, * FROM reading.{source}) WHERE row IN "
            "(SELECT DISTINCT row FROM reading.bad WHERE table_no = ? ORDER BY row LIMIT ?) "
            "ORDER BY row",
            [number, rows],
        )
        while batch := cursor.fetchmany(1000):
            yield from map(list, batch)

    def _select(self, which: str) -> Iterator[BadRow]:
        order = "ORDER BY table_no, row, column_no, code"
        tail = f"{order} {which}" if which.startswith("LIMIT") else f"{which} {order}"
        cursor = self._store.cursor()
        cursor.execute(f"SELECT table_no, row, column_no, code FROM reading.bad {tail}")
        while batch := cursor.fetchmany(10_000):
            for table_no, row, column_no, code in batch:
                table = FACT_TABLES[table_no]
                column = table.columns[column_no]
                yield BadRow(table.name, row, column.name, code, reason_of(code, column))

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
