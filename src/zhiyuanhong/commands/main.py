"""The command `zhiyuanhong`: which commands there are, and how each of them may end."""

import importlib
import logging
import sys
import tempfile
from pathlib import Path

import click

from zhiyuanhong import __version__
from zhiyuanhong.commands.chinese import ChineseCommand, ChineseGroup, complaint
from zhiyuanhong.shared.refusals import RuleBroken

__all__ = ["ChineseCommand", "ChineseGroup", "main", "zhiyuanhong"]

# name: where it is, and its line in the help; so `--help` imports no engine
COMMANDS = {
    "run": ("zhiyuanhong.commands.site:run", "启动网站：先更新数据库，再提供服务。"),
    "migrate": ("zhiyuanhong.commands.site:migrate", "建立或更新数据库。"),
    "check": ("zhiyuanhong.commands.site:check", "检查设置；--deploy 检查能否正式上线。"),
    "points": (
        "zhiyuanhong.commands.points:points_group",
        "积分与星级：一年的服务记录和一份办法进，积分、星级、理由和证书出。",
    ),
}


class LazyGroup(ChineseGroup):
    """Imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def get_short_help(self, context: click.Context, name: str) -> str | None:  # noqa: ARG002
        return COMMANDS[name][1]


@click.group(cls=LazyGroup, help="志愿红：街道与社区的志愿服务，从报名到星级证书。")
@click.version_option(__version__, message="志愿红 %(version)s")
def zhiyuanhong() -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(status(arguments))


def status(arguments: list[str] | None = None) -> int:
    """Run the command line; whatever happens, a person reads one clear line."""
    try:
        result = zhiyuanhong.main(arguments, prog_name="zhiyuanhong", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last line of defense
        line, ending = told(error)
        click.echo(line, err=True)
        return ending
    return result if isinstance(result, int) else 0


def told(error: BaseException) -> tuple[str, int]:
    """What a person is told about an error, and the exit status."""
    match error:
        case RuleBroken():
            line = f"错误[{error.code}]：{error.message}"
            return line, int(getattr(error, "exit_status", 2))
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message(), 2
        case click.ClickException():
            return complaint(error), 2
        case click.Abort() | KeyboardInterrupt():
            return "已中断。", 130
    return f"程序出错（{type(error).__name__}），详情已记入 {logged(error)}。", 1


def logged(error: BaseException) -> Path:
    """Append the traceback to the error log of the data folder; return where it is."""
    path = error_log()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    record = logging.LogRecord(
        "zhiyuanhong.commands",
        logging.ERROR,
        __file__,
        0,
        "unforeseen",
        None,
        (type(error), error, error.__traceback__),
    )
    handler.emit(record)
    handler.close()
    return path


def error_log() -> Path:
    """Return the log of the data folder, or one beside it all when the settings are broken."""
    try:
        from zhiyuanhong.commands.site import site_settings  # noqa: PLC0415  # only in trouble

        return Path(site_settings().ERROR_LOG)
    except Exception:  # noqa: BLE001  # the first error is the one to be told
        return Path(tempfile.gettempdir()) / "zhiyuanhong-errors.log"
