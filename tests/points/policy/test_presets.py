"""The policies in the package: all load, and hold the figures they are known by."""

from datetime import date

import pytest

from tests.points.policy.broken import preset
from zhiyuanhong.points.policy import load_policy, preset_names

HOUR = 60
POINT = 1000
PRESETS = ("street-five-star", "national-ladder", "community-hours", "half-hour-point")
LADDER = [hours * HOUR for hours in (100, 300, 600, 1000, 1500)]


def test_there_are_four_presets_with_chinese_titles() -> None:
    names = preset_names()
    assert tuple(names) == PRESETS
    assert len(set(names.values())) == 4
    assert all("一" <= title[0] <= "鿿" for title in names.values())


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_loaded_by_name(name: str) -> None:
    loaded = load_policy(name)
    assert loaded.source == name
    assert loaded.policy.title == preset_names()[name]
    assert loaded.policy.effective_from == date(2026, 1, 1)
    assert [level.star for level in loaded.policy.stars.level] == [1, 2, 3, 4, 5]
    assert len(loaded.hash) == 64


def test_the_street_uses_every_section() -> None:
    policy = load_policy("street-five-star").policy
    sections = set(type(policy).model_fields)
    assert sections == set(preset("street-five-star"))
    time = preset("street-five-star")["service_time"]
    assert set(time) == set(type(policy.service_time).model_fields)
    asked = {name for level in policy.stars.level for name in level.model_fields_set}
    assert asked == set(type(policy.stars.level[0]).model_fields)


def test_the_national_ladder_is_by_lifetime_hours_at_one_point_an_hour() -> None:
    policy = load_policy("national-ladder").policy
    assert policy.lifetime is not None
    assert policy.lifetime.minutes == LADDER
    assert policy.service_time.millipoints_per_hour == POINT
    assert policy.service_time.unit_minutes == 1
    assert [level.points for level in policy.stars.level] == [m // HOUR * POINT for m in LADDER]


def test_community_hours_are_hours_of_a_year_after_three_months() -> None:
    levels = load_policy("community-hours").policy.stars.level
    assert [level.minutes for level in levels] == [h * HOUR for h in (10, 20, 30, 40, 50)]
    assert {level.member_months for level in levels} == {3}
    assert {level.points for level in levels} == {0}


def test_half_an_hour_is_one_point() -> None:
    policy = load_policy("half-hour-point").policy
    assert policy.service_time.unit_minutes == HOUR // 2
    assert policy.service_time.millipoints_per_hour * policy.service_time.unit_minutes == (
        POINT * HOUR
    )
    assert policy.lifetime is not None
    assert policy.lifetime.minutes == LADDER


def test_the_plain_presets_multiply_nothing() -> None:
    for name in PRESETS[1:]:
        policy = load_policy(name).policy
        assert policy.satisfaction is None
        assert policy.service_time.team_percent == {}
        assert policy.service_time.flag_percent == {}
