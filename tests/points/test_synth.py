"""The invented year is valid by every check of the specification, skewed, and repeatable."""

from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.points.synth import synthesize
from zhiyuanhong.shared.refusals import RuleBroken

VOLUNTEERS, EACH = 2000, 40


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    out = tmp_path_factory.mktemp("facts")
    synthesize(out, volunteers=VOLUNTEERS, services_per_volunteer=EACH, seed=7)
    connection = duckdb.connect(":memory:")
    for table in FACT_TABLES:
        connection.execute(f"CREATE TABLE {table.name} AS FROM '{out / table.name}.parquet'")
    return connection


def numbers(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def digest(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_each_table_has_the_columns_of_the_specification(year: duckdb.DuckDBPyConnection) -> None:
    for table in FACT_TABLES:
        names = [row[0] for row in year.execute(f"DESCRIBE {table.name}").fetchall()]
        assert names == [column.name for column in table.columns]


def test_no_required_cell_is_empty_no_id_twice_no_code_unknown(
    year: duckdb.DuckDBPyConnection,
) -> None:
    for table in FACT_TABLES:
        empty = " OR ".join(f"{c.name} IS NULL" for c in table.columns if c.required)
        assert numbers(year, f"SELECT count(*) FROM {table.name} WHERE {empty}") == (0,)
        ids = f"SELECT count(*) - count(DISTINCT {table.key.name}) FROM {table.name}"
        assert numbers(year, ids) == (0,)
        for column in table.columns:
            if column.codes:
                found = year.execute(f"SELECT DISTINCT {column.name} FROM {table.name}").fetchall()
                assert {code for (code,) in found} <= set(column.codes)


def test_every_reference_is_there(year: duckdb.DuckDBPyConnection) -> None:
    keys = {table.name: table.key.name for table in FACT_TABLES}
    for table in FACT_TABLES:
        for column in table.columns:
            if column.refers_to:
                lost = (
                    f"SELECT count(*) FROM {table.name} WHERE {column.name} NOT IN"
                    f" (SELECT {keys[column.refers_to]} FROM {column.refers_to})"
                )
                assert numbers(year, lost) == (0,)


def test_services_never_overlap_even_those_without_effect(
    year: duckdb.DuckDBPyConnection,
) -> None:
    overlaps = """
        SELECT count(*) FROM (SELECT ends_at, lead(starts_at) OVER (
          PARTITION BY volunteer_id ORDER BY starts_at, service_id) AS next FROM services)
        WHERE next < ends_at"""
    assert numbers(year, overlaps) == (0,)


def test_times_minutes_and_scores_are_within_their_ranges(
    year: duckdb.DuckDBPyConnection,
) -> None:
    wrong = """
        SELECT count(*) FROM services WHERE ends_at <= starts_at
          OR starts_at::DATE <> ends_at::DATE OR year(starts_at) <> 2026
          OR minutes NOT BETWEEN 1 AND datediff('minute', starts_at, ends_at)"""
    assert numbers(year, wrong) == (0,)
    assert numbers(year, "SELECT count(*) FROM ratings WHERE score NOT BETWEEN 1 AND 5") == (0,)


def test_services_stand_in_the_order_of_time(year: duckdb.DuckDBPyConnection) -> None:
    backward = """
        SELECT count(*) FROM (SELECT starts_at, lag(starts_at) OVER (ORDER BY rowid) AS before
        FROM services) WHERE starts_at < before"""
    assert numbers(year, backward) == (0,)


def test_counts_are_those_asked_for(tmp_path: Path) -> None:
    rows = synthesize(tmp_path, volunteers=300, services_per_volunteer=10, seed=1)
    assert rows["volunteers"] == 300
    assert rows["services"] == 3000
    for table, count in rows.items():
        file = tmp_path / f"{table}.parquet"
        assert numbers(duckdb.connect(":memory:"), f"SELECT count(*) FROM '{file}'") == (count,)


def test_activity_is_skewed(year: duckdb.DuckDBPyConnection) -> None:
    """The most active tenth does nearly half of all, the lower half less than a third."""
    top, low = numbers(
        year,
        """SELECT sum(n) FILTER (place <= 0.1) * 100 // sum(n), sum(n) FILTER (place > 0.5) * 100
             // sum(n) FROM (SELECT count(*) AS n, percent_rank() OVER (ORDER BY count(*) DESC)
             AS place FROM services GROUP BY volunteer_id)""",
    )
    assert top >= 40
    assert low <= 30


def test_the_year_has_seasons_and_weekends(year: duckdb.DuckDBPyConnection) -> None:
    august, february, saturdays, mondays = numbers(
        year,
        """SELECT count(*) FILTER (month(starts_at) = 8), count(*) FILTER (month(starts_at) = 2),
             count(*) FILTER (isodow(starts_at) = 6), count(*) FILTER (isodow(starts_at) = 1)
           FROM services""",
    )
    assert august > 1.5 * february
    assert saturdays > 1.3 * mondays


def test_some_days_and_services_go_over_a_cap_of_eight_hours(
    year: duckdb.DuckDBPyConnection,
) -> None:
    days = """SELECT count(*) FROM (SELECT sum(least(minutes, 480)) AS m FROM services
        GROUP BY volunteer_id, starts_at::DATE) WHERE m > 480"""
    assert numbers(year, days)[0] > 20
    assert numbers(year, "SELECT count(*) FROM services WHERE minutes > 480")[0] > 20


def test_ratings_teams_states_and_communities_are_as_in_life(
    year: duckdb.DuckDBPyConnection,
) -> None:
    rated, mean = numbers(
        year,
        """SELECT count(DISTINCT service_id) * 100 // (SELECT count(*) FROM services),
             sum(score) * 100 // count(*) FROM ratings""",
    )
    assert 36 <= rated <= 44
    assert 450 <= mean <= 475
    assert numbers(year, "SELECT count(DISTINCT team), count(DISTINCT status) FROM services") == (
        6,
        4,
    )
    communities, most, least = numbers(
        year,
        """SELECT count(*), max(n), min(n) FROM
             (SELECT count(*) AS n FROM volunteers GROUP BY community_id)""",
    )
    assert communities >= 12
    assert most > 3 * least


def test_some_register_late_and_serve_only_afterwards(year: duckdb.DuckDBPyConnection) -> None:
    late, next_year = numbers(
        year,
        """SELECT count(*) FILTER (registered_on BETWEEN '2026-09-01' AND '2026-12-31'),
             count(*) FILTER (registered_on >= '2027-01-01') FROM volunteers""",
    )
    assert late > 20
    assert next_year > 0
    early = """SELECT count(*) FROM services JOIN volunteers USING (volunteer_id)
        WHERE registered_on BETWEEN '2026-01-01' AND '2026-11-30' AND starts_at < registered_on"""
    assert numbers(year, early) == (0,)


def test_volunteer_numbers_have_the_form_of_the_register(
    year: duckdb.DuckDBPyConnection,
) -> None:
    strange = r"""SELECT count(*) FROM volunteers
        WHERE NOT regexp_full_match(volunteer_id, 'Z\d{16}[0-9A-Z]')"""
    assert numbers(year, strange) == (0,)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        synthesize(tmp_path / name, volunteers=400, services_per_volunteer=20, seed=seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a")["services.parquet"] != digest(tmp_path / "c")["services.parquet"]


@pytest.mark.parametrize(("volunteers", "each"), [(1, 1), (1, 200), (60, 200), (7, 3)])
def test_small_and_dense_years_are_still_without_overlap(
    tmp_path: Path, volunteers: int, each: int
) -> None:
    rows = synthesize(tmp_path, volunteers=volunteers, services_per_volunteer=each, seed=1)
    assert rows["services"] == volunteers * each
    file = tmp_path / "services.parquet"
    windows = f"SELECT count(*) - count(DISTINCT (volunteer_id, starts_at)) FROM '{file}'"
    assert numbers(duckdb.connect(":memory:"), windows) == (0,)


def test_progress_runs_up_to_the_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    synthesize(
        tmp_path,
        volunteers=50,
        services_per_volunteer=4,
        seed=1,
        progress=lambda done, whole: seen.append((done, whole)),
    )
    assert seen[-1] == (200, 200)


@pytest.mark.parametrize(("volunteers", "each"), [(0, 10), (10, 0), (10, 900)])
def test_impossible_sizes_are_refused(tmp_path: Path, volunteers: int, each: int) -> None:
    with pytest.raises(RuleBroken, match="人均服务次数") as refusal:
        synthesize(tmp_path / "none", volunteers=volunteers, services_per_volunteer=each, seed=1)
    assert refusal.value.code == "synth_size"
    assert not (tmp_path / "none").exists()


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesize(tmp_path, volunteers=50, services_per_volunteer=4, seed=1, progress=stop)
    assert list(tmp_path.iterdir()) == []
