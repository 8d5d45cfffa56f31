"""Parquet: typed columns as they are, text columns like CSV, clean files where they lie."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.points.facts.readers import bad_rows, read, refusal
from tests.points.facts.writers import write_parquet_typed
from tests.points.strategies import random_case
from zhiyuanhong.points.facts import open_facts

DAY = dt.date(2026, 3, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_parquet_typed(tmp_path, {"services": []})


def volunteers(folder: Path, **columns: Any) -> Path:
    usual = {"volunteer_id": ["v"], "community_id": ["c"], "registered_on": [DAY]}
    pq.write_table(pa.table(usual | columns), folder / "volunteers.parquet")
    return folder


def one(folder: Path, **columns: Any) -> tuple[Any, ...]:
    return read(volunteers(folder, **columns))["volunteers"][0]


@pytest.mark.parametrize(
    "numbers",
    [
        pa.array([7], pa.int8()),
        pa.array([7], pa.uint64()),
        pa.array([7.0], pa.float32()),
        pa.array([7.0], pa.float64()),
        pa.array(["７"]),
        pa.array([7], pa.int32()).cast(pa.decimal128(12, 2)),
    ],
    ids=str,
)
def test_numbers_of_any_type(numbers: Any, folder: Path) -> None:
    assert one(folder, prior_minutes=numbers)[3] == 7


@pytest.mark.parametrize("number", [7.5, float("nan"), float("inf"), 1e300, 1e15 + 2])
def test_what_is_no_integer(number: float, folder: Path) -> None:
    volunteers(folder, prior_minutes=pa.array([number]))
    assert bad_rows(folder) == [("volunteers", 1, "prior_minutes", "wrong_type")]


@pytest.mark.parametrize(
    "days",
    [
        pa.array([dt.datetime.fromisoformat("2026-03-05")], pa.timestamp("s")),
        pa.array([dt.datetime.fromisoformat("2026-03-05")], pa.timestamp("ns")),
        pa.array([DAY], pa.date64()),
        pa.array(["２０２６-03-05 "]),
    ],
    ids=str,
)
def test_days_of_any_type(days: Any, folder: Path) -> None:
    assert one(folder, registered_on=days)[2] == DAY


@pytest.mark.parametrize(
    "days",
    [
        pa.array([dt.datetime.fromisoformat("2026-03-05 00:00:01")], pa.timestamp("us")),
        pa.array([dt.datetime.fromisoformat("2026-03-05")], pa.timestamp("us", tz="UTC")),
        pa.array([20260305]),
        pa.array([True]),
    ],
    ids=str,
)
def test_what_is_no_day(days: Any, folder: Path) -> None:
    volunteers(folder, registered_on=days)
    assert bad_rows(folder) == [("volunteers", 1, "registered_on", "wrong_type")]


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (pa.array([1001]), "1001"),
        (pa.array([1001.0]), "1001"),
        (pa.array([" 张 三 "]).dictionary_encode(), "张 三"),
        (pa.array(["Ａ\u3000"], pa.large_string()), "Ａ"),
    ],
)
def test_ids_of_any_type(ids: Any, text: str, folder: Path) -> None:
    assert one(folder, volunteer_id=ids)[0] == text


def test_a_column_of_nulls_may_have_any_type(folder: Path) -> None:
    assert one(folder, prior_minutes=pa.nulls(1))[3] is None


def test_clean_files_are_read_where_they_lie(tmp_path: Path) -> None:
    write_parquet_typed(tmp_path, random_case(5)[0])
    with open_facts(tmp_path) as facts:
        copies = facts.connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'raw_%'"
        ).fetchone()
        assert copies == (0,)
        assert facts.counts["volunteers"] > 0


def test_rows_are_numbered_across_row_groups(folder: Path) -> None:
    days: list[dt.date | None] = [DAY] * 50
    days[41] = None
    table = pa.table(
        {
            "volunteer_id": [f"v{n:02}" for n in range(50)],
            "community_id": ["c"] * 50,
            "registered_on": days,
        }
    )
    pq.write_table(table, folder / "volunteers.parquet", row_group_size=7)
    assert bad_rows(folder) == [("volunteers", 42, "registered_on", "required_empty")]


def test_both_forms_of_one_table_are_refused(folder: Path) -> None:
    (volunteers(folder) / "services.csv").write_text("service_id\n")
    assert refusal(folder).code == "table_twice"


def test_a_broken_file_is_named(folder: Path) -> None:
    whole = (volunteers(folder) / "volunteers.parquet").read_bytes()
    (folder / "volunteers.parquet").write_bytes(whole[:-20])
    refused = refusal(folder)
    assert refused.code == "parquet_broken"
    assert "volunteers.parquet" in refused.message
