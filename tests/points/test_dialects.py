"""The SQL of each engine: integers stay integers, to the last one."""

from importlib.metadata import version
from itertools import product
from typing import Any

import duckdb
import ibis
import pytest
import sqlglot
import sqlglot.expressions as sge
from ibis.expr.types import Table

from tests.points.assessed import loaded
from tests.points.strategies import random_case
from zhiyuanhong.points.engines import ENGINES, program
from zhiyuanhong.points.engines.dialects import to_sql
from zhiyuanhong.points.policy import LoadedPolicy, load_policy

EXACT = 2**53 + 1  # the first whole number a float cannot hold
NUMBERS = ibis.table({"a": "int64", "b": "int64", "kind": "string"}, name="numbers")
FLOATING = (sge.Floor, sge.Ceil, sge.Round, sge.Avg, sge.Pow, sge.Sqrt)
FLOAT_TYPES = {"FLOAT", "DOUBLE", "DECIMAL", "UDOUBLE", "BIGDECIMAL", "INT128"}
INTEGER = {"duckdb": "//", "postgres": "/", "spark": "DIV"}


def divided() -> Table:
    return NUMBERS.select(result=NUMBERS.a // NUMBERS.b)


def on_duckdb(table: Table, rows: list[tuple[int, int, str]]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE numbers (a BIGINT, b BIGINT, kind VARCHAR)")
        if rows:
            connection.executemany("INSERT INTO numbers VALUES (?, ?, ?)", rows)
        return connection.execute(to_sql(table, "duckdb")).fetchall()


def type_on_duckdb(table: Table) -> str:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE numbers (a BIGINT, b BIGINT, kind VARCHAR)")
        described = connection.execute(f"DESCRIBE {to_sql(table, 'duckdb')}").fetchall()
    return str(described[0][1])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (EXACT, 1),
        (EXACT, 3),
        (EXACT * 100, 100),
        (2**63 - 1, 2),
        (2**63 - 1, 1),
        (6001, 6000),
        (0, 7),
    ],
)
def test_division_is_exact(a: int, b: int) -> None:
    assert on_duckdb(divided(), [(a, b, "")]) == [(a // b,)]
    assert type_on_duckdb(divided()) == "BIGINT"


@pytest.mark.parametrize("engine", ENGINES)
def test_operands_of_a_division_are_kept_together(engine: str) -> None:
    table = NUMBERS.select(result=(NUMBERS.a + 1) // (NUMBERS.b + 2) * 3)
    text = " ".join(to_sql(table, engine).split())
    assert "FLOOR" not in text.upper()
    assert f"{INTEGER[engine]} (" in text
    if engine == "duckdb":
        assert on_duckdb(table, [(10, 2, "")]) == [(6,)]


def test_a_sum_stays_64_bits_wide() -> None:
    total = NUMBERS.aggregate(result=NUMBERS.a.sum())
    assert type_on_duckdb(total) == "BIGINT"
    assert on_duckdb(total, [(EXACT, 1, "x"), (EXACT, 1, "y")]) == [(2 * EXACT,)]


def test_a_running_sum_stays_64_bits_wide() -> None:
    so_far = ibis.window(group_by="kind", order_by="b", rows=(None, 0))
    running = NUMBERS.select(result=NUMBERS.a.sum().over(so_far))
    assert type_on_duckdb(running) == "BIGINT"
    rows = [(EXACT, 1, "x"), (EXACT, 2, "x"), (7, 1, "y")]
    assert sorted(on_duckdb(running, rows)) == [(7,), (EXACT,), (2 * EXACT,)]


def test_a_filtered_sum_stays_64_bits_wide() -> None:
    some = NUMBERS.aggregate(result=NUMBERS.a.sum(where=NUMBERS.kind == "x"))
    assert type_on_duckdb(some) == "BIGINT"
    assert on_duckdb(some, [(EXACT, 1, "x"), (5, 1, "y")]) == [(EXACT,)]


def test_a_sum_that_orders_a_window_is_cast_alone() -> None:
    grouped = NUMBERS.group_by("kind").aggregate(total=NUMBERS.a.sum())
    place = ibis.row_number().over(ibis.window(order_by=grouped.total.desc()))
    rows = [(1, 1, "x"), (5, 1, "y")]
    ranked = grouped.mutate(place=place)
    assert sorted(on_duckdb(ranked, rows)) == [("x", 1, 1), ("y", 5, 0)]


def every_policy() -> list[LoadedPolicy]:
    return [load_policy("street-five-star"), loaded(random_case(1)[1])]


@pytest.mark.parametrize(("engine", "number"), list(product(ENGINES, range(2))))
def test_no_step_of_a_program_computes_with_floats(engine: str, number: int) -> None:
    for step in program(every_policy()[number], 2026, engine):
        assert "FLOOR" not in step.sql.upper()
        tree = sqlglot.parse_one(step.sql, read=engine)
        assert list(tree.find_all(*FLOATING)) == []
        assert {node.this.name for node in tree.find_all(sge.DataType)} & FLOAT_TYPES == set()
        if engine != "postgres":  # there `/` between integers is integer division
            assert list(tree.find_all(sge.Div)) == []
        for total in tree.find_all(sge.Sum):
            whole = total.parent if isinstance(total.parent, sge.Window) else total
            assert whole.parent is not None
            assert whole.parent.sql(dialect=engine).endswith("AS BIGINT)")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_program_is_compiled_once(engine: str) -> None:
    first, again = (program(load_policy("half-hour-point"), 2026, engine) for _ in range(2))
    assert first is again
    assert program(load_policy("half-hour-point"), 2025, engine) is not first


def test_sqlglot_is_the_one_ibis_was_written_for() -> None:
    major, minor = version("sqlglot").split(".")[:2]
    assert (int(major), int(minor)) < (30, 16)
