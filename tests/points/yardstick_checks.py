"""What makes a row of a fact set bad, read a second time from the rules in plain loops."""

import re
import unicodedata
from collections import defaultdict
from datetime import date, datetime, time
from typing import Any, NamedTuple

Text = str | None
RawTables = dict[str, list[dict[str, Text]]]
Bad = tuple[str, int, str, str]

TEAMS = {
    "public_affairs": "公共事务",
    "mutual_help": "互帮互助",
    "elder_care": "尊老敬老",
    "minor_care": "关爱未成年人",
    "emergency": "社会应急",
    "charity": "公益慈善",
}
STATUSES = {"effective": "有效", "pending": "待审", "rejected": "拒绝", "voided": "撤销"}
RATERS = {"recipient": "服务对象", "organizer": "组织者"}
LEVELS = {
    "community": "社区",
    "street": "街道",
    "district": "区",
    "city": "市",
    "province": "省",
    "nation": "国家",
}
KINDS = {
    "no_show": "缺席",
    "late_cancel": "迟取消",
    "complaint": "投诉",
    "false_record": "虚假记录",
}
# column → what it holds; a dict holds the codes of a code column. The first column is the id.
TABLES: dict[str, dict[str, Any]] = {
    "volunteers": {
        "volunteer_id": "text",
        "community_id": "text",
        "registered_on": "date",
        "prior_minutes": "integer",
    },
    "services": {
        "service_id": "text",
        "volunteer_id": "text",
        "team": TEAMS,
        "starts_at": "time",
        "ends_at": "time",
        "minutes": "integer",
        "emergency": "boolean",
        "skilled": "boolean",
        "leader": "boolean",
        "status": STATUSES,
    },
    "ratings": {
        "rating_id": "text",
        "service_id": "text",
        "rater": RATERS,
        "score": "integer",
    },
    "trainings": {
        "training_id": "text",
        "volunteer_id": "text",
        "day": "date",
        "passed": "boolean",
    },
    "honors": {"honor_id": "text", "volunteer_id": "text", "day": "date", "level": LEVELS},
    "conducts": {"conduct_id": "text", "volunteer_id": "text", "day": "date", "kind": KINDS},
    "adjustments": {
        "adjustment_id": "text",
        "volunteer_id": "text",
        "day": "date",
        "millipoints": "integer",
        "reason": "text",
    },
}
OPTIONAL = {("volunteers", "prior_minutes")}
# table → (the column that refers, the table it refers to)
REFERENCES = {
    "services": ("volunteer_id", "volunteers"),
    "ratings": ("service_id", "services"),
    "trainings": ("volunteer_id", "volunteers"),
    "honors": ("volunteer_id", "volunteers"),
    "conducts": ("volunteer_id", "volunteers"),
    "adjustments": ("volunteer_id", "volunteers"),
}
BOOLEANS = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}
LARGEST = 10**15


class UnreadableError(Exception):
    """A cell that cannot be read; its only argument is the kind of reason."""


class Checked(NamedTuple):
    """The outcome of a check; row numbers start at 1."""

    facts: dict[str, list[dict[str, Any]]]  # typed rows that stay when bad rows are skipped
    bad: list[Bad]  # (table, row, column, reason), sorted
    staying: dict[str, list[int]]  # table → numbers of the rows in `facts`


def check(tables: RawTables) -> Checked:
    """Judges raw cell texts; a table that is missing is empty."""
    bad: set[Bad] = set()
    typed = {name: _typed(name, tables.get(name, []), bad) for name in TABLES}
    for name, rows in typed.items():
        _find_duplicates(name, rows, bad)
    _find_unknown_references(typed, bad)
    for number, row in enumerate(typed["services"], start=1):
        for column, reason in _service_defects(row):
            bad.add(("services", number, column, reason))
    for number, row in enumerate(typed["ratings"], start=1):
        if row["score"] is not None and not 1 <= row["score"] <= 5:
            bad.add(("ratings", number, "score", "score_out_of_range"))
    _find_overlaps(typed["services"], bad)
    staying = _staying(typed, bad)
    facts = {name: [typed[name][number - 1] for number in staying[name]] for name in TABLES}
    return Checked(facts, sorted(bad), staying)


def _typed(table: str, rows: list[dict[str, Text]], bad: set[Bad]) -> list[dict[str, Any]]:
    """Rows with typed cells; a cell that is empty or unreadable is None."""
    typed: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        cells: dict[str, Any] = {}
        for column, holds in TABLES[table].items():
            cells[column] = None
            text = (row.get(column) or "").strip()
            try:
                if text:
                    cells[column] = read_cell(text, holds)
                elif (table, column) not in OPTIONAL:
                    raise UnreadableError("required_empty")
            except UnreadableError as error:
                bad.add((table, number, column, str(error)))
        typed.append(cells)
    return typed


def read_cell(text: str, holds: Any) -> Any:
    """The value of a trimmed cell text that is not empty."""
    if holds == "text":
        return text
    plain = unicodedata.normalize("NFKC", text)
    if isinstance(holds, dict):
        return _code(plain, holds)
    if holds == "boolean":
        if plain not in BOOLEANS:
            raise UnreadableError("wrong_type")
        return BOOLEANS[plain]
    if holds == "integer":
        return _integer(plain)
    return _date(plain) if holds == "date" else _time(plain)


def _code(plain: str, codes: dict[str, str]) -> str:
    for code, chinese in codes.items():
        if plain in (code, chinese):
            return code
    raise UnreadableError("unknown_code")


def _integer(plain: str) -> int:
    # int() refuses texts of thousands of digits, so their length is judged first
    if not re.fullmatch(r"[+-]?[0-9]+", plain) or len(plain.lstrip("+-").lstrip("0")) > 16:
        raise UnreadableError("wrong_type")
    number = int(plain.lstrip("+-").lstrip("0") or "0")
    if number > LARGEST:
        raise UnreadableError("wrong_type")
    return -number if plain.startswith("-") else number


def _date(plain: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        raise UnreadableError("wrong_type")
    try:
        return date(*(int(part) for part in plain.split("-")))
    except ValueError:
        raise UnreadableError("wrong_type") from None


def _time(plain: str) -> datetime:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", plain):
        raise UnreadableError("wrong_type")
    day = _date(plain[:10])
    hours, minutes, seconds = (plain[11:] + ":00").split(":")[:3]
    try:
        return datetime.combine(day, time(int(hours), int(minutes), int(seconds)))
    except ValueError:
        raise UnreadableError("wrong_type") from None


def _find_duplicates(table: str, rows: list[dict[str, Any]], bad: set[Bad]) -> None:
    key = next(iter(TABLES[table]))
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if row[key] is None:
            continue
        if row[key] in seen:
            bad.add((table, number, key, "duplicate_id"))
        seen.add(row[key])


def _find_unknown_references(typed: dict[str, list[dict[str, Any]]], bad: set[Bad]) -> None:
    for table, (column, target) in REFERENCES.items():
        key = next(iter(TABLES[target]))
        known = {row[key] for row in typed[target]}
        for number, row in enumerate(typed[table], start=1):
            if row[column] is not None and row[column] not in known:
                bad.add((table, number, column, "unknown_reference"))


def _service_defects(row: dict[str, Any]) -> list[tuple[str, str]]:
    starts, ends, minutes = row["starts_at"], row["ends_at"], row["minutes"]
    if starts is None or ends is None:
        return []
    if ends <= starts:
        return [("ends_at", "not_after_start")]
    if ends.date() != starts.date():
        return [("ends_at", "different_days")]
    if minutes is not None and not 60 <= minutes * 60 <= (ends - starts).seconds:
        return [("minutes", "minutes_out_of_range")]
    return []


def _find_overlaps(services: list[dict[str, Any]], bad: set[Bad]) -> None:
    """An earlier row that is bad only for an overlap still counts as an earlier one."""
    otherwise_bad = {number for table, number, _, _ in bad if table == "services"}
    timelines: dict[str, list[tuple[datetime, str, datetime, int]]] = defaultdict(list)
    for number, row in enumerate(services, start=1):
        if number not in otherwise_bad and row["status"] == "effective":
            entry = (row["starts_at"], row["service_id"], row["ends_at"], number)
            timelines[row["volunteer_id"]].append(entry)
    for timeline in timelines.values():
        timeline.sort()
        for position, (starts, _, _, number) in enumerate(timeline):
            if any(starts < ends for _, _, ends, _ in timeline[:position]):
                bad.add(("services", number, "starts_at", "overlap"))


def _staying(typed: dict[str, list[dict[str, Any]]], bad: set[Bad]) -> dict[str, list[int]]:
    """The rows that are neither bad nor hang on a row that is left out."""
    bad_rows = {(table, number) for table, number, _, _ in bad}
    staying: dict[str, list[int]] = {}
    for table in TABLES:  # a table stands after the one it refers to
        kept = [n for n in range(1, len(typed[table]) + 1) if (table, n) not in bad_rows]
        if table in REFERENCES:
            column, target = REFERENCES[table]
            key = next(iter(TABLES[target]))
            there = {typed[target][number - 1][key] for number in staying[target]}
            kept = [number for number in kept if typed[table][number - 1][column] in there]
        staying[table] = kept
    return staying
