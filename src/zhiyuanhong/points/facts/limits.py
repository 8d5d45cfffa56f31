"""How much a fact set may hold before it is read; a refusal is better than a full memory."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds of a workbook, checked by counting, before any cell is built.

    CSV and Parquet stream through DuckDB and are bounded by its `memory_limit` alone.
    """

    file_bytes: int = 256 * MEBIBYTE
    unpacked_bytes: int = 1024 * MEBIBYTE  # what the zip entries really inflate to
    ratio: int = 200  # unpacked to packed, judged from `ratio_from_bytes` on
    ratio_from_bytes: int = 64 * MEBIBYTE  # small sheets of repeated cells pack very well
    entries: int = 2000  # files inside the zip
    sheets: int = 100
    rows: int = 1_048_576  # of one sheet
    columns: int = 256
    cells: int = 30_000_000  # of the dense range of all sheets together


DEFAULT_LIMITS = Limits()
