"""What makes a row of facts bad: one small function per check, from tables to bad rows."""

# Each check is the text of one set-based query over the tables of schema `reading`, which have a
# column `row` (the first data row is 1) and the fact table's own columns, typed, null where a cell
# is empty or unreadable. It gives the rows of `reading.bad`: table_no, row, column_no, code.

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from zhiyuanhong.points.choices import FACT_TABLES, RATINGS, SERVICES, Column, FactTable, Kind

BAD_TABLE = "CREATE TABLE reading.bad (table_no INT, row BIGINT, column_no INT, code VARCHAR)"
ONE_DAY = "CAST(starts_at AS DATE) = CAST(ends_at AS DATE)"
REASONS = MappingProxyType(
    {
        "required_empty": "必填项为空",
        "wrong_type": "内容看不懂",
        "unknown_code": "不是规定的选项",
        "duplicate_id": "编号重复，同一编号在前面已经出现过",
        "unknown_reference": "所填编号在表中找不到",
        "not_after_start": "结束时间不晚于开始时间",
        "different_days": "开始和结束不在同一天",
        "minutes_out_of_range": "时长应在 1 分钟到起止时间相差的分钟数之间",
        "overlap": "与同一志愿者较早的有效服务时间重叠",
        "score_out_of_range": "分数应为 1 到 5",
    }
)
SHAPES = MappingProxyType(
    {
        Kind.DATE: "应为日期，写成 2026-03-05 这样",
        Kind.TIME: "应为日期和时间，写成 2026-03-05 09:00 这样",
        Kind.INTEGER: "应为整数",
        Kind.BOOLEAN: "应为“是”或“否”",
    }
)


def reason_of(code: str, column: Column) -> str:
    """The cause in Chinese, as it stands in the report."""
    if code == "wrong_type":
        return SHAPES.get(column.kind, REASONS[code])
    if code == "unknown_code":
        return f"{REASONS[code]}，可填：{'、'.join(column.codes.values())}"
    if code == "unknown_reference":
        named = next(t for t in FACT_TABLES if t.name == column.refers_to)
        return f"所填编号在“{named.label}”表中找不到"
    return REASONS[code]


def _bad(table: FactTable, column: str, code: str, rows: str) -> str:
    """Marks the `row`s of a query as bad in one column."""
    table_no, column_no = FACT_TABLES.index(table), table.columns.index(table.column(column))
    return f"SELECT {table_no}, row, {column_no}, '{code}' FROM ({rows})"


def _where(table: FactTable, column: str, code: str, condition: str) -> str:
    return _bad(table, column, code, f"SELECT row FROM reading.{table.name} WHERE {condition}")


def empty_cells(table: FactTable, column: Column) -> str:
    """A required cell is empty. `reading.raw_*` holds the cells as they were, row by rowid."""
    return _bad(table, column.name, "required_empty", _unread(table, column, "IS NULL"))


def unreadable_cells(table: FactTable, column: Column) -> str:
    """A cell is not of its column's type, or no code of it."""
    code = "unknown_code" if column.kind is Kind.CODE else "wrong_type"
    return _bad(table, column.name, code, _unread(table, column, "IS NOT NULL"))


def _unread(table: FactTable, column: Column, raw: str) -> str:
    return (
        f"SELECT t.row FROM reading.{table.name} t JOIN reading.raw_{table.name} r "
        f"ON r.rowid = t.row - 1 WHERE t.{column.name} IS NULL AND r.{column.name} {raw}"
    )


def ids_rise(table: FactTable) -> str:
    """Whether each id is greater than the one before it: then none stands twice.

    So it is in most exports, and it is six times quicker to see than by counting.
    """
    key = table.key.name
    return (
        f"SELECT coalesce(bool_and(coalesce({key} > before, is_first)), true) FROM (SELECT {key}, "
        f"lag({key}) OVER () AS before, row_number() OVER () = 1 AS is_first "
        f"FROM reading.{table.name} WHERE {key} IS NOT NULL)"
    )


def duplicate_ids(table: FactTable) -> str:
    """An id stands twice in its table: every row after the first is bad.

    Hashes are counted first, they are smaller than ids; what they find is then compared by id.
    """
    key, name = table.key.name, f"reading.{table.name}"
    return _bad(
        table,
        key,
        "duplicate_id",
        f"SELECT row FROM {name} WHERE {key} IS NOT NULL AND hash({key}) IN "
        f"(SELECT hash({key}) FROM {name} GROUP BY ALL HAVING count(*) > 1) "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY row) > 1",
    )


def unknown_references(table: FactTable, column: Column) -> str:
    """It names a volunteer or a service that is not there."""
    named = next(t for t in FACT_TABLES if t.name == column.refers_to)
    return _bad(
        table,
        column.name,
        "unknown_reference",
        f"SELECT row FROM reading.{table.name} t ANTI JOIN reading.{named.name} n "
        f"ON t.{column.name} = n.{named.key.name} WHERE t.{column.name} IS NOT NULL",
    )


def not_after_start() -> str:
    return _where(SERVICES, "ends_at", "not_after_start", "ends_at <= starts_at")


def different_days() -> str:
    return _where(
        SERVICES,
        "ends_at",
        "different_days",
        f"ends_at > starts_at AND NOT {ONE_DAY}",
    )


def minutes_out_of_range() -> str:
    """Whole minutes of 60 seconds between start and end, not minutes of the clock face."""
    return _where(
        SERVICES,
        "minutes",
        "minutes_out_of_range",
        f"ends_at > starts_at AND {ONE_DAY} AND "
        "minutes NOT BETWEEN 1 AND (epoch_us(ends_at) - epoch_us(starts_at)) // 60000000",
    )


def scores_out_of_range() -> str:
    return _where(RATINGS, "score", "score_out_of_range", "score NOT BETWEEN 1 AND 5")


def overlaps() -> str:
    """An effective service begins before an earlier one of the same volunteer has ended.

    Runs last: rows already bad play no part, neither as earlier nor as later. As what remains
    stays within one day, only days with two services are sorted.
    """
    services = FACT_TABLES.index(SERVICES)
    group = "hash(volunteer_id, CAST(starts_at AS DATE))"
    return _bad(
        SERVICES,
        "starts_at",
        "overlap",
        "WITH sound AS (SELECT row, service_id, volunteer_id, starts_at, ends_at "
        "FROM reading.services WHERE status = 'effective' AND row NOT IN "
        f"(SELECT row FROM reading.bad WHERE table_no = {services})), "
        f"shared AS (SELECT {group} AS day FROM sound GROUP BY ALL HAVING count(*) > 1) "
        f"SELECT row FROM sound WHERE {group} IN (FROM shared) "
        "QUALIFY starts_at < max(ends_at) OVER (PARTITION BY volunteer_id "
        "ORDER BY starts_at, service_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)",
    )


def holes(table: FactTable) -> str:
    """How many nulls each column has: only where there are some need cells be looked at."""
    counts = ", ".join(f"count(*) - count({column.name})" for column in table.columns)
    return f"SELECT {counts} FROM reading.{table.name}"


def cell_checks(table: FactTable, holes_of: Sequence[int]) -> Iterator[str]:
    for column, nulls in zip(table.columns, holes_of, strict=True):
        if nulls and column.required:
            yield empty_cells(table, column)
        if nulls:
            yield unreadable_cells(table, column)


def row_checks(table: FactTable) -> Iterator[str]:
    for column in table.columns:
        if column.refers_to:
            yield unknown_references(table, column)
    if table is RATINGS:
        yield scores_out_of_range()
    if table is SERVICES:
        yield from (not_after_start(), different_days(), minutes_out_of_range(), overlaps())
