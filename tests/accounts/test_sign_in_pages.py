"""Signing in, registering and enrolling through the pages: wrong names, wrong codes, locks, forged forms, ways back."""

import logging
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.factories import PASSWORD, SECRET, a_clerk, a_user, code_now, sign_in
from tests.people.factories import a_person, an_identity
from yidi.accounts import second_factor
from yidi.accounts.models import SecondFactor, Session, User
from yidi.accounts.real_name import same_name
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.people.models import Person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "Huan-Yige-Mima-2027"


@pytest.fixture
def person() -> Person:
    return a_person()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def password_step(client: Client, username: str = "wang", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/desk/sign-in/", {"username": username, "password": password, **more})


def code_step(client: Client, code: str, page: str = "code", **more: str) -> Any:
    return client.post(f"/desk/sign-in/{page}/", {"code": code, **more})


def key_of(client: Client) -> str:
    return client.cookies[site.SESSION_COOKIE_NAME].value


# people


def test_a_person_signs_in_and_out(client: Client, person: Person) -> None:
    a_user(person, "laowang")
    page = client.get("/sign-in/?next=/account/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert 'name="next" value="/account/"' in text(page)
    answer = client.post(
        "/sign-in/", {"username": " ｌａｏｗａｎｇ ", "password": PASSWORD, "next": "/account/"}
    )
    assert answer["Location"] == "/account/"
    cookie = client.cookies[site.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert client.get("/account/").status_code == 200
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/account/")["Location"] == "/sign-in/?next=%2Faccount%2F"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("laowang", "wrong"),
        ("nobody", PASSWORD),
        ("clerk", PASSWORD),
        ("gone", PASSWORD),
        ("LAOWANG", PASSWORD),
        ("laowang\x00", PASSWORD),
        ("laowang", PASSWORD.lower()),
        ("l" * 300, PASSWORD),
    ],
)
def test_every_wrong_sign_in_looks_the_same(
    client: Client, person: Person, username: str, password: str
) -> None:
    """Wrong password, nobody, staff at the wrong door, a deactivated user: not to be told apart."""
    a_user(person, "laowang")
    a_clerk("clerk", Role.REVIEWER)
    a_user(a_person(2), "gone")
    User.objects.filter(username="gone").update(is_active=False)
    answer = client.post("/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 200
    assert client.get("/account/").status_code == 302
    if len(username) < 60 and "\x00" not in username:
        bare = text(answer).replace(username, "")
        other = text(Client().post("/sign-in/", {"username": "somebody", "password": "x"}))
        assert _without_tokens(bare) == _without_tokens(other.replace("somebody", ""))


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("username", ["laowang", "nobody"])
def test_five_wrong_passwords_lock_a_name_whether_it_exists_or_not(
    client: Client, person: Person, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_user(person, "laowang")
    for _ in range(4):
        assert client.post("/sign-in/", {"username": username, "password": "x"}).status_code == 200
    answer = client.post("/sign-in/", {"username": username, "password": "x"})
    assert answer.status_code == 429
    until = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=16))
    assert f"{until:%H:%M} 以后可以再试" in text(answer)
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 429
    # From another address too: the lock is on the name.
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert elsewhere.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 429
    # And it is time-limited; trying on meanwhile does not prolong it.
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    later = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert later.status_code == (302 if username == "laowang" else 200)


def test_an_address_is_locked_after_many_names(settings: Any, person: Person) -> None:
    settings.ADDRESS_FAILURE_LIMIT = 10
    a_user(person, "laowang")
    attacker, home = Client(REMOTE_ADDR="10.0.0.9"), Client(REMOTE_ADDR="10.0.0.1")
    statuses = [
        attacker.post("/sign-in/", {"username": f"n{rank}", "password": "x"}).status_code
        for rank in range(11)
    ]
    assert statuses == [200] * 9 + [429] * 2
    assert attacker.post("/sign-in/", {"username": "laowang", "password": PASSWORD}).status_code == 429
    assert home.post("/sign-in/", {"username": "laowang", "password": PASSWORD}).status_code == 302


def test_ones_own_account_does_not_wash_an_address_clean(settings: Any, person: Person) -> None:
    settings.ADDRESS_FAILURE_LIMIT = 10
    a_user(person, "mine")
    attacker = Client(REMOTE_ADDR="10.0.0.9")
    for rank in range(9):
        attacker.post("/sign-in/", {"username": f"n{rank}", "password": "x"})
        attacker.post("/sign-in/", {"username": "mine", "password": PASSWORD})
    assert attacker.post("/sign-in/", {"username": "n9", "password": "x"}).status_code == 429


def test_a_right_password_forgets_the_wrong_ones(client: Client, person: Person) -> None:
    a_user(person, "laowang")
    for _ in range(3):
        for password in ("x", "y", "z", PASSWORD):
            answer = client.post("/sign-in/", {"username": "laowang", "password": password})
        assert answer.status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 10.0.0.1", "10.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (2, "6.6.6.6, 10.0.0.1, 10.0.0.2", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_our_own_proxy_saw(
    client: Client, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    client.post("/sign-in/", {"username": "n", "password": "x"}, **headers)  # type: ignore[arg-type]
    assert AccessAttempt.objects.get().ip_address == address


def test_failed_attempts_keep_no_passwords_and_no_names(client: Client) -> None:
    posted = {"username": "laowang", "password": "geheim-1", "name": "王老五", "identity": an_identity(5)}
    client.post("/sign-in/", posted)
    client.post("/register/", posted | {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM axes_accessattempt")
        rows = repr(cursor.fetchall())
    assert AccessAttempt.objects.count() == 2
    for secret in ("laowang", "geheim-1", "王老五", an_identity(5), NEW_PASSWORD):
        assert secret not in rows


@pytest.mark.parametrize("typed", [an_identity(5), an_identity(5)[:17] + "a", "13800138000", "王老五"])
def test_who_types_their_number_for_a_name_leaves_it_nowhere(
    client: Client, caplog: pytest.LogCaptureFixture, typed: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for page in ("/sign-in/", "/desk/sign-in/"):
        statuses = [client.post(page, {"username": typed, "password": "x"}).status_code for _ in range(3)]
    assert statuses[-1] == 429, "it counts all the same"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM axes_accessattempt")
        rows = repr(cursor.fetchall())
    assert typed not in rows
    assert typed not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/x",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "account/",
        "",
        "/" + "x" * 3000,
        "/\tx\n//evil.example",
        "http:///evil.example",
    ],
)
def test_the_way_back_stays_on_this_site(client: Client, person: Person, address: str) -> None:
    a_user(person, "laowang")
    answer = client.post("/sign-in/", {"username": "laowang", "password": PASSWORD, "next": address})
    assert answer["Location"] == "/me/"
    a_clerk("wang", Role.REVIEWER)
    desk = Client()
    onwards = password_step(desk, next=address)
    assert onwards["Location"] == "/desk/sign-in/code/?next=%2Fdesk%2F"
    assert code_step(desk, code_now(), next=address)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "page", ["/sign-in/", "/register/", "/desk/sign-in/", "/desk/sign-in/code/", "/sign-out/"]
)
def test_forged_forms_are_refused(page: str, person: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    a_user(person, "laowang")
    assert strict.post(page, {"username": "laowang", "password": PASSWORD}).status_code == 403
    assert not Session.objects.filter(user__isnull=False).exists()


def test_the_token_changes_when_somebody_signs_in(person: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    a_user(person, "laowang")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text(strict.get("/sign-in/")))
    assert found
    form = {"username": "laowang", "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
    before = strict.cookies["csrftoken"].value
    assert strict.post("/sign-in/", form).status_code == 302
    assert strict.cookies["csrftoken"].value != before


def test_a_planted_session_key_is_not_taken_over(client: Client, person: Person) -> None:
    """Session fixation: the key that somebody put into the browser is not the key of the session that begins."""
    a_user(person, "laowang")
    client.cookies[site.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    client.post("/sign-in/", {"username": "laowang", "password": PASSWORD})
    assert key_of(client) != "planted0planted0planted0planted0"


# registering


def registration(**changes: str) -> dict[str, str]:
    form = {
        "name": "测试甲",
        "identity": an_identity(1),
        "username": "laowang",
        "new_password": NEW_PASSWORD,
        "new_password_again": NEW_PASSWORD,
    }
    return form | changes


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("测试甲", an_identity(1)),
        (" 测 试 甲 ", f" {an_identity(1)} "),
        ("测试\u3000甲", "".join(chr(ord(digit) + 0xFEE0) for digit in an_identity(1))),
        ("测试甲", an_identity(1).lower()),
    ],
)
def test_a_person_registers(client: Client, person: Person, name: str, identity: str) -> None:
    answer = client.post("/register/", registration(name=name, identity=identity))
    assert answer.status_code == 302, text(answer)
    user = User.objects.get()
    assert (user.person_number, user.name, user.kind) == (person.number, "", "person")
    assert client.get("/account/").status_code == 200
    assert [event.action for event in Event.objects.order_by("pk")] == [
        "accounts:register",
        "accounts:sign-in",
    ]


def test_unknown_and_misnamed_get_one_answer(client: Client, person: Person) -> None:
    unknown = client.post("/register/", registration(identity=an_identity(77)))
    misnamed = client.post("/register/", registration(name="测试乙"))
    assert _without_tokens(text(unknown)).replace(an_identity(77), "#") == _without_tokens(
        text(misnamed)
    ).replace("测试乙", "测试甲").replace(an_identity(1), "#")
    assert "未能在参保登记中核对一致" in text(misnamed)
    assert not User.objects.exists()


def test_guessing_names_locks_the_number(client: Client, person: Person) -> None:
    statuses = [client.post("/register/", registration(name=f"猜{rank}")).status_code for rank in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    elsewhere = Client(REMOTE_ADDR="10.0.0.7")
    assert elsewhere.post("/register/", registration()).status_code == 429
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"new_password_again": "other"}, "两次输入的密码不一样"),
        ({"new_password": "12345678", "new_password_again": "12345678"}, "不够安全"),
        ({"new_password": "short", "new_password_again": "short"}, "不够安全"),
        ({"username": "a"}, "用户名应为"),
        ({"username": "a b c"}, "用户名应为"),
        ({"username": "taken"}, "已有人使用"),
        ({"username": an_identity(1)}, "不要用身份证号或手机号"),
        ({"username": "王138 0013 8000".replace(" ", "")}, "不要用身份证号或手机号"),
        ({"name": ""}, "请输入姓名"),
        ({"identity": ""}, "请输入身份证号"),
        ({"identity": "123"}, "未能在参保登记中核对一致"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, person: Person, changes: dict[str, str], said: str
) -> None:
    a_user(a_person(2), "taken")
    answer = client.post("/register/", registration(**changes))
    assert answer.status_code == 200
    assert said in text(answer)
    assert NEW_PASSWORD not in text(answer)
    assert User.objects.count() == 1


def test_one_person_has_one_account(client: Client, person: Person) -> None:
    a_user(person, "first")
    assert "您已经注册过账户" in text(client.post("/register/", registration()))


def test_registration_can_be_closed(client: Client, person: Person, settings: Any) -> None:
    settings.REGISTRATION = False
    assert "REGISTER-CLOSED" in text(client.get("/register/"))
    assert "REGISTER-CLOSED" in text(client.post("/register/", registration()))
    assert "/register/" not in text(client.get("/sign-in/"))
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("买买提·艾力", "买买提•艾力", True),
        ("买买提·艾力", "买买提．艾力", True),
        ("Ａｎｎａ　Ｌｅｅ", "Anna Lee", True),
        ("Anna Lee", "anna lee", False),
        ("王五", "王伍", False),
        ("王五", "王", False),
        ("", "", True),
    ],
)
def test_names_are_compared_to_the_letter(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_a_new_password_ends_the_other_sessions(client: Client, person: Person) -> None:
    user = a_user(person, "laowang")
    other = Client()
    sign_in(other, user)
    sign_in(client, user)
    form = {"old_password": "x", "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert "用户名或密码不对" in text(client.post("/account/", form))
    form["old_password"] = PASSWORD
    assert client.post("/account/", form).status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    client.post("/sign-out/")
    assert client.post("/sign-in/", {"username": "laowang", "password": NEW_PASSWORD}).status_code == 302


def test_signing_out_everywhere(person: Person) -> None:
    user = a_user(person)
    clients = [Client(), Client()]
    for client in clients:
        sign_in(client, user)
    clients[0].post("/sign-out/", {"everywhere": "1"})
    assert [client.get("/account/").status_code for client in clients] == [302, 302]


# staff


def test_staff_need_both_factors(client: Client) -> None:
    a_clerk("wang", Role.REVIEWER)
    assert client.get("/desk/new-password/")["Location"] == "/desk/sign-in/"
    onwards = password_step(client, next="/desk/new-password/")
    assert onwards["Location"] == "/desk/sign-in/code/?next=%2Fdesk%2Fnew-password%2F"
    assert client.get("/desk/new-password/")["Location"] == "/desk/sign-in/"
    assert not Session.objects.filter(user__isnull=False).exists()
    before = key_of(client)
    assert "验证码不对" in text(code_step(client, "000000"))
    SecondFactor.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=1))
    assert code_step(client, code_now(), next="/desk/new-password/")["Location"] == "/desk/new-password/"
    assert key_of(client) != before
    assert client.get("/desk/new-password/").status_code == 200


def test_a_code_serves_once(client: Client) -> None:
    a_clerk("wang", Role.REVIEWER)
    code = code_now()
    password_step(client)
    assert code_step(client, code).status_code == 302
    other = Client()
    password_step(other)
    assert "已经用过" in text(code_step(other, code))
    SecondFactor.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(minutes=1))
    assert "已经用过" in text(code_step(other, code_now(-1)))


@pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_code(client: Client, steps: int, passes: bool) -> None:
    a_clerk("wang", Role.REVIEWER)
    password_step(client)
    assert code_step(client, code_now(steps)).status_code == (302 if passes else 200)


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "１２３", "-12345", "1e5", "١٢٣٤٥٦", "\x00"])
def test_what_is_no_code(client: Client, code: str) -> None:
    a_clerk("wang", Role.REVIEWER)
    password_step(client)
    assert code_step(client, code).status_code == 200
    assert client.get("/desk/new-password/").status_code == 302


def test_guessing_codes_takes_ever_longer(client: Client) -> None:
    a_clerk("wang", Role.REVIEWER)
    password_step(client)
    code_step(client, "000000")
    answer = code_step(client, code_now())
    assert "以后再试" in text(answer)
    SecondFactor.objects.update(throttling_failure_count=10, throttling_failure_timestamp=timezone.now())
    assert "以后再试" in text(code_step(client, code_now()))
    assert SecondFactor.objects.get().throttling_failure_count == 10


@pytest.mark.parametrize("how", ["late", "password changed", "deactivated", "nobody"])
def test_the_second_step_follows_the_first_at_once(
    client: Client, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = a_clerk("wang", Role.REVIEWER)
    if how != "nobody":
        password_step(client)
    code = code_now()
    if how == "late":
        clock = time.time
        monkeypatch.setattr(second_factor.time, "time", lambda: clock() + 601)
    elif how == "password changed":
        user.set_password(NEW_PASSWORD)
        user.save()
    elif how == "deactivated":
        User.objects.update(is_active=False)
    assert code_step(client, code)["Location"].startswith("/desk/sign-in/?")
    monkeypatch.undo()
    assert "从输入密码开始重新登录" in text(client.get("/desk/sign-in/"))


def test_the_code_of_another_clerk_is_wrong(client: Client) -> None:
    a_clerk("wang", Role.REVIEWER)
    other = a_clerk("li", Role.REVIEWER)
    SecondFactor.objects.filter(user=other).update(secret="A" * 32)
    password_step(client, "li")
    assert code_step(client, code_now()).status_code == 200


def test_the_password_alone_ends_nobodys_session(client: Client) -> None:
    clerk = a_clerk("wang", Role.REVIEWER)
    sign_in(client, clerk)
    password_step(Client())
    assert client.get("/desk/new-password/").status_code == 200


def test_the_first_sign_in_enrols_and_asks_for_a_password(client: Client) -> None:
    clerk = a_clerk("wang", Role.REVIEWER)
    SecondFactor.objects.all().delete()
    User.objects.update(must_change_password=True)
    assert password_step(client)["Location"].startswith("/desk/sign-in/enrol/")
    page = text(client.get("/desk/sign-in/enrol/"))
    assert "<svg" in page
    assert "style=" not in page
    secret = SecondFactor.objects.get().secret
    assert " ".join(re.findall("....", secret)) in page
    assert page.count(secret) == 0
    assert "请先" not in page
    assert text(client.get("/desk/sign-in/enrol/")).count(" ".join(re.findall("....", secret))) == 1
    assert code_step(client, "000000", "enrol").status_code == 200
    assert not SecondFactor.objects.get().confirmed
    SecondFactor.objects.update(secret=SECRET, throttling_failure_count=0)
    assert code_step(client, code_now(), "enrol").status_code == 302
    assert SecondFactor.objects.get().confirmed
    form = {"old_password": PASSWORD, "new_password": PASSWORD, "new_password_again": PASSWORD}
    assert "新密码与原密码相同" in text(client.post("/desk/new-password/", form))
    form |= {"new_password": "Zu-Kurz-1", "new_password_again": "Zu-Kurz-1"}
    assert "不够安全" in text(client.post("/desk/new-password/", form))
    form |= {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert client.post("/desk/new-password/", form).status_code == 302
    clerk.refresh_from_db()
    assert not clerk.must_change_password


def test_who_has_enrolled_sees_no_secret(client: Client) -> None:
    a_clerk("wang", Role.REVIEWER)
    password_step(client)
    answer = client.get("/desk/sign-in/enrol/")
    assert answer["Location"].startswith("/desk/sign-in/?")
    assert Client().get("/desk/sign-in/enrol/")["Location"].startswith("/desk/sign-in/?")


def test_the_secret_is_not_to_be_read_in_the_database() -> None:
    a_clerk("wang", Role.REVIEWER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        (sealed,) = cursor.fetchone()
    assert SECRET.encode() not in bytes(sealed)


def test_people_do_not_get_in_at_the_desk(client: Client, person: Person) -> None:
    user = a_user(person, "laowang")
    assert "用户名或密码不对" in text(password_step(client, "laowang"))
    sign_in(client, user)
    assert client.get("/desk/new-password/")["Location"] == "/desk/sign-in/"


def test_staff_do_not_get_in_at_the_portal(client: Client) -> None:
    clerk = a_clerk("wang", Role.REVIEWER)
    sign_in(client, clerk)
    assert client.get("/account/").status_code == 302


def test_the_lock_says_its_own_end(client: Client, person: Person) -> None:
    """What others at the same address did since does not put it off."""
    a_user(person, "laowang")
    for _ in range(5):
        client.post("/sign-in/", {"username": "laowang", "password": "x"})
    ten_ago = timezone.now() - timedelta(minutes=10)
    AccessAttempt.objects.update(attempt_time=ten_ago)
    client.post("/sign-in/", {"username": "neighbour", "password": "x"})
    answer = client.post("/sign-in/", {"username": "laowang", "password": PASSWORD})
    assert f"{timezone.localtime(ten_ago + timedelta(minutes=16)):%H:%M} 以后可以再试" in text(answer)


def test_the_gateway_asks_for_no_session(client: Client, person: Person) -> None:
    sign_in(client, a_user(person))
    with CaptureQueriesContext(connection) as asked:
        answer = client.post("/fsi/api/rsfComIfsService/callService", "{}", content_type="application/json")
    assert not [query["sql"] for query in asked if "accounts_" in query["sql"]]
    assert not answer.cookies
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/")
    assert [query["sql"] for query in asked if "accounts_session" in query["sql"]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_one_code_at_once_one_gets_in() -> None:
    a_clerk("wang", Role.REVIEWER)
    clients = [Client(), Client(), Client()]
    for client in clients:
        password_step(client)
    code, gate = code_now(), threading.Barrier(len(clients))

    def enter(client: Client) -> int:
        gate.wait()
        try:
            return int(code_step(client, code).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        assert sorted(pool.map(enter, clients)) == [200, 200, 302]
