"""The portal in a real Chromium: a person walks through the page on a phone and at a desk."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
SERIOUS = {"serious", "critical"}


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
    """Serious and critical faults of accessibility."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html']}" for item in found if item["impact"] in SERIOUS]


def fill_in(page: Page) -> None:
    page.get_by_label("在哪里参加医保").select_option(label="南昌市")
    page.get_by_label("要去哪里看病").select_option(label="上海市")
    page.get_by_label("职工医保").check()
    page.get_by_label("您的人员类别").select_option(label="退休")
    page.get_by_label("看什么病").select_option(label="高血压")
    page.get_by_label("医院的级别").select_option("tertiary")
    page.get_by_label("异地就医备案办了没有").select_option(label="异地长期居住备案")
    page.get_by_label("看病的日期").fill("2026-11-22")
    page.get_by_label("费用总额（元）").fill("1000")
    page.get_by_role("button", name="看看怎么办").click()


@pytest.mark.parametrize(("width", "height"), [(360, 800), (1280, 900)])
def test_a_retired_employee_of_nanchang_asks_about_shanghai(browser, live_server, width, height):
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(live_server.url)
    assert fits(page)
    assert violations(page) == []

    page.get_by_role("button", name="看看怎么办").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择您参加医保的城市")
    assert fits(page)
    assert violations(page) == []

    fill_in(page)
    expect(page.get_by_role("heading", name="可以直接结算")).to_be_in_viewport()
    expect(page.locator(".amount-fund")).to_contain_text("850.00")
    expect(page.locator(".explanation")).to_contain_text("江西省异地门诊报销流程")
    assert fits(page)
    assert violations(page) == []

    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Direct settlement is possible")).to_be_visible()
    expect(page.locator(".amount-fund")).to_contain_text("850.00")
    assert fits(page)
    assert violations(page) == []
    assert said == []
    context.close()
