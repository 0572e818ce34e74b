"""A person's claims on the web: filled in step by step, left and gone on with, handed in, answered, appealed."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tests.accounts.factories import CLERK, PASSWORD, PERSON, a_clerk, a_user, sign_in
from tests.claims.factories import (
    ACCOUNT,
    BANK,
    a_claim,
    a_draft,
    an_unfiled_world,
    approved_at_nothing,
    start,
)
from tests.claims.test_reading import an_xml
from tests.consents.factories import a_consent
from tests.evidence.factories import a_photo
from tests.people.factories import a_coverage, a_person
from tests.policy.factories import book_of
from tests.portal.conftest import TODAY
from tests.portal.reading import Page
from tests.qualification.factories import HYPERTENSION, a_qualification
from tests.settlement.factories import DAY, GENERAL, PLAIN, World, a_hospital, a_line
from yidi.accounts.models import User
from yidi.accounts.services import actor_of
from yidi.accounts.sessions import end_everywhere
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.claims import drafting, services
from yidi.claims.models import Claim
from yidi.claims.queries import lines_of
from yidi.claims.sheets import COLUMNS
from yidi.claims.states import PAPERS_TAKEN, WRITABLE, State
from yidi.consents.services import record_window_consent
from yidi.evidence.queries import materials_of, papers_of
from yidi.ledger.models import Posting
from yidi.portal.views.claim_lines import PER_PAGE
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import Benefit, Material

pytestmark = pytest.mark.django_db

VISIT = {"on": f"{DAY}", "kind": "general", "emergency": "no"}
STEP_PAGES = ("claim_visit", "claim_provider", "claim_invoice", "claim_lines", "claim_papers")


@pytest.fixture
def world() -> World:
    return an_unfiled_world()


@pytest.fixture
def person(client: Client, world: World) -> Client:
    """A browser in which the insured person has signed in."""
    sign_in(client, a_user(world.coverage.person))
    return client


def address(claim: Claim, name: str = "claim") -> str:
    return reverse(f"portal:{name}", args=[claim.number])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def row(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def post(client: Client, claim: Claim, name: str = "claim", **typed: Any) -> HttpResponse:
    return client.post(address(claim, name), typed)  # type: ignore[return-value]


def a_file(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def a_row(name: str = "诊查费", quantity: str = "1", price: str = "1000", amount: str = "") -> dict[str, str]:
    return {"name": name, "quantity": quantity, "price": price, "amount": amount, "entry": PLAIN}


def hidden(page: str) -> dict[str, str]:
    """What the page of the lines says of itself."""
    names = ("first", "until", "seen")
    return {found["name"]: found["value"] for found in Page(page).all("input") if found.get("name") in names}


def write(client: Client, claim: Claim, *rows: dict[str, str], act: str = "save", **more: Any) -> Any:
    """Type rows below those that the page shows, all of which are sent along."""
    page = text(client.get(address(claim, "claim_lines") + more.pop("query", "")))
    shown: dict[str, list[str]] = {name: [] for name in ("name", "quantity", "price", "amount", "entry")}
    for found in Page(page).all("input"):
        if found.get("name") in shown and found.get("value"):
            shown[found["name"]].append(found["value"])
    cells = {name: values + [row[name] for row in rows] for name, values in shown.items()}
    return client.post(address(claim, "claim_lines"), hidden(page) | cells | {"act": act} | more)


def hand_in(client: Client, claim: Claim, group: int, material: str = "") -> HttpResponse:
    fields: dict[str, Any] = {"group": f"g{group}", f"g{group}-files": a_file(a_photo(), "照片.jpg")}
    if material:
        fields[f"g{group}-material"] = material
    return post(client, claim, "claim_papers", **fields)


# the whole way


def fill_in(client: Client, world: World) -> Claim:
    """From the first page to the last, as somebody with a telephone does."""
    answer = client.post(reverse("portal:claim_begin"), VISIT)
    claim = Claim.objects.latest("pk")
    assert answer.headers["Location"] == address(claim, "claim_provider")
    found = client.get(address(claim, "claim_provider"), {"q": "示例", "city": "310000"})
    assert world.provider.name in text(found)
    answer = post(client, claim, "claim_provider", key=world.provider.register_key)  # type: ignore[assignment]
    assert answer.headers["Location"] == address(claim, "claim_invoice")
    answer = post(
        client,
        claim,
        "claim_invoice",
        act="save",
        invoice="36010025",
        total="1,000 元",
        account_bank=BANK,
        account_number="6217 0000 1234 5678",
    )  # type: ignore[assignment]
    assert answer.headers["Location"] == address(claim, "claim_lines")
    assert write(client, claim, a_row()).headers["Location"] == address(claim, "claim_papers")
    assert hand_in(client, claim, 0, str(Material.E_VOUCHER)).status_code == 302
    for group in range(1, 5):
        assert hand_in(client, claim, group).status_code == 302
    return claim


def test_from_the_first_page_to_handing_in(person: Client, world: World) -> None:
    claim = fill_in(person, world)
    assert "核对无误就可以提交" in text(person.get(address(claim)))
    answer = person.post(address(claim), {"act": "submit"}, follow=True)
    assert "已提交。办理进度在这一页上看" in text(answer)
    assert "正在审核" in text(answer)
    claim = row(claim)
    assert (claim.state, claim.on, claim.benefit, claim.provider) == (
        State.SUBMITTED,
        DAY,
        str(Benefit.GENERAL_OUTPATIENT),
        world.provider,
    )
    assert (claim.invoice, claim.total, [line.amount for line in lines_of(claim)]) == (
        "36010025",
        100_000,
        [100_000],
    )
    assert "现为“已提交”，不能提交" in text(post(person, claim, act="submit")), "sent twice"


def test_a_relative_does_it_for_the_person(client: Client, world: World) -> None:
    child = a_person(2, "测试子女")
    a_consent(world.coverage.person, child)
    sign_in(client, a_user(child), principal=world.coverage.person.number)
    assert "您正在替" in text(client.get(reverse("portal:claim_begin")))
    claim = fill_in(client, world)
    post(client, claim, act="submit")
    assert row(claim).state == State.SUBMITTED
    said = Event.objects.filter(subject=claim.number).values_list("actor", "principal").distinct()
    assert list(said) == [(child.number, world.coverage.person.number)]
    assert client.get(address(claim, "claim_form")).status_code == 200


def test_the_window_does_it_for_who_stands_there_and_notes_what_was_shown(
    client: Client, world: World
) -> None:
    window = a_clerk("chuang", Role.WINDOW)
    record_window_consent(world.coverage.person, "居民身份证", actor_of(window))
    sign_in(client, window, principal=world.coverage.person.number)
    claim = fill_in(client, world)
    answer = post(client, claim, "claim_papers", group="g1", **{"g1-description": "社会保障卡原件"})
    assert answer.status_code == 302
    assert "社会保障卡原件" in [paper.description for paper in papers_of(claim.number)]
    client.post(address(claim), {"act": "submit"}, follow=True)
    assert row(claim).state == State.SUBMITTED
    assert {look.what for look in Look.objects.all()} >= {"portal:claim", "portal:claim_provider"}
    assert Event.objects.get(action="claims:submitted").principal == world.coverage.person.number


# the account


def test_the_account_is_the_persons_own_and_shown_by_its_last_digits(person: Client, world: World) -> None:
    claim = start(world)
    page = text(person.get(address(claim, "claim_invoice")))
    assert "必须是参保人本人名下的账户" in page
    for shown in (page, text(person.get(address(claim)))):
        assert "************5678" in shown
        assert ACCOUNT not in shown
    post(
        person,
        claim,
        "claim_invoice",
        act="save",
        invoice="12",
        total="5",
        account_bank="另一银行",
        account_number="",
    )
    assert (row(claim).account_bank, row(claim).account_number) == ("另一银行", ACCOUNT), "left as it is"
    answer = post(person, claim, "claim_invoice", act="save", invoice="12", total="5", account_number="12")
    assert "12 至 30 位数字" in text(answer)
    assert {found["name"] for found in Page(text(answer)).all("input") if found.get("aria-invalid")} == {
        "account_number"
    }
    post(person, claim, "claim_invoice", act="save", invoice="12", total="5")
    assert row(claim).account_number == ACCOUNT, "the button that takes what the invoice says"


def test_who_gets_nothing_is_not_told_to_wait_for_money(person: Client, world: World) -> None:
    page = text(person.get(address(approved_at_nothing(world))))
    assert "没有款项要付给您" in page
    assert "等着支付" not in page
    assert "提出申诉" in page


# the list


def test_the_list_says_what_to_bring_and_by_whose_rules(person: Client, world: World) -> None:
    a_claim(State.SUBMITTED, world)
    page = text(person.get(reverse("portal:claims")))
    for told in ("示例医院1", "门诊费用清单", "诊断证明或相关病历资料", "江西省异地门诊报销流程", "开始申请"):
        assert told in page


def test_somebody_insured_nowhere_now_may_still_claim_for_before(person: Client, world: World) -> None:
    world.coverage.ends = TODAY - timedelta(days=30)
    world.coverage.save()
    assert "请先准备好" not in text(person.get(reverse("portal:claims")))
    person.post(reverse("portal:claim_begin"), VISIT)
    assert Claim.objects.get().on == DAY


# the visit


def test_sent_twice_the_first_page_begins_one_claim(person: Client) -> None:
    for _ in range(2):
        person.post(reverse("portal:claim_begin"), VISIT)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"on": ""}, "请填写看病的日期"),
        ({"on": "昨天"}, "日期没有看懂"),
        ({"on": f"{date(2027, 1, 1)}"}, "晚于今天"),
        ({"on": "2019-06-01"}, "没有有效的基本医保参保记录"),
        ({"kind": ""}, "请选择普通门诊"),
        ({"kind": "M99999"}, "没有这个选项"),
        ({"emergency": ""}, "请选择是不是急诊"),
    ],
)
def test_what_is_wrong_with_the_visit_is_said_beside_the_field(
    person: Client, changes: dict[str, str], said: str
) -> None:
    answer = person.post(reverse("portal:claim_begin"), VISIT | changes)
    assert answer.status_code == 200
    assert said in text(answer)
    assert Page(text(answer)).faults() == []
    assert 'class="wrong"' in text(answer)
    assert not Claim.objects.exists()


def test_a_disease_can_be_chosen_by_those_who_were_qualified_for_it(person: Client, world: World) -> None:
    assert HYPERTENSION not in text(person.get(reverse("portal:claim_begin")))
    a_qualification(QualificationState.APPROVED, world.coverage, starts=DAY + timedelta(days=1))
    assert HYPERTENSION in text(person.get(reverse("portal:claim_begin")))
    refused = person.post(reverse("portal:claim_begin"), VISIT | {"kind": HYPERTENSION})
    assert "没有有效的“高血压”" in text(refused), "not on that day yet"
    person.post(reverse("portal:claim_begin"), VISIT | {"kind": HYPERTENSION, "on": "2025-06-10"})
    claim = Claim.objects.get()
    assert (claim.benefit, claim.disease) == ("chronic-disease", HYPERTENSION)
    answer = post(person, claim, "claim_visit", **VISIT | {"emergency": "yes"})
    assert answer.headers["Location"] == address(claim, "claim_provider")
    assert (row(claim).benefit, row(claim).disease, row(claim).emergency) == ("general-outpatient", "", True)


def test_a_visit_that_cannot_be_changed_so_stays(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.save(claim, PERSON, on=DAY, benefit=GENERAL)
    answer = post(person, claim, "claim_visit", **VISIT | {"on": "2019-06-01"})
    assert "没有有效的基本医保参保记录" in text(answer)
    assert row(claim).on == DAY


# the provider


def test_a_search_that_finds_nothing_opens_the_way_to_write_it_down(person: Client, world: World) -> None:
    claim = a_draft(world)
    page = text(person.get(address(claim, "claim_provider"), {"q": "没有的医院", "city": "440100"}))
    assert "名单里没有找到" in page
    assert "没有的医院" in page, "what was typed stays"
    answer = post(
        person,
        claim,
        "claim_provider",
        act="describe",
        **{"described-name": "某县诊所", "described-city": "440100"},
    )
    assert answer.headers["Location"] == address(claim, "claim_invoice")
    assert (row(claim).where, row(claim).place) == ("某县诊所", "440100")
    assert "经办人会核对" in text(person.get(address(claim, "claim_provider")))


def test_many_are_not_all_listed(person: Client, world: World) -> None:
    for number in range(2, 25):
        a_hospital(number)
    page = text(person.get(address(a_draft(world), "claim_provider"), {"q": "示例医院", "city": ""}))
    assert "只列出前 20 家" in page
    assert Page(page).faults() == []


@pytest.mark.parametrize(
    ("query", "said"),
    [({"q": "", "city": ""}, "请写名称里的几个字"), ({"q": "医院", "city": "999999"}, "没有这个选项")],
)
def test_a_search_without_a_word(person: Client, world: World, query: dict[str, str], said: str) -> None:
    answer = person.get(address(a_draft(world), "claim_provider"), query)
    assert answer.status_code == 200
    assert said in text(answer)


@pytest.mark.parametrize(
    ("name", "city", "said"),
    [
        ("", "440100", "请填写机构的全名"),
        ("某县诊所", "", "请选择机构所在的城市"),
        ("某县诊所", "1", "没有这个选项"),
    ],
)
def test_a_description_with_a_gap(person: Client, world: World, name: str, city: str, said: str) -> None:
    claim = a_draft(world)
    answer = post(
        person, claim, "claim_provider", act="describe", **{"described-name": name, "described-city": city}
    )
    assert said in text(answer)
    assert row(claim).where == ""


def test_a_provider_that_is_not_in_the_register_is_refused(person: Client, world: World) -> None:
    claim = a_draft(world)
    assert post(person, claim, "claim_provider", key="nothing").status_code == 409
    assert row(claim).provider is None


# the invoice


def a_rival(world: World) -> None:
    """Somebody else whose claim holds invoice 77."""
    start(World(a_coverage(3), world.provider), "77")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"invoice": "77"}, "invoice", "票据号“77”已用于手工报销"),
        ({"invoice": "88"}, "invoice", "已填在您的另一份报销申请"),
        ({"invoice": "1" * 21}, "invoice", "票据号超过 20 个字符"),
        ({"total": "0"}, "total", "应大于 0"),
        ({"total": "一千"}, "total", "请只填数字"),
    ],
)
def test_what_is_wrong_with_the_invoice_is_said_beside_the_field(
    person: Client, world: World, typed: dict[str, str], field: str, said: str
) -> None:
    a_rival(world)
    start(world, "88")
    claim = a_draft(world)
    answer = post(person, claim, "claim_invoice", **{"act": "save", "invoice": "12", "total": "5"} | typed)
    assert answer.status_code == 200
    page = text(answer)
    assert said in page
    assert f'id="id_{field}_error"' in page
    assert f'value="{typed[field]}"' in page, "what was typed stays"
    assert (row(claim).invoice, row(claim).total) == ("", None)


def test_a_step_may_be_left_with_gaps(person: Client, world: World) -> None:
    claim = a_draft(world)
    assert post(person, claim, "claim_invoice", act="save", invoice="12", total="").status_code == 302
    assert (row(claim).invoice, row(claim).total) == ("12", None)
    page = text(person.get(address(claim)))
    assert "还有没填完的" in page
    assert "提交申请" not in page


def read(client: Client, claim: Claim, content: bytes, name: str) -> HttpResponse:
    return post(client, claim, "claim_invoice", act="read", file=a_file(content, name))


def test_an_e_invoice_fills_what_is_empty(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.save(claim, PERSON, on=DAY)
    drafting.save(claim, PERSON, total=123_456)
    answer = read(person, claim, an_xml().getvalue(), "票据.xml")
    assert "看病当天没开票的，两个日期可以不同" in text(answer)
    assert row(claim).invoice == "0012345678"
    drafting.save(claim, PERSON, on=date(2026, 1, 31))
    again = person.post(
        address(claim, "claim_invoice"),
        {"act": "read", "file": a_file(an_xml().getvalue(), "票据.xml")},
        follow=True,
    )
    assert "读出的和您填的一样" in text(again)
    assert not papers_of(claim.number).exists(), "an XML file is no paper"


def test_what_was_read_is_said_to_be_checked(person: Client, world: World) -> None:
    claim = a_draft(world)
    answer = person.post(
        address(claim, "claim_invoice"),
        {"act": "read", "file": a_file(an_xml().getvalue(), "票据.xml")},
        follow=True,
    )
    assert "从票据读出票据号 0012345678" in text(answer)
    assert "从票据读出总金额 1,234.56 元" in text(answer)
    assert 'value="1234.56"' in text(answer)


def test_what_the_person_wrote_is_not_overwritten_but_may_be_changed_by_a_button(
    person: Client, world: World
) -> None:
    claim = a_draft(world)
    drafting.save(claim, PERSON, invoice="999", total=1)
    page = text(read(person, claim, an_xml().getvalue(), "票据.xml"))
    assert "票据上是 0012345678，您填的是 999" in page
    assert "票据上是 1,234.56 元，您填的是 0.01 元" in page
    assert Page(page).faults() == []
    assert (row(claim).invoice, row(claim).total) == ("999", 1)
    offered = [
        {found["name"]: found["value"] for found in Page(page).all("input") if found.get("type") == "hidden"}
    ]
    assert offered[0]["invoice"] == "0012345678"
    post(person, claim, "claim_invoice", act="save", invoice=offered[0]["invoice"], total=offered[0]["total"])
    assert (row(claim).invoice, row(claim).total) == ("0012345678", 123_456)


def test_a_photo_that_says_nothing_is_kept_among_the_papers(person: Client, world: World) -> None:
    claim = a_draft(world)
    answer = read(person, claim, a_photo(), "票据.jpg")
    assert answer.status_code == 200
    assert "二维码" in text(answer)
    assert "已存进材料的票据" in text(answer)
    assert materials_of(claim.number) == {Material.INVOICE}


@pytest.mark.parametrize(
    ("file", "said"),
    [(None, "请选择文件"), (b"", "是空的"), (b"#!/bin/sh", "不是可以收的类型")],
)
def test_a_file_that_is_none(person: Client, world: World, file: bytes | None, said: str) -> None:
    claim = a_draft(world)
    typed = {"act": "read"} | ({} if file is None else {"file": a_file(file, "票据.jpg")})
    assert said in text(person.post(address(claim, "claim_invoice"), typed))
    assert not papers_of(claim.number).exists()


# the lines


def amounts(claim: Claim) -> list[int]:
    return [line.amount for line in lines_of(claim)]


def test_rows_are_added_and_summed_against_the_invoice(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.save(claim, PERSON, total=30_000)
    assert "明细少 300.00 元" in text(person.get(address(claim, "claim_lines")))
    answer = write(person, claim, a_row(quantity="2", price="50"), act="more")
    assert answer.headers["Location"] == address(claim, "claim_lines") + "?page=1"
    assert "明细少 200.00 元" in text(person.get(answer.headers["Location"]))
    write(person, claim, a_row("药品", "1", "200.00", "200"), a_row("药品乙", "1", "1"))
    assert amounts(claim) == [10_000, 20_000, 100]
    page = text(person.get(address(claim, "claim_lines")))
    assert "明细多 1.00 元" in page
    assert Page(page).faults() == []
    write(person, claim, gone="3")
    assert amounts(claim) == [10_000, 20_000]
    assert "没有，对上了" in text(person.get(address(claim, "claim_lines")))


def test_one_wrong_row_saves_nothing_and_loses_nothing(person: Client, world: World) -> None:
    claim = a_draft(world)
    answer = write(person, claim, a_row("药品甲"), a_row("药品乙", "两盒"), a_row("药品丙", "2", "3", "7"))
    page = text(answer)
    assert answer.status_code == 200
    assert "这一行数量不是数字" in page
    assert "这一行金额应为 6.00 元，写的是 7.00 元" in page
    assert all(typed in page for typed in ("药品甲", "药品乙", "两盒", "药品丙"))
    assert 'href="#name-2"' in page
    assert "明细合计" in page
    assert Page(page).faults() == []
    assert amounts(claim) == []


def test_a_long_bill_is_typed_page_by_page(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.replace_lines(claim, [a_line(PLAIN, "1.00")] * (2 * PER_PAGE), PERSON)
    first = text(person.get(address(claim, "claim_lines")))
    assert hidden(first)["until"] == str(PER_PAGE)
    assert f'id="name-{PER_PAGE}"' in first
    assert f'id="name-{PER_PAGE + 1}"' not in first, "there is no room in between"
    assert "保存，看下一页" in first
    answer = write(person, claim, act="save")
    assert answer.headers["Location"] == address(claim, "claim_lines") + "?page=2"
    write(person, claim, a_row("新的一行", "1", "9"), query="?page=3")
    assert amounts(claim) == [100] * (2 * PER_PAGE) + [900]
    write(person, claim, query="?page=2", gone=[str(PER_PAGE + 1), str(PER_PAGE + 2)])
    assert amounts(claim) == [100] * (2 * PER_PAGE - 2) + [900]


@pytest.mark.parametrize("page", ["9", "0", "-1", "x", "9999999999", "²"])
def test_a_page_that_is_not_there(person: Client, world: World, page: str) -> None:
    assert person.get(address(a_draft(world), "claim_lines"), {"page": page}).status_code == 200


def test_what_was_written_elsewhere_meanwhile_is_not_lost(person: Client, world: World) -> None:
    claim = a_draft(world)
    seen = hidden(text(person.get(address(claim, "claim_lines"))))
    drafting.replace_lines(claim, [a_line(PLAIN, "7.00")], PERSON)
    answer = person.post(address(claim, "claim_lines"), seen | a_row("药品甲") | {"act": "save"})
    assert "刚才在别处改过" in text(answer)
    assert "药品甲" in text(answer)
    assert amounts(claim) == [700]


def test_the_same_page_sent_twice_is_written_once(person: Client, world: World) -> None:
    claim = a_draft(world)
    sent = hidden(text(person.get(address(claim, "claim_lines")))) | a_row() | {"act": "save"}
    for _ in range(2):
        assert person.post(address(claim, "claim_lines"), sent).status_code == 302
    assert amounts(claim) == [100_000]


@pytest.mark.parametrize(
    "changes", [{"first": "-1"}, {"until": "x"}, {"seen": ""}, {"first": "501"}, {"seen": "0" * 65}]
)
def test_a_page_that_was_never_given_out(person: Client, world: World, changes: dict[str, str]) -> None:
    claim = a_draft(world)
    sent = {"first": "0", "until": "0", "seen": drafting.digest_of([])} | a_row() | {"act": "save"} | changes
    assert person.post(address(claim, "claim_lines"), sent).status_code == 404
    assert amounts(claim) == []


def test_nobody_approves_their_own_medicine(person: Client, world: World) -> None:
    claim = a_draft(world)
    write(person, claim, a_row(), approved="yes")
    assert [line.approved for line in lines_of(claim)] == [None]


def test_what_a_clerk_noted_of_a_line_stays_with_it(person: Client, world: World) -> None:
    claim = a_claim(State.SUBMITTED, world)
    services.correct_lines(claim, [a_line(PLAIN, "1000.00", approved=True)], "见审批单", CLERK)
    services.ask_for_more(claim, "请补充", CLERK)
    write(person, claim, a_row("另一行", "1", "1"))
    assert [line.approved for line in lines_of(row(claim))] == [True, None]


def test_a_line_too_large_is_named(person: Client, world: World) -> None:
    claim = a_draft(world)
    answer = write(person, claim, a_row("药品甲"), a_row("药品乙", "10000000000000", "10000000000000"))
    assert "费用明细第 2 行不能录入：数字过大" in text(answer)
    assert amounts(claim) == []


def a_sheet(*rows: list[Any]) -> io.BytesIO:
    book = Workbook()
    for cells in ([column.zh for column in COLUMNS], *rows):
        book.active.append(cells)
    written = io.BytesIO()
    book.save(written)
    return a_file(written.getvalue(), "明细.xlsx")


def test_a_filled_in_table_takes_the_place_of_the_lines(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.replace_lines(claim, [a_line(PLAIN, "7.00")], PERSON)
    sheet = a_sheet([PLAIN, "药品甲", 2, 15.6, None], ["", "诊查费", 1, 17, 17])
    answer = person.post(address(claim, "claim_lines"), {"act": "sheet", "file": sheet}, follow=True)
    assert "已读入 2 行明细" in text(answer)
    assert amounts(claim) == [3_120, 1_700]


def test_every_bad_row_of_a_table_is_named_and_nothing_is_lost(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.replace_lines(claim, [a_line(PLAIN, "7.00")], PERSON)
    sheet = a_sheet([PLAIN, "药品甲", "两盒", 1, 1], [PLAIN, "好的一行", 1, 1, 1], [PLAIN, None, 1, 1, 1])
    answer = post(person, claim, "claim_lines", act="sheet", file=sheet)
    page = text(answer)
    assert "第 2 行：数量不是数字。" in page
    assert "第 4 行：项目名称没有填写。" in page
    assert "现有的明细没有改动" in page
    assert amounts(claim) == [700]


@pytest.mark.parametrize(
    ("file", "said"),
    [(None, "请选择文件"), (a_file(b"", "x.csv"), "是空的"), (a_file(b"\0", "x.csv"), "不是能读的表格")],
)
def test_what_is_no_table(person: Client, world: World, file: io.BytesIO | None, said: str) -> None:
    typed = {"act": "sheet"} | ({} if file is None else {"file": file})
    assert said in text(person.post(address(a_draft(world), "claim_lines"), typed))


def test_the_tables_to_download(person: Client, world: World) -> None:
    claim = a_draft(world)
    drafting.replace_lines(claim, [a_line(PLAIN, "7.00")], PERSON)
    for where, count in (
        (reverse("portal:claim_lines_template"), 1),
        (address(claim, "claim_lines_sheet"), 2),
    ):
        answer = person.get(where)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert len(list(load_workbook(io.BytesIO(answer.content)).worksheets[0].rows)) == count


# the papers


def test_papers_are_taken_and_removed(person: Client, world: World) -> None:
    claim = a_draft(world)
    assert "还缺 5 样材料" in text(person.get(address(claim, "claim_papers")))
    assert hand_in(person, claim, 2).headers["Location"] == address(claim, "claim_papers") + "#papers"
    [paper] = papers_of(claim.number)
    assert paper.material == Material.INVOICE
    assert post(person, claim, "claim_papers", remove=paper.pk).status_code == 302
    assert not papers_of(claim.number).exists()
    wrong = post(person, claim, "claim_papers", group="g2", **{"g2-files": a_file(b"x", "x.exe")})
    assert "不是可以收的类型" in text(wrong)
    assert Page(text(wrong)).faults() == []


def test_where_no_list_is_on_record_the_page_says_so(
    person: Client, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    claim = a_draft(world)
    monkeypatch.setattr("yidi.claims.queries.book", lambda: book_of(tmp_path))
    for where in (address(claim, "claim_papers"), address(claim), reverse("portal:claims")):
        answer = person.get(where)
        assert answer.status_code == 200
    assert "规则库没有收录" in text(person.get(address(claim, "claim_papers")))


# the page of a claim

SHOWN = {
    State.DRAFT: ("草稿", "撤回申请", "下载报销申请表"),
    State.SUBMITTED: ("正在审核", "撤回申请", "下载报销申请表"),
    State.MORE_EVIDENCE: ("请补费用清单", "再次提交", "下载告知书"),
    State.ASSESSED: ("核定的金额（还没有批准）", "谁付多少", "下载报销申请表"),
    State.APPROVED: ("报销的金额", "可以在支付以前申诉", "提出申诉", "下载告知书"),
    State.PAID: ("报销款已在", "谁付多少", "下载结算单", "下载告知书"),
    State.REJECTED: ("票据无效或查验不符：票据不清", "提出申诉", "补充材料"),
    State.WITHDRAWN: ("已撤回", "下载报销申请表"),
}
OFFERED = {
    "submit": {State.DRAFT, State.MORE_EVIDENCE},
    "withdraw": {State.DRAFT, State.SUBMITTED, State.MORE_EVIDENCE},
    "appeal": {State.APPROVED, State.REJECTED},
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", list(State), ids=lambda state: state.value)
def test_the_page_in_every_state(person: Client, world: World, state: State, language: str) -> None:
    claim = a_claim(state, world)
    person.cookies["django_language"] = language
    page = text(person.get(address(claim)))
    assert Page(page).faults() == []
    if language == "en":
        return
    for told in SHOWN[state]:
        assert told in page
    for act, states in OFFERED.items():
        assert (f'value="{act}"' in page) == (state in states), act


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_step_in_both_languages(person: Client, world: World, language: str) -> None:
    claim = a_claim(State.MORE_EVIDENCE, world)
    person.cookies["django_language"] = language
    pages = [
        reverse("portal:claims"),
        reverse("portal:claim_begin"),
        *(address(claim, name) for name in STEP_PAGES),
    ]
    pages.append(address(claim, "claim_provider") + "?q=示例&city=")
    for where in pages:
        answer = person.get(where)
        assert answer.status_code == 200, where
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert Page(text(answer)).faults() == [], where
        if "new" not in where and "?" not in where and where != reverse("portal:claims"):
            assert "请补费用清单" in text(answer), "the agency's words stand on every step"


def test_what_hinders_handing_in_is_said_by_name(person: Client, world: World) -> None:
    claim = a_claim(world=world)
    person_papers = papers_of(claim.number)
    drafting.remove_paper(claim, person_papers[2], PERSON)
    assert "手工报销还缺材料：医院收费票据" in text(post(person, claim, act="submit"))
    drafting.replace_lines(claim, [a_line(PLAIN, "1.00")], PERSON)
    assert "费用明细合计 1.00 元，与票据总金额 1000.00 元不一致" in text(post(person, claim, act="submit"))
    drafting.save(claim, PERSON, invoice="")
    page = text(post(person, claim, act="submit"))
    assert "还没有填写：票据号" in page
    assert Page(page).faults() == []
    assert row(claim).state == State.DRAFT


def test_answering_what_was_asked(person: Client, world: World) -> None:
    claim = a_claim(State.MORE_EVIDENCE, world)
    hand_in(person, claim, 3)
    write(person, claim, act="save")
    post(person, claim, act="submit")
    assert row(claim).state == State.SUBMITTED


def test_withdrawing_lets_the_invoice_go(person: Client, world: World) -> None:
    claim = a_claim(State.SUBMITTED, world)
    answer = person.post(address(claim), {"act": "withdraw"}, follow=True)
    assert "票据可以重新申请报销" in text(answer)
    again = a_draft(world)
    assert post(person, again, "claim_invoice", act="save", invoice="0001", total="5").status_code == 302


def test_an_appeal_with_a_new_paper_undoes_the_approval(person: Client, world: World) -> None:
    claim = a_claim(State.APPROVED, world)
    assert "接着写申诉" in text(person.get(address(claim, "claim_papers")))
    assert hand_in(person, claim, 3).status_code == 302
    refused = post(person, claim, act="appeal", grounds=" ")
    assert "请写明申诉的理由" in text(refused)
    assert Page(text(refused)).faults() == []
    answer = person.post(address(claim), {"act": "appeal", "grounds": "明细漏了一行"}, follow=True)
    assert "由另一位经办人重新决定" in text(answer)
    assert (row(claim).state, row(claim).grounds) == (State.SUBMITTED, "明细漏了一行")
    assert Posting.objects.filter(reverses__isnull=False).exists()


def test_a_button_that_there_is_not(person: Client, world: World) -> None:
    assert post(person, a_claim(world=world), act="approve").status_code == 404
    assert post(person, a_claim(world=world, invoice="2")).status_code == 404


# what is closed, and whose it is


@pytest.mark.parametrize(
    "state", [state for state in State if state not in WRITABLE], ids=lambda state: state.value
)
def test_the_steps_of_a_claim_that_was_handed_in_lead_to_its_page(
    person: Client, world: World, state: State
) -> None:
    claim = a_claim(state, world)
    before = Claim.objects.values().get(pk=claim.pk)
    for name in STEP_PAGES:
        open_still = name == "claim_papers" and state in PAPERS_TAKEN
        answer = person.get(address(claim, name))
        assert (answer.status_code, answer.headers.get("Location")) == (
            (200, None) if open_still else (302, address(claim))
        )
    post(person, claim, "claim_visit", **VISIT)
    post(person, claim, "claim_provider", key=world.provider.register_key)
    post(person, claim, "claim_invoice", act="save", invoice="12", total="5")
    seen = {"first": "0", "until": "1", "seen": drafting.digest_of(lines_of(claim))}
    assert "不能再修改费用明细" in text(
        person.post(address(claim, "claim_lines"), seen | a_row("新") | {"act": "save"})
    )
    assert Claim.objects.values().get(pk=claim.pk) == before
    assert amounts(claim) == [100_000]


def every_address(claim: Claim) -> list[str]:
    names = ("claim", *STEP_PAGES, "claim_lines_sheet", "claim_form", "claim_letter", "claim_slip")
    return [address(claim, name) for name in names]


def test_strangers_are_sent_to_sign_in_and_others_find_nothing(client: Client, world: World) -> None:
    claim = a_claim(State.PAID, world)
    general = [reverse(f"portal:{name}") for name in ("claims", "claim_begin", "claim_lines_template")]
    for where in [*general, *every_address(claim)]:
        assert client.get(where).headers["Location"].startswith("/sign-in/?next=")
    sign_in(client, a_user(a_person(2)))
    for where in every_address(claim):
        assert client.get(where).status_code == 404, where
        if "." not in where:
            assert client.post(where, {"act": "withdraw"}).status_code == 404, where
    assert "示例医院" not in text(client.get(reverse("portal:claims")))


@pytest.mark.parametrize("number", ["C1", "Q0000000001", "C9999999999", "C" + "9" * 30, "x"])
def test_a_number_that_is_no_claim(person: Client, number: str) -> None:
    assert person.get(f"/me/claims/{number}/").status_code == 404


# papers made here


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("claim_form", set(State)),
        ("claim_letter", {State.MORE_EVIDENCE, State.APPROVED, State.PAID, State.REJECTED}),
        ("claim_slip", {State.PAID}),
    ],
)
@pytest.mark.parametrize(
    "state", [State.DRAFT, State.MORE_EVIDENCE, State.APPROVED, State.PAID, State.REJECTED]
)
def test_the_papers_that_are_made_here(
    person: Client, world: World, name: str, states: set[State], state: State
) -> None:
    answer = person.get(address(a_claim(state, world), name))
    if state not in states:
        assert answer.status_code == 404
        return
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF")


def test_there_is_no_form_to_print_while_something_is_missing(person: Client, world: World) -> None:
    claim = a_draft(world)
    assert "下载报销申请表" not in text(person.get(address(claim)))
    answer = person.get(address(claim, "claim_form"))
    assert answer.status_code == 409
    assert "还没有填写" in text(answer)


# sessions that end


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("claim_visit", VISIT | {"on": "2025-05-05"}, 'value="2025-05-05"'),
        ("claim_invoice", {"act": "save", "invoice": "770077", "total": "88"}, 'value="770077"'),
        (
            "claim_provider",
            {"act": "describe", "described-name": "某县诊所", "described-city": "440100"},
            'value="某县诊所"',
        ),
        (
            "claim_lines",
            {"first": "0", "until": "0", "seen": drafting.digest_of([])} | a_row("药品甲") | {"act": "save"},
            'value="药品甲"',
        ),
        ("claim", {"act": "appeal", "grounds": "明细漏了"}, "明细漏了"),
    ],
)
def test_what_was_sent_too_late_comes_back(
    person: Client, world: World, name: str, typed: dict[str, str], kept: str
) -> None:
    claim = a_claim(State.REJECTED, world) if name == "claim" else a_draft(world)
    end_everywhere(User.objects.get())
    assert person.post(address(claim, name), typed).headers["Location"].startswith("/sign-in/?next=")
    person.post("/sign-in/", {"username": User.objects.get().username, "password": PASSWORD})
    assert kept in text(person.get(address(claim, name)))
    assert row(claim).state == claim.state


def test_files_must_be_chosen_anew(person: Client, world: World) -> None:
    claim = a_draft(world)
    end_everywhere(User.objects.get())
    hand_in(person, claim, 2)
    person.post("/sign-in/", {"username": User.objects.get().username, "password": PASSWORD})
    assert "选好的文件没有保存" in text(person.get(address(claim, "claim_papers")))
