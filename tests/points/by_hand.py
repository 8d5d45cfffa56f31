"""Facts and policies with few words, for examples worked out by hand."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.points.yardstick import assess

Row = dict[str, Any]
YEAR = 2026
ONE_LEVEL = {"article": "第二十四条", "level": [{"star": 1, "points": 1000}]}


def a_policy(*, stars: Row | None = None, service_time: Row | None = None, **sections: Row) -> Row:
    """1000 millipoints an hour, every minute counts, unless told otherwise."""
    time_rule = {
        "article": "第十八条",
        "millipoints_per_hour": 1000,
        "unit_minutes": 1,
        "combine": "highest",
    }
    return {"service_time": time_rule | (service_time or {}), "stars": stars or ONE_LEVEL} | {
        name: {"article": name} | section for name, section in sections.items()
    }


def a_volunteer(volunteer_id: str = "v", **cells: Any) -> Row:
    usual = {"community_id": "c", "registered_on": date(2025, 1, 1), "prior_minutes": None}
    return {"volunteer_id": volunteer_id} | usual | cells


def a_service(service_id: str, starts: str, minutes: int, **cells: Any) -> Row:
    starts_at = datetime.fromisoformat(starts)
    usual = {
        "service_id": service_id,
        "volunteer_id": "v",
        "team": "elder_care",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "minutes": minutes,
        "emergency": False,
        "skilled": False,
        "leader": False,
        "status": "effective",
    }
    return usual | cells


def scores(service_id: str, *values: int) -> list[Row]:
    return [
        {
            "rating_id": f"{service_id}-{at}",
            "service_id": service_id,
            "rater": "recipient",
            "score": value,
        }
        for at, value in enumerate(values)
    ]


def dated(table: str, row_id: str, day: str, **cells: Any) -> Row:
    usual = {f"{table[:-1]}_id": row_id, "volunteer_id": "v", "day": date.fromisoformat(day)}
    return usual | cells


def run(policy: Row, **tables: list[Row]) -> tuple[list[Row], list[Row]]:
    return assess({"volunteers": [a_volunteer()], "services": []} | tables, policy, YEAR)


def column(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


def points_of(volunteer_id: str, millipoints: int) -> Row:
    cells = {"volunteer_id": volunteer_id, "millipoints": millipoints, "reason": "起始"}
    return dated("adjustments", f"of {volunteer_id}", "2026-06-01", **cells)
