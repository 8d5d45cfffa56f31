"""Service lines: rules 1 to 4, from effective services to points after the team cap."""

from collections.abc import Callable
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
        volunteer_no=ibis.row_number().over(order_by=assessed.volunteer_id).cast("int32"),
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


def rounded_minutes(minutes: IntegerValue, time: ServiceTime) -> IntegerValue:
    """Rule 1, but for the cap of a day: round down to units and cap the service."""
    unit, cap = time.unit_minutes, time.per_service_cap_minutes
    rounded = minutes if unit == 1 else minutes // whole(unit) * whole(unit)
    return rounded if cap is None else ibis.least(rounded, whole(cap))


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


def rating_sums(ratings: Table) -> Table:
    """Sum the scores of each service: `service_id`, `score_sum`, `ratings`."""
    return ratings.group_by("service_id").aggregate(
        score_sum=total(ratings.score), ratings=ratings.count()
    )


def rated(services: Table, ratings: Table) -> Table:
    """Add `score_sum` and `ratings` of each service, 0 where nobody rated it."""
    joined = services.left_join(rating_sums(ratings), "service_id").drop("service_id_right")
    return joined.mutate(score_sum=joined.score_sum.coalesce(0), ratings=joined.ratings.coalesce(0))


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


def worth(lines: Table, policy: Policy) -> IntegerValue:
    """Rules 2 and 3: what `credited` minutes are worth at a line's `percent` and `band`."""
    rate = whole(policy.service_time.millipoints_per_hour)
    credited, percent, band = (
        lines[name].cast("int64") for name in ("credited", "percent", "band")
    )
    points = credited * rate * percent // whole(MINUTES_X_PERCENT)
    return points * band // whole(100) if policy.satisfaction else points


# A line is kept for every service of the year, so it is kept narrow: minutes of a day, percents
# and the number of a team fit 16 bits. Sums widen by themselves, `worth` widens what it multiplies.
NARROW = {
    "team": "int16",
    "minutes": "int16",
    "credited": "int16",
    "percent": "int16",
    "band": "int16",
    "score_sum": "int32",
    "ratings": "int32",
}


def service_lines(
    services: Table, ratings: Table, assessed: Table, policy: Policy, year: int
) -> Table:
    """Compute rules 1 to 3 for every service of the year as if no cap of a day or team bound.

    Columns: `volunteer_no`, `service_id`, `starts_at`, `millipoints` and those of NARROW. `team`
    is its number among those with a cap.
    """
    time = policy.service_time
    lines = rated(counted_services(services, assessed, year), ratings)
    lines = lines.mutate(
        credited=rounded_minutes(lines.minutes, time),
        percent=percent_of(lines, time),
        band=band_of(lines, policy.satisfaction) if policy.satisfaction else whole(100),
    )
    lines = lines.mutate(millipoints=worth(lines, policy), team=_team_number(lines, policy))
    narrow = {name: lines[name].cast(kind) for name, kind in NARROW.items()}
    return lines.select("volunteer_no", "service_id", "starts_at", "millipoints", **narrow)


def team_numbers(policy: Policy) -> dict[Team, int]:
    """Number the teams that have a cap, from 1; a line of another team bears 0."""
    return {team: number for number, team in enumerate(policy.service_time.team_cap_millipoints, 1)}


def _team_number(lines: Table, policy: Policy) -> IntegerValue:
    numbers = ((lines.team == team, whole(n)) for team, n in team_numbers(policy).items())
    return ibis.cases((lines.team.isnull(), whole(0)), *numbers, else_=whole(0))


def remembering(lines: Table) -> Table:
    """Add what cuts change, as it was."""
    return lines.mutate(was_credited=lines.credited, was_millipoints=lines.millipoints)


# What a cut is: which line, what becomes of it, what it was.
CUT = ("volunteer_no", "starts_at", "credited", "millipoints", "was_credited", "was_millipoints")


def day_cuts(lines: Table, policy: Policy, cap: int) -> Table:
    """Rule 1: the lines of days over the cap, in order, each with what is left for it."""
    lines = lines.mutate(day=lines.starts_at.date())
    cut = cut_to(lines, "credited", "day", lambda _: whole(cap))
    return cut.mutate(millipoints=worth(cut, policy)).select(CUT)


def team_cuts(lines: Table, policy: Policy) -> Table:
    """Rule 4: the lines of teams over their cap of the volunteer's year, in order."""
    caps, numbers = policy.service_time.team_cap_millipoints, team_numbers(policy)

    def cap_of(rows: Table) -> IntegerValue:
        by_team = ((rows.team == numbers[team], whole(cap)) for team, cap in caps.items())
        return ibis.cases(*by_team, else_=whole(0))

    return cut_to(lines.filter(lines.team > 0), "millipoints", "team", cap_of).select(CUT)


def both_cuts(by_day: Table, by_team: Table) -> Table:
    """Join the cuts of days and of teams; the team's, made after the day's, is the last word."""
    return by_team.union(by_day.anti_join(by_team, ["volunteer_no", "starts_at"]))


def cut_to(lines: Table, column: str, group: str, cap_of: Callable[[Table], IntegerValue]) -> Table:
    """Keep the lines of a volunteer's groups over their cap, `column` cut to what is left.

    Few groups exceed a cap, and a sum by hash is far cheaper than an order over everything, so
    only those are put in order. Their order is that of `starts_at` alone: effective services of
    one volunteer never overlap, so no two start together and the ids of the spec's order never
    decide.
    """
    keys = ["volunteer_no", group]
    sums = lines.group_by(keys).aggregate(sum=total(lines[column]))
    crowded = lines.semi_join(sums.filter(sums.sum > cap_of(sums)), keys)
    so_far = ibis.window(group_by=keys, order_by="starts_at", rows=(None, 0))
    left = cap_of(crowded) - (crowded[column].sum().over(so_far) - crowded[column])
    return crowded.mutate(**{column: ibis.greatest(ibis.least(crowded[column], left), whole(0))})


def after_cuts(lines: Table, cut: Table | None) -> Table:
    """Put cut lines in the place of what they were."""
    if cut is None:
        return lines
    joined = lines.left_join(cut, ["volunteer_no", "starts_at"], rname="cut_{name}")
    amounts = {
        name: joined[f"cut_{name}"].coalesce(joined[name]) for name in ("credited", "millipoints")
    }
    return joined.mutate(**amounts).select(lines.columns)
