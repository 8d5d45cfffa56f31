"""What stops a fact set from being read: one clear line each, for whoever sent the file."""

from zhiyuanhong.points.facts.report import BadRows
from zhiyuanhong.shared.refusals import RuleBroken


class FactsRefused(RuleBroken):
    """The fact set cannot be read at all; no option helps, the file must be mended."""

    exit_status = 3


class BadRowsFound(FactsRefused):
    """Some rows are bad; `report` says which. Close it, or use it as a context manager."""

    def __init__(self, report: BadRows) -> None:
        first = "\n".join(row.sentence for row in report.first(5))
        more = "\n……" if report.reasons > 5 else ""
        super().__init__(
            "bad_rows",
            f"数据有 {report.total} 行有问题，没有产生结果。请改正后重试，"
            f"或选择略过有问题的行。\n{first}{more}",
        )
        self.report = report
