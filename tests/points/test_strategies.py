"""The invented cases: valid where they must be, and rich enough to be worth running."""

import tomllib
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.points.invented_defects import RawTables, plain_texts
from tests.points.strategies import (
    facts,
    policies,
    policy_toml,
    random_case,
    random_raw_tables,
    raw_tables,
    years,
)
from tests.points.yardstick import assess
from tests.points.yardstick_checks import check

Row = dict[str, Any]
REASONS = {
    "required_empty",
    "wrong_type",
    "unknown_code",
    "duplicate_id",
    "unknown_reference",
    "not_after_start",
    "different_days",
    "minutes_out_of_range",
    "overlap",
    "score_out_of_range",
}


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_statement_adds_up_to_the_total(data: st.DataObject) -> None:
    year = data.draw(years())
    results, statement = assess(data.draw(facts(year)), data.draw(policies()), year)
    sums = dict.fromkeys((result["volunteer_id"] for result in results), 0)
    for line in statement:
        sums[line["volunteer_id"]] += line["millipoints"]
    totals = {result["volunteer_id"]: result["points"] for result in results}
    assert totals == {volunteer_id: max(0, total) for volunteer_id, total in sums.items()}
    assert all(result["star"] <= result["eligible_star"] for result in results)


@settings(max_examples=30, deadline=None)
@given(raw_tables())
def test_what_stays_is_clean(tables: RawTables) -> None:
    assert check(plain_texts(check(tables).facts)).bad == []


def test_a_seeded_case_is_clean_and_the_same_every_time() -> None:
    for seed in range(20):
        case_facts, policy, _ = random_case(seed)
        checked = check(plain_texts(case_facts))
        assert (checked.bad, checked.facts) == ([], case_facts)
        assert tomllib.loads(policy_toml(policy)) == policy
        assert random_case(seed)[0] == case_facts


def test_higher_levels_never_ask_less() -> None:
    for seed in range(100):
        levels = random_case(seed)[1]["stars"]["level"]
        for lower, higher in pairwise(levels):
            asked = set(lower) - {"star", "quota_percent", "max_conduct"}
            assert all(higher[name] >= lower[name] for name in asked)
            bounds = higher.get("max_conduct", {})
            assert all(bounds[k] <= n for k, n in lower.get("max_conduct", {}).items())


def test_seeded_cases_reach_every_rule() -> None:
    outcomes = [assess(*random_case(seed)) for seed in range(200)]
    results = [result for rows, _ in outcomes for result in rows]
    lines = [line for _, rows in outcomes for line in rows]
    assert {line["rule"] for line in lines} == {
        "service",
        "training",
        "honor",
        "continuity",
        "conduct",
        "adjustment",
    }
    assert {result["eligible_star"] for result in results} == set(range(6))
    assert {result["lifetime_star"] for result in results} == set(range(6))
    assert sum(result["star"] < result["eligible_star"] for result in results) > 20
    assert sum(result["star"] < result["eligible_star"] - 1 for result in results) > 0
    named = {gap.split(":")[0] for result in results for gap in result["short"].split(";")}
    assert {"points", "minutes", "mean_rating", "trainings", "active_months"} <= named
    assert {"member_months", "no_show", "late_cancel", "complaint", "false_record"} <= named


def test_seeded_raw_tables_have_every_defect() -> None:
    bad = {entry[3] for seed in range(100) for entry in check(random_raw_tables(seed)).bad}
    assert bad == REASONS
