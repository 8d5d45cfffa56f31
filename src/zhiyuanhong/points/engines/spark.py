"""Spark: facts travel as Parquet; for a province."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.choices import FACT_TABLES, RESULTS, STATEMENT, FactTable, Kind
from zhiyuanhong.points.engines.program import NO_PROGRESS, Program, Progress, Step
from zhiyuanhong.points.engines.tables import quoted, typed
from zhiyuanhong.shared.refusals import RuleBroken

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TYPES = {
    Kind.ID: "STRING",
    Kind.TEXT: "STRING",
    Kind.CODE: "STRING",
    Kind.DATE: "DATE",
    Kind.TIME: "TIMESTAMP_NTZ",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",  # local times, as in the facts
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong number
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True)
class Spark:
    """Runs a program on a Spark `master`, or in a `session` that is open already."""

    master: str = "local[*]"
    session: "SparkSession | None" = None
    name: str = "spark"

    def compute(
        self,
        connection: DuckDBPyConnection,
        program: Program,
        out: Path,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        """Write `results.parquet` and `statement.parquet` into the folder `out`."""
        opened = nullcontext(self.session) if self.session else spark_session(self.master)
        with opened as spark, tempfile.TemporaryDirectory() as folder, _cleared(spark, program):
            for table in FACT_TABLES:
                _copy_in(connection, spark, table, Path(folder))
            for stage in program.stages:
                progress(stage.name)
                _keep(spark, stage, Path(folder))
            for output, table in ((program.results, RESULTS), (program.statement, STATEMENT)):
                progress(output.name)
                _write(connection, spark.sql(output.sql), table, Path(folder), out)


def _copy_in(
    connection: DuckDBPyConnection, spark: "SparkSession", table: FactTable, folder: Path
) -> None:
    path = folder / f"{table.name}.parquet"
    connection.execute(f"COPY {table.name} TO {quoted(path)} (FORMAT parquet)")
    schema = ", ".join(f"{column.name} {TYPES[column.kind]}" for column in table.columns)
    spark.read.schema(schema).parquet(str(path)).createOrReplaceTempView(table.name)


@contextmanager
def spark_session(master: str) -> Iterator["SparkSession"]:
    """Open a session on `master` (`local[*]`, `spark://…`) and stop it afterwards."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra, and slow to import)
    except ModuleNotFoundError:
        raise RuleBroken(
            "spark_missing", "没有安装 Spark。请先运行：pip install 'zhiyuanhong[spark]'。"
        ) from None
    builder = SparkSession.builder.master(master).appName("zhiyuanhong")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def _cleared(session: "SparkSession", program: Program) -> Iterator[None]:
    try:
        yield
    finally:
        for stage in program.stages:
            session.catalog.dropTempView(stage.name)
        for table in FACT_TABLES:
            session.catalog.dropTempView(table.name)


def _keep(spark: "SparkSession", stage: Step, folder: Path) -> None:
    """Make a stage once, as files: a cached plan would be planned again within every later one."""
    path = str(folder / stage.name)
    frame = spark.sql(stage.sql)
    frame.write.parquet(path)
    spark.read.schema(frame.schema).parquet(path).createOrReplaceTempView(stage.name)


def _write(
    connection: DuckDBPyConnection, frame: "DataFrame", table: FactTable, folder: Path, out: Path
) -> None:
    parts = folder / f"{table.name}_parts"
    frame.write.parquet(str(parts))
    # Parts are numbered in the order Spark sorted them, and DuckDB reads them in that order.
    connection.execute(
        f"COPY (SELECT {typed(table)} FROM read_parquet({quoted(parts / '*.parquet')})) "
        f"TO {quoted(out / f'{table.name}.parquet')} (FORMAT parquet)"
    )
