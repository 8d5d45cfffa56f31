"""Small workbooks as a clerk fills them in, with invented people."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from zhiyuanhong.points.choices import SERVICES, VOLUNTEERS

Row = Sequence[str | int]


def service(number: int, volunteer: str, hours: int, **changes: str) -> Row:
    """One service on a day of its own in March or later 2026, from nine o'clock on."""
    day = f"2026-{3 + number // 28:02d}-{1 + number % 28:02d}"
    row = {
        "id": f"F{number:03d}",
        "volunteer": volunteer,
        "team": "互帮互助",
        "starts_at": f"{day} 09:00",
        "ends_at": f"{day} {9 + hours:02d}:00",
        "minutes": str(hours * 60),
        "emergency": "否",
        "skilled": "否",
        "leader": "否",
        "status": "有效",
        **changes,
    }
    return list(row.values())


def write_workbook(path: Path, volunteers: int = 3, *, bad: bool = False) -> Path:
    """Volunteer n serves 8 hours on n days, so that the later ones have more stars."""
    people = [[f"V{n:03d}", "阳光社区", "2025-01-15", 0] for n in range(1, volunteers + 1)]
    owners = [f"V{n:03d}" for n in range(1, volunteers + 1) for _ in range(n)]
    services = [service(n, owner, 8) for n, owner in enumerate(owners)]
    if bad:
        services.append(service(len(owners), "V999", 2, team="不存在的队"))
    book = xlsxwriter.Workbook(path)
    for table, rows in ((VOLUNTEERS, people), (SERVICES, services)):
        sheet = book.add_worksheet(table.label)
        headings = [column.label for column in table.columns]
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    book.close()
    return path
