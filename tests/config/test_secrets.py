"""The secret key is made once, and only its owner reads it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from zhiyuanhong.config.secrets import kept_secret
from zhiyuanhong.shared.refusals import RuleBroken


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    first = kept_secret(path)
    assert len(first) >= 50
    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["secret_key"]


def test_a_process_that_comes_second_takes_the_key_of_the_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_secret, [tmp_path / "secret_key"] * 8))
    assert len(keys) == 1


def test_an_empty_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.touch()
    with pytest.raises(RuleBroken) as refused:
        kept_secret(path)
    assert refused.value.code == "secret_empty"
