"""Why a volunteer has these points and this star, line by line, each with its article."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhiyuanhong.points.assess import Assessment
from zhiyuanhong.points.choices import CONDUCT_KINDS, RULES
from zhiyuanhong.points.figures import hours_text, points_text, rating_text, star_text
from zhiyuanhong.points.policy import LoadedPolicy, Policy
from zhiyuanhong.shared.refusals import RuleBroken

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of a statement as it is shown; `points` is signed and in points."""

    day: str
    rule: str
    source_id: str
    article: str
    reckoning: str
    points: str


@dataclass(frozen=True)
class Explanation:
    """A volunteer's result with its lines and what is missing for the next star."""

    result: Row
    lines: tuple[Line, ...]
    missing: tuple[str, ...]


def explain(assessment: Assessment, policy: LoadedPolicy, volunteer_id: str) -> Explanation:
    """Explain one volunteer's result; `RuleBroken` when the volunteer is not assessed."""
    rows = _of(assessment.results, volunteer_id)
    if not rows:
        raise RuleBroken(
            "volunteer_not_assessed",
            f"没有参评的志愿者“{volunteer_id}”。请核对编号，并确认其在年底前已注册。",
        )
    (result,) = rows
    rows = sorted(_of(assessment.statement, volunteer_id), key=_order)
    lines = (_line(row, policy.policy) for row in rows)
    return Explanation(result, tuple(lines), tuple(missing(result["short"])))


def _of(table: pa.Table, volunteer_id: str) -> list[Row]:
    rows: list[Row] = table.filter(pc.equal(table["volunteer_id"], volunteer_id)).to_pylist()
    return rows


def _order(row: Row) -> tuple[date, int, str]:
    return row["day"], list(RULES).index(row["rule"]), row["source_id"]


def _line(row: Row, policy: Policy) -> Line:
    articles = [row["article"] or ""]
    if row["rule"] == "service" and policy.satisfaction:
        articles.append(policy.satisfaction.article)
    return Line(
        day=row["day"].isoformat(),
        rule=RULES[row["rule"]],
        source_id=row["source_id"],
        article="、".join(article for article in articles if article),
        reckoning=_reckoning(row, policy) if row["rule"] == "service" else "",
        points=points_text(row["millipoints"]),
    )


def _reckoning(row: Row, policy: Policy) -> str:
    """Show the factors of a service line; say so when the team's cap cut it."""
    rate = policy.service_time.millipoints_per_hour
    parts = [
        hours_text(row["minutes"]),
        f"每小时 {points_text(rate)} 分",
        f"系数 {row['percent']}%",
    ]
    worth = row["minutes"] * rate * row["percent"] // 6000
    if policy.satisfaction:
        parts.append(f"满意度 {row['band']}%")
        worth = worth * row["band"] // 100
    cut = "，服务队年度封顶" if worth > row["millipoints"] else ""
    return " × ".join(parts) + cut


_MISSING = {
    "points": "积分还差 {points} 分",
    "minutes": "服务时长还差 {hours}",
    "mean_rating": "平均评价还差 {rating} 分",
    "trainings": "培训还差 {count} 次",
    "active_months": "活跃月还差 {count} 个",
    "member_months": "注册还差 {count} 个月",
}


def missing(short: str) -> Iterator[str]:
    """Say the `short` column in words: `points:1500` → 积分还差 1.5 分."""
    for part in short.split(";") if short else ():
        name, amount = part.split(":")
        count = int(amount)
        said = _MISSING.get(name) or f"{CONDUCT_KINDS[name]}多了 {{count}} 次"
        yield said.format(
            points=points_text(count),
            hours=hours_text(count),
            rating=rating_text(count),
            count=count,
        )


def told(explanation: Explanation, policy: LoadedPolicy) -> Iterator[str]:
    """Tell an explanation as lines of text, as the command line prints it."""
    result, stars = explanation.result, policy.policy.stars
    yield f"志愿者 {result['volunteer_id']}（社区 {result['community_id']}）"
    yield f"办法：{policy.policy.title}，版本 {policy.policy.version}"
    yield (
        f"积分 {points_text(result['points'])} 分，计分时长 {hours_text(result['minutes'])}，"
        f"服务 {result['services']} 次，名次 {result['rank']}"
    )
    yield ""
    for line in explanation.lines:
        article = f"【{line.article}】" if line.article else ""
        source = f" {line.source_id}" if line.source_id else ""
        reckoning = f"：{line.reckoning}" if line.reckoning else ""
        yield f"{line.day} {line.rule}{source}{article}{reckoning} → {line.points} 分"
    yield ""
    star, eligible = result["star"], result["eligible_star"]
    yield f"评定：{star_text(star)}（{stars.article}），累计星级 {result['lifetime_star']}"
    if eligible > star:
        yield f"条件已达{star_text(eligible)}，因名额所限评为{star_text(star)}。"
    if explanation.missing:
        target = star_text(eligible + 1)
        yield f"距{target}：{'；'.join(explanation.missing)}。"
