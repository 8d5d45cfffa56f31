"""The yardstick's stars and quotas, held to figures worked out by hand."""

from datetime import date
from typing import Any

from tests.points.by_hand import (
    a_policy,
    a_service,
    a_volunteer,
    column,
    dated,
    points_of,
    run,
    scores,
)

Row = dict[str, Any]


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
