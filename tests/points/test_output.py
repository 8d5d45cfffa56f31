"""Results and statement as files: English for programs, Chinese for people."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.points.by_hand import Row
from zhiyuanhong.points import output
from zhiyuanhong.points.choices import RESULTS, RULES, STATEMENT, FactTable, Kind
from zhiyuanhong.points.output import write_table

TYPES = {Kind.INTEGER: pa.int64(), Kind.DATE: pa.date32()}


def a_line(volunteer_id: str, rule: str = "training", **cells: Any) -> Row:
    usual: Row = {
        "volunteer_id": volunteer_id,
        "day": date(2026, 4, 18),
        "rule": rule,
        "source_id": "t1",
        "article": "第二十条",
        "minutes": None,
        "percent": None,
        "band": None,
        "millipoints": 2000,
    }
    return usual | cells


def a_result(volunteer_id: str, **cells: Any) -> Row:
    usual = {column.name: 0 for column in RESULTS.columns if column.kind is Kind.INTEGER}
    return usual | {"volunteer_id": volunteer_id, "community_id": "01", "short": ""} | cells


def written(folder: Path, table: FactTable, rows: list[Row], ending: str) -> Path:
    schema = pa.schema([(c.name, TYPES.get(c.kind, pa.string())) for c in table.columns])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{table.name}.parquet")
    with duckdb.connect() as connection:
        write_table(connection, folder, table, ending)
    assert [path.name for path in folder.iterdir()] == [f"{table.name}.{ending}"]
    return folder / f"{table.name}.{ending}"


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_csv_is_headed_in_english_and_in_order(tmp_path: Path) -> None:
    rows = [
        a_line("b"),
        a_line("a", "service", minutes=60),
        a_line("a", "adjustment", article=None),
    ]
    path = written(tmp_path, STATEMENT, rows, "csv")
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8", newline="") as file:
        heads, *lines = csv.reader(file)
    assert heads == [column.name for column in STATEMENT.columns]
    assert [(line[0], line[2]) for line in lines] == [
        ("a", "adjustment"),
        ("a", "service"),
        ("b", "training"),
    ]


def test_csv_tells_null_from_empty(tmp_path: Path) -> None:
    rows = [a_line("a", "continuity", source_id="", article=None)]
    text = written(tmp_path, STATEMENT, rows, "csv").read_text(encoding="utf-8")
    assert text.splitlines()[1] == 'a,2026-04-18,continuity,"",,,,,2000'


def test_parquet_stays_as_the_engine_wrote_it(tmp_path: Path) -> None:
    rows = [a_line("b"), a_line("a", "continuity", source_id="", article=None)]
    assert pq.read_table(written(tmp_path, STATEMENT, rows, "parquet")).to_pylist() == rows


def test_a_workbook_is_chinese(tmp_path: Path) -> None:
    rows = [a_line(f"v{n}", rule) for n, rule in enumerate(RULES)]
    found = sheets(written(tmp_path, STATEMENT, rows, "xlsx"))
    assert list(found) == ["积分明细"]
    heads, *lines = found["积分明细"]
    assert list(heads) == [column.label for column in STATEMENT.columns]
    assert [line[2] for line in lines] == ["服务", "培训", "荣誉", "坚持", "行为", "调整"]
    assert lines[0][1].date() == date(2026, 4, 18)
    assert lines[0][8] == 2000


def test_results_of_a_workbook_are_numbers_and_texts(tmp_path: Path) -> None:
    rows = [a_result("007", points=2**52 + 1, mean_rating=None, short="points:1")]
    heads, line = sheets(written(tmp_path, RESULTS, rows, "xlsx"))["结果"]
    cells = dict(zip(heads, line, strict=True))
    assert heads == tuple(column.label for column in RESULTS.columns)
    assert (cells["志愿者编号"], cells["社区编号"]) == ("007", "01")
    assert cells["积分（毫分）"] == 2**52 + 1
    assert cells["平均评价（百分之一分）"] is None
    assert cells["下一星还差"] == "points:1"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "http://a", "1e5", "{=A1}"])
def test_an_id_like_a_formula_stays_text(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, RESULTS, [a_result(name, community_id=name)], "xlsx")
    sheet = openpyxl.load_workbook(path)["结果"]
    for cell in (sheet["A2"], sheet["B2"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


@pytest.mark.parametrize(
    ("count", "parts"), [(0, [0]), (3, [3]), (4, [4]), (5, [4, 1]), (9, [4, 4, 1])]
)
def test_what_exceeds_a_sheet_goes_on_to_the_next(
    count: int, parts: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "ROWS_OF_A_SHEET", 5)
    rows = [a_result(f"v{n}") for n in range(count)]
    found = sheets(written(tmp_path, RESULTS, rows, "xlsx"))
    assert list(found) == ["结果", "结果2", "结果3"][: len(parts)]
    assert [len(lines) - 1 for lines in found.values()] == parts
    assert {lines[0][0] for lines in found.values()} == {"志愿者编号"}
    ids = [line[0] for lines in found.values() for line in lines[1:]]
    assert ids == [f"v{n}" for n in range(count)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_same_rows_give_the_same_bytes(ending: str, tmp_path: Path) -> None:
    rows = [a_line("b"), a_line("a"), a_line("c")]
    copies = []
    for name, lines in (("one", rows), ("two", rows[::-1])):
        (tmp_path / name).mkdir()
        copies.append(written(tmp_path / name, STATEMENT, lines, ending).read_bytes())
    assert copies[0] == copies[1]
