"""Invented policy files: always valid, with every optional part there or not."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.points.dice import Dice
from zhiyuanhong.points.choices import CONDUCT_KINDS, FLAGS, HONOR_LEVELS, TEAMS

Row = dict[str, Any]
Policy = dict[str, Any]

YEARS = (2026, 2023, 2024, 2025, 2027, 2028)
STEPS = {
    "points": (0, 1, 500, 1000),
    "minutes": (0, 1, 30, 60, 120),
    "mean_rating": (100, 33, 0, 300),
    "trainings": (0, 1),
    "active_months": (0, 1, 2),
    "member_months": (0, 1, 6),
}


def a_policy(dice: Dice) -> Policy:
    """A valid policy as the parsed TOML; every optional section and key may be absent."""
    policy: Policy = {
        "title": "社区志愿服务工作管理办法（试行）",
        "version": dice.pick(("2026-1", "草案")),
        "effective_from": date(dice.pick(YEARS), 1, 1),
        "service_time": _service_time(dice),
    }
    sections = {
        "satisfaction": _satisfaction,
        "training": _training,
        "honor": _honor,
        "continuity": _continuity,
        "conduct": _conduct,
    }
    for name, section in sections.items():
        if dice.chance(70):
            policy[name] = section(dice)
    policy["stars"] = _stars(dice)
    if dice.chance(60):
        minutes = sorted(dice.falling((0, 1, 60, 120, 240, 600, 601, 1000, 6000), 5))
        policy["lifetime"] = {"article": "第二十五条", "minutes": minutes}
    return policy


def _service_time(dice: Dice) -> Row:
    rule: Row = {
        "article": "第十八条",
        "millipoints_per_hour": dice.pick((1000, 0, 1, 7, 999, 1001, 1500)),
        "unit_minutes": dice.pick((30, 1, 15, 60)),
        "combine": dice.pick(("highest", "sum")),
    }
    if dice.chance(50):
        rule["per_service_cap_minutes"] = dice.pick((120, 0, 45, 60, 90, 480))
    if dice.chance(50):
        rule["per_day_cap_minutes"] = dice.pick((180, 0, 60, 75, 120, 240, 480))
    if dice.chance(60):
        rule["team_percent"] = dice.table(tuple(TEAMS), (150, 0, 33, 50, 99, 100, 120, 1000))
    if dice.chance(60):
        rule["flag_percent"] = dice.table(tuple(FLAGS), (150, 0, 10, 50, 100, 110, 133))
    if dice.chance(50):
        caps = (2000, 0, 1, 500, 1000, 1500, 3000)
        rule["team_cap_millipoints"] = dice.table(tuple(TEAMS), caps)
    return rule


def _pairs(dice: Dice, first: str, firsts: Sequence[int], second: str, most: int) -> list[Row]:
    """Rows of two numbers, both strictly falling."""
    left = dice.falling(firsts, most)
    start = dice.pick((120, 100, 1000, 7))
    return [{first: value, second: max(0, start - 7 * at)} for at, value in enumerate(left)]


def _satisfaction(dice: Dice) -> Row:
    froms = (450, 500, 433, 400, 333, 300, 250, 200, 100, 0)
    return {
        "article": "第十九条",
        "unrated_percent": dice.pick((100, 0, 50, 90, 1000)),
        "bands": _pairs(dice, "from", froms, "percent", 5),
    }


def _training(dice: Dice) -> Row:
    rule: Row = {"article": "第二十条", "millipoints": dice.pick((500, 0, 1, 2000))}
    if dice.chance(60):
        rule["max_count"] = dice.pick((1, 0, 2, 6))
    return rule


def _honor(dice: Dice) -> Row:
    return {
        "article": "第二十一条",
        "count": dice.pick(("highest", "all")),
        "millipoints": dice.table(tuple(HONOR_LEVELS), (1000, 0, 500, 5000)),
    }


def _continuity(dice: Dice) -> Row:
    return {
        "article": "第二十二条",
        "active_month_minutes": dice.pick((60, 0, 1, 30, 120, 240)),
        "tiers": _pairs(dice, "months", (1, 0, 2, 3, 4, 6, 12), "millipoints", 3),
    }


def _conduct(dice: Dice) -> Row:
    charges = (1000, 0, 1, 500, 50000)
    return {"article": "第二十三条", "millipoints": dice.table(tuple(CONDUCT_KINDS), charges)}


def _stars(dice: Dice) -> Row:
    rule: Row = {"article": "第二十四条"}
    if dice.chance(60):
        rule["min_ratings"] = dice.pick((1, 0, 2, 3, 5))
    if dice.chance(60):
        rule["quota_scope"] = dice.pick(("community", "street"))
    rule["level"] = _levels(dice)
    return rule


def _levels(dice: Dice) -> list[Row]:
    """One to five levels, none asking less of anything than the one below it."""
    levels: list[Row] = []
    asked: Row = {"points": 0}
    allowed: Row = {}
    for star in range(1, dice.between(1, 5) + 1):
        for name, steps in STEPS.items():
            if name in asked or dice.chance(20):
                asked[name] = asked.get(name, 0) + dice.pick(steps)
        _tighten(dice, allowed)
        level = {"star": star, **asked}
        if allowed:
            level["max_conduct"] = dict(allowed)
        if dice.chance(65):
            level["quota_percent"] = dice.pick((100, 67, 50, 34, 33, 25, 10, 0, 120))
        levels.append(level)
    return levels


def _tighten(dice: Dice, allowed: Row) -> None:
    for kind in CONDUCT_KINDS:
        if kind in allowed:
            allowed[kind] = max(0, allowed[kind] - dice.between(0, 1))
        elif dice.chance(10):
            allowed[kind] = dice.between(0, 2)


def policy_toml(policy: Policy) -> str:
    """The policy file that parses to `policy`."""
    plain = [f"{key} = {_toml(v)}" for key, v in policy.items() if not isinstance(v, dict)]
    for section, content in policy.items():
        if isinstance(content, dict):
            plain += ["", f"[{section}]", *(f"{k} = {_toml(v)}" for k, v in content.items())]
    return "\n".join(plain) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)
