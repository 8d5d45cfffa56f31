"""Makes the checks of this package known to Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Settings as an app: no tables, only checks."""

    name = "zhiyuanhong.config"
    label = "zhiyuanhong_config"

    def ready(self) -> None:
        from zhiyuanhong.config import checks  # noqa: F401, PLC0415  # registers itself
