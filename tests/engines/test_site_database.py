"""The database of the site, when it is PostgreSQL: prepared, and an engine of the points."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhiyuanhong.points.engines import Postgres
from zhiyuanhong.points.template import write_template


def zyh(words: list[str], folder: Path, database: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ZYH_DATA_DIR": str(folder / "data"), "ZYH_DATABASE_URL": database}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "zhiyuanhong", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_prepared_and_again(tmp_path: Path, postgres: Postgres) -> None:
    for _ in range(2):
        done = zyh(["migrate"], tmp_path, postgres.database)
        assert (done.returncode, done.stdout) == (0, "数据库已是最新。\n"), done.stderr


def test_it_computes_points_without_being_named(tmp_path: Path, postgres: Postgres) -> None:
    write_template(tmp_path / "facts.xlsx")
    words = ["points", "assess", str(tmp_path / "facts.xlsx"), "--policy", "street-five-star"]
    words += ["--year", "2026", "--engine", "postgres", "--out", str(tmp_path / "out")]
    done = zyh(words, tmp_path, postgres.database)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out/report.json").read_text())["engine"] == "postgres"
    assert (tmp_path / "out/results.csv").read_text().startswith("volunteer_id,community_id,")


@pytest.mark.parametrize(
    ("database", "code"),
    [("", "postgres_not_set"), ("postgres://a@127.0.0.1:1/a", "postgres_unreachable")],
)
def test_without_it_one_clear_line(tmp_path: Path, database: str, code: str) -> None:
    write_template(tmp_path / "facts.xlsx")
    words = ["points", "assess", str(tmp_path / "facts.xlsx"), "--policy", "street-five-star"]
    words += ["--year", "2026", "--engine", "postgres", "--out", str(tmp_path / "out")]
    done = zyh(words, tmp_path, database)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"错误[{code}]：")
    assert not list((tmp_path / "out").glob("*"))
