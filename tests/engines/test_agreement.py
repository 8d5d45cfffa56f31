"""500 random cases: DuckDB, PostgreSQL and Spark agree with the yardstick to the last integer."""

import pytest

from tests.engines.running import (
    FACTS_PER_POLICY,
    a_year_and_policy,
    fact_sets,
    in_duckdb,
    loaded,
    run,
    side_by_side,
)
from tests.points.yardstick import assess
from zhiyuanhong.points.engines import DuckDB, Postgres, Spark

POLICIES = 50
CASES = POLICIES * FACTS_PER_POLICY
numbers = pytest.mark.parametrize("number", range(POLICIES))


def test_there_are_500_cases() -> None:
    assert CASES == 500


@numbers
def test_duckdb_and_postgres(number: int, postgres: Postgres) -> None:
    year, policy = a_year_and_policy(number)
    compiled = loaded(policy)
    for facts in fact_sets(number, year):
        expected = assess(facts, policy, year)
        with in_duckdb(facts) as connection:
            assert run(DuckDB(), connection, compiled, year) == expected
            assert run(postgres, connection, compiled, year) == expected


@pytest.mark.xdist_group("spark")
@numbers
def test_spark(number: int, spark: Spark) -> None:
    """The cases of one policy lie side by side in one run, because every run costs a second."""
    year, policy = a_year_and_policy(number)
    facts = side_by_side(fact_sets(number, year))
    with in_duckdb(facts) as connection:
        assert run(spark, connection, loaded(policy), year) == assess(facts, policy, year)
