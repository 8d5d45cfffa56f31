"""`zhiyuanhong points certificates`, as an operator types it."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from zhiyuanhong.commands import certificates as command
from zhiyuanhong.points.choices import RESULTS
from zhiyuanhong.shared.refusals import RuleBroken

REPORT: dict[str, Any] = {
    "year": 2026,
    "policy": {"title": "志愿服务办法(试行)", "version": "2026-1", "hash": "ab" * 32},
    "facts": {"hash": "cd" * 32},
}
PEOPLE = [("V2", 0), ("V3", 1), ("V1", 3), ("330102199001011234", 5)]  # star 0 gets none
NAMES = [("志愿者编号", "姓名"), ("V1", "李梅"), ("V3", "王晓云"), ("330102199001011234", "赵一")]
COLUMNS = [column.name for column in RESULTS.columns]


def rows(people: list[tuple[str, int]]) -> list[list[Any]]:
    fixed = {"community_id": "C1", "points": 31_500, "minutes": 1230, "short": ""}
    return [
        [{**fixed, "volunteer_id": who, "star": star}.get(name, 0) for name in COLUMNS]
        for who, star in people
    ]


def write_csv(path: Path, table: list[Any], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(table)
    return path


def write_xlsx(path: Path, table: list[Any]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("结果")
        for place, line in enumerate(table):
            sheet.write_row(place, 0, line)
    return path


def write_results(folder: Path, suffix: str, people: list[tuple[str, int]]) -> None:
    match suffix:
        case "csv":
            write_csv(folder / "results.csv", [COLUMNS, *rows(people)])
        case "xlsx":
            labels = [column.label for column in RESULTS.columns]
            write_xlsx(folder / "results.xlsx", [labels, *rows(people)])
        case _:
            columns = dict(zip(COLUMNS, zip(*rows(people), strict=True), strict=True))
            table = pa.table({name: list(values) for name, values in columns.items()})
            pq.write_table(table, folder / "results.parquet")


@pytest.fixture
def assessed(tmp_path: Path) -> Path:
    folder = tmp_path / "assessed"
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(REPORT), encoding="utf-8")
    write_results(folder, "csv", PEOPLE)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def run(folder: Path, out: Path, *options: str) -> Result:
    arguments = [str(folder), "--out", str(out), "--date", "2026-12-05", *options]
    return CliRunner().invoke(command.certificates, arguments)


def refusal(result: Result) -> str:
    assert isinstance(result.exception, RuleBroken)
    return result.exception.code


def texts(document: Path) -> list[str]:
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(document).pages]


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_every_starred_volunteer_gets_one_from_any_kind_of_results(
    tmp_path: Path, out: Path, suffix: str
) -> None:
    (tmp_path / "report.json").write_text(json.dumps(REPORT), encoding="utf-8")
    write_results(tmp_path, suffix, PEOPLE)
    result = run(tmp_path, out)
    assert result.exit_code == 0
    assert "已生成 3 份证书" in result.output
    found = [texts(path)[0] for path in sorted(out.iterdir())]
    for text, level, holder in zip(
        found, "五三一", [PEOPLE[3][0], "V1", "V3"], strict=True
    ):  # in the order of the ids
        assert f"评定为{level}星级志愿者" in text
        assert f"{holder}号志愿者：" in text


def test_file_names_hold_certificate_numbers_only(assessed: Path, out: Path) -> None:
    run(assessed, out)
    names = sorted(path.name for path in out.iterdir())
    assert [name[:16] for name in names] == [f"ZYHC-2026-00000{n}" for n in (1, 2, 3)]
    assert not any(who in name for name in names for who, _ in PEOPLE)


def test_a_batch_is_one_file_with_names(assessed: Path, out: Path, tmp_path: Path) -> None:
    names = write_csv(tmp_path / "names.csv", NAMES)
    result = run(assessed, out, "--batch", "--names", str(names), "--issuer", "河东街道")
    assert result.exit_code == 0
    assert [path.name for path in out.iterdir()] == ["ZYHC-2026.pdf"]
    pages = texts(out / "ZYHC-2026.pdf")
    for page, name in zip(pages, ["赵一", "李梅", "王晓云"], strict=True):
        assert f"{name}同志：" in page
        assert "河东街道" in page


def test_names_come_from_a_workbook_too(assessed: Path, out: Path, tmp_path: Path) -> None:
    table = [["姓名", "社区名称", "志愿者编号"], ["李梅", "河东社区", "V1"]]
    names = write_xlsx(tmp_path / "names.xlsx", table)
    run(assessed, out, "--batch", "--names", str(names))
    page = texts(out / "ZYHC-2026.pdf")[1]
    assert "李梅同志：" in page
    assert "你作为河东社区志愿者，" in page


def test_running_again_gives_the_same_files(assessed: Path, out: Path) -> None:
    run(assessed, out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    result = run(assessed, out)
    assert result.exit_code == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_missing_names_and_names_for_nobody_are_told_without_naming_anyone(
    assessed: Path, out: Path, tmp_path: Path
) -> None:
    names = write_csv(tmp_path / "names.csv", [*NAMES[:2], ("V2", "钱二"), ("V9", "孙三")])
    result = run(assessed, out, "--names", str(names))
    assert "2 份证书没有姓名" in result.output
    assert "ZYHC-2026-000001" in result.output
    assert "行号：4" in result.output
    assert "孙三" not in result.output
    assert "V9" not in result.output


def test_a_character_without_a_glyph_is_told_by_certificate_number(
    assessed: Path, out: Path, tmp_path: Path
) -> None:
    names = write_csv(tmp_path / "names.csv", [*NAMES[:1], ("V1", "李𠮷"), *NAMES[2:]])
    result = run(assessed, out, "--batch", "--names", str(names))
    assert "1 份证书有字体中没有的字" in result.output
    assert "ZYHC-2026-000002" in result.output
    assert "𠮷" not in result.output
    assert "李〓同志" in texts(out / "ZYHC-2026.pdf")[1]


def test_a_year_without_stars_says_so(assessed: Path, out: Path) -> None:
    write_results(assessed, "csv", [("V1", 0)])
    result = run(assessed, out)
    assert result.exit_code == 0
    assert result.output == "2026 年度没有评上星级的志愿者，没有证书要生成。\n"
    assert not out.exists()


def test_today_is_the_date_when_none_is_given(assessed: Path, out: Path) -> None:
    result = CliRunner().invoke(command.certificates, [str(assessed), "--out", str(out)])
    assert result.exit_code == 0
    assert all("日" in texts(path)[0] for path in out.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        None,
        "{",
        "[]",
        '{"year": 2026}',
        json.dumps({**REPORT, "year": 0}),
        json.dumps({**REPORT, "facts": {"hash": "#panic()"}}),
    ],
)
def test_a_folder_without_a_report_is_refused(
    assessed: Path, out: Path, content: str | None
) -> None:
    if content is None:
        (assessed / "report.json").unlink()
    else:
        (assessed / "report.json").write_text(content, encoding="utf-8")
    assert refusal(run(assessed, out)) == "report_unreadable"


def test_a_folder_without_results_is_refused(assessed: Path, out: Path) -> None:
    (assessed / "results.csv").unlink()
    assert refusal(run(assessed, out)) == "results_missing"


def test_two_kinds_of_results_are_refused(assessed: Path, out: Path) -> None:
    write_results(assessed, "parquet", PEOPLE)
    assert refusal(run(assessed, out)) == "results_ambiguous"


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_broken_results_are_refused(assessed: Path, out: Path, suffix: str) -> None:
    (assessed / "results.csv").unlink()
    (assessed / f"results.{suffix}").write_bytes(b"volunteer_id,star\nV1,many\n")
    assert refusal(run(assessed, out)) == "results_unreadable"


@pytest.mark.parametrize(
    ("name", "table", "code"),
    [
        ("n.csv", [["编号", "名"], ["V1", "李梅"]], "names_columns"),
        ("n.csv", [*NAMES, ("V1", "李玫")], "names_twice"),
        ("n.csv", [NAMES[0], ("V1", "长" * 41)], "name_too_long"),
        ("n.txt", NAMES, "names_format"),
        ("n.xlsx", NAMES, "names_unreadable"),  # a CSV under a wrong name
    ],
)
def test_a_bad_list_of_names_is_refused(
    assessed: Path, out: Path, name: str, table: list[Any], code: str
) -> None:
    names = write_csv(assessed / name, table)
    result = run(assessed, out, "--names", str(names))
    assert refusal(result) == code
    assert not out.exists()


def test_names_in_another_encoding_are_refused(assessed: Path, out: Path, tmp_path: Path) -> None:
    names = write_csv(tmp_path / "names.csv", NAMES, encoding="gb18030")
    assert refusal(run(assessed, out, "--names", str(names))) == "names_unreadable"


def test_an_empty_issuer_is_refused(assessed: Path, out: Path) -> None:
    assert refusal(run(assessed, out, "--issuer", " ")) == "issuer_length"


def test_an_output_that_cannot_be_made_is_refused(assessed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refusal(run(assessed, tmp_path / "file" / "out")) == "output_not_writable"


@pytest.fixture
def no_space(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)


@pytest.mark.usefixtures("no_space")
def test_a_failed_write_leaves_the_old_file_and_nothing_else(assessed: Path, out: Path) -> None:
    out.mkdir()
    (out / "ZYHC-2026.pdf").write_bytes(b"old")
    assert refusal(run(assessed, out, "--batch")) == "output_not_writable"
    assert [path.name for path in out.iterdir()] == ["ZYHC-2026.pdf"]
    assert (out / "ZYHC-2026.pdf").read_bytes() == b"old"


def test_the_help_is_chinese() -> None:
    result = CliRunner().invoke(command.certificates, ["--help"])
    assert "用法：" in result.output
    assert "Usage" not in result.output
