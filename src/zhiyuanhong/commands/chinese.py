"""Click in Chinese: its help, and what it says about a wrong command line."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

SECTIONS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
WORDS = {
    "COMMAND [ARGS]...": "命令 [参数]…",
    "[OPTIONS]": "[选项]",
    "[required]": "[必填]",
    "; required]": "；必填]",
    "[default: ": "[默认：",
    "; default: ": "；默认：",
    "Show this message and exit.": "显示帮助。",
    "Show the version and exit.": "显示版本号。",
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "DIRECTORY": "文件夹",
    "FILENAME": "文件",
    "FILE": "文件",
    "PATH": "路径",
    "TEXT": "文字",
}
PLAIN = re.compile("|".join(rf"(?<![\w]){re.escape(w)}(?![\w])" for w in WORDS if w.isupper()))
COMPLAINTS = (
    (r"No such option '?(?P<a>[^']+?)'?\.(?: Did you mean (?P<b>.+)\?)?", "没有选项 {a}。"),
    (r"No such command '?(?P<a>[^']+?)'?\.(?: Did you mean (?P<b>.+)\?)?", "没有命令 {a}。"),
    (r"Missing command\.", "请写上要执行的命令。"),
    (r"Missing argument '?(?P<a>[^']+?)'?\.(?s:.*)", "缺少参数 {a}。"),
    (r"Missing option '?(?P<a>.+?)'?\.(?s:.*)", "缺少选项 {a}。"),
    (r"Invalid value for (?P<a>.+?): (?P<rest>(?s:.*))", "{a} 的值不正确：{rest}"),
    (r"Invalid value: (?P<rest>(?s:.*))", "值不正确：{rest}"),
    (r"Got unexpected extra arguments? \((?P<a>.+)\)", "多出了参数：{a}。"),
    (r"Option '(?P<a>.+)' requires an argument\.", "选项 {a} 后面要写上值。"),
    (r"Option '(?P<a>.+)' requires (?P<b>\d+) arguments\.", "选项 {a} 后面要写上 {b} 个值。"),
    (r"Option '(?P<a>.+)' does not take a value\.", "选项 {a} 后面不写值。"),
    (r"Argument '(?P<a>.+)' takes (?P<b>\d+) values\.", "参数 {a} 要写 {b} 个值。"),
    (r"'(?P<a>.*)' is not a valid integer(?: range)?\.", "“{a}”不是整数。"),
    (r"'(?P<a>.*)' is not a valid boolean\.(?s:.*)", "“{a}”应为 true 或 false。"),
    (r"(?P<a>\S+) is not in the range (?P<b>.+)\.", "{a} 不在 {b} 之内。"),
    (r"'(?P<a>.*)' is not one of (?P<b>.+)\.", "“{a}”不是可选的值；可选 {b}。"),
    (r"\w+ '(?P<a>.+)' does not exist\.", "“{a}”不存在。"),
    (r"\w+ '(?P<a>.+)' is a file\.", "“{a}”是文件，应为文件夹。"),
    (r"\w+ '(?P<a>.+)' is a directory\.", "“{a}”是文件夹，应为文件。"),
    (r"\w+ '(?P<a>.+)' is not readable\.", "“{a}”不能读取，请检查权限。"),
    (r"\w+ '(?P<a>.+)' is not writable\.", "“{a}”不能写入，请检查权限。"),
    (r"Could not open file '?(?P<a>.+?)'?: (?s:.*)", "打不开文件“{a}”。"),
)


def in_chinese(message: str) -> str:
    """Say one of click's complaints in Chinese; what is Chinese already stays as it is."""
    for pattern, chinese in COMPLAINTS:
        if found := re.fullmatch(pattern, message.strip()):
            groups = {name: text or "" for name, text in found.groupdict().items()}
            if "rest" in groups:
                groups["rest"] = in_chinese(groups["rest"])
            return chinese.format(**groups)
    return message


def words(text: str) -> str:
    """Replace the fixed English of a help text."""
    for english, chinese in WORDS.items():
        if not english.isupper():
            text = text.replace(english, chinese)
    return PLAIN.sub(lambda found: WORDS[found[0]], text)


class ChineseFormatter(click.HelpFormatter):
    """Writes headings and fixed words in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        usage = args.replace("COMMAND [ARGS]...", "命令 [参数]…").replace("[OPTIONS]", "[选项]")
        super().write_usage(prog, usage, prefix or "用法：")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        self.write_paragraph()
        self.write(f"{'':>{self.current_indent}}{SECTIONS.get(name, name)}：\n")
        with self.indentation():
            yield

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        translated = [(words(left), words(right)) for left, right in rows]
        super().write_dl(translated, col_max, col_spacing)


class ChineseContext(click.Context):
    """A context whose help is Chinese."""

    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    context_class = ChineseContext


class ChineseGroup(click.Group):
    """A group whose help is Chinese, and that of its commands and groups."""

    context_class = ChineseContext
    command_class = ChineseCommand
    group_class = type

    def get_short_help(self, context: click.Context, name: str) -> str | None:
        """Return the line beside a command, None for one that is hidden."""
        command = self.get_command(context, name)
        return None if command is None or command.hidden else command.get_short_help_str(limit=80)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        helps = [(name, self.get_short_help(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, text) for name, text in helps if text is not None]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def complaint(error: click.ClickException) -> str:
    """Return what is wrong with a command line, in one Chinese line."""
    text = in_chinese(error.format_message()).strip().replace("\n\t", " ").replace("\n", " ")
    context: Any = getattr(error, "ctx", None)
    path = "zhiyuanhong" if context is None else context.command_path
    return f"错误：{text}用“{path} --help”看用法。"
