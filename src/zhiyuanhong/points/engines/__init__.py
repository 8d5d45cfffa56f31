"""Where the measures run: DuckDB embedded, PostgreSQL, Spark; the same integers on each."""

from pathlib import Path
from typing import Protocol

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.engines.duckdb import DuckDB
from zhiyuanhong.points.engines.postgres import Postgres
from zhiyuanhong.points.engines.program import (
    NO_PROGRESS,
    Program,
    Progress,
    compile_ahead,
    program,
)
from zhiyuanhong.points.engines.spark import Spark

__all__ = [
    "ENGINES",
    "NO_PROGRESS",
    "DuckDB",
    "Engine",
    "Postgres",
    "Program",
    "Progress",
    "Spark",
    "compile_ahead",
    "program",
]

ENGINES = ("duckdb", "postgres", "spark")


class Engine(Protocol):
    """Runs a program over the facts in a DuckDB connection."""

    @property
    def name(self) -> str:
        """Return the engine's name, which is also its SQL dialect."""

    def compute(
        self,
        connection: DuckDBPyConnection,
        program: Program,
        out: Path,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        """Write `results.parquet` and `statement.parquet` into the folder `out`."""
