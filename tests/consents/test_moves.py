"""Who gives, accepts, declines and takes back a consent, in which state, and what the trail says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.accounts.factories import a_user
from tests.consents.factories import (
    CHILD,
    WINDOW,
    a_child,
    a_consent,
    a_parent,
    a_request,
    an_offer,
    as_self,
)
from tests.matrix import cells
from tests.people.factories import a_coverage, a_person
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import LockedOut, NoSignIn, NotAllowed, OfAnother, OutsideRegion
from yidi.accounts.models import User
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.consents import queries, services
from yidi.consents.errors import (
    CodeUnknown,
    DocumentNotShown,
    NameMissing,
    NotYourConsent,
    OneselfNot,
    OnlyInPerson,
    TooManyOffers,
    WindowConsentMissing,
)
from yidi.consents.models import Consent
from yidi.consents.states import TRANSITIONS
from yidi.consents.terms import Lasting, Relation, State
from yidi.notices.models import Message
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage, Person
from yidi.people.services import end_coverage
from yidi.values.errors import Refusal
from yidi.values.terms import Scheme, Standing
from yidi.values.transitions import IllegalMove

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
STATES = """
          accepted declined revoked
offered   +        +        +
accepted  .        .        +
declined  .        .        .
revoked   .        .        .
"""


@pytest.fixture
def parent() -> Person:
    return a_parent()


@pytest.fixture
def child() -> Person:
    return a_child()


@pytest.mark.parametrize(("state", "wanted", "allowed"), list(cells(STATES)))
def test_every_move(parent: Person, child: Person, state: str, wanted: str, allowed: bool) -> None:
    consent = a_consent(parent, child, State(state))
    assert consent.state == state
    assert (wanted in TRANSITIONS.table.get(State(state), ())) is allowed
    if wanted != "revoked":
        return
    if allowed:
        services.revoke(consent, as_self(parent))
        assert Consent.objects.get(pk=consent.pk).state is State.REVOKED
    else:
        with pytest.raises(IllegalMove):
            services.revoke(consent, as_self(parent))
        assert Consent.objects.get(pk=consent.pk).state == state


@pytest.mark.parametrize("answer", [services.accept, services.decline])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED, State.REVOKED])
def test_a_code_serves_once(parent: Person, child: Person, state: State, answer: Callable[..., Any]) -> None:
    offer = an_offer(parent)
    if state is State.REVOKED:
        services.revoke(offer.consent, as_self(parent))
    else:
        {State.ACCEPTED: services.accept, State.DECLINED: services.decline}[state](
            a_request(), as_self(child), offer.code
        )
    with pytest.raises(CodeUnknown):
        answer(a_request(), as_self(child), offer.code)
    assert Consent.objects.get().state is state


def test_the_trail_names_who_did_it_for_whom(parent: Person, child: Person) -> None:
    consent = a_consent(parent, child)
    services.revoke(consent, as_self(child))
    rows = Event.objects.order_by("pk").values_list("action", "actor", "principal", "subject")
    assert list(rows) == [
        ("consents:offered", parent.number, "", consent.number),
        ("consents:accepted", child.number, parent.number, consent.number),
        ("consents:revoked", child.number, parent.number, consent.number),
    ]


def test_the_other_side_is_told(parent: Person, child: Person) -> None:
    consent = a_consent(parent, child)
    services.revoke(consent, as_self(child))
    services.revoke(a_consent(parent, child), as_self(parent))
    a_consent(parent, child, State.DECLINED)
    services.revoke(an_offer(parent).consent, as_self(parent))
    told = Message.objects.order_by("pk").values_list("person__number", "template")
    assert list(told) == [
        (parent.number, "consents:accepted"),
        (parent.number, "consents:revoked"),
        (parent.number, "consents:accepted"),
        (child.number, "consents:revoked"),
    ]


def test_nobody_acts_before_the_relative_has_accepted(parent: Person, child: Person) -> None:
    coverage = parent.coverages.get()
    helper = as_self(child, principal=parent.number)
    offer = an_offer(parent)
    with pytest.raises(OfAnother):
        services.must_apply_for(helper, coverage)
    services.accept(a_request(), as_self(child), offer.code)
    services.must_apply_for(helper, coverage)
    assert list(queries.helped_by(child, TODAY())) == [parent]
    assert services.must_help(as_self(child), parent.number, TODAY()) == parent
    services.revoke(Consent.objects.get(), as_self(parent))
    with pytest.raises(OfAnother):
        services.must_apply_for(helper, coverage)
    with pytest.raises(OfAnother):
        services.must_help(as_self(child), parent.number, TODAY())


@pytest.mark.parametrize(
    ("lasting", "after", "acts"),
    [
        (Lasting.MONTH, 30, True),
        (Lasting.MONTH, 31, False),
        (Lasting.YEAR, 365, True),
        (Lasting.YEAR, 366, False),
        (Lasting.OPEN, 5000, True),
    ],
)
def test_a_consent_ends_by_itself(
    parent: Person, child: Person, lasting: Lasting, after: int, acts: bool
) -> None:
    offer = an_offer(parent, lasting=lasting)
    services.accept(a_request(), as_self(child), offer.code)
    day = TODAY() + timedelta(days=after)
    assert queries.relative_may(child.number, parent, day) is acts
    assert list(queries.helped_by(child, day)) == ([parent] if acts else [])


@pytest.mark.parametrize("hours", [23, 25])
def test_a_code_serves_for_a_day(parent: Person, child: Person, hours: int) -> None:
    offer = an_offer(parent)
    Consent.objects.update(code_until=timezone.now() + services.CODE_LASTS - timedelta(hours=hours))
    if hours < 24:
        assert services.offered(a_request(), as_self(child), offer.code) == offer.consent
        return
    with pytest.raises(CodeUnknown):
        services.offered(a_request(), as_self(child), offer.code)


@pytest.mark.parametrize("typed", ["测试子女", " 测试 子女 ", "测试\u3000子女"])
def test_the_name_is_compared_as_people_write_it(parent: Person, child: Person, typed: str) -> None:
    offer = an_offer(parent, typed)
    spaced = f"{offer.code[:4]} {offer.code[4:]}"
    assert services.accept(a_request(), as_self(child), spaced).helper == child


def test_a_code_read_out_to_a_stranger_is_worth_nothing(parent: Person, child: Person) -> None:
    offer = an_offer(parent)
    stranger = a_person(3, "骗子某")
    wrong = f"{(int(offer.code) + 1) % 10**8:08d}"
    answers = []
    for helper, code in [(stranger, offer.code), (child, wrong), (child, ""), (child, "一二三")]:
        with pytest.raises(CodeUnknown) as refused:
            services.accept(a_request(), as_self(helper), code)
        answers.append(refused.value.message)
    assert len(set(answers)) == 1
    assert Consent.objects.get().state is State.OFFERED


def test_guessing_codes_locks(parent: Person, child: Person) -> None:
    offer = an_offer(parent)
    for _ in range(4):
        with pytest.raises(CodeUnknown):
            services.accept(a_request(), as_self(child), "00000000")
    with pytest.raises(LockedOut):
        services.accept(a_request(), as_self(child), "00000000")
    with pytest.raises(LockedOut):
        services.accept(a_request(), as_self(child), offer.code)


def test_ones_own_code_is_for_somebody_else(parent: Person) -> None:
    offer = an_offer(parent, parent.name)
    with pytest.raises(OneselfNot):
        services.accept(a_request(), as_self(parent), offer.code)


def test_a_new_consent_replaces_the_old_one(parent: Person, child: Person) -> None:
    first = a_consent(parent, child)
    second = a_consent(parent, child)
    assert [Consent.objects.get(pk=each.pk).state for each in (first, second)] == [
        State.REVOKED,
        State.ACCEPTED,
    ]
    assert list(queries.given_by(parent)) == list(queries.received_by(child)) == [second, first]


def test_offers_do_not_pile_up(parent: Person) -> None:
    offers = [an_offer(parent) for _ in range(services.MOST_OFFERS)]
    with pytest.raises(TooManyOffers):
        an_offer(parent)
    services.revoke(offers[0].consent, as_self(parent))
    an_offer(parent)


@pytest.mark.parametrize("name", ["", " ", "\u3000"])
def test_a_name_is_needed(parent: Person, name: str) -> None:
    with pytest.raises(NameMissing):
        an_offer(parent, name)


@pytest.mark.parametrize("who", ["helper", "clerk", "system"])
def test_consents_are_given_and_answered_in_person(parent: Person, child: Person, who: str) -> None:
    actor = {"helper": as_self(child, principal=parent.number), "clerk": WINDOW, "system": SYSTEM}[who]
    offer = an_offer(parent)
    with pytest.raises(OnlyInPerson):
        services.offer(actor, CHILD, Relation.CHILD, Lasting.YEAR)
    for answer in (services.offered, services.accept, services.decline):
        with pytest.raises(OnlyInPerson):
            answer(a_request(), actor, offer.code)


REVOKERS: dict[str, tuple[Callable[[Person, Person], Actor], type[Refusal] | None]] = {
    "person": (lambda parent, child: as_self(parent), None),
    "helper": (lambda parent, child: as_self(child), None),
    "helper acting for the person": (
        lambda parent, child: as_self(child, principal=parent.number),
        NotYourConsent,
    ),
    "stranger": (lambda parent, child: as_self(a_person(7)), NotYourConsent),
    "window without the person": (lambda parent, child: WINDOW, NotYourConsent),
    "window without consent": (lambda parent, child: at_window(parent), NotYourConsent),
    "window with the person": (lambda parent, child: at_window(parent, noted=True), None),
    "system": (lambda parent, child: SYSTEM, NotYourConsent),
}


def at_window(person: Person, *, noted: bool = False) -> Actor:
    if noted:
        services.record_window_consent(person, "居民身份证", WINDOW)
    return Actor(WINDOW.kind, WINDOW.name, WINDOW.region, WINDOW.roles, person.number)


@pytest.mark.parametrize("who", REVOKERS)
def test_who_takes_a_consent_back(parent: Person, child: Person, who: str) -> None:
    consent = a_consent(parent, child)
    make, refusal = REVOKERS[who]
    actor = make(parent, child)
    if refusal is None:
        services.revoke(consent, actor)
        assert Event.objects.latest("pk").actor == actor.name
        return
    with pytest.raises(refusal):
        services.revoke(consent, actor)
    assert Consent.objects.get(pk=consent.pk).state is State.ACCEPTED


# the window


def test_the_window_acts_for_a_day(parent: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    coverage = parent.coverages.get()
    acting = at_window(parent)
    with pytest.raises(WindowConsentMissing):
        services.must_apply_for(acting, coverage)
    consent = services.record_window_consent(parent, " 居民身份证原件 ", WINDOW)
    assert (consent.shown, consent.starts, consent.ends) == ("居民身份证原件", TODAY(), TODAY())
    services.must_apply_for(acting, coverage)
    assert services.record_window_consent(parent, "社保卡", WINDOW) == consent
    event = Event.objects.get()
    assert (event.action, event.actor, event.principal, event.reason) == (
        "consents:window",
        WINDOW.name,
        parent.number,
        "居民身份证原件",
    )
    tomorrow = TODAY() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    with pytest.raises(WindowConsentMissing):
        services.must_apply_for(acting, coverage)


def test_the_consent_serves_the_clerk_who_saw_the_document(parent: Person) -> None:
    services.record_window_consent(parent, "居民身份证", WINDOW)
    colleague = Actor(WINDOW.kind, "南昌窗口子", WINDOW.region, WINDOW.roles, parent.number)
    with pytest.raises(WindowConsentMissing):
        services.must_apply_for(colleague, parent.coverages.get())


@pytest.mark.parametrize(
    ("region", "role", "refusal"),
    [
        ("360100", Role.WINDOW, None),
        ("360000", Role.WINDOW, None),
        ("310000", Role.WINDOW, OutsideRegion),
        ("360700", Role.WINDOW, OutsideRegion),
        ("360100", Role.REVIEWER, NotAllowed),
        ("360100", Role.ADMINISTRATOR, NotAllowed),
    ],
)
def test_which_window_may(parent: Person, region: str, role: Role, refusal: type[Refusal] | None) -> None:
    clerk = Actor(ActorKind.CLERK, "某窗口", region, frozenset({role}))
    if refusal is None:
        assert services.record_window_consent(parent, "居民身份证", clerk).state is State.ACCEPTED
        return
    with pytest.raises(refusal):
        services.record_window_consent(parent, "居民身份证", clerk)
    assert not Consent.objects.exists()


def test_the_window_needs_a_document_and_an_insured_person(parent: Person) -> None:
    with pytest.raises(DocumentNotShown):
        services.record_window_consent(parent, " ", WINDOW)
    end_coverage(parent.coverages.get(), TODAY() - timedelta(days=1))
    with pytest.raises(NotInsured):
        services.record_window_consent(parent, "居民身份证", WINDOW)


def test_the_window_lets_a_person_register_anew(parent: Person) -> None:
    user = a_user(parent, "forgotten")
    with pytest.raises(WindowConsentMissing):
        services.release_sign_in(parent, at_window(parent))
    elsewhere = Actor(ActorKind.CLERK, "沪", "310000", frozenset({Role.WINDOW}), parent.number)
    with pytest.raises(OutsideRegion):
        services.release_sign_in(parent, elsewhere)
    for actor in (as_self(parent), as_self(a_person(7), principal=parent.number), SYSTEM):
        with pytest.raises(WindowConsentMissing):
            services.release_sign_in(parent, actor)
    assert User.objects.get() == user
    clerk = at_window(parent, noted=True)
    services.release_sign_in(parent, clerk)
    assert not User.objects.exists()
    event = Event.objects.latest("pk")
    assert (event.action, event.actor, event.principal, event.subject) == (
        "accounts:forget",
        WINDOW.name,
        parent.number,
        "forgotten",
    )
    with pytest.raises(NoSignIn):
        services.release_sign_in(parent, clerk)


READERS = {
    "person": True,
    "relative": True,
    "stranger": False,
    "window": True,
    "other window": False,
    "reviewer": False,
}


@pytest.mark.parametrize("who", READERS)
def test_who_reads_a_persons_pages(parent: Person, child: Person, who: str) -> None:
    a_consent(parent, child)
    actors = {
        "person": as_self(parent),
        "relative": as_self(child, principal=parent.number),
        "stranger": as_self(a_person(7), principal=parent.number),
        "window": at_window(parent, noted=True),
        "other window": Actor(ActorKind.CLERK, "沪", "310000", frozenset({Role.WINDOW}), parent.number),
        "reviewer": Actor(ActorKind.CLERK, "审", "360100", frozenset({Role.REVIEWER}), parent.number),
    }
    assert services.may_read_for(actors[who], parent.coverages.get()) is READERS[who]


# the table


def test_the_code_and_the_name_are_not_to_be_read_in_the_database(parent: Person) -> None:
    offer = an_offer(parent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consents_consent")
        text = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])
    assert offer.code not in text
    assert CHILD not in text
    assert Consent.objects.get().offered_to == CHILD


@pytest.mark.parametrize(
    "changes",
    [
        {"helper": None},
        {"clerk": "某"},
        {"relation": ""},
        {"declined_at": timezone.now()},
        {"code_index": "ab"},
        {"way": "window"},
        {"ends": TODAY() - timedelta(days=1)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_database_refuses_what_makes_no_sense(
    parent: Person, child: Person, changes: dict[str, Any]
) -> None:
    consent = a_consent(parent, child)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**changes)


ACTS = st.lists(
    st.tuples(st.sampled_from(["offer", "accept", "decline", "revoke"]), st.integers(0, 3)), max_size=12
)


@effort(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_they_do_one_consent_at_most_is_in_force_between_two(acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        parent, child = a_parent(), a_child()
        codes: list[str] = []
        for act, which in acts:
            code = codes[which % len(codes)] if codes else "0"
            try:
                if act == "offer":
                    codes.append(an_offer(parent).code)
                elif act == "accept":
                    services.accept(a_request(), as_self(child), code)
                elif act == "decline":
                    services.decline(a_request(), as_self(child), code)
                elif row := Consent.objects.order_by("pk")[which : which + 1].first():
                    services.revoke(row, as_self(parent))
            except (CodeUnknown, LockedOut, TooManyOffers, IllegalMove):
                pass
            held = queries.in_force(TODAY()).filter(person=parent, helper=child)
            assert held.count() <= 1
            assert all(row.state is State.ACCEPTED for row in held)
        transaction.set_rollback(True)


def test_the_same_holds_for_coverage_elsewhere(parent: Person) -> None:
    """A person insured in two pools is at home at both windows."""
    second = a_coverage(1, pool="310000", scheme=Scheme.RESIDENT, standing=Standing.SENIOR)
    clerk = Actor(ActorKind.CLERK, "沪窗口", "310000", frozenset({Role.WINDOW}))
    services.record_window_consent(parent, "居民身份证", clerk)
    acting = Actor(clerk.kind, clerk.name, clerk.region, clerk.roles, parent.number)
    services.must_apply_for(acting, second)
    with pytest.raises(OutsideRegion):
        services.must_apply_for(acting, Coverage.objects.get(pool="360100"))
