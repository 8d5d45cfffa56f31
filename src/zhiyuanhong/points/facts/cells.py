"""What a cell means: SQL expressions from a source column to a typed fact column."""

import re
from dataclasses import dataclass

from zhiyuanhong.points.choices import Column, Kind

# What Python's str.strip() takes off, spelled out: the database has a narrower idea of blanks.
BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
LARGEST_INTEGER = 10**15
SQL_TYPES = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.TIME: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}
# Text that plainly needs no trimming; tested first, as trimming by character costs ten times more.
_TRIMMED = r"(?s)^[!-~\x{3400}-\x{9fff}](.*[!-~\x{3400}-\x{9fff}])?$"
_INTEGERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_TEXTUAL = (Kind.ID, Kind.TEXT, Kind.CODE)
_NORMALIZED = (Kind.DATE, Kind.TIME, Kind.INTEGER, Kind.BOOLEAN, Kind.CODE)


@dataclass(frozen=True)
class Cell:
    """A source column: `sql` names it, `sql_type` is the database's type for it."""

    sql: str
    sql_type: str = "VARCHAR"

    @property
    def family(self) -> str:
        if self.sql_type == "VARCHAR" or self.sql_type.startswith("ENUM"):
            return "text"
        if _INTEGERS.fullmatch(self.sql_type):
            return "integer"
        if self.sql_type in ("FLOAT", "DOUBLE") or self.sql_type.startswith("DECIMAL"):
            return "number"
        if self.sql_type in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
            return "time"
        return {"BOOLEAN": "boolean", "DATE": "date"}.get(self.sql_type, "strange")


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def is_normalized(column: Column) -> bool:
    """Whether full-width characters count as their plain ones; never in ids and free text."""
    return column.kind in _NORMALIZED


def trimmed(cell: Cell) -> str:
    """Text without surrounding blanks, null where nothing is left; any other type as it is."""
    if cell.family != "text":
        return cell.sql
    text = f"CAST({cell.sql} AS VARCHAR)"
    return (
        f"CASE WHEN regexp_matches({text}, {literal(_TRIMMED)}) THEN {text} "
        f"ELSE nullif(trim({text}, {literal(BLANKS)}), '') END"
    )


def value(column: Column, cell: Cell) -> str:
    """The typed value of a trimmed and normalized cell, null where it is not of the type."""
    if column.kind in _TEXTUAL:
        text = _text(cell)
        return _code(column, text) if column.kind is Kind.CODE else text
    return {
        Kind.DATE: _date,
        Kind.TIME: _time,
        Kind.INTEGER: _integer,
        Kind.BOOLEAN: _boolean,
    }[column.kind](cell)


def plain(column: Column, cell: Cell) -> str | None:
    """A condition under which the source column already is the value; None if it never is.

    It is what lets a clean Parquet file be read where it lies, without a copy.
    """
    sql = cell.sql
    conditions = {
        (Kind.ID, "text"): f"regexp_matches({sql}, {literal(_TRIMMED)})",
        (Kind.TEXT, "text"): f"regexp_matches({sql}, {literal(_TRIMMED)})",
        (Kind.CODE, "text"): f"{sql} IN ({', '.join(map(literal, column.codes))})",
        (Kind.INTEGER, "integer"): f"{sql} BETWEEN {-LARGEST_INTEGER} AND {LARGEST_INTEGER}",
        (Kind.BOOLEAN, "boolean"): f"{sql} IS NOT NULL",
        (Kind.DATE, "date"): _in_calendar(sql),
        (Kind.TIME, "time"): f"{value(column, cell)} IS NOT NULL",
    }
    condition = conditions.get((column.kind, cell.family))
    if condition is None or column.required:
        return condition
    return f"({sql} IS NULL OR {condition})"


def plain_value(column: Column, cell: Cell) -> str:
    return f"CAST({cell.sql} AS {SQL_TYPES[column.kind]})"


def _null(column_type: str) -> str:
    return f"CAST(NULL AS {column_type})"


def _in_calendar(sql: str) -> str:
    return f"{sql} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"


def _is_integral(sql: str) -> str:
    number = f"CAST({sql} AS DOUBLE)"
    return f"isfinite({number}) AND {number} = trunc({number})"


def _text(cell: Cell) -> str:
    sql = cell.sql
    if cell.family in ("text", "integer", "date"):
        return f"CAST({sql} AS VARCHAR)"
    if cell.family == "number":
        whole = f"CAST(try_cast({sql} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {_is_integral(sql)} THEN {whole} ELSE CAST({sql} AS VARCHAR) END"
    return _null("VARCHAR")


def _code(column: Column, text: str) -> str:
    known = "".join(
        f" WHEN {literal(code)} THEN {literal(code)} WHEN {literal(label)} THEN {literal(code)}"
        for code, label in column.codes.items()
    )
    return f"CASE {text}{known} END"


def _date(cell: Cell) -> str:
    sql = cell.sql
    if cell.family == "text":
        day = f"try_cast({sql} AS DATE)"  # lenient, hence the way back
        return f"CASE WHEN strlen({sql}) = 10 AND CAST({day} AS VARCHAR) = {sql} THEN {day} END"
    if cell.family == "date":
        return f"CASE WHEN {_in_calendar(sql)} THEN {sql} END"
    if cell.family == "time":
        day = f"CAST({sql} AS DATE)"
        return f"CASE WHEN {sql} = date_trunc('day', {sql}) AND {_in_calendar(day)} THEN {day} END"
    return _null("DATE")


def _time(cell: Cell) -> str:
    sql = cell.sql
    if cell.family == "text":
        text = f"CASE strlen({sql}) WHEN 16 THEN {sql} || ':00' WHEN 19 THEN {sql} END"
        time = f"try_cast({text} AS TIMESTAMP)"
        return f"CASE WHEN CAST({time} AS VARCHAR) = {text} THEN {time} END"
    if cell.family == "time":
        time = f"CAST({sql} AS TIMESTAMP)"
        first, last = "TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59'"
        return (
            f"CASE WHEN {time} BETWEEN {first} AND {last} "
            f"AND {sql} = date_trunc('second', {sql}) THEN {time} END"
        )
    return _null("TIMESTAMP")


def _integer(cell: Cell) -> str:
    sql = cell.sql
    bounds = f"BETWEEN {-LARGEST_INTEGER} AND {LARGEST_INTEGER}"
    if cell.family == "text":
        number = f"try_cast({sql} AS HUGEINT)"
        shape = f"regexp_full_match({sql}, '[+-]?[0-9]+')"
        return f"CASE WHEN {shape} AND {number} {bounds} THEN CAST({number} AS BIGINT) END"
    if cell.family == "integer":
        return f"CASE WHEN {sql} {bounds} THEN CAST({sql} AS BIGINT) END"
    if cell.family == "number":
        fits = f"{_is_integral(sql)} AND {sql} {bounds}"
        return f"CASE WHEN {fits} THEN CAST({sql} AS BIGINT) END"
    return _null("BIGINT")


def _boolean(cell: Cell) -> str:
    sql = cell.sql
    if cell.family == "text":
        return (
            f"CASE lower({sql}) WHEN 'true' THEN true WHEN '1' THEN true WHEN '是' THEN true "
            "WHEN 'false' THEN false WHEN '0' THEN false WHEN '否' THEN false END"
        )
    if cell.family == "boolean":
        return sql
    if cell.family in ("integer", "number"):
        return f"CASE WHEN {sql} = 1 THEN true WHEN {sql} = 0 THEN false END"
    return _null("BOOLEAN")
