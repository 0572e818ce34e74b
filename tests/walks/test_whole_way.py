"""The whole way in a browser: apply, be asked for more, answer, be approved, file, claim, be paid.

The person is on a phone and the clerks at a desk; each page where they stop must hold on either screen, and a picture of
it on either is kept.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.accounts.factories import PASSWORD, a_clerk, a_user, code_now
from tests.browsing import a_page, browser, look
from tests.evidence.factories import a_photo
from tests.people.factories import a_coverage
from tests.settlement.factories import PLAIN, a_catalogue, a_hospital
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.claims.models import Claim
from yidi.filing.models import Filing
from yidi.operations.checks import all_checks
from yidi.providers.models import Provider
from yidi.qualification.models import Qualification
from yidi.values.money import yuan_text

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = "test-results/whole-way"
DESK_USERS = {"reviewer": Role.REVIEWER, "supervisor": Role.SUPERVISOR, "clearing": Role.CLEARING}


@dataclass
class Walk:
    """The pages of everybody who takes part."""

    browser: Browser
    address: str
    photo: Path
    pages: dict[str, Page] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    seen: int = 0

    def page_of(self, who: str) -> Page:
        """The page that somebody has open; the first time they sign in."""
        if who not in self.pages:
            page = a_page(self.browser, "desktop" if who in DESK_USERS else "phone")
            page.on("console", lambda message: self.said.append(message.text))
            self.pages[who] = page
            self._sign_in(page, who)
        return self.pages[who]

    def _sign_in(self, page: Page, who: str) -> None:
        staff = who in DESK_USERS
        page.goto(f"{self.address}/desk/" if staff else f"{self.address}/me/")
        page.get_by_label("用户名").fill(who)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="下一步" if staff else "登录").click()
        if staff:
            page.get_by_label("动态验证码").fill(code_now())
            page.get_by_role("main").get_by_role("button", name="登录").click()

    def see(self, page: Page, name: str) -> None:
        """Look at a page; its name is numbered in the order of the walk."""
        self.seen += 1
        assert look(page, f"{self.seen:02d}-{name}", PICTURES) == []

    def upload(self, page: Page, group: str, kind: str = "") -> None:
        """Upload the photo as one of the papers asked for."""
        row = page.locator(".paper-row", has=page.get_by_role("heading", name=group))
        if kind:
            row.get_by_label("这是哪一种").select_option(label=kind)
        row.get_by_label("拍照或选择文件").set_input_files(self.photo)
        row.get_by_role("button", name="上传").click()
        expect(page.get_by_role("status")).to_contain_text("已收下")


@pytest.fixture
def hospital() -> Provider:
    a_catalogue()
    return a_hospital()


@pytest.fixture
def walk(browser: Browser, live_server, tmp_path: Path, hospital: Provider) -> Walk:
    coverage = a_coverage()
    a_user(coverage.person, "wang")
    for name, role in DESK_USERS.items():
        a_clerk(name, role)
    photo = tmp_path / "病历照片.jpg"
    photo.write_bytes(a_photo((900, 1200)))
    return Walk(browser, live_server.url, photo)


def test_from_the_application_to_the_payment(walk: Walk, hospital: Provider) -> None:
    apply(walk)
    ask_for_more(walk)
    answer(walk)
    approve(walk)
    file(walk)
    claim(walk, hospital)
    assess_approve_and_pay(walk)
    see_the_money(walk)
    assert walk.said == [], "nothing was blocked or broken in the browser"
    assert [found for check in all_checks() for found in check.find()] == []


def apply(walk: Walk) -> None:
    page = walk.page_of("wang")
    walk.see(page, "my-page")
    page.get_by_role("link", name="认定", exact=True).click()
    walk.see(page, "qualifications")
    page.get_by_label("为哪种病申请").select_option(label="高血压")
    page.get_by_role("button", name="开始申请").click()
    walk.see(page, "application-draft")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert").or_(page.locator(".refusal")).first).to_contain_text("还缺材料")
    walk.see(page, "application-lacks-papers")
    walk.upload(page, "有效身份证件", "有效身份证件")
    walk.upload(page, "病历资料或检查资料")
    walk.upload(page, "诊断书")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".state").first).to_have_text("已提交")
    walk.see(page, "application-submitted")
    case = Qualification.objects.get()
    assert (case.state, case.assigned_to) == ("submitted", "")


def ask_for_more(walk: Walk) -> None:
    page = walk.page_of("reviewer")
    walk.see(page, "desk-worklist")
    page.get_by_role("link", name=Qualification.objects.get().number).click()
    walk.see(page, "desk-case")
    page.get_by_role("button", name="领取").click()
    expect(page.locator("h1 .state").first).to_have_text("审核中")
    page.get_by_text("要求补充材料（只能一次）").click()
    page.locator("#ask_reason").fill("请补近三个月的血压记录。")
    page.get_by_role("button", name="发给申请人").click()
    expect(page.locator("h1 .state").first).to_have_text("待补充材料")
    walk.see(page, "desk-asked")


def answer(walk: Walk) -> None:
    page = walk.page_of("wang")
    page.goto(f"{walk.address}/me/")
    expect(page.locator(".asked").first).to_contain_text("请补近三个月的血压记录")
    walk.see(page, "my-page-asked")
    page.goto(f"{walk.address}/me/messages/")
    walk.see(page, "messages")
    page.goto(f"{walk.address}/me/qualifications/{Qualification.objects.get().number}/")
    page.get_by_text("再加一份").first.click()
    row = page.locator(".paper-row", has=page.get_by_role("heading", name="病历资料或检查资料"))
    row.locator("summary").click()
    row.get_by_label("拍照或选择文件").set_input_files(_another(walk))
    row.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_contain_text("已收下")
    page.get_by_role("button", name="再次提交").click()
    expect(page.locator(".state").first).to_have_text("已提交")
    walk.see(page, "application-answered")


def _another(walk: Walk) -> Path:
    """Another picture: the same one would be the same paper."""
    path = walk.photo.with_name("血压记录.jpg")
    path.write_bytes(a_photo((140, 100)))
    return path


def approve(walk: Walk) -> None:
    page = walk.page_of("reviewer")
    page.reload()
    page.get_by_role("button", name="领取").click()
    expect(page.locator("h1 .state").first).to_have_text("审核中")
    page.locator(".decide button.button-main").click()
    expect(page.locator("h1 .state").first).to_have_text("已认定")
    walk.see(page, "desk-approved")
    assert Qualification.objects.get().starts == timezone.localdate()


def file(walk: Walk) -> None:
    page = walk.page_of("wang")
    page.get_by_role("link", name="备案", exact=True).click()
    page.get_by_label("要去哪里看病").select_option(label="赣州市")
    page.get_by_label("异地长期居住").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert").first).to_contain_text("省内异地就医免备案")
    walk.see(page, "filing-not-needed")
    page.get_by_label("要去哪里看病").select_option(label="上海市")
    page.get_by_role("button", name="下一步").click()
    walk.see(page, "filing-draft")
    walk.upload(page, "医保电子凭证", "有效身份证件")
    page.get_by_text("先凭承诺书办").click()
    page.get_by_label("我已看过承诺书").check()
    page.get_by_role("button", name="按承诺书办").click()
    page.get_by_role("button", name="提交备案").click()
    expect(page.locator(".state").first).to_have_text("已生效")
    walk.see(page, "filing-active")
    filing = Filing.objects.get()
    assert (filing.state, filing.starts) == ("active", timezone.localdate())
    with page.expect_download() as waits:
        page.get_by_role("link", name="下载备案表").click()
    assert waits.value.path().read_bytes().startswith(b"%PDF")


def claim(walk: Walk, hospital: Provider) -> None:
    page = walk.page_of("wang")
    page.get_by_role("link", name="报销", exact=True).click()
    walk.see(page, "claims")
    page.get_by_role("link", name="开始申请").click()
    page.get_by_label("哪一天看的病").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.get_by_label("看的是什么").select_option(label="普通门诊")
    page.get_by_label("不是急诊").check()
    walk.see(page, "claim-visit")
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_label("医院、诊所或药店的名称").fill("示例医院")
    page.get_by_role("button", name="查找").click()
    walk.see(page, "claim-provider")
    page.get_by_role("button", name=f"选这家 {hospital.name}").click()
    page.get_by_label("票据号").fill("WALK20260001")
    page.get_by_label("票据总金额").fill("1,000 元")
    page.get_by_label("开户银行").fill("示例银行")
    page.get_by_label("银行账号").fill("6217 0000 1234 5678")
    walk.see(page, "claim-invoice")
    page.get_by_role("button", name="保存，下一步").click()
    line = page.get_by_role("group", name="第 1 行")
    for label, typed in (("项目名称", "检查"), ("数量", "1"), ("单价", "1000"), ("医保目录编码", PLAIN)):
        line.get_by_label(label).fill(typed)
    line.get_by_label("金额（元）", exact=True).fill("1000")
    walk.see(page, "claim-lines")
    page.get_by_role("button", name="保存，下一步").click()
    walk.upload(page, "医保电子凭证", "有效身份证件")
    for group in ("社会保障卡", "医院收费票据", "门诊费用清单", "诊断证明或相关病历资料"):
        walk.upload(page, group)
    walk.see(page, "claim-papers")
    page.get_by_role("link", name="下一步：核对提交").click()
    walk.see(page, "claim-check")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".state").first).to_have_text("已提交")
    walk.see(page, "claim-submitted")


def assess_approve_and_pay(walk: Walk) -> None:
    number = Claim.objects.get().number
    page = walk.page_of("reviewer")
    page.goto(f"{walk.address}/desk/cases/{number}/")
    walk.see(page, "desk-claim")
    page.get_by_role("button", name="核定", exact=True).click()
    expect(page.locator("h1 .state").first).to_have_text("已核定")
    walk.see(page, "desk-assessed")
    page = walk.page_of("supervisor")
    page.goto(f"{walk.address}/desk/cases/{number}/")
    page.locator(".decide button.button-main").click()
    expect(page.locator("h1 .state").first).to_have_text("已批准")
    walk.see(page, "desk-claim-approved")
    page = walk.page_of("clearing")
    page.goto(f"{walk.address}/desk/cases/{number}/")
    page.get_by_role("button", name="登记已支付").click()
    expect(page.locator("h1 .state").first).to_have_text("已支付")
    walk.see(page, "desk-paid")


def see_the_money(walk: Walk) -> None:
    """300 yuan of deductible, then 60 % for a retired employee at a tertiary hospital (seed 004, JX-101, JX-102)."""
    page = walk.page_of("wang")
    paid = Claim.objects.get().assessments.get()
    page.goto(f"{walk.address}/me/claims/{Claim.objects.get().number}/")
    expect(page.locator(".amount-fund").first).to_contain_text(yuan_text(paid.fund))
    walk.see(page, "claim-paid")
    page.goto(f"{walk.address}/me/")
    walk.see(page, "my-page-paid")
    assert paid.fund == 42_000
    doers = set(Event.objects.filter(subject=Claim.objects.get().number).values_list("actor", flat=True))
    assert set(DESK_USERS) <= doers
