"""Service lines: rules 1 to 4, from effective services to points after the team cap."""

from collections.abc import Callable, Mapping
from datetime import date

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from zhiyuanhong.points.choices import FLAGS
from zhiyuanhong.points.measures.tables import total, whole
from zhiyuanhong.points.policy.model import Policy, Satisfaction, ServiceTime, Team

MINUTES_X_PERCENT = 6000  # minutes of an hour x 100 %


def assessed_volunteers(volunteers: Table, year: int) -> Table:
    """Number those registered by the end of the year in the order of their ids.

    Adds `volunteer_no` (so that what follows compares numbers, not texts) and `member_months`.
    """
    assessed = volunteers.filter(volunteers.registered_on <= date(year, 12, 31))
    registered = assessed.registered_on
    joined = registered.year().cast("int64") * 12 + registered.month().cast("int64")
    return assessed.mutate(
        volunteer_no=ibis.row_number().over(order_by=assessed.volunteer_id),
        member_months=whole(year * 12 + 12) - joined,
    )


def counted_services(services: Table, assessed: Table, year: int) -> Table:
    """Keep the effective services of the year of assessed volunteers, with their number and day."""
    effective = services.filter(
        services.status == "effective",
        services.starts_at >= ibis.literal(f"{year}-01-01 00:00:00", "timestamp"),
        services.starts_at <= ibis.literal(f"{year}-12-31 23:59:59", "timestamp"),
    ).drop("ends_at", "status")
    numbers = assessed.select("volunteer_id", "volunteer_no")
    counted = effective.inner_join(numbers, "volunteer_id").drop("volunteer_id")
    return counted.mutate(day=counted.starts_at.date())


def rounded_minutes(services: Table, time: ServiceTime) -> Table:
    """Rule 1: round down to units and cap each service; adds `credited`."""
    unit, cap = time.unit_minutes, time.per_service_cap_minutes
    credited = services.minutes if unit == 1 else services.minutes // whole(unit) * whole(unit)
    if cap is not None:
        credited = ibis.least(credited, whole(cap))
    return services.mutate(credited=credited)


def day_cuts(services: Table, cap: int) -> Table:
    """Rule 1: what services in days over the cap are credited; the others keep theirs."""
    day = services.starts_at.date()
    minutes = services.select("volunteer_no", "starts_at", day=day, amount=services.credited)
    return cuts(minutes, "day", lambda _: whole(cap))


def cuts(amounts: Table, group: str, cap_of: Callable[[Table], IntegerValue]) -> Table:
    """Give each amount of a group over its cap, in order, at most what is left of the cap.

    `amounts` has `volunteer_no`, `starts_at`, `amount` and the column `group`; the cut ones come
    back as `volunteer_no`, `starts_at`, `cut`. Few groups exceed a cap, and a sum by hash is far
    cheaper than an order over everything, so only those are put in order. Their order is that of
    `starts_at` alone: effective services of one volunteer never overlap, so no two start together
    and the ids of the spec's order never decide.
    """
    keys = ["volunteer_no", group]
    sums = amounts.group_by(keys).aggregate(sum=total(amounts.amount))
    crowded = amounts.semi_join(sums.filter(sums.sum > cap_of(sums)), keys)
    so_far = ibis.window(group_by=keys, order_by="starts_at", rows=(None, 0))
    left = cap_of(crowded) - (crowded.amount.sum().over(so_far) - crowded.amount)
    return crowded.select(
        "volunteer_no",
        "starts_at",
        cut=ibis.greatest(ibis.least(crowded.amount, left), whole(0)),
    )


def after_cuts(services: Table, cut: Table, column: str) -> Table:
    """Replace `column` by the cut amount where there is one."""
    joined = services.left_join(cut, ["volunteer_no", "starts_at"])
    amount = joined.cut.coalesce(joined[column])
    return joined.mutate(**{column: amount}).select(services.columns)


def percent_of(services: Table, time: ServiceTime) -> IntegerValue:
    """Rule 2: the percent of a service's team and flags, by `highest` or `sum`."""
    team = ibis.cases(
        *((services.team == team, whole(percent)) for team, percent in time.team_percent.items()),
        (services.team.isnull(), whole(100)),
        else_=whole(100),
    )
    flags = [
        (services[flag], time.flag_percent[flag]) for flag in FLAGS if flag in time.flag_percent
    ]
    if time.combine == "highest":
        return ibis.greatest(team, *(_if(raised, percent) for raised, percent in flags), whole(0))
    surplus = team
    for raised, percent in flags:
        surplus = surplus + _if(raised, percent - 100)
    return ibis.greatest(surplus, whole(0))


def _if(raised: BooleanValue, number: int) -> IntegerValue:
    return ibis.ifelse(raised, whole(number), whole(0))


def time_points(services: Table, time: ServiceTime) -> Table:
    """Rule 2: adds `percent` and the `millipoints` that credited minutes are worth."""
    services = services.mutate(percent=percent_of(services, time))
    rate = whole(time.millipoints_per_hour)
    return services.mutate(
        millipoints=services.credited * rate * services.percent // whole(MINUTES_X_PERCENT)
    )


def rating_sums(ratings: Table) -> Table:
    """Sum the scores of each service: `service_id`, `score_sum`, `ratings`."""
    return ratings.group_by("service_id").aggregate(
        score_sum=total(ratings.score), ratings=ratings.count()
    )


def rated(services: Table, ratings: Table) -> Table:
    """Add `score_sum` and `ratings` of each service, 0 where nobody rated it."""
    joined = services.left_join(rating_sums(ratings), "service_id").drop("service_id_right")
    return joined.mutate(score_sum=joined.score_sum.coalesce(0), ratings=joined.ratings.coalesce(0))


def satisfied(services: Table, satisfaction: Satisfaction | None) -> Table:
    """Rule 3: adds `band` and multiplies `millipoints` by it."""
    if satisfaction is None:
        return services.mutate(band=whole(100))
    services = services.mutate(band=band_of(services, satisfaction))
    return services.mutate(millipoints=services.millipoints * services.band // whole(100))


def band_of(services: Table, satisfaction: Satisfaction) -> IntegerValue:
    """Rule 3: the percent of the first band that a service's mean reaches.

    The mean is `100 * score_sum // ratings`; a floor reaches a whole threshold exactly when the
    fraction does, so the comparison is multiplied out and nothing is divided.
    """
    hundredfold = services.score_sum * whole(100)
    bands = (
        (hundredfold >= services.ratings * whole(band.from_), whole(band.percent))
        for band in satisfaction.bands
    )
    unrated = whole(satisfaction.unrated_percent)
    return ibis.cases((services.ratings == 0, unrated), *bands, else_=whole(0))


def service_points(services: Table, ratings: Table, cut: Table | None, policy: Policy) -> Table:
    """Compute rules 1 to 3 for counted services with rounded minutes, and the day cuts made."""
    lines = services if cut is None else after_cuts(services, cut, "credited")
    lines = satisfied(rated(time_points(lines, policy.service_time), ratings), policy.satisfaction)
    return lines.select(
        "volunteer_no",
        "service_id",
        "team",
        "starts_at",
        "minutes",
        "credited",
        "percent",
        "band",
        "millipoints",
        "score_sum",
        "ratings",
    )


def team_cuts(points: Table, caps: Mapping[Team, int]) -> Table:
    """Rule 4: what services of a team over its cap of the volunteer's year are worth."""
    capped = points.filter(points.team.isin(list(caps)))
    amounts = capped.select("volunteer_no", "starts_at", "team", amount=capped.millipoints)

    def cap_of(rows: Table) -> IntegerValue:
        by_team = ((rows.team == team, whole(cap)) for team, cap in caps.items())
        return ibis.cases(*by_team, else_=whole(0))

    return cuts(amounts, "team", cap_of)
