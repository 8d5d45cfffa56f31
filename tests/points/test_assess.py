"""A year as files: all of it or nothing, and what was there before stays until then."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.points.assessed import loaded
from tests.points.by_hand import a_policy, a_service, a_volunteer, dated, points_of
from tests.points.facts.writers import write_parquet_typed
from zhiyuanhong.points.assess import (
    Format,
    assess,
    assess_to,
    refuse_unwritable,
    report_bad_rows,
    star_distribution,
)
from zhiyuanhong.points.engines import NO_PROGRESS, DuckDB, Program, Progress
from zhiyuanhong.points.facts import Facts, check_facts, open_facts
from zhiyuanhong.shared.os_errors import reason
from zhiyuanhong.shared.refusals import RuleBroken

POLICY = loaded(a_policy())
YEAR = 2026


@dataclass(frozen=True)
class Failing:
    """An engine that writes half of its work and then fails."""

    error: Exception
    name: str = "duckdb"

    def compute(
        self,
        connection: duckdb.DuckDBPyConnection,  # noqa: ARG002
        program: Program,  # noqa: ARG002
        out: Path,
        progress: Progress = NO_PROGRESS,  # noqa: ARG002
    ) -> None:
        (out / "results.parquet").write_bytes(b"half")
        raise self.error


@pytest.fixture(name="facts")
def _facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    tables: dict[str, list[dict[str, Any]]] = {
        "volunteers": [a_volunteer("a"), a_volunteer("b"), a_volunteer("c")],
        "services": [a_service("s", "2026-03-05 09:00", 90, volunteer_id="a")],
        "adjustments": [points_of("b", 5000)],
    }
    folder = write_parquet_typed(tmp_path_factory.mktemp("facts"), tables)
    with open_facts(folder) as facts:
        yield facts


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(out: Path, facts: Facts, **keywords: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        assess_to(out, facts, POLICY, YEAR, **keywords)
    return caught.value


@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx"])
def test_a_year_is_written(format: Format, facts: Facts, tmp_path: Path) -> None:  # noqa: A002
    out = tmp_path / "new" / "out"
    steps: list[str] = []
    report = assess_to(out, facts, POLICY, YEAR, format=format, progress=steps.append)
    assert set(contents(out)) == {f"results.{format}", f"statement.{format}", "report.json"}
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert json.loads((out / "report.json").read_text(encoding="utf-8")) == report
    assert steps[-2:] == [f"results.{format}", f"statement.{format}"]


def test_a_report_counts_and_names_its_sources(facts: Facts, tmp_path: Path) -> None:
    report = assess_to(tmp_path / "out", facts, POLICY, YEAR)
    assert report["status"] == "assessed"
    assert (report["year"], report["engine"], report["format"]) == (YEAR, "duckdb", "csv")
    assert report["volunteers"] == 3
    assert report["stars"] == {"0": 1, "1": 2, "2": 0, "3": 0, "4": 0, "5": 0}
    assert (report["millipoints"], report["minutes"], report["statement_lines"]) == (6500, 90, 2)
    assert report["policy"]["hash"] == POLICY.hash
    assert report["facts"]["hash"] == facts.hash
    assert report["bad_rows"] == {"rows": 0, "reasons": 0, "per_table": {}, "first": []}


def test_in_memory_and_as_files_agree(facts: Facts, tmp_path: Path) -> None:
    assessment = assess(facts, POLICY, YEAR)
    report = assess_to(tmp_path / "out", facts, POLICY, YEAR)
    assert assessment.results["points"].to_pylist() == [1500, 5000, 0]
    assert assessment.statement.num_rows == report["statement_lines"]


def test_a_second_run_gives_the_same_bytes(facts: Facts, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = []
    for _ in range(2):
        assess_to(out, facts, POLICY, YEAR, format="xlsx")
        runs.append({name: data for name, data in contents(out).items() if name != "report.json"})
    assert runs[0] == runs[1]


def test_another_format_replaces_the_old_files_and_leaves_others(
    facts: Facts, tmp_path: Path
) -> None:
    assess_to(tmp_path, facts, POLICY, YEAR, format="xlsx")
    (tmp_path / "notes.txt").write_text("mine")
    assess_to(tmp_path, facts, POLICY, YEAR, format="csv")
    assert set(contents(tmp_path)) == {"notes.txt", "results.csv", "statement.csv", "report.json"}


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (duckdb.OutOfMemoryException("failed to allocate"), "out_of_memory"),
        (duckdb.IOException("could not write\nmore"), "disk_failed"),
        (OSError(errno.ENOSPC, "No space left on device"), "out_not_writable"),
        (RuleBroken("postgres_unreachable", "连不上。"), "postgres_unreachable"),
    ],
)
def test_an_engine_that_fails_leaves_nothing(
    error: Exception, code: str, existing: bool, facts: Facts, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    if existing:
        assess_to(out, facts, POLICY, YEAR)
    before = contents(out) if existing else {}
    assert refused(out, facts, engine=Failing(error)).code == code
    assert [path.name for path in tmp_path.iterdir()] == ["out"] * existing
    assert (contents(out) if existing else {}) == before


def test_the_unforeseen_leaves_nothing_either(facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        assess_to(tmp_path / "out", facts, POLICY, YEAR, engine=Failing(ZeroDivisionError()))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_in_memory_is_clear_and_leaves_nothing(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(RuleBroken, match="--memory-limit"):
        assess(facts, POLICY, YEAR, engine=Failing(duckdb.OutOfMemoryException("x")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stuck", ["results.csv", "statement.csv", "report.json"])
def test_a_file_that_cannot_be_moved_puts_everything_back(
    stuck: str, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assess_to(out, facts, loaded(a_policy(service_time={"unit_minutes": 7})), YEAR)
    before = contents(out)
    move = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if target == out / stuck and source.parent.parent == out:
            raise PermissionError(errno.EACCES, "Permission denied")
        return move(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    message = refused(out, facts).message
    assert message == (
        f"写不进输出文件夹“{out}”（没有权限）。请换一个文件夹，或关闭正在打开的文件。"
    )
    assert contents(out) == before


def test_a_folder_that_cannot_be_made(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", forbidden)
    assert refused(tmp_path / "out", facts).code == "out_not_writable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", ["", "x", "x/y"])
def test_a_file_in_the_way_is_refused_at_once(inside: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RuleBroken, match="路径中有一处是文件，不是文件夹"):
        refuse_unwritable(tmp_path / "file" / inside)
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("name", ["", "out", "deep/er"])
def test_a_folder_that_may_not_be_written_is_refused_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(RuleBroken, match="没有权限"):
        refuse_unwritable(tmp_path / name)


@pytest.mark.parametrize("year", [0, -1, 10000, 99999])
def test_a_year_no_calendar_has(year: int, facts: Facts, tmp_path: Path) -> None:
    for call in (assess, lambda *args: assess_to(tmp_path / "out", *args)):
        with pytest.raises(RuleBroken, match=f"年度 {year} 不对"):
            call(facts, POLICY, year)
    assert list(tmp_path.iterdir()) == []


def test_bad_rows_take_the_place_of_results(facts: Facts, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assess_to(out, facts, POLICY, YEAR)
    tables = {"volunteers": [a_volunteer("a")], "services": []}
    tables["trainings"] = [dated("trainings", "t", "2026-01-01", volunteer_id="x", passed=True)]
    with check_facts(write_parquet_typed(tmp_path / "bad", tables)) as bad_rows:
        report_bad_rows(out, bad_rows)
    assert set(contents(out)) == {"bad_rows.csv", "bad_rows.xlsx", "report.json"}
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["status"] == "bad_rows"
    assert report["bad_rows"]["per_table"] == {"trainings": 1}
    (first,) = report["bad_rows"]["first"]
    assert (first["table"], first["row"], first["column"]) == ("trainings", 1, "volunteer_id")
    assess_to(out, facts, POLICY, YEAR)
    assert set(contents(out)) == {"results.csv", "statement.csv", "report.json"}


def test_every_star_is_counted() -> None:
    counted = star_distribution(pa.chunked_array([[0, 5], [5]], pa.int64()))
    assert counted == {"0": 1, "1": 0, "2": 0, "3": 0, "4": 0, "5": 2}


def test_the_embedded_engine_leaves_no_table_behind(facts: Facts) -> None:
    before = facts.connection.execute("SHOW ALL TABLES").fetchall()
    assess(facts, POLICY, YEAR, engine=DuckDB())
    assert facts.connection.execute("SHOW ALL TABLES").fetchall() == before


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "没有权限"), (errno.ENOSPC, "磁盘已满"), (9999, "系统错误 9999")],
)
def test_why_the_system_refuses_is_said_in_chinese(number: int, said: str) -> None:
    assert reason(OSError(number, "english")) == said
    assert reason(OSError("no number")) == "系统错误"
