"""The empty workbook that a clerk fills in: Chinese headings, lists to choose from, one example."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zhiyuanhong.points.choices import FACT_TABLES, Column, FactTable, Kind
from zhiyuanhong.points.facts.whole_files import written_whole

LAST_ROW = 99_999  # so far down reach the formats and the lists
NOTES_SHEET = "填写说明"
EXAMPLES: Mapping[str, tuple[Any, ...]] = {
    "volunteers": ("V0001", "C01", dt.date(2024, 3, 5), 1200),
    "services": (
        "S0001",
        "V0001",
        "互帮互助",
        dt.datetime(2026, 3, 5, 9, 0),  # noqa: DTZ001 - a clerk writes local time
        dt.datetime(2026, 3, 5, 11, 30),  # noqa: DTZ001
        150,
        "否",
        "否",
        "是",
        "有效",
    ),
    "ratings": ("R0001", "S0001", "服务对象", 5),
    "trainings": ("T0001", "V0001", dt.date(2026, 4, 18), "是"),
    "honors": ("H0001", "V0001", dt.date(2026, 10, 12), "街道"),
    "conducts": ("X0001", "V0001", dt.date(2026, 5, 1), "迟取消"),
    "adjustments": ("A0001", "V0001", dt.date(2026, 12, 1), 500, "补记一次未登记的服务"),
}
_FORMATS: Mapping[Kind, str] = {
    Kind.ID: "@",  # text, so that 001 stays 001
    Kind.TEXT: "@",
    Kind.CODE: "@",
    Kind.BOOLEAN: "@",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm",
    Kind.INTEGER: "0",
}
_WIDTHS: Mapping[Kind, int] = {Kind.TIME: 18, Kind.INTEGER: 10, Kind.BOOLEAN: 9, Kind.TEXT: 32}
_SHAPES: Mapping[Kind, str] = {
    Kind.ID: "编号，按文本填写，同一张表内不能重复",
    Kind.TEXT: "文字",
    Kind.DATE: "日期，如 2026-03-05",
    Kind.TIME: "日期和时间，如 2026-03-05 09:00",
    Kind.INTEGER: "整数",
    Kind.BOOLEAN: "填“是”或“否”",
}
_SPECIAL: Mapping[str, str] = {
    "prior_minutes": "本年以前累计的服务时长，单位分钟；没有就空着",
    "minutes": "服务时长，单位分钟，不能超过起止时间之差",
    "ends_at": "结束日期和时间，如 2026-03-05 11:30，须与开始在同一天",
    "score": "1 到 5 的整数",
    "millipoints": "千分之一分，可为负：加 0.5 分填 500，减 1 分填 -1000",
}
_NOTES = (
    "每张工作表是一种数据。“志愿者”和“服务记录”必须有，其余没有就留空。",
    "每张表的第 2 行是示例，填写前请删去或改成真实数据。",
    "请不要改动表名和表头；列的先后可以调整，另加的列不会被读取。",
    "一行填一条，中间不要合并单元格。",
    "同一志愿者的有效服务，时间不能重叠。",
)


def write_template(path: Path) -> None:
    """Writes the template; with its examples alone it is a fact set without a bad row."""
    with written_whole(path) as unfinished:
        book = xlsxwriter.Workbook(unfinished)
        try:
            formats = {kind: book.add_format({"num_format": f}) for kind, f in _FORMATS.items()}
            heading = book.add_format(
                {"bold": True, "bg_color": "#C8102E", "font_color": "#FFFFFF", "border": 1}
            )
            _write_notes(book.add_worksheet(NOTES_SHEET), heading)
            for table in FACT_TABLES:
                _write_table(book.add_worksheet(table.label), table, formats, heading)
        finally:
            book.close()


def hint(column: Column) -> str:
    """What to fill in, for the comment on the heading and for the notes."""
    shape = _SPECIAL.get(column.name) or _SHAPES.get(column.kind)
    if column.codes:
        shape = "从列表中选择：" + "、".join(column.codes.values())
    elif column.refers_to:
        named = next(table for table in FACT_TABLES if table.name == column.refers_to)
        shape = f"“{named.label}”表中已有的{column.label}"
    elif column.name == "community_id":
        shape = "所在社区的编号，按文本填写"
    return f"{'必填' if column.required else '可空'}。{shape}。"


def _write_notes(sheet: Worksheet, heading: Format) -> None:
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 2, 70)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for line, note in enumerate(_NOTES):
        sheet.write_string(line, 0, note)
    line = len(_NOTES) + 1
    for place, title in enumerate(("工作表", "列", "怎么填")):
        sheet.write_string(line, place, title, heading)
    for table in FACT_TABLES:
        for column in table.columns:
            line += 1
            for place, text in enumerate((table.label, column.label, hint(column))):
                sheet.write_string(line, place, text)


def _write_table(
    sheet: Worksheet, table: FactTable, formats: Mapping[Kind, Format], heading: Format
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C{table.label}")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    example = EXAMPLES[table.name]
    for place, (column, value) in enumerate(zip(table.columns, example, strict=True)):
        form = formats[column.kind]
        sheet.set_column(place, place, _WIDTHS.get(column.kind, 14), form)
        sheet.write_string(0, place, column.label, heading)
        sheet.write_comment(0, place, hint(column))
        sheet.write(1, place, value, form)
        _offer_choices(sheet, place, column)


def _offer_choices(sheet: Worksheet, place: int, column: Column) -> None:
    choices = ["是", "否"] if column.kind is Kind.BOOLEAN else list(column.codes.values())
    rule: dict[str, Any] = {"validate": "list", "source": choices}
    if column.name == "score":
        rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 5}
    elif not choices:
        return
    rule |= {"error_title": column.label, "error_message": hint(column)}
    sheet.data_validation(1, place, LAST_ROW, place, rule)
