"""Statement lines: rules 5 to 8, adjustments, and the statement they make with the services."""

from datetime import date

import ibis
from ibis.expr.types import IntegerValue, Table

from zhiyuanhong.points.measures.tables import Facts, in_year, no_number, text, total, whole
from zhiyuanhong.points.policy.model import Conduct, Continuity, Honor, Policy, Training

MONTHS = 12


def _line(rows: Table, rule: str, source: str, article: str | None, points: IntegerValue) -> Table:
    """Shape rows with `volunteer_no` and `day` as lines of a rule, those of 0 points left out."""
    lines = rows.select(
        "volunteer_no",
        "day",
        rule=text(rule),
        source_id=rows[source],
        article=text(article),
        minutes=no_number(),
        percent=no_number(),
        band=no_number(),
        millipoints=points,
    )
    return lines.filter(lines.millipoints != 0)


def training_lines(passed: Table, training: Training) -> Table:
    """Rule 5: each passed training, at most `max_count`, by (day, training_id)."""
    if training.max_count is not None:
        order = ibis.window(group_by="volunteer_no", order_by=["day", "training_id"])
        passed = passed.mutate(place=ibis.row_number().over(order))
        passed = passed.filter(passed.place < training.max_count)
    points = whole(training.millipoints)
    return _line(passed, "training", "training_id", training.article, points)


def honor_lines(honors: Table, honor: Honor) -> Table:
    """Rule 6: every honor's points, or only the highest, the first by (day, id) among equals."""
    worth = ((honors.level == level, whole(points)) for level, points in honor.millipoints.items())
    never = (honors.level.isnull(), whole(0))
    honors = honors.mutate(worth=ibis.cases(*worth, never, else_=whole(0)))
    if honor.count == "highest":
        best_first = [honors.worth.desc(), honors.day, honors.honor_id]
        order = ibis.window(group_by="volunteer_no", order_by=best_first)
        honors = honors.mutate(place=ibis.row_number().over(order))
        honors = honors.filter(honors.place == 0)
    return _line(honors, "honor", "honor_id", honor.article, honors.worth)


def continuity_lines(tallies: Table, continuity: Continuity, year: int) -> Table:
    """Rule 7: the first tier whose months are reached, dated at the end of the year."""
    reached = (
        (tallies.active_months >= tier.months, whole(tier.millipoints)) for tier in continuity.tiers
    )
    never = (tallies.active_months.isnull(), whole(0))
    rows = tallies.mutate(day=ibis.literal(date(year, 12, 31), "date"), source_id=text(""))
    points = ibis.cases(*reached, never, else_=whole(0))
    return _line(rows, "continuity", "source_id", continuity.article, points)


def conduct_lines(conducts: Table, conduct: Conduct) -> Table:
    """Rule 8: each takes off its kind's points."""
    kinds = ((conducts.kind == kind, whole(-off)) for kind, off in conduct.millipoints.items())
    never = (conducts.kind.isnull(), whole(0))
    points = ibis.cases(*kinds, never, else_=whole(0))
    return _line(conducts, "conduct", "conduct_id", conduct.article, points)


def adjustment_lines(adjustments: Table) -> Table:
    """Rule 8: adjustments count as they are and cite no article."""
    return _line(adjustments, "adjustment", "adjustment_id", None, adjustments.millipoints)


def of_assessed(table: Table, assessed: Table, year: int) -> Table:
    """Keep the year's rows of assessed volunteers, by `volunteer_no`."""
    numbers = assessed.select("volunteer_id", "volunteer_no")
    return in_year(table, year).inner_join(numbers, "volunteer_id").drop("volunteer_id")


def passed_trainings(facts: Facts, assessed: Table, year: int) -> Table:
    """Keep the year's passed trainings of assessed volunteers."""
    trainings = of_assessed(facts.trainings, assessed, year)
    return trainings.filter(trainings.passed)


def other_lines(facts: Facts, assessed: Table, tallies: Table, policy: Policy, year: int) -> Table:
    """Compute every line that is not a service: rules 5 to 8 and adjustments."""
    lines = adjustment_lines(of_assessed(facts.adjustments, assessed, year))
    if policy.training:
        passed = passed_trainings(facts, assessed, year)
        lines = lines.union(training_lines(passed, policy.training))
    if policy.honor:
        honors = of_assessed(facts.honors, assessed, year)
        lines = lines.union(honor_lines(honors, policy.honor))
    if policy.continuity:
        lines = lines.union(continuity_lines(tallies, policy.continuity, year))
    if policy.conduct:
        conducts = of_assessed(facts.conducts, assessed, year)
        lines = lines.union(conduct_lines(conducts, policy.conduct))
    return lines


SUMS = ("credited", "service_points", "recorded", "services", "score_sum", "ratings")


def tallied(lines: Table, cut: Table | None, assessed: Table, policy: Policy) -> Table:
    """Sum the service lines of every assessed volunteer; one row each, 0 without services.

    Columns: `volunteer_no`, those of SUMS (`recorded` are minutes before caps), `active_months`.
    `lines` are those before cuts; adding what cuts took away is cheaper than to look for a cut
    at every line.
    """
    amounts = lines.select(
        "volunteer_no",
        "credited",
        "score_sum",
        "ratings",
        month=lines.starts_at.month(),
        service_points=lines.millipoints,
        recorded=lines.minutes,
        services=ibis.literal(1, "int16"),
    )
    if cut is not None:
        amounts = amounts.union(_taken_away(cut).cast(amounts.schema()))
    keys = ["volunteer_no", "month"] if policy.continuity else ["volunteer_no"]
    monthly = amounts.group_by(keys).aggregate(**{name: total(amounts[name]) for name in SUMS})
    return with_the_idle(_yearly(monthly, policy.continuity), assessed, policy.continuity)


def _taken_away(cut: Table) -> Table:
    nothing = whole(0)
    return cut.select(
        "volunteer_no",
        credited=cut.credited - cut.was_credited,
        score_sum=nothing,
        ratings=nothing,
        month=cut.starts_at.month(),
        service_points=cut.millipoints - cut.was_millipoints,
        recorded=nothing,
        services=nothing,
    )


def _yearly(monthly: Table, continuity: Continuity | None) -> Table:
    sums = {name: total(monthly[name]) for name in SUMS}
    if continuity is None:
        yearly = monthly.group_by("volunteer_no").aggregate(**sums)
        return yearly.mutate(active_months=whole(0))
    reached = monthly.credited >= continuity.active_month_minutes
    active = total(ibis.ifelse(reached, whole(1), whole(0)))
    return monthly.group_by("volunteer_no").aggregate(**sums, active_months=active)


def with_the_idle(yearly: Table, assessed: Table, continuity: Continuity | None) -> Table:
    """Add those without services; where 0 minutes make a month active, all months are."""
    everyone = assessed.select("volunteer_no").left_join(yearly, "volunteer_no")
    everyone = everyone.drop("volunteer_no_right")
    everyone = everyone.mutate(
        **{name: everyone[name].coalesce(0) for name in (*SUMS, "active_months")}
    )
    if continuity and continuity.active_month_minutes == 0:
        return everyone.mutate(active_months=whole(MONTHS))
    return everyone


def statement(service_lines: Table, others: Table, assessed: Table, policy: Policy) -> Table:
    """Every line with points, and every service with credited minutes, with its article."""
    services = service_lines.filter((service_lines.credited > 0) | (service_lines.millipoints != 0))
    services = services.select(
        "volunteer_no",
        day=services.starts_at.date(),
        rule=text("service"),
        source_id=services.service_id,
        article=text(policy.service_time.article),
        minutes=services.credited.cast("int64"),
        percent=services.percent.cast("int64"),
        band=services.band.cast("int64"),
        millipoints=services.millipoints,
    )
    lines = services.union(others).inner_join(
        assessed.select("volunteer_no", "volunteer_id"), "volunteer_no"
    )
    return lines.select(
        "volunteer_id",
        "day",
        "rule",
        "source_id",
        "article",
        "minutes",
        "percent",
        "band",
        "millipoints",
    )
