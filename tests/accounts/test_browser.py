"""The pages of sign-in and of consents in a real Chromium: they fit a small phone and a desk, and axe finds nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.factories import PASSWORD, a_clerk, a_user, code_now
from tests.browsing import a_page, browser, look
from tests.consents.factories import CHILD, a_child, a_parent
from yidi.accounts.models import SecondFactor, User
from yidi.accounts.terms import Role

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Walk:
    """A page on its way: each stop is checked."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.blocked: list[str] = []
        page.on("console", lambda message: self.blocked.append(message.text))

    def go(self, path: str, name: str) -> None:
        self.page.goto(self.address + path)
        self.stop(name)

    def send(self, button: str, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        self.stop(name)

    def stop(self, name: str) -> None:
        self.page.wait_for_load_state()
        assert look(self.page, name) == []
        assert [text for text in self.blocked if "Content Security Policy" in text] == [], name


@pytest.fixture
def walk(browser: Browser, live_server: Any) -> Walk:
    return Walk(a_page(browser, "phone"), live_server.url)


def test_people(walk: Walk) -> None:
    mother, daughter = a_parent(), a_child()
    a_user(daughter, "nver")
    page = walk.page
    walk.go("/register/", "register")
    walk.send("注册并登录", "register-wrong")
    page.get_by_label("姓名").fill(mother.name)
    page.get_by_label("身份证号").fill(mother.identity)
    page.get_by_label("用户名").fill("muqin")
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一遍新密码").fill(PASSWORD)
    page.get_by_role("button", name="注册并登录").click()
    walk.go("/account/", "account")
    walk.go("/consents/", "consents-none")
    walk.go("/consents/give/", "consent-give")
    page.get_by_label("亲属的姓名").fill(CHILD)
    page.get_by_label("他是您的").select_option(label="子女")
    page.get_by_label("授权到什么时候").select_option(label="一年")
    walk.send("生成授权码", "consent-code")
    code = page.locator(".told-code").inner_text()
    page.get_by_role("link", name="记下来了").click()
    walk.stop("consents-offered")
    walk.go("/account/", "account-again")
    page.locator("#main").get_by_role("button", name="退出登录", exact=True).click()
    walk.go("/sign-in/", "sign-in")
    page.get_by_label("用户名").fill("nver")
    page.get_by_label("密码").fill("wrong")
    walk.send("登录", "sign-in-wrong")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    walk.go("/consents/enter/", "consent-enter")
    page.get_by_label("授权码").fill("1")
    walk.send("下一步", "consent-enter-wrong")
    page.get_by_label("授权码").fill(code)
    walk.send("下一步", "consent-answer")
    walk.send("接受", "consents-accepted")
    page.get_by_role("button", name="替他办理").click()
    walk.go("/consents/", "consents-acting")
    page.get_by_role("button", name="回到本人").click()
    walk.go("/consents/", "consents-back")
    page.get_by_text("收到过的授权").click()
    page.get_by_role("link", name="不再替他办").click()
    walk.stop("consent-revoke")


def test_staff(walk: Walk) -> None:
    a_clerk("wang", Role.REVIEWER)
    SecondFactor.objects.all().delete()
    User.objects.update(must_change_password=True)
    page = walk.page
    walk.go("/desk/sign-in/", "desk-sign-in")
    page.get_by_label("用户名").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    walk.send("下一步", "desk-enrol")
    SecondFactor.objects.update(secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    page.get_by_label("动态验证码").fill(code_now())
    page.get_by_role("button", name="绑定并登录").click()
    walk.go("/desk/new-password/", "desk-new-password")
    page.locator("#main").get_by_role("button", name="退出登录", exact=True).click()
    walk.stop("desk-signed-out")
    page.get_by_label("用户名").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    walk.send("下一步", "desk-code")
    page.get_by_label("动态验证码").fill("1")
    walk.send("登录", "desk-code-wrong")
    walk.page.context.clear_cookies()
    for _ in range(4):
        walk.go("/desk/sign-in/", "desk-sign-in-again")
        page.get_by_label("用户名").fill("li")
        page.get_by_label("密码").fill("x")
        page.get_by_role("button", name="下一步").click()
    page.get_by_label("密码").fill("x")
    walk.send("下一步", "locked")


def test_large_type(walk: Walk) -> None:
    walk.go("/sign-in/?type=large", "sign-in-large")
    walk.go("/register/?type=large", "register-large")
