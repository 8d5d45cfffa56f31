"""Figures in words."""

import pytest

from zhiyuanhong.points.figures import hours_text, points_text, rating_text, star_text


@pytest.mark.parametrize(
    ("millipoints", "said"),
    [
        (0, "0"),
        (1, "0.001"),
        (10, "0.01"),
        (500, "0.5"),
        (1000, "1"),
        (1500, "1.5"),
        (10000, "10"),
        (100010, "100.01"),
        (-1, "-0.001"),
        (-500, "-0.5"),
        (-2500, "-2.5"),
        (-3000, "-3"),
        (10**15 + 1, "1000000000000.001"),
    ],
)
def test_points(millipoints: int, said: str) -> None:
    assert points_text(millipoints) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 分钟"),
        (59, "59 分钟"),
        (60, "1 小时"),
        (150, "2 小时 30 分钟"),
        (90000, "1500 小时"),
    ],
)
def test_hours(minutes: int, said: str) -> None:
    assert hours_text(minutes) == said


@pytest.mark.parametrize(("hundredths", "said"), [(500, "5.00"), (466, "4.66"), (5, "0.05")])
def test_ratings(hundredths: int, said: str) -> None:
    assert rating_text(hundredths) == said


def test_stars() -> None:
    assert [star_text(star) for star in range(6)] == [
        "无星",
        "一星",
        "二星",
        "三星",
        "四星",
        "五星",
    ]
