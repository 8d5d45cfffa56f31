"""What the settings promise: time, headers, the database, and checks in Chinese."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

from zhiyuanhong.config.checks import weaknesses


def test_time_and_language(settings: Settings) -> None:
    assert (settings.TIME_ZONE, settings.USE_TZ, settings.LANGUAGE_CODE) == (
        "Asia/Shanghai",
        True,
        "zh-hans",
    )


def test_sqlite_takes_its_lock_at_the_start_and_stays_connected(settings: Settings) -> None:
    database = settings.DATABASES["default"]
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["CONN_MAX_AGE"] is None
    assert not database.get("ATOMIC_REQUESTS")


@pytest.mark.django_db
def test_sqlite_waits_for_another_writer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


def test_django_finds_nothing_wrong() -> None:
    assert run_checks() == []


def test_an_installation_for_everyone_is_asked_more() -> None:
    weak = weaknesses(["*"], 0o755, "django.db.backends.sqlite3")
    assert [code for code, _ in weak] == [f"zhiyuanhong.W00{n}" for n in (2, 3, 4)]
    local = weaknesses(["localhost"], 0o700, "django.db.backends.postgresql")
    assert [code for code, _ in local] == ["zhiyuanhong.W001"]
    assert weaknesses(["zyh.example.org"], 0o700, "django.db.backends.postgresql") == []


def test_https_closes_what_django_asks_about(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    asked = subprocess.run(
        [sys.executable, "-m", "zhiyuanhong", "check", "--deploy"],
        env={
            "ZYH_DATA_DIR": str(tmp_path),
            "ZYH_HTTPS": "1",
            "ZYH_ALLOWED_HOSTS": "zyh.example.org",
            "ZYH_DATABASE_URL": "postgres://zyh@db/zyh",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "检查完毕。\n", "")
