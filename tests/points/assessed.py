"""Assesses invented or hand-written facts on the embedded engine, without a file in between."""

from types import SimpleNamespace
from typing import cast

from tests.engines.running import in_duckdb
from tests.points.by_hand import Row
from tests.points.invented_facts import Facts as InventedFacts
from tests.points.strategies import policy_toml
from zhiyuanhong.points.assess import Assessment, assess
from zhiyuanhong.points.facts import Facts
from zhiyuanhong.points.policy import LoadedPolicy, parse_policy

HEAD = 'title = "示范办法"\nversion = "2026-1"\neffective_from = 2026-01-01\n'


def loaded(policy: Row) -> LoadedPolicy:
    """A policy of `strategies.policies()`, or of `by_hand.a_policy()`, which has no title."""
    head = "" if "title" in policy else HEAD
    return parse_policy((head + policy_toml(policy)).encode(), source="test")


def assessed(tables: InventedFacts, policy: LoadedPolicy, year: int = 2026) -> Assessment:
    with in_duckdb(tables) as connection:
        facts = cast("Facts", SimpleNamespace(connection=connection))
        return assess(facts, policy, year)
