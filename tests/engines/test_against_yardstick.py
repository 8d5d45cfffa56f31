"""DuckDB against the yardstick on facts and policies that Hypothesis finds and shrinks."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.running import in_duckdb, loaded, run
from tests.points.strategies import facts, policies, years
from tests.points.yardstick import assess
from zhiyuanhong.points.engines import DuckDB


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_results_and_statement_equal(data: st.DataObject) -> None:
    year = data.draw(years())
    policy, drawn = data.draw(policies()), data.draw(facts(year))
    with in_duckdb(drawn) as connection:
        assert run(DuckDB(), connection, loaded(policy), year) == assess(drawn, policy, year)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_order_of_rows_plays_no_part(data: st.DataObject) -> None:
    year = data.draw(years())
    policy, drawn = loaded(data.draw(policies())), data.draw(facts(year))
    shuffled = {name: data.draw(st.permutations(rows)) for name, rows in drawn.items()}
    with in_duckdb(drawn) as first, in_duckdb(shuffled) as second:
        assert run(DuckDB(), first, policy, year) == run(DuckDB(), second, policy, year)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_statement_adds_up_to_the_points(data: st.DataObject) -> None:
    year = data.draw(years())
    policy, drawn = loaded(data.draw(policies())), data.draw(facts(year))
    with in_duckdb(drawn) as connection:
        results, statement = run(DuckDB(), connection, policy, year)
    for result in results:
        own = (line for line in statement if line["volunteer_id"] == result["volunteer_id"])
        assert result["points"] == max(0, sum(line["millipoints"] for line in own))
