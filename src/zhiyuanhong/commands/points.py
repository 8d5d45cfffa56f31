"""Points and stars on the command line: a thin layer over `points/`."""

import csv
from pathlib import Path
from typing import Any, TypedDict, Unpack

import click

from zhiyuanhong.commands.certificates import certificates
from zhiyuanhong.commands.chinese import ChineseCommand, ChineseGroup
from zhiyuanhong.points import assess as assessing
from zhiyuanhong.points import compare as comparing
from zhiyuanhong.points import explain as explaining
from zhiyuanhong.points.bad_rows import write_bad_rows_xlsx
from zhiyuanhong.points.choices import FACT_TABLES
from zhiyuanhong.points.engines import (
    ENGINES,
    DuckDB,
    Engine,
    Postgres,
    Spark,
    compile_ahead,
    program,
)
from zhiyuanhong.points.facts import BadRowsFound, check_facts, open_facts
from zhiyuanhong.points.facts.whole_files import written_whole
from zhiyuanhong.points.figures import star_text
from zhiyuanhong.points.output import FORMATS
from zhiyuanhong.points.policy import load_policy, preset_names
from zhiyuanhong.points.synth import synthesize
from zhiyuanhong.points.template import write_template
from zhiyuanhong.shared.refusals import RuleBroken

BAD_ROWS_SHOWN = 50
BAD_ROWS_STATUS = 3

facts_argument = click.argument("facts", type=click.Path(path_type=Path))
policy_option = click.option(
    "--policy", "policy_name", required=True, help="办法：预设名，或办法文件的路径。"
)
year_option = click.option(
    "--year",
    type=int,
    required=True,
    callback=lambda _context, _parameter, year: assessing.checked_year(year),
    help="年度，如 2026。",
)
memory_option = click.option("--memory-limit", help="内存上限，如 4GB；默认用机器的大部分。")
engine_option = click.option(
    "--engine", "engine_name", type=click.Choice(ENGINES), default="duckdb", help="计算引擎。"
)
skip_option = click.option(
    "--skip-bad-rows", is_flag=True, help="略过有问题的行（及依附它们的行）。"
)


class ReadingOptions(TypedDict):
    """How facts are read."""

    skip_bad_rows: bool
    memory_limit: str | None


class EngineOptions(ReadingOptions):
    """Where the measures run."""

    engine_name: str
    database: str | None
    spark_master: str


@click.group(cls=ChineseGroup, name="points")
def points_group() -> None:
    """积分与星级：一年的服务记录和一份办法进，积分、星级、理由和证书出。"""


points_group.add_command(certificates)


def tell(line: str) -> None:
    """Tell progress on standard error, so that what is printed can be piped."""
    click.echo(line, err=True)


@points_group.command(cls=ChineseCommand)
@click.argument("out", type=click.Path(path_type=Path))
def template(out: Path) -> None:
    """写出一个空白工作簿，照着填就行。"""
    write_template(out)
    click.echo(f"模板已写到 {out}。")


@points_group.command(cls=ChineseCommand)
@facts_argument
@click.option("--policy", "policy_name", help="同时检查办法：预设名，或办法文件的路径。")
@click.option("--out", type=click.Path(path_type=Path), help="把问题标在工作簿里，写到这个 .xlsx。")
@memory_option
def check(facts: Path, policy_name: str | None, out: Path | None, memory_limit: str | None) -> None:
    """检查数据（和办法），说清哪一行哪一格有什么问题。"""
    if policy_name:
        policy = load_policy(policy_name).policy
        click.echo(f"办法可用：{policy.title}，版本 {policy.version}。")
    with check_facts(facts, memory_limit=memory_limit, progress=tell) as report:
        if not report.total:
            click.echo("数据没有问题。")
            return
        for bad in report.first(BAD_ROWS_SHOWN):
            click.echo(f"{bad.sentence} [{bad.table},{bad.row},{bad.column},{bad.code}]")
        if report.reasons > BAD_ROWS_SHOWN:
            click.echo(f"……另有 {report.reasons - BAD_ROWS_SHOWN} 处。")
        if out:
            write_bad_rows_xlsx(report, out)
            click.echo(f"有问题的行已标在 {out}。")
        click.echo(f"共 {report.total} 行有问题。")
    click.get_current_context().exit(BAD_ROWS_STATUS)


@points_group.command(cls=ChineseCommand)
@facts_argument
@policy_option
@year_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="结果写进这个文件夹。")
@engine_option
@click.option("--format", "ending", type=click.Choice(FORMATS), default="csv", help="结果的格式。")
@skip_option
@memory_option
@click.option("--database", help="PostgreSQL 的地址；默认用 ZYH_DATABASE_URL。")
@click.option("--spark-master", default="local[*]", help="Spark 的主节点。")
def assess(
    facts: Path,
    policy_name: str,
    year: int,
    out: Path,
    ending: assessing.Format,
    **options: Unpack[EngineOptions],
) -> None:
    """评定一年的积分和星级，写出结果、明细和报告。"""
    policy = load_policy(policy_name)
    engine = _engine(options["engine_name"], options["database"], options["spark_master"])
    skip, limit = options["skip_bad_rows"], options["memory_limit"]
    assessing.refuse_unwritable(out)
    compile_ahead(policy, year, engine.name)
    try:
        opened = open_facts(facts, skip_bad_rows=skip, memory_limit=limit, progress=tell)
    except BadRowsFound as found:
        with found.report:
            assessing.report_bad_rows(out, found.report)
        tell(f"问题清单已写到 {out}（bad_rows.xlsx、bad_rows.csv）。")
        raise
    with opened:
        report = assessing.assess_to(
            out, opened, policy, year, engine=engine, format=ending, progress=_computing
        )
    _say_assessed(report, out)


STEPS = {
    "assessed": "清点参评志愿者",
    "day_cuts": "按日封顶",
    "service_lines": "计算服务积分",
    "team_cuts": "按服务队封顶",
    "cuts": "合并封顶",
    "tallies": "汇总服务",
    "other_lines": "计算培训、荣誉、坚持和行为",
    "standing": "汇总积分",
    "ranking": "排定名次",
    "results": "评定星级",
    "statement": "列出明细",
}


def _computing(step: str) -> None:
    tell(f"{STEPS.get(step, f'写出 {step}')}……")


def _say_assessed(report: dict[str, Any], out: Path) -> None:
    skipped = report["facts"]["skipped"]
    for table in FACT_TABLES:
        if skipped.get(table.name):
            click.echo(f"略过{table.label} {skipped[table.name]} 行。")
    stars = "，".join(
        f"{star_text(int(star))} {count} 人" for star, count in reversed(report["stars"].items())
    )
    click.echo(f"参评 {report['volunteers']} 人：{stars}。")
    click.echo(
        f"明细 {report['statement_lines']} 行，用时 {report['seconds']:.1f} 秒，写在 {out}。"
    )


def _engine(name: str, database: str | None, master: str) -> Engine:
    if name == "postgres":
        return Postgres(database or _site_database())
    return Spark(master) if name == "spark" else DuckDB()


def _site_database() -> str:
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  # an extra

    from zhiyuanhong.commands.site import site_settings  # noqa: PLC0415  # Django only if needed

    database = site_settings().DATABASES["default"]
    if "postgresql" not in database["ENGINE"]:
        raise RuleBroken(
            "postgres_not_set",
            "没有设置 PostgreSQL。请用 --database 写明地址，或设置 ZYH_DATABASE_URL。",
        )
    keys = {
        "host": "HOST",
        "port": "PORT",
        "user": "USER",
        "password": "PASSWORD",
        "dbname": "NAME",
    }
    given = {key: database[name] or None for key, name in keys.items()}
    # What follows the question mark of the url: a socket's folder as host, sslmode and the like.
    return make_conninfo("", **given | database.get("OPTIONS", {}))


@points_group.command(cls=ChineseCommand)
@facts_argument
@policy_option
@year_option
@click.option("--volunteer", required=True, help="志愿者编号。")
@skip_option
@memory_option
def explain(
    facts: Path, policy_name: str, year: int, volunteer: str, **options: Unpack[ReadingOptions]
) -> None:
    """逐行说明一位志愿者的积分：依据哪一条，怎么算，离下一星还差什么。"""
    policy = load_policy(policy_name)
    with open_facts(facts, progress=tell, **options) as opened:
        assessment = assessing.assess(opened, policy, year)
    for line in explaining.told(explaining.explain(assessment, policy, volunteer), policy):
        click.echo(line)


@points_group.command(cls=ChineseCommand)
@facts_argument
@click.option(
    "--policy", "policies", multiple=True, required=True, help="办法，写两次：先甲，后乙。"
)
@year_option
@click.option("--out", type=click.Path(path_type=Path), help="把星级有变的人写到这个 CSV。")
@skip_option
@memory_option
def compare(
    facts: Path,
    policies: tuple[str, ...],
    year: int,
    out: Path | None,
    **options: Unpack[ReadingOptions],
) -> None:
    """两份办法对比：谁升、谁降、星级矩阵、各社区积分。"""
    if len(policies) != 2:
        raise click.UsageError("请写两次 --policy：先甲，后乙。")
    loaded = [load_policy(name) for name in policies]
    for name, policy in zip("甲乙", loaded, strict=True):
        click.echo(f"{name}：{policy.policy.title}，版本 {policy.policy.version}")
    with open_facts(facts, progress=tell, **options) as opened:
        a, b = (assessing.assess(opened, policy, year).results for policy in loaded)
    comparison = comparing.compare(a, b)
    for line in comparing.told(comparison):
        click.echo(line)
    if out:
        _write_changes(out, comparison)


def _write_changes(out: Path, comparison: comparing.Comparison) -> None:
    heads = ("volunteer_id", "community_id", "star_a", "star_b", "points_a", "points_b")
    with written_whole(out) as path, path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([getattr(change, head) for head in heads] for change in comparison.changes)
    click.echo(f"星级有变的 {len(comparison.changes)} 人已写到 {out}。")


@points_group.command(cls=ChineseCommand)
@policy_option
@year_option
@engine_option
def sql(policy_name: str, year: int, engine_name: str) -> None:
    """看一份办法编译成的 SQL，按步骤列出。"""
    for step in program(load_policy(policy_name), year, engine_name):
        click.echo(f"-- {step.name}\n{step.sql};\n")


@points_group.command(cls=ChineseCommand)
def presets() -> None:
    """列出预设的办法。"""
    for name, title in preset_names().items():
        click.echo(f"{name}  {title}")


@points_group.command(cls=ChineseCommand)
@click.option("--volunteers", type=click.IntRange(min=1), required=True, help="志愿者人数。")
@click.option(
    "--services-per-volunteer", type=click.IntRange(min=1), required=True, help="平均每人次数。"
)
@click.option("--seed", type=int, required=True, help="随机种子；同样的种子得到同样的数据。")
@click.option("--year", type=int, default=2026, show_default=True, help="年度。")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="写进这个文件夹。")
def synth(volunteers: int, services_per_volunteer: int, seed: int, year: int, out: Path) -> None:
    """生成一年逼真的虚构数据，用来测速。"""
    counts = synthesize(
        out,
        volunteers=volunteers,
        services_per_volunteer=services_per_volunteer,
        seed=seed,
        year=year,
        progress=_writing,
    )
    for table in FACT_TABLES:
        click.echo(f"{table.label} {counts[table.name]} 行")


def _writing(done: int, total: int) -> None:
    tell(f"已写服务记录 {done}/{total} 行")
