"""CSV tables: UTF-8, a comma, double quotes; read by the database as text."""

import codecs
import csv
import re
from pathlib import Path

import duckdb

from zhiyuanhong.points.facts.cells import Cell, literal
from zhiyuanhong.points.facts.found import Found, match_headings
from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.staging import glob_free, stage_cells
from zhiyuanhong.points.facts.store import Store

_CHUNK = 1024 * 1024
_MIXED_LINE_ENDS = "state machine reached an invalid state"


def read_csv(store: Store, found: Found) -> None:
    """Puts a CSV table into the store, every cell as text."""
    refuse_other_encodings(found.path)
    headings = _headings(found)
    places = match_headings(found, headings)
    cells = {name: Cell(f"c{place}") for name, place in places.items()}
    try:
        try:
            stage_cells(store, found.table, _relation(found.path, headings), cells)
        except duckdb.Error as error:
            if _MIXED_LINE_ENDS not in str(error):
                raise
            even = _with_even_line_ends(found.path, store.folder / "even.csv")
            stage_cells(store, found.table, _relation(even, headings), cells)
    except duckdb.Error as error:
        raise _refusal(found, str(error)) from error


def refuse_other_encodings(path: Path) -> None:
    """Reads the file once; the database would name neither the encoding nor the way out."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FactsRefused(
            "encoding",
            f"“{path.name}”不是 UTF-8 编码（多半是 GBK）。"
            "请用表格软件打开，另存为“CSV UTF-8（逗号分隔）”后重试。",
        ) from error


def _headings(found: Found) -> list[str]:
    with found.path.open(encoding="utf-8-sig", newline="") as file:
        try:
            return next(csv.reader(file), [])
        except csv.Error as error:
            raise _refusal(found, str(error)) from error


def _relation(path: Path, headings: list[str]) -> str:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(headings)))
    return (
        f"read_csv({literal(glob_free(path))}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', strict_mode = true, columns = {{{columns}}})"
    )


def _with_even_line_ends(path: Path, even: Path) -> Path:
    """A copy whose lines all end alike; the database refuses a file that mixes them."""
    with path.open("rb") as source, even.open("wb") as target:
        while chunk := source.read(_CHUNK):
            if chunk.endswith(b"\r"):
                chunk += source.read(1)
            target.write(chunk.replace(b"\r\n", b"\n"))
    return even


def _refusal(found: Found, error: str) -> FactsRefused:
    line = re.search(r"CSV Error on Line: (\d+)", error)
    place = f"第 {line[1]} 行" if line else "某一行"
    columns = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error)
    if columns:
        cause = f"有 {columns[2]} 列，表头却有 {columns[1]} 列"
    elif "quote" in error:
        cause = "引号没有成对"
    else:
        cause = "不合 CSV 格式"
    return FactsRefused(
        "csv_broken",
        f"“{found.name}”{place}（表头为第 1 行）{cause}，请改正后重试。",
    )
