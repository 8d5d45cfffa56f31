"""The policy file as a model: shapes, units and bounds of every key."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# Far above any real figure, and low enough that a year's points of one volunteer fit 64 bits:
# 527,040 minutes x 10^12 x 3,700 % is about 2 x 10^18 after the division by 6,000 (x 10 by a band).
LARGEST = 10**12

Count = Annotated[int, Field(ge=0, le=LARGEST)]
Millipoints = Annotated[int, Field(ge=0, le=LARGEST)]
Percent = Annotated[int, Field(ge=0, le=1000)]
Title = Annotated[str, Field(min_length=1)]

Team = Literal["public_affairs", "mutual_help", "elder_care", "minor_care", "emergency", "charity"]
Flag = Literal["emergency", "skilled", "leader"]
HonorLevel = Literal["community", "street", "district", "city", "province", "nation"]
ConductKind = Literal["no_show", "late_cancel", "complaint", "false_record"]


class Section(BaseModel):
    """A table of the policy file: no unknown key, no silent conversion, never changed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ServiceTime(Section):
    """How minutes become points: rules 1, 2 and 4."""

    article: Title
    millipoints_per_hour: Millipoints
    unit_minutes: Annotated[int, Field(ge=1, le=LARGEST)]
    per_service_cap_minutes: Count | None = None
    per_day_cap_minutes: Count | None = None
    combine: Literal["highest", "sum"]
    team_percent: dict[Team, Percent] = {}
    flag_percent: dict[Flag, Percent] = {}
    team_cap_millipoints: dict[Team, Millipoints] = {}


class Band(Section):
    """From a mean of `from` hundredths on, service points are multiplied by `percent`."""

    from_: Annotated[Count, Field(alias="from")]
    percent: Percent


class Satisfaction(Section):
    """How ratings scale a service's points: rule 3."""

    article: Title
    unrated_percent: Percent
    bands: list[Band]


class Training(Section):
    """Points for each passed training: rule 5."""

    article: Title
    millipoints: Millipoints
    max_count: Count | None = None


class Honor(Section):
    """Points for honors by level: rule 6."""

    article: Title
    count: Literal["highest", "all"]
    millipoints: dict[HonorLevel, Millipoints]


class Tier(Section):
    """From `months` active months on, `millipoints`."""

    months: Count
    millipoints: Millipoints


class Continuity(Section):
    """Points for active months: rule 7."""

    article: Title
    active_month_minutes: Count
    tiers: list[Tier]


class Conduct(Section):
    """What each kind of conduct takes off: rule 8."""

    article: Title
    millipoints: dict[ConductKind, Millipoints]


class Level(Section):
    """What one star asks; a requirement left out asks nothing."""

    star: Annotated[int, Field(ge=1, le=5)]
    points: Millipoints
    minutes: Count | None = None
    mean_rating: Count | None = None
    trainings: Count | None = None
    active_months: Count | None = None
    member_months: Count | None = None
    max_conduct: dict[ConductKind, Count] = {}
    quota_percent: Count | None = None


class Stars(Section):
    """The levels, from one star up, and how their quotas are counted."""

    article: Title
    min_ratings: Count = 1
    quota_scope: Literal["community", "street"] = "community"
    level: Annotated[list[Level], Field(min_length=1, max_length=5)]


class Lifetime(Section):
    """Thresholds of the lifetime star in minutes."""

    article: Title
    minutes: list[Count]


class Policy(Section):
    """The figures of one version of the 办法; source: spec of points and stars."""

    title: Title
    version: Title
    effective_from: date
    service_time: ServiceTime
    satisfaction: Satisfaction | None = None
    training: Training | None = None
    honor: Honor | None = None
    continuity: Continuity | None = None
    conduct: Conduct | None = None
    stars: Stars
    lifetime: Lifetime | None = None
