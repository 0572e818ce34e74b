"""Settled bills on the person's pages: the list, the explanation, the slip."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import a_user, sign_in
from tests.documents.reading import text_of
from tests.settlement.factories import (
    CHRONIC,
    OWN,
    SHARED,
    World,
    a_line,
    a_visit,
    a_world,
    cancelled,
    settle,
    settled,
)
from yidi.settlement.models import Settlement

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 2)


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def bill(client: Client, world: World) -> Settlement:
    sign_in(client, a_user(world.coverage.person))
    visit = a_visit(world, [a_line(SHARED, "800.00"), a_line(OWN, "200.00")], CHRONIC, ON)
    return settle(visit, invoice="INV-1")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_lines_payers_steps_and_what_would_change_it(client: Client, bill: Settlement) -> None:
    content = text(client.get(reverse("portal:settlement", args=[bill.number])))
    for told in (
        "示例医院1",
        "INV-1",
        "高血压",
        "谁付多少",
        "费用明细",
        "这个数是怎么算的",
        "为什么不能更多",
        "怎样会不同",
        "E-01",
    ):
        assert told in content
    funds = f"{bill.fund // 100}.{bill.fund % 100:02d}"
    assert f"<strong>{funds}</strong>" in content
    assert "丙类或目录外，全自费" in content


def test_a_cancelled_bill_says_so_before_anything_else(client: Client, bill: Settlement) -> None:
    cancelled(bill)
    content = text(client.get(reverse("portal:settlement", args=[bill.number])))
    assert content.index("撤销，下面的金额不再有效") < content.index("谁付多少")
    assert "已撤销" in text(client.get("/me/settlements/"))
    slip = text_of(client.get(reverse("portal:settlement_slip", args=[bill.number])).content)
    assert "撤销" in slip


def test_the_cancellation_itself_is_no_bill(client: Client, bill: Settlement) -> None:
    undone = cancelled(bill)
    assert client.get(reverse("portal:settlement", args=[undone.number])).status_code == 404
    assert undone.number not in text(client.get("/me/settlements/"))


def test_the_slip_has_the_filing_and_a_masked_identity_number(client: Client, bill: Settlement) -> None:
    answer = client.get(reverse("portal:settlement_slip", args=[bill.number]))
    coverage = bill.visit.coverage
    slip = text_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert coverage.filings.get().number in slip
    assert coverage.person.identity not in slip
    assert "INV-1" in slip


def test_the_newest_is_first_and_many_take_several_pages(client: Client, world: World) -> None:
    sign_in(client, a_user(world.coverage.person))
    numbers = [settled(world, "10.00", day=ON).number for _ in range(21)]
    first, second = text(client.get("/me/settlements/")), text(client.get("/me/settlements/?page=2"))
    assert first.index(numbers[-1]) < first.index(numbers[-2])
    assert numbers[0] not in first
    assert numbers[0] in second
