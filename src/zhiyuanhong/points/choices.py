"""The fact tables, their columns and codes, each with the Chinese a clerk writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What a cell holds; the reader normalizes and checks by it."""

    ID = "id"  # trimmed only, compared by code point
    TEXT = "text"  # trimmed only
    DATE = "date"
    TIME = "time"  # local date and time, whole seconds
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CODE = "code"


TEAMS = MappingProxyType(
    {
        "public_affairs": "公共事务",
        "mutual_help": "互帮互助",
        "elder_care": "尊老敬老",
        "minor_care": "关爱未成年人",
        "emergency": "社会应急",
        "charity": "公益慈善",
    }
)
FLAGS = MappingProxyType({"emergency": "应急", "skilled": "专业", "leader": "负责人"})
STATUSES = MappingProxyType(
    {"effective": "有效", "pending": "待审", "rejected": "拒绝", "voided": "撤销"}
)
RATERS = MappingProxyType({"recipient": "服务对象", "organizer": "组织者"})
HONOR_LEVELS = MappingProxyType(
    {
        "community": "社区",
        "street": "街道",
        "district": "区",
        "city": "市",
        "province": "省",
        "nation": "国家",
    }
)
CONDUCT_KINDS = MappingProxyType(
    {
        "no_show": "缺席",
        "late_cancel": "迟取消",
        "complaint": "投诉",
        "false_record": "虚假记录",
    }
)
RULES = MappingProxyType(
    {
        "service": "服务",
        "training": "培训",
        "honor": "荣誉",
        "continuity": "坚持",
        "conduct": "行为",
        "adjustment": "调整",
    }
)
NO_CODES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """One column of a fact table or of a result; `label` is its Chinese heading."""

    name: str
    label: str
    kind: Kind
    required: bool = True
    codes: Mapping[str, str] = field(default_factory=lambda: NO_CODES)  # code → Chinese
    refers_to: str | None = None  # the table whose id it names


@dataclass(frozen=True)
class FactTable:
    """One table of a fact set; its first column is its id."""

    name: str
    label: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def key(self) -> Column:
        return self.columns[0]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _volunteer() -> Column:
    return Column("volunteer_id", "志愿者编号", Kind.ID, refers_to="volunteers")


def _service(*, names: bool) -> Column:
    return Column("service_id", "记录编号", Kind.ID, refers_to="services" if names else None)


_DAY = Column("day", "日期", Kind.DATE)

VOLUNTEERS = FactTable(
    "volunteers",
    "志愿者",
    (
        Column("volunteer_id", "志愿者编号", Kind.ID),
        Column("community_id", "社区编号", Kind.ID),
        Column("registered_on", "注册日期", Kind.DATE),
        Column("prior_minutes", "以往时长", Kind.INTEGER, required=False),
    ),
    required=True,
)
SERVICES = FactTable(
    "services",
    "服务记录",
    (
        _service(names=False),
        _volunteer(),
        Column("team", "服务队", Kind.CODE, codes=TEAMS),
        Column("starts_at", "开始时间", Kind.TIME),
        Column("ends_at", "结束时间", Kind.TIME),
        Column("minutes", "时长", Kind.INTEGER),
        *(Column(flag, label, Kind.BOOLEAN) for flag, label in FLAGS.items()),
        Column("status", "状态", Kind.CODE, codes=STATUSES),
    ),
    required=True,
)
RATINGS = FactTable(
    "ratings",
    "评价",
    (
        Column("rating_id", "评价编号", Kind.ID),
        _service(names=True),
        Column("rater", "评价人", Kind.CODE, codes=RATERS),
        Column("score", "分数", Kind.INTEGER),
    ),
)
TRAININGS = FactTable(
    "trainings",
    "培训",
    (
        Column("training_id", "培训编号", Kind.ID),
        _volunteer(),
        _DAY,
        Column("passed", "通过", Kind.BOOLEAN),
    ),
)
HONORS = FactTable(
    "honors",
    "荣誉",
    (
        Column("honor_id", "荣誉编号", Kind.ID),
        _volunteer(),
        _DAY,
        Column("level", "级别", Kind.CODE, codes=HONOR_LEVELS),
    ),
)
CONDUCTS = FactTable(
    "conducts",
    "行为",
    (
        Column("conduct_id", "行为编号", Kind.ID),
        _volunteer(),
        _DAY,
        Column("kind", "类型", Kind.CODE, codes=CONDUCT_KINDS),
    ),
)
ADJUSTMENTS = FactTable(
    "adjustments",
    "调整",
    (
        Column("adjustment_id", "调整编号", Kind.ID),
        _volunteer(),
        _DAY,
        Column("millipoints", "毫分", Kind.INTEGER),
        Column("reason", "原因", Kind.TEXT),
    ),
)
FACT_TABLES = (VOLUNTEERS, SERVICES, RATINGS, TRAININGS, HONORS, CONDUCTS, ADJUSTMENTS)

RESULTS = FactTable(
    "results",
    "结果",
    (
        Column("volunteer_id", "志愿者编号", Kind.ID),
        Column("community_id", "社区编号", Kind.ID),
        Column("points", "积分（毫分）", Kind.INTEGER),
        Column("minutes", "计分时长", Kind.INTEGER),
        Column("services", "服务次数", Kind.INTEGER),
        Column("ratings", "评价次数", Kind.INTEGER),
        Column("mean_rating", "平均评价（百分之一分）", Kind.INTEGER, required=False),
        Column("trainings", "培训次数", Kind.INTEGER),
        Column("active_months", "活跃月数", Kind.INTEGER),
        Column("member_months", "注册月数", Kind.INTEGER),
        Column("eligible_star", "达标星级", Kind.INTEGER),
        Column("star", "星级", Kind.INTEGER),
        Column("lifetime_star", "累计星级", Kind.INTEGER),
        Column("rank", "名次", Kind.INTEGER),
        Column("short", "下一星还差", Kind.TEXT),
    ),
)
STATEMENT = FactTable(
    "statement",
    "积分明细",
    (
        Column("volunteer_id", "志愿者编号", Kind.ID),
        Column("day", "日期", Kind.DATE),
        Column("rule", "规则", Kind.CODE, codes=RULES),
        Column("source_id", "依据编号", Kind.ID),
        Column("article", "条款", Kind.TEXT, required=False),
        Column("minutes", "计分时长", Kind.INTEGER, required=False),
        Column("percent", "系数（%）", Kind.INTEGER, required=False),
        Column("band", "满意度系数（%）", Kind.INTEGER, required=False),
        Column("millipoints", "毫分", Kind.INTEGER),
    ),
)
