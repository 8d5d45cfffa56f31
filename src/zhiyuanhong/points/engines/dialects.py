"""From expressions to the SQL of each engine, with integer division kept exact."""

import sqlglot.expressions as sge
from ibis.backends.sql.compilers import DuckDBCompiler, PostgresCompiler, PySparkCompiler
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.expr.operations import FloorDivide
from ibis.expr.types import Table


class ExactDivision:
    """Divide integers as integers: Ibis would write FLOOR(a / b), a float on some engines.

    All three engines truncate toward zero, which is the floor for the spec's non-negative numbers.
    """

    def visit_FloorDivide(  # noqa: N802  # the compilers dispatch on this name
        self, _op: FloorDivide, *, left: sge.Expression, right: sge.Expression
    ) -> sge.Expression:
        return sge.paren(self.divide(sge.paren(left), sge.paren(right)))

    def divide(self, left: sge.Expression, right: sge.Expression) -> sge.Expression:
        return sge.IntDiv(this=left, expression=right)


class ExactDuckDB(ExactDivision, DuckDBCompiler):  # type: ignore[misc]
    """DuckDB: `a // b`."""


class ExactPostgres(ExactDivision, PostgresCompiler):  # type: ignore[misc]
    """PostgreSQL: `/` between integers is integer division; DIV would go through numeric."""

    def divide(self, left: sge.Expression, right: sge.Expression) -> sge.Expression:
        return sge.Div(this=left, expression=right, typed=True, safe=False)


class ExactSpark(ExactDivision, PySparkCompiler):  # type: ignore[misc]
    """Spark: `a DIV b`."""


COMPILERS: dict[str, type[SQLGlotCompiler]] = {
    "duckdb": ExactDuckDB,
    "postgres": ExactPostgres,
    "spark": ExactSpark,
}


def to_sql(table: Table, engine: str) -> str:
    """Compile an expression to one SQL statement of the engine's dialect."""
    compiler = COMPILERS[engine]()
    query = compiler.to_sqlglot(table)
    return str(_narrow_sums(query).sql(dialect=compiler.dialect, pretty=True))


def _narrow_sums(query: sge.Expression) -> sge.Expression:
    """Cast every sum back to 64 bits: engines widen it, to 128 bits or to a decimal."""
    for node in list(query.find_all(sge.Sum)):
        whole: sge.Expression = node
        while isinstance(around := whole.parent, sge.Filter | sge.Window) and around.this is whole:
            whole = around
        whole.replace(sge.cast(whole.copy(), "BIGINT"))
    return query
