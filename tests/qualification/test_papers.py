"""What an applicant fills in and hands in, and when that may change."""

import io
from collections.abc import Callable

import pytest
from django.db import connection

from tests.accounts.factories import PERSON
from tests.casework.factories import ACTORS, at_the_window, let
from tests.evidence.factories import a_png, papers_shown
from tests.matrix import cells
from tests.people.factories import a_coverage
from tests.qualification.factories import DAY, EVIDENCE, a_qualification
from yidi.accounts.actors import Actor, ActorKind
from yidi.accounts.errors import NotAllowed, OfAnother, OutsideRegion
from yidi.audit.models import Event
from yidi.consents.errors import WindowConsentMissing
from yidi.evidence.errors import FileEmpty, NotOfThisCase
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of, papers_of
from yidi.evidence.services import content
from yidi.qualification import queries, services
from yidi.qualification.errors import ClosedToChanges, FieldsMissing
from yidi.qualification.models import Qualification
from yidi.qualification.states import State
from yidi.values.errors import BadValue
from yidi.values.materials import missing
from yidi.values.terms import CaseField, Material

pytestmark = pytest.mark.django_db

Act = Callable[[Qualification, Actor], object]
ZHENGZHOU = "410100"

CHANGES: dict[str, Act] = {
    "save": lambda case, actor: services.save(case, actor, note="加急"),
    "add": lambda case, actor: services.add_evidence(case, Material.DIAGNOSIS, a_file(), "诊断.png", actor),
    "show": lambda case, actor: services.show_evidence(case, Material.DIAGNOSIS, "新的诊断书", actor),
    "remove": lambda case, actor: services.remove_evidence(case, papers_of(case.number)[0], actor),
}
TABLE = """
                save  add  show  remove
draft             +    +     +      +
submitted         .    .     .      .
more-evidence     +    +     +      +
under-review      .    .     .      .
approved          .    .     .      .
rejected          +    +     +      +
withdrawn         .    .     .      .
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


def a_file(content: bytes = b"") -> io.BytesIO:
    return io.BytesIO(content or a_png())


def kept(case: Qualification) -> tuple[object, ...]:
    """Everything that a change could touch."""
    papers = Paper.objects.order_by("pk").values_list("pk", "material", "removed_at")
    return (Qualification.objects.values().get(pk=case.pk), list(papers))


@pytest.mark.parametrize(("state", "change", "allowed"), list(cells(TABLE)))
def test_when_an_application_may_change(state: str, change: str, allowed: bool) -> None:
    case = a_qualification(State(state))
    actor = at_the_window(case.coverage) if change == "show" else PERSON
    before = kept(case)
    if allowed:
        CHANGES[change](case, actor)
        assert kept(case) != before
        assert Event.objects.filter(subject=case.number, actor=actor.name).count() == 1
        return
    with pytest.raises(ClosedToChanges, match=f"认定 {case.number} 现为“{State(state).zh}”，不能再修改"):
        CHANGES[change](case, actor)
    assert kept(case) == before
    assert not Event.objects.exists()


@pytest.mark.parametrize(("name", "change", "allowed"), list(cells(WHO)))
def test_who_may_change_it(name: str, change: str, allowed: bool) -> None:
    case = a_qualification()
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


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_stale_copy_changes_nothing(change: str) -> None:
    case = a_qualification()
    stale = Qualification.objects.get(pk=case.pk)
    services.submit(case, PERSON)
    actor = at_the_window(case.coverage) if change == "show" else PERSON
    with pytest.raises(ClosedToChanges):
        CHANGES[change](stale, actor)


def test_a_file_is_kept_and_counts_as_its_material() -> None:
    case = services.apply(a_coverage(), "M03900", DAY, PERSON)
    paper = services.add_evidence(case, Material.DIAGNOSIS, a_file(), "诊断.png", PERSON)
    assert materials_of(case.number) == {Material.DIAGNOSIS}
    assert content(paper)
    services.remove_evidence(case, paper, PERSON)
    assert not materials_of(case.number)
    assert content(paper), "a removed paper stays for the trail"


def test_an_empty_file_is_refused_and_nothing_is_kept() -> None:
    case = a_qualification()
    with pytest.raises(FileEmpty):
        services.add_evidence(case, Material.DIAGNOSIS, io.BytesIO(), "诊断.png", PERSON)
    assert papers_of(case.number).count() == len(EVIDENCE)


def test_a_paper_of_another_case_is_not_removed() -> None:
    other = a_coverage(2)
    papers_shown("Q0000009999", other.person, [Material.DIAGNOSIS])
    case = a_qualification()
    with pytest.raises(NotOfThisCase, match=case.number):
        services.remove_evidence(case, papers_of("Q0000009999")[0], PERSON)
    assert materials_of("Q0000009999") == {Material.DIAGNOSIS}


def test_saving_writes_down_what_was_given_and_leaves_the_rest() -> None:
    case = a_qualification()
    services.save(case, PERSON, hospital=" 南昌大学第一附属医院 ", phone="138 0013 8000")
    services.save(case, PERSON, record_number="B20250001", note="")
    saved = Qualification.objects.get(pk=case.pk)
    assert (saved.hospital, saved.record_number) == ("南昌大学第一附属医院", "B20250001")
    assert (saved.phone, saved.note) == ("13800138000", "")


def test_a_phone_is_sealed_at_rest_and_refused_without_being_told() -> None:
    case = a_qualification()
    services.save(case, PERSON, phone="13800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM qualification_qualification")
        assert b"13800138000" not in bytes(cursor.fetchone()[0])
    with pytest.raises(BadValue) as refused:
        services.save(case, PERSON, phone="23800138000")
    assert "23800138000" not in str(refused.value)
    assert not any("1380" in event.reason for event in Event.objects.all())


def test_a_pool_that_asks_for_more_gets_it() -> None:
    """Henan asks for the hospital, the record's number and a phone (fact D-403)."""
    coverage = a_coverage(pool=ZHENGZHOU)
    actor = Actor(ActorKind.PERSON, coverage.person.number)
    case = services.apply(coverage, "M03900", DAY, actor)
    rule = services.requirements(coverage, "M03900", DAY)
    papers_shown(case.number, coverage.person, [group[0] for group in missing(rule.evidence, ())])
    asked = queries.asked_of(case, DAY)
    assert (asked.materials, asked.fields) == ((), tuple(CaseField))
    with pytest.raises(FieldsMissing, match="还缺内容：享受待遇的医院、病案号、手机号。"):
        services.submit(case, actor)
    services.save(case, actor, hospital="郑州人民医院", record_number="1", phone="13800138000")
    assert not queries.asked_of(case, DAY)
    services.submit(case, actor)
    assert case.state == State.SUBMITTED
