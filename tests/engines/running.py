"""Runs an engine on invented facts and reads what it wrote."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.points.dice import Dice
from tests.points.invented_facts import Facts, a_fact_set
from tests.points.invented_policies import YEARS, Policy, a_policy, policy_toml
from zhiyuanhong.points.choices import FACT_TABLES, Kind
from zhiyuanhong.points.engines import Engine, program
from zhiyuanhong.points.policy import LoadedPolicy, parse_policy

Rows = list[dict[str, Any]]

TYPES = {
    Kind.ID: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.TIME: pa.timestamp("us"),
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
}
FACTS_PER_POLICY = 10
FACTS_SEED = 1_000_000  # far from the seeds of policies


def a_year_and_policy(number: int) -> tuple[int, Policy]:
    dice = Dice(Random(number).randint)
    return dice.pick(YEARS), a_policy(dice)


def fact_sets(number: int, year: int) -> list[Facts]:
    """Return the fact sets that policy `number` is tried on."""
    first = FACTS_SEED + number * FACTS_PER_POLICY
    seeds = range(first, first + FACTS_PER_POLICY)
    return [a_fact_set(Dice(Random(seed).randint), year) for seed in seeds]


def side_by_side(sets: Sequence[Facts]) -> Facts:
    """Lay fact sets into one, ids and communities kept apart by a prefix."""
    return {
        table.name: [
            {key: f"{number}·{cell}" if key.endswith("_id") else cell for key, cell in row.items()}
            for number, facts in enumerate(sets)
            for row in facts.get(table.name, [])
        ]
        for table in FACT_TABLES
    }


def loaded(policy: Policy) -> LoadedPolicy:
    return parse_policy(policy_toml(policy).encode(), source="test")


@contextmanager
def in_duckdb(facts: Facts) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the seven clean tables."""
    with duckdb.connect() as connection:
        for table in FACT_TABLES:
            rows = facts.get(table.name, [])
            columns = {
                column.name: pa.array([row[column.name] for row in rows], TYPES[column.kind])
                for column in table.columns
            }
            connection.register("arrow_rows", pa.table(columns))
            connection.execute(f"CREATE TABLE {table.name} AS FROM arrow_rows")
            connection.unregister("arrow_rows")
        yield connection


def run(
    engine: Engine, connection: duckdb.DuckDBPyConnection, policy: LoadedPolicy, year: int
) -> tuple[Rows, Rows]:
    """Return the rows of results as written and of the statement, which has no order, in order."""
    with tempfile.TemporaryDirectory() as folder:
        engine.compute(connection, program(policy, year, engine.name), Path(folder))
        results, statement = (
            pq.read_table(Path(folder) / f"{name}.parquet").to_pylist()
            for name in ("results", "statement")
        )
    return results, sorted(statement, key=itemgetter("volunteer_id", "day", "rule", "source_id"))
