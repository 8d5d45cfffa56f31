"""Workbooks: cells of every type, as clerks and programs leave them."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.points.facts.readers import bad_rows, read, refusal
from zhiyuanhong.points.choices import SERVICES, VOLUNTEERS
from zhiyuanhong.points.facts import open_facts

DAY = dt.date(2026, 3, 5)


def book_of(*rows: list[Any], headings: list[str] | None = None) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "志愿者"
    sheet.append(headings or [column.label for column in VOLUNTEERS.columns])
    for row in rows:
        sheet.append(row)
    book.create_sheet("服务记录").append([column.name for column in SERVICES.columns])
    return book


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "年度 数据.xlsx"
    book.save(path)
    return path


def volunteers(folder: Path, *rows: list[Any], headings: list[str] | None = None) -> list[Any]:
    return read(saved(book_of(*rows, headings=headings), folder))["volunteers"]


def test_numbers_are_what_was_typed(tmp_path: Path) -> None:
    rows = volunteers(tmp_path, [1001, 7.0, DAY, 120.0], ["001", True, "2026-03-05", "１２"])
    assert rows == [("001", "True", DAY, 12), ("1001", "7", DAY, 120)]


def test_the_file_may_be_named_or_its_folder(tmp_path: Path) -> None:
    path = saved(book_of(["v", "c", DAY, None]), tmp_path)
    (tmp_path / "~$lock.xlsx").write_bytes(b"left by an office program")
    assert read(path) == read(tmp_path)
    (tmp_path / "other.xlsx").write_bytes(b"")
    assert refusal(tmp_path).code == "several_workbooks"


def test_empty_rows_keep_their_numbers(tmp_path: Path) -> None:
    book = book_of([None], ["v", "c", None, None], ["", " ", None], ["w", "c", "x", None])
    assert bad_rows(saved(book, tmp_path)) == [
        ("volunteers", 2, "registered_on", "required_empty"),
        ("volunteers", 4, "registered_on", "wrong_type"),
    ]


def test_headings_may_stand_lower_and_be_wide(tmp_path: Path) -> None:
    headings = ["", " 志愿者编号\u3000", "ｃｏｍｍｕｎｉｔｙ＿ｉｄ", "注册日期"]
    book = book_of(["x", "v", "c", DAY], headings=headings)
    book["志愿者"].insert_rows(1, 2)
    assert read(saved(book, tmp_path))["volunteers"] == [("v", "c", DAY, None)]


def test_a_time_is_rounded_to_the_second(tmp_path: Path) -> None:
    book = book_of(["v", "c", DAY, None])
    noon = 46086.5
    second = 1 / 86400
    book["服务记录"].append(
        ["s", "v", "互帮互助", noon + 1e-9, noon + 3661 * second - 3e-9, 61, True, "否", 0, "有效"]
    )
    for place in ("D2", "E2"):
        book["服务记录"][place].number_format = "yyyy-mm-dd hh:mm"
    row = read(saved(book, tmp_path))["services"][0]
    start = dt.datetime.fromisoformat("2026-03-05 12:00:00")
    assert row[3:9] == (start, start + dt.timedelta(seconds=3661), 61, True, False, False)


def test_midnight_is_a_time_and_a_day(tmp_path: Path) -> None:
    midnight = dt.datetime.combine(DAY, dt.time())
    book = book_of(["v", "c", midnight, None])
    book["服务记录"].append(
        ["s", "v", "charity", midnight, "2026-03-05 00:30", 30, "1", "0", "是", "pending"]
    )
    tables = read(saved(book, tmp_path))
    assert tables["volunteers"][0][2] == DAY
    assert tables["services"][0][3] == midnight


@pytest.mark.parametrize("cell", [dt.time(9, 30), dt.timedelta(hours=30), 46086, True, "3月5日"])
def test_what_is_no_day(cell: Any, tmp_path: Path) -> None:
    path = saved(book_of(["v", "c", cell, None]), tmp_path)
    assert bad_rows(path) == [("volunteers", 1, "registered_on", "wrong_type")]


@pytest.mark.parametrize("cell", [1.5, DAY, True, 1e20])
def test_what_is_no_integer(cell: Any, tmp_path: Path) -> None:
    path = saved(book_of(["v", "c", DAY, cell]), tmp_path)
    assert bad_rows(path) == [("volunteers", 1, "prior_minutes", "wrong_type")]


def test_a_failed_formula_is_not_an_empty_cell(tmp_path: Path) -> None:
    path = saved(book_of(["v", "c", DAY, "#N/A"]), tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b'<c r="D2" t="e"><v>#N/A</v></c>' in sheet
    assert bad_rows(path) == [("volunteers", 1, "prior_minutes", "wrong_type")]


def test_other_sheets_are_passed_over_and_same_ones_refused(tmp_path: Path) -> None:
    book = book_of(["v", "c", DAY, None])
    book.create_sheet("填写说明").append(["随便"])
    assert len(read(saved(book, tmp_path))["volunteers"]) == 1
    book.create_sheet("volunteers")
    assert refusal(saved(book, tmp_path)).code == "table_twice"


def test_a_missing_sheet_or_heading_is_named(tmp_path: Path) -> None:
    book = book_of(headings=["志愿者编号", "注册日期"])
    assert "社区编号" in refusal(saved(book, tmp_path)).message
    del book["志愿者"]
    refused = refusal(saved(book, tmp_path))
    assert refused.code == "table_missing"
    assert "志愿者" in refused.message


def test_a_heading_twice_is_refused(tmp_path: Path) -> None:
    headings = ["志愿者编号", "社区编号", "注册日期", "volunteer_id"]
    assert refusal(saved(book_of(headings=headings), tmp_path)).code == "column_twice"


def test_the_hash_is_of_the_file(tmp_path: Path) -> None:
    first = saved(book_of(["v", "c", DAY, None]), tmp_path)
    with open_facts(first) as facts:
        one = facts.hash
    renamed = first.rename(tmp_path / "other.xlsx")
    with open_facts(renamed) as facts:
        assert facts.hash == one
