"""The application that a WSGI server loads."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyuanhong.config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve below `ZYH_BASE_PATH` whether or not the proxy in front has cut it off."""
    from django.conf import settings  # noqa: PLC0415  # ready only now

    base, path = settings.FORCE_SCRIPT_NAME or "", environ["PATH_INFO"]
    if base and (path == base or path.startswith(f"{base}/")):
        environ["PATH_INFO"] = path.removeprefix(base) or "/"
    return _django(environ, start_response)
