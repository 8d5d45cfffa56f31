"""Which file inside an .xlsx holds which sheet."""

import posixpath
import zipfile
from pathlib import Path
from xml.parsers import expat

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def sheet_entries(path: Path) -> dict[str, str]:
    """The zip entry of each sheet, by the sheet's name."""
    with zipfile.ZipFile(path) as archive:
        if not {_WORKBOOK, _RELATIONS} <= set(archive.namelist()):
            return {}
        targets = {
            one["Id"]: posixpath.normpath(posixpath.join("/xl", one["Target"])).lstrip("/")
            for one in _elements(archive.read(_RELATIONS), "Relationship")
        }
        return {
            one["name"]: targets.get(_relation_id(one), "")
            for one in _elements(archive.read(_WORKBOOK), "sheet")
        }


def _relation_id(sheet: dict[str, str]) -> str:
    return next((value for key, value in sheet.items() if key.endswith(" id")), "")


def _elements(xml: bytes, tag: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == tag:
            found.append(attributes)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found
