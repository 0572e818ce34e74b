"""The portal in a real Chromium: a person walks through the page on a phone; each stop must hold at a desk too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import a_page, browser, look

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_a_retired_employee_of_nanchang_asks_about_shanghai(browser, live_server):
    page = a_page(browser, "phone")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(live_server.url)
    assert look(page) == []

    page.get_by_role("button", name="看看怎么办").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择您参加医保的城市")
    assert look(page) == []

    fill_in(page)
    expect(page.get_by_role("heading", name="可以直接结算")).to_be_in_viewport()
    expect(page.locator(".amount-fund")).to_contain_text("850.00")
    expect(page.locator(".explanation")).to_contain_text("江西省异地门诊报销流程")
    assert look(page) == []

    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Direct settlement is possible")).to_be_visible()
    expect(page.locator(".amount-fund")).to_contain_text("850.00")
    assert look(page) == []
    assert said == []
