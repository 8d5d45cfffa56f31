"""The yardstick itself, held to figures worked out by hand."""

from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any

from tests.points.yardstick import assess

Row = dict[str, Any]
YEAR = 2026
ONE_LEVEL = {"article": "第二十四条", "level": [{"star": 1, "points": 1000}]}


def a_policy(*, stars: Row | None = None, service_time: Row | None = None, **sections: Row) -> Row:
    """1000 millipoints an hour, every minute counts, unless told otherwise."""
    time_rule = {
        "article": "第十八条",
        "millipoints_per_hour": 1000,
        "unit_minutes": 1,
        "combine": "highest",
    }
    return {"service_time": time_rule | (service_time or {}), "stars": stars or ONE_LEVEL} | {
        name: {"article": name} | section for name, section in sections.items()
    }


def a_volunteer(volunteer_id: str = "v", **cells: Any) -> Row:
    usual = {"community_id": "c", "registered_on": date(2025, 1, 1), "prior_minutes": None}
    return {"volunteer_id": volunteer_id} | usual | cells


def a_service(service_id: str, starts: str, minutes: int, **cells: Any) -> Row:
    starts_at = datetime.fromisoformat(starts)
    usual = {
        "service_id": service_id,
        "volunteer_id": "v",
        "team": "elder_care",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "minutes": minutes,
        "emergency": False,
        "skilled": False,
        "leader": False,
        "status": "effective",
    }
    return usual | cells


def scores(service_id: str, *values: int) -> list[Row]:
    return [
        {
            "rating_id": f"{service_id}-{at}",
            "service_id": service_id,
            "rater": "recipient",
            "score": value,
        }
        for at, value in enumerate(values)
    ]


def dated(table: str, row_id: str, day: str, **cells: Any) -> Row:
    usual = {f"{table[:-1]}_id": row_id, "volunteer_id": "v", "day": date.fromisoformat(day)}
    return usual | cells


def run(policy: Row, **tables: list[Row]) -> tuple[list[Row], list[Row]]:
    return assess({"volunteers": [a_volunteer()], "services": []} | tables, policy, YEAR)


def column(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


# --- rule 1 --------------------------------------------------------------------------------------


def test_minutes_are_cut_to_whole_units_then_to_the_cap_of_a_service() -> None:
    rule = {"unit_minutes": 30, "per_service_cap_minutes": 100}
    services = [
        a_service("a", "2026-03-01 08:00", 29),  # 29 // 30 * 30 = 0: no line
        a_service("b", "2026-03-02 08:00", 59),  # 30
        a_service("c", "2026-03-03 08:00", 95),  # 90
        a_service("d", "2026-03-04 08:00", 200),  # 180, capped to 100, which is no whole unit
    ]
    results, statement = run(a_policy(service_time=rule), services=services)
    assert column(statement, "source_id") == ["b", "c", "d"]
    assert column(statement, "minutes") == [30, 90, 100]
    # 30 * 1000 * 100 // 6000 = 500; 1500; 10000000 // 6000 = 1666
    assert column(statement, "millipoints") == [500, 1500, 1666]
    assert results[0]["minutes"] == 220
    assert results[0]["services"] == 4


def test_the_cap_of_a_day_is_used_up_in_the_order_of_starts() -> None:
    rule = {"per_day_cap_minutes": 150}
    services = [
        a_service("a", "2026-03-01 14:00", 60),  # third: 150 - 100 - 50 = 0 left, no line
        a_service("b", "2026-03-01 11:00", 60),  # second: 50 left
        a_service("c", "2026-03-01 08:00", 100),  # first
        a_service("d", "2026-03-02 00:00", 60),  # another day
    ]
    _, statement = run(a_policy(service_time=rule), services=services)
    assert column(statement, "source_id") == ["b", "c", "d"]
    assert column(statement, "minutes") == [50, 100, 60]


def test_only_effective_services_of_the_year_take_part() -> None:
    services = [
        a_service("a", "2025-12-31 23:00", 59),
        a_service("b", "2026-01-01 00:00", 60),
        a_service("c", "2026-12-31 23:00", 59),
        a_service("d", "2027-01-01 00:00", 60),
        a_service("e", "2026-05-01 08:00", 60, status="pending"),
    ]
    results, statement = run(a_policy(), services=services)
    assert column(statement, "source_id") == ["b", "c"]
    assert results[0]["services"] == 2


# --- rule 2 --------------------------------------------------------------------------------------


def test_the_highest_of_the_percents_that_apply() -> None:
    rule = {
        "team_percent": {"emergency": 150, "charity": 80},
        "flag_percent": {"skilled": 120, "leader": 90},
    }
    services = [
        a_service("a", "2026-03-01 08:00", 60, team="emergency", skilled=True),  # max 150, 120
        a_service("b", "2026-03-02 08:00", 60, team="charity", leader=True),  # max 80, 90
        a_service("c", "2026-03-03 08:00", 60, leader=True),  # max 100, 90
        a_service("d", "2026-03-04 08:00", 60, team="charity", emergency=True),  # 80: no such flag
    ]
    _, statement = run(a_policy(service_time=rule), services=services)
    assert column(statement, "percent") == [150, 90, 100, 80]
    assert column(statement, "millipoints") == [1500, 900, 1000, 800]


def test_the_sum_of_the_percents_goes_down_to_0_and_no_further() -> None:
    rule = {
        "combine": "sum",
        "team_percent": {"emergency": 150, "charity": 30},
        "flag_percent": {"emergency": 150, "skilled": 120, "leader": 10},
    }
    services = [
        # 100 + 50 + 50 + 20 = 220
        a_service("a", "2026-03-01 08:00", 60, team="emergency", emergency=True, skilled=True),
        a_service("b", "2026-03-02 08:00", 60, leader=True),  # 100 + 0 - 90 = 10
        # 100 - 70 - 90 = -60, so 0; its 60 minutes still stand in the statement
        a_service("c", "2026-03-03 08:00", 60, team="charity", leader=True),
    ]
    results, statement = run(a_policy(service_time=rule), services=services)
    assert column(statement, "percent") == [220, 10, 0]
    assert column(statement, "millipoints") == [2200, 100, 0]
    assert (results[0]["points"], results[0]["minutes"]) == (2300, 180)


# --- rules 3 and 4 -------------------------------------------------------------------------------


def test_a_service_gets_the_first_band_its_mean_reaches() -> None:
    bands = [{"from": 450, "percent": 120}, {"from": 333, "percent": 90}]
    rule = {"unrated_percent": 70, "bands": bands}
    services = [a_service(name, f"2026-03-0{at} 08:00", 60) for at, name in enumerate("abcd", 1)]
    ratings = [
        *scores("a", 4, 5),  # 900 // 2 = 450
        *scores("b", 3, 3, 4),  # 1000 // 3 = 333
        *scores("c", 3, 3, 3, 4),  # 1300 // 4 = 325, below every band
    ]
    results, statement = run(a_policy(satisfaction=rule), services=services, ratings=ratings)
    assert column(statement, "band") == [120, 90, 0, 70]
    assert column(statement, "millipoints") == [1200, 900, 0, 700]
    # all nine: 9 + 10 + 13 = 32; 3200 // 9 = 355
    assert (results[0]["ratings"], results[0]["mean_rating"]) == (9, 355)


def test_points_are_cut_twice_on_the_way() -> None:
    rule = {"unrated_percent": 99, "bands": [{"from": 100, "percent": 100}]}
    services = [a_service("a", "2026-03-01 08:00", 1)]
    # 1 * 1000 * 100 // 6000 = 16; 16 * 99 // 100 = 15
    _, statement = run(a_policy(satisfaction=rule), services=services)
    assert column(statement, "millipoints") == [15]


def test_without_satisfaction_ratings_move_no_points() -> None:
    services = [a_service("a", "2026-03-01 08:00", 60)]
    _, statement = run(a_policy(), services=services, ratings=scores("a", 1))
    assert (statement[0]["band"], statement[0]["millipoints"]) == (100, 1000)


def test_the_cap_of_a_team_is_used_up_over_the_year() -> None:
    rule = {"team_cap_millipoints": {"charity": 2500}}
    services = [
        a_service("a", "2026-03-03 08:00", 60, team="charity"),  # third: 2500 - 2000 = 500 left
        a_service("b", "2026-03-01 08:00", 60, team="charity"),
        a_service("c", "2026-03-02 08:00", 60, team="charity"),
        a_service("d", "2026-03-04 08:00", 60, team="charity"),  # nothing left, 60 minutes stand
        a_service("e", "2026-03-05 08:00", 60),  # another team
    ]
    _, statement = run(a_policy(service_time=rule), services=services)
    assert column(statement, "source_id") == ["b", "c", "a", "d", "e"]
    assert column(statement, "millipoints") == [1000, 1000, 500, 0, 1000]
    assert column(statement, "minutes") == [60] * 5


# --- rules 5 to 9 --------------------------------------------------------------------------------


def test_trainings_count_up_to_their_number_by_day_and_id() -> None:
    trainings = [
        dated("trainings", "t1", "2026-05-02", passed=True),
        dated("trainings", "é", "2026-05-01", passed=True),
        dated("trainings", "z", "2026-05-01", passed=True),  # "z" comes before "é"
        dated("trainings", "t0", "2026-01-01", passed=False),
        dated("trainings", "t9", "2025-12-31", passed=True),
    ]
    rule = {"millipoints": 2000, "max_count": 2}
    results, statement = run(a_policy(training=rule), trainings=trainings)
    assert column(statement, "source_id") == ["z", "é"]
    assert (results[0]["points"], results[0]["trainings"]) == (4000, 3)
    uncapped, _ = run(a_policy(training={"millipoints": 2000}), trainings=trainings)
    assert uncapped[0]["points"] == 6000
    none, lines = run(a_policy(), trainings=trainings)
    assert (none[0]["trainings"], lines) == (3, [])


def test_honors_count_all_or_only_the_highest() -> None:
    honors = [
        dated("honors", "h2", "2026-05-01", level="street"),
        dated("honors", "h1", "2026-05-01", level="city"),
        dated("honors", "h0", "2026-06-01", level="city"),
        dated("honors", "h3", "2026-07-01", level="nation"),  # left out of the table: 0
    ]
    table = {"street": 10, "city": 30}
    rule = {"count": "highest", "millipoints": table}
    _, highest = run(a_policy(honor=rule), honors=honors)
    assert [(line["source_id"], line["millipoints"]) for line in highest] == [("h1", 30)]
    results, lines = run(a_policy(honor=rule | {"count": "all"}), honors=honors)
    assert column(lines, "source_id") == ["h1", "h2", "h0"]
    assert results[0]["points"] == 70


def test_continuity_counts_months_by_credited_minutes() -> None:
    services = [
        a_service("a", "2026-01-31 22:00", 60),
        a_service("b", "2026-01-01 00:00", 60),  # January: 120
        a_service("c", "2026-02-28 08:00", 119),  # February: 119, not active
        a_service("d", "2026-12-31 08:00", 120),  # December: 120
    ]
    tiers = [{"months": 3, "millipoints": 900}, {"months": 2, "millipoints": 400}]
    rule = {"active_month_minutes": 120, "tiers": tiers}
    results, statement = run(a_policy(continuity=rule), services=services)
    assert results[0]["active_months"] == 2
    # within 31 December "continuity" stands before "service"
    line = statement[3]
    assert (line["day"], line["rule"], line["source_id"]) == (date(2026, 12, 31), "continuity", "")
    assert (line["millipoints"], line["minutes"], line["article"]) == (400, None, "continuity")
    # 479 minutes: 1000 + 1000 + 1983 + 2000, and 400
    assert results[0]["points"] == 1000 + 1000 + 1983 + 2000 + 400
    always, _ = run(a_policy(continuity=rule | {"active_month_minutes": 0}))
    assert (always[0]["active_months"], always[0]["points"]) == (12, 900)
    without, _ = run(a_policy(), services=services)
    assert without[0]["active_months"] == 0


def test_conduct_takes_off_and_the_total_is_floored() -> None:
    conducts = [
        dated("conducts", "k1", "2026-05-01", kind="complaint"),
        dated("conducts", "k2", "2026-05-02", kind="no_show"),
    ]
    adjustments = [
        dated("adjustments", "a1", "2026-05-03", millipoints=6000, reason="补录"),
        dated("adjustments", "a2", "2026-05-04", millipoints=0, reason="无"),
    ]
    rule = {"millipoints": {"no_show": 2000, "complaint": 5000}}
    results, lines = run(a_policy(conduct=rule), conducts=conducts, adjustments=adjustments)
    # -5000 - 2000 + 6000 = -1000
    assert column(lines, "millipoints") == [-5000, -2000, 6000]
    assert column(lines, "article") == ["conduct", "conduct", None]
    assert results[0]["points"] == 0
    free, lines = run(a_policy(), conducts=conducts, adjustments=adjustments)
    assert (free[0]["points"], len(lines)) == (6000, 1)


# --- stars ---------------------------------------------------------------------------------------


def points_of(volunteer_id: str, millipoints: int) -> Row:
    cells = {"volunteer_id": volunteer_id, "millipoints": millipoints, "reason": "起始"}
    return dated("adjustments", f"of {volunteer_id}", "2026-06-01", **cells)


def test_assessed_are_those_registered_by_the_last_day() -> None:
    volunteers = [
        a_volunteer("b", registered_on=date(2026, 12, 31)),
        a_volunteer("a", registered_on=date(2027, 1, 1)),
        a_volunteer("B", registered_on=date(2024, 2, 29)),
        a_volunteer("～", registered_on=date(2026, 1, 31)),
        a_volunteer("😀", registered_on=date(2026, 1, 1)),
    ]
    adjustments = [points_of("a", 5), points_of("b", 7)]
    results, statement = run(a_policy(), volunteers=volunteers, adjustments=adjustments)
    assert column(results, "volunteer_id") == ["B", "b", "～", "😀"]
    # 2024-02 to 2026-12 is 34 months; the day plays no part
    assert column(results, "member_months") == [34, 0, 11, 11]
    assert column(statement, "volunteer_id") == ["b"]


def test_every_gap_to_the_next_star_in_order() -> None:
    level = {
        "star": 1,
        "points": 2000,
        "minutes": 100,
        "mean_rating": 400,
        "trainings": 1,
        "active_months": 2,
        "member_months": 12,
        "max_conduct": {"false_record": 0, "no_show": 1},
    }
    stars = {"article": "第二十四条", "min_ratings": 2, "level": [level]}
    volunteer = a_volunteer(registered_on=date(2026, 2, 3))
    services = [a_service("a", "2026-03-01 08:00", 60)]
    conducts = [
        dated("conducts", f"k{at}", "2026-05-01", kind=kind)
        for at, kind in enumerate(("no_show", "no_show", "no_show", "false_record"))
    ]
    tables = {"volunteers": [volunteer], "services": services, "conducts": conducts}
    results, _ = run(a_policy(stars=stars), **tables, ratings=scores("a", 3, 4))
    assert results[0]["short"] == (
        "points:1000;minutes:40;mean_rating:50;trainings:1;active_months:2;member_months:2;"
        "no_show:2;false_record:1"
    )
    assert results[0]["star"] == 0
    # one rating is too few for a mean to count against anybody
    results, _ = run(a_policy(stars=stars), **tables, ratings=scores("a", 1))
    assert "mean_rating" not in results[0]["short"]
    assert results[0]["mean_rating"] == 100


def test_a_requirement_of_a_mean_holds_without_a_rating() -> None:
    level = {"star": 1, "points": 0, "mean_rating": 500}
    stars = {"article": "第二十四条", "min_ratings": 0, "level": [level]}
    results, _ = run(a_policy(stars=stars))
    assert (results[0]["star"], results[0]["mean_rating"], results[0]["short"]) == (1, None, "")


def test_the_star_is_the_highest_level_reached() -> None:
    levels = [{"star": star, "points": star * 1000} for star in (1, 2, 3)]
    stars = {"article": "第二十四条", "level": levels}
    results, _ = run(a_policy(stars=stars), adjustments=[points_of("v", 2999)])
    assert (results[0]["eligible_star"], results[0]["short"]) == (2, "points:1")
    results, _ = run(a_policy(stars=stars), adjustments=[points_of("v", 3000)])
    assert (results[0]["eligible_star"], results[0]["short"]) == (3, "")


def quota_case(scope: str) -> list[Row]:
    """Five volunteers in two communities; 40 % may have two stars, 50 % one."""
    levels = [
        {"star": 1, "points": 10, "quota_percent": 50},
        {"star": 2, "points": 20, "quota_percent": 40},
    ]
    stars = {"article": "第二十四条", "quota_scope": scope, "level": levels}
    volunteers = [a_volunteer(name, community_id="x" if name < "d" else "y") for name in "abcde"]
    points = zip("abcde", (30, 29, 28, 27, 10), strict=True)
    adjustments = [points_of(name, number) for name, number in points]
    return run(a_policy(stars=stars), volunteers=volunteers, adjustments=adjustments)[0]


def test_quotas_within_a_community_let_the_rest_fall_and_compete() -> None:
    # x has 3: 3 * 40 // 100 = 1 two-star seat, 3 * 50 // 100 = 1 one-star seat: a 2, b 1, c 0.
    # y has 2: 0 two-star seats, 1 one-star seat: d falls to 1 and keeps e out.
    results = quota_case("community")
    assert column(results, "eligible_star") == [2, 2, 2, 2, 1]
    assert column(results, "star") == [2, 1, 0, 1, 0]
    assert column(results, "rank") == [1, 2, 3, 1, 2]


def test_quotas_within_the_street() -> None:
    # 5 * 40 // 100 = 2 and 5 * 50 // 100 = 2: a, b; then c, d; e is left out.
    results = quota_case("street")
    assert column(results, "star") == [2, 2, 1, 1, 0]
    assert column(results, "rank") == [1, 2, 3, 4, 5]


def test_ties_are_broken_by_minutes_mean_day_and_id() -> None:
    volunteers = [a_volunteer(name) for name in ("A", "a", "b", "c", "é")]
    volunteers.append(a_volunteer("z", registered_on=date(2024, 12, 31)))
    services = [
        a_service(f"s{name}", "2026-05-01 08:00", 60, volunteer_id=name)
        for name in ("A", "a", "b", "c", "é", "z")
    ]
    services.append(a_service("more", "2026-05-02 08:00", 60, volunteer_id="é"))
    ratings = [*scores("sb", 1), *scores("sc", 2)]
    # é is taken back the points of her second hour, and has more minutes at equal points
    adjustments = [points_of("é", -1000)]
    tables = {"services": services, "ratings": ratings, "adjustments": adjustments}
    results, _ = run(a_policy(), volunteers=volunteers, **tables)
    assert column(results, "points") == [1000] * 6
    ranked = sorted(results, key=lambda result: int(result["rank"]))
    assert column(ranked, "volunteer_id") == ["é", "c", "b", "z", "A", "a"]


def test_lifetime_stars_count_recorded_minutes() -> None:
    policy = a_policy(
        service_time={"per_day_cap_minutes": 10}, lifetime={"minutes": [60, 120, 121]}
    )
    services = [
        a_service("a", "2026-05-01 08:00", 60),
        a_service("b", "2025-05-01 08:00", 60),
        a_service("c", "2026-05-02 08:00", 60, status="voided"),
    ]
    volunteers = [a_volunteer(prior_minutes=60)]
    results, _ = run(policy, services=services, volunteers=volunteers)
    assert (results[0]["lifetime_star"], results[0]["minutes"]) == (2, 10)  # 60 + 60 = 120
    assert run(policy, services=services)[0][0]["lifetime_star"] == 1
    assert run(a_policy(), services=services)[0][0]["lifetime_star"] == 0


def test_the_columns_stand_in_the_order_of_the_rules() -> None:
    results, statement = run(a_policy(), services=[a_service("a", "2026-05-01 08:00", 60)])
    assert ",".join(results[0]) == (
        "volunteer_id,community_id,points,minutes,services,ratings,mean_rating,trainings,"
        "active_months,member_months,eligible_star,star,lifetime_star,rank,short"
    )
    assert ",".join(statement[0]) == (
        "volunteer_id,day,rule,source_id,article,minutes,percent,band,millipoints"
    )


def test_ten_thousand_services_take_no_time() -> None:
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(50)]
    volunteers = [a_volunteer(f"v{at}") for at in range(200)]
    services = [
        a_service(f"{v['volunteer_id']}/{day}", f"{day} 08:00", 60, volunteer_id=v["volunteer_id"])
        for v in volunteers
        for day in days
    ]
    started = perf_counter()
    results, statement = run(a_policy(), volunteers=volunteers, services=services)
    assert perf_counter() - started < 5  # a fifth of a second on a slow machine
    assert column(results, "points") == [50_000] * 200
    assert len(statement) == 10_000
