"""E-invoices read into a claim: empty facts are filled, what the person wrote is not overwritten without a word."""

import io
from datetime import date

import pytest

from tests.accounts.factories import PERSON
from tests.claims.factories import a_claim, a_draft, an_unfiled_world, person_of, start
from tests.evidence.factories import a_photo
from tests.people.factories import a_coverage
from tests.settlement.factories import World
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import OfAnother
from yidi.audit.models import Event
from yidi.claims import drafting, errors
from yidi.claims.models import Claim
from yidi.claims.reading import Reading, read_invoice
from yidi.claims.states import State
from yidi.evidence.errors import InvoiceCodeMissing
from yidi.evidence.queries import papers_of
from yidi.ledger.errors import InvoiceUsed
from yidi.ledger.models import Invoice

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 31)


def an_xml(number: str = "0012345678", day: str = "20260131", total: str = "1234.56") -> io.BytesIO:
    """A fiscal e-receipt."""
    text = (
        f"<EInvoice><EInvoiceData><Main><EInvoiceCode>36060125</EInvoiceCode><EInvoiceNumber>{number}</EInvoiceNumber>"
        f"<IssueDate>{day}</IssueDate><TotalAmount>{total}</TotalAmount></Main></EInvoiceData></EInvoice>"
    )
    return io.BytesIO(text.encode())


def read(claim: Claim, upload: io.BytesIO | None = None, actor: Actor = PERSON) -> Reading:
    return read_invoice(claim, upload or an_xml(), "票据.xml", actor)


def test_an_empty_draft_is_filled() -> None:
    claim = a_draft()
    told = read(claim)
    assert told.filled == {"invoice": "0012345678", "on": DAY, "total": 123_456}
    assert told.differing == {}
    row = Claim.objects.get(pk=claim.pk)
    assert (
        (row.invoice, row.on, row.total)
        == (claim.invoice, claim.on, claim.total)
        == ("0012345678", DAY, 123_456)
    )
    assert Invoice.objects.get().number == "0012345678"
    event = Event.objects.get(action="claims:read-invoice")
    assert event.reason == "票据号、就诊日期、票据总金额"


def test_what_the_person_wrote_stays_and_the_difference_is_told() -> None:
    claim = a_draft()
    drafting.save(claim, PERSON, invoice="００12345678", on=date(2026, 1, 30), total=123_400)
    told = read(claim)
    assert told.filled == {}
    assert told.differing == {"on": DAY, "total": 123_456}, "the number is the same in another spelling"
    assert Claim.objects.get(pk=claim.pk).total == 123_400
    drafting.save(claim, PERSON, **told.differing)  # type: ignore[arg-type]
    assert Claim.objects.get(pk=claim.pk).total == 123_456


def test_the_missing_half_is_filled() -> None:
    claim = a_draft()
    drafting.save(claim, PERSON, total=123_400)
    told = read(claim)
    assert set(told.filled) == {"invoice", "on"}
    assert told.differing == {"total": 123_456}


def test_an_invoice_that_is_held_fills_nothing() -> None:
    world = an_unfiled_world()
    start(world, "0012345678")
    stranger = World(a_coverage(2), world.provider)
    for someone, refusal in ((world, errors.OwnInvoice), (stranger, InvoiceUsed)):
        claim = a_draft(someone)
        with pytest.raises(refusal):
            read(claim, actor=person_of(someone.coverage))
        assert Claim.objects.get(pk=claim.pk).total is None
    assert not Event.objects.filter(action="claims:read-invoice").exists()


def test_what_cannot_be_is_not_filled_in() -> None:
    claim = a_draft()
    for upload, refusal in (
        (an_xml(day="20990101"), errors.FutureService),
        (an_xml(total="0.00"), errors.BadTotal),
        (an_xml(number="9" * 21), errors.BadInvoice),
        (io.BytesIO(a_photo()), InvoiceCodeMissing),
    ):
        with pytest.raises(refusal):
            read(claim, upload)
    assert Claim.objects.get(pk=claim.pk).invoice == ""


def test_a_photo_is_kept_among_the_papers_even_where_nothing_can_be_read() -> None:
    claim = a_draft()
    for _ in range(2):
        with pytest.raises(InvoiceCodeMissing):
            read_invoice(claim, io.BytesIO(a_photo()), "票据.jpg", PERSON, keep=True)
    [paper] = papers_of(claim.number)
    assert (paper.material, paper.name) == ("invoice", "票据.jpg")


def test_an_xml_file_is_read_but_is_no_paper() -> None:
    claim = a_draft()
    assert read_invoice(claim, an_xml(), "票据.xml", PERSON, keep=True).filled
    assert not papers_of(claim.number).exists()


def test_it_is_read_for_whom_it_may_be_and_while_it_may_change() -> None:
    with pytest.raises(errors.Closed):
        read(a_claim(State.SUBMITTED))
    claim = a_draft(World(a_coverage(2), Claim.objects.get().provider))  # type: ignore[arg-type]
    with pytest.raises(OfAnother):
        read(claim, actor=Actor(ActorKind.PERSON, "36010000000000000009"))
