"""The web site as an operator meets it: started, stopped, refused."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ZHIYUANHONG = [sys.executable, "-m", "zhiyuanhong"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ZHIYUANHONG, *command.split()],
        env={"ZYH_DATA_DIR": str(folder), "PATH": os.environ["PATH"], **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextlib.contextmanager
def running(folder: Path, **variables: str) -> Iterator[str]:
    """A site with its own data folder; gives its first line, which it prints when it answers."""
    process = subprocess.Popen(
        [*ZHIYUANHONG, "run"],
        env={"ZYH_DATA_DIR": str(folder), "PATH": os.environ["PATH"], **variables},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # the whole group: a worker that outlives the server would hold the pipe open
    late = threading.Timer(60, os.killpg, (process.pid, signal.SIGKILL))
    late.start()
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        late.cancel()
    assert process.returncode == 0


def test_it_starts_says_where_and_serves(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, ZYH_PORT=str(port)) as line:
        assert line == f"志愿红已就绪：http://127.0.0.1:{port}/ （按 Ctrl+C 停止）\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            page = answer.read().decode()
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<h1>试算</h1>" in page
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style}", timeout=10) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
        assert (tmp_path / "zhiyuanhong.sqlite3").is_file()


@pytest.mark.parametrize("kept", [True, False])
def test_it_lives_below_a_path(tmp_path: Path, kept: bool) -> None:
    port = free_port()
    with running(tmp_path, ZYH_PORT=str(port), ZYH_BASE_PATH="/street") as line:
        assert f":{port}/street/ " in line
        url = f"http://127.0.0.1:{port}{'/street' if kept else ''}/trial/"
        with urllib.request.urlopen(url, timeout=10) as answer:
            page = answer.read().decode()
        assert 'href="/street/trial/"' in page
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert style.startswith("/street/static/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style}", timeout=10) as answer:
            assert answer.status == 200


def test_the_second_start_is_quick(tmp_path: Path) -> None:
    port = str(free_port())
    with running(tmp_path, ZYH_PORT=port) as line:
        assert line
    began = time.monotonic()
    with running(tmp_path, ZYH_PORT=port) as line:
        assert line
        assert time.monotonic() - began < 10


def test_a_busy_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        found = asked("run", tmp_path, ZYH_PORT=str(other.getsockname()[1]))
    assert found.returncode == 2
    assert found.stderr.startswith("错误[port_busy]：")
    assert "ZYH_PORT" in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_clear_line(tmp_path: Path) -> None:
    found = asked("run", tmp_path, ZYH_PORT="eighty")
    assert found.returncode == 2
    assert found.stderr == (
        "错误[setting_invalid]：环境变量 ZYH_PORT 的值不正确：应为1 到 65535 之间的整数。\n"
    )


def test_a_database_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    url = f"postgres://zyh:hunter2@127.0.0.1:{free_port()}/zyh"
    found = asked("migrate", tmp_path, ZYH_DATABASE_URL=url)
    assert found.returncode == 2
    assert found.stderr.startswith("错误[database_unreachable]：连不上数据库")
    assert found.stderr.count("\n") == 1
    assert "hunter2" not in found.stderr


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    found = asked("migrate", tmp_path)
    assert (found.returncode, found.stdout, found.stderr) == (0, "数据库已是最新。\n", "")
    assert (tmp_path / "zhiyuanhong.sqlite3").stat().st_size > 0


def test_check_asks_django_and_us(tmp_path: Path) -> None:
    plain = asked("check", tmp_path)
    assert (plain.returncode, plain.stdout) == (0, "检查完毕。\n")
    deploy = asked("check --deploy", tmp_path)
    assert deploy.returncode == 0
    assert "ZYH_ALLOWED_HOSTS 只有本机地址" in deploy.stderr
    assert "security.W008" in deploy.stderr


def test_help_imports_no_engine(tmp_path: Path) -> None:
    script = (
        "import sys; from zhiyuanhong.commands.main import status; status(['--help']);"
        "sys.exit(bool({'duckdb', 'ibis', 'pyarrow', 'django'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={}, capture_output=True, check=False
    )
    assert found.returncode == 0
