"""Each test has a temporary folder of its own, to see that nothing is left in it."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_temporary_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder
