"""Large workbooks: two processes read the sheets, and nothing else changes."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.points.facts.readers import bad_rows, read, refusal
from tests.points.facts.test_workbook import DAY, book_of, saved
from zhiyuanhong.points.facts import workbook
from zhiyuanhong.points.facts.sheet_process import SheetProcess
from zhiyuanhong.points.template import write_template


@pytest.fixture
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> list[SheetProcess]:
    """Have two processes read whatever the size; return those started."""
    started: list[SheetProcess] = []

    class Noted(SheetProcess):
        def __init__(self, path: Path, folder: Path, tables: list[str]) -> None:
            super().__init__(path, folder, tables)
            started.append(self)

    monkeypatch.setattr(workbook, "LARGE_FILE", 0)
    monkeypatch.setattr(workbook, "SheetProcess", Noted)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return started


def ended(process: SheetProcess) -> bool:
    return process._process.poll() is not None


def test_the_same_is_read(
    tmp_path: Path, every_file_is_large: list[SheetProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    beside = read(path)
    assert len(every_file_is_large) == 2
    assert all(map(ended, every_file_is_large))
    monkeypatch.setattr(workbook, "LARGE_FILE", 1 << 40)
    assert read(path) == beside
    assert len(every_file_is_large) == 2


def test_a_bad_cell_is_reported_in_its_row(
    tmp_path: Path, every_file_is_large: list[SheetProcess]
) -> None:
    path = saved(book_of([None], ["v", "c", "x", None]), tmp_path)
    assert bad_rows(path) == [("volunteers", 2, "registered_on", "wrong_type")]
    assert all(map(ended, every_file_is_large))


def test_a_failed_formula_is_still_seen(
    tmp_path: Path, every_file_is_large: list[SheetProcess]
) -> None:
    book = book_of(["v", "c", DAY, "#N/A"])
    book["志愿者"]["D2"].data_type = "e"
    assert bad_rows(saved(book, tmp_path)) == [
        ("volunteers", 1, "prior_minutes", "wrong_type"),
    ]
    assert all(map(ended, every_file_is_large))


def test_a_refusal_is_told_once_and_leaves_no_process(
    tmp_path: Path, every_file_is_large: list[SheetProcess]
) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert refusal(path).code.startswith("workbook")
    assert len(every_file_is_large) == 2
    assert all(map(ended, every_file_is_large))


def test_a_missing_column_is_refused_as_ever(
    tmp_path: Path, every_file_is_large: list[SheetProcess]
) -> None:
    path = saved(book_of(["v", "c"], headings=["志愿者编号", "社区编号"]), tmp_path)
    assert "注册日期" in refusal(path).message
    assert all(map(ended, every_file_is_large))


def test_a_killed_process_is_made_good(
    tmp_path: Path, every_file_is_large: list[SheetProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    expected = read(path)
    popen = subprocess.Popen

    def killed(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        process = popen(*arguments, **options)  # type: ignore[call-overload]
        os.kill(process.pid, signal.SIGKILL)
        return process  # type: ignore[no-any-return]

    monkeypatch.setattr(subprocess, "Popen", killed)
    began = time.monotonic()
    assert read(path) == expected
    assert time.monotonic() - began < 60
    assert len(every_file_is_large) == 4
