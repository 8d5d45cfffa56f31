"""The commands of points: what each prints, writes and returns."""

import csv
import json
import re
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.points.by_hand import Row, a_service, a_volunteer, points_of
from tests.points.facts.writers import write_csv
from tests.points.invented_defects import plain_texts
from zhiyuanhong.commands.main import status
from zhiyuanhong.commands.points import points_group
from zhiyuanhong.points.choices import FACT_TABLES, RESULTS, STATEMENT

Output = pytest.CaptureFixture[str]
COMMANDS = sorted(points_group.commands)
# Names of things, the same in every language, and the names of arguments.
NAMES = {
    *("zhiyuanhong", "points", "FACTS", "OUT", "DIR", "CSV", "PDF", "SQL", "GB", "xlsx", "csv"),
    *("PostgreSQL", "Spark", "ZYH", "DATABASE", "URL", "SITE", "http", "https", "json", *COMMANDS),
}
YEAR = ("--policy", "community-hours", "--year", "2026")


def tables() -> dict[str, list[Row]]:
    days = [f"2026-{month:02}-05 09:00" for month in (1, 2, 3)]
    return {table.name: [] for table in FACT_TABLES} | {
        "volunteers": [a_volunteer("a"), a_volunteer("b", community_id="d")],
        "services": [a_service(day, day, 300, volunteer_id="a") for day in days],
        "adjustments": [points_of("b", -500)],
    }


@pytest.fixture(name="facts")
def _facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_csv(tmp_path / "facts", plain_texts(tables()))


@pytest.fixture(name="bad_facts")
def _bad_facts(facts: Path) -> Path:
    with (facts / "services.csv").open("a", encoding="utf-8") as file:
        file.write("bad,nobody,elder_care,2026-01-01 09:00,2026-01-01 10:00,60,0,0,0,effective\n")
    return facts


def said(capsys: Output) -> str:
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese(command: str, capsys: Output) -> None:
    assert status(["points", *command.split(), "--help"]) == 0
    text = said(capsys)
    assert text.startswith(f"用法：zhiyuanhong points {command}".rstrip())
    assert "显示帮助。" in text
    plain = re.sub(r"--[\w-]+|\[[a-z*|]+\]", "", text)
    assert set(re.findall(r"[A-Za-z]{2,}", plain)) - NAMES == set()


@pytest.mark.parametrize(
    "line",
    [
        "points",
        "points nope",
        "points assess",
        "points assess facts --policy community-hours --year 2026",
        "points assess facts --policy community-hours --year now --out out",
        "points assess facts --policy community-hours --year 0 --out out",
        "points assess facts --policy community-hours --year 2026 --out out --engine excel",
        "points assess facts --policy community-hours --year 2026 --out out --format pdf",
        "points assess facts --policy community-hours --year 2026 --out out --memory-limit many",
        "points assess facts --policy nope --year 2026 --out out",
        "points assess facts --policy . --year 2026 --out out",
        "points assess facts --policy community-hours --year 2026 --out facts/services.csv",
        "points assess facts --policy community-hours --year 2026 --out facts/services.csv/out",
        "points explain facts --policy community-hours --year 2026",
        "points explain facts --policy community-hours --year 2026 --volunteer nobody",
        "points compare facts --policy community-hours --year 2026",
        f"points compare facts {'--policy community-hours ' * 3} --year 2026",
        "points check facts --policy nope",
        "points sql --policy community-hours --year 10000",
        "points synth --volunteers 0 --services-per-volunteer 1 --seed 1 --out s",
    ],
)
def test_a_wrong_command_is_refused_and_writes_nothing(
    line: str, facts: Path, tmp_path: Path, capsys: Output
) -> None:
    assert status(line.split()) == 2
    assert re.search("用法|错误", capsys.readouterr().err)
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


def test_a_template_can_be_checked_and_assessed(tmp_path: Path, capsys: Output) -> None:
    book = str(tmp_path / "一年.xlsx")
    assert status(["points", "template", book]) == 0
    assert said(capsys) == f"模板已写到 {book}。\n"
    assert status(["points", "check", book, "--policy", "half-hour-point"]) == 0
    assert said(capsys) == "办法可用：半小时一分制，版本 2026-1。\n数据没有问题。\n"
    assert status(["points", "assess", book, *YEAR, "--out", str(tmp_path / "out")]) == 0
    assert said(capsys).startswith("参评 1 人：五星 0 人，")


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_a_year_is_assessed(ending: str, facts: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "out"
    assert status(["points", "assess", "facts", *YEAR, "--out", "out", "--format", ending]) == 0
    assert {path.name for path in out.iterdir()} == {
        f"results.{ending}",
        f"statement.{ending}",
        "report.json",
    }
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == (
        "参评 2 人：五星 0 人，四星 0 人，三星 0 人，二星 0 人，一星 1 人，无星 1 人。"
    )
    assert re.fullmatch(r"明细 4 行，用时 \d+\.\d 秒，写在 out。", printed.out.splitlines()[1])
    assert "评定星级……" in printed.err
    assert "……" not in printed.out
    heads, rows = read(out / f"results.{ending}")
    assert heads == [c.label if ending == "xlsx" else c.name for c in RESULTS.columns]
    assert [(row[0], int(row[2]), int(row[11])) for row in rows] == [("a", 15000, 1), ("b", 0, 0)]
    assert len(read(out / f"statement.{ending}")[0]) == len(STATEMENT.columns)


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            heads, *rows = csv.reader(file)
    elif path.suffix == ".parquet":
        table = pq.read_table(path)
        heads = table.column_names
        rows = [[str(cell) for cell in row.values()] for row in table.to_pylist()]
    else:
        sheet = openpyxl.load_workbook(path).worksheets[0]
        heads, *rows = ([str(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
    return heads, rows


def test_a_second_run_gives_the_same_bytes(facts: Path, tmp_path: Path) -> None:
    runs = []
    for _ in range(2):
        assert status(["points", "assess", "facts", *YEAR, "--out", "out"]) == 0
        names = ("results.csv", "statement.csv")
        runs.append([(tmp_path / "out" / name).read_bytes() for name in names])
    assert runs[0] == runs[1]


def test_bad_rows_stop_the_run_with_a_report(
    bad_facts: Path, tmp_path: Path, capsys: Output
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("results.csv", "statement.xlsx", "report.json", "mine.txt"):
        (out / name).write_text("earlier")
    assert status(["points", "assess", "facts", *YEAR, "--out", "out"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "问题清单已写到 out（bad_rows.xlsx、bad_rows.csv）。" in printed.err
    assert "错误[bad_rows]：数据有 1 行有问题，没有产生结果。" in printed.err
    assert {path.name for path in out.iterdir()} == {
        *("mine.txt", "bad_rows.csv", "bad_rows.xlsx", "report.json")
    }
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["bad_rows"]["per_table"] == {"services": 1}
    heads, rows = read(out / "bad_rows.csv")
    assert heads[0].endswith("table")
    assert [row[:4] for row in rows] == [["services", "4", "volunteer_id", "unknown_reference"]]
    sheets = openpyxl.load_workbook(out / "bad_rows.xlsx").sheetnames
    assert sheets == ["说明", "服务记录"]


def test_bad_rows_may_be_skipped(bad_facts: Path, tmp_path: Path, capsys: Output) -> None:
    line = ["points", "assess", "facts", *YEAR, "--out", "out", "--skip-bad-rows"]
    assert status(line) == 0
    assert said(capsys).splitlines()[0] == "略过服务记录 1 行。"
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {"results.csv", "statement.csv", "report.json", "bad_rows.csv"}
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (report["status"], report["bad_rows"]["rows"]) == ("assessed", 1)
    assert report["facts"]["skipped"]["services"] == 1


def test_checking_names_the_cell(bad_facts: Path, tmp_path: Path, capsys: Output) -> None:
    assert status(["points", "check", "facts", "--out", "marked.xlsx"]) == 3
    first, marked, total = said(capsys).splitlines()
    assert first.startswith("服务记录第 4 行“志愿者编号”：")
    assert first.endswith("[services,4,volunteer_id,unknown_reference]")
    assert (marked, total) == ("有问题的行已标在 marked.xlsx。", "共 1 行有问题。")
    assert (tmp_path / "marked.xlsx").exists()


@pytest.mark.parametrize("name", ["nowhere", "nowhere.xlsx", "facts/services.csv"])
def test_facts_that_are_not_there(name: str, facts: Path, tmp_path: Path, capsys: Output) -> None:
    assert status(["points", "assess", name, *YEAR, "--out", "out"]) == 3
    assert re.match(r"错误\[\w+\]：.*[一-鿿]", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_a_volunteer_is_explained(facts: Path, capsys: Output) -> None:
    assert status(["points", "explain", "facts", *YEAR, "--volunteer", "a"]) == 0
    lines = said(capsys).splitlines()
    assert lines[0] == "志愿者 a（社区 c）"
    assert (
        sum("【时长计分】：5 小时 × 每小时 1 分 × 系数 100% → 5 分" in line for line in lines) == 3
    )
    assert lines[-1] == "距二星：服务时长还差 5 小时。"


def test_two_policies_are_compared(facts: Path, tmp_path: Path, capsys: Output) -> None:
    second = ("--policy", "half-hour-point", "--out", "changes.csv")
    assert status(["points", "compare", "facts", *YEAR, *second]) == 0
    lines = said(capsys).splitlines()
    assert lines[:3] == [
        "甲：社区年度时长星级，版本 2026-1",
        "乙：半小时一分制，版本 2026-1",
        "参评 2 人：升星 0 人，降星 0 人，其余不变。",
    ]
    assert lines[-1] == "星级有变的 0 人已写到 changes.csv。"
    heads, rows = read(tmp_path / "changes.csv")
    assert heads[:4] == ["volunteer_id", "community_id", "star_a", "star_b"]
    assert rows == []


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_the_sql_of_every_step_is_shown(engine: str, capsys: Output) -> None:
    assert status(["points", "sql", *YEAR, "--engine", engine]) == 0
    text = said(capsys)
    names = re.findall(r"^-- (\w+)$", text, re.MULTILINE)
    assert names[0] == "assessed"
    assert names[-2:] == ["results", "statement"]
    assert "FLOOR(" not in text.upper()
    assert text.count(";\n") == len(names)


def test_presets_are_listed(capsys: Output) -> None:
    assert status(["points", "presets"]) == 0
    assert [line.split()[0] for line in said(capsys).splitlines()] == [
        *("street-five-star", "national-ladder", "community-hours", "half-hour-point")
    ]


def test_an_invented_year_is_clean(tmp_path: Path, capsys: Output) -> None:
    size = ("--volunteers", "20", "--services-per-volunteer", "5", "--seed", "1")
    out = str(tmp_path / "s")
    assert status(["points", "synth", *size, "--out", out]) == 0
    assert said(capsys).splitlines()[0] == "志愿者 20 行"
    assert status(["points", "check", out]) == 0
    assert said(capsys) == "数据没有问题。\n"


@pytest.mark.parametrize("where", ["nowhere/t.xlsx", "facts/services.csv/t.xlsx"])
def test_a_template_that_cannot_be_written(where: str, facts: Path, capsys: Output) -> None:
    assert status(["points", "template", where]) == 2
    assert "错误[cannot_write]：写不了“t.xlsx”" in capsys.readouterr().err
