"""`zhiyuanhong points certificates`: the year's star certificates as PDF."""

import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from zhiyuanhong.commands.chinese import ChineseCommand
from zhiyuanhong.recognition.documents import assessed
from zhiyuanhong.recognition.documents.star_certificates import (
    numbers_with_missing_glyphs,
    render_batch,
    render_each,
)
from zhiyuanhong.recognition.rules import StarCertificate
from zhiyuanhong.shared.refusals import RuleBroken

ISSUER = "社区志愿服务工作办公室"
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SHOWN = 10

HELP = """为评上星级的志愿者生成证书（PDF/A，A4 横向），每人一份，或用 --batch 合成一个文件。

文件夹是 points assess 写出结果的地方。文件名只含证书编号，不含姓名和志愿者编号。"""


@click.command("certificates", cls=ChineseCommand, help=HELP)
@click.argument("folder", metavar="文件夹", type=FOLDER)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="证书写到哪个文件夹。",
)
@click.option("--issuer", default=ISSUER, show_default=True, help="颁发单位，即盖章的单位。")
@click.option(
    "--names",
    "names_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="姓名表（.csv 或 .xlsx），列：志愿者编号、姓名、社区（可无）。不给则印志愿者编号。",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="年-月-日",
    help="颁发日期；不给则为今天。",
)
@click.option("--batch", is_flag=True, help="合成一个 PDF，每页一份，便于一次打印。")
@click.option("--fonts", type=FOLDER, multiple=True, help="另有生僻字字体的文件夹。")
def certificates(
    folder: Path,
    out: Path,
    issuer: str,
    names_file: Path | None,
    day: datetime | None,
    *,
    batch: bool,
    fonts: tuple[Path, ...],
) -> None:
    issued_on = day.date() if day else date.today()  # noqa: DTZ011  # the operator's calendar
    award = assessed.read_award(folder, issuer=issuer.strip(), issued_on=issued_on)
    results = assessed.read_results(folder)
    names = assessed.read_names(names_file) if names_file else None
    issued = assessed.certificates_for(award, results, names or assessed.Names())
    if not issued:
        click.echo(f"{award.year} 年度没有评上星级的志愿者，没有证书要生成。")
        return
    if names:
        warn_about_names(issued, names, (row[0] for row in results))
    warn_about_glyphs(issued, fonts)
    write_all(issued, out, fonts, batch=batch)


def write_all(
    issued: Sequence[StarCertificate], out: Path, fonts: Sequence[Path], *, batch: bool
) -> None:
    make_folder(out)
    if batch:
        click.echo(f"正在生成 {len(issued)} 份证书……", err=True)
        name = f"ZYHC-{issued[0].award.year}.pdf"
        replace(out / name, render_batch(issued, fonts=fonts))
        click.echo(f"已生成 {len(issued)} 份证书：{out / name}")
        return
    done = click.progressbar(
        render_each(issued, fonts=fonts), length=len(issued), label="生成证书", file=sys.stderr
    )
    with done as documents:
        for number, document in documents:
            replace(out / f"{number}.pdf", document)
    click.echo(f"已生成 {len(issued)} 份证书：{out}")


def warn_about_names(
    issued: Sequence[StarCertificate], names: assessed.Names, volunteers: Iterable[str]
) -> None:
    nameless = [certificate.number for certificate in issued if not certificate.name]
    if nameless:
        warn(f"{len(nameless)} 份证书没有姓名，印的是志愿者编号：{some(nameless)}")
    strangers = names.rows_for_nobody(volunteers)
    if strangers:
        rows = some([str(row) for row in strangers])
        warn(f"姓名表有 {len(strangers)} 行的编号不在评定结果中，未用。行号：{rows}")


def warn_about_glyphs(issued: Sequence[StarCertificate], fonts: Sequence[Path]) -> None:
    broken = numbers_with_missing_glyphs(issued, fonts=fonts)
    if broken:
        warn(
            f"{len(broken)} 份证书有字体中没有的字，印作“〓”，"
            f"请用 --fonts 指定有这些字的字体：{some(broken)}"
        )


def warn(message: str) -> None:
    click.echo(f"注意：{message}", err=True)


def some(items: Sequence[str]) -> str:
    """Name the first few only: a whole street would flood the screen."""
    more = f"……共 {len(items)} 个" if len(items) > SHOWN else ""
    return "、".join(items[:SHOWN]) + more


def make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(out) from error


def replace(target: Path, content: bytes) -> None:
    """Write beside the target, then rename: a reader finds the old file or the new one, whole."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".certificate-", suffix=".part")
    except OSError as error:
        raise not_writable(target.parent) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        part.replace(target)
    except OSError as error:
        raise not_writable(target) from error
    finally:
        part.unlink(missing_ok=True)


def not_writable(path: Path) -> RuleBroken:
    message = f"不能写入“{path}”，请检查权限和磁盘空间，并关闭正在打开它的程序。"
    return RuleBroken("output_not_writable", message)
