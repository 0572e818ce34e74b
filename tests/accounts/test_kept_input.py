"""What somebody typed is not lost when the session ended meanwhile, and nobody else ever sees it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from tests.accounts.factories import PASSWORD, a_clerk, a_user, code_now, sign_in
from tests.people.factories import a_person
from yidi.accounts import doors, kept_input, sessions
from yidi.accounts.models import Session, User
from yidi.accounts.terms import Role
from yidi.site import urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
TYPED = {"diagnosis": "高血压三级，长期服药", "drugs": ["甲", "乙"]}


def shown(request: HttpRequest) -> HttpResponse:
    kept = kept_input.pop_kept_input(request)
    if request.method == "POST":
        return HttpResponse("saved")
    return HttpResponse(f"{dict(kept.fields.lists())} {kept.files}" if kept else "empty")


urlpatterns = [
    path("mine/", doors.person_only(shown)),
    path("mine/other/", doors.person_only(shown)),
    path("desk/mine/", doors.staff_only()(shown)),
    *urls.urlpatterns,
]


@pytest.fixture
def user() -> User:
    return a_user(a_person(), "laowang")


def timed_out(client: Client, user: User) -> None:
    sign_in(client, user)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def back_in(client: Client, username: str = "laowang") -> None:
    client.post("/sign-in/", {"username": username, "password": PASSWORD})


def page(client: Client, address: str = "/mine/") -> str:
    return str(client.get(address).content.decode())


def test_a_form_sent_too_late_comes_back_filled_in(client: Client, user: User) -> None:
    timed_out(client, user)
    paper = SimpleUploadedFile("病历.jpg", b"\xff\xd8")
    answer = client.post("/mine/?step=2", TYPED | {"paper": paper})
    assert answer["Location"] == "/sign-in/?next=%2Fmine%2F"
    assert "您刚才填的内容还在" in page(client, answer["Location"])
    back_in(client)
    assert page(client) == f"{ {'diagnosis': [TYPED['diagnosis']], 'drugs': ['甲', '乙']} } ('paper',)"
    assert page(client) == "empty"


def test_staff_keep_theirs_through_both_steps(client: Client) -> None:
    timed_out(client, a_clerk("wang", Role.REVIEWER))
    client.post("/desk/mine/", TYPED)
    client.post("/desk/sign-in/", {"username": "wang", "password": PASSWORD})
    client.post("/desk/sign-in/code/", {"code": code_now()})
    assert "高血压" in page(client, "/desk/mine/")


def longest_reached(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, user)
    clock = sessions.time.time
    monkeypatch.setattr(sessions.time, "time", lambda: clock() + 25 * 3600)


def ended_elsewhere(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, user)
    sessions.end_everywhere(user)


@pytest.mark.parametrize("end", [longest_reached, ended_elsewhere])
def test_however_the_session_ended(
    client: Client, user: User, monkeypatch: pytest.MonkeyPatch, end: Callable[..., None]
) -> None:
    end(client, user, monkeypatch)
    assert client.post("/mine/", TYPED).status_code == 302
    monkeypatch.undo()
    back_in(client)
    assert "高血压" in page(client)


def test_another_person_in_the_same_browser_never_sees_it(client: Client, user: User) -> None:
    a_user(a_person(2), "other")
    timed_out(client, user)
    client.post("/mine/", TYPED)
    back_in(client, "other")
    assert page(client) == "empty"
    client.post("/sign-out/")
    back_in(client)
    assert page(client) == "empty"


def test_it_is_for_its_own_page(client: Client, user: User) -> None:
    timed_out(client, user)
    client.post("/mine/", TYPED)
    back_in(client)
    assert page(client, "/mine/other/") == "empty"
    assert "高血压" in page(client)


def test_it_is_gone_after_an_hour(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    timed_out(client, user)
    client.post("/mine/", TYPED)
    back_in(client)
    clock = kept_input.time.time
    monkeypatch.setattr(kept_input.time, "time", lambda: clock() + 3601)
    assert page(client) == "empty"


@pytest.mark.parametrize("cookie", ["", "no0such0session0no0such0session0"])
def test_strangers_store_nothing(client: Client, user: User, cookie: str) -> None:
    if cookie:
        client.cookies["sessionid"] = cookie
    assert client.post("/mine/", TYPED).status_code == 302
    assert not Session.objects.exists()


def test_an_anonymous_session_stores_nothing(client: Client, user: User) -> None:
    client.get("/desk/sign-in/code/")  # leaves a message in a session that is nobody's
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    client.post("/mine/", TYPED)
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()


def test_there_is_a_limit(client: Client, user: User) -> None:
    timed_out(client, user)
    client.post("/mine/", {"text": "字" * 30_000})
    back_in(client)
    assert page(client) == "empty"


def test_passwords_and_codes_are_never_kept(client: Client, user: User) -> None:
    timed_out(client, user)
    client.post("/mine/", {"a": "1", "new_password": "x", "Code": "123456", "csrfmiddlewaretoken": "t"})
    back_in(client)
    assert page(client) == "{'a': ['1']} ()"


def test_it_is_not_to_be_read_in_the_database(client: Client, user: User) -> None:
    timed_out(client, user)
    client.post("/mine/", TYPED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_session")
        assert all("%E9%AB%98" not in text and "diagnosis" not in text for (text,) in cursor)


def test_a_page_that_was_only_read_keeps_nothing(client: Client, user: User) -> None:
    timed_out(client, user)
    assert client.get("/mine/?q=1")["Location"] == "/sign-in/?next=%2Fmine%2F%3Fq%3D1"
    back_in(client)
    assert page(client) == "empty"


# a form with an old token


def with_token(client: Client, user: User) -> tuple[Client, dict[str, Any]]:
    """A browser that checks tokens, with a form opened before its user signed in anew in another tab."""
    strict = Client(enforce_csrf_checks=True)
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', str(strict.get("/sign-in/").content.decode()))
    assert found
    form = {"username": "laowang", "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
    assert strict.post("/sign-in/", form).status_code == 302
    return strict, TYPED | {"csrfmiddlewaretoken": found[1]}


def test_a_form_with_an_old_token_comes_back_filled_in(client: Client, user: User) -> None:
    strict, form = with_token(client, user)
    answer = strict.post("/mine/", form, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (302, "/mine/")
    assert "高血压" in page(strict)


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://testserver:81"])
def test_a_forged_form_is_refused_and_nothing_of_it_kept(
    client: Client, user: User, origin: str | None
) -> None:
    strict, form = with_token(client, user)
    answer = strict.post("/mine/", form, headers={"Origin": origin} if origin else {})
    assert answer.status_code == 403
    assert "这张表单没有收下" in answer.content.decode()
    assert page(strict) == "empty"


@override_settings(ALLOWED_HOSTS=["*"])
def test_the_page_of_forged_forms_reads_no_database_where_there_is_no_cookie(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        assert Client(enforce_csrf_checks=True).post("/mine/", {"a": "1"}).status_code == 403
