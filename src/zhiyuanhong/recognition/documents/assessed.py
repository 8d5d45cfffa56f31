"""Reads what an assessment wrote, and the names a clerk keeps, into certificates."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from zhiyuanhong.points.choices import RESULTS
from zhiyuanhong.recognition.rules import Award, StarCertificate, certificate_number
from zhiyuanhong.shared.refusals import RuleBroken

RESULT_LABELS = {column.label: column.name for column in RESULTS.columns}
NAME_LABELS = {
    "志愿者编号": "volunteer_id",
    "姓名": "name",
    "社区": "community",
    "社区名称": "community",
    "community_name": "community",
}
MAX_NAMES_BYTES = 50_000_000
MAX_LETTERS = 40  # of a name or a community: what fits on one line
SUFFIXES = (".csv", ".parquet", ".xlsx")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """Names and communities by volunteer number, with the row of the file they stand in."""

    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)

    def rows_for_nobody(self, volunteers: Iterable[str]) -> list[int]:
        """Rows of volunteers who were not assessed."""
        known = set(volunteers)
        return [row for volunteer, row in self.rows.items() if volunteer not in known]


def read_award(folder: Path, *, issuer: str, issued_on: date) -> Award:
    """Take year, 办法 and fingerprints from report.json."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        policy = report["policy"]
        return Award(
            year=date(int(report["year"]), 1, 1).year,
            policy_title=str(policy["title"]),
            policy_version=str(policy["version"]),
            policy_hash=fingerprint(policy["hash"]),
            facts_hash=fingerprint(report["facts"]["hash"]),
            issuer=issuer,
            issued_on=issued_on,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"读不出“{folder / 'report.json'}”，请指定 points assess 写出结果的文件夹。"
        raise RuleBroken("report_unreadable", message) from error


def fingerprint(text: object) -> str:
    """A hash in hexadecimal, which a QR code takes in letter by letter."""
    if not re.fullmatch(r"(sha256:)?[0-9a-f]{12,}", str(text)):
        raise ValueError("not a fingerprint")
    return str(text)


def read_results(folder: Path) -> list[tuple[str, int, int, int]]:
    """Read (volunteer_id, star, minutes, millipoints) of all assessed volunteers."""
    path = results_file(folder)
    try:
        return [
            (cell(row["volunteer_id"]), int(row["star"]), int(row["minutes"]), int(row["points"]))
            for row in table_rows(path, RESULT_LABELS)
        ]
    except (OSError, ValueError, KeyError, TypeError, CalamineError) as error:
        message = f"读不出“{path}”，请重新运行 points assess。"
        raise RuleBroken("results_unreadable", message) from error


def results_file(folder: Path) -> Path:
    found = [path for suffix in SUFFIXES if (path := folder / f"results{suffix}").is_file()]
    if not found:
        message = f"“{folder}”中没有 results.csv、results.parquet 或 results.xlsx。"
        raise RuleBroken("results_missing", message)
    if len(found) > 1:
        names = "、".join(path.name for path in found)
        message = f"“{folder}”中有不止一份结果（{names}），请只留下要用的一份。"
        raise RuleBroken("results_ambiguous", message)
    return found[0]


def read_names(path: Path) -> Names:
    """Read a list of names; a volunteer who stands in it twice stops the run."""
    rows = list(name_rows(path))
    if rows and not {"volunteer_id", "name"} <= rows[0].keys():
        message = f"“{path}”缺少列，第一行应写有：志愿者编号、姓名（可另有：社区）。"
        raise RuleBroken("names_columns", message)
    people: dict[str, tuple[str, str]] = {}
    places: dict[str, int] = {}
    for place, row in enumerate(rows, start=2):
        volunteer, person = cell(row["volunteer_id"]), person_of(row, place)
        if not volunteer:
            continue
        if volunteer in people:
            message = f"姓名表第 {places[volunteer]} 行与第 {place} 行是同一个编号，请只留一行。"
            raise RuleBroken("names_twice", message)
        people[volunteer], places[volunteer] = person, place
    return Names(people, places)


def name_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a list of names, or refuse the file in one line."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise RuleBroken("names_format", f"姓名表“{path}”应为 .csv 或 .xlsx 文件。")
    try:
        if path.stat().st_size > MAX_NAMES_BYTES:
            raise RuleBroken("names_too_large", f"姓名表“{path}”太大，最多 50 MB。")
        yield from table_rows(path, NAME_LABELS)
    except (OSError, ValueError, CalamineError) as error:
        message = f"读不出姓名表“{path}”，请另存为 .xlsx 或 UTF-8 编码的 .csv。"
        raise RuleBroken("names_unreadable", message) from error


def person_of(row: Row, place: int) -> tuple[str, str]:
    """The name and the community of a row, in printable characters."""
    name, community = cell(row["name"]), cell(row.get("community"))
    if max(len(name), len(community)) > MAX_LETTERS:
        message = f"姓名表第 {place} 行的姓名或社区超过 {MAX_LETTERS} 个字，请改短。"
        raise RuleBroken("name_too_long", message)
    return name, community


def cell(value: object) -> str:
    """A cell as text; a workbook keeps a number such as 10086 as 10086.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    return "".join(letter for letter in text if letter.isprintable()).strip()


def table_rows(path: Path, labels: Mapping[str, str]) -> Iterator[Row]:
    """Rows of a CSV, Parquet or xlsx table by English column names."""
    match path.suffix.lower():
        case ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from headed(csv.reader(file, strict=True), labels)
        case ".parquet":
            yield from pq.read_table(path).to_pylist()
        case _:
            with CalamineWorkbook.from_path(path) as workbook:
                sheet = workbook.get_sheet_by_index(0)
                yield from headed(sheet.to_python(), labels)


def headed(lines: Iterable[Sequence[Any]], labels: Mapping[str, str]) -> Iterator[Row]:
    """Give each line the names of the first one, in English whether it is Chinese or not."""
    names: list[str] = []
    for line in lines:
        if not names:
            names = [labels.get(cell(head), cell(head)) for head in line]
            continue
        yield dict(zip(names, [*line, *[""] * (len(names) - len(line))], strict=False))


def certificates_for(
    award: Award, results: Iterable[tuple[str, int, int, int]], names: Names
) -> list[StarCertificate]:
    """Number the starred volunteers in the order of their ids."""
    starred = sorted(row for row in results if row[1] > 0)
    return [
        StarCertificate(
            award,
            certificate_number(award.year, place),
            volunteer,
            *names.people.get(volunteer, ("", "")),
            star,
            minutes,
            points,
        )
        for place, (volunteer, star, minutes, points) in enumerate(starred, start=1)
    ]
