"""An invented, skewed year of facts at any size, the same bytes for the same arguments."""

from calendar import SATURDAY
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from math import gcd, log
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.shared.refusals import RuleBroken

Progress = Callable[[int, int], None]

# (start, length) in minutes of the day. A service stays within one window and a volunteer comes at
# most once to each, so that no two services of one volunteer can ever overlap.
DAWN, MORNING, NOON, LATE, EVENING = (420, 120), (550, 160), (780, 160), (950, 150), (1110, 150)
ALL_DAY = (480, 690)
WAVES = {3, 7, 8, 12}  # the month of Lei Feng, the summer holidays, Volunteers' Day
FESTIVAL = 2
ROWS_AT_ONCE = 1_000_000
DICTIONARIES = [
    "team",
    "status",
    "rater",
    "community_id",
    "level",
    "kind",
    "reason",
    "score",
    "minutes",
]
FULLEST_SHARE = 80  # percent of the windows of the year that the most active volunteer fills
STEPS = (1, 1, 97, 211, 307, 401, 499, 601, 701, 809, 907, 1009, 1103, 1201, 1301, 1409)

VOLUNTEERS_SQL = """
CREATE TABLE people AS
WITH hashed AS (
  SELECT i::INTEGER AS i, hash(i, $seed, 'person') AS h, hash(i, $seed, 'active') AS g
  FROM range($volunteers) t(i)
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY g, i) - 1 AS place FROM hashed
), placed AS (
  SELECT *, make_date($year, 1, 1) + CASE
      WHEN h % 100 < 8 THEN ((g >> 8) % 364)::INTEGER
      WHEN h % 1000 >= 995 THEN 365 + ((g >> 8) % 30)::INTEGER
      ELSE -1 - (((g >> 8) % 2400) * ((h >> 8) % 2400) // 2400)::INTEGER END AS registered_on
  FROM ranked
), dated AS (
  SELECT *, CASE WHEN year(registered_on) = $year AND month(registered_on) < 12
    THEN month(registered_on) ELSE 0 END AS months_missed FROM placed
), weighed AS (
  SELECT *, CASE WHEN place % 18 = 5 THEN 0
    ELSE 1000000000 // (place * 1000000 // $volunteers + $flatness) * left_slots // $slots
    END::HUGEINT AS weight
  FROM dated JOIN steps USING (months_missed) WHERE step = (h >> 4) % $steps
), summed AS (
  SELECT *, sum(weight) OVER (ORDER BY i) AS upto, sum(weight) OVER () AS whole FROM weighed
)
SELECT i,
  'Z' || (990100 + i // 1000000) || strftime(registered_on, '%y%m')
    || lpad((i % 1000000)::VARCHAR, 6, '0')
    || substr('0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', (1 + (h >> 20) % 34)::INTEGER, 1)
    AS volunteer_id,
  'C' || lpad((1 + ((h >> 30) % 1000) * ((h >> 45) % 1000) * $communities // 1000000)::VARCHAR,
    4, '0') AS community_id,
  registered_on::DATE AS registered_on,
  CASE WHEN registered_on >= make_date($year, 1, 1) OR h % 10 = 9 THEN NULL
    ELSE (datediff('day', registered_on::DATE, make_date($year, 1, 1)) * (3 + (g >> 3) % 40) // 4)
  END::INTEGER AS prior_minutes,
  least(left_slots, (upto * $services // whole) - ((upto - weight) * $services // whole))::INTEGER
    AS turns,
  first_slot, left_slots, inverse, ((h >> 12) % left_slots)::INTEGER AS shift,
  (h >> 40 & 1023)::INTEGER AS temper
FROM summed
ORDER BY i
"""

# A volunteer's turns are the first `turns` values of a permutation of the windows of the year; its
# inverse tells, for any few days of the year, who comes, without looking at the rest.
SERVICES_SQL = """
WITH here AS (
  SELECT i, temper, volunteer_id, slot, day, opens, length, hash(i, slot, $seed) AS h
  FROM people CROSS JOIN slots
  WHERE slot BETWEEN $first AND $last
    AND CASE WHEN slot >= first_slot
      THEN (((slot - first_slot - shift + left_slots) % left_slots) * inverse) % left_slots
      ELSE left_slots END < turns
), timed AS (
  SELECT *, (opens + h % 21)::INTEGER AS start,
    (40 + greatest(h >> 8 & 1023, h >> 50 & 1023) * (length - 60) // 1023)::INTEGER AS span
  FROM here ORDER BY day, start, i
)
SELECT 'S' || (1000000000 + $done + row_number() OVER ()) AS service_id,
  volunteer_id,
  CASE WHEN length = 690 AND h % 3 > 0 THEN 'emergency' ELSE
    ['public_affairs', 'public_affairs', 'public_affairs', 'mutual_help', 'mutual_help',
     'elder_care', 'elder_care', 'minor_care', 'emergency', 'charity'][
     1 + CASE WHEN h % 5 > 0 THEN temper // 8 ELSE (h >> 18 & 1023)::INTEGER END % 10]
  END AS team,
  day + to_minutes(start) AS starts_at,
  day + to_minutes(start + span) AS ends_at,
  span - CASE WHEN (h >> 28) % 10 = 0 THEN 5 + ((h >> 32) % 26)::INTEGER ELSE 0 END AS minutes,
  (h >> 37) % 100 < CASE WHEN length = 690 THEN 30 ELSE 2 END AS emergency,
  (h >> 40) % 100 < 6 AS skilled,
  temper % 10 = 0 AND (h >> 44) % 2 = 0 AS leader,
  CASE WHEN (h >> 47) % 100 < 94 THEN 'effective' WHEN (h >> 47) % 100 < 97 THEN 'pending'
    WHEN (h >> 47) % 100 < 99 THEN 'rejected' ELSE 'voided' END AS status
FROM timed
"""

RATINGS_SQL = """
WITH asked AS (
  SELECT service_id, hash(service_id, $seed, 'rated') AS h, hash(volunteer_id) % 60 AS manner,
    unnest(['recipient', 'organizer']) AS rater
  FROM chunk
), given AS (
  SELECT service_id, rater, hash(h, rater) % 1000 + manner AS luck
  FROM asked WHERE CASE rater WHEN 'recipient' THEN h % 100 < 36 ELSE (h >> 8) % 100 < 7 END
  ORDER BY service_id, rater
)
SELECT 'R' || (1000000000 + $done + row_number() OVER ()) AS rating_id,
  service_id, rater,
  CASE WHEN luck < 12 THEN 1 WHEN luck < 34 THEN 2 WHEN luck < 100 THEN 3
    WHEN luck < 290 THEN 4 ELSE 5 END AS score
FROM given
"""

# What a volunteer has few of: {kind of row: (columns from the hash h, chances in 10,000, tries)}.
EVENTS_SQL = """
WITH drawn AS (
  SELECT i, volunteer_id, n, hash(i, n, $seed, '{table}') AS h
  FROM people CROSS JOIN range({tries}) t(n)
), happened AS (
  SELECT *, make_date($year, 1, 1) + ((h >> 16) % 365)::INTEGER AS day
  FROM drawn WHERE h % 10000 < {chances} ORDER BY day, i, n
)
SELECT '{letter}' || (100000000 + row_number() OVER ()) AS {key},
  volunteer_id, day, {columns}
FROM happened
"""
EVENTS = {
    "trainings": ("T", 2600, 6, "(h >> 40) % 12 > 0 AS passed"),
    "honors": (
        "H",
        60,
        3,
        (
            "['community', 'community', 'community', 'street', 'street', 'district', 'city',"
            " 'province', 'nation'][(1 + ((h >> 40) % 9) * ((h >> 44) % 9) // 9)::INTEGER] AS level"
        ),
    ),
    "conducts": (
        "K",
        150,
        4,
        (
            "['no_show', 'no_show', 'no_show', 'late_cancel', 'late_cancel', 'complaint',"
            " 'complaint', 'false_record'][(1 + (h >> 40) % 8)::INTEGER] AS kind"
        ),
    ),
    "adjustments": (
        "A",
        25,
        2,
        "(((h >> 40) % 41)::BIGINT - 20) * 500 AS millipoints, '核对更正' AS reason",
    ),
}


def synthesize(
    out: Path,
    *,
    volunteers: int,
    services_per_volunteer: int,
    seed: int,
    year: int = 2026,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write the seven fact tables to `out` as Parquet; returns the rows of each.

    Services come in the order of time, as a register grows. All volunteers together have exactly
    `volunteers * services_per_volunteer` services; `progress` is given (services written, of all).
    """
    slots = list(_slots(year))
    _refuse_impossible(volunteers, services_per_volunteer, len(slots))
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        connection = stack.enter_context(duckdb.connect(":memory:"))
        files = stack.enter_context(_Files(out))
        _prepare(
            connection,
            slots,
            volunteers=volunteers,
            services_per_volunteer=services_per_volunteer,
            seed=seed,
            year=year,
        )
        _write_volunteers(connection, files)
        _write_services(connection, files, seed, volunteers * services_per_volunteer, progress)
        for table, event in EVENTS.items():
            _write_events(connection, files, table, event, {"seed": seed, "year": year})
        return files.finish()


def _refuse_impossible(volunteers: int, services_per_volunteer: int, slots: int) -> None:
    most = slots // 4
    if volunteers < 1 or not 1 <= services_per_volunteer <= most:
        raise RuleBroken(
            "synth_size",
            f"志愿者人数须不少于 1，人均服务次数须为 1 至 {most}。请改正后重试。",
        )


def _slots(year: int) -> Iterator[tuple[date, int, int]]:
    """The windows of a year as (day, start, length): more of them where more people come."""
    day = date(year, 1, 1)
    while day.year == year:
        for start, length in _windows(day):
            yield day, start, length
        day += timedelta(days=1)


def _windows(day: date) -> tuple[tuple[int, int], ...]:
    if day.weekday() == SATURDAY and 15 <= day.day <= 21:
        return (ALL_DAY,)
    wave, festival = day.month in WAVES, day.month == FESTIVAL
    if day.weekday() >= SATURDAY:
        return (DAWN, MORNING, NOON, LATE, EVENING) if wave else (MORNING, NOON, LATE, EVENING)
    if festival:
        return (MORNING,)
    return (MORNING, NOON, EVENING) if wave else (MORNING, EVENING)


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    slots: list[tuple[date, int, int]],
    *,
    volunteers: int,
    services_per_volunteer: int,
    seed: int,
    year: int,
) -> None:
    """Make the tables the facts are drawn from: slots, steps and people."""
    connection.execute("SET memory_limit = '2GB'")
    connection.execute("CREATE TABLE slots (slot INTEGER, day DATE, opens INTEGER, length INTEGER)")
    connection.executemany(
        "INSERT INTO slots VALUES (?, ?, ?, ?)", [(n, *slot) for n, slot in enumerate(slots)]
    )
    connection.execute(
        "CREATE TABLE steps (months_missed INTEGER, step INTEGER,"
        " first_slot INTEGER, left_slots INTEGER, inverse INTEGER)"
    )
    connection.executemany("INSERT INTO steps VALUES (?, ?, ?, ?, ?)", list(_steps(slots)))
    parameters = {
        "volunteers": volunteers,
        "services": volunteers * services_per_volunteer,
        "communities": max(14, volunteers // 2500),
        "flatness": _flatness(services_per_volunteer, len(slots)),
        "slots": len(slots),
        "steps": len(STEPS),
        "seed": seed,
        "year": year,
    }
    connection.execute(VOLUNTEERS_SQL, parameters)


def _steps(slots: list[tuple[date, int, int]]) -> Iterator[tuple[int, int, int, int, int]]:
    """The walks through the windows that are left to one who registers in a month (0: all)."""
    for months_missed in range(12):
        first = next(n for n, slot in enumerate(slots) if slot[0].month > months_missed)
        left = len(slots) - first
        for n, wish in enumerate(STEPS):
            step = next(s for s in range(wish, wish + left) if gcd(s, left) == 1)
            yield months_missed, n, first, left, pow(step, -1, left)


def _flatness(services_per_volunteer: int, slots: int) -> int:
    """How far the most active must come down towards the mean to find enough windows."""
    most = slots * FULLEST_SHARE // 100
    flatness = 4000
    while services_per_volunteer * 1_200_000 > most * flatness * log(1 + 1_000_000 / flatness):
        flatness += flatness // 4
    return flatness


def _write_volunteers(connection: duckdb.DuckDBPyConnection, files: "_Files") -> None:
    people = (
        "SELECT volunteer_id, community_id, registered_on, prior_minutes FROM people ORDER BY i"
    )
    files.write("volunteers", connection.sql(people).to_arrow_table())


def _write_services(
    connection: duckdb.DuckDBPyConnection,
    files: "_Files",
    seed: int,
    total: int,
    progress: Progress | None,
) -> None:
    """Write services and their ratings, some days at once, so that memory stays small."""
    for first, last in _spans(connection, total):
        span = {"first": first, "last": last, "seed": seed, "done": files.rows["services"]}
        chunk = connection.sql(SERVICES_SQL, params=span).to_arrow_table()
        files.write("services", chunk)
        connection.register("chunk", chunk)
        rated = {"seed": seed, "done": files.rows["ratings"]}
        files.write("ratings", connection.sql(RATINGS_SQL, params=rated).to_arrow_table())
        connection.unregister("chunk")
        if progress:
            progress(files.rows["services"], total)


def _spans(connection: duckdb.DuckDBPyConnection, total: int) -> list[tuple[int, int]]:
    """The first and last slot of each stretch of whole days with about ROWS_AT_ONCE services."""
    days = max(1, 365 * ROWS_AT_ONCE // total)
    return connection.execute(
        "SELECT min(slot), max(slot) FROM slots GROUP BY (dayofyear(day) - 1) // ? ORDER BY 1",
        [days],
    ).fetchall()


def _write_events(
    connection: duckdb.DuckDBPyConnection,
    files: "_Files",
    table: str,
    event: tuple[str, int, int, str],
    parameters: dict[str, int],
) -> None:
    letter, chances, tries, columns = event
    text = EVENTS_SQL.format(
        table=table,
        key=table.removesuffix("s") + "_id",
        letter=letter,
        chances=chances,
        tries=tries,
        columns=columns,
    )
    files.write(table, connection.sql(text, params=parameters).to_arrow_table())


class _Files:
    """Parquet files that get their names only when all of them are complete."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.rows = {table.name: 0 for table in FACT_TABLES}
        self.writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def _partial(self, table: str) -> Path:
        return self.out / f".{table}.parquet.partial"

    def write(self, table: str, rows: pa.Table) -> None:
        """Append Arrow rows."""
        if table not in self.writers:
            self.writers[table] = pq.ParquetWriter(
                self._partial(table), rows.schema, use_dictionary=DICTIONARIES
            )
        self.writers[table].write_table(rows, row_group_size=ROWS_AT_ONCE // 4)
        self.rows[table] += rows.num_rows

    def finish(self) -> dict[str, int]:
        for table, writer in self.writers.items():
            writer.close()
            self._partial(table).replace(self.out / f"{table}.parquet")
        return self.rows

    def __exit__(self, *_: object) -> None:
        for table, writer in self.writers.items():
            writer.close()
            self._partial(table).unlink(missing_ok=True)
