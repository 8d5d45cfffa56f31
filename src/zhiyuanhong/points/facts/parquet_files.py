"""Parquet tables: typed columns are taken as they are, text columns are read like CSV."""

import duckdb

from zhiyuanhong.points.facts.cells import Cell, literal, quoted
from zhiyuanhong.points.facts.found import Found, match_headings
from zhiyuanhong.points.facts.refusals import FactsRefused
from zhiyuanhong.points.facts.staging import glob_free, stage_cells, stage_plain
from zhiyuanhong.points.facts.store import Store


def read_parquet(store: Store, found: Found) -> None:
    """Makes a Parquet table part of the store: where it lies if it is clean, else as a copy."""
    path = literal(glob_free(found.path))
    relation = f"read_parquet({path}, file_row_number = true)"
    try:
        columns = store.rows(
            f"SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet({path}))"
        )
        places = match_headings(found, [name for name, _ in columns])
        cells = {
            name: Cell(quoted(columns[place][0]), columns[place][1])
            for name, place in places.items()
        }
        if not stage_plain(store, found.table, relation, cells):
            stage_cells(store, found.table, relation, cells)
    except duckdb.Error as error:
        raise FactsRefused(
            "parquet_broken", f"“{found.name}”不是完好的 Parquet 文件，请重新导出后重试。"
        ) from error
