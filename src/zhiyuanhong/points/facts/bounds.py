"""Bounds of a workbook, found by inflating and counting, before a reader builds any cell."""

# A zip's own directory may lie about sizes, and a sheet of two far-apart cells makes a reader
# allocate all cells between them; so every entry is inflated once and its cells are looked at.

import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from zhiyuanhong.points.facts.extent import Cells, Extent
from zhiyuanhong.points.facts.limits import MEBIBYTE, Limits
from zhiyuanhong.points.facts.refusals import FactsRefused

ErrorCells = dict[str, list[str]]
_CHUNK = 4 * MEBIBYTE
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and .xlsx locked with a password
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1


def refuse_unbounded(path: Path, limits: Limits) -> ErrorCells:
    """Refuses a file that is no workbook, or one that would not fit.

    Gives the cells that hold a formula's error (#N/A), by zip entry; the reader shows them empty.
    """
    if path.stat().st_size > limits.file_bytes:
        raise _too_large(path, f"文件超过 {limits.file_bytes // MEBIBYTE} MB")
    try:
        with path.open("rb") as file:
            _refuse_other_formats(path, file.read(8))
            return _measure(path, file, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, expat.ExpatError) as error:
        raise FactsRefused(
            "workbook_broken", f"“{path.name}”已损坏或不完整，请重新保存或重新下载后重试。"
        ) from error


def _refuse_other_formats(path: Path, head: bytes) -> None:
    if head == _COMPOUND:
        raise FactsRefused(
            "workbook_locked",
            f"“{path.name}”加了密码，或其实是旧版 .xls 格式，请去掉密码并另存为 .xlsx 后重试。",
        )
    if not head.startswith(b"PK"):
        raise FactsRefused(
            "not_a_workbook", f"“{path.name}”不是 .xlsx 表格，请用表格软件另存为 .xlsx 后重试。"
        )


def _measure(path: Path, file: BinaryIO, limits: Limits) -> ErrorCells:
    if _count_entries(file) > limits.entries:
        raise _too_large(path, f"压缩包内超过 {limits.entries} 个文件")
    entries = zipfile.ZipFile(file).infolist()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FactsRefused("workbook_locked", f"“{path.name}”加了密码，请去掉密码后重试。")
    budget = _Budget(path, limits)
    errors: ErrorCells = {}
    for entry in entries:
        cells = Cells(limits, partial(budget.inflate, file, entry))
        budget.refuse_far_cells(cells.extent())
        if cells.errors:
            errors[entry.filename] = cells.errors
    return errors


def _count_entries(file: BinaryIO) -> int:
    """Counts signatures: reading a directory of millions would itself fill the memory."""
    file.seek(0)
    count, rest = 0, b""
    while chunk := file.read(_CHUNK):
        piece = rest + chunk
        count += piece.count(_ENTRY)
        rest = piece[-3:]
    return count


class _Budget:
    """What is left to spend on one workbook."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.packed = path.stat().st_size
        self.unpacked = 0

    def inflate(self, file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        for chunk in _inflated(file, entry):
            self.unpacked += len(chunk)
            if self.unpacked > self.limits.unpacked_bytes:
                size = self.limits.unpacked_bytes // MEBIBYTE
                raise _too_large(self.path, f"解压后超过 {size} MB")
            if self.unpacked > max(self.limits.ratio_from_bytes, self.limits.ratio * self.packed):
                raise _too_large(self.path, "压缩比异常，像是压缩炸弹")
            yield chunk

    def refuse_far_cells(self, extent: Extent) -> None:
        limits, far = self.limits, "（请删去远处的多余单元格）"
        if extent.rows > limits.rows:
            raise _too_large(self.path, f"有工作表超过 {limits.rows} 行{far}")
        if extent.columns > limits.columns:
            raise _too_large(self.path, f"有工作表超过 {limits.columns} 列{far}")
        if extent.rows * extent.columns > limits.cells:
            raise _too_large(self.path, f"有工作表的单元格超过 {limits.cells} 个{far}")


def _too_large(path: Path, cause: str) -> FactsRefused:
    return FactsRefused(
        "workbook_too_large", f"“{path.name}”太大：{cause}。请拆分，或改用 CSV 或 Parquet。"
    )


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes an entry really holds, whatever sizes the directory gives."""
    file.seek(entry.header_offset)
    magic, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if magic != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(name + extra, 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from _stored(file, entry.compress_size)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(file)
    else:
        raise zipfile.BadZipFile


def _stored(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        chunk = file.read(min(size, _CHUNK))
        if not chunk:
            raise EOFError
        size -= len(chunk)
        yield chunk


def _deflated(file: BinaryIO) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflate.eof:
        packed = inflate.unconsumed_tail or file.read(_CHUNK)
        if not packed:
            raise EOFError
        yield inflate.decompress(packed, _CHUNK)
