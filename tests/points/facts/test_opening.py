"""A fact set in any form reads as the rules say, and leaves nothing behind."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.points.facts.readers import bad_rows, nothing_left_behind, read, refusal, tables_of
from tests.points.facts.writers import (
    write_csv,
    write_parquet_text,
    write_parquet_typed,
    write_xlsx,
)
from tests.points.invented_defects import RawTables, plain_texts
from tests.points.invented_facts import Facts as InventedFacts
from tests.points.strategies import facts, random_case, random_raw_tables, raw_tables
from tests.points.yardstick_checks import check
from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.points.facts import BadRowsFound, check_facts, open_facts
from zhiyuanhong.shared.refusals import RuleBroken

SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def without_empty_rows(tables: RawTables) -> RawTables:
    """A wholly empty row is no row; what it was is asserted elsewhere."""
    return {
        name: [row for row in rows if any((cell or "").strip() for cell in row.values())]
        for name, rows in tables.items()
    }


def expected(typed: InventedFacts) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(
            (tuple(row[column.name] for column in table.columns) for row in typed[table.name]),
            key=repr,
        )
        for table in FACT_TABLES
    }


def assert_read_as_judged(folder: Path, tables: RawTables) -> None:
    judged = check(tables)
    order = {table.name: number for number, table in enumerate(FACT_TABLES)}
    columns = {t.name: [c.name for c in t.columns] for t in FACT_TABLES}
    wanted = sorted(judged.bad, key=lambda b: (order[b[0]], b[1], columns[b[0]].index(b[2]), b[3]))
    assert bad_rows(folder) == wanted
    with open_facts(folder, skip_bad_rows=True) as opened:
        assert tables_of(opened) == expected(judged.facts)
        assert opened.counts == {name: len(rows) for name, rows in judged.facts.items()}
        assert opened.left_out.bad == len({(table, row) for table, row, _, _ in judged.bad})
        left_out = {name: len(tables[name]) - len(judged.facts[name]) for name in tables}
        assert opened.skipped == left_out
        assert opened.left_out.bad + opened.left_out.hanging == sum(left_out.values())


@given(raw_tables())
@SLOW
def test_bad_rows_are_those_of_the_yardstick(raw: RawTables) -> None:
    tables = without_empty_rows(raw)
    with tempfile.TemporaryDirectory() as name:
        assert_read_as_judged(write_csv(Path(name) / "facts", tables), tables)


@pytest.mark.parametrize("seed", range(6))
def test_bad_rows_are_the_same_in_every_form(seed: int, tmp_path: Path) -> None:
    tables = without_empty_rows(random_raw_tables(seed))
    assert_read_as_judged(write_csv(tmp_path / "csv", tables, encoding="utf-8-sig"), tables)
    assert_read_as_judged(write_parquet_text(tmp_path / "parquet", tables), tables)
    assert_read_as_judged(write_xlsx(tmp_path / "facts.xlsx", tables), tables)


@given(facts(2024))
@SLOW
def test_every_form_reads_to_the_same_tables(typed: InventedFacts) -> None:
    wanted = expected(typed)
    texts = plain_texts(typed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert read(write_csv(folder / "csv", texts)) == wanted
        assert read(write_parquet_text(folder / "text", texts)) == wanted
        assert read(write_parquet_typed(folder / "typed", typed)) == wanted
        assert read(write_xlsx(folder / "typed.xlsx", typed)) == wanted
        assert read(write_xlsx(folder / "text.xlsx", texts)) == wanted


@pytest.fixture
def some_facts(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "facts", plain_texts(random_case(3)[0]))


def test_every_table_is_there_even_if_its_file_is_not(some_facts: Path) -> None:
    for name in ("ratings", "trainings", "honors", "conducts", "adjustments"):
        (some_facts / f"{name}.csv").unlink()
    with open_facts(some_facts) as opened:
        assert opened.counts["services"] > 0
        assert opened.counts["ratings"] == opened.counts["adjustments"] == 0
        types = opened.connection.execute("DESCRIBE ratings").fetchall()
        assert [row[:2] for row in types] == [
            ("rating_id", "VARCHAR"),
            ("service_id", "VARCHAR"),
            ("rater", "VARCHAR"),
            ("score", "BIGINT"),
        ]


def test_a_clean_fact_set_is_checked_without_a_report(some_facts: Path) -> None:
    with nothing_left_behind(), check_facts(some_facts) as report:
        assert report.total == report.reasons == 0
        assert list(report) == []


def test_nothing_is_left_after_closing_nor_after_bad_rows(some_facts: Path) -> None:
    with nothing_left_behind(), open_facts(some_facts) as opened:
        assert opened.left_out.bad == 0
    (some_facts / "ratings.csv").write_text("rating_id,service_id,rater,score\nr,none,x,9\n")
    with nothing_left_behind():
        with pytest.raises(BadRowsFound) as found:
            open_facts(some_facts)
        found.value.report.close()
    assert found.value.exit_status == 3
    assert found.value.code == "bad_rows"
    assert found.value.report.total == 1
    assert "评价第 1 行“评价人”：不是规定的选项" in found.value.message


def test_the_database_fetches_nothing_by_itself(some_facts: Path) -> None:
    with open_facts(some_facts, memory_limit="1GB") as opened:
        ask = "SELECT current_setting(?)"
        for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert opened.connection.execute(ask, [name]).fetchone() == (False,)
        assert opened.connection.execute(ask, ["memory_limit"]).fetchone() == ("953.6 MiB",)


def test_the_hash_can_be_made_again_by_hand(some_facts: Path) -> None:
    (some_facts / "notes.txt").write_text("plays no part")
    lines = "".join(
        f"{hashlib.sha256((some_facts / f'{t.name}.csv').read_bytes()).hexdigest()}  {t.name}.csv\n"
        for t in FACT_TABLES
    )
    with open_facts(some_facts) as opened:
        assert opened.hash == hashlib.sha256(lines.encode()).hexdigest()


def test_progress_names_the_tables(some_facts: Path) -> None:
    told: list[str] = []
    open_facts(some_facts, progress=told.append).close()
    assert told[0] == "读取志愿者……"
    assert "读取服务记录……" in told
    assert told[-1] == "检查调整……"


def test_what_may_not_be_read_is_one_clear_line(some_facts: Path) -> None:
    (some_facts / "services.csv").unlink()
    (some_facts / "services.csv").symlink_to(some_facts / "services.csv")
    (some_facts / "facts.xlsx").mkdir()
    assert refusal(some_facts).code == "table_missing"
    assert refusal(some_facts / "facts.xlsx").code == "table_missing"
    (some_facts / "x.xlsx").symlink_to("/dev/full/x")
    assert refusal(some_facts / "x.xlsx").code == "facts_missing"


def test_a_memory_limit_that_makes_no_sense_is_refused(some_facts: Path) -> None:
    with nothing_left_behind(), pytest.raises(RuleBroken) as refused:
        open_facts(some_facts, memory_limit="much")
    assert refused.value.code == "memory_limit"
