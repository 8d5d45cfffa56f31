"""试算 in a browser: a clerk uploads a workbook and sees stars, on a phone and at a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import ROOT, accessibility_violations, scrolls_sideways
from tests.pages.workbooks import write_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def submit(page: Page, live_server: LiveServer, workbook: Path) -> None:
    page.goto(live_server.url)
    page.get_by_label("服务记录表").set_input_files(workbook)
    page.get_by_label("办法").select_option("community-hours")
    page.get_by_label("年度").fill("2026")
    page.get_by_role("button", name="开始试算").click()


def test_a_workbook_gives_stars(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    submit(page, live_server, write_workbook(tmp_path / "facts.xlsx", 7))
    expect(page.get_by_role("heading", name="2026 年的结果")).to_be_visible()
    expect(page.get_by_role("list", name="各星级人数")).to_contain_text("★★★★★ 五星")
    expect(page.get_by_role("row", name="V007")).to_contain_text("★★★★★ 五星")
    assert not scrolls_sideways(page)
    assert accessibility_violations(page) == []
    picture = ROOT / f"docs/images/trial-{page.viewport_size['width']}.png"  # type: ignore[index]
    keep_picture(page, picture)


def keep_picture(page: Page, path: Path) -> None:
    """Take the picture of the documentation anew, unless it is there: a test must not dirty git."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        page.screenshot(path=path, full_page=True)
    assert path.stat().st_size > 10_000


def test_bad_rows_are_shown_with_their_cause(
    page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    submit(page, live_server, write_workbook(tmp_path / "facts.xlsx", 2, bad=True))
    expect(page.get_by_role("heading", name="有 1 行要改正")).to_be_visible()
    expect(page.get_by_role("region", name="要改正的行")).to_contain_text("服务队")
    assert not scrolls_sideways(page)
    assert accessibility_violations(page) == []


def test_the_form_is_for_everyone(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    assert page.title() == "试算 · 志愿红"
    assert accessibility_violations(page) == []
    assert not scrolls_sideways(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
