"""The import contracts refuse what they are there to refuse."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PLANTED = {
    "an upward import": ("points/planted.py", "from zhiyuanhong.pages import public", "rooms"),
    "a stray utils.py": ("utils.py", "", "rooms"),
    "a stray helpers.py": ("helpers.py", "", "rooms"),
    "a room nobody decided": ("shop/__init__.py", "", "rooms"),
    "pages that know commands": (
        "pages/public/planted.py",
        "from zhiyuanhong.commands import main",
        "rooms",
    ),
    "commands that know pages": (
        "commands/planted.py",
        "from zhiyuanhong.pages import public",
        "entrances",
    ),
    "an audience that knows another": (
        "pages/street/__init__.py",
        "from zhiyuanhong.pages import public",
        "audiences",
    ),
    "Django inside points": (
        "points/planted.py",
        "from django.db import models",
        "points-without-django",
    ),
    "Django inside rules.py": (
        "recognition/rules.py",
        "import django",
        "rules-without-django",
    ),
    "Django behind rules.py": (
        "recognition/rules.py",
        "from zhiyuanhong.recognition import planted",
        "rules-without-django",
    ),
}
NAMES = {
    "rooms": "A room imports only rooms below it",
    "entrances": "Commands, api and pages do not know each other",
    "audiences": "The audiences of the pages do not know each other",
    "points-without-django": "No Django inside points",
    "rules-without-django": "No Django inside a rules.py, and nothing of ours that has it",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package under the real contracts."""
    ignored = shutil.ignore_patterns("__pycache__", "fonts", "node_modules")
    shutil.copytree(ROOT / "src/zhiyuanhong", tmp_path / "zhiyuanhong", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(root: Path, file: str, text: str) -> None:
    path = root / "zhiyuanhong" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""Planted."""\n\n{text}\n')


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_keeps_every_contract(copy: Path) -> None:
    found = lint(copy)
    assert found.returncode == 0, found.stdout
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in found.stdout


@pytest.mark.parametrize("violation", PLANTED)
def test_a_planted_violation_is_refused(copy: Path, violation: str) -> None:
    file, text, contract = PLANTED[violation]
    plant(copy, file, text)
    if "planted" in text:
        plant(copy, "recognition/planted.py", "import django")
    found = lint(copy)
    assert found.returncode == 1, found.stdout
    assert f"{NAMES[contract]} BROKEN" in found.stdout
