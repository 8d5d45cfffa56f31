"""The command line: Chinese throughout, one clear line for every end."""

import re
from pathlib import Path

import click
import pytest

from zhiyuanhong.commands import main as command_line
from zhiyuanhong.commands.chinese import ChineseCommand, ChineseGroup, in_chinese
from zhiyuanhong.commands.main import COMMANDS, status, zhiyuanhong
from zhiyuanhong.shared.refusals import RuleBroken

Output = pytest.CaptureFixture[str]
ENGLISH = re.compile(r"Usage|Options|Commands|Show this|Error|required|default|TEXT|INTEGER|Try ")


class BadRows(RuleBroken):
    """A refusal that asks for an exit status of its own."""

    exit_status = 3


@click.group(cls=ChineseGroup)
def planted() -> None:
    """种下的命令。"""


@planted.command()
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False))
@click.option("--year", type=click.IntRange(1990, 2100), required=True, help="年度。")
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True
)
@click.option("--title", help="标题。")
def work(workbook: str, year: int, engine: str, title: str) -> None:
    """干活。"""
    if title == "refuse":
        raise RuleBroken("not_now", "现在不行，请明天再来。")
    if title == "bad":
        raise BadRows("bad_rows", "有 3 行有问题。")
    if title == "interrupt":
        raise KeyboardInterrupt
    if title == "crash":
        raise ZeroDivisionError
    click.echo(f"{workbook} {year} {engine}")


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(COMMANDS, "planted", (f"{__name__}:planted", "种下的命令。"))
    monkeypatch.setattr(command_line, "error_log", lambda: tmp_path / "errors.log")
    (tmp_path / "a.xlsx").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "command", [[], ["run"], ["migrate"], ["check"], ["planted"], ["planted", "work"]]
)
def test_help_is_chinese(command: list[str], capsys: Output) -> None:
    assert status([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：zhiyuanhong")
    assert "显示帮助。" in text
    assert not ENGLISH.search(text)


def test_help_of_a_command_names_defaults_and_duties(capsys: Output) -> None:
    assert status(["planted", "work", "--help"]) == 0
    text = capsys.readouterr().out
    assert "[默认：duckdb]" in text
    assert "必填]" in text
    assert "--title 文字" in text


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    context = click.Context(zhiyuanhong)
    for name, (_, line) in COMMANDS.items():
        command = zhiyuanhong.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(200) == line


def test_the_version(capsys: Output) -> None:
    assert status(["--version"]) == 0
    assert re.fullmatch(r"志愿红 \d+\.\d+\.\d+\n", capsys.readouterr().out)


WRONG = {
    "--nope": "没有选项 --nope。",
    "nope": "没有命令 nope。",
    "planted work": "缺少参数",
    "planted work a.xlsx": "缺少选项 --year",
    "planted work a.xlsx --year": "选项 --year 后面要写上值。",
    "planted work a.xlsx --year abc": "“abc”不是整数。",
    "planted work a.xlsx --year 1": "1 不在 1990<=x<=2100 之内。",
    "planted work a.xlsx --year 2026 --engine fast": "“fast”不是可选的值；可选 'duckdb', 'spark'。",
    "planted work b.xlsx --year 2026": "“b.xlsx”不存在。",
    "planted work . --year 2026": "“.”是文件夹，应为文件。",
    "planted work a.xlsx more --year 2026": "多出了参数：more。",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_gets_one_chinese_line(line: str, capsys: Output) -> None:
    assert status(line.split()) == 2
    text = capsys.readouterr().err
    assert text.startswith("错误：")
    assert WRONG[line] in text
    assert "--help”看用法。" in text
    assert text.count("\n") == 1
    assert not ENGLISH.search(text)


def test_a_group_without_a_command_shows_its_help(capsys: Output) -> None:
    assert status(["planted"]) == 2
    assert "用法：zhiyuanhong planted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("title", "ending", "line"),
    [
        ("fine", 0, ""),
        ("refuse", 2, "错误[not_now]：现在不行，请明天再来。\n"),
        ("bad", 3, "错误[bad_rows]：有 3 行有问题。\n"),
        ("interrupt", 130, "已中断。\n"),
    ],
)
def test_every_end_has_its_line_and_status(
    title: str, ending: int, line: str, capsys: Output
) -> None:
    assert status(["planted", "work", "a.xlsx", "--year", "2026", "--title", title]) == ending
    assert capsys.readouterr().err.lstrip("\n") == line


def test_the_unforeseen_is_logged_and_said_in_one_line(tmp_path: Path, capsys: Output) -> None:
    assert status(["planted", "work", "a.xlsx", "--year", "2026", "--title", "crash"]) == 1
    log = tmp_path / "errors.log"
    assert capsys.readouterr().err == f"程序出错（ZeroDivisionError），详情已记入 {log}。\n"
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_what_is_chinese_already_stays() -> None:
    assert in_chinese("日期不对。") == "日期不对。"
    assert ChineseGroup.command_class is ChineseCommand
