"""A private DuckDB database in a folder of its own; both are gone when it is closed."""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from zhiyuanhong.shared.refusals import RuleBroken

_SILENT = "SET enable_progress_bar = false"  # it would write into the output of commands


class Store:
    """Holds what is read: schema `main` the facts, schema `reading` what they are made from."""

    def __init__(self, memory_limit: str | None = None) -> None:
        self.copied: set[str] = set()  # tables whose cells stand in `reading.raw_NAME`
        self._folder = tempfile.TemporaryDirectory(prefix="zhiyuanhong-facts-")
        try:
            self.connection = self._connect(memory_limit)
        except BaseException:
            self._folder.cleanup()
            raise

    def _connect(self, memory_limit: str | None) -> duckdb.DuckDBPyConnection:
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(self.folder / "spill"),
            "preserve_insertion_order": "true",  # the row number is the place in the file
        }
        connection = duckdb.connect(str(self.folder / "facts.duckdb"), config=config)
        try:
            _limit_memory(connection, memory_limit)
            connection.execute("CREATE SCHEMA reading")
            connection.execute(_SILENT)
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def folder(self) -> Path:
        return Path(self._folder.name)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """For reading while the connection writes."""
        return self.connection.cursor().execute(_SILENT)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()

    def forget_cells(self) -> None:
        """Frees what only a report of bad rows would need."""
        for name in self.copied:
            self.connection.execute(f"DROP TABLE reading.raw_{name}")
        self.copied.clear()

    def close(self) -> None:
        self.connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _limit_memory(connection: duckdb.DuckDBPyConnection, memory_limit: str | None) -> None:
    if memory_limit is None:
        return
    try:
        connection.execute("SET memory_limit = ?", [memory_limit])
    except duckdb.Error as error:
        raise RuleBroken(
            "memory_limit", f"内存上限“{memory_limit}”看不懂，请写成 4GB、512MB 这样。"
        ) from error
