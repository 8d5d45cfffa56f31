"""A workbook that would not fit is refused before it is read, whatever its directory says."""

import struct
import zipfile
from pathlib import Path

import pytest

from tests.points.facts.readers import read, refusal
from tests.points.facts.writers import write_xlsx
from tests.points.invented_defects import plain_texts
from tests.points.strategies import random_case
from zhiyuanhong.points.facts import Limits, open_facts

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "facts.xlsx", plain_texts(random_case(3)[0]))


def rewrite(path: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def far_cell(cell: str) -> bytes:
    return f"<row r='9'>{cell}</row></sheetData>".encode()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<c r="A1048577"><v>1</v></c>',
        '<c r="IW1"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="0" r="XFD1048576"><v>1</v></c>',
        '<c\n\tr="XFD1048576"><v>1</v></c>',
        '<c r="xfd1048576"><v>1</v></c>',
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="XFD9"/>',
        "<c/>" * 257,
    ],
)
def test_a_far_cell_is_refused_however_it_is_spelled(cell: str, workbook: Path) -> None:
    rewrite(workbook, SHEET, b"</sheetData>", far_cell(cell))
    refused = refusal(workbook)
    assert refused.code == "workbook_too_large"
    assert "远处的多余单元格" in refused.message


def test_a_far_row_is_refused(workbook: Path) -> None:
    row = b'<row r="2000000"><c><v>1</v></c></row></sheetData>'
    assert refusal(rewrite(workbook, SHEET, b"</sheetData>", row)).code == "workbook_too_large"


def test_a_wide_and_long_sheet_is_refused_by_its_cells(workbook: Path) -> None:
    cells = far_cell('<c r="IV1"/><c r="A1000000"/>')
    refused = refusal(rewrite(workbook, SHEET, b"</sheetData>", cells))
    assert "30000000" in refused.message


def test_prefixed_sheets_within_bounds_are_read(workbook: Path) -> None:
    plain = read(workbook)
    rewrite(workbook, SHEET, b"</sheetData>", b"<!-- a:c --></sheetData>")
    assert read(workbook) == plain


@pytest.mark.parametrize(
    "limits",
    [
        Limits(file_bytes=1000),
        Limits(unpacked_bytes=5000),
        Limits(entries=3),
        Limits(sheets=2),
        Limits(rows=1),
        Limits(columns=3),
        Limits(cells=10),
        Limits(ratio=1, ratio_from_bytes=10),
    ],
    ids=str,
)
def test_every_limit_is_kept(limits: Limits, workbook: Path) -> None:
    assert refusal(workbook, limits).code == "workbook_too_large"


def bomb(path: Path, mebibytes: int) -> Path:
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/bomb.xml", "w", force_zip64=False) as entry,
    ):
        for _ in range(mebibytes):
            entry.write(bytes(1024 * 1024))
    return path


def forged(path: Path) -> Path:
    """The directory and the local header say that the last entry unpacks to ten bytes."""
    content = bytearray(path.read_bytes())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<L", 10)
    (header,) = struct.unpack("<L", content[directory + 42 : directory + 46])
    content[header + 22 : header + 26] = struct.pack("<L", 10)
    path.write_bytes(content)
    return path


def test_a_zip_bomb_is_refused(workbook: Path) -> None:
    assert "压缩炸弹" in refusal(bomb(workbook, 80)).message


def test_a_zip_bomb_with_a_forged_directory_is_refused(workbook: Path) -> None:
    path = forged(bomb(workbook, 80))
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[-1].file_size == 10
    assert "压缩炸弹" in refusal(path).message


@pytest.mark.parametrize("kept", [4, 30, 1000, -400, -30, -1])
def test_a_truncated_file_is_refused(kept: int, workbook: Path) -> None:
    workbook.write_bytes(workbook.read_bytes()[:kept])
    refused = refusal(workbook)
    assert refused.code == "workbook_broken"
    assert "facts.xlsx" in refused.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"volunteer_id,community_id\n", "not_a_workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), "workbook_locked"),
        (b"PK\x05\x06" + bytes(18), "workbook_broken"),
    ],
)
def test_what_is_no_workbook(content: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "facts.xlsx").write_bytes(content)
    assert refusal(tmp_path / "facts.xlsx").code == code


def test_old_workbooks_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "facts.xls").write_bytes(b"")
    assert refusal(tmp_path / "facts.xls").code == "old_workbook"


def test_broken_xml_is_refused(workbook: Path) -> None:
    assert refusal(rewrite(workbook, SHEET, b"</sheetData>", b"<c")).code == "workbook_broken"


def test_ordinary_workbooks_pass(workbook: Path) -> None:
    with open_facts(workbook) as facts:
        assert facts.counts["volunteers"] > 0
