"""A year assessed: facts and a policy in, results and statement out, in memory or as files."""

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiyuanhong import __version__
from zhiyuanhong.points.bad_rows import write_bad_rows_csv, write_bad_rows_xlsx
from zhiyuanhong.points.choices import RESULTS, STATEMENT
from zhiyuanhong.points.engines import NO_PROGRESS, DuckDB, Engine, Progress, program
from zhiyuanhong.points.facts import BadRows, Facts
from zhiyuanhong.points.output import FORMATS, write_table
from zhiyuanhong.points.policy import LoadedPolicy
from zhiyuanhong.shared.os_errors import reason
from zhiyuanhong.shared.refusals import RuleBroken

Format = Literal["csv", "parquet", "xlsx"]
FIRST_BAD_ROWS = 1000  # so many stand in report.json; the CSV has all
OUTPUTS = ("results", "statement", "bad_rows")
DUCKDB = DuckDB()


@dataclass(frozen=True)
class Assessment:
    """Results (one row per assessed volunteer) and statement, with the spec's columns."""

    results: pa.Table
    statement: pa.Table


def assess(facts: Facts, policy: LoadedPolicy, year: int, *, engine: Engine = DUCKDB) -> Assessment:
    """Assess a year in memory; for a street, not for a province."""
    compiled = program(policy, checked_year(year), engine.name)
    with tempfile.TemporaryDirectory(prefix="zyh-assess-") as folder, _clear_engine_errors():
        engine.compute(facts.connection, compiled, Path(folder))
        return Assessment(
            results=pq.read_table(Path(folder) / "results.parquet"),
            statement=pq.read_table(Path(folder) / "statement.parquet"),
        )


def checked_year(year: int) -> int:
    """Return the year; refuse one that no calendar date has."""
    if not 1 <= year <= 9999:
        raise RuleBroken("year_out_of_range", f"年度 {year} 不对，请填四位年份，如 2026。")
    return year


def assess_to(
    out: Path,
    facts: Facts,
    policy: LoadedPolicy,
    year: int,
    *,
    engine: Engine = DUCKDB,
    format: Format = "csv",  # noqa: A002  (the word of the command line)
    progress: Progress = NO_PROGRESS,
) -> dict[str, Any]:
    """Write `results.*`, `statement.*` and `report.json` into `out`; return the report.

    What an earlier run left there is replaced; after a failure `out` is as it was.
    """
    began = time.monotonic()
    compiled = program(policy, checked_year(year), engine.name)
    with replacing(out) as folder, _clear_engine_errors():
        engine.compute(facts.connection, compiled, folder, progress)
        report = _report(folder, facts, policy, year, engine)
        for table in (RESULTS, STATEMENT):
            progress(f"{table.name}.{format}")
            write_table(facts.connection, folder, table, format)
        if facts.bad_rows.total:
            _write_bad_rows(folder, facts.bad_rows)
        report["format"] = format
        report["seconds"] = round(time.monotonic() - began, 3)
        _write_json(folder, report)
    return report


def report_bad_rows(out: Path, bad_rows: BadRows) -> None:
    """Write what is wrong with the facts into `out`, and no result."""
    with replacing(out) as folder:
        _write_bad_rows(folder, bad_rows)
        _write_json(folder, {"status": "bad_rows", "bad_rows": _told(bad_rows)})


def _write_bad_rows(folder: Path, bad_rows: BadRows) -> None:
    write_bad_rows_csv(bad_rows, folder / "bad_rows.csv")
    write_bad_rows_xlsx(bad_rows, folder / "bad_rows.xlsx")


def _report(
    folder: Path, facts: Facts, policy: LoadedPolicy, year: int, engine: Engine
) -> dict[str, Any]:
    results = pq.read_table(folder / "results.parquet", columns=["star", "points", "minutes"])
    return {
        "status": "assessed",
        "year": year,
        "policy": {
            "title": policy.policy.title,
            "version": policy.policy.version,
            "source": policy.source,
            "hash": policy.hash,
        },
        "facts": {"hash": facts.hash, "rows": facts.counts, "skipped": facts.skipped},
        "bad_rows": _told(facts.bad_rows),
        "volunteers": results.num_rows,
        "statement_lines": pq.read_metadata(folder / "statement.parquet").num_rows,
        "millipoints": pc.sum(results["points"]).as_py() or 0,
        "minutes": pc.sum(results["minutes"]).as_py() or 0,
        "stars": star_distribution(results["star"]),
        "engine": engine.name,
        "zhiyuanhong": __version__,
    }


def star_distribution(stars: pa.ChunkedArray) -> dict[str, int]:
    """Count the volunteers of each star: `{"0": …, …, "5": …}`."""
    counts = {pair["values"]: pair["counts"] for pair in pc.value_counts(stars).to_pylist()}
    return {str(star): counts.get(star, 0) for star in range(6)}


def _told(bad_rows: BadRows) -> dict[str, Any]:
    first = [
        {
            "table": bad.table,
            "row": bad.row,
            "column": bad.column,
            "code": bad.code,
            "reason": bad.reason,
        }
        for bad in bad_rows.first(FIRST_BAD_ROWS)
    ]
    return {
        "rows": bad_rows.total,
        "reasons": bad_rows.reasons,
        "per_table": bad_rows.per_table,
        "first": first,
    }


def _write_json(folder: Path, report: dict[str, Any]) -> None:
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a folder to fill; on success its files take the place of the old ones in `out`.

    It lies inside `out` when that is there, for `out` may be a disk of its own. The report comes
    last, so that a folder with a report is complete.
    """
    refuse_unwritable(out)
    with _clear_os_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        place = out if out.is_dir() else out.parent
        filling = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=place))
    try:
        with _clear_os_errors(out):
            yield filling
            _take_over(filling, out)
    finally:
        shutil.rmtree(filling, ignore_errors=True)


def refuse_unwritable(out: Path) -> None:
    """Refuse, before any work is done, an output folder that can not be made or written."""
    with _clear_os_errors(out):
        nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "")


def _take_over(filling: Path, out: Path) -> None:
    """Move what was made into `out`; when that fails half-way, put back what was there."""
    out.mkdir(exist_ok=True)
    made = sorted(filling.iterdir(), key=lambda path: path.name == "report.json")
    names = ["report.json", *(f"{name}.{ending}" for name in OUTPUTS for ending in FORMATS)]
    earlier = [out / name for name in names if (out / name).exists()]
    kept = Path(tempfile.mkdtemp(dir=filling))
    with ExitStack() as undo:
        for path in earlier:
            path.replace(kept / path.name)
            undo.callback((kept / path.name).replace, path)
        for path in made:
            path.replace(out / path.name)
            undo.callback((out / path.name).unlink)
        undo.pop_all()


@contextmanager
def _clear_os_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RuleBroken(
            "out_not_writable",
            f"写不进输出文件夹“{out}”（{reason(error)}）。请换一个文件夹，或关闭正在打开的文件。",
        ) from None


@contextmanager
def _clear_engine_errors() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise RuleBroken(
            "out_of_memory", "内存不够。请用 --memory-limit 调高上限，或换一台内存更大的机器。"
        ) from None
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        raise RuleBroken("disk_failed", f"磁盘读写失败，可能空间不足（{reason}）。") from None
