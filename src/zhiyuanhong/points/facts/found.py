"""Which tables a fact set has, where each lies, and which of its columns is which."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from zhiyuanhong.points.choices import FACT_TABLES, FactTable
from zhiyuanhong.points.facts.refusals import FactsRefused


class Format(StrEnum):
    """How a table of facts is stored; the value is the suffix."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Found:
    """One table of a fact set; `name` is what its owner calls it: a file's or a sheet's name."""

    table: FactTable
    format: Format
    path: Path
    name: str


def find_tables(path: Path) -> tuple[Path | None, list[Found]]:
    """The workbook, or the table files of a folder in the order of the fact tables."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if not file.name.startswith(("~$", ".")))
        tables = _table_files(files)
        return (None, tables) if tables else (_only_workbook(path, files), [])
    if not path.exists():
        raise FactsRefused("facts_missing", f"找不到“{path.name}”，请检查路径。")
    if path.suffix.lower() == ".xls":
        raise FactsRefused(
            "old_workbook", f"“{path.name}”是旧版 .xls 格式，请在表格软件中另存为 .xlsx 后重试。"
        )
    if path.suffix.lower() != ".xlsx":
        raise FactsRefused(
            "facts_format", f"“{path.name}”不是 .xlsx 表格，也不是放有 CSV 或 Parquet 的文件夹。"
        )
    return path, []


def _table_files(files: list[Path]) -> list[Found]:
    found = []
    for file in files:
        table = table_called(file.stem)
        kind = file.suffix.lower().removeprefix(".")
        if table and kind in (Format.CSV, Format.PARQUET) and file.is_file():
            found.append(Found(table, Format(kind), file, file.name))
    return in_order(found)


def _only_workbook(folder: Path, files: list[Path]) -> Path:
    workbooks = [file for file in files if file.suffix.lower() == ".xlsx"]
    if len(workbooks) == 1:
        return workbooks[0]
    if workbooks:
        names = "、".join(file.name for file in workbooks)
        raise FactsRefused(
            "several_workbooks", f"文件夹里有几个表格（{names}），请指明用哪一个文件。"
        )
    names = "、".join(f"{table.name}（{table.label}）" for table in FACT_TABLES if table.required)
    raise FactsRefused(
        "table_missing",
        f"文件夹“{folder.name}”里没有数据，缺少表：{names}。"
        "请放入 .csv、.parquet 或一个 .xlsx 文件。",
    )


def in_order(found: Iterable[Found]) -> list[Found]:
    """Each table once, in the order of the fact tables; none that is required may be missing."""
    tables: dict[str, Found] = {}
    for one in found:
        other = tables.setdefault(one.table.name, one)
        if other is not one:
            raise FactsRefused(
                "table_twice",
                f"“{other.name}”和“{one.name}”都是{one.table.label}（{one.table.name}），请只留一个。",
            )
    return [tables[table.name] for table in FACT_TABLES if table.name in tables]


def refuse_missing_tables(found: list[Found]) -> None:
    there = {one.table.name for one in found}
    for table in FACT_TABLES:
        if table.required and table.name not in there:
            raise FactsRefused("table_missing", f"缺少表“{table.label}”（{table.name}）。")


def table_called(name: str) -> FactTable | None:
    wanted = plain_name(name)
    return next((table for table in FACT_TABLES if wanted in (table.name, table.label)), None)


def plain_name(name: str) -> str:
    """A heading or a sheet's name, trimmed, with full-width characters as their plain ones."""
    return unicodedata.normalize("NFKC", name).strip()


def match_headings(found: Found, headings: Iterable[str]) -> Mapping[str, int]:
    """Where each column of the table stands; unknown headings are passed over."""
    places: dict[str, int] = {}
    names = {c.label: c.name for c in found.table.columns}
    names |= {c.name: c.name for c in found.table.columns}
    for place, heading in enumerate(headings):
        name = names.get(plain_name(heading))
        if name is None:
            continue
        if name in places:
            column = found.table.column(name)
            raise FactsRefused(
                "column_twice",
                f"“{found.name}”里有两列都是“{column.label}”（{column.name}），请只留一列。",
            )
        places[name] = place
    _refuse_missing_columns(found, places)
    return places


def _refuse_missing_columns(found: Found, places: Mapping[str, int]) -> None:
    missing = [c for c in found.table.columns if c.required and c.name not in places]
    if missing:
        columns = "、".join(f"“{column.label}”（{column.name}）" for column in missing)
        raise FactsRefused(
            "column_missing",
            f"表“{found.table.label}”（{found.table.name}）缺少列：{columns}。",
        )
