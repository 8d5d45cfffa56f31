"""PostgreSQL: facts are copied into temporary tables, and nothing of them stays."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from zhiyuanhong.points.choices import FACT_TABLES, RESULTS, STATEMENT, FactTable, Kind
from zhiyuanhong.points.engines.program import NO_PROGRESS, Program, Progress, Step
from zhiyuanhong.points.engines.tables import columns_of, quoted
from zhiyuanhong.shared.refusals import RuleBroken

if TYPE_CHECKING:
    import psycopg

# Code point order, which is what the spec compares ids by, whatever the server's locale.
TYPES = {
    Kind.ID: 'text COLLATE "C"',
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.DATE: "date",
    Kind.TIME: "timestamp",
    Kind.INTEGER: "bigint",
    Kind.BOOLEAN: "boolean",
}


@dataclass(frozen=True)
class Postgres:
    """Runs a program in one transaction of a PostgreSQL server; `database` is its url."""

    database: str
    name: str = "postgres"

    def compute(
        self,
        connection: DuckDBPyConnection,
        program: Program,
        out: Path,
        progress: Progress = NO_PROGRESS,
    ) -> None:
        """Write `results.parquet` and `statement.parquet` into the folder `out`."""
        with _connect(self.database) as server, tempfile.TemporaryDirectory() as folder:
            for table in FACT_TABLES:
                _copy_in(connection, server, table, Path(folder))
            for stage in program.stages:
                progress(stage.name)
                _make(server, stage.name, stage.sql)
            for output, table in ((program.results, RESULTS), (program.statement, STATEMENT)):
                progress(output.name)
                _copy_out(connection, server, output, table, out)


def _connect(database: str) -> "psycopg.Connection":
    try:
        import psycopg  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        raise RuleBroken(
            "psycopg_missing",
            "没有安装 PostgreSQL 的驱动。请先运行：pip install 'zhiyuanhong[postgres]'。",
        ) from None
    try:
        return psycopg.connect(database)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise RuleBroken(
            "postgres_unreachable", f"连不上 PostgreSQL（{reason}）。请检查数据库地址。"
        ) from None


def _make(server: "psycopg.Connection", name: str, query: str) -> None:
    server.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}".encode())
    server.execute(f"ANALYZE {name}".encode())


def _copy_in(
    connection: DuckDBPyConnection, server: "psycopg.Connection", table: FactTable, folder: Path
) -> None:
    columns = ", ".join(f"{column.name} {TYPES[column.kind]}" for column in table.columns)
    server.execute(f"CREATE TEMP TABLE {table.name} ({columns}) ON COMMIT DROP".encode())
    path = folder / f"{table.name}.csv"
    connection.execute(f"COPY {table.name} TO {quoted(path)} (FORMAT csv, HEADER false)")
    copy = f"COPY {table.name} FROM STDIN (FORMAT csv)".encode()
    with server.cursor().copy(copy) as target, path.open("rb") as source:
        while block := source.read(1 << 20):
            target.write(block)
    path.unlink()
    server.execute(f"ANALYZE {table.name}".encode())


def _copy_out(
    connection: DuckDBPyConnection,
    server: "psycopg.Connection",
    output: Step,
    table: FactTable,
    out: Path,
) -> None:
    path = out / f"{output.name}.csv"
    copy = f"COPY ({output.sql}) TO STDOUT (FORMAT csv)".encode()
    with path.open("wb") as target, server.cursor().copy(copy) as source:
        target.writelines(bytes(block) for block in source)
    # Quoted and empty is a text of no characters; only unquoted and empty is null.
    read = (
        f"read_csv({quoted(path)}, header = false, columns = {columns_of(table)}, "
        "delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false, "
        "auto_detect = false)"
    )
    parquet = quoted(out / f"{output.name}.parquet")
    connection.execute(f"COPY (FROM {read}) TO {parquet} (FORMAT parquet)")
    path.unlink()
