"""How long sessions last, how many there are, and that the gateway knows none."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.people.factories import a_person
from yidi.accounts import doors, sessions
from yidi.accounts.errors import NotAllowed, SignedOut
from yidi.accounts.models import Session, User
from yidi.accounts.session_store import SessionStore
from yidi.accounts.terms import Action, Role
from yidi.audit.models import Event
from yidi.site.visitors import VisitorsMiddleware

pytestmark = pytest.mark.django_db


def of(client: Client) -> Session:
    return Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value)


def visit(client: Client, view: doors.View, path: str = "/mine/", **posted: str) -> Any:
    """One request through what stands in front of pages, with the client's cookies."""
    make = RequestFactory()
    request = make.post(path, posted) if posted else make.get(path)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    answer = VisitorsMiddleware(view)(request)
    for name, morsel in answer.cookies.items():
        client.cookies[name] = morsel.value
    return answer


@doors.person_only
def mine(request: HttpRequest) -> HttpResponse:
    actor = sessions.actor_for(request)
    return HttpResponse(f"{actor.name}>{actor.principal}")


@doors.staff_only(Action.DECIDE_FILING)
def decisions(request: HttpRequest) -> HttpResponse:
    return HttpResponse(sessions.actor_for(request).name)


@pytest.fixture
def person() -> User:
    return a_user(a_person())


def test_a_person_gets_in_and_nothing_is_stored(client: Client, person: User) -> None:
    sign_in(client, person)
    answer = visit(client, mine)
    assert answer.content.decode() == f"{person.person_number}>"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Vary"] == "Cookie"


def test_whoever_helps_is_told_as_such(client: Client, person: User) -> None:
    sign_in(client, person, principal="4101")
    assert visit(client, mine).content.decode() == f"{person.person_number}>4101"


def test_staff_get_in_where_an_office_lets_them(client: Client) -> None:
    sign_in(client, a_clerk("wang", Role.AUDITOR, Role.REVIEWER))
    assert visit(client, decisions).content == b"wang"


@pytest.mark.parametrize("roles", [(Role.CASHIER,), ()])
def test_staff_without_the_office_stay_outside(client: Client, roles: tuple[Role, ...]) -> None:
    sign_in(client, a_clerk("wang", *roles))
    with pytest.raises(NotAllowed):
        visit(client, decisions)


def test_what_a_session_keeps_is_not_to_be_read_in_the_database(client: Client, person: User) -> None:
    sign_in(client, person, principal="36010000000000000099")
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_session")
        (text,) = cursor.fetchone()
    assert "principal" not in text
    assert SessionStore().decode(text)["principal"] == "36010000000000000099"


def test_a_changed_data_key_only_signs_people_out(client: Client, person: User, settings: Any) -> None:
    sign_in(client, person)
    settings.DATA_KEY = bytes(32)
    assert visit(client, mine).status_code == 302


@pytest.mark.parametrize(
    ("kind", "unused", "inside"),
    [
        ("staff", timedelta(minutes=29), True),
        ("staff", timedelta(minutes=31), False),
        ("person", timedelta(minutes=119), True),
        ("person", timedelta(minutes=121), False),
    ],
)
def test_an_unused_session_ends(
    client: Client, person: User, kind: str, unused: timedelta, inside: bool
) -> None:
    sign_in(client, person if kind == "person" else a_clerk("li", Role.REVIEWER))
    Session.objects.update(expire_date=of(client).expire_date - unused)
    assert visit(client, mine if kind == "person" else decisions).status_code == (200 if inside else 302)


def test_use_prolongs_a_session_but_writes_once_a_minute_at_most(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    sign_in(client, person)
    before = of(client).expire_date
    with django_assert_num_queries(2):  # the session and its owner
        visit(client, mine)
    assert of(client).expire_date == before
    clock = sessions.time.time
    monkeypatch.setattr(sessions.time, "time", lambda: clock() + 61)
    visit(client, mine)
    assert of(client).expire_date > before


@pytest.mark.parametrize(("hours", "inside"), [(9.99, True), (10.01, False)])
def test_a_session_in_use_ends_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, hours: float, inside: bool
) -> None:
    sign_in(client, a_clerk("li", Role.REVIEWER))
    clock = sessions.time.time
    monkeypatch.setattr(sessions.time, "time", lambda: clock() + hours * 3600)
    assert visit(client, decisions).status_code == (200 if inside else 302)
    assert (Session.objects.get().expire_date > timezone.now()) is inside


def test_staff_have_one_session_and_the_older_ends(person: User) -> None:
    clerk = a_clerk("li", Role.REVIEWER)
    desk, home = Client(), Client()
    sign_in(desk, clerk)
    sign_in(home, clerk)
    assert visit(desk, decisions).status_code == 302
    assert visit(home, decisions).status_code == 200
    phone, tablet = Client(), Client()
    sign_in(phone, person)
    sign_in(tablet, person)
    assert [visit(each, mine).status_code for each in (phone, tablet)] == [200, 200]


def test_a_deployment_may_allow_two(settings: Any) -> None:
    settings.STAFF_SESSIONS = 2
    clerk = a_clerk("li", Role.REVIEWER)
    clients = [Client(), Client(), Client()]
    for client in clients:
        sign_in(client, clerk)
    assert [visit(each, decisions).status_code for each in clients] == [302, 200, 200]


def test_signing_out_everywhere(person: User) -> None:
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, person)
    assert sessions.end_everywhere(person) == 2
    assert [visit(each, mine).status_code for each in clients] == [302, 302]


def test_the_deactivated_and_those_with_a_new_password_are_out(client: Client) -> None:
    clerk = a_clerk("li", Role.REVIEWER)
    sign_in(client, clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert visit(client, decisions).status_code == 302
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    assert visit(client, decisions).status_code == 200
    clerk.set_password("Xin-De-Mima-2026")
    clerk.save()
    assert visit(client, decisions).status_code == 302


def test_signing_in_changes_the_key_and_forgets_who_was_acted_for(client: Client, person: User) -> None:
    sign_in(client, person, principal="4101")
    key = of(client).pk

    def again(request: HttpRequest) -> HttpResponse:
        sessions.begin(request, person)
        return HttpResponse(sessions.actor_for(request).principal)

    assert visit(client, again).content == b""
    assert of(client).pk != key
    assert not Session.objects.filter(pk=key).exists()


def test_another_user_in_the_same_browser_starts_empty(client: Client, person: User) -> None:
    sign_in(client, person, principal="4101")
    other = a_user(a_person(2))

    def again(request: HttpRequest) -> HttpResponse:
        request.session["left"] = "behind"
        sessions.begin(request, other)
        return HttpResponse(str("left" in request.session))

    assert visit(client, again).content == b"False"


def test_the_trail_tells_who_signed_in_and_out(client: Client, person: User) -> None:
    sign_in(client, person)

    def leave(request: HttpRequest) -> HttpResponse:
        sessions.end(request)
        with pytest.raises(SignedOut):
            sessions.actor_for(request)
        return HttpResponse()

    visit(client, leave)
    assert list(Event.objects.values_list("action", "actor", "subject").order_by("pk")) == [
        ("accounts:sign-in", person.person_number, person.username),
        ("accounts:sign-out", person.person_number, person.username),
    ]
    assert not Session.objects.exists()


def test_ended_sessions_are_forgotten_after_a_day(client: Client, person: User) -> None:
    sign_in(client, person)
    Session.objects.update(expire_date=timezone.now() - timedelta(hours=25))
    sign_in(Client(), person)
    assert Session.objects.count() == 1


def test_the_gateway_knows_no_session(client: Client, person: User, django_assert_num_queries: Any) -> None:
    sign_in(client, person)
    seen: list[HttpRequest] = []

    def gateway(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    with django_assert_num_queries(0):
        answer = visit(client, gateway, "/fsi/api/rsfComIfsService/callService")
    assert not {"session", "user", "allauth", "_messages"} & set(vars(seen[0]))
    assert "Vary" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/fsiextend/", "/FSI/api/", "//fsi/api/", "/x/fsi/"])
def test_only_the_gateways_own_addresses_pass_by(client: Client, path: str) -> None:
    seen: list[HttpRequest] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    visit(client, page, path)
    assert hasattr(seen[0], "session")


def test_a_session_that_ended_meanwhile_is_not_brought_back_to_life(client: Client) -> None:
    user = a_user(a_person())
    sign_in(client, user)
    on_its_way = sessions.SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    on_its_way["seen"] = "something"
    assert sessions.end_everywhere(user) == 1
    with pytest.raises(UpdateError):
        on_its_way.save()
    assert client.get("/account/").status_code == 302
