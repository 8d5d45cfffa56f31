"""A volunteer's points and star in words: every line is there, with its article and factors."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.points.assessed import assessed, loaded
from tests.points.by_hand import (
    YEAR,
    Row,
    a_policy,
    a_service,
    a_volunteer,
    dated,
    points_of,
    scores,
)
from tests.points.invented_facts import Facts
from tests.points.strategies import facts, random_case
from zhiyuanhong.points.choices import CONDUCT_KINDS
from zhiyuanhong.points.explain import Explanation, explain, missing, told
from zhiyuanhong.points.policy import LoadedPolicy
from zhiyuanhong.shared.refusals import RuleBroken

MODEST = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STREET: Row = {
    "satisfaction": {
        "article": "第十九条",
        "unrated_percent": 100,
        "bands": [{"from": 400, "percent": 120}, {"from": 100, "percent": 50}],
    },
    "training": {"article": "第二十条", "millipoints": 2000},
    "honor": {"article": "第二十一条", "count": "all", "millipoints": {"street": 10000}},
    "continuity": {
        "article": "第二十二条",
        "active_month_minutes": 60,
        "tiers": [{"months": 2, "millipoints": 1500}],
    },
    "conduct": {"article": "第二十三条", "millipoints": {"no_show": 2000}},
}
LEVELS = [{"star": 1, "points": 1000}, {"star": 2, "points": 30000, "minutes": 600}]


def street(*, stars: Row | None = None, **service_time: Any) -> LoadedPolicy:
    stars = stars or {"article": "第二十四条", "level": LEVELS}
    return loaded(a_policy(stars=stars, service_time=service_time, **STREET))


def a_year() -> Facts:
    """One volunteer with a line of every rule."""
    return {
        "volunteers": [a_volunteer("张一")],
        "services": [
            a_service("s1", "2026-03-05 09:00", 150, volunteer_id="张一"),
            a_service("s2", "2026-04-01 09:00", 60, volunteer_id="张一"),
        ],
        "ratings": scores("s1", 5, 4),
        "trainings": [dated("trainings", "t1", "2026-04-18", volunteer_id="张一", passed=True)],
        "honors": [dated("honors", "h1", "2026-10-12", volunteer_id="张一", level="street")],
        "conducts": [dated("conducts", "x1", "2026-05-01", volunteer_id="张一", kind="no_show")],
        "adjustments": [points_of("张一", -500)],
    }


def explained(policy: LoadedPolicy, tables: Facts, volunteer_id: str = "张一") -> Explanation:
    return explain(assessed(tables, policy, YEAR), policy, volunteer_id)


def millipoints(text: str) -> int:
    """Read points as they are shown, without a float."""
    whole, _, rest = text.removeprefix("-").partition(".")
    amount = int(whole) * 1000 + int(rest.ljust(3, "0"))
    return -amount if text.startswith("-") else amount


@given(st.data())
@MODEST
def test_the_lines_add_up_to_the_total(data: st.DataObject) -> None:
    # Few policies: to compile one takes longer than to run it.
    _, drawn, year = random_case(data.draw(st.integers(0, 2)))
    policy = loaded(drawn)
    assessment = assessed(data.draw(facts(year)), policy, year)
    lines = 0
    for result in assessment.results.to_pylist():
        explanation = explain(assessment, policy, result["volunteer_id"])
        total = sum(millipoints(line.points) for line in explanation.lines)
        assert max(0, total) == result["points"]
        for line in explanation.lines:
            assert bool(line.article) == (line.rule != "调整")
        assert "\n".join(told(explanation, policy)).count("→") == len(explanation.lines)
        lines += len(explanation.lines)
    assert lines == assessment.statement.num_rows


def test_a_year_is_told_line_by_line() -> None:
    policy = street()
    cited, rate = "【第十八条、第十九条】", "每小时 1 分 × 系数 100%"
    assert list(told(explained(policy, a_year()), policy)) == [
        "志愿者 张一（社区 c）",
        "办法：示范办法，版本 2026-1",
        "积分 15 分，计分时长 3 小时 30 分钟，服务 2 次，名次 1",
        "",
        f"2026-03-05 服务 s1{cited}：2 小时 30 分钟 × {rate} × 满意度 120% → 3 分",
        f"2026-04-01 服务 s2{cited}：1 小时 × {rate} × 满意度 100% → 1 分",
        "2026-04-18 培训 t1【第二十条】 → 2 分",
        "2026-05-01 行为 x1【第二十三条】 → -2 分",
        "2026-06-01 调整 of 张一 → -0.5 分",
        "2026-10-12 荣誉 h1【第二十一条】 → 10 分",
        "2026-12-31 坚持【第二十二条】 → 1.5 分",
        "",
        "评定：一星（第二十四条），累计星级 0",
        "距二星：积分还差 15 分；服务时长还差 6 小时 30 分钟。",
    ]


def reckonings(policy: LoadedPolicy, *services: Row) -> list[str]:
    tables = {"volunteers": [a_volunteer()], "services": list(services)}
    return [line.reckoning for line in explained(policy, tables, "v").lines]


def test_without_satisfaction_no_band_is_named() -> None:
    policy = loaded(a_policy(service_time={"team_percent": {"elder_care": 150}}))
    (line,) = reckonings(policy, a_service("s", "2026-03-05 09:00", 30))
    assert line == "30 分钟 × 每小时 1 分 × 系数 150%"


def test_what_a_cap_of_the_team_cut_is_said() -> None:
    policy = loaded(a_policy(service_time={"team_cap_millipoints": {"elder_care": 1500}}))
    days = [f"2026-03-0{day} 09:00" for day in (1, 2, 3)]
    lines = reckonings(policy, *(a_service(day, day, 60) for day in days))
    plain = "1 小时 × 每小时 1 分 × 系数 100%"
    assert lines == [plain, f"{plain}，服务队年度封顶", f"{plain}，服务队年度封顶"]


def test_credited_minutes_stand_in_the_reckoning() -> None:
    policy = loaded(a_policy(service_time={"per_day_cap_minutes": 60, "unit_minutes": 30}))
    services = [a_service("a", "2026-03-01 09:00", 59), a_service("b", "2026-03-01 12:00", 59)]
    assert reckonings(policy, *services) == ["30 分钟 × 每小时 1 分 × 系数 100%"] * 2


def test_a_star_lost_to_a_quota_is_said() -> None:
    level = {"star": 1, "points": 0, "quota_percent": 50}
    policy = loaded(a_policy(stars={"article": "第二十四条", "level": [level]}))
    tables = {
        "volunteers": [a_volunteer("甲"), a_volunteer("乙")],
        "adjustments": [points_of("甲", 5000)],
    }
    lines = list(told(explained(policy, tables, "乙"), policy))
    assert lines[-2:] == [
        "评定：无星（第二十四条），累计星级 0",
        "条件已达一星，因名额所限评为无星。",
    ]
    assert list(told(explained(policy, tables, "甲"), policy))[-1] == (
        "评定：一星（第二十四条），累计星级 0"
    )


def test_an_id_is_taken_as_it_is() -> None:
    tables = {"volunteers": [a_volunteer(name) for name in ("a", "A", "a'b", "é", "e\u0301")]}
    assessment = assessed(tables, street(), YEAR)
    for name in ("a", "A", "a'b", "é", "e\u0301"):
        assert explain(assessment, street(), name).result["volunteer_id"] == name


@pytest.mark.parametrize("name", ["nobody", "", "late"])
def test_who_is_not_assessed_is_refused(name: str) -> None:
    late = a_volunteer("late", registered_on=dated("x", "x", "2027-01-01")["day"])
    with pytest.raises(RuleBroken) as caught:
        explained(street(), {"volunteers": [a_volunteer(), late]}, name)
    assert caught.value.code == "volunteer_not_assessed"
    assert caught.value.message.startswith(f"没有参评的志愿者“{name}”。")


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ("points:1500", "积分还差 1.5 分"),
        ("minutes:60", "服务时长还差 1 小时"),
        ("mean_rating:20", "平均评价还差 0.20 分"),
        ("trainings:1", "培训还差 1 次"),
        ("active_months:2", "活跃月还差 2 个"),
        ("member_months:3", "注册还差 3 个月"),
        *((f"{kind}:4", f"{label}多了 4 次") for kind, label in CONDUCT_KINDS.items()),
    ],
)
def test_what_is_missing_in_words(short: str, said: str) -> None:
    assert list(missing(short)) == [said]


def test_what_is_missing_keeps_its_order() -> None:
    assert list(missing("points:1;false_record:1")) == ["积分还差 0.001 分", "虚假记录多了 1 次"]
    assert list(missing("")) == []
