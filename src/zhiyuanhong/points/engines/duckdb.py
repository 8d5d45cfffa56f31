"""The embedded engine: the facts are in this process already."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.engines.program import Program, Step


def compute(connection: DuckDBPyConnection, program: Program, out: Path) -> None:
    """Write `results.parquet` and `statement.parquet` into the folder `out`."""
    for stage in program.stages:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {stage.name} AS {stage.sql}")
    for output in (program.results, program.statement):
        _write(connection, output, out)
    for stage in program.stages:
        connection.execute(f"DROP TABLE {stage.name}")


def _write(connection: DuckDBPyConnection, output: Step, out: Path) -> None:
    path = str(out / f"{output.name}.parquet").replace("'", "''")
    connection.execute(f"COPY ({output.sql}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")
