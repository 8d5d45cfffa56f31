"""The reports of bad rows: a CSV for programs, a marked workbook for the clerk."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.points.facts.writers import write_csv, write_parquet_typed
from zhiyuanhong.points import bad_rows
from zhiyuanhong.points.bad_rows import write_bad_rows_csv, write_bad_rows_xlsx
from zhiyuanhong.points.facts import check_facts
from zhiyuanhong.shared.refusals import RuleBroken

VOLUNTEERS: list[dict[str, Any]] = [
    {"volunteer_id": "v", "community_id": "c", "registered_on": "2026-01-01"},
    {"volunteer_id": "v", "community_id": "=1+1", "registered_on": "昨天", "prior_minutes": "x"},
    {"volunteer_id": "+86", "registered_on": "2026-01-01", "community_id": None},
]


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "facts", {"volunteers": VOLUNTEERS, "services": []})


def test_the_csv_has_every_reason(facts: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad_rows.csv"
    with check_facts(facts) as report:
        write_bad_rows_csv(report, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [
        ["table", "row", "column", "code", "reason"],
        ["volunteers", "2", "volunteer_id", "duplicate_id", "编号重复，同一编号在前面已经出现过"],
        ["volunteers", "2", "registered_on", "wrong_type", "应为日期，写成 2026-03-05 这样"],
        ["volunteers", "2", "prior_minutes", "wrong_type", "应为整数"],
        ["volunteers", "3", "community_id", "required_empty", "必填项为空"],
    ]


def marked(facts: Path, path: Path) -> Any:
    with check_facts(facts) as report:
        write_bad_rows_xlsx(report, path)
    return openpyxl.load_workbook(path)


def test_the_workbook_marks_the_cells_with_their_cause(facts: Path, tmp_path: Path) -> None:
    book = marked(facts, tmp_path / "bad.xlsx")
    assert book.sheetnames == ["说明", "志愿者"]
    assert [cell.value for cell in book["说明"][2]] == ["志愿者", 2, 2]
    sheet = book["志愿者"]
    heads = ["行号", "志愿者编号", "社区编号", "注册日期", "以往时长", "原因"]
    assert [cell.value for cell in sheet[1]] == heads
    assert [cell.value for cell in sheet[2]][:5] == [2, "v", "=1+1", "昨天", "x"]
    assert [cell.value for cell in sheet[3]][:5] == [3, "+86", None, "2026-01-01", None]
    assert "注册日期：应为日期" in sheet["F2"].value
    commented = {cell.coordinate for row in sheet for cell in row if cell.comment}
    red = {cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"}
    assert commented == red == {"B2", "D2", "E2", "C3"}
    assert sheet["C3"].comment.text == "必填项为空"


def test_a_cell_never_becomes_a_formula(facts: Path, tmp_path: Path) -> None:
    cell = marked(facts, tmp_path / "bad.xlsx")["志愿者"]["C2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_a_long_report_is_cut_and_says_so(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bad_rows, "SHOWN_ROWS", 1)
    book = marked(facts, tmp_path / "bad.xlsx")
    assert [cell.value for cell in book["说明"][2]] == ["志愿者", 2, 1]
    assert book["志愿者"].max_row == 2


def test_rows_of_a_file_read_where_it_lies_are_shown(tmp_path: Path) -> None:
    same = {"volunteer_id": "w", "community_id": "c", "registered_on": dt.date(2026, 1, 1)}
    write_parquet_typed(tmp_path / "facts", {"volunteers": [same, same], "services": []})
    sheet = marked(tmp_path / "facts", tmp_path / "bad.xlsx")["志愿者"]
    assert [cell.value for cell in sheet[2]][:4] == [2, "w", "c", "2026-01-01"]


def test_nothing_half_written_is_left(facts: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.xlsx"
    taken.mkdir()
    with check_facts(facts) as report, pytest.raises(RuleBroken) as refused:
        write_bad_rows_xlsx(report, taken)
    assert refused.value.code == "cannot_write"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts", "taken.xlsx"]
