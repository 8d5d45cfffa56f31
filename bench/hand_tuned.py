"""The same rules as tuned SQL: fills hand_tuned.sql with the figures of a policy and runs it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from zhiyuanhong.points.choices import CONDUCT_KINDS, FACT_TABLES, RULES
from zhiyuanhong.points.policy.model import (
    Conduct,
    Continuity,
    Honor,
    Level,
    Policy,
    ServiceTime,
    Training,
)

TEMPLATE = Path(__file__).with_suffix(".sql")
UNBOUNDED = 2**62


def assess(
    facts: Path,
    policy: Policy,
    year: int,
    out: Path,
    *,
    spill: Path,
    memory_limit: str | None = None,
) -> None:
    """Read clean Parquet tables, write results.parquet and statement.parquet into `out`."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = '{spill}'")
        if memory_limit:
            connection.execute(f"SET memory_limit = '{memory_limit}'")
        for table in FACT_TABLES:
            file = facts / f"{table.name}.parquet"
            connection.execute(f"CREATE VIEW {table.name} AS FROM '{file}'")
        for statement in statements(policy, year, out):
            connection.execute(statement)


def statements(policy: Policy, year: int, out: Path) -> list[str]:
    """The SQL of a policy, one statement after the other."""
    figures = {
        **_service_figures(policy),
        **_line_figures(policy),
        **_star_figures(policy),
        "year": str(year),
        "next_year": str(year + 1),
        "out": str(out),
    }
    parts = {
        "day_cap": policy.service_time.per_day_cap_minutes is not None,
        "team_cap": bool(policy.service_time.team_cap_millipoints),
    }
    text = _with_quotas(_without_parts(TEMPLATE.read_text(encoding="utf-8"), parts), policy)
    text = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\{(\w+)\}", lambda hole: figures[hole[1]], text)
    return [part for part in text.split(";\n") if part.strip()]


def _without_parts(text: str, parts: Mapping[str, bool]) -> str:
    """Leave out what stands between `--if NAME` and `--end` where the policy has no such rule."""
    return re.sub(
        r"^--if (\w+)\n(.*?)^--end\n",
        lambda part: part[2] if parts[part[1]] else "",
        text,
        flags=re.MULTILINE | re.DOTALL,
    )


def _with_quotas(text: str, policy: Policy) -> str:
    """Repeat the part of the quotas for each level that has one, from the highest down."""
    quotas = [(e.star, e.quota_percent) for e in policy.stars.level if e.quota_percent is not None]
    head, part, tail = re.split(r"^--each quota\n|^--end\n", text, flags=re.MULTILINE)
    for number, (star, percent) in enumerate(sorted(quotas, reverse=True)):
        figures = {"before": number, "after": number + 1, "level": star, "quota": percent}
        head += re.sub(r"\{(before|after|level|quota)\}", lambda h, f=figures: str(f[h[1]]), part)
    return head + tail.replace("{last}", str(len(quotas)))


def _case(column: str, values: Mapping[Any, int], otherwise: int) -> str:
    if not values:
        return str(otherwise)
    whens = " ".join(f"WHEN '{code}' THEN {number}" for code, number in values.items())
    return f"CASE {column} {whens} ELSE {otherwise} END"


def _article(section: Training | Honor | Conduct | Continuity | None) -> str:
    return _text(section.article) if section else "NULL"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _service_figures(policy: Policy) -> dict[str, str]:
    """What rules 1 to 4 need."""
    time = policy.service_time
    teams = sorted(time.team_cap_millipoints)
    codes = {team: number for number, team in enumerate(teams, start=1)}
    caps = " ".join(f"WHEN {codes[team]} THEN {time.team_cap_millipoints[team]}" for team in teams)
    minutes = f"minutes // {time.unit_minutes} * {time.unit_minutes}"
    if time.per_service_cap_minutes is not None:
        minutes = f"least({minutes}, {time.per_service_cap_minutes})"
    return {
        "minutes": minutes if time.unit_minutes > 1 or "least" in minutes else "minutes",
        "percent": _percent(time),
        "band": _band(policy),
        "points": f"credited * {time.millipoints_per_hour}::BIGINT * percent // 6000 * band // 100",
        "day_cap": str(time.per_day_cap_minutes),
        "capped_team": f"({_case('team', codes, 0)})::UTINYINT",
        "team_cap": f"CASE capped_team {caps} END",
        "service_article": _text(time.article),
    }


def _percent(time: ServiceTime) -> str:
    team = _case("team", time.team_percent, 100)
    if time.combine == "highest":
        flags = [f"if({flag}, {number}, 0)" for flag, number in time.flag_percent.items()]
        return f"greatest({', '.join([team, *flags])})" if flags else team
    flags = [f"if({flag}, {number} - 100, 0)" for flag, number in time.flag_percent.items()]
    return f"greatest(0, {' + '.join([team, *flags])})"


def _band(policy: Policy) -> str:
    if policy.satisfaction is None:
        return "100"
    reached = " ".join(
        f"WHEN 100 * score // ratings >= {band.from_} THEN {band.percent}"
        for band in policy.satisfaction.bands
    )
    return (
        f"CASE WHEN ratings IS NULL THEN {policy.satisfaction.unrated_percent} {reached} ELSE 0 END"
    )


def _line_figures(policy: Policy) -> dict[str, str]:
    """What rules 5 to 8 need; a section that is left out gives no points."""
    training, honor, conduct = policy.training, policy.honor, policy.conduct
    return {
        "training_article": _article(training),
        "training_points": str(training.millipoints if training else 0),
        "training_count": str(
            UNBOUNDED if training is None or training.max_count is None else training.max_count
        ),
        "honor_article": _article(honor),
        "honor_points": _case("level", honor.millipoints if honor else {}, 0),
        "honor_count": str(1 if honor and honor.count == "highest" else UNBOUNDED),
        "conduct_article": _article(conduct),
        "conduct_points": _case("kind", conduct.millipoints if conduct else {}, 0),
        "rule_type": f"::ENUM ({', '.join(map(_text, RULES))})",
        "article_type": f"::ENUM ({', '.join(map(_text, sorted(_articles(policy))))})",
        **_continuity_figures(policy),
    }


def _articles(policy: Policy) -> set[str]:
    sections = (
        policy.service_time,
        policy.training,
        policy.honor,
        policy.continuity,
        policy.conduct,
    )
    return {section.article for section in sections if section}


def _continuity_figures(policy: Policy) -> dict[str, str]:
    continuity = policy.continuity
    if continuity is None:
        return {
            "active_month_minutes": "0",
            "active_months": "0",
            "continuity_points": "0",
            "continuity_article": "NULL",
        }
    # a month without service reaches zero minutes
    months = "coalesce(active_months, 0)" if continuity.active_month_minutes else "12"
    tiers = " ".join(
        f"WHEN {months} >= {tier.months} THEN {tier.millipoints}" for tier in continuity.tiers
    )
    return {
        "active_month_minutes": str(continuity.active_month_minutes),
        "active_months": months,
        "continuity_points": f"CASE {tiers} ELSE 0 END" if tiers else "0",
        "continuity_article": _article(continuity),
    }


def _star_figures(policy: Policy) -> dict[str, str]:
    levels, least = policy.stars.level, policy.stars.min_ratings
    unmet = " ".join(
        f"WHEN NOT ({_requirements(level, least)}) THEN {level.star - 1}" for level in levels
    )
    missing = " ".join(
        f"WHEN {level.star - 1} THEN concat_ws(';', {', '.join(_missing(level, least))})"
        for level in levels
    )
    quotas = [level.star for level in levels if level.quota_percent is not None]
    thresholds = policy.lifetime.minutes if policy.lifetime else []
    return {
        "scope": "community_id" if policy.stars.quota_scope == "community" else "''",
        "conduct_counts": ", ".join(
            f"count(*) FILTER (kind = '{kind}') AS {kind}" for kind in CONDUCT_KINDS
        ),
        "conduct_columns": ", ".join(f"coalesce({kind}, 0) AS {kind}" for kind in CONDUCT_KINDS),
        "eligible_star": f"CASE {unmet} ELSE {len(levels)} END",
        "short": f"CASE eligible_star {missing} ELSE '' END",
        "lifetime_star": " + ".join(
            ["0", *(f"(lifetime_minutes >= {bound})::INTEGER" for bound in thresholds)]
        ),
        "lowest_quota": str(min(quotas, default=UNBOUNDED)),
    }


def _asked(level: Level) -> Iterable[tuple[str, int]]:
    names = ("points", "minutes", "mean_rating", "trainings", "active_months", "member_months")
    for name in names:
        bound: int | None = getattr(level, name)
        if bound is not None:
            yield name, bound


def _requirements(level: Level, min_ratings: int) -> str:
    held = [
        f"(ratings < {min_ratings} OR coalesce(mean_rating, 0) >= {bound})"
        if name == "mean_rating"
        else f"{name} >= {bound}"
        for name, bound in _asked(level)
    ]
    held += [f"{kind} <= {bound}" for kind, bound in level.max_conduct.items()]
    return " AND ".join(held)


def _missing(level: Level, min_ratings: int) -> list[str]:
    """One expression per requirement: `name:what is missing`, or NULL."""
    parts = []
    for name, bound in _asked(level):
        gap, holds = f"{bound} - {name}", f"{name} < {bound}"
        if name == "mean_rating":
            gap = f"{bound} - coalesce(mean_rating, 0)"
            holds = f"ratings >= {min_ratings} AND coalesce(mean_rating, 0) < {bound}"
        parts.append(f"CASE WHEN {holds} THEN '{name}:' || ({gap}) END")
    for kind in CONDUCT_KINDS:
        if kind in level.max_conduct:
            bound = level.max_conduct[kind]
            parts.append(f"CASE WHEN {kind} > {bound} THEN '{kind}:' || ({kind} - {bound}) END")
    return parts
