"""Writes invented facts in every form a fact set may come in."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from zhiyuanhong.points.choices import FACT_TABLES, FactTable, Kind

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
ARROW_TYPES = {
    Kind.ID: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.TIME: pa.timestamp("us"),
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
}


def write_csv(folder: Path, tables: Tables, *, encoding: str = "utf-8") -> Path:
    """English names; the values must be texts or None."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in _there(tables):
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names(table))
            writer.writerows(_cells(tables, table))
    return folder


def write_parquet_text(folder: Path, tables: Tables) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for table in _there(tables):
        schema = pa.schema([(name, pa.string()) for name in names(table)])
        rows = pa.Table.from_pylist([dict(row) for row in tables[table.name]], schema)
        pq.write_table(rows, folder / f"{table.name}.parquet")
    return folder


def write_parquet_typed(folder: Path, tables: Tables) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for table in _there(tables):
        schema = pa.schema([(c.name, ARROW_TYPES[c.kind]) for c in table.columns])
        rows = pa.Table.from_pylist([dict(row) for row in tables[table.name]], schema)
        pq.write_table(rows, folder / f"{table.name}.parquet")
    return folder


def write_xlsx(path: Path, tables: Tables) -> Path:
    """Chinese sheets and headings; texts, numbers, booleans and dates each as such a cell."""
    book = xlsxwriter.Workbook(path)
    formats = {
        Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.TIME: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for table in _there(tables):
        sheet = book.add_worksheet(table.label)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.label)
        for line, cells in enumerate(_cells(tables, table), start=1):
            for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(line, place, cell, formats.get(column.kind))
    book.close()
    return path


def names(table: FactTable) -> list[str]:
    return [column.name for column in table.columns]


def _there(tables: Tables) -> list[FactTable]:
    return [table for table in FACT_TABLES if table.name in tables]


def _cells(tables: Tables, table: FactTable) -> list[list[Any]]:
    return [[row.get(name) for name in names(table)] for row in tables[table.name]]
