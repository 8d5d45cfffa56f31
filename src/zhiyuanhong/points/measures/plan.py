"""The whole computation of one policy and year: which tables are made, in which order."""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from zhiyuanhong.points.choices import RESULTS, STATEMENT
from zhiyuanhong.points.measures.lines import other_lines, statement, tallied
from zhiyuanhong.points.measures.services import assessed_volunteers, service_lines
from zhiyuanhong.points.measures.standing import results, standings
from zhiyuanhong.points.measures.tables import fact_tables
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


def plan(policy: Policy, year: int) -> Plan:
    """Compose the measures of a policy for one year; nothing is computed."""
    facts = fact_tables()
    assessed = Stage("assessed", assessed_volunteers(facts.volunteers, year))
    volunteers = kept(assessed)
    lines = Stage(
        "service_lines", service_lines(facts.services, facts.ratings, volunteers, policy, year)
    )
    tallies = Stage("tallies", tallied(kept(lines), volunteers, policy))
    others = Stage("other_lines", other_lines(facts, volunteers, kept(tallies), policy, year))
    standing = Stage(
        "standing", standings(facts, volunteers, kept(tallies), kept(others), policy, year)
    )
    return Plan(
        stages=(assessed, lines, tallies, others, standing),
        results=results(kept(standing), policy).select(column.name for column in RESULTS.columns),
        statement=statement(kept(lines), kept(others), volunteers, policy).select(
            column.name for column in STATEMENT.columns
        ),
    )


def kept(stage: Stage) -> Table:
    """Refer to a stage's table by name, as later expressions do."""
    return ibis.table(stage.table.schema(), name=stage.name)
