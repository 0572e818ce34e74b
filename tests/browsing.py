"""A real Chromium for tests: started once per test, with what every page must hold."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"phone": (360, 780), "desktop": (1280, 900)}
"""Pixels of the two screens that every page must fit."""
PICTURES = Path(__file__).parents[1] / "test-results" / "walks"
"""Where walks leave what they saw."""
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


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def violations(page: Page) -> list[str]:
    """Faults of accessibility, whatever their weight (axe-core)."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html']}" for item in found]


def look(page: Page, name: str) -> None:
    """What every page must hold wherever a walk stands; keeps a picture of it."""
    path = PICTURES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    assert fits(page), f"{name} scrolls sideways"
    found = violations(page)
    assert not found, f"{name}: {found}"
