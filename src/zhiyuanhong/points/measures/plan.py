"""The whole computation of one policy and year: which tables are made, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from zhiyuanhong.points.choices import RESULTS, STATEMENT, FactTable
from zhiyuanhong.points.measures.lines import other_lines, statement, tallied
from zhiyuanhong.points.measures.services import (
    after_cuts,
    assessed_volunteers,
    both_cuts,
    day_cuts,
    remembering,
    service_lines,
    team_cuts,
)
from zhiyuanhong.points.measures.standing import eligible, ranked, results, standings
from zhiyuanhong.points.measures.tables import Facts, fact_tables
from zhiyuanhong.points.policy.model import Policy


@dataclass(frozen=True)
class Stage:
    """A table an engine makes once and keeps, because several others read it."""

    name: str
    table: Table


@dataclass(frozen=True)
class Plan:
    """Stages in order, then the two outputs, as expressions over facts and earlier stages."""

    stages: tuple[Stage, ...]
    results: Table
    statement: Table


Keep = Callable[[str, Table], Table]


class _Composer:
    """Collects stages; each is referred to by name in what comes after it."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    def keep(self, name: str, table: Table) -> Table:
        self.stages.append(Stage(name, table))
        return ibis.table(table.schema(), name=name)


def plan(policy: Policy, year: int) -> Plan:
    """Compose the measures of a policy for one year; nothing is computed."""
    facts, composer = fact_tables(), _Composer()
    keep = composer.keep
    assessed = keep("assessed", assessed_volunteers(facts.volunteers, year))
    lines, cut = _service_lines(facts, assessed, policy, year, keep)
    tallies = keep("tallies", tallied(lines, cut, assessed, policy))
    others = keep("other_lines", other_lines(facts, assessed, tallies, policy, year))
    everyone = assessed.inner_join(tallies, "volunteer_no")
    standing = keep("standing", standings(everyone, others, facts, policy, year))
    ranking = keep("ranking", ranked(eligible(standing, policy.stars), policy.stars))
    return Plan(
        stages=tuple(composer.stages),
        results=_ordered(results(ranking, policy), RESULTS),
        statement=_ordered(statement(after_cuts(lines, cut), others, assessed, policy), STATEMENT),
    )


def _service_lines(
    facts: Facts, assessed: Table, policy: Policy, year: int, keep: Keep
) -> tuple[Table, Table | None]:
    """Make the lines as if no cap bound, and the cuts that caps make, if there is a cap."""
    lines = service_lines(facts.services, facts.ratings, assessed, policy, year)
    lines = remembering(keep("service_lines", lines))
    by_day = by_team = None
    time = policy.service_time
    if time.per_day_cap_minutes is not None:
        by_day = keep("day_cuts", day_cuts(lines, policy, time.per_day_cap_minutes))
    if time.team_cap_millipoints:
        after_days = after_cuts(lines, by_day)
        by_team = keep("team_cuts", team_cuts(after_days, policy))
    if by_day is not None and by_team is not None:
        return lines, keep("cuts", both_cuts(by_day, by_team))
    return lines, by_team if by_day is None else by_day


def _ordered(output: Table, table: FactTable) -> Table:
    return output.select(column.name for column in table.columns)
