"""A policy and a year as SQL text of one engine, compiled once and kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from zhiyuanhong.points.engines.dialects import to_sql
from zhiyuanhong.points.measures import plan
from zhiyuanhong.points.policy import LoadedPolicy, Policy

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
    articles: tuple[str, ...] = ()  # those that lines may cite

    def __iter__(self) -> Iterator[Step]:
        yield from (*self.stages, self.results, self.statement)


def program(policy: LoadedPolicy, year: int, engine: str) -> Program:
    """Compile the measures of a policy and a year for an engine; kept for the next time."""
    with _COMPILING:
        return _program(policy, year, engine)


def compile_ahead(policy: LoadedPolicy, year: int, engine: str) -> None:
    """Begin to compile in a thread of its own, while facts are being read by others."""
    threading.Thread(target=program, args=(policy, year, engine), daemon=True).start()


_COMPILING = threading.Lock()  # whoever asks while it is being compiled waits for that


@lru_cache(maxsize=64)
def _program(policy: LoadedPolicy, year: int, engine: str) -> Program:
    planned = plan(policy.policy, year)
    return Program(
        stages=tuple(Step(stage.name, to_sql(stage.table, engine)) for stage in planned.stages),
        results=Step("results", to_sql(planned.results, engine)),
        statement=Step("statement", to_sql(planned.statement, engine)),
        articles=_articles(policy.policy),
    )


def _articles(policy: Policy) -> tuple[str, ...]:
    """List the articles of the policy's sections, each once."""
    sections = (getattr(policy, name) for name in type(policy).model_fields)
    articles = (getattr(section, "article", None) for section in sections)
    return tuple(dict.fromkeys(article for article in articles if article))
