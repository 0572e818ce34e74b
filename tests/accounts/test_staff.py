"""Administrators: whom they may manage, what each act does, and that the trail tells it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import HOSPITAL, PASSWORD, PERSON, a_clerk, a_user, sign_in
from tests.people.factories import a_person
from tests.settlement.factories import a_hospital
from yidi.accounts import services
from yidi.accounts.actors import SYSTEM, Actor, ActorKind
from yidi.accounts.errors import (
    BadUsername,
    NotAllowed,
    NotStaff,
    OutsideRegion,
    ProviderNeeded,
    SelfAppointment,
    UsernameTaken,
    WeakPassword,
)
from yidi.accounts.models import SecondFactor, Session, User
from yidi.accounts.terms import Role, StaffAct
from yidi.audit.models import Event
from yidi.reference.errors import UnknownRegion
from yidi.values.errors import Refusal

pytestmark = pytest.mark.django_db


def administrator(region: str, name: str = "admin") -> Actor:
    return Actor(ActorKind.CLERK, name, region, frozenset({Role.ADMINISTRATOR}))


CITY, PROVINCE, NATION = administrator("360100"), administrator("360000"), administrator("CN")
ACTS: dict[StaffAct, Callable[[User, Actor], Any]] = {
    StaffAct.APPOINT: lambda user, actor: services.appoint(user, Role.AUDITOR, actor),
    StaffAct.REVOKE: lambda user, actor: services.revoke(user, Role.REVIEWER, actor),
    StaffAct.DEACTIVATE: services.deactivate,
    StaffAct.REACTIVATE: services.reactivate,
    StaffAct.RESET_SECOND_FACTOR: services.reset_second_factor,
    StaffAct.RESET_PASSWORD: lambda user, actor: services.reset_password(user, "Linshi-Mima-2026", actor),
    StaffAct.UNLOCK: services.unlock,
    StaffAct.END_SESSIONS: services.end_sessions,
}
MANAGERS: dict[str, tuple[Actor, type[Refusal] | None]] = {
    "city": (CITY, None),
    "province": (PROVINCE, None),
    "nation": (NATION, None),
    "system": (SYSTEM, None),
    "another city": (administrator("360700"), OutsideRegion),
    "another province": (administrator("310000"), OutsideRegion),
    "a district": (administrator("360102"), OutsideRegion),
    "supervisor": (Actor(ActorKind.CLERK, "zhu", "360100", frozenset({Role.SUPERVISOR})), NotAllowed),
    "auditor": (Actor(ActorKind.CLERK, "ji", "360100", frozenset({Role.AUDITOR})), NotAllowed),
    "nobody": (Actor(ActorKind.CLERK, "wu", "360100"), NotAllowed),
    "person": (PERSON, NotAllowed),
    "hospital": (HOSPITAL, NotAllowed),
    "themselves": (administrator("360100", "wang"), SelfAppointment),
}


def test_every_act_is_tried() -> None:
    assert set(ACTS) == set(StaffAct)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", MANAGERS)
def test_who_manages_whom(act: StaffAct, who: str) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    actor, refusal = MANAGERS[who]
    before = Event.objects.count()
    if refusal is None:
        ACTS[act](user, actor)
        event = Event.objects.latest("pk")
        assert (event.action, event.actor, event.subject) == (f"accounts:{act}", actor.name, "wang")
        return
    with pytest.raises(refusal):
        ACTS[act](user, actor)
    assert Event.objects.count() == before
    fresh = User.objects.get()
    assert (fresh.is_active, fresh.password) == (True, user.password)
    assert [row.role for row in fresh.appointments.all()] == [Role.REVIEWER]
    assert SecondFactor.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_people_are_not_managed_as_staff(act: StaffAct) -> None:
    with pytest.raises(NotStaff):
        ACTS[act](a_user(a_person()), SYSTEM)


@pytest.mark.parametrize("region", ["360000", "CN", "310000", "360700"])
def test_nobody_appoints_above_or_beside_themselves(region: str) -> None:
    user = a_clerk("wang", region=region)
    with pytest.raises(OutsideRegion):
        services.appoint(user, Role.ADMINISTRATOR, CITY)
    with pytest.raises(OutsideRegion):
        services.create_staff("li", "李", region, PASSWORD, CITY)


def test_a_new_member_of_staff_changes_the_password_at_once(client: Client) -> None:
    user = services.create_staff(" ｌｉ-1 ", "李甲", "360100", PASSWORD, PROVINCE)
    assert (user.username, user.region, user.must_change_password) == ("li-1", "360100", True)
    assert services.actor_of(user).roles == frozenset()
    services.appoint(user, Role.REVIEWER, PROVINCE)
    assert services.actor_of(user).roles == {Role.REVIEWER}
    SecondFactor.objects.create(user=user, secret="A" * 32)
    sign_in(client, user)
    assert client.get("/desk/roles/")["Location"] == "/desk/new-password/?next=%2Fdesk%2Froles%2F"
    assert [event.reason for event in Event.objects.order_by("pk")][:2] == ["江西省南昌市", "经办审核"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"username": "a"}, BadUsername),
        ({"username": "wang li"}, BadUsername),
        ({"username": "wang\nli"}, BadUsername),
        ({"username": "taken"}, UsernameTaken),
        ({"password": "Kurz-1"}, WeakPassword),
        ({"password": "12345678901234"}, WeakPassword),
        ({"password": "Elf-Zeichen"}, WeakPassword),
        ({"region": "999999"}, UnknownRegion),
    ],
)
def test_what_no_member_of_staff_is_made_of(changes: dict[str, str], refusal: type[Refusal]) -> None:
    a_clerk("taken")
    given = {"username": "li", "name": "李", "region": "360100", "password": PASSWORD} | changes
    with pytest.raises(refusal):
        services.create_staff(actor=SYSTEM, **given)  # type: ignore[arg-type]
    assert User.objects.count() == 1


def test_cashiers_work_at_a_provider_and_hold_that_office_alone() -> None:
    provider = a_hospital()
    user = services.create_staff(
        "cash", "收费员", provider.region, PASSWORD, SYSTEM, provider_code=provider.code or ""
    )
    services.appoint(user, Role.CASHIER, SYSTEM)
    with pytest.raises(ProviderNeeded):
        services.appoint(user, Role.REVIEWER, SYSTEM)
    with pytest.raises(ProviderNeeded):
        services.appoint(a_clerk("wang"), Role.CASHIER, SYSTEM)


def test_a_cashier_of_a_provider_elsewhere_is_not_made() -> None:
    provider = a_hospital()
    region = "360700"
    with pytest.raises(OutsideRegion):
        services.create_staff(
            "cash", "收费员", region, PASSWORD, administrator(region), provider_code=provider.code or ""
        )


def test_an_office_given_twice_is_one_office() -> None:
    user = a_clerk("wang")
    first = services.appoint(user, Role.AUDITOR, CITY)
    assert services.appoint(user, Role.AUDITOR, PROVINCE) == first
    assert Event.objects.count() == 1
    services.revoke(user, Role.AUDITOR, CITY)
    services.revoke(user, Role.AUDITOR, CITY)
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    "act", [StaffAct.DEACTIVATE, StaffAct.RESET_SECOND_FACTOR, StaffAct.RESET_PASSWORD, StaffAct.END_SESSIONS]
)
def test_what_ends_the_sessions(client: Client, act: StaffAct) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    sign_in(client, user)
    ACTS[act](user, CITY)
    assert not Session.objects.exists()


def test_a_revoked_office_is_gone_at_once(client: Client) -> None:
    user = a_clerk("wang", Role.REVIEWER, Role.AUDITOR)
    assert services.actor_of(user).roles == {Role.REVIEWER, Role.AUDITOR}
    services.revoke(user, Role.AUDITOR, CITY)
    assert services.actor_of(user).roles == {Role.REVIEWER}


def test_the_deactivated_come_back_with_what_they_had(client: Client) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    services.deactivate(user, CITY, "调离")
    assert client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 200
    services.reactivate(user, CITY)
    assert client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 302
    assert Event.objects.get(action="accounts:deactivate").reason == "调离"


def test_after_a_reset_a_new_app_is_enrolled(client: Client) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    services.reset_second_factor(user, CITY, "手机丢失")
    answer = client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD})
    assert answer["Location"].startswith("/desk/sign-in/enrol/")


def test_an_administrator_unlocks(client: Client) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    for _ in range(5):
        client.post("/desk/sign-in/", {"username": "wang", "password": "x"})
    SecondFactor.objects.update(
        throttling_failure_count=9, throttling_failure_timestamp=timezone.now() + timedelta(seconds=1)
    )
    assert client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 429
    services.unlock(user, CITY)
    assert not AccessAttempt.objects.exists()
    assert SecondFactor.objects.get().waits_until() is None
    assert client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 302


def test_staff_are_found_by_name() -> None:
    user = a_clerk("wang")
    assert services.staff_named(" ｗａｎｇ ") == user
    a_user(a_person(), "laowang")
    for name in ("laowang", "nobody", ""):
        with pytest.raises(NotStaff):
            services.staff_named(name)
