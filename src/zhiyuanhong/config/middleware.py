"""What holds for every request: bounded uploads, and a GET that writes nothing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiyuanhong.shared.refusals import RuleBroken

Answer = Callable[[HttpRequest], HttpResponse]
CHUNK = 1024 * 1024
READING = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW")


def limit_upload(answer: Answer) -> Answer:
    """Refuse a body over the limit before anything of it is kept."""

    def limited(request: HttpRequest) -> HttpResponse:
        text = request.META.get("CONTENT_LENGTH") or ""
        length = int(text) if text.isdigit() else 0  # as Django reads it
        if length <= settings.UPLOAD_BYTES:
            return answer(request)
        _drain(request, min(length, 4 * settings.UPLOAD_BYTES))
        megabytes = settings.UPLOAD_BYTES // CHUNK
        refusal = RuleBroken(
            "upload_too_large", f"文件太大：最多 {megabytes} MB。请分成几份，或只留本年的记录。"
        )
        return render(request, "refused.html", {"refusal": refusal}, status=413)

    return limited


def _drain(request: HttpRequest, length: int) -> None:
    """Read and drop: a browser that is cut off while it sends never shows the answer."""
    while length > 0 and (chunk := request.read(min(CHUNK, length))):
        length -= len(chunk)


def read_only_get(answer: Answer) -> Answer:
    """Let a GET or HEAD read the database only."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return answer(request)
        with connection.execute_wrapper(_refuse_writing):
            return answer(request)

    return guarded


def _refuse_writing(
    execute: Callable[..., Any],
    sql: str,
    params: Any,  # noqa: ANN401  # as Django hands it over
    many: bool,
    context: dict[str, Any],
) -> Any:  # noqa: ANN401
    if not sql.lstrip(" (\n").upper().startswith(READING):
        raise AssertionError("a GET must not write to the database")
    return execute(sql, params, many, context)
