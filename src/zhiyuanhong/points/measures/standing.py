"""From tallies to stars: rule 9, requirements, quota, lifetime and what is missing."""

from collections.abc import Iterator, Sequence
from typing import get_args

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

from zhiyuanhong.points.measures.lines import of_assessed, passed_trainings
from zhiyuanhong.points.measures.tables import Facts, text, total, whole
from zhiyuanhong.points.policy.model import ConductKind, Level, Policy, Stars

AT_LEAST = ("points", "minutes", "mean_rating", "trainings", "active_months", "member_months")


def standings(everyone: Table, others: Table, facts: Facts, policy: Policy, year: int) -> Table:
    """Gather what the stars look at: one row per assessed volunteer.

    `everyone` are the assessed with their tallies. Adds `points` (rule 9: the sum of the lines,
    floored at 0), `minutes`, `mean_rating`, `trainings` and a count for each kind of conduct.
    """
    assessed = everyone.select("volunteer_id", "volunteer_no")
    everyone = _with(everyone, _other_points(others), ["other_points"])
    trainings = _trainings(passed_trainings(facts, assessed, year))
    everyone = _with(everyone, trainings, ["trainings"])
    if kinds := _bounded_kinds(policy.stars):
        conducts = of_assessed(facts.conducts, assessed, year)
        everyone = _with(everyone, _conducts(conducts, kinds), kinds)
    mean = everyone.score_sum * whole(100) // everyone.ratings.nullif(0)
    return everyone.mutate(
        points=ibis.greatest(everyone.service_points + everyone.other_points, whole(0)),
        minutes=everyone.credited,
        mean_rating=mean,
    )


def _with(everyone: Table, sums: Table, columns: Sequence[str]) -> Table:
    joined = everyone.left_join(sums, "volunteer_no").drop("volunteer_no_right")
    return joined.mutate(**{column: joined[column].coalesce(0) for column in columns})


def _other_points(others: Table) -> Table:
    return others.group_by("volunteer_no").aggregate(other_points=total(others.millipoints))


def _trainings(passed: Table) -> Table:
    return passed.group_by("volunteer_no").aggregate(trainings=passed.count())


def _conducts(conducts: Table, kinds: Sequence[str]) -> Table:
    counts = {kind: total(ibis.ifelse(conducts.kind == kind, whole(1), whole(0))) for kind in kinds}
    return conducts.group_by("volunteer_no").aggregate(**counts)


def _bounded_kinds(stars: Stars) -> list[ConductKind]:
    """List the kinds of conduct that some level bounds, in the order of the spec's table."""
    bounded = {kind for level in stars.level for kind in level.max_conduct}
    return [kind for kind in get_args(ConductKind) if kind in bounded]


def _lack(everyone: Table, name: str, asked: IntegerValue, stars: Stars) -> IntegerValue:
    """Count what is missing of a requirement; 0 or less where it holds."""
    if name != "mean_rating":
        return asked - everyone[name]
    counts = (everyone.ratings >= whole(stars.min_ratings)) & everyone.mean_rating.notnull()
    return ibis.ifelse(counts, asked - everyone.mean_rating.coalesce(0), whole(0))


def _meets(everyone: Table, level: Level, stars: Stars) -> BooleanValue:
    """Tell whether all of one level's requirements hold."""
    holds = ibis.literal(True)
    for name in AT_LEAST:
        if (asked := getattr(level, name)) is not None:
            holds = holds & (_lack(everyone, name, whole(asked), stars) <= 0)
    for kind, most in level.max_conduct.items():
        holds = holds & (everyone[kind] <= most)
    return holds


def eligible(everyone: Table, stars: Stars) -> Table:
    """Add `eligible_star`: the highest level that, with all below it, is met; 0 if none."""
    star = whole(0)
    below = ibis.literal(True)
    for level in stars.level:
        below = below & _meets(everyone, level, stars)
        star = star + ibis.ifelse(below, whole(1), whole(0))
    return everyone.mutate(eligible_star=star)


def ranked(everyone: Table, stars: Stars) -> Table:
    """Add `rank` (from 1, by the quota's order) and `assessed` (how many) within the scope."""
    scope = _scope(stars)
    best_first = [
        everyone.points.desc(),
        everyone.minutes.desc(),
        everyone.mean_rating.desc(nulls_first=False),
        everyone.registered_on,
        everyone.volunteer_no,
    ]
    order = ibis.window(group_by=scope, order_by=best_first)
    return everyone.mutate(
        rank=ibis.row_number().over(order) + 1,
        assessed=everyone.count().over(ibis.window(group_by=scope)),
    )


def _scope(stars: Stars) -> list[str]:
    return ["community_id"] if stars.quota_scope == "community" else []


def within_quota(everyone: Table, stars: Stars) -> Table:
    """Add `star`: from the highest level down, who is beyond a quota falls one level."""
    everyone = everyone.mutate(star=everyone.eligible_star)
    so_far = ibis.window(group_by=_scope(stars), order_by="rank", rows=(None, 0))
    for level in reversed(stars.level):
        if level.quota_percent is None:
            continue
        candidate = everyone.star == level.star
        place = ibis.ifelse(candidate, whole(1), whole(0)).sum().over(so_far)
        everyone = everyone.mutate(candidate=candidate, place=place)
        places = everyone.assessed * whole(level.quota_percent) // whole(100)
        falls = everyone.candidate & (everyone.place > places)
        fallen = ibis.ifelse(falls, everyone.star - 1, everyone.star)
        everyone = everyone.mutate(star=fallen).drop("candidate", "place")
    return everyone


def lifetime_star(everyone: Table, policy: Policy) -> IntegerValue:
    """Count the lifetime thresholds that earlier and this year's recorded minutes reach."""
    lifetime = everyone.prior_minutes.coalesce(0) + everyone.recorded
    star = whole(0)
    for threshold in policy.lifetime.minutes if policy.lifetime else ():
        star = star + ibis.ifelse(lifetime >= threshold, whole(1), whole(0))
    return star


def short(everyone: Table, stars: Stars) -> StringValue:
    """List what is missing for the star after the eligible one, as `name:amount;name:amount`."""
    parts = [*_short_of_minima(everyone, stars), *_over_conduct(everyone, stars)]
    listed = text("")
    for name, lack in parts:
        amount = text(f";{name}:") + lack.cast("string")
        listed = listed + ibis.ifelse(lack > 0, amount, text(""))
    return listed.substr(1)


def _short_of_minima(everyone: Table, stars: Stars) -> Iterator[tuple[str, IntegerValue]]:
    for name in AT_LEAST:
        asks = [getattr(level, name) for level in stars.level]
        if any(asks):
            asked = _of_next_level(everyone, [ask or 0 for ask in asks], beyond=0)
            missing = _lack(everyone, name, asked, stars)
            at_top = everyone.eligible_star == len(stars.level)
            yield name, ibis.ifelse(at_top, whole(0), missing)


def _over_conduct(everyone: Table, stars: Stars) -> Iterator[tuple[str, IntegerValue]]:
    for kind in _bounded_kinds(stars):
        unbounded = everyone[kind]
        mosts = [level.max_conduct.get(kind) for level in stars.level]
        allowed = _of_next_level(everyone, mosts, beyond=unbounded)
        yield kind, everyone[kind] - allowed


def _of_next_level(
    everyone: Table, numbers: Sequence[int | None], *, beyond: IntegerValue | int
) -> IntegerValue:
    """Pick the number of the level after the eligible one; `beyond` where there is none."""
    cases = (
        (everyone.eligible_star == place, whole(number))
        for place, number in enumerate(numbers)
        if number is not None
    )
    return ibis.cases(*cases, else_=beyond)


def results(ranking: Table, policy: Policy) -> Table:
    """Compute the result row of every assessed volunteer, ordered by volunteer_id."""
    everyone = within_quota(ranking, policy.stars)
    return everyone.order_by("volunteer_no").select(
        "volunteer_id",
        "community_id",
        "points",
        "minutes",
        "services",
        "ratings",
        "mean_rating",
        "trainings",
        "active_months",
        "member_months",
        "eligible_star",
        "star",
        "rank",
        lifetime_star=lifetime_star(everyone, policy),
        short=short(everyone, policy.stars),
    )
