"""What came out of a fact set, in plain Python."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.points.facts import (
    DEFAULT_LIMITS,
    Facts,
    FactsRefused,
    Limits,
    check_facts,
    open_facts,
)

Bad = tuple[str, int, str, str]


def tables_of(facts: Facts) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(
            facts.connection.execute(
                f"SELECT {', '.join(c.name for c in table.columns)} FROM {table.name}"
            ).fetchall(),
            key=repr,
        )
        for table in FACT_TABLES
    }


def read(path: Path, *, skip_bad_rows: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    with open_facts(path, skip_bad_rows=skip_bad_rows) as facts:
        return tables_of(facts)


def bad_rows(path: Path) -> list[Bad]:
    with check_facts(path) as report:
        return [(bad.table, bad.row, bad.column, bad.code) for bad in report]


def refusal(path: Path, limits: Limits = DEFAULT_LIMITS) -> FactsRefused:
    with nothing_left_behind(), pytest.raises(FactsRefused) as refused:
        open_facts(path, limits=limits)
    assert refused.value.exit_status == 3
    return refused.value


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """The temporary folder of the machine is as it was; each test has its own (see conftest)."""
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("zhiyuanhong-*"))
    yield
    assert set(folder.glob("zhiyuanhong-*")) == before
