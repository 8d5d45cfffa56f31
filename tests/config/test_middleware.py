"""What holds for every request: bounded uploads, and a GET that writes nothing."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from zhiyuanhong.config.middleware import limit_upload, read_only_get

WRITES = [
    "CREATE TABLE planted (id integer)",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', '2026-01-01')",
    "  DELETE FROM django_migrations",
]


def running(sql: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return HttpResponse("done")


@pytest.mark.django_db
@pytest.mark.parametrize("sql", WRITES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_that_writes_is_stopped(rf: RequestFactory, sql: str, method: str) -> None:
    guarded = read_only_get(lambda _: running(sql))
    with pytest.raises(AssertionError, match="must not write"):
        guarded(getattr(rf, method)("/"))


@pytest.mark.django_db
def test_a_get_may_read_and_a_post_may_write(rf: RequestFactory) -> None:
    assert read_only_get(lambda _: running("SELECT 1"))(rf.get("/")).content == b"done"
    assert read_only_get(lambda _: running(WRITES[0]))(rf.post("/")).content == b"done"


def test_a_body_over_the_limit_never_reaches_the_page(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.UPLOAD_BYTES = 1024 * 1024
    reached: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        reached.append(request)
        return HttpResponse("done")

    large = rf.post("/", b"x" * (1024 * 1024 + 1), content_type="application/octet-stream")
    refused = limit_upload(answer)(large)
    assert (refused.status_code, reached) == (413, [])
    assert "文件太大：最多 1 MB" in refused.content.decode()
    assert large.read() == b"", "the body is drained, so that the browser shows the answer"
    small = rf.post("/", b"x" * 1024, content_type="application/octet-stream")
    assert limit_upload(answer)(small).content == b"done"


def test_a_length_that_is_no_number_counts_as_none(rf: RequestFactory) -> None:
    request = rf.get("/", CONTENT_LENGTH="many")
    assert limit_upload(lambda _: HttpResponse("done"))(request).content == b"done"
