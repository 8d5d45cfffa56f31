"""Invented fact sets as a clerk's cell texts, with defects of every kind planted in them."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.points.dice import Dice
from tests.points.invented_facts import Facts, a_fact_set
from tests.points.invented_policies import YEARS
from zhiyuanhong.points.choices import FACT_TABLES, Column, FactTable, Kind

RawRow = dict[str, str | None]
RawTables = dict[str, list[RawRow]]

EMPTY = (None, "", " ", "\u3000 ")
PADDING = (" ", "\u3000", "  ", "\t", "\u3000 ")
UNREADABLE = {
    Kind.DATE: ("昨天", "2026-02-30", "2025-02-29", "2026-13-01", "2026/01/02", "2026-1-5", "0"),
    Kind.TIME: (
        "上午",
        "2026-06-15",
        "2026-06-15 24:00",
        "2026-06-15 09:60",
        "2026-06-31 09:00",
        "2026-06-15 9:00",
        "2026-06-15 09:00:60",
    ),
    Kind.INTEGER: ("一小时", "1.5", "1.0", "1e3", "1,000", "--1", "+", "9" * 19, str(10**15 + 1)),
    Kind.BOOLEAN: ("对", "2", "yes", "-1", "是否"),
}
UNKNOWN_CODES = ("unknown", "社区", "待审", "绿化队", "0", "*")
CHINESE_BOOLEANS = {"true": "是", "false": "否"}
DIGIT_BOOLEANS = {"true": "1", "false": "0"}


def a_raw_fact_set(dice: Dice) -> RawTables:
    """Clean facts as texts, then up to six defects, then the spellings of a clerk."""
    facts = a_fact_set(dice, dice.pick(YEARS))
    tables = plain_texts(facts)
    for _ in range(dice.between(0, 6)):
        dice.pick(DEFECTS)(dice, tables)
    return {
        table.name: [_dressed(dice, table, row) for row in tables[table.name]]
        for table in FACT_TABLES
    }


def plain_texts(facts: Facts) -> RawTables:
    """Clean facts as the cell texts of a CSV."""
    return {
        table.name: [
            {column.name: _text(row[column.name]) for column in table.columns}
            for row in facts[table.name]
        ]
        for table in FACT_TABLES
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


# --- the spellings of a clerk --------------------------------------------------------------------


def _dressed(dice: Dice, table: FactTable, row: RawRow) -> RawRow:
    """One throw decides the spelling of the whole row; 0 leaves it plain."""
    spelling = dice.between(0, 5 ** len(table.columns) - 1) if dice.chance(60) else 0
    dressed: RawRow = {}
    for column in table.columns:
        dressed[column.name] = _spelt(row[column.name], column, spelling % 5)
        spelling //= 5
    return dressed


def _spelt(text: str | None, column: Column, style: int) -> str | None:
    if text is None or style == 0:
        return text
    if style == 1:
        return PADDING[len(text) % 5] + text + PADDING[len(text) % 3]
    if column.kind in (Kind.ID, Kind.TEXT):
        return text
    if style == 2:
        return full_width(text)
    other = _in_other_words(text, column, style)
    return other if style == 3 else "\u3000" + full_width(other)


def _in_other_words(text: str, column: Column, style: int) -> str:
    if column.kind is Kind.CODE:
        return column.codes.get(text, text)
    if column.kind is Kind.BOOLEAN:
        return (CHINESE_BOOLEANS if style == 3 else DIGIT_BOOLEANS).get(text, text)
    if column.kind is Kind.INTEGER and text.isdigit():
        return "+" + text if style == 3 else "0" + text
    if column.kind is Kind.TIME:
        return text.removesuffix(":00") if len(text) == 19 else text
    return text


def full_width(text: str) -> str:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
    return text.translate(wide)


# --- defects; each one leaves the tables alone when they have no row for it ----------------------


def _a_row(dice: Dice, tables: RawTables, *names: str) -> tuple[FactTable, RawRow] | None:
    """A row of one of the named tables, or of any."""
    found = [t for t in FACT_TABLES if tables[t.name] and (not names or t.name in names)]
    if not found:
        return None
    table = dice.pick(found)
    return table, dice.pick(tables[table.name])


def empty_cell(dice: Dice, tables: RawTables) -> None:
    if found := _a_row(dice, tables):
        table, row = found
        row[dice.pick(table.columns).name] = dice.pick(EMPTY)


def unreadable_cell(dice: Dice, tables: RawTables) -> None:
    if found := _a_row(dice, tables):
        table, row = found
        columns = [column for column in table.columns if column.kind in UNREADABLE]
        if columns:
            column = dice.pick(columns)
            row[column.name] = dice.pick(UNREADABLE[column.kind])


def unknown_code(dice: Dice, tables: RawTables) -> None:
    if found := _a_row(dice, tables, "services", "ratings", "honors", "conducts"):
        table, row = found
        column = dice.pick([column for column in table.columns if column.kind is Kind.CODE])
        row[column.name] = dice.pick(UNKNOWN_CODES)


def second_of_one_id(dice: Dice, tables: RawTables) -> None:
    if found := _a_row(dice, tables):
        table, row = found
        other = dict(dice.pick(tables[table.name]))
        other[table.key.name] = row[table.key.name]
        rows = tables[table.name]
        rows.insert(dice.between(0, len(rows)), other)


def unknown_reference(dice: Dice, tables: RawTables) -> None:
    """Names nobody, or an id that NFKC would make a known one."""
    if found := _a_row(dice, tables, *(t.name for t in FACT_TABLES[1:])):
        table, row = found
        column = next(c for c in table.columns if c.refers_to)
        named = row[column.name] or ""
        row[column.name] = dice.pick(("nobody", full_width(named), named + "0", "查无此人"))


def _a_service(dice: Dice, tables: RawTables) -> tuple[RawRow, datetime, datetime] | None:
    """A service whose times are still readable."""
    found = _a_row(dice, tables, "services")
    if found is None:
        return None
    row = found[1]
    try:
        starts = datetime.fromisoformat(row["starts_at"] or "")
        return row, starts, datetime.fromisoformat(row["ends_at"] or "")
    except ValueError:
        return None


def end_before_start(dice: Dice, tables: RawTables) -> None:
    if found := _a_service(dice, tables):
        row, starts, _ = found
        row["ends_at"] = _text(starts - timedelta(seconds=dice.pick((0, 1, 3600, 86400))))


def end_on_another_day(dice: Dice, tables: RawTables) -> None:
    if found := _a_service(dice, tables):
        row, starts, _ = found
        midnight = datetime.combine(starts.date() + timedelta(days=1), datetime.min.time())
        row["ends_at"] = _text(midnight + timedelta(minutes=dice.pick((0, 1, 600, 1440))))


def minutes_out_of_range(dice: Dice, tables: RawTables) -> None:
    """Also the case of seconds: from 09:00:59 to 09:02:00 there is only one whole minute."""
    if found := _a_service(dice, tables):
        row, starts, ends = found
        if dice.chance(30) and ends - starts > timedelta(minutes=1):
            row["starts_at"] = _text(starts + timedelta(seconds=dice.pick((1, 59))))
        else:
            longest = (ends - starts).seconds // 60
            row["minutes"] = str(dice.pick((0, -1, longest + 1, longest, 10**15)))


def overlaps(dice: Dice, tables: RawTables) -> None:
    """A chain of services, each starting before the one before it ends, or as it ends."""
    if found := _a_service(dice, tables):
        row, starts, ends = found
        for position in range(dice.between(1, 3)):
            length = ends - starts
            starts = dice.pick((ends - timedelta(minutes=1), starts, ends, ends - length / 2))
            starts = starts.replace(microsecond=0)
            ends = starts + length
            new_id = f"{row['service_id']}-{position}"
            later = {**row, "service_id": new_id, "status": dice.pick(("effective", "pending"))}
            later |= {"starts_at": _text(starts), "ends_at": _text(ends), "minutes": "1"}
            tables["services"].insert(dice.between(0, len(tables["services"])), later)


def score_out_of_range(dice: Dice, tables: RawTables) -> None:
    if found := _a_row(dice, tables, "ratings"):
        found[1]["score"] = dice.pick(("0", "6", "-1", "50"))


def left_hanging(dice: Dice, tables: RawTables) -> None:
    """A volunteer or service that is there but bad: the rows naming it hang."""
    if found := _a_row(dice, tables, "volunteers", "services"):
        table, row = found
        row[dice.pick(table.columns[1:3]).name] = dice.pick(("", "x"))


DEFECTS = (
    empty_cell,
    unreadable_cell,
    unknown_code,
    second_of_one_id,
    unknown_reference,
    end_before_start,
    end_on_another_day,
    minutes_out_of_range,
    overlaps,
    score_out_of_range,
    left_hanging,
)
