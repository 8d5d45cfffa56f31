"""Invented policies load and come back as they were; broken at one place, they name it."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.points.policy.broken import (
    Path,
    Raw,
    Row,
    at,
    changed,
    key,
    loaded,
    of_type,
    problems,
    street,
    without,
)
from tests.points.strategies import policies

MODEST = settings(max_examples=40, deadline=None)
Breakage = tuple[str, Row]  # the key to be named, and the broken policy


@given(policies())
@MODEST
def test_a_valid_policy_loads_and_comes_back(policy: Row) -> None:
    back = loaded(policy).policy.model_dump(by_alias=True, exclude_unset=True)
    assert back == policy


def test_the_preset_with_every_section_comes_back() -> None:
    assert loaded(street()).policy.model_dump(by_alias=True, exclude_unset=True) == street()


def unknown_keys(policy: Row) -> Iterator[Breakage]:
    for path in [(), *of_type(policy, dict)]:
        yield key((*path, "nonsense")), changed(policy, *path, "nonsense", to=1)


def missing_keys(policy: Row) -> Iterator[Breakage]:
    always = ("title", "version", "effective_from", "service_time", "stars")
    paths: list[Path] = [(name,) for name in always]
    paths += [path for path in of_type(policy, str) if path[-1] in {"article", "combine", "count"}]
    paths += [path for path in of_type(policy, int) if path[-1] in {"from", "months", "star"}]
    for path in paths:
        yield key(path), without(policy, *path)


def wrong_numbers(policy: Row) -> Iterator[Breakage]:
    wrong: tuple[Any, ...] = (-1, 1.5, Raw("true"), "30", 10**20)
    for path in of_type(policy, int):
        for value in wrong:
            yield key(path), changed(policy, *path, to=value)


def wrong_coefficients(policy: Row) -> Iterator[Breakage]:
    for path in of_type(policy, int):
        if "percent" in str(path[-1]) + str(path[-2]) and path[-1] != "quota_percent":
            yield key(path), changed(policy, *path, to=1001)


def wrong_orders(policy: Row) -> Iterator[Breakage]:
    """A row that repeats the figure of the one before it."""
    lists: list[Path] = [
        ("satisfaction", "bands"),
        ("continuity", "tiers"),
        ("lifetime", "minutes"),
    ]
    for path in lists:
        rows = at(policy, path) if path[0] in policy else []
        for place in range(1, len(rows)):
            part = {"bands": ("from",), "tiers": ("months",)}.get(str(path[1]), ())
            before = at(policy, (*path, place - 1, *part))
            where = (*path, place, *part)
            yield key(where), changed(policy, *where, to=before)


def wrong_levels(policy: Row) -> Iterator[Breakage]:
    levels = policy["stars"]["level"]
    for place in range(1, len(levels)):
        path: Path = ("stars", "level", place)
        yield key((*path, "star")), changed(policy, *path, "star", to=place)
        for name, asked in levels[place - 1].items():
            if isinstance(asked, int) and asked > 0 and name not in {"star", "quota_percent"}:
                yield key((*path, name)), changed(policy, *path, name, to=asked - 1)
        for kind, most in levels[place - 1].get("max_conduct", {}).items():
            where = (*path, "max_conduct", kind)
            yield key(where), changed(policy, *where, to=most + 1)
            yield key(where), without(policy, *where)


KINDS = (
    unknown_keys,
    missing_keys,
    wrong_numbers,
    wrong_coefficients,
    wrong_orders,
    wrong_levels,
)


@given(st.data(), policies())
@MODEST
def test_one_breakage_of_each_kind_is_named(data: st.DataObject, policy: Row) -> None:
    for kind in KINDS:
        found = list(kind(policy))
        if found:
            name, broken = found[data.draw(st.integers(0, len(found) - 1))]
            assert name in dict(problems(broken)), kind.__name__


def test_the_preset_can_be_broken_in_every_way() -> None:
    for kind in KINDS:
        breakages = list(kind(street()))
        assert breakages
        assert [name for name, broken in breakages if name not in dict(problems(broken))] == []
