"""A real Chromium for tests: started once per test, with what every page must hold."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SIZES = {"phone": (360, 780), "desktop": (1280, 900)}
"""Pixels of the two screens that every page must fit."""
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    path = os.environ.get("YIDI_BROWSER") or next(
        (found for name in NAMES if (found := shutil.which(name))), None
    )
    if path is None:
        pytest.skip("no Chromium: set YIDI_BROWSER, or run through bin/test, which sees to it")
    # Playwright keeps an event loop running in this thread; Django would take the database calls for async ones.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


def a_page(browser: Browser, size: str) -> Page:
    """A page on a screen of that size, for somebody who reads Chinese; its context is closed with the browser."""
    context = browser.new_context(viewport=viewport(size), locale="zh-CN", reduced_motion="reduce")
    return context.new_page()


def viewport(size: str) -> ViewportSize:
    width, height = SIZES[size]
    return {"width": width, "height": height}


def look(page: Page, name: str = "", pictures: str = "") -> list[str]:
    """What is wrong with the page where it stands, on either screen: it scrolls sideways, or axe-core finds a fault.

    The page is left on the screen that it was on. A picture of each is kept in the folder `pictures`, or in that which
    `YIDI_PICTURES` names.
    No style of ours changes colours with the width, so contrast, most of the work, is told on the phone alone.
    """
    before = page.viewport_size
    found: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for size in SIZES:
        page.set_viewport_size(viewport(size))
        if folder := os.environ.get("YIDI_PICTURES", pictures):
            page.screenshot(path=Path(folder) / f"{name or 'page'}-{size}.png", full_page=True)
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append(f"{name} {size}: scrolls sideways")
        found += [f"{name} {size}: {fault}" for fault in _violations(page, contrast=size == "phone")]
    if before:
        page.set_viewport_size(before)
    return found


def _violations(page: Page, contrast: bool) -> list[str]:
    """Faults of accessibility, whatever their weight."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    told = "axe.run(%s).then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`))"
    found: list[str] = page.evaluate(told % json.dumps(options))
    return found
