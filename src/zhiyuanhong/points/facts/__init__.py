"""Fact sets: from a folder or a workbook to clean tables, or to a report of bad rows."""

from zhiyuanhong.points.facts.leaving_out import LeftOut
from zhiyuanhong.points.facts.limits import DEFAULT_LIMITS, Limits
from zhiyuanhong.points.facts.opening import Facts, check_facts, open_facts
from zhiyuanhong.points.facts.refusals import BadRowsFound, FactsRefused
from zhiyuanhong.points.facts.report import BadRow, BadRows

__all__ = [
    "DEFAULT_LIMITS",
    "BadRow",
    "BadRows",
    "BadRowsFound",
    "Facts",
    "FactsRefused",
    "LeftOut",
    "Limits",
    "check_facts",
    "open_facts",
]
