"""Claims at the desk: lines set right, the provider named, assessed, explained, approved by another clerk, paid."""

from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import a_clerk
from tests.claims.factories import a_claim, an_unfiled_world, person_of, start, submit
from tests.desk.reading import Page, client_of, controls_without_label, staff_client
from tests.desk.test_case_page import at, back_in, offered, page, send
from tests.qualification.factories import a_qualification
from tests.settlement.factories import PLAIN, a_hospital
from yidi.accounts import sessions
from yidi.accounts.terms import Role
from yidi.claims import drafting
from yidi.claims.models import Claim
from yidi.claims.queries import lines_of
from yidi.claims.states import State
from yidi.operations.handling import version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return a_claim(State.SUBMITTED)


@pytest.fixture
def client() -> Client:
    return staff_client(Role.REVIEWER, username="ban")


def row(
    code: str = PLAIN, name: str = "药", quantity: str = "1", price: str = "1000", amount: str = ""
) -> tuple[str, ...]:
    return code, name, quantity, price, amount


def correct(client: Client, claim: Claim, *rows: tuple[str, ...], **typed: Any) -> Any:
    names = ("entry", "name", "quantity", "price", "amount")
    columns = {name: [cells[place] for cells in rows] for place, name in enumerate(names)}
    sent = {"seen": version_of(claim.number), "total": "1000", "reason": "按费用清单", **columns} | typed
    return client.post(f"{at(claim)}lines/", sent)


class TestLines:
    def test_they_stand_in_a_table_with_blank_rows_and_their_sum(self, client: Client, claim: Claim) -> None:
        found = Page(client.get(f"{at(claim)}lines/"))
        names = [box.get("value", "") for box in found.all("input") if box.get("name") == "name"]
        assert [name for name in names if name] == [line.name for line in lines_of(claim)]
        assert names[-3:] == ["", "", ""]
        assert "1,000.00" in found.text
        assert controls_without_label(found) == []

    def test_corrected_they_make_a_new_edition(self, client: Client, claim: Claim) -> None:
        answer = correct(
            client,
            claim,
            row(price="600"),
            row("", "", "", "", ""),
            row(name="检查", price="400", amount="400.00"),
        )
        assert answer["Location"] == at(claim)
        claim.refresh_from_db()
        assert claim.edition == 2
        assert [(line.name, line.amount) for line in lines_of(claim)] == [("药", 60000), ("检查", 40000)]
        assert len(lines_of(claim, 1)) == 1
        assert "按费用清单" in page(client, claim).text

    def test_more_rows_keep_everything_and_say_nothing_yet(self, client: Client, claim: Claim) -> None:
        answer = correct(client, claim, row(name="输了一半", price="x"), more="1", reason="", total="")
        found = Page(answer)
        names = [box.get("value", "") for box in found.all("input") if box.get("name") == "name"]
        assert names == ["输了一半", *[""] * 5]
        assert "请填写总金额" not in found.text
        claim.refresh_from_db()
        assert claim.edition == 1

    @pytest.mark.parametrize(
        ("rows", "typed", "told"),
        [
            ([row(price="一千")], {}, "单价"),
            ([row(quantity="0")], {}, "应大于 0"),
            ([row(name="")], {}, "没有填写"),
            ([row(), row(name="检查", price="1", amount="2")], {}, "第 2 行"),
            ([row()], {"reason": ""}, "请写明"),
            ([row()], {"total": "很多"}, "请只填数字"),
            ([row()], {"total": ""}, "请填写总金额"),
            ([row(price="999")], {}, "与票据总金额 1000.00 元不一致"),
        ],
    )
    def test_what_is_wrong_is_named_by_its_row_and_nothing_is_lost(
        self, client: Client, claim: Claim, rows: list[tuple[str, ...]], typed: dict[str, str], told: str
    ) -> None:
        found = Page(correct(client, claim, *rows, **typed))
        assert told in found.text
        prices = [box.get("value", "") for box in found.all("input") if box.get("name") == "price"]
        assert prices[: len(rows)] == [cells[3] for cells in rows]
        claim.refresh_from_db()
        assert claim.edition == 1

    def test_what_was_sent_too_late_is_there_again_after_signing_in(self, claim: Claim) -> None:
        clerk = a_clerk("late", Role.REVIEWER)
        client = client_of(clerk)
        sessions.end_everywhere(clerk)
        answer = correct(client, claim, row(name="重抄的药", price="600"), row(name="检查", price="400"))
        assert answer["Location"].startswith("/desk/sign-in/")
        back_in(client, "late")
        found = Page(client.get(f"{at(claim)}lines/"))
        names = [box.get("value", "") for box in found.all("input") if box.get("name") == "name"]
        codes = [box.get("value", "") for box in found.all("input") if box.get("name") == "entry"]
        assert (names, codes) == (["重抄的药", "检查"], [PLAIN, PLAIN])
        claim.refresh_from_db()
        assert claim.edition == 1

    def test_a_bill_has_an_end(self, client: Client, claim: Claim) -> None:
        found = Page(correct(client, claim, *[row(price="1")] * 600, more="1"))
        assert len([box for box in found.all("input") if box.get("name") == "name"]) == 500

    def test_the_claim_changed_meanwhile(self, client: Client, claim: Claim) -> None:
        late = correct(client, claim, row(), seen=version_of(claim.number) - 1)
        assert late.status_code == 409
        assert "有了变动" in Page(late).text

    def test_only_of_claims_that_wait_and_are_here(self, client: Client) -> None:
        paid = a_claim(State.PAID)
        assert correct(client, paid, row()).status_code == 409
        other = a_qualification()
        far = staff_client(Role.REVIEWER, username="far", region="310000")
        assert far.get(f"{at(paid)}lines/").status_code == 404
        assert client.get(f"{at(other)}lines/").status_code == 404

    def test_in_english(self, client: Client, claim: Claim) -> None:
        client.get("/desk/?lang=en")
        assert Page(client.get(f"{at(claim)}lines/")).left_over() == []
        assert Page(client.get(f"{at(claim)}provider/")).left_over() == []


class TestTheProvider:
    @pytest.fixture
    def unnamed(self) -> Claim:
        world = an_unfiled_world()
        claim = start(world)
        drafting.save(claim, person_of(claim.coverage), provider_name="某某医院", care_region="310106")
        submit(claim)
        return claim

    def test_what_the_person_wrote_is_searched_and_a_row_of_the_register_chosen(
        self, client: Client, unnamed: Claim
    ) -> None:
        hospital = a_hospital(7, name="上海某某医院")
        assert "登记中未找到" in page(client, unnamed).text
        found = Page(client.get(f"{at(unnamed)}provider/"))
        assert "上海某某医院" in found.text
        assert controls_without_label(found) == []
        sent = {"seen": version_of(unnamed.number), "provider": hospital.pk}
        answer = client.post(f"{at(unnamed)}provider/?text=某某", sent)
        assert answer["Location"] == at(unnamed)
        unnamed.refresh_from_db()
        assert unnamed.provider == hospital
        assert "已对上登记" in page(client, unnamed).text

    def test_a_level_needs_its_ground(self, client: Client, unnamed: Claim) -> None:
        hospital = a_hospital(7, name="上海某某医院", level="")
        sent = {"seen": version_of(unnamed.number), "provider": hospital.pk, "level": "tertiary"}
        answer = client.post(f"{at(unnamed)}provider/?text=某某", sent)
        assert "须写明理由" in Page(answer).text
        client.post(f"{at(unnamed)}provider/?text=某某", sent | {"reason": "卫健委名单"})
        unnamed.refresh_from_db()
        assert (unnamed.provider, unnamed.level) == (hospital, "tertiary")

    def test_nobody_names_what_was_not_found(self, client: Client, unnamed: Claim) -> None:
        a_hospital(7, name="别处医院")
        assert "登记中没有找到" in Page(client.get(f"{at(unnamed)}provider/?text=火星")).text
        answer = client.post(
            f"{at(unnamed)}provider/?text=火星", {"seen": version_of(unnamed.number), "provider": 1}
        )
        assert "没有这个选项" in Page(answer).text or "登记中没有找到" in Page(answer).text
        unnamed.refresh_from_db()
        assert unnamed.provider is None


class TestAssessing:
    def test_one_assesses_another_approves_a_third_pays(self, claim: Claim) -> None:
        ban, boss = (
            staff_client(Role.REVIEWER, Role.SUPERVISOR, username="ban"),
            staff_client(Role.SUPERVISOR, username="boss"),
        )
        purse = staff_client(Role.CLEARING, username="purse")
        send(ban, claim, "assess")
        shown = page(ban, claim)
        for told in ("核定结果", "基金支付", "这个数是怎么算的", "级", "这是您核定的，须由另一位经办人批准"):
            assert told in shown.text
        own = send(ban, claim, "approve")
        assert own.status_code == 409
        assert "须由另一位经办人办理" in Page(own).text
        send(boss, claim, "approve")
        send(purse, claim, "pay")
        claim.refresh_from_db()
        assert claim.state == State.PAID
        assert "已支付" in page(purse, claim).text

    def test_who_approves_sees_the_amount_that_they_approve(self, claim: Claim) -> None:
        ban, boss = (
            staff_client(Role.REVIEWER, username="ban"),
            staff_client(Role.SUPERVISOR, username="boss"),
        )
        send(ban, claim, "assess")
        seen = version_of(claim.number)
        correct(ban, claim, row(price="500"), total="500")
        send(ban, claim, "assess")
        late = send(boss, claim, "approve", seen)
        assert late.status_code == 409
        assert "500.00" in Page(late).text
        claim.refresh_from_db()
        assert claim.state == State.ASSESSED

    def test_what_cannot_be_assessed_says_why_on_the_page(self, client: Client, claim: Claim) -> None:
        correct(client, claim, row(code=""))
        told = send(client, claim, "assess")
        assert told.status_code == 409
        assert "编码" in Page(told).text
        assert "assess" in offered(Page(told))

    def test_rejected_with_the_rooms_own_reasons(self, client: Client, claim: Claim) -> None:
        assert "票据无效或查验不符" in page(client, claim).text
        send(client, claim, "reject", reason="bad-invoice", text="查无此票")
        assert "查无此票" in page(client, claim).text

    def test_in_english_and_every_control_has_its_name(self, claim: Claim) -> None:
        client = client_of(a_clerk("en", Role.SUPERVISOR))
        send(client, claim, "assess")
        client.get("/desk/?lang=en")
        found = page(client, claim)
        assert found.left_over() == []
        assert controls_without_label(found) == []
