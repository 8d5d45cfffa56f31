"""The yardstick of bad rows, held to examples worked out by hand."""

import pytest

from tests.points.yardstick_checks import Bad, Checked, check

RawRow = dict[str, str | None]


def a_volunteer(**cells: str | None) -> RawRow:
    return {"volunteer_id": "v", "community_id": "c", "registered_on": "2026-01-01"} | cells


def a_service(service_id: str, starts: str, ends: str, **cells: str | None) -> RawRow:
    usual: RawRow = {
        "service_id": service_id,
        "volunteer_id": "v",
        "team": "charity",
        "starts_at": f"2026-05-01 {starts}",
        "ends_at": f"2026-05-01 {ends}",
        "minutes": "1",
        "emergency": "0",
        "skilled": "否",
        "leader": "false",
        "status": "effective",
    }
    return usual | cells


def services(*rows: RawRow) -> Checked:
    return check({"volunteers": [a_volunteer()], "services": list(rows)})


def test_clerks_spellings_are_read() -> None:
    row = a_service(
        "　s1 ",
        "09:00",
        "10:00",
        team=" 公益慈善",
        starts_at="２０２６－０５－０１　０９：００",
        minutes="＋０６０",
        leader="是",
        status="ｅｆｆｅｃｔｉｖｅ",
    )
    checked = services(row)
    assert checked.bad == []
    read = checked.facts["services"][0]
    assert read["service_id"] == "s1"
    assert (read["team"], read["status"], read["leader"]) == ("charity", "effective", True)
    assert read["starts_at"].isoformat() == "2026-05-01T09:00:00"
    assert read["minutes"] == 60
    assert checked.facts["volunteers"][0]["prior_minutes"] is None


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"service_id": "　"}, "service_id", "required_empty"),
        ({"team": None}, "team", "required_empty"),
        ({"team": "绿化"}, "team", "unknown_code"),
        ({"starts_at": "2026-05-01"}, "starts_at", "wrong_type"),
        ({"minutes": "1.0"}, "minutes", "wrong_type"),
        ({"minutes": "1000000000000001"}, "minutes", "wrong_type"),
        ({"skilled": "yes"}, "skilled", "wrong_type"),
        ({"volunteer_id": "ｖ"}, "volunteer_id", "unknown_reference"),
        ({"ends_at": "2026-05-01 09:00"}, "ends_at", "not_after_start"),
        ({"ends_at": "2026-04-30 10:00"}, "ends_at", "not_after_start"),
        ({"ends_at": "2026-05-02 00:00", "minutes": "0"}, "ends_at", "different_days"),
        ({"minutes": "0"}, "minutes", "minutes_out_of_range"),
        ({"minutes": "61"}, "minutes", "minutes_out_of_range"),
        # from 09:00:30 to 10:00:00 there are 59 whole minutes
        ({"starts_at": "2026-05-01 09:00:30", "minutes": "60"}, "minutes", "minutes_out_of_range"),
    ],
)
def test_one_defect_one_reason(cells: RawRow, column: str, reason: str) -> None:
    checked = services(a_service("s", "09:00", "10:00") | cells)
    assert checked.bad == [("services", 1, column, reason)]
    assert checked.staying["services"] == []


def test_the_largest_numbers_are_read() -> None:
    checked = check({"volunteers": [a_volunteer(prior_minutes="1000000000000000")]})
    assert checked.bad == []
    assert checked.facts["volunteers"][0]["prior_minutes"] == 10**15


def test_the_second_of_one_id_is_bad() -> None:
    checked = check({"volunteers": [a_volunteer(), a_volunteer(), a_volunteer(volunteer_id="ｖ")]})
    assert checked.bad == [("volunteers", 2, "volunteer_id", "duplicate_id")]
    assert checked.staying["volunteers"] == [1, 3]


def test_an_overlap_counts_against_the_later_one() -> None:
    checked = services(
        a_service("c", "10:29", "11:00"),  # overlaps b, which is bad only for its overlap
        a_service("b", "09:59", "10:30"),  # overlaps a
        a_service("a", "09:00", "10:00"),
        a_service("d", "11:00", "12:00"),  # touches
        a_service("e", "11:30", "12:30", status="pending"),
        a_service("g", "13:00", "14:00"),  # starts together with f, comes after it by id
        a_service("f", "13:00", "13:01"),
        a_service("h", "13:30", "14:30", minutes="x"),  # bad already
        a_service("i", "14:00", "14:30"),  # so this one is free
    )
    overlaps: list[Bad] = [("services", at, "starts_at", "overlap") for at in (1, 2, 6)]
    assert checked.bad == [*overlaps, ("services", 8, "minutes", "wrong_type")]
    assert checked.staying["services"] == [3, 4, 5, 7, 9]


def test_rows_that_hang_on_a_bad_one_are_left_out_but_not_bad() -> None:
    rating: RawRow = {"rating_id": "r", "service_id": "s", "rater": "organizer", "score": "5"}
    checked = check(
        {
            "volunteers": [a_volunteer(registered_on="2026-02-30")],
            "services": [a_service("s", "09:00", "10:00")],
            "ratings": [rating, rating | {"rating_id": "q", "service_id": "nobody"}],
        }
    )
    assert checked.bad == [
        ("ratings", 2, "service_id", "unknown_reference"),
        ("volunteers", 1, "registered_on", "wrong_type"),
    ]
    assert not any(checked.staying.values())


@pytest.mark.parametrize("score", ["0", "6", "-1"])
def test_a_score_is_from_1_to_5(score: str) -> None:
    rating: RawRow = {"rating_id": "r", "service_id": "s", "rater": "服务对象", "score": score}
    tables = {
        "volunteers": [a_volunteer()],
        "services": [a_service("s", "09:00", "10:00")],
        "ratings": [rating],
    }
    assert check(tables).bad == [("ratings", 1, "score", "score_out_of_range")]
