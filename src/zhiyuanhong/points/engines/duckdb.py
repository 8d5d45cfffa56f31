"""The embedded engine: the facts are in this process already."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.choices import RESULTS, STATEMENT, FactTable
from zhiyuanhong.points.engines.program import Program, Step
from zhiyuanhong.points.engines.tables import quoted, typed


def compute(connection: DuckDBPyConnection, program: Program, out: Path) -> None:
    """Write `results.parquet` and `statement.parquet` into the folder `out`."""
    for stage in program.stages:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {stage.name} AS {stage.sql}")
    for output, table in ((program.results, RESULTS), (program.statement, STATEMENT)):
        _write(connection, output, table, out)
    for stage in program.stages:
        connection.execute(f"DROP TABLE {stage.name}")


def _write(connection: DuckDBPyConnection, output: Step, table: FactTable, out: Path) -> None:
    path = quoted(out / f"{output.name}.parquet")
    connection.execute(f"COPY (SELECT {typed(table)} FROM ({output.sql})) TO {path}")
