"""Chromium as Debian has it, cut off from every network but this machine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
]
AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[375, 1440])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a phone and one of a desk, which may say nothing on its console."""
    context = chromium.new_context(
        viewport={"width": request.param, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    found = context.new_page()
    said: list[str] = []
    found.on("console", lambda message: said.append(message.text))
    found.on("pageerror", lambda error: said.append(str(error)))
    yield found
    context.close()
    # Chromium reports a refused form as a resource that failed, which is what the test asks for
    assert [line for line in said if "status of 422" not in line] == []


def accessibility_violations(page: Page) -> list[str]:
    """Ask axe for everything that WCAG 2.2 A and AA refuse."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found: dict[str, Any] = page.evaluate(
        f"axe.run(document, {json.dumps({'runOnly': {'type': 'tag', 'values': tags}})})"
    )
    return [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found["violations"]]


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
