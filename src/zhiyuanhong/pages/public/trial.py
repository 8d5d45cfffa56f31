"""试算: a workbook and a 办法 go in, points and stars come out, nothing is kept."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhiyuanhong.points.assess import assess, star_distribution
from zhiyuanhong.points.explain import missing
from zhiyuanhong.points.facts import BadRows, BadRowsFound, open_facts
from zhiyuanhong.points.figures import hours_text, points_text, star_text
from zhiyuanhong.points.policy import Policy, load_policy, preset_names
from zhiyuanhong.points.template import write_template
from zhiyuanhong.shared.refusals import RuleBroken

ROWS_SHOWN = 200


class TrialForm(forms.Form):
    """What a trial needs; whether the workbook can be read is the engine's to say."""

    workbook = forms.FileField(
        label="服务记录表",
        help_text="按模板填写的 .xlsx 文件。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    policy = forms.ChoiceField(label="办法", choices=lambda: list(preset_names().items()))
    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)

    def clean_workbook(self) -> "UploadedFile[bytes]":
        workbook: UploadedFile[bytes] = self.cleaned_data["workbook"]
        if not (workbook.name or "").lower().endswith(".xlsx"):
            raise forms.ValidationError(
                "这不是 .xlsx 工作簿：请用“另存为”选择“Excel 工作簿（.xlsx）”。"
            )
        return workbook


@require_safe
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a page
    return redirect("trial")


@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        form = TrialForm(initial={"year": timezone.localdate().year})
        return render(request, "public/trial_page.html", {"form": form})
    form = TrialForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "public/trial_page.html", {"form": form}, status=422)
    try:
        context, status = computed(**form.cleaned_data), 200
    except BadRowsFound as found:
        with found.report as report:
            context, status = bad_rows_context(report), 422
    except RuleBroken as refusal:
        context, status = {"refusal": refusal}, 422
    return render(request, "public/trial_page.html", {"form": form, **context}, status=status)


def computed(workbook: "UploadedFile[bytes]", policy: str, year: int) -> dict[str, Any]:
    """Compute in a folder of its own, which is gone afterwards whatever happens."""
    loaded = load_policy(policy)
    with TemporaryDirectory(prefix="zyh-trial-") as folder:
        path = Path(folder) / "facts.xlsx"  # never the name it came with: that may be a person's
        with path.open("wb") as file:
            file.writelines(workbook.chunks())
        with open_facts(path) as facts:
            return results_context(assess(facts, loaded, year).results, loaded.policy, year)


@require_safe
def template(request: HttpRequest) -> FileResponse:  # noqa: ARG001  # a page
    with TemporaryDirectory(prefix="zyh-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path)
        file = path.open("rb")  # stays readable after the folder is gone
    return FileResponse(file, as_attachment=True, filename="志愿服务记录模板.xlsx")


def results_context(results: pa.Table, policy: Policy, year: int) -> dict[str, Any]:
    people = star_distribution(results["star"])
    return {
        "results": {
            "year": year,
            "policy_title": policy.title,
            "policy_version": policy.version,
            "assessed": results.num_rows,
            "distribution": [(stars(star), people[str(star)]) for star in range(5, -1, -1)],
            "rows": [shown(row) for row in results.slice(0, ROWS_SHOWN).to_pylist()],
        }
    }


def bad_rows_context(report: BadRows) -> dict[str, Any]:
    rows = [
        {
            "sheet": bad.fact_table.label,
            "line": bad.row + 1,  # as the spreadsheet counts, whose first line holds the headings
            "column": bad.fact_column.label,
            "reason": bad.reason,
        }
        for bad in report.first(ROWS_SHOWN)
    ]
    return {"bad_rows": {"total": report.total, "reasons": report.reasons, "shown": rows}}


def shown(row: dict[str, Any]) -> dict[str, str]:
    return {
        "volunteer_id": row["volunteer_id"],
        "community_id": row["community_id"],
        "star": stars(row["star"]),
        "points": points_text(row["points"]),
        "time": hours_text(row["minutes"]),
        "short": "、".join(missing(row["short"])),
    }


def stars(star: int) -> str:
    """Show a star, and say it: a screen reader reads the words."""
    return f"{'★' * star} {star_text(star)}".strip()
