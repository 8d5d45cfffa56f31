"""Fills a workbook in LibreOffice as a clerk would; run by the Python that has uno."""

# Usage: office_fill.py PROFILE SOURCE TARGET CELLS.json, where CELLS is {sheet: {"B2": "typed"}}.

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno


def desktop(profile: Path) -> Any:
    """Starts an office of its own and waits until it listens."""
    subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={profile.name};urp;",
            "--headless",
            "--norestore",
            "--nologo",
        ]
    )
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(600):
        try:
            there = resolver.resolve(
                f"uno:pipe,name={profile.name};urp;StarOffice.ComponentContext"
            )
            return there.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", there
            )
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not start")


def option(name: str, value: Any) -> Any:
    one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    one.Name, one.Value = name, value
    return one


def type_into(document: Any, cells: dict[str, dict[str, str]]) -> None:
    """FormulaLocal takes a text as the keyboard would give it, by the format of the cell."""
    for name, texts in cells.items():
        sheet = document.Sheets.getByName(name)
        for place, text in texts.items():
            cell = sheet.getCellRangeByName(place)
            cell.setPropertyValue("FormulaLocal", text)


def main(profile: Path, source: Path, target: Path, cells: dict[str, dict[str, str]]) -> None:
    office = desktop(profile)
    try:
        document = office.loadComponentFromURL(
            source.as_uri(), "_blank", 0, (option("Hidden", True),)
        )
        type_into(document, cells)
        document.storeToURL(target.as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)
    finally:
        office.terminate()


if __name__ == "__main__":
    folder, old, new, typed = map(Path, sys.argv[1:5])
    main(folder, old, new, json.loads(typed.read_text(encoding="utf-8")))
