"""PostgreSQL divides and sums integers as exactly as the embedded engine."""

import ibis
import psycopg
import pytest

from zhiyuanhong.points.engines import Postgres
from zhiyuanhong.points.engines.dialects import to_sql

EXACT = 2**53 + 1
NUMBERS = ibis.table({"a": "int64", "b": "int64"}, name="numbers")


@pytest.mark.parametrize(
    ("a", "b"), [(EXACT, 1), (EXACT, 3), (EXACT * 100, 100), (2**63 - 1, 2), (6001, 6000), (0, 7)]
)
def test_integers_stay_integers(postgres: Postgres, a: int, b: int) -> None:
    so_far = ibis.window(order_by="b", rows=(None, 0))
    table = NUMBERS.select(
        quotient=NUMBERS.a // NUMBERS.b,
        running=NUMBERS.a.sum().over(so_far),
        of_a_sum=NUMBERS.a.sum().over(so_far) // NUMBERS.b,
    )
    with psycopg.connect(postgres.database) as server:
        server.execute("CREATE TEMP TABLE numbers (a bigint, b bigint) ON COMMIT DROP")
        server.execute("INSERT INTO numbers VALUES (%s, %s)", (a, b))
        cursor = server.execute(to_sql(table, "postgres").encode())
        assert cursor.fetchall() == [(a // b, a, a // b)]
        assert {column.type_display for column in cursor.description or ()} == {"int8"}
