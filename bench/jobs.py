"""What is measured: each job runs alone in a process, as `python -m bench.jobs NAME ARGUMENTS`."""

# ruff: noqa: PLC0415  a job pays for the imports it needs, and for no other's

import json
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import duckdb

from zhiyuanhong.points.choices import FACT_TABLES, RESULTS, STATEMENT
from zhiyuanhong.points.policy import load_policy

POLICY, YEAR = "street-five-star", 2026
SERVICE_COLUMNS = ("minutes", "starts_at", "emergency", "skilled", "leader")
SERVICE_TEXTS = ("service_id", "volunteer_id", "team", "status")


def synthesize(facts: str, volunteers: int, services_per_volunteer: int) -> int:
    """Write a year of facts; answers the number of services."""
    from zhiyuanhong.points import synth

    rows = synth.synthesize(
        Path(facts), volunteers=volunteers, services_per_volunteer=services_per_volunteer, seed=1
    )
    return rows["services"]


def facts_on(connection: duckdb.DuckDBPyConnection, facts: str) -> None:
    """Show Parquet facts as the seven tables, without a copy and without the checks."""
    for table in FACT_TABLES:
        file = Path(facts) / f"{table.name}.parquet"
        connection.execute(f"CREATE VIEW {table.name} AS FROM '{file}'")


def measures(facts: str, out: str, memory_limit: str | None = None) -> int:
    """The Ibis path: measures compiled for DuckDB, in the store that the command line uses."""
    from zhiyuanhong.points.engines import DuckDB, program
    from zhiyuanhong.points.facts.store import Store

    with Store(memory_limit) as store:
        facts_on(store.connection, facts)
        compiled = program(load_policy(POLICY), YEAR, "duckdb")
        DuckDB().compute(store.connection, compiled, Path(out))
    return 0


def hand_tuned(facts: str, out: str, memory_limit: str | None = None) -> int:
    """The same rules as tuned SQL."""
    from bench import hand_tuned as tuned

    policy = load_policy(POLICY).policy
    with tempfile.TemporaryDirectory() as spill:
        tuned.assess(
            Path(facts), policy, YEAR, Path(out), spill=Path(spill), memory_limit=memory_limit
        )
    return 0


def scan(facts: str) -> int:
    """Read the columns of services and ratings that the rules need, and nothing else."""
    texts = ", ".join(f"sum(strlen({name}))" for name in SERVICE_TEXTS)
    others = ", ".join(f"max({name})" for name in SERVICE_COLUMNS)
    with duckdb.connect(":memory:") as connection:
        facts_on(connection, facts)
        connection.execute(f"SELECT {texts}, {others} FROM services").fetchall()
        connection.execute("SELECT sum(strlen(service_id)), sum(score) FROM ratings").fetchall()
    return 0


def spark(facts: str, out: str, master: str) -> int:
    """The same measures on a Spark cluster."""
    from zhiyuanhong.points.engines import Spark, program

    with duckdb.connect(":memory:") as connection:
        facts_on(connection, facts)
        compiled = program(load_policy(POLICY), YEAR, "spark")
        Spark(master).compute(connection, compiled, Path(out))
    return 0


def differences(one: str, other: str) -> int:
    """Answers how many rows stand in one output and not in the other, both ways, both outputs."""
    found = 0
    with tempfile.TemporaryDirectory() as spill, duckdb.connect(":memory:") as connection:
        connection.execute(f"SET temp_directory = '{spill}'")
        for table, (a, b) in product((RESULTS, STATEMENT), ((one, other), (other, one))):
            columns = ", ".join(column.name for column in table.columns)
            left, right = (
                f"SELECT {columns} FROM '{folder}/{table.name}.parquet'" for folder in (a, b)
            )
            row = connection.execute(f"SELECT count(*) FROM ({left} EXCEPT {right})").fetchone()
            sizes = connection.execute(
                f"SELECT abs((SELECT count(*) FROM ({left})) - (SELECT count(*) FROM ({right})))"
            ).fetchone()
            found += (row or (1,))[0] + (sizes or (1,))[0]
    return found


def workbook(facts: str, file: str) -> int:
    """Turn Parquet facts into the workbook a clerk would hand in."""
    from bench.workbooks import write_workbook

    write_workbook(Path(facts), Path(file))
    return 0


def command(words: list[str]) -> int:
    """Run `zhiyuanhong …` as an operator would."""
    from zhiyuanhong.commands.main import status

    ended = status(words)
    if ended:
        sys.exit(ended)
    return 0


def certificates(count: int, file: str) -> int:
    """Print star certificates as one document; answers the pages."""
    from zhiyuanhong.recognition.documents.star_certificates import render_batch
    from zhiyuanhong.recognition.rules import Award, StarCertificate, certificate_number

    award = Award(
        YEAR,
        "社区志愿服务工作管理办法",
        "2026-1",
        "0" * 64,
        "1" * 64,
        "示范街道",
        date(YEAR, 12, 31),
    )
    names = ["".join(parts) for parts in product("赵钱孙李周吴郑王", "文明和安", "华兰宁远")]
    awarded = [
        StarCertificate(
            award=award,
            number=certificate_number(YEAR, place),
            volunteer_id=f"Z9901002601{place:06d}A",
            name=names[place % len(names)],
            community=f"示范第{place % 12 + 1}社区",
            star=place % 5 + 1,
            minutes=1200 + place,
            millipoints=30000 + 10 * place,
        )
        for place in range(1, count + 1)
    ]
    Path(file).write_bytes(render_batch(awarded))
    return count


JOBS: dict[str, Callable[..., int]] = {
    job.__name__: job
    for job in (
        synthesize,
        measures,
        hand_tuned,
        scan,
        spark,
        differences,
        workbook,
        command,
        certificates,
    )
}

if __name__ == "__main__":
    print(JOBS[sys.argv[1]](**json.loads(sys.argv[2])))
