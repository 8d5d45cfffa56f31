"""Environment variables: defaults, refusals, and the table in the documentation."""

import re
from pathlib import Path

import pytest

from zhiyuanhong.config.environment import SETTINGS, Environment, read
from zhiyuanhong.shared.refusals import RuleBroken

TABLE = Path(__file__).resolve().parents[2] / "docs/reference/settings.md"

WRONG = {
    "ZYH_DATABASE_URL": ["mysql://host/name", "postgres://host", "sqlite://", "no url", "http://["],
    "ZYH_SECRET_KEY": ["short"],
    "ZYH_DATA_DIR": ["/dev/null/data"],
    "ZYH_HOST": ["two words", "a/b"],
    "ZYH_PORT": ["0", "65536", "-1", "８０００", "80.0", "http"],
    "ZYH_ALLOWED_HOSTS": ["a b", "https://example.org", ","],
    "ZYH_DEBUG": ["yes", "2"],
    "ZYH_HTTPS": ["on"],
    "ZYH_UPLOAD_MB": ["0", "1001", "50MB"],
    "ZYH_BASE_PATH": ["zyh", "/zyh/", "/a b", "/"],
}


def asked(folder: Path, **variables: str) -> Environment:
    return read({"ZYH_DATA_DIR": str(folder), "PATH": "/bin", **variables})


def test_nothing_set_is_right_for_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read({})
    assert found.data_dir == tmp_path / "data"
    assert found.database["ENGINE"] == "django.db.backends.sqlite3"
    assert found.database["NAME"] == str(tmp_path / "data" / "zhiyuanhong.sqlite3")
    assert (found.host, found.port, found.base_path) == ("127.0.0.1", 8000, "")
    assert (found.debug, found.https, found.secret_key) == (False, False, None)
    assert found.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]


def test_every_variable_is_read(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        ZYH_DATABASE_URL="postgres://zyh:pass@db:5433/zyh",
        ZYH_SECRET_KEY="k" * 32,
        ZYH_HOST="0.0.0.0",
        ZYH_PORT="80",
        ZYH_ALLOWED_HOSTS="zyh.example.org, 10.0.0.1",
        ZYH_DEBUG="1",
        ZYH_HTTPS="true",
        ZYH_UPLOAD_MB="5",
        ZYH_BASE_PATH="/street/zyh",
    )
    assert found.database["HOST"] == "db"
    assert found.database["PORT"] == 5433
    assert found.allowed_hosts == ["zyh.example.org", "10.0.0.1"]
    assert (found.debug, found.https, found.upload_mb) == (True, True, 5)
    assert (found.host, found.port, found.base_path) == ("0.0.0.0", 80, "/street/zyh")


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_a_wrong_value_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refused:
        read({"ZYH_DATA_DIR": str(tmp_path), name: value})
    assert refused.value.code == "setting_invalid"
    assert name in refused.value.message
    assert "\n" not in refused.value.message


def test_every_setting_has_a_wrong_value_here() -> None:
    assert set(WRONG) == {setting.name for setting in SETTINGS}


def test_a_refusal_never_shows_the_value(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refused:
        asked(tmp_path, ZYH_DATABASE_URL="mysql://zyh:hunter2@db/zyh")
    assert "hunter2" not in refused.value.message


def test_a_misspelled_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refused:
        asked(tmp_path, ZYH_PROT="80")
    assert refused.value.code == "setting_unknown"
    assert "ZYH_PROT" in refused.value.message


def test_the_documented_table_is_the_code() -> None:
    rows = re.findall(
        r"^\| `(ZYH_\w+)` \|(.*?)\|(.*?)\|(.*?)\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE
    )
    table = [(name, default.strip().strip("`"), form.strip()) for name, default, form, _ in rows]
    assert table == [(s.name, s.default, s.form) for s in SETTINGS]
    assert all(meaning.strip() for *_, meaning in rows)
