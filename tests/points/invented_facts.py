"""Invented fact sets: clean and typed, full of edges and ties."""

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.points.dice import Dice
from zhiyuanhong.points.choices import (
    CONDUCT_KINDS,
    FACT_TABLES,
    FLAGS,
    HONOR_LEVELS,
    RATERS,
    STATUSES,
    TEAMS,
)

Row = dict[str, Any]
Facts = dict[str, list[Row]]

# Code point order differs here from a locale's order, and (～ before 😀) from UTF-16 order.
LETTERS = "0aAbBzZ129志愿éÉ～Ａ𠮷😀-_"
PREFIXES = ("v", "V", "v0", "志愿", "é", "", "e\u0301")
ODD_IDS = ("NA", "null", "007", "7", "true", "Ａ1", "A1", "1e5", "a b", 'a,"b"')
MINUTES = (60, 30, 1, 2, 14, 15, 29, 31, 45, 59, 61, 90, 119, 120, 180, 239, 240, 480, 481)
HUGE = (-(10**15), 10**15)
REASONS = ("更正", "补录，见附件", 'a,"b"', "两行\n原因", "😀", "0")


class _Builder:
    """Collects the rows of one clean fact set."""

    def __init__(self, dice: Dice, year: int) -> None:
        self.dice = dice
        self.days = _days(year)
        self.registrations = _registrations(year)
        self.facts: Facts = {table.name: [] for table in FACT_TABLES}
        self.used: set[tuple[str, str]] = set()
        self.street = [self.new_id("community") for _ in range(dice.between(1, 3))]

    def new_id(self, kind: str) -> str:
        dice = self.dice
        # one throw makes the whole name, to keep cases quick to draw
        number = dice.between(0, 40 * len(PREFIXES) * len(LETTERS) - 1)
        if number % 40 > 36:
            name = ODD_IDS[number // 40 % len(ODD_IDS)]
        else:
            ending = LETTERS[number % 40] if number % 40 < len(LETTERS) else ""
            name = PREFIXES[number // 40 % len(PREFIXES)] + LETTERS[number // 280] + ending
        while (kind, name) in self.used:
            name += dice.pick("0aA𠮷")
        self.used.add((kind, name))
        return name

    def add(self, table: str, **cells: Any) -> None:
        key = table[:-1] + "_id"
        self.facts[table].append({key: self.new_id(table), **cells})

    def volunteer(self) -> None:
        self.add(
            "volunteers",
            community_id=self.dice.pick(self.street),
            registered_on=self.dice.pick(self.registrations),
            prior_minutes=self.dice.pick((None, 0, 1, 59, 60, 540, 5999, 6000, 10**15)),
        )
        volunteer_id = self.facts["volunteers"][-1]["volunteer_id"]
        self._services(volunteer_id)
        self._dated(volunteer_id)

    def twin(self) -> None:
        """The last volunteer once more under other ids, often with one difference: ties."""
        last = self.facts["volunteers"][-1]
        self.add("volunteers", **{k: v for k, v in last.items() if k != "volunteer_id"})
        twin = self.facts["volunteers"][-1]
        if self.dice.chance(30):
            twin["registered_on"] = self.dice.pick(self.registrations)
        if self.dice.chance(30):
            twin["community_id"] = self.dice.pick(self.street)
        left_out = "ratings" if self.dice.chance(40) else ""
        for table in ("services", "trainings", "honors", "conducts", "adjustments"):
            for row in list(self.facts[table]):
                if row["volunteer_id"] == last["volunteer_id"]:
                    self._copy(table, row, twin["volunteer_id"], rated=not left_out)

    def _copy(self, table: str, row: Row, volunteer_id: str, *, rated: bool) -> None:
        key = table[:-1] + "_id"
        cells = {k: v for k, v in row.items() if k != key}
        self.add(table, **{**cells, "volunteer_id": volunteer_id})
        if table == "services" and rated:
            copied = self.facts["services"][-1]["service_id"]
            for rating in list(self.facts["ratings"]):
                if rating["service_id"] == row[key]:
                    self.add(
                        "ratings", service_id=copied, rater=rating["rater"], score=rating["score"]
                    )

    def _services(self, volunteer_id: str) -> None:
        """Effective services never overlap but may touch; others lie anywhere."""
        free_from: dict[date, datetime] = {}
        for _ in range(self.dice.between(0, 8)):
            day = self.dice.pick(self.days)
            status = "effective" if self.dice.chance(80) else self.dice.pick(tuple(STATUSES))
            span = self._span(day, free_from.get(day) if status == "effective" else None)
            if span is None:
                continue
            if status == "effective":
                free_from[day] = span[1]
            self._service(volunteer_id, span, status)

    def _span(self, day: date, free_from: datetime | None) -> tuple[datetime, datetime] | None:
        """A start and an end on that day, or None when no room is left."""
        if free_from is None:
            clock = self.dice.pick((time(9), time(0), time(8, 30, 30), time(23, 58), time(21)))
            starts = datetime.combine(day, clock)
        else:
            starts = free_from + timedelta(seconds=self.dice.pick((0, 1, 60, 1799, 3600)))
        ends = starts + timedelta(minutes=self.dice.pick(MINUTES))
        if self.dice.chance(10):
            ends += timedelta(seconds=self.dice.pick((1, 30, 59)))
        last = datetime.combine(day, time(23, 59))
        ends = min(ends, last)
        return (starts, ends) if ends - starts >= timedelta(minutes=1) else None

    def _service(self, volunteer_id: str, span: tuple[datetime, datetime], status: str) -> None:
        dice = self.dice
        longest = (span[1] - span[0]).seconds // 60
        minutes = longest if dice.chance(70) else dice.between(1, longest)
        teams = tuple(TEAMS)[:3] if dice.chance(60) else tuple(TEAMS)
        self.add(
            "services",
            volunteer_id=volunteer_id,
            team=dice.pick(teams),
            starts_at=span[0],
            ends_at=span[1],
            minutes=minutes,
            **{flag: dice.chance(30) for flag in FLAGS},
            status=status,
        )
        service_id = self.facts["services"][-1]["service_id"]
        usual = dice.pick((5, 4, 3, 2, 1))
        for _ in range(dice.between(0, 4) if dice.chance(60) else 0):
            score = usual if dice.chance(60) else dice.between(1, 5)
            self.add("ratings", service_id=service_id, rater=dice.pick(tuple(RATERS)), score=score)

    def _dated(self, volunteer_id: str) -> None:
        dice = self.dice
        for table, column, values in (
            ("trainings", "passed", (True, False, True)),
            ("honors", "level", tuple(HONOR_LEVELS)),
            ("conducts", "kind", tuple(CONDUCT_KINDS)),
            ("adjustments", "millipoints", (500, 0, -500, 1, -1, 1000, -3000, 30000, *HUGE)),
        ):
            for _ in range(dice.between(0, 3) if dice.chance(50) else 0):
                cells = {column: dice.pick(values)}
                if table == "adjustments":
                    cells["reason"] = dice.pick(REASONS)
                self.add(table, volunteer_id=volunteer_id, day=dice.pick(self.days), **cells)


def _leap_day(year: int) -> date:
    return date(year - year % 4, 2, 29)


def _days(year: int) -> list[date]:
    """Days on which something happens, many of them edges; February's end is in the year."""
    return [
        date(year, 6, 15),
        date(year, 1, 1),
        date(year, 12, 31),
        date(year, 1, 31),
        date(year, 3, 1) - timedelta(days=1),
        date(year, 3, 1),
        date(year, 4, 30),
        date(year, 7, 1),
        date(year, 6, 16),
        date(year - 1, 12, 31),
        date(year + 1, 1, 1),
        _leap_day(year),
    ]


def _registrations(year: int) -> list[date]:
    return [
        date(year, 6, 1),
        date(year, 6, 30),
        date(year, 12, 31),
        date(year, 12, 1),
        date(year + 1, 1, 1),
        date(year, 1, 1),
        date(year - 1, 12, 31),
        _leap_day(year),
        date(2019, 5, 5),
    ]


def a_fact_set(dice: Dice, year: int) -> Facts:
    """Clean typed facts: all seven tables, rows in no order."""
    builder = _Builder(dice, year)
    for position in range(dice.between(0, 12)):
        if position and dice.chance(35):
            builder.twin()
        else:
            builder.volunteer()
    for rows in builder.facts.values():
        if len(rows) > 1 and dice.chance(50):
            at = dice.between(1, len(rows) - 1)
            rows[:] = rows[at:][::-1] + rows[:at]
    return builder.facts
