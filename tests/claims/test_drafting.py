"""A claim written down step by step: nothing saved is lost, and whatever is wrong is refused at once."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from tests.accounts.factories import CLERK, FOREIGN_CLERK, HOSPITAL, PERSON, SUPERVISOR
from tests.claims.factories import (
    ACCOUNT,
    BANK,
    a_claim,
    a_draft,
    an_unfiled_world,
    at_the_window,
    person_of,
    show,
    start,
)
from tests.consents.factories import a_consent, as_self
from tests.people.factories import a_coverage, a_person
from tests.qualification.factories import a_qualification
from tests.settlement.factories import (
    CHRONIC,
    DAY,
    GENERAL,
    HYPERTENSION,
    PLAIN,
    SHARED,
    World,
    a_hospital,
    a_line,
)
from yidi.accounts.actors import SYSTEM, Actor
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.benefit.errors import AmountMismatch
from yidi.benefit.split import FeeLine
from yidi.claims import drafting, errors, queries, services
from yidi.claims.models import Claim, ClaimLine
from yidi.claims.states import PAPERS_TAKEN, WRITABLE, State
from yidi.claims.terms import Detail
from yidi.consents.errors import WindowConsentMissing
from yidi.evidence.errors import NotOfThisCase, TypeUnknown
from yidi.evidence.queries import materials_of, papers_of
from yidi.ledger.errors import InvoiceUsed
from yidi.ledger.models import Invoice
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage
from yidi.qualification.errors import NotQualified
from yidi.qualification.states import State as QualificationState
from yidi.reference.errors import UnknownDisease, UnknownRegion
from yidi.values.errors import Refusal
from yidi.values.money import FEN
from yidi.values.terms import Benefit, Material, Scheme, Standing

pytestmark = pytest.mark.django_db


def kept(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def amounts(claim: Claim) -> list[tuple[str, int]]:
    return [(line.serial, line.amount) for line in queries.lines_of(claim)]


# step by step


def test_a_claim_grows_by_one_fact_at_a_time_and_says_what_it_lacks() -> None:
    world = an_unfiled_world()
    claim = a_draft(world)
    steps: list[tuple[dict[str, Any], set[Detail]]] = [
        ({}, set(Detail) - {Detail.DISEASE}),
        ({"provider": world.provider}, {Detail.PROVIDER}),
        ({"on": DAY}, {Detail.DAY}),
        ({"benefit": CHRONIC}, {Detail.BENEFIT}),
        ({"benefit": GENERAL}, set()),
        ({"invoice": " ab 12 "}, {Detail.INVOICE}),
        ({"total": 100_000}, {Detail.TOTAL}),
        ({"account_bank": " 示例银行 "}, set()),
        ({"account_number": "6217 0000 1234 5678"}, {Detail.ACCOUNT}),
    ]
    lacking = steps[0][1]
    for given, done in steps[1:]:
        drafting.save(claim, PERSON, **given)
        lacking = lacking - done
        chronic = {Detail.DISEASE} if kept(claim).benefit == CHRONIC else set()
        assert set(queries.missing_details(kept(claim))) == lacking | chronic
    assert queries.asked_of_applicant(claim).details == (Detail.LINES,)
    drafting.replace_lines(claim, [a_line(PLAIN, "1000.00")], PERSON)
    assert queries.missing_details(claim) == ()
    assert (claim.invoice, Invoice.objects.get().number) == ("ab 12", "AB12")
    said = Event.objects.filter(action="claims:save").order_by("pk").values_list("reason", flat=True)
    assert list(said) == [
        "医疗机构",
        "就诊日期",
        "就诊类别",
        "就诊类别",
        "票据号",
        "票据总金额",
        "开户银行",
        "收款账号",
    ]
    assert (claim.account_bank, claim.masked_account) == ("示例银行", "示例银行 ************5678")


class TestBeginning:
    def test_the_coverage_is_that_of_the_day(self) -> None:
        now = a_coverage()
        earlier = Coverage.objects.create(
            person=now.person,
            pool="360200",
            scheme=str(Scheme.RESIDENT),
            standing=str(Standing.SENIOR),
            starts=date(2018, 1, 1),
            ends=date(2019, 12, 31),
        )
        assert drafting.begin(now.person, PERSON, earlier.starts, GENERAL).coverage == earlier
        assert drafting.begin(now.person, PERSON, DAY, GENERAL).coverage == now

    def test_sent_twice_it_is_begun_once(self) -> None:
        person = a_coverage().person
        first = drafting.begin(person, PERSON, DAY, GENERAL)
        assert drafting.begin(person, PERSON, DAY, GENERAL) == first
        assert drafting.begin(person, PERSON, DAY, GENERAL, emergency=True) != first
        drafting.save(first, PERSON, total=100)
        assert drafting.begin(person, PERSON, DAY, GENERAL) != first

    @pytest.mark.parametrize("goes_on", ["lines", "papers"])
    def test_one_that_was_gone_on_with_is_another_visit(self, goes_on: str) -> None:
        person = a_coverage().person
        first = drafting.begin(person, PERSON, DAY, GENERAL)
        if goes_on == "lines":
            drafting.replace_lines(first, [a_line(PLAIN, "1.00")], PERSON)
        else:
            show(first, [Material.INVOICE])
        assert drafting.begin(person, PERSON, DAY, GENERAL) != first

    def test_refused_before_anything_is_written(self) -> None:
        coverage = a_coverage()
        for on, benefit, disease, refusal in (
            (timezone.localdate() + timedelta(days=1), GENERAL, "", errors.FutureService),
            (date(2017, 12, 31), GENERAL, "", NotInsured),
            (DAY, CHRONIC, HYPERTENSION, NotQualified),
        ):
            with pytest.raises(refusal):
                drafting.begin(coverage.person, PERSON, on, benefit, disease)
        with pytest.raises(OfAnother):
            drafting.begin(coverage.person, person_of(a_coverage(2)), DAY, GENERAL)
        assert not Claim.objects.exists()


class TestEditingSomeLines:
    """What a page of the bill showed is written in its place."""

    ONE, TWO, THREE, NEW = (a_line(PLAIN, price) for price in ("1.00", "2.00", "3.00", "9.00"))

    def a_bill(self) -> tuple[Claim, str]:
        claim = a_draft()
        drafting.replace_lines(claim, [self.ONE, self.TWO, self.THREE], PERSON)
        return claim, drafting.digest_of(queries.lines_of(claim))

    @pytest.mark.parametrize(
        ("among", "lines", "amounts_now"),
        [
            (slice(0, 3), [ONE, NEW, THREE], [100, 900, 300]),
            (slice(1, 2), [NEW, NEW], [100, 900, 900, 300]),
            (slice(3, 3), [NEW], [100, 200, 300, 900]),
            (slice(0, 2), [], [300]),
        ],
    )
    def test_the_others_stay(self, among: slice, lines: list[FeeLine], amounts_now: list[int]) -> None:
        claim, seen = self.a_bill()
        drafting.edit_lines(claim, among, lines, seen, PERSON)
        assert [amount for _, amount in amounts(claim)] == amounts_now

    def test_sent_twice_it_is_written_once(self) -> None:
        claim, seen = self.a_bill()
        for _ in range(2):
            now = drafting.edit_lines(claim, slice(2, 3), [self.NEW, self.NEW], seen, PERSON)
            assert [line.amount for line in now] == [100, 200, 900, 900]
        assert [amount for _, amount in amounts(claim)] == [100, 200, 900, 900]
        assert Event.objects.filter(action="claims:lines").count() == 2

    @pytest.mark.parametrize("lines", [[NEW], []], ids=["changing", "removing"])
    def test_what_was_written_elsewhere_is_not_lost(self, lines: list[FeeLine]) -> None:
        claim, seen = self.a_bill()
        drafting.add_lines(claim, [self.NEW], PERSON)
        with pytest.raises(errors.LinesChanged, match="刚才在别处改过"):
            drafting.edit_lines(claim, slice(0, 3), lines, seen, PERSON)
        assert [amount for _, amount in amounts(claim)] == [100, 200, 300, 900]

    def test_only_while_it_may_be_written(self) -> None:
        claim = a_claim(State.SUBMITTED)
        with pytest.raises(errors.Closed):
            drafting.edit_lines(claim, slice(0, 1), [], "", PERSON)


@pytest.mark.parametrize(
    ("given", "why"),
    [({"account_number": "62170000123"}, "12 至 30 位数字"), ({"account_bank": "行" * 61}, "开户银行")],
)
def test_what_is_no_account_is_not_saved(given: dict[str, Any], why: str) -> None:
    claim = start(an_unfiled_world())
    with pytest.raises(Refusal, match=why):
        drafting.save(claim, PERSON, **given)
    assert kept(claim).account_number == ACCOUNT


def test_the_number_of_the_account_is_not_in_the_table_as_it_is() -> None:
    claim = start(an_unfiled_world())
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_number FROM claims_claim WHERE id = %s", [claim.pk])
        (stored,) = cursor.fetchone()
    assert ACCOUNT.encode() not in bytes(stored)


def test_a_claim_from_before_accounts_were_asked_for_is_answered_with_one() -> None:
    claim = a_claim(State.MORE_EVIDENCE)
    Claim.objects.update(account_bank="", account_number=None)
    claim.refresh_from_db()
    drafting.save(claim, PERSON, emergency=True)
    with pytest.raises(errors.Incomplete, match="收款账户"):
        services.submit(claim, PERSON)
    drafting.save(claim, PERSON, account_bank=BANK, account_number=ACCOUNT)
    services.submit(claim, PERSON)
    assert claim.state == State.SUBMITTED


def test_what_is_saved_can_be_taken_back() -> None:
    claim = start(an_unfiled_world())
    drafting.save(
        claim,
        PERSON,
        provider=None,
        on=None,
        benefit=None,
        invoice="",
        total=None,
        account_bank="",
        account_number="",
    )
    drafting.replace_lines(claim, [], PERSON)
    assert set(queries.missing_details(kept(claim))) == set(Detail) - {Detail.DISEASE}
    assert not Invoice.objects.exists()
    with pytest.raises(errors.Incomplete):
        services.submit(claim, PERSON)


def test_a_provider_is_chosen_from_the_register_or_described() -> None:
    world = an_unfiled_world()
    claim = a_draft(world)
    drafting.save(claim, PERSON, provider_name=" 某县医院 ")
    assert Detail.PROVIDER in queries.missing_details(claim), "nobody knows where it is"
    drafting.save(claim, PERSON, care_region="310106")
    assert Detail.PROVIDER not in queries.missing_details(claim)
    assert (claim.where, claim.place) == ("某县医院", "310106")
    drafting.save(claim, PERSON, provider=world.provider)
    assert (kept(claim).provider_name, kept(claim).care_region) == ("", "")
    assert (claim.where, claim.place) == (world.provider.name, world.provider.region)
    drafting.save(claim, PERSON, provider_name="另一家", care_region="360102")
    assert (kept(claim).provider, claim.where, claim.place) == (None, "另一家", "360102")


def test_a_disease_goes_with_its_benefit() -> None:
    claim = a_draft()
    a_qualification(QualificationState.APPROVED, claim.coverage, starts=DAY)
    drafting.save(claim, PERSON, benefit=CHRONIC, disease=HYPERTENSION, on=DAY)
    drafting.save(claim, PERSON, benefit=GENERAL)
    assert kept(claim).disease == ""


def refused_facts() -> list[tuple[dict[str, Any], type[Exception]]]:
    future = timezone.localdate() + timedelta(days=2)  # still to come when the run goes on past midnight
    return [
        ({"on": future}, errors.FutureService),
        ({"on": date(2019, 12, 31)}, NotInsured),
        ({"benefit": CHRONIC, "disease": HYPERTENSION, "on": DAY}, NotQualified),
        ({"benefit": CHRONIC, "disease": "M99999", "on": DAY}, UnknownDisease),
        ({"benefit": CHRONIC, "disease": "高血压病，三级，很高危", "on": None}, UnknownDisease),
        ({"disease": HYPERTENSION}, errors.DiseaseAside),
        ({"care_region": "999999"}, UnknownRegion),
        ({"provider_name": "院" * 101}, errors.TextTooLong),
        ({"invoice": "9" * 21}, errors.BadInvoice),
        ({"total": 0}, errors.BadTotal),
        ({"total": -1}, errors.BadTotal),
        ({"total": drafting.MOST * FEN}, errors.BadTotal),
    ]


@pytest.mark.parametrize(("given", "refusal"), refused_facts(), ids=lambda value: str(value)[:60])
def test_a_wrong_fact_is_refused_and_nothing_of_it_is_written(
    given: dict[str, Any], refusal: type[Exception]
) -> None:
    claim = start(an_unfiled_world())
    before, events = Claim.objects.values().get(), Event.objects.count()
    with pytest.raises(refusal):
        drafting.save(claim, PERSON, emergency=True, **given)
    assert Claim.objects.values().get() == before
    assert Event.objects.count() == events
    assert claim.emergency is False, "the caller's copy is as it was"
    assert Invoice.objects.get().number == "0001"


def test_the_largest_total_is_kept() -> None:
    claim = a_draft()
    drafting.save(claim, PERSON, total=drafting.MOST * FEN - 1)
    assert kept(claim).total == drafting.MOST * FEN - 1


def test_a_bill_of_another_coverage_moves_the_draft_there() -> None:
    """Retired this year; the bill is from when the person still worked."""
    world = an_unfiled_world()
    earlier = Coverage.objects.create(
        person=world.coverage.person,
        pool="360200",
        scheme=str(Scheme.EMPLOYEE),
        standing=str(Standing.ACTIVE),
        starts=date(2015, 1, 1),
        ends=date(2019, 12, 31),
    )
    claim = a_draft(world)
    drafting.save(claim, PERSON, on=date(2019, 6, 1))
    assert kept(claim).coverage == claim.coverage == earlier
    drafting.save(claim, PERSON, on=DAY)
    assert kept(claim).coverage == world.coverage
    asked = a_claim(State.MORE_EVIDENCE, world)
    with pytest.raises(NotInsured):
        drafting.save(asked, PERSON, on=date(2019, 6, 1))


# invoices


def test_another_invoice_lets_the_first_one_go() -> None:
    world = an_unfiled_world()
    claim = start(world, "0001")
    drafting.save(claim, PERSON, invoice="0002")
    assert list(Invoice.objects.values_list("number", flat=True)) == ["0002"]
    assert start(world, "0001").invoice == "0001"


def test_an_invoice_that_is_refused_leaves_the_first_one_held() -> None:
    world = an_unfiled_world()
    first, second = start(world, "0001"), start(world, "0002")
    with pytest.raises(errors.OwnInvoice, match=first.number):
        drafting.save(second, PERSON, invoice="0001")
    assert (second.invoice, kept(second).invoice) == ("0002", "0002")
    assert Invoice.objects.get(number="0002").subject == second.number


def test_the_same_invoice_may_be_saved_again() -> None:
    claim = start(an_unfiled_world(), "0001")
    drafting.save(claim, PERSON, invoice="00 01")
    assert Invoice.objects.get().subject == claim.number


def test_a_relative_does_not_learn_of_others_claims() -> None:
    """What the helper claims for themself is theirs; what they enter for the parent is the parent's."""
    world = an_unfiled_world()
    child = a_coverage(2).person
    a_consent(world.coverage.person, child)
    own = start(World(child.coverages.get(), world.provider), "0001")
    claim = a_draft(world)
    with pytest.raises(InvoiceUsed) as refused:
        drafting.save(claim, as_self(child, world.coverage.person.number), invoice="0001")
    assert own.number not in refused.value.message


# lines


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "没有项目名称"),
        ({"name": "药" * 201}, "项目名称超过"),
        ({"code": "X" * 51}, "编码超过"),
        ({"quantity": 0, "amount": 0}, "数量应大于 0"),
        ({"quantity": -10_000, "amount": -1000}, "数量应大于 0"),
        ({"price_micro": -1, "amount": 0}, "单价和金额不能为负数"),
        ({"quantity": drafting.MOST * 10_000, "price_micro": 0, "amount": 0}, "数字过大"),
    ],
)
def test_a_wrong_line_is_named(change: dict[str, Any], told: str) -> None:
    claim = start(an_unfiled_world())
    good = {
        "serial": "",
        "code": "A1",
        "name": "药",
        "quantity": 10_000,
        "price_micro": 10_000_000,
        "amount": 1_000,
    }
    with pytest.raises(errors.BadLine, match=f"第 2 行不能录入：{told}"):
        drafting.add_lines(claim, [FeeLine(**{**good, **change})], PERSON)
    assert amounts(claim) == [("1", 100_000)]


def test_lines_are_added_removed_and_numbered() -> None:
    claim = start(an_unfiled_world(), lines=[a_line(PLAIN, "1.00"), a_line(PLAIN, "2.00")])
    drafting.add_lines(claim, [a_line(SHARED, "3.00"), a_line(SHARED, "4.00")], PERSON)
    drafting.remove_line(claim, 2, PERSON)
    drafting.remove_line(claim, 9, PERSON)
    assert amounts(claim) == [("1", 100), ("2", 300), ("3", 400)]
    assert claim.edition == 1
    assert ClaimLine.objects.count() == 3, "a draft keeps no editions"
    with pytest.raises(AmountMismatch):
        drafting.add_lines(claim, [a_line(PLAIN, "1.00", amount=101)], PERSON)


def test_a_bill_has_an_end() -> None:
    claim = a_draft()
    lines = [a_line(PLAIN, "1.00")] * drafting.MOST_LINES
    drafting.replace_lines(claim, lines, PERSON)
    with pytest.raises(errors.TooManyLines):
        drafting.add_lines(claim, lines[:1], PERSON)


def test_lines_that_do_not_come_to_the_total_are_not_handed_in() -> None:
    claim = start(an_unfiled_world(), lines=[a_line(PLAIN, "10.00")])
    drafting.save(claim, PERSON, total=1_001)
    with pytest.raises(errors.TotalMismatch, match=r"明细合计 10\.00 元，与票据总金额 10\.01 元不一致"):
        services.submit(claim, PERSON)


def test_what_was_handed_in_stays_on_record_when_lines_change() -> None:
    claim = a_claim(State.MORE_EVIDENCE)
    stale = kept(claim)
    drafting.replace_lines(claim, [a_line(PLAIN, "400.00"), a_line(PLAIN, "600.00")], PERSON)
    drafting.add_lines(stale, [a_line(PLAIN, "1.00")], PERSON)
    assert (claim.edition, stale.edition, kept(claim).edition) == (2, 3, 3)
    assert [line.amount for line in queries.lines_of(stale, 1)] == [100_000]
    assert amounts(stale) == [("1", 40_000), ("2", 60_000), ("3", 100)]
    drafting.save(claim, PERSON, total=100_100)
    services.submit(claim, PERSON)
    assert services.assess(claim, CLERK).total == 100_100


def test_what_was_handed_in_may_not_lose_anything() -> None:
    claim = a_claim(State.MORE_EVIDENCE)
    for change in ({"on": None}, {"invoice": ""}, {"total": None}, {"benefit": None}, {"provider": None}):
        with pytest.raises(errors.Incomplete):
            drafting.save(claim, PERSON, **change)  # type: ignore[arg-type]
    with pytest.raises(errors.Incomplete, match="费用明细"):
        drafting.replace_lines(claim, [], PERSON)
    assert (kept(claim).invoice, kept(claim).edition, amounts(kept(claim))) == ("0001", 1, [("1", 100_000)])


# papers


def a_photo() -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, "JPEG")
    written.seek(0)
    return written


def test_papers_are_handed_in_and_removed() -> None:
    claim = a_draft()
    paper = drafting.add_paper(claim, Material.INVOICE, a_photo(), "票据.jpg", PERSON)
    assert materials_of(claim.number) == {Material.INVOICE}
    with pytest.raises(TypeUnknown):
        drafting.add_paper(claim, Material.FEE_LIST, io.BytesIO(b"hello"), "清单.txt", PERSON)
    other = a_draft(World(a_coverage(2), a_hospital(2)))
    with pytest.raises(NotOfThisCase):
        drafting.remove_paper(other, paper, person_of(other.coverage))
    drafting.remove_paper(claim, paper, PERSON)
    assert not papers_of(claim.number).exists()


def test_only_a_window_notes_a_paper_that_was_shown() -> None:
    claim = a_draft()
    with pytest.raises(NotAllowed):
        drafting.show_paper(claim, Material.INVOICE, "原件", PERSON)
    window = at_the_window(claim.coverage)
    drafting.show_paper(claim, Material.INVOICE, "票据原件", window)
    event = Event.objects.get(action="evidence:show")
    assert (event.actor, event.principal) == (window.name, claim.coverage.person.number)


# who, and when

Act = Callable[[Claim, Actor], object]
ACTS: dict[str, Act] = {
    "save": lambda claim, actor: drafting.save(claim, actor, emergency=True),
    "replace": lambda claim, actor: drafting.replace_lines(claim, [a_line(PLAIN, "1000.00")], actor),
    "add": lambda claim, actor: drafting.add_lines(claim, [], actor),
    "remove": lambda claim, actor: drafting.remove_line(claim, 9, actor),
    "paper": lambda claim, actor: drafting.add_paper(claim, Material.INVOICE, a_photo(), "a.jpg", actor),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", ACTS)
def test_a_claim_is_changed_while_it_is_the_persons_turn(act: str, state: State) -> None:
    claim = a_claim(state)
    may = state in (PAPERS_TAKEN if act == "paper" else WRITABLE)
    before = Event.objects.count()
    if may:
        ACTS[act](claim, PERSON)
        assert Event.objects.count() == before + 1
        return
    with pytest.raises(errors.Closed, match=f"{claim.number} 现为“{state.zh}”，不能再修改"):
        ACTS[act](claim, PERSON)
    assert Event.objects.count() == before


ACTS_OF_A_PERSON: dict[str, tuple[State, Act]] = {
    **{name: (State.DRAFT, act) for name, act in ACTS.items()},
    "start": (State.DRAFT, lambda claim, actor: drafting.start(claim.coverage, actor)),
    "submit": (State.DRAFT, services.submit),
    "withdraw": (State.DRAFT, services.withdraw),
    "appeal": (State.REJECTED, lambda claim, actor: services.appeal(claim, "票据清楚", actor)),
}


@pytest.mark.parametrize("act", ACTS_OF_A_PERSON)
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("stranger", OfAnother),
        ("relative without consent", OfAnother),
        ("reviewer", NotAllowed),
        ("clerk of elsewhere", OutsideRegion),
        ("window without consent", WindowConsentMissing),
        ("hospital", NotAllowed),
        ("system", NotAllowed),
    ],
)
def test_nobody_else_acts_for_a_person(act: str, who: str, refusal: type[Exception]) -> None:
    state, do = ACTS_OF_A_PERSON[act]
    claim = a_claim(state)
    number = claim.coverage.person.number
    actor = {
        "stranger": lambda: as_self(a_person(2)),
        "relative without consent": lambda: as_self(a_person(2), number),
        "reviewer": lambda: SUPERVISOR,
        "clerk of elsewhere": lambda: FOREIGN_CLERK,
        "window without consent": lambda: CLERK,
        "hospital": lambda: HOSPITAL,
        "system": lambda: SYSTEM,
    }[who]()
    before = Event.objects.count()
    with pytest.raises(refusal):
        do(claim, actor)
    assert Event.objects.count() == before
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("act", ACTS_OF_A_PERSON)
@pytest.mark.parametrize("who", ["person", "relative", "window"])
def test_those_who_may_apply_leave_their_names(act: str, who: str) -> None:
    state, do = ACTS_OF_A_PERSON[act]
    claim = a_claim(state)
    person = claim.coverage.person
    actor = PERSON
    if who == "relative":
        a_consent(person, a_person(2))
        actor = as_self(a_person(2), person.number)
    if who == "window":
        actor = at_the_window(claim.coverage)
    do(claim, actor)
    last = Event.objects.latest("pk")
    assert (last.actor, last.principal) == (actor.name, "" if who == "person" else person.number)


def test_two_benefits_of_a_claim_are_those_of_the_table() -> None:
    claim = a_draft()
    for benefit in Benefit:
        if benefit is not CHRONIC:
            drafting.save(claim, PERSON, benefit=benefit)
            assert kept(claim).benefit == benefit
