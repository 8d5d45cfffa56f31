"""A policy and a year as SQL text of one engine, compiled once and kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from zhiyuanhong.points.engines.dialects import to_sql
from zhiyuanhong.points.measures import plan
from zhiyuanhong.points.policy import LoadedPolicy

Progress = Callable[[str], None]  # told the name of each step when it begins


def _tell_nobody(_step: str) -> None:
    pass


NO_PROGRESS: Progress = _tell_nobody


@dataclass(frozen=True)
class Step:
    """One statement: the table of this name, from facts and from the steps before it."""

    name: str
    sql: str


@dataclass(frozen=True)
class Program:
    """Stages to keep, in order, then the two outputs."""

    stages: tuple[Step, ...]
    results: Step
    statement: Step

    def __iter__(self) -> Iterator[Step]:
        yield from (*self.stages, self.results, self.statement)


@lru_cache(maxsize=64)
def program(policy: LoadedPolicy, year: int, engine: str) -> Program:
    """Compile the measures of a policy and a year for an engine."""
    planned = plan(policy.policy, year)
    return Program(
        stages=tuple(Step(stage.name, to_sql(stage.table, engine)) for stage in planned.stages),
        results=Step("results", to_sql(planned.results, engine)),
        statement=Step("statement", to_sql(planned.statement, engine)),
    )
