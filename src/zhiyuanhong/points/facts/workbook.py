"""Workbooks: the sheets of an .xlsx, their cells turned into text column by column."""

from pathlib import Path

from zhiyuanhong.points.facts.found import Found
from zhiyuanhong.points.facts.limits import Limits
from zhiyuanhong.points.facts.store import Store


def open_workbook(path: Path, limits: Limits) -> list[Found]:
    raise NotImplementedError


def read_sheet(store: Store, found: Found) -> None:
    raise NotImplementedError
