"""The yardstick's points, held to figures worked out by hand."""

from datetime import date, timedelta
from time import perf_counter

from tests.points.by_hand import a_policy, a_service, a_volunteer, column, dated, run, scores

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


# --- both -----------------------------------------------------------------------------------------


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
