"""The settings of Django, made from a validated environment."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from zhiyuanhong.config import environment
from zhiyuanhong.config.secrets import kept_secret

PACKAGE = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read(os.environ)

DATA_DIR = ENVIRONMENT.data_dir
ERROR_LOG = DATA_DIR / "logs" / "errors.log"
SECRET_KEY = ENVIRONMENT.secret_key or kept_secret(DATA_DIR / "secret_key")
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
SERVE_HOST = ENVIRONMENT.host
SERVE_PORT = ENVIRONMENT.port
UPLOAD_BYTES = ENVIRONMENT.upload_mb * 1024 * 1024

INSTALLED_APPS = ["django.contrib.staticfiles", "csp", "zhiyuanhong.config"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhiyuanhong.config.middleware.limit_upload",
    "zhiyuanhong.config.middleware.read_only_get",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "zhiyuanhong.config.urls"
WSGI_APPLICATION = "zhiyuanhong.config.wsgi.application"
FORCE_SCRIPT_NAME = ENVIRONMENT.base_path or None
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "pages"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

SQLITE_OPTIONS = {
    # A transaction that reads first and writes later can't wait for another writer, it fails.
    # IMMEDIATE takes the write lock at the start, where waiting works.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
DATABASES: dict[str, dict[str, Any]] = {"default": {**ENVIRONMENT.database, "CONN_MAX_AGE": None}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = f"{ENVIRONMENT.base_path}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "pages" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
if ENVIRONMENT.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_COOKIE_SECURE = True
# Sister hosts of a street's domain are not ours to bind (W005), nor browsers' lists to fill (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "errors": {
            "class": "logging.FileHandler",
            "filename": ERROR_LOG,
            "encoding": "utf-8",
            "delay": True,
            "level": "ERROR",
            "formatter": "line",
        },
        "console": {"class": "logging.StreamHandler", "level": "WARNING", "formatter": "line"},
    },
    "root": {"handlers": ["errors", "console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
ERROR_LOG.parent.mkdir(exist_ok=True)
