"""The embedded engine: the facts are in this process already."""

from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.choices import RESULTS, STATEMENT, FactTable
from zhiyuanhong.points.engines.program import NO_PROGRESS, Program, Progress, Step
from zhiyuanhong.points.engines.tables import quoted, typed


@dataclass(frozen=True)
class DuckDB:
    """Runs a program on the connection that holds the facts."""

    name: str = "duckdb"

    def compute(
        self,
        connection: DuckDBPyConnection,
        program: Program,
        out: Path,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        """Write `results.parquet` and `statement.parquet` into the folder `out`."""
        connection.execute(
            "SET preserve_insertion_order = false"
        )  # neither facts nor lines have one
        for stage in program.stages:
            progress(stage.name)
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {stage.name} AS {stage.sql}")
        for output, table in ((program.results, RESULTS), (program.statement, STATEMENT)):
            progress(output.name)
            _write(connection, output, table, out, program.articles)
        for stage in program.stages:
            connection.execute(f"DROP TABLE {stage.name}")
        connection.execute("RESET preserve_insertion_order")


def _write(
    connection: DuckDBPyConnection,
    output: Step,
    table: FactTable,
    out: Path,
    articles: tuple[str, ...],
) -> None:
    path = quoted(out / f"{output.name}.parquet")
    # Lines hardly repeat an id: no dictionary is worth building for them.
    connection.execute(
        f"COPY (SELECT {typed(table, articles)} FROM ({output.sql})) TO {path} "
        "(FORMAT parquet, DICTIONARY_SIZE_LIMIT 10)"
    )
