"""What somebody who files fills in and hands in, when that may change, and what a commitment letter promises."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.accounts.factories import CLERK, PERSON
from tests.casework.factories import ACTORS, at_the_window, let
from tests.evidence.factories import a_png, papers_shown
from tests.filing.factories import DAY, SHANGHAI, a_filing, filed
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.policy.factories import book_of, pack
from yidi.accounts.actors import Actor
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.consents.errors import WindowConsentMissing
from yidi.evidence.errors import NotOfThisCase
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of, papers_of
from yidi.filing import queries, services
from yidi.filing.errors import AlreadyFiled, ClosedToChanges, EndsBeforeStart, NotNeeded
from yidi.filing.models import Filing
from yidi.filing.states import State
from yidi.people.models import Coverage
from yidi.values.errors import BadValue
from yidi.values.terms import FilingKind, Material

pytestmark = pytest.mark.django_db

RESIDENT = FilingKind.LONG_TERM_RESIDENT
Act = Callable[[Filing, Actor], object]


def add(case: Filing, actor: Actor, material: Material = Material.ID_CARD) -> Paper:
    return services.add_paper(case, material, io.BytesIO(a_png()), "照片.png", actor)


CHANGES: dict[str, Act] = {
    "save": lambda case, actor: services.save(case, actor, note="加急"),
    "add": add,
    "show": lambda case, actor: services.show(case, Material.ID_CARD, "身份证原件", actor),
    "remove": lambda case, actor: services.remove(case, papers_of(case.number)[0], actor),
}
TABLE = """
                save  add  show  remove
draft             +    +     +      +
submitted         .    .     .      .
more-evidence     +    +     +      +
active            .    .     .      .
rejected          +    +     +      +
withdrawn         .    .     .      .
cancelled         .    .     .      .
replaced          .    .     .      .
expired           .    .     .      .
"""
WHO = """
                    save  add  show  remove
person                +    +     .      +
other                 .    .     .      .
relative              .    .     .      .
relative-consented    +    +     .      +
window                .    .     .      .
window-consented      +    +     +      +
reviewer              .    .     .      .
supervisor            .    .     .      .
other-region          .    .     .      .
institution           .    .     .      .
system                .    .     .      .
"""


def kept(case: Filing) -> tuple[object, ...]:
    """Everything that a change could touch."""
    papers = Paper.objects.order_by("pk").values_list("pk", "material", "removed_at")
    return (Filing.objects.values().get(pk=case.pk), list(papers))


@pytest.mark.parametrize(("state", "change", "allowed"), list(cells(TABLE)))
def test_when_a_filing_may_change(state: str, change: str, allowed: bool) -> None:
    case = a_filing(State(state))
    actor = at_the_window(case.coverage) if change == "show" else PERSON
    before = kept(case)
    if allowed:
        CHANGES[change](case, actor)
        assert kept(case) != before
        assert Event.objects.filter(subject=case.number, actor=actor.name).count() == 1
        return
    with pytest.raises(ClosedToChanges, match=f"备案 {case.number} 现为“{State(state).zh}”，不能再修改"):
        CHANGES[change](case, actor)
    assert kept(case) == before
    assert not Event.objects.exists()


@pytest.mark.parametrize(("name", "change", "allowed"), list(cells(WHO)))
def test_who_may_change_it(name: str, change: str, allowed: bool) -> None:
    case = a_filing(State.DRAFT)
    before = kept(case)
    actor = let(name, case.coverage.person)
    if allowed:
        CHANGES[change](case, actor)
        assert (Event.objects.get().actor, Event.objects.get().principal) == (actor.name, actor.principal)
        return
    with pytest.raises((NotAllowed, OutsideRegion, OfAnother, WindowConsentMissing)):
        CHANGES[change](case, actor)
    assert kept(case) == before
    assert not Event.objects.exists()


def test_the_tables_are_whole() -> None:
    assert {state for state, _, _ in cells(TABLE)} == {str(state) for state in State}
    assert {name for name, _, _ in cells(WHO)} == set(ACTORS)


@pytest.mark.parametrize("name", sorted(ACTORS))
def test_who_may_begin(name: str) -> None:
    coverage = a_coverage()
    actor = let(name, coverage.person)
    if name in ("person", "relative-consented", "window-consented"):
        assert services.draft(coverage, RESIDENT, SHANGHAI, DAY, actor).state == State.DRAFT
        return
    with pytest.raises((NotAllowed, OutsideRegion, OfAnother, WindowConsentMissing)):
        services.draft(coverage, RESIDENT, SHANGHAI, DAY, actor)
    assert not Filing.objects.exists()


def begun(coverage: Coverage | None = None) -> Filing:
    return services.draft(
        coverage or a_coverage(), RESIDENT, "310115", DAY, PERSON, phone="138 0013 8000", address="浦东新区"
    )


def test_a_draft_is_saved_step_by_step() -> None:
    case = begun()
    services.save(case, PERSON, kind=FilingKind.REFERRAL, ends=date(2025, 9, 1))
    services.save(case, PERSON, care_region="440305", note="转诊")
    saved = Filing.objects.get(pk=case.pk)
    assert (saved.kind, saved.care_region, saved.ends, saved.note) == (
        "referral",
        "440300",
        date(2025, 9, 1),
        "转诊",
    )
    assert (saved.phone, saved.address, case.care_region) == ("13800138000", "浦东新区", "440300")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"care_region": "360100"}, NotNeeded),
        ({"care_region": "360700"}, NotNeeded),
        ({"kind": FilingKind.EMERGENCY}, NotNeeded),
        ({"ends": date(2025, 6, 1)}, EndsBeforeStart),
        ({"phone": "12"}, BadValue),
        ({"care_region": "440300"}, AlreadyFiled),
        ({"state": "active"}, TypeError),
    ],
)
def test_what_a_draft_cannot_become(changes: dict[str, object], refusal: type[Exception]) -> None:
    case = begun()
    a_filing(coverage=case.coverage, care_region="440300")
    before = kept(case)
    with pytest.raises(refusal):
        services.save(case, PERSON, **changes)
    assert kept(case) == before


def test_exempt_regions_need_no_filing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a metropolitan circle whose cities settle each other's visits without one (fact N-311)."""
    stated = "exempt: [{between: [360100, 310000]}]"
    made_up = book_of(tmp_path, city=pack(stated, benefit="filing"))
    monkeypatch.setattr("yidi.filing.services.book", lambda: made_up)
    with pytest.raises(NotNeeded, match="两地之间免备案"):
        begun()


def test_phone_and_address_are_sealed_at_rest() -> None:
    begun()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address FROM filing_filing")
        phone, address = map(bytes, cursor.fetchone())
    assert b"13800138000" not in phone
    assert "浦东".encode() not in address


def test_a_paper_of_another_filing_is_not_removed() -> None:
    papers_shown("F0000009999", a_coverage(2).person, [Material.ID_CARD])
    case = a_filing(State.DRAFT)
    with pytest.raises(NotOfThisCase, match=case.number):
        services.remove(case, papers_of("F0000009999")[0], PERSON)


# commitment letters (fact N-208)


@pytest.fixture
def committed() -> Filing:
    """A filing in effect on the strength of a commitment letter."""
    papers = (Material.ID_CARD, Material.JIANGXI_FILING_FORM, Material.COMMITMENT)
    return filed(a_coverage(), RESIDENT, SHANGHAI, DAY, papers)


def test_what_was_promised_is_supplied_later(committed: Filing) -> None:
    assert committed.state == State.ACTIVE
    assert queries.promised(committed) == ((Material.RESIDENCE_PROOF,),)
    add(committed, PERSON, Material.RESIDENCE_PROOF)
    assert queries.promised(committed) == ()
    assert Material.RESIDENCE_PROOF in materials_of(committed.number)


@pytest.mark.parametrize("material", [Material.ID_CARD, Material.COMMITMENT])
def test_nothing_else_is_taken_once_it_is_in_effect(committed: Filing, material: Material) -> None:
    with pytest.raises(ClosedToChanges):
        add(committed, PERSON, material)
    with pytest.raises(ClosedToChanges):
        services.remove(committed, papers_of(committed.number)[0], PERSON)


def test_without_a_letter_nothing_is_promised() -> None:
    assert queries.promised(a_filing()) == ()
    assert queries.promised(a_filing(State.DRAFT, a_coverage(2))) == ()


def test_what_a_clerk_asked_more_about_a_clerk_decides() -> None:
    """Even where the pool lets filings take effect at once."""
    case = a_filing(State.SUBMITTED)
    services.ask_for_more(case, "请补居住证", CLERK)
    add(case, PERSON, Material.RESIDENCE_PROOF)
    services.submit(case, PERSON)
    assert Filing.objects.get(pk=case.pk).state == State.SUBMITTED
    services.approve(case, CLERK)
    assert Filing.objects.get(pk=case.pk).state == State.ACTIVE
