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
    day_cuts,
    service_lines,
    team_cuts,
    wide,
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
    lines = _service_lines(facts, assessed, policy, year, keep)
    tallies = keep("tallies", tallied(lines, assessed, policy))
    others = keep("other_lines", other_lines(facts, assessed, tallies, policy, year))
    everyone = assessed.inner_join(tallies, "volunteer_no")
    standing = keep("standing", standings(everyone, others, facts, policy, year))
    ranking = keep("ranking", ranked(eligible(standing, policy.stars), policy.stars))
    return Plan(
        stages=tuple(composer.stages),
        results=_ordered(results(ranking, policy), RESULTS),
        statement=_ordered(statement(lines, others, assessed, policy), STATEMENT),
    )


def _service_lines(
    facts: Facts, assessed: Table, policy: Policy, year: int, keep: Callable[[str, Table], Table]
) -> Table:
    lines = keep(
        "service_lines", service_lines(facts.services, facts.ratings, assessed, policy, year)
    )
    lines = wide(lines)
    time = policy.service_time
    if time.per_day_cap_minutes is not None:
        cut = keep("day_cuts", day_cuts(lines, policy, time.per_day_cap_minutes))
        lines = after_cuts(lines, cut)
    if time.team_cap_millipoints:
        lines = after_cuts(lines, keep("team_cuts", team_cuts(lines, time.team_cap_millipoints)))
    return lines


def _ordered(output: Table, table: FactTable) -> Table:
    return output.select(column.name for column in table.columns)
