"""Workbook cells as text, a whole column at a time: a number as it is typed, a date as in CSV."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhiyuanhong.points.choices import Kind

_MIDNIGHT = " 00:00:00"
_EXACT_FLOATS = 2.0**53


def texts(cells: Sequence[Any], kind: Kind) -> pa.Array:
    """An Arrow array of strings; `kind` tells a day from midnight."""
    types = set(map(type, cells))
    if types <= {str}:
        return pa.array(cells, pa.string())
    parts = [
        _of_one_type([cell if type(cell) is one else None for cell in cells], one, kind)
        for one in types
    ]
    return pc.coalesce(*parts) if len(parts) > 1 else parts[0]


def as_text(cell: object, kind: Kind) -> str | None:
    """One cell alone; `texts` gives the same for a column."""
    if cell is None or isinstance(cell, str):
        return cell
    return str(texts([cell], kind)[0].as_py())


def _of_one_type(cells: list[Any], one: type, kind: Kind) -> pa.Array:
    if one is dt.datetime:
        return _times(cells, kind)
    if one is dt.date:
        days = pc.cast(pa.array(cells, pa.date32()), pa.string())
        return pc.binary_join_element_wise(days, _MIDNIGHT, "") if kind is Kind.TIME else days
    if one in (float, int):
        return _numbers(cells)
    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _times(cells: list[Any], kind: Kind) -> pa.Array:
    """A date cell is a float of days: what lies beside the whole second is noise."""
    exact = pa.array(cells, pa.timestamp("us"))
    seconds = pc.round_temporal(exact, unit="second").cast(pa.timestamp("s"))
    whole = pc.cast(seconds, pa.string())
    return whole if kind is Kind.TIME else pc.replace_substring_regex(whole, _MIDNIGHT + "$", "")


def _numbers(cells: list[Any]) -> pa.Array:
    """120.0 is the 120 that was typed."""
    if all(c is None or (c == c // 1 and abs(c) <= _EXACT_FLOATS) for c in cells):
        return pc.cast(pa.array(cells, pa.float64()).cast(pa.int64()), pa.string())
    return pa.array([None if cell is None else _number(cell) for cell in cells], pa.string())


def _number(cell: float) -> str:
    return str(int(cell)) if cell == cell // 1 else repr(cell)
