"""Every refusal of the policy file, with the key and the rule it breaks."""

import re
from datetime import date, datetime, time
from typing import Any

import pytest

from tests.points.policy.broken import (
    Path,
    Raw,
    Row,
    changed,
    key,
    loaded,
    of_type,
    places,
    problems,
    street,
    without,
)
from zhiyuanhong.points.policy import PolicyRefused

STREET = street()
LEVELS = range(5)
TEAMS = "public_affairs、mutual_help、elder_care、minor_care、emergency、charity"
KINDS = "no_show、late_cancel、complaint、false_record"
HONORS = "community、street、district、city、province、nation"
REQUIRED: list[Path] = [
    *[(name,) for name in ("title", "version", "effective_from", "service_time", "stars")],
    *[("service_time", n) for n in ("article", "millipoints_per_hour", "unit_minutes", "combine")],
    *[("satisfaction", name) for name in ("article", "unrated_percent", "bands")],
    *[("satisfaction", "bands", n, part) for n in range(5) for part in ("from", "percent")],
    *[("training", name) for name in ("article", "millipoints")],
    *[("honor", name) for name in ("article", "count", "millipoints")],
    *[("continuity", name) for name in ("article", "active_month_minutes", "tiers")],
    *[("continuity", "tiers", n, part) for n in range(2) for part in ("months", "millipoints")],
    *[("conduct", name) for name in ("article", "millipoints")],
    *[("stars", name) for name in ("article", "level")],
    *[("stars", "level", n, part) for n in LEVELS for part in ("star", "points")],
    *[("lifetime", name) for name in ("article", "minutes")],
]
REQUIREMENTS = ("points", "minutes", "mean_rating", "trainings", "active_months", "member_months")


def levels(*rows: Row) -> Row:
    return changed(STREET, "stars", "level", to=list(rows))


@pytest.mark.parametrize("path", REQUIRED, ids=key)
def test_a_required_key_may_not_be_missing(path: Path) -> None:
    assert problems(without(STREET, *path)) == ((key(path), "缺少必填项"),)


def may_be_left_out(path: Path) -> bool:
    is_row = isinstance(path[-1], int)
    asks = path[:2] == ("stars", "level") and path[-1] != "quota_percent"
    return path not in REQUIRED and not is_row and not asks


@pytest.mark.parametrize(
    "path", [path for path in places(STREET) if may_be_left_out(path)], ids=key
)
def test_every_other_key_may_be_left_out(path: Path) -> None:
    assert loaded(without(STREET, *path)).policy.title == STREET["title"]


@pytest.mark.parametrize("path", [(), *of_type(STREET, dict)], ids=lambda path: key(path) or "top")
def test_an_unknown_key_is_refused_at_every_level(path: Path) -> None:
    ((name, rule),) = problems(changed(STREET, *path, "nonsense", to=1))
    assert name == key((*path, "nonsense"))
    assert rule.startswith("不认识的键")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (("service_time", "team_percent"), TEAMS),
        (("service_time", "flag_percent"), "emergency、skilled、leader"),
        (("service_time", "team_cap_millipoints"), TEAMS),
        (("honor", "millipoints"), HONORS),
        (("conduct", "millipoints"), KINDS),
        (("stars", "level", 0, "max_conduct"), KINDS),
    ],
)
def test_an_unknown_code_hears_the_known_ones(path: Path, known: str) -> None:
    rule = f"不认识的键，可用的有 {known}"
    assert problems(changed(STREET, *path, "team_7", to=1)) == ((key((*path, "team_7")), rule),)


@pytest.mark.parametrize("path", of_type(STREET, int), ids=key)
def test_every_number_is_a_whole_number_not_below_0(path: Path) -> None:
    least = 1 if path[-1] in {"unit_minutes", "star"} else 0
    below = f"不能小于 {least}" if least else "不能为负数"
    assert problems(changed(STREET, *path, to=-1)) == ((key(path), below),)
    values: tuple[Any, ...] = (1.5, 30.0, Raw("true"), "30", "", Raw("nan"), [30], date(2026, 1, 1))
    for value in values:
        assert problems(changed(STREET, *path, to=value)) == ((key(path), "应为整数"),)


@pytest.mark.parametrize("path", of_type(STREET, str), ids=key)
def test_every_text_is_a_text_and_says_something(path: Path) -> None:
    choices = {
        "combine": "highest、sum",
        "count": "highest、all",
        "quota_scope": "community、street",
    }
    choice = choices.get(str(path[-1]))
    rules = [f"应为 {choice} 之一"] * 2 if choice else ["不能为空", "应为文字"]
    assert problems(changed(STREET, *path, to="")) == ((key(path), rules[0]),)
    assert problems(changed(STREET, *path, to=18)) == ((key(path), rules[1]),)


@pytest.mark.parametrize("path", of_type(STREET, dict), ids=key)
def test_a_section_is_a_section(path: Path) -> None:
    for value in (1, "x", [1]):
        assert problems(changed(STREET, *path, to=value)) == ((key(path), "应为一节"),)


@pytest.mark.parametrize("path", of_type(STREET, list), ids=key)
def test_a_list_is_a_list(path: Path) -> None:
    values: tuple[Any, ...] = (1, "x", {})
    for value in values:
        assert problems(changed(STREET, *path, to=value)) == ((key(path), "应为列表"),)


@pytest.mark.parametrize("value", ["2026-01-01", 2026, datetime(2026, 1, 1), time(9)])  # noqa: DTZ001
def test_the_date_is_a_date(value: Any) -> None:
    rule = "应为日期，如 2026-01-01"
    assert problems(changed(STREET, "effective_from", to=value)) == (("effective_from", rule),)


@pytest.mark.parametrize("unit", [1, 30, 10**12])
def test_a_unit_of_minutes(unit: int) -> None:
    policy = changed(STREET, "service_time", "unit_minutes", to=unit)
    assert loaded(policy).policy.service_time.unit_minutes == unit


def test_a_unit_of_0_minutes_is_refused() -> None:
    found = problems(changed(STREET, "service_time", "unit_minutes", to=0))
    assert found == (("service_time.unit_minutes", "不能小于 1"),)


COEFFICIENTS: list[Path] = [
    ("service_time", "team_percent", "emergency"),
    ("service_time", "flag_percent", "leader"),
    ("satisfaction", "unrated_percent"),
    ("satisfaction", "bands", 2, "percent"),
]


@pytest.mark.parametrize("path", COEFFICIENTS, ids=key)
def test_a_coefficient_is_at_most_1000_percent(path: Path) -> None:
    for percent in (0, 1000):
        assert loaded(changed(STREET, *path, to=percent)).source == "办法.toml"
    assert problems(changed(STREET, *path, to=1001)) == ((key(path), "不能大于 1000"),)


@pytest.mark.parametrize("quota", [0, 100, 101, 5000])
def test_a_quota_is_no_coefficient(quota: int) -> None:
    policy = loaded(changed(STREET, "stars", "level", 4, "quota_percent", to=quota)).policy
    assert policy.stars.level[4].quota_percent == quota


@pytest.mark.parametrize("huge", [10**12 + 1, 2**63, 2**64, 10**400])
def test_a_number_beyond_all_measure_is_refused(huge: int) -> None:
    path = ("service_time", "millipoints_per_hour")
    assert problems(changed(STREET, *path, to=huge)) == ((key(path), "不能大于 1000000000000"),)


@pytest.mark.parametrize("below", [400, 450, 10**12])
def test_bands_fall(below: int) -> None:
    name, rule = "satisfaction.bands[3].from", f"应从高到低排列，{below} 不小于上一档的 400"
    found = problems(changed(STREET, "satisfaction", "bands", 2, "from", to=below))
    assert (name, rule) in found


@pytest.mark.parametrize("below", [12, 13])
def test_tiers_fall(below: int) -> None:
    rule = f"应从高到低排列，{below} 不小于上一档的 12"
    found = problems(changed(STREET, "continuity", "tiers", 1, "months", to=below))
    assert found == (("continuity.tiers[2].months", rule),)


@pytest.mark.parametrize("higher", [18000, 17999, 0])
def test_lifetime_minutes_rise(higher: int) -> None:
    rule = f"应从低到高排列，{higher} 不大于上一级的 18000"
    found = problems(changed(STREET, "lifetime", "minutes", 2, to=higher))
    assert found == (("lifetime.minutes[3]", rule),)


@pytest.mark.parametrize(
    ("stars", "place"), [((2,), 1), ((1, 2, 4), 3), ((1, 1), 2), ((1, 2, 2), 3), ((2, 1), 1)]
)
def test_levels_run_without_a_gap(stars: tuple[int, ...], place: int) -> None:
    found = problems(levels(*({"star": star, "points": 0} for star in stars)))
    wrong = stars[place - 1]
    rule = f"星级应为 1、2、3……依次不缺，这里应是 {place}，写的是 {wrong}"
    assert found == ((f"stars.level[{place}].star", rule),)


@pytest.mark.parametrize("count", [0, 6])
def test_there_are_one_to_five_levels(count: int) -> None:
    rows = [{"star": min(star, 5), "points": 0} for star in range(1, count + 1)]
    assert problems(levels(*rows)) == (("stars.level", "应有 1 至 5 个星级"),)


@pytest.mark.parametrize("star", [0, 6])
def test_there_is_no_such_star(star: int) -> None:
    ((name, rule),) = problems(changed(STREET, "stars", "level", 0, "star", to=star))
    assert (name, rule) == ("stars.level[1].star", "不能大于 5" if star else "不能小于 1")


@pytest.mark.parametrize("count", range(1, 6))
def test_fewer_levels_will_do(count: int) -> None:
    rows = STREET["stars"]["level"][:count]
    assert len(loaded(levels(*rows)).policy.stars.level) == count


def less(star: int, name: str, asked: int, before: int) -> tuple[str, str]:
    rule = f"{star} 星的要求（{asked}）不能低于 {star - 1} 星的要求（{before}）"
    return f"stars.level[{star}].{name}", rule


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_a_higher_level_may_not_ask_less(name: str) -> None:
    lower, higher = ({"star": star, "points": 9} | {name: 9} for star in (1, 2))
    assert loaded(levels(lower, higher)).policy.stars.level[1].points == 9
    assert problems(levels(lower, higher | {name: 8})) == (less(2, name, 8, 9),)


@pytest.mark.parametrize("name", REQUIREMENTS[1:])
def test_what_is_left_out_above_asks_nothing(name: str) -> None:
    lower, higher = ({"star": star, "points": 9} for star in (1, 2))
    assert problems(levels(lower | {name: 1}, higher)) == (less(2, name, 0, 1),)
    assert loaded(levels(lower | {name: 0}, higher)).policy.stars.level[1].points == 9


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("no_show", "缺席"),
        ("late_cancel", "迟取消"),
        ("complaint", "投诉"),
        ("false_record", "虚假记录"),
    ],
)
def test_a_higher_level_may_not_allow_more(kind: str, label: str) -> None:
    lower: Row = {"star": 1, "points": 0, "max_conduct": {kind: 2}}
    higher: Row = {"star": 2, "points": 0}
    for allowed, now in ({kind: 3}, "至多 3 次"), ({}, "不限"):
        rule = f"2 星对“{label}”的限制（{now}）不能宽于 1 星（至多 2 次）"
        found = problems(levels(lower, higher | {"max_conduct": allowed}))
        assert found == ((f"stars.level[2].max_conduct.{kind}", rule),)
    for fewer in (0, 1, 2):
        assert loaded(levels(lower, higher | {"max_conduct": {kind: fewer}})).hash


def test_every_fault_is_told_at_once() -> None:
    broken = without(changed(STREET, "training", "millipoints", to=-1), "honor", "count")
    assert set(problems(broken)) == {
        ("training.millipoints", "不能为负数"),
        ("honor.count", "缺少必填项"),
    }


ODD_VALUES: tuple[Any, ...] = (
    -1,
    10**30,
    1.5,
    Raw("true"),
    Raw("inf"),
    "",
    "x",
    [],
    [1],
    {},
    {"a": 1},
    time(9),
)


def rules_broken(policy: Row) -> list[str]:
    try:
        loaded(policy)
    except PolicyRefused as refused:
        return [rule for _, rule in refused.problems]
    return []


@pytest.mark.parametrize("value", ODD_VALUES, ids=repr)
def test_no_refusal_of_a_value_speaks_english(value: Any) -> None:
    codes = re.compile(r"(应为|可用的有) [a-z_、]+")
    broken = [changed(STREET, *path, to=value) for path in places(STREET)]
    said = [rule for policy in broken for rule in rules_broken(policy)]
    assert len(said) > 10
    assert [rule for rule in said if re.search("[A-Za-z']", codes.sub("", rule))] == []
