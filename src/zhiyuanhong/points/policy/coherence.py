"""What a policy may not say even when every key has the right shape."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from zhiyuanhong.points.choices import CONDUCT_KINDS
from zhiyuanhong.points.policy.model import Level, Policy

Problem = tuple[str, str]  # the key, and the rule it breaks in Chinese

REQUIREMENTS = (
    "points",
    "minutes",
    "mean_rating",
    "trainings",
    "active_months",
    "member_months",
)


def incoherences(policy: Policy) -> Iterator[Problem]:
    """Yield every key that breaks a rule between keys, in the order of the file."""
    if policy.satisfaction:
        froms = [band.from_ for band in policy.satisfaction.bands]
        yield from _falling("satisfaction.bands", "from", froms)
    if policy.continuity:
        months = [tier.months for tier in policy.continuity.tiers]
        yield from _falling("continuity.tiers", "months", months)
    yield from _levels(policy.stars.level)
    if policy.lifetime:
        yield from _rising("lifetime.minutes", policy.lifetime.minutes)


def _falling(key: str, part: str, numbers: Sequence[int]) -> Iterator[Problem]:
    for place, (above, below) in enumerate(pairwise(numbers), start=2):
        if below >= above:
            yield f"{key}[{place}].{part}", f"应从高到低排列，{below} 不小于上一档的 {above}"


def _rising(key: str, numbers: Sequence[int]) -> Iterator[Problem]:
    for place, (below, above) in enumerate(pairwise(numbers), start=2):
        if above <= below:
            yield f"{key}[{place}]", f"应从低到高排列，{above} 不大于上一级的 {below}"


def _levels(levels: Sequence[Level]) -> Iterator[Problem]:
    for place, level in enumerate(levels, start=1):
        if level.star != place:
            yield (
                f"stars.level[{place}].star",
                f"星级应为 1、2、3……依次不缺，这里应是 {place}，写的是 {level.star}",
            )
            return
    for lower, higher in pairwise(levels):
        yield from _asks_less(lower, higher)


def _asks_less(lower: Level, higher: Level) -> Iterator[Problem]:
    for name in REQUIREMENTS:
        asked, before = getattr(higher, name) or 0, getattr(lower, name) or 0
        if asked < before:
            yield (
                f"stars.level[{higher.star}].{name}",
                f"{higher.star} 星的要求（{asked}）不能低于 {lower.star} 星的要求（{before}）",
            )
    for kind, before in lower.max_conduct.items():
        allowed = higher.max_conduct.get(kind)
        if allowed is None or allowed > before:
            now = "不限" if allowed is None else f"至多 {allowed} 次"
            yield (
                f"stars.level[{higher.star}].max_conduct.{kind}",
                (
                    f"{higher.star} 星对“{CONDUCT_KINDS[kind]}”的限制（{now}）"
                    f"不能宽于 {lower.star} 星（至多 {before} 次）"
                ),
            )
