"""How far the cells of a sheet reach, from its XML, much faster than parsing it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from zhiyuanhong.points.facts.limits import Limits

_USUAL = b'<c r="'  # how common writers begin a cell; anything else is parsed
_OTHER_CELL = re.compile(rb'<c(?! r=")[\s/>]')
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_FAR = re.compile(rb'<c r="(?:[^A-Z]|[A-Z]{2}|[A-Z][0-9]{7})')  # not within A1:Z999999
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]* t="e"')
_LONGEST_TAG_START = 64
_MOST_ERRORS = 10_000  # more than anybody mends one by one


class Extent(NamedTuple):
    """The last row and the last column, from 1; 0 where there are no cells."""

    rows: int
    columns: int

    def including(self, other: "Extent") -> "Extent":
        return Extent(max(self.rows, other.rows), max(self.columns, other.columns))


NEAR = Extent(999_999, 26)


class Cells:
    """The cells of one zip entry; `inflate` gives its bytes, once more at each call."""

    def __init__(self, limits: Limits, inflate: Callable[[], Iterator[bytes]]) -> None:
        self.inflate = inflate
        self.errors: list[str] = []
        self._near_is_fine = (
            limits.rows >= NEAR.rows
            and limits.columns >= NEAR.columns
            and limits.cells >= NEAR.rows * NEAR.columns
        )

    def extent(self) -> Extent:
        """The last row and column; at most what is asked for: NEAR cells are not counted out."""
        extent = Extent(0, 0)
        for piece in _whole_tags(self.inflate()):
            usual = piece.count(_USUAL)
            if _PREFIXED.search(piece) or self._spells_otherwise(piece, usual):
                return self._parsed()
            if usual and not (self._near_is_fine and not _FAR.search(piece)):
                cells = _CELL.findall(piece)
                if len(cells) != usual:
                    return self._parsed()
                extent = extent.including(_furthest(cells))
            self._note_errors(piece)
        return extent

    def _spells_otherwise(self, piece: bytes, usual: int) -> bool:
        return piece.count(b"<c") != usual and _OTHER_CELL.search(piece) is not None

    def _note_errors(self, piece: bytes) -> None:
        if b' t="e"' in piece and len(self.errors) < _MOST_ERRORS:
            self.errors.extend(ref.decode() for ref in _ERROR.findall(piece))

    def _parsed(self) -> Extent:
        walk = _Walk()
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = walk.start
        parser.StartDoctypeDeclHandler = walk.refuse
        for chunk in self.inflate():
            parser.Parse(chunk)
        parser.Parse(b"", True)
        self.errors = walk.errors
        return walk.extent


class _Walk:
    """Follows rows and cells as a reader would: a place that is not given is the next one."""

    def __init__(self) -> None:
        self.extent = Extent(0, 0)
        self.errors: list[str] = []
        self.row = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        place = attributes.get("r", "")
        if tag == "row":
            self.row = int(place) if place.isdigit() else self.row + 1
            self.column = 0
        elif tag == "c":
            self._cell(place, attributes)

    def _cell(self, place: str, attributes: dict[str, str]) -> None:
        place = place.upper()
        letters, digits = place.rstrip("0123456789"), place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        self.column = _column_number(letters.encode()) if letters else self.column + 1
        row = int(digits) if digits.isdigit() else self.row
        self.extent = self.extent.including(Extent(row, self.column))
        if attributes.get("t") == "e" and len(self.errors) < _MOST_ERRORS:
            self.errors.append(place)

    def refuse(self, *_: object) -> None:
        raise expat.ExpatError("no sheet has a document type")


def _whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut so that no beginning of a tag is torn apart."""
    rest = b""
    for chunk in chunks:
        piece = rest + chunk
        cut = piece.rfind(b"<", max(0, len(piece) - _LONGEST_TAG_START))
        cut = cut if cut >= 0 else len(piece)
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def _furthest(cells: list[tuple[bytes, bytes]]) -> Extent:
    rows = max((int(row) for _, row in cells), default=0)
    columns = max((_column_number(column) for column in {c for c, _ in cells}), default=0)
    return Extent(rows, columns)


def place_of(reference: str) -> tuple[int, int]:
    """B3 is row 3, column 2."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), _column_number(letters.encode())


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
