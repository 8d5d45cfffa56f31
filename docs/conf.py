"""How the documentation is built."""

from importlib.metadata import version as installed

project = "志愿红"
author = "the contributors"
copyright = "the contributors, Apache-2.0"  # noqa: A001  # Sphinx's name
release = version = installed("zhiyuanhong")
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "志愿红"
html_show_sphinx = False
