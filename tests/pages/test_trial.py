"""试算: what a clerk gets for a good workbook, a bad one, and for none."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.pages.workbooks import write_workbook
from zhiyuanhong.pages.public.trial import shown, stars

FIELDS = {"policy": "community-hours", "year": "2026"}


def posted(client: Client, path: Path, name: str = "facts.xlsx", **fields: str) -> tuple[int, str]:
    file = SimpleUploadedFile(name, path.read_bytes())
    answer = client.post("/trial/", {"workbook": file, **FIELDS, **fields})
    return answer.status_code, answer.content.decode()


def test_the_home_page_leads_to_the_trial(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/trial/")


@pytest.mark.django_db
def test_the_form_names_every_preset_and_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = client.get("/trial/").content.decode()
    for name in ("street-five-star", "national-ladder", "community-hours", "half-hour-point"):
        assert f'value="{name}"' in page
    assert 'href="/trial/template.xlsx"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("volunteers", [1, 3])
def test_a_workbook_gives_stars(
    client: Client,
    tmp_path: Path,
    volunteers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        status, page = posted(client, write_workbook(tmp_path / "a.xlsx", volunteers))
    assert status == 200
    assert f"参评 {volunteers} 人" in page
    assert page.count("阳光社区") == volunteers
    assert "V001" in page


@pytest.mark.django_db
def test_the_stars_are_those_of_the_policy(client: Client, tmp_path: Path) -> None:
    status, page = posted(client, write_workbook(tmp_path / "a.xlsx", 3))
    assert status == 200
    # 8, 16 and 24 hours; 10 and 20 are the first two levels
    assert page.count("<td>无星</td>") == 1
    assert page.count("<td>★ 一星</td>") == 1
    assert page.count("<td>★★ 二星</td>") == 1


@pytest.mark.django_db
def test_bad_rows_are_named_by_sheet_row_and_column(client: Client, tmp_path: Path) -> None:
    status, page = posted(client, write_workbook(tmp_path / "a.xlsx", 2, bad=True))
    assert status == 422
    assert "有 1 行要改正" in page
    assert "<td>服务记录</td>" in page
    assert '<td class="number">5</td>' in page
    assert "<td>服务队</td>" in page
    assert "参评" not in page


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("facts.csv", b"a,b", "这不是 .xlsx 工作簿"),
        ("facts.xlsx", b"", "空"),
        ("facts.xlsx", b"not a workbook", "没有算成"),
    ],
)
def test_a_wrong_file_is_refused_in_chinese(
    client: Client, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    status, page = posted(client, path, name)
    assert status == 422
    assert message in page
    assert 'role="alert"' in page


def test_a_form_with_gaps_says_what_is_missing(client: Client) -> None:
    answer = client.post("/trial/", {})
    assert answer.status_code == 422
    assert answer.content.decode().count('role="alert"') == 3


def test_an_unknown_preset_or_year_is_refused(client: Client, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", 1)
    assert posted(client, path, policy="../secret")[0] == 422
    assert posted(client, path, year="20266")[0] == 422


def test_a_file_over_the_limit_is_refused_in_chinese(
    client: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.UPLOAD_BYTES = 1024 * 1024
    path = tmp_path / "large.xlsx"
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    status, page = posted(client, path)
    assert status == 413
    assert "文件太大：最多 1 MB" in page


def test_nothing_is_kept(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = sorted(settings.DATA_DIR.rglob("*"))
    for bad in (False, True):
        posted(client, write_workbook(tmp_path / "a.xlsx", 2, bad=bad))
    assert list(folder.iterdir()) == []
    assert sorted(settings.DATA_DIR.rglob("*")) == before


def test_the_form_is_safe_from_other_sites(tmp_path: Path) -> None:
    status, page = posted(Client(enforce_csrf_checks=True), write_workbook(tmp_path / "a.xlsx", 1))
    assert status == 403
    assert "页面过期了" in page


def test_the_template_can_be_downloaded(client: Client) -> None:
    answer = client.get("/trial/template.xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    assert answer.status_code == 200
    assert content.startswith(b"PK")
    assert ".xlsx" in answer["Content-Disposition"]


def test_headers_keep_strangers_out(client: Client) -> None:
    answer = client.get("/trial/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


ROW: dict[str, Any] = {
    "volunteer_id": "V1",
    "community_id": "C1",
    "star": 2,
    "points": 30500,
    "minutes": 615,
    "short": "points:1500;minutes:60;mean_rating:20;member_months:1;false_record:1",
}


def test_a_row_is_said_in_chinese() -> None:
    assert shown(ROW) == {
        "volunteer_id": "V1",
        "community_id": "C1",
        "star": "★★ 二星",
        "points": "30.5",
        "time": "10 小时 15 分钟",
        "short": "积分还差 1.5 分、服务时长还差 1 小时、平均评价还差 0.20 分、"
        "注册还差 1 个月、虚假记录多了 1 次",
    }
    assert shown({**ROW, "short": ""})["short"] == ""


def test_a_star_is_shown_and_said() -> None:
    assert [stars(n) for n in (0, 1, 5)] == ["无星", "★ 一星", "★★★★★ 五星"]
