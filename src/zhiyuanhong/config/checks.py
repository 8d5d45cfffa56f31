"""What `zhiyuanhong check --deploy` asks of an installation beyond Django's own questions."""

import stat
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  # Django's name

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security, deploy=True)
def deployment(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  # Django's signature
    mode, engine = settings.DATA_DIR.stat().st_mode, settings.DATABASES["default"]["ENGINE"]
    return [
        Warning(text, id=code) for code, text in weaknesses(settings.ALLOWED_HOSTS, mode, engine)
    ]


def weaknesses(hosts: list[str], data_mode: int, engine: str) -> list[tuple[str, str]]:
    """Return the code and text of what an installation for everyone should not have."""
    found = {
        "zhiyuanhong.W001": (
            set(hosts) <= LOOPBACK,
            "ZYH_ALLOWED_HOSTS 只有本机地址：别的机器打不开网站，请写上网站的域名。",
        ),
        "zhiyuanhong.W002": (
            "*" in hosts,
            "ZYH_ALLOWED_HOSTS 是 *：任何域名都能冒充本站，请写明域名。",
        ),
        "zhiyuanhong.W003": (
            bool(data_mode & stat.S_IROTH),
            "数据目录（ZYH_DATA_DIR）人人可读：请改为只有运行本程序的用户可读（chmod 700）。",
        ),
        "zhiyuanhong.W004": (
            engine == "django.db.backends.sqlite3",
            "数据库是 SQLite：适合一台机器试用；正式使用请用 ZYH_DATABASE_URL 指向 PostgreSQL。",
        ),
    }
    return [(code, text) for code, (wrong, text) in found.items() if wrong]
