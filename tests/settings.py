"""The settings of the tests: those of the site, in a data folder of their own."""

import os
import tempfile

for name in [name for name in os.environ if name.startswith("ZYH_")]:
    del os.environ[name]  # what the developer's shell asks for is not what is tested
os.environ["ZYH_DATA_DIR"] = tempfile.mkdtemp(prefix="zyh-tests-")
# Playwright runs an event loop in the test's own thread, where Django takes a query for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from zhiyuanhong.config.settings import *  # noqa: E402, F403
from zhiyuanhong.config.settings import DATA_DIR, TEMPLATES  # noqa: E402

(DATA_DIR / "static").mkdir()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class Loud(str):
    """A variable that a template misspells is an error here, not an empty place on the page."""

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"a template uses {name}, which nobody gave it")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Loud("%s")
