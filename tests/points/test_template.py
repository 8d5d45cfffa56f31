"""The template, as it is and as clerks fill it in with different programs."""

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.points.facts import office_fill_path
from tests.points.facts.readers import read
from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.points.facts import open_facts
from zhiyuanhong.points.template import EXAMPLES, NOTES_SHEET, hint, write_template
from zhiyuanhong.shared.refusals import RuleBroken

# What a clerk types, row by row, and what must come out.
TYPED: dict[str, list[list[str]]] = {
    "志愿者": [
        ["001", "社区 甲", "2024-02-29", "120"],
        ["志愿者２", "C01", "2025-12-31", ""],
        ["v-3 x", "c01", "2026-01-01", "0"],
    ],
    "服务记录": [
        [
            "S1",
            "001",
            "互帮互助",
            "2026-03-05 09:00",
            "2026-03-05 11:30",
            "150",
            "否",
            "否",
            "是",
            "有效",
        ],
        [
            "s1",
            "001",
            "社会应急",
            "2026-03-05 11:30:00",
            "2026-03-05 23:59",
            "1",
            "是",
            "是",
            "否",
            "有效",
        ],
        [
            "S2",
            "志愿者２",
            "关爱未成年人",
            "2026-12-31 00:00",
            "2026-12-31 00:30",
            "30",
            "否",
            "否",
            "否",
            "待审",
        ],
    ],
    "评价": [["1", "S1", "服务对象", "5"], ["2", "s1", "组织者", "1"]],
    "培训": [["T1", "v-3 x", "2026-06-01", "是"], ["T2", "v-3 x", "2026-06-02", "否"]],
    "荣誉": [["H1", "001", "2026-10-01", "国家"]],
    "行为": [["K1", "志愿者２", "2026-10-01", "虚假记录"]],
    "调整": [["A1", "001", "2026-10-01", "-1500", "更正，见“说明”"]],
}
READ: dict[str, list[tuple[Any, ...]]] = {
    "volunteers": [
        ("001", "社区 甲", dt.date(2024, 2, 29), 120),
        ("v-3 x", "c01", dt.date(2026, 1, 1), 0),
        ("志愿者２", "C01", dt.date(2025, 12, 31), None),
    ],
    "ratings": [("1", "S1", "recipient", 5), ("2", "s1", "organizer", 1)],
    "trainings": [
        ("T1", "v-3 x", dt.date(2026, 6, 1), True),
        ("T2", "v-3 x", dt.date(2026, 6, 2), False),
    ],
    "honors": [("H1", "001", dt.date(2026, 10, 1), "nation")],
    "conducts": [("K1", "志愿者２", dt.date(2026, 10, 1), "false_record")],
    "adjustments": [("A1", "001", dt.date(2026, 10, 1), -1500, "更正，见“说明”")],
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}")


READ["services"] = [
    (
        "S1",
        "001",
        "mutual_help",
        at("03-05 09:00"),
        at("03-05 11:30"),
        150,
        False,
        False,
        True,
        "effective",
    ),
    (
        "S2",
        "志愿者２",
        "minor_care",
        at("12-31 00:00"),
        at("12-31 00:30"),
        30,
        False,
        False,
        False,
        "pending",
    ),
    (
        "s1",
        "001",
        "emergency",
        at("03-05 11:30"),
        at("03-05 23:59"),
        1,
        True,
        True,
        False,
        "effective",
    ),
]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    write_template(tmp_path / "模板.xlsx")
    return tmp_path / "模板.xlsx"


def test_the_examples_alone_are_a_clean_fact_set(template: Path) -> None:
    with open_facts(template) as facts:
        assert facts.bad_rows.total == 0
        assert facts.counts == {table.name: 1 for table in FACT_TABLES}


def test_sheets_headings_lists_and_notes(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [NOTES_SHEET, *(table.label for table in FACT_TABLES)]
    for table in FACT_TABLES:
        sheet = book[table.label]
        assert [cell.value for cell in sheet[1]] == [column.label for column in table.columns]
        assert [cell.comment.text for cell in sheet[1]] == [hint(c) for c in table.columns]
        assert sheet.freeze_panes == "A2"
        assert sheet.page_setup.orientation == "landscape"
    lists = {
        str(rule.sqref): rule.formula1 for rule in book["服务记录"].data_validations.dataValidation
    }
    assert lists["J2:J100000"] == '"有效,待审,拒绝,撤销"'
    assert lists["G2:G100000"] == '"是,否"'
    notes = [cell.value for row in book[NOTES_SHEET].iter_rows() for cell in row]
    assert all(hint(column) in notes for table in FACT_TABLES for column in table.columns)


def test_every_column_has_an_example() -> None:
    assert {t.name: len(t.columns) for t in FACT_TABLES} == {n: len(e) for n, e in EXAMPLES.items()}


def typed_cells() -> dict[str, dict[str, str]]:
    return {
        sheet: {
            f"{chr(ord('A') + column)}{line}": text
            for line, row in enumerate(rows, start=2)
            for column, text in enumerate(row)
        }
        for sheet, rows in TYPED.items()
    }


def filled_in_office(source: Path, folder: Path, cells: dict[str, dict[str, str]]) -> Path:
    """Types into the cells and saves; the script runs in the system's Python, which has uno."""
    profile = folder / f"office-{source.stem}"
    (folder / "cells.json").write_text(json.dumps(cells), encoding="utf-8")
    target = folder / f"{source.stem}-保存.xlsx"
    python = shutil.which("python3", path="/usr/bin")
    assert python, "the tests need the packages libreoffice-calc-nogui and python3-uno"
    command = [python, office_fill_path(), profile, source, target, folder / "cells.json"]
    subprocess.run(list(map(str, command)), check=True, timeout=120, capture_output=True)
    return target


@pytest.mark.office
def test_filled_in_libreoffice_it_goes_through_unchanged(template: Path, tmp_path: Path) -> None:
    first = filled_in_office(template, tmp_path, typed_cells())
    assert read(first) == READ
    second = filled_in_office(first, tmp_path, {})
    assert read(filled_in_office(second, tmp_path, {})) == READ


def test_filled_by_a_program_it_goes_through_unchanged(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for sheet, rows in TYPED.items():
        for line, row in enumerate(rows, start=2):
            for place, text in enumerate(row, start=1):
                book[sheet].cell(line, place, text or None)
    book.save(template)
    assert read(template) == READ


def test_an_output_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refused:
        write_template(tmp_path / "nowhere" / "模板.xlsx")
    assert refused.value.code == "cannot_write"
    assert list(tmp_path.iterdir()) == []
