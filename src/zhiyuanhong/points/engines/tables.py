"""How fact and result tables are spelled in DuckDB, which carries them to and from engines."""

from collections.abc import Sequence
from pathlib import Path

from zhiyuanhong.points.choices import Column, FactTable, Kind

DUCKDB_TYPES = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.TIME: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}


def quoted(path: Path | str) -> str:
    """Return a path as a SQL text literal."""
    return "'" + str(path).replace("'", "''") + "'"


def columns_of(table: FactTable) -> str:
    """Return a table's columns as a DuckDB struct literal of types."""
    pairs = (f"{quoted(column.name)}: '{DUCKDB_TYPES[column.kind]}'" for column in table.columns)
    return "{" + ", ".join(pairs) + "}"


def typed(table: FactTable, articles: Sequence[str] = ()) -> str:
    """Return a select list that casts every column of a table to its DuckDB type.

    Codes, and the articles if they are given, are cast to enumerations, which are not compared
    text by text; in a file they are texts again.
    """
    return ", ".join(
        f'"{column.name}"::{_type(column, articles)} AS "{column.name}"' for column in table.columns
    )


def _type(column: Column, articles: Sequence[str]) -> str:
    values = tuple(articles) if column.name == "article" else tuple(column.codes)
    return f"ENUM({', '.join(map(quoted, values))})" if values else DUCKDB_TYPES[column.kind]
