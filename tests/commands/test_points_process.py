"""The commands of points as processes: their exit status, their pipes, and a sudden death."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zhiyuanhong.points.synth import synthesize

COMMAND = (sys.executable, "-m", "zhiyuanhong", "points")
ASSESS = ("assess", "facts", "--policy", "community-hours", "--year", "2026", "--out", "out")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    synthesize(tmp_path / "facts", volunteers=50, services_per_volunteer=20, seed=7, year=2026)
    return tmp_path


def test_results_go_out_and_progress_goes_to_the_error_stream(folder: Path) -> None:
    done = run(folder, *ASSESS)
    assert done.returncode == 0
    assert done.stdout.startswith("参评 ")
    assert "……" not in done.stdout
    assert all(line.endswith("……") for line in done.stderr.splitlines())


def test_a_refusal_is_one_line_and_a_status(tmp_path: Path) -> None:
    done = run(tmp_path, *ASSESS[:2], "--policy", "nope", *ASSESS[4:])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("错误[policy_missing]：找不到办法文件“nope”。")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_bad_rows_are_status_3(folder: Path) -> None:
    with (folder / "facts" / "trainings.csv").open("w", encoding="utf-8") as file:
        file.write("training_id,volunteer_id,day,passed\nt,nobody,2026-02-30,1\n")
    (folder / "facts" / "trainings.parquet").unlink(missing_ok=True)
    done = run(folder, *ASSESS)
    assert (done.returncode, done.stdout) == (3, "")
    assert "错误[bad_rows]：数据有 1 行有问题" in done.stderr


@pytest.mark.parametrize("earlier", [False, True])
def test_a_sudden_death_leaves_no_half_result(earlier: bool, folder: Path) -> None:
    out = folder / "out"
    if earlier:
        assert run(folder, *ASSESS).returncode == 0
    before = {path.name: path.read_bytes() for path in out.glob("*")}
    with subprocess.Popen(
        [*COMMAND, *ASSESS], cwd=folder, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("清点参评志愿者"):
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    left = {path.name: path.read_bytes() for path in out.glob("[!.]*")}
    assert left == before
    assert len(before) == (3 if earlier else 0)
    assert run(folder, *ASSESS).returncode == 0
    assert {path.name for path in out.glob("[!.]*")} == {
        *("results.csv", "statement.csv", "report.json")
    }
