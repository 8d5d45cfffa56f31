"""Ways to break a policy, and what its refusal says."""

import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest

from tests.points.strategies import policy_toml
from zhiyuanhong.points.policy import LoadedPolicy, PolicyRefused, parse_policy

Row = dict[str, Any]
Path = tuple[str | int, ...]
Problem = tuple[str, str]


class Raw:
    """A value written as it is, such as `true`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def preset(name: str) -> Row:
    path = files("zhiyuanhong.points.policy") / "presets" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def street() -> Row:
    """The preset that uses every section."""
    return preset("street-five-star")


def at(policy: Row, path: Path) -> Any:
    value: Any = policy
    for part in path:
        value = value[part]
    return value


def changed(policy: Row, *path: str | int, to: Any) -> Row:
    """A copy with another value at a path."""
    copy = deepcopy(policy)
    at(copy, path[:-1])[path[-1]] = to
    return copy


def without(policy: Row, *path: str | int) -> Row:
    copy = deepcopy(policy)
    del at(copy, path[:-1])[path[-1]]
    return copy


def key(path: Path) -> str:
    """A path as a refusal names it: places count from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def places(policy: Row) -> Iterator[Path]:
    """The paths of all values, sections and rows."""

    def walk(value: Any, path: Path) -> Iterator[Path]:
        yield path
        if not isinstance(value, dict | list):
            return
        for part in value if isinstance(value, dict) else range(len(value)):
            yield from walk(value[part], (*path, part))

    for name, value in policy.items():
        yield from walk(value, (name,))


def of_type(policy: Row, kind: type) -> list[Path]:
    return [path for path in places(policy) if isinstance(at(policy, path), kind)]


def loaded(policy: Row) -> LoadedPolicy:
    return parse_policy(policy_toml(policy).encode(), source="办法.toml")


def problems(policy: Row) -> tuple[Problem, ...]:
    return problems_of(lambda: loaded(policy))


def problems_of(load: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(PolicyRefused) as caught:
        load()
    refused = caught.value
    assert (refused.code, refused.exit_status) == ("policy_refused", 2)
    for name, rule in refused.problems:
        assert f"\n  {name}：{rule}" in refused.message
    return refused.problems
