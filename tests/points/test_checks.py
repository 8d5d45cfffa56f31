"""Each rule for bad rows, broken once, is reported exactly; whatever hangs on it is left out."""

from pathlib import Path
from typing import Any

import pytest

from tests.points.facts.readers import Bad, bad_rows, read
from tests.points.facts.writers import write_csv
from zhiyuanhong.points.checks import REASONS, reason_of
from zhiyuanhong.points.choices import FACT_TABLES, SERVICES, VOLUNTEERS
from zhiyuanhong.points.facts import check_facts, open_facts

Tables = dict[str, list[dict[str, Any]]]


def volunteer(key: str, **cells: str) -> dict[str, str]:
    return {"volunteer_id": key, "community_id": "c", "registered_on": "2020-02-29"} | cells


def service(key: str, starts: str = "09:00", ends: str = "10:00", **cells: str) -> dict[str, str]:
    usual = {
        "service_id": key,
        "volunteer_id": "v",
        "team": "charity",
        "starts_at": f"2026-03-05 {starts}",
        "ends_at": f"2026-03-05 {ends}",
        "minutes": "1",
        "emergency": "0",
        "skilled": "否",
        "leader": "FALSE",
        "status": "有效",
    }
    return usual | cells


def rating(key: str, of: str, **cells: str) -> dict[str, str]:
    return {"rating_id": key, "service_id": of, "rater": "服务对象", "score": "5"} | cells


@pytest.fixture
def good() -> Tables:
    return {
        "volunteers": [volunteer("v"), volunteer("w")],
        "services": [service("a"), service("b", "10:00", "11:00")],
        "ratings": [rating("r", "a"), rating("s", "b")],
        "trainings": [
            {"training_id": "t", "volunteer_id": "v", "day": "2026-01-01", "passed": "1"}
        ],
        "honors": [{"honor_id": "h", "volunteer_id": "v", "day": "2026-01-01", "level": "区"}],
        "conducts": [{"conduct_id": "k", "volunteer_id": "v", "day": "2026-01-01", "kind": "投诉"}],
        "adjustments": [
            {
                "adjustment_id": "j",
                "volunteer_id": "v",
                "day": "2026-01-01",
                "millipoints": "-500",
                "reason": "x",
            }
        ],
    }


REQUIRED = [(t.name, c.name) for t in FACT_TABLES for c in t.columns if c.required]
BROKEN: list[tuple[str, dict[str, str], str, str]] = [
    ("volunteers", {"registered_on": "2019-02-29"}, "registered_on", "wrong_type"),
    ("volunteers", {"prior_minutes": "1000000000000001"}, "prior_minutes", "wrong_type"),
    ("services", {"team": "elder care"}, "team", "unknown_code"),
    ("services", {"minutes": "1.0"}, "minutes", "wrong_type"),
    ("services", {"starts_at": "2026-03-05T10:00"}, "starts_at", "wrong_type"),
    ("services", {"leader": "no"}, "leader", "wrong_type"),
    ("services", {"status": "done"}, "status", "unknown_code"),
    ("services", {"ends_at": "2026-03-05 10:00"}, "ends_at", "not_after_start"),
    ("services", {"ends_at": "2026-03-05 09:59:59"}, "ends_at", "not_after_start"),
    ("services", {"ends_at": "2026-03-06 00:00"}, "ends_at", "different_days"),
    ("services", {"minutes": "0"}, "minutes", "minutes_out_of_range"),
    ("services", {"minutes": "-1"}, "minutes", "minutes_out_of_range"),
    ("services", {"minutes": "61"}, "minutes", "minutes_out_of_range"),
    (
        "services",
        {"starts_at": "2026-03-05 10:00:01", "minutes": "60"},
        "minutes",
        "minutes_out_of_range",
    ),
    ("services", {"volunteer_id": "V"}, "volunteer_id", "unknown_reference"),
    ("services", {"service_id": "a"}, "service_id", "duplicate_id"),
    ("services", {"starts_at": "2026-03-05 09:59:59"}, "starts_at", "overlap"),
    ("ratings", {"score": "0"}, "score", "score_out_of_range"),
    ("ratings", {"score": "6"}, "score", "score_out_of_range"),
    ("ratings", {"service_id": "ａ"}, "service_id", "unknown_reference"),
    ("ratings", {"rater": "有效"}, "rater", "unknown_code"),
]


def test_the_good_set_is_good(good: Tables, tmp_path: Path) -> None:
    assert bad_rows(write_csv(tmp_path, good)) == []


@pytest.mark.parametrize(("table", "column"), REQUIRED)
def test_a_required_cell_is_empty(table: str, column: str, good: Tables, tmp_path: Path) -> None:
    good[table][-1][column] = " \u3000"
    found = bad_rows(write_csv(tmp_path, good))
    row = len(good[table])
    assert (table, row, column, "required_empty") in found
    assert all(bad[0] != table or bad[2] == column for bad in found)


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_one_rule_broken_once(
    broken: tuple[str, dict[str, str], str, str], good: Tables, tmp_path: Path
) -> None:
    table, cells, column, code = broken
    good[table][-1] |= cells
    if cells.get("service_id") == "a" and table == "services":
        good["ratings"][-1]["service_id"] = "a"
    assert bad_rows(write_csv(tmp_path, good)) == [(table, len(good[table]), column, code)]


def test_one_row_may_have_several_reasons_in_order(good: Tables, tmp_path: Path) -> None:
    good["services"].append(service("a", team="?", minutes="x", status="", volunteer_id="nobody"))
    assert bad_rows(write_csv(tmp_path, good)) == [
        ("services", 3, "service_id", "duplicate_id"),
        ("services", 3, "volunteer_id", "unknown_reference"),
        ("services", 3, "team", "unknown_code"),
        ("services", 3, "minutes", "wrong_type"),
        ("services", 3, "status", "required_empty"),
    ]


def overlapping(rows: list[dict[str, str]], folder: Path) -> list[Bad]:
    return bad_rows(write_csv(folder, {"volunteers": [volunteer("v")], "services": rows}))


def test_touching_ends_do_not_overlap(tmp_path: Path) -> None:
    rows = [service("b", "10:00", "11:00"), service("a", "09:00", "10:00")]
    assert overlapping(rows, tmp_path) == []


def test_only_effective_services_overlap(tmp_path: Path) -> None:
    rows = [service("a"), service("b", status="待审"), service("c", status="voided")]
    assert overlapping(rows, tmp_path) == []


def test_of_two_that_start_together_the_later_id_overlaps(tmp_path: Path) -> None:
    rows = [service("a"), service("B")]  # by code point B comes before a
    assert overlapping(rows, tmp_path) == [("services", 1, "starts_at", "overlap")]


def test_an_overlapping_service_still_counts_as_earlier(tmp_path: Path) -> None:
    rows = [
        service("a", "09:00", "10:00"),
        service("b", "09:30", "12:00"),
        service("c", "11:00", "11:30"),
        service("d", "12:00", "12:30"),
    ]
    assert [bad[1] for bad in overlapping(rows, tmp_path)] == [2, 3]


def test_a_long_earlier_service_is_not_forgotten(tmp_path: Path) -> None:
    rows = [
        service("a", "08:00", "18:00", status="effective"),
        service("b", "09:00", "09:10"),
        service("c", "17:00", "17:30"),
    ]
    assert [bad[1] for bad in overlapping(rows, tmp_path)] == [2, 3]


def test_a_row_bad_for_another_reason_is_not_earlier(tmp_path: Path) -> None:
    rows = [service("a", minutes="99"), service("b", "09:30", "10:30")]
    assert overlapping(rows, tmp_path) == [("services", 1, "minutes", "minutes_out_of_range")]


def test_what_hangs_on_a_bad_row_is_left_out_unreported(good: Tables, tmp_path: Path) -> None:
    good["volunteers"][0]["registered_on"] = "?"
    good["services"].append(service("c", "12:00", "13:00", volunteer_id="w"))
    with open_facts(write_csv(tmp_path, good), skip_bad_rows=True) as facts:
        assert (facts.left_out.bad, facts.left_out.hanging) == (1, 8)
        assert facts.skipped == {
            "volunteers": 1,
            "services": 2,
            "ratings": 2,
            "trainings": 1,
            "honors": 1,
            "conducts": 1,
            "adjustments": 1,
        }
        assert facts.counts["services"] == facts.counts["volunteers"] == 1
        assert facts.bad_rows.total == 1


def test_of_two_rows_with_one_id_the_first_stays(good: Tables, tmp_path: Path) -> None:
    good["volunteers"].append(volunteer("v", community_id="other"))
    path = write_csv(tmp_path, good)
    assert bad_rows(path) == [("volunteers", 3, "volunteer_id", "duplicate_id")]
    kept = read(path, skip_bad_rows=True)
    assert [row[:2] for row in kept["volunteers"]] == [("v", "c"), ("w", "c")]
    assert len(kept["services"]) == 2


def test_the_second_is_bad_whatever_the_first_is(good: Tables, tmp_path: Path) -> None:
    good["volunteers"] = [volunteer("v", registered_on=""), volunteer("v"), volunteer("w")]
    path = write_csv(tmp_path, good)
    assert bad_rows(path) == [
        ("volunteers", 1, "registered_on", "required_empty"),
        ("volunteers", 2, "volunteer_id", "duplicate_id"),
    ]
    assert read(path, skip_bad_rows=True)["services"] == []


def test_every_reason_is_said_in_chinese() -> None:
    team = SERVICES.column("team")
    assert reason_of("required_empty", team) == "必填项为空"
    assert "公益慈善" in reason_of("unknown_code", team)
    assert "志愿者" in reason_of("unknown_reference", SERVICES.column("volunteer_id"))
    assert "2026-03-05" in reason_of("wrong_type", VOLUNTEERS.column("registered_on"))
    assert all(reason_of(code, SERVICES.column("minutes")) for code in REASONS if "_re" not in code)


def test_a_bad_row_says_where_it_is(good: Tables, tmp_path: Path) -> None:
    good["ratings"][1]["score"] = "9"
    with check_facts(write_csv(tmp_path, good)) as report:
        (bad,) = report
        assert bad.sentence == "评价第 2 行“分数”：分数应为 1 到 5"
        assert (report.total, report.reasons, report.per_table) == (1, 1, {"ratings": 1})
