"""Every environment variable: its form, its default, and the line that refuses a wrong value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from zhiyuanhong.shared.refusals import RuleBroken

PREFIX = "ZYH_"
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Setting:
    """One variable; `parse` raises ValueError for what does not have the form."""

    name: str
    default: str
    form: str
    parse: Callable[[str], Any]


@dataclass(frozen=True)
class Environment:
    """What the environment asks for, validated."""

    database: dict[str, Any]
    secret_key: str | None  # None: one is kept in the data folder
    data_dir: Path
    host: str
    port: int
    allowed_hosts: list[str]
    debug: bool
    https: bool
    upload_mb: int
    base_path: str


def _database(text: str) -> dict[str, Any]:
    if urlsplit(text).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError
    found = dict(dj_database_url.parse(text))
    if found["NAME"] in {"", ":memory:"}:  # each thread and process would see a memory of its own
        raise ValueError
    return found


def _secret(text: str) -> str | None:
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError
    return text or None


def _within(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError
        return int(text)

    return parse


def _matching(pattern: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return parse


def _hosts(text: str) -> list[str]:
    hosts = [part.strip() for part in text.split(",") if part.strip()]
    if not hosts or not all(re.fullmatch(r"\*|[\w.:\[\]-]+", host) for host in hosts):
        raise ValueError
    return hosts


def _switch(text: str) -> bool:
    return {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}[
        text.lower()
    ]


SETTINGS = (
    Setting(
        "ZYH_DATABASE_URL",
        "sqlite:///<数据目录>/zhiyuanhong.sqlite3",
        "sqlite:///文件路径 或 postgres://用户:密码@主机:端口/库名",
        _database,
    ),
    Setting("ZYH_SECRET_KEY", "", f"至少 {SHORTEST_SECRET} 个字符", _secret),
    Setting("ZYH_DATA_DIR", "./data", "可以写入的文件夹路径", lambda text: Path(text).resolve()),
    Setting("ZYH_HOST", "127.0.0.1", "IP 地址或主机名", _matching(r"[\w.:-]+")),
    Setting("ZYH_PORT", "8000", "1 到 65535 之间的整数", _within(1, 65535)),
    Setting(
        "ZYH_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "用英文逗号隔开的域名或 IP 地址", _hosts
    ),
    Setting("ZYH_DEBUG", "0", "1 或 0", _switch),
    Setting("ZYH_HTTPS", "0", "1 或 0", _switch),
    Setting("ZYH_UPLOAD_MB", "50", "1 到 1000 之间的整数", _within(1, 1000)),
    Setting("ZYH_BASE_PATH", "", "空，或以 / 开头、不以 / 结尾的路径", _matching(r"(/[\w.-]+)*")),
)


def read(environ: Mapping[str, str]) -> Environment:
    """Validate all variables; the first wrong one is refused by name, never by value."""
    _refuse_unknown(environ)
    values = {setting.name: _value(setting, environ) for setting in SETTINGS}
    folder = _folder(values["ZYH_DATA_DIR"])
    return Environment(
        database=values["ZYH_DATABASE_URL"] or _database(f"sqlite:///{folder}/zhiyuanhong.sqlite3"),
        secret_key=values["ZYH_SECRET_KEY"],
        data_dir=folder,
        host=values["ZYH_HOST"],
        port=values["ZYH_PORT"],
        allowed_hosts=values["ZYH_ALLOWED_HOSTS"],
        debug=values["ZYH_DEBUG"],
        https=values["ZYH_HTTPS"],
        upload_mb=values["ZYH_UPLOAD_MB"],
        base_path=values["ZYH_BASE_PATH"],
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            raise RuleBroken(
                "setting_unknown",
                f"没有名为 {name} 的环境变量，请检查拼写；可用的有：{'、'.join(sorted(known))}。",
            )


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:  # noqa: ANN401  # each has its own type
    text = environ.get(setting.name, "").strip()
    if not text and setting.name == "ZYH_DATABASE_URL":
        return None  # stands in the data folder, known only later
    try:
        return setting.parse(text or setting.default)
    except (ValueError, KeyError):
        raise RuleBroken(
            "setting_invalid", f"环境变量 {setting.name} 的值不正确：应为{setting.form}。"
        ) from None


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".probe"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise RuleBroken(
            "setting_invalid",
            f"环境变量 ZYH_DATA_DIR 所指的文件夹不能写入（{error.strerror}）："
            "请换一个，或改它的权限。",
        ) from None
    return path
