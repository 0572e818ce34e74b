"""Sign-in through an identity provider, walked over real HTTP: the way through, and every way it is refused."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from tests.accounts.factories import PASSWORD, a_user, sign_in
from tests.accounts.issuer import CLIENT_ID, CLIENT_SECRET, Issuer
from tests.people.factories import a_person, an_identity
from yidi.accounts.models import Session, User
from yidi.accounts.openid import Provider
from yidi.people.models import Person

pytestmark = pytest.mark.django_db
BEGIN = "/sign-in/with/oidc/"
IDENTITY_CLAIM = "cn_id"


@pytest.fixture(scope="module")
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture
def issuer(running: Issuer, settings: Any) -> Issuer:
    fresh = {"claims": {"sub": "u-1"}, "userinfo": {}, "discovery": {}, "token_changes": {}}
    fresh |= {"sign_with": running.key, "algorithm": "RS256", "without_id_token": False, "asked": []}
    vars(running).update(fresh)
    settings.OIDC_ISSUER = running.address
    settings.OIDC_IDENTITY_CLAIM = IDENTITY_CLAIM
    app = {"provider_id": "oidc", "name": "test", "client_id": CLIENT_ID, "secret": CLIENT_SECRET}
    app["settings"] = {"server_url": running.address, "oauth_pkce_enabled": True}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"provider_class": "yidi.accounts.openid.Provider", "APPS": [app]}
    }
    return running


@pytest.fixture
def person() -> Person:
    return a_person()


def walk(client: Client, issuer: Issuer, begin: str = BEGIN) -> Any:
    """To the provider, back with its code, and what the site then says."""
    there = client.get(begin)
    assert there.status_code == 302, there.content.decode()
    return client.get(local(issuer.authorize(there["Location"])))


def local(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_what_is_asked_of_the_provider(client: Client, issuer: Issuer) -> None:
    query = parse_qs(urlsplit(client.get(BEGIN + "?scope=evil&auth_params=prompt%3Dnone")["Location"]).query)
    assert query["client_id"] == [CLIENT_ID]
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert set(query["scope"][0].split()) == {"openid", "profile"}
    assert query["redirect_uri"] == ["http://testserver/sign-in/with/oidc/back/"]
    assert len(query["nonce"][0]) >= 32
    assert "prompt" not in query


@pytest.mark.parametrize("where", ["claims", "userinfo"])
def test_claims_that_match_the_register_sign_a_person_in(
    client: Client, issuer: Issuer, person: Person, where: str
) -> None:
    getattr(issuer, where).update({"name": person.name, IDENTITY_CLAIM: an_identity(1)})
    answer = walk(client, issuer, BEGIN + "?next=/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_in(client)
    user = User.objects.get()
    assert user.person_number == person.number
    assert not user.has_usable_password()
    assert walk(Client(), issuer).status_code == 302
    assert User.objects.get() == user


def test_nothing_that_the_provider_says_is_stored(client: Client, issuer: Issuer, person: Person) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1), "email": "old@example.org"}
    walk(client, issuer)
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("accounts_", "account_", "socialaccount_", "axes_")):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                rows += [bytes(v) if isinstance(v, memoryview) else v for row in cursor for v in row]
    assert rows
    for secret in (person.name, an_identity(1), "old@example.org", "u-1", "the-token"):
        assert secret not in repr(rows)


def test_without_claims_the_person_is_asked_once(client: Client, issuer: Issuer, person: Person) -> None:
    answer = walk(client, issuer, BEGIN + "?next=/account/")
    assert answer["Location"] == "/sign-in/who/?next=%2Faccount%2F"
    assert not is_in(client)
    page = client.get(answer["Location"]).content.decode()
    assert "实名核验" in page
    wrong = client.post("/sign-in/who/", {"name": "别人", "identity": an_identity(1)})
    assert "未能在参保登记中核对一致" in wrong.content.decode()
    assert not User.objects.exists()
    right = {"name": person.name, "identity": an_identity(1), "next": "/account/"}
    assert client.post("/sign-in/who/", right)["Location"] == "/account/"
    assert is_in(client)
    again = Client()
    assert walk(again, issuer)["Location"] == "/me/"
    assert is_in(again)


def test_the_question_is_for_those_the_provider_let_in(
    client: Client, issuer: Issuer, person: Person
) -> None:
    right = {"name": person.name, "identity": an_identity(1)}
    assert client.post("/sign-in/who/", right)["Location"] == "/sign-in/"
    assert not User.objects.exists()


def test_typed_names_do_not_take_an_account_over(client: Client, issuer: Issuer, person: Person) -> None:
    owner = a_user(person)
    walk(client, issuer)
    answer = client.post("/sign-in/who/", {"name": person.name, "identity": an_identity(1)})
    assert "您已经注册过账户" in answer.content.decode()
    assert not is_in(client)
    owner.refresh_from_db()
    assert owner.openid == ""


def test_the_providers_word_takes_back_a_local_account(
    client: Client, issuer: Issuer, person: Person
) -> None:
    """Whoever had registered with somebody's name and number is out once that person comes themselves."""
    impostor = Client()
    owner = a_user(person)
    sign_in(impostor, owner)
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    walk(client, issuer)
    assert is_in(client)
    assert not is_in(impostor)
    again = impostor.post("/sign-in/", {"username": owner.username, "password": PASSWORD})
    assert again.status_code == 200
    assert User.objects.get().pk == owner.pk


def test_one_person_has_one_sign_in_at_the_provider(issuer: Issuer, person: Person) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    walk(Client(), issuer)
    issuer.claims["sub"] = "u-2"
    second = Client()
    assert "REGISTER-OTHER" in walk(second, issuer).content.decode()
    assert not is_in(second)


def test_a_deactivated_person_stays_out(client: Client, issuer: Issuer, person: Person) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    walk(client, issuer)
    User.objects.update(is_active=False)
    other = Client()
    assert walk(other, issuer).status_code == 502
    assert not is_in(other)


REFUSED: dict[str, dict[str, Any]] = {
    "another nonce": {"token_changes": {"nonce": "another"}},
    "no nonce": {"token_changes": {"nonce": None}},
    "another audience": {"token_changes": {"aud": "somebody"}},
    "meant for a third party": {"token_changes": {"aud": [CLIENT_ID, "x"], "azp": "x"}},
    "another issuer in the token": {"token_changes": {"iss": "http://127.0.0.1:1"}},
    "out of date": {"token_changes": {"exp": int(time.time()) - 3600}},
    "without an end": {"token_changes": {"exp": None}},
    "no subject": {"token_changes": {"sub": None}},
    "another subject at userinfo": {"userinfo": {"sub": "u-2"}},
    "another issuer in discovery": {
        "discovery": {"issuer": "http://127.0.0.1:1"},
        "token_changes": {"iss": "http://127.0.0.1:1"},
    },
    "no keys": {"discovery": {"jwks_uri": None}},
    "keys that are not there": {"discovery": {"jwks_uri": "{address}/nothing"}},
    "no identity token": {"without_id_token": True},
    "another key": {"sign_with": "other"},
    "signed with the client's secret": {"sign_with": CLIENT_SECRET * 2, "algorithm": "HS256"},
    "not signed": {"sign_with": "", "algorithm": "none"},
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_does_not_hold_lets_nobody_in(client: Client, issuer: Issuer, person: Person, how: str) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    there = client.get(BEGIN)
    for name, value in REFUSED[how].items():
        given = issuer.other_key if value == "other" else value
        if isinstance(given, dict):
            given = {
                k: v.format(address=issuer.address) if isinstance(v, str) else v for k, v in given.items()
            }
        setattr(issuer, name, getattr(issuer, name) | given if isinstance(given, dict) else given)
    answer = client.get(local(issuer.authorize(there["Location"])))
    assert answer.status_code == 502, how
    assert "没有登录成功" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("change", ["missing", "guessed", "used", "of another browser", "no code", "denied"])
def test_a_state_serves_its_own_browser_once(
    client: Client, issuer: Issuer, person: Person, change: str
) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    back = local(issuer.authorize(client.get(BEGIN)["Location"]))
    browser, state = client, parse_qs(urlsplit(back).query)["state"][0]
    if change == "missing":
        back = back.replace(f"state={state}", "")
    elif change == "guessed":
        back = back.replace(state, state[::-1])
    elif change == "used":
        client.get(back)
        client.post("/sign-out/")
    elif change == "of another browser":
        browser = Client()
        browser.get(BEGIN)
    elif change == "no code":
        back = f"/sign-in/with/oidc/back/?state={state}"
    else:
        back = f"/sign-in/with/oidc/back/?state={state}&error=access_denied"
    assert browser.get(back).status_code == 502
    assert not is_in(browser)


def test_a_provider_that_is_down_is_said(client: Client, issuer: Issuer, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    assert client.get(BEGIN).status_code == 502


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\e"]
)
def test_the_way_back_stays_on_this_site(
    client: Client, issuer: Issuer, person: Person, address: str
) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    assert walk(client, issuer, f"{BEGIN}?next={address}")["Location"] == "/me/"


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.get(BEGIN).status_code == 404
    assert client.get("/sign-in/with/oidc/back/").status_code == 404
    assert BEGIN not in client.get("/sign-in/").content.decode()


def test_other_providers_are_not_there(client: Client, issuer: Issuer) -> None:
    assert client.get("/sign-in/with/github/").status_code == 404
    assert BEGIN in client.get("/sign-in/").content.decode()


def test_a_subject_means_something_at_its_own_issuer_only() -> None:
    uid = Provider.extract_uid
    one = uid(None, {"iss": "https://a", "sub": "1"})  # type: ignore[arg-type]
    assert one != uid(None, {"iss": "https://b", "sub": "1"})  # type: ignore[arg-type]
    assert len(one) == 64


def test_the_session_key_changes_on_the_way_in(client: Client, issuer: Issuer, person: Person) -> None:
    issuer.claims |= {"name": person.name, IDENTITY_CLAIM: an_identity(1)}
    there = client.get(BEGIN)
    before = client.cookies["sessionid"].value
    client.get(local(issuer.authorize(there["Location"])))
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()
