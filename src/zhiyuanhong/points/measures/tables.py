"""The tables that measures start from: facts by name, without a database behind them."""

from dataclasses import dataclass
from datetime import date

import ibis
from ibis import Schema
from ibis.expr.types import IntegerColumn, IntegerValue, StringValue, Table

from zhiyuanhong.points.choices import FACT_TABLES, FactTable, Kind

TYPES = {
    Kind.ID: "string",
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.DATE: "date",
    Kind.TIME: "timestamp",
    Kind.INTEGER: "int64",
    Kind.BOOLEAN: "boolean",
}


@dataclass(frozen=True)
class Facts:
    """The seven fact tables of the spec, checked and clean."""

    volunteers: Table
    services: Table
    ratings: Table
    trainings: Table
    honors: Table
    conducts: Table
    adjustments: Table


def schema(table: FactTable) -> Schema:
    """Return the Ibis schema of a fact table."""
    return ibis.schema({column.name: TYPES[column.kind] for column in table.columns})


def fact_tables() -> Facts:
    """Return the fact tables as unbound expressions."""
    return Facts(
        **{table.name: ibis.table(schema(table), name=table.name) for table in FACT_TABLES}
    )


def in_year(table: Table, year: int) -> Table:
    """Keep the rows whose `day` lies in the year."""
    return table.filter(table.day.between(date(year, 1, 1), date(year, 12, 31)))


def whole(number: int) -> IntegerValue:
    """Return a 64-bit literal, so that no engine multiplies in 32 bits."""
    return ibis.literal(number, "int64")


def no_number() -> IntegerValue:
    """Return the null of a 64-bit column."""
    return ibis.null("int64")


def text(content: str | None) -> StringValue:
    """Return a text literal; `None` is the null of a text column."""
    return ibis.null("string") if content is None else ibis.literal(content)


def total(numbers: IntegerColumn) -> IntegerValue:
    """Sum; 0 over nothing but nulls."""
    return numbers.sum().coalesce(0)
