"""Whose messages are taken: one table of schemes, each change of one thing refused by its name."""

import base64
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests.gateway import factories
from tests.gateway.client import Client, Json
from yidi.accounts.actors import SYSTEM
from yidi.audit.models import Event
from yidi.gateway import signature
from yidi.gateway.errors import AccountTaken, BadKey, KeyNotThere, Unsigned
from yidi.gateway.institutions import enrol
from yidi.gateway.json_text import encode, parse
from yidi.gateway.models import Institution, Key, Nonce
from yidi.gateway.security import keys, sealed, signed_input, sm2
from yidi.gateway.security.headers import csb_signature, x_tif_signature
from yidi.gateway.security.terms import KeyKind, Scheme

pytestmark = pytest.mark.django_db
PRIVATE = sm2.private_key(b"p" * 32)
PUBLIC = sm2.public_key(PRIVATE).hex()
APP = "APP-0123456789-shanghai"


def now_s() -> str:
    return str(int(time.time()))


def x_tif(key: Key, **changes: str) -> dict[str, str]:
    stamp, nonce = now_s(), secrets.token_hex(8)
    made = {
        "x-tif-paasid": key.account,
        "x-tif-timestamp": stamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": x_tif_signature(stamp, str(key.secret), nonce),
    }
    return {**made, **changes}


def csb(key: Key, **changes: str) -> dict[str, str]:
    made = {
        "_api_name": "hsa-fsi",
        "_api_version": "1.0.0",
        "_api_access_key": key.account,
        "_api_timestamp": changes.pop("stamp", "{now}").format(now=now_s()),
    }
    return {**made, "_api_signature": csb_signature(made, str(key.secret)), **changes}


def apikey(key: Key, **changes: str) -> dict[str, str]:
    return {"apikey": str(key.secret), **changes}


HEADERS: dict[KeyKind, Callable[..., dict[str, str]]] = {
    KeyKind.X_TIF: x_tif,
    KeyKind.CSB: csb,
    KeyKind.APIKEY: apikey,
}


def scheme(world: factories.World, kind: KeyKind) -> Key:
    """The institution set up for a scheme, with one key of it."""
    enrol(world.provider, Scheme(kind.value), SYSTEM)
    world.institution.keys.all().delete()
    return keys.add(world.institution, kind, SYSTEM, account=APP, public_key=PUBLIC)


def outcome(client: Client, headers: dict[str, str]) -> str:
    """The code of what a message that changes nothing is refused with: past the signature, an unknown number."""
    return code_of(parse(client.post(client.message("9001", infno="0000"), **headers).content.decode()))


def code_of(reply: Json) -> str:
    return str(reply["err_msg"]).split("]")[0].removeprefix("[")


TAKEN = "GATEWAY-INFNO"


@pytest.mark.parametrize("kind", HEADERS)
def test_each_scheme_takes_its_own_key_and_no_other(client: Client, kind: KeyKind) -> None:
    key = scheme(client.world, kind)
    assert outcome(client, HEADERS[kind](key)) == TAKEN
    for other in HEADERS:
        if other != kind:
            assert outcome(client, HEADERS[other](key)) == "GATEWAY-SIGNATURE"
    key.secret = "another"
    assert outcome(client, HEADERS[kind](key)) == "GATEWAY-SIGNATURE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"_api_name": "another"}, "GATEWAY-SIGNATURE"),
        ({"_api_version": "2"}, "GATEWAY-SIGNATURE"),
        ({"_api_access_key": "another"}, "GATEWAY-SIGNATURE"),
        ({"_api_signature": "x"}, "GATEWAY-SIGNATURE"),
        ({"_api_signature": ""}, "GATEWAY-SIGNATURE"),
        ({"stamp": "{now}000"}, TAKEN),
        ({"stamp": "1735689600"}, "GATEWAY-TIMESTAMP"),
        ({"stamp": "soon"}, "GATEWAY-TIMESTAMP"),
    ],
)
def test_the_csb_bus(client: Client, changes: dict[str, str], code: str) -> None:
    key = scheme(client.world, KeyKind.CSB)
    assert outcome(client, csb(key, **changes)) == code


def test_csb_has_no_nonce_so_a_message_of_the_same_second_is_no_replay(client: Client) -> None:
    key = scheme(client.world, KeyKind.CSB)
    headers = csb(key)
    body = client.message("9001")
    first = client.send(body, **headers)
    assert first["infcode"] == 0
    assert client.send(body, **headers) == first
    assert client.send(client.message("9001"), **headers)["infcode"] == 0
    assert not Nonce.objects.exists()


@pytest.mark.parametrize("kind", HEADERS)
def test_old_and_new_key_hold_together_while_they_rotate(client: Client, kind: KeyKind) -> None:
    old = scheme(client.world, kind)
    new = keys.rotate(old, SYSTEM, timedelta(hours=1))
    assert new.secret != old.secret
    assert [outcome(client, HEADERS[kind](key)) for key in (old, new)] == [TAKEN, TAKEN]
    Key.objects.filter(pk=old.pk).update(
        starts=timezone.now() - timedelta(hours=2), ends=timezone.now() - timedelta(hours=1)
    )
    assert [outcome(client, HEADERS[kind](key)) for key in (old, new)] == ["GATEWAY-SIGNATURE", TAKEN]
    reply = client.post(client.message("9001"), **HEADERS[kind](old)).content.decode()
    assert "已到期" in reply
    keys.revoke(new, SYSTEM, "遗失")
    assert outcome(client, HEADERS[kind](new)) == "GATEWAY-SIGNATURE"
    with pytest.raises(KeyNotThere):
        keys.rotate(new, SYSTEM, timedelta())
    actions = list(Event.objects.filter(action__startswith="gateway:key").values_list("action", flat=True))
    assert actions == ["gateway:key-add", "gateway:key-add", "gateway:key-rotate", "gateway:key-revoke"]


def test_a_secret_is_no_plain_text_in_the_database(client: Client) -> None:
    from django.db import connection

    key = scheme(client.world, KeyKind.X_TIF)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM gateway_key")
        (kept,) = cursor.fetchone()
    assert str(key.secret).encode() not in bytes(kept)


def test_without_signatures_in_a_demo_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(client, {}) == TAKEN
    monkeypatch.setattr(settings, "GATEWAY_UNSIGNED", False)
    assert outcome(client, {}) == "GATEWAY-UNSIGNED"
    with pytest.raises(Unsigned):
        enrol(client.world.provider, Scheme.NONE, SYSTEM)


@pytest.mark.parametrize(
    ("kind", "parts", "error"),
    [
        (KeyKind.X_TIF, {}, BadKey),
        (KeyKind.SEALED, {"account": "short", "public_key": PUBLIC}, BadKey),
        (KeyKind.SEALED, {"account": APP}, BadKey),
        (KeyKind.INPUT, {"public_key": "00" * 64}, BadKey),
        (KeyKind.APIKEY, {"ends": timezone.now() - timedelta(days=1)}, BadKey),
        (KeyKind.SEALED, {"account": f"{APP}-2", "public_key": PUBLIC}, AccountTaken),
    ],
)
def test_keys_that_are_not_given_out(
    client: Client, kind: KeyKind, parts: dict[str, Any], error: type[Exception]
) -> None:
    provider = factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）")
    other = enrol(provider, Scheme.SEALED, SYSTEM)
    keys.add(other, KeyKind.SEALED, SYSTEM, account=f"{APP}-2", public_key=PUBLIC)
    before = Key.objects.count()
    with pytest.raises(error):
        keys.add(client.world.institution, kind, SYSTEM, **parts)
    assert Key.objects.count() == before


class TestSignedInput:
    """`cainfo` over `input` (interface §2.6)."""

    @pytest.fixture
    def client(self, world: factories.World) -> Client:
        keys.add(world.institution, KeyKind.INPUT, SYSTEM, public_key=PUBLIC)
        return Client(world)

    def code(self, client: Client, setting: str, **changes: Any) -> str:
        Institution.objects.update(input_signature=setting)
        body = client.message("9001", infno="0000", **changes)
        if body["cainfo"] == "sign":
            body["cainfo"] = signed_input.sign(PRIVATE, body["input"])
        return code_of(parse(client.post(body).content.decode()))

    @pytest.mark.parametrize(
        ("changes", "off", "verify", "require"),
        [
            ({}, True, True, False),
            ({"signtype": "SM2", "cainfo": "sign"}, True, True, True),
            ({"signtype": "sm3", "cainfo": "sign"}, True, True, True),
            (
                {"signtype": "SM2", "cainfo": "sign", "input": '{"signIn":  {"opter_no":"1"}}'},
                True,
                True,
                True,
            ),
            ({"signtype": "SM2", "cainfo": "0" * 128}, True, False, False),
            ({"signtype": "SM2", "cainfo": "§"}, True, False, False),
            ({"signtype": "PRCSSC", "cainfo": "of another place"}, True, True, False),
        ],
    )
    def test_by_setting(self, client: Client, changes: Json, off: bool, verify: bool, require: bool) -> None:
        for setting, taken in (("off", off), ("verify", verify), ("require", require)):
            expected = TAKEN if taken else "GATEWAY-INPUT-SIGNATURE"
            assert self.code(client, setting, **changes) == expected, setting

    def test_as_hex_and_with_another_order_of_keys(self, client: Client) -> None:
        body = client.message("9001", infno="0000")
        raw = base64.b64decode(signed_input.sign(PRIVATE, body["input"]))
        given = {"signIn": dict(reversed(body["input"]["signIn"].items()))}
        assert self.code(client, "require", signtype="SM2", cainfo=raw.hex(), input=given) == TAKEN

    def test_a_revoked_key(self, client: Client) -> None:
        keys.revoke(Key.objects.get(kind="input"), SYSTEM, "换证")
        assert self.code(client, "verify", signtype="SM2", cainfo="sign") == "GATEWAY-INPUT-SIGNATURE"

    def test_replies_are_signed(self, client: Client) -> None:
        enrol(client.world.provider, None, SYSTEM, signs_replies=True)
        public = sm2.public_key(sm2.private_key(bytes.fromhex(settings.GATEWAY_SM2_KEY)))
        for body in (client.message("9001"), client.message("9001", infno="0000")):
            reply = client.send(body)
            assert reply["signtype"] == "SM2"
            assert signed_input.holds(public, reply["output"], reply["cainfo"])


class TestSealed:
    """The SM4/SM2 envelope (interface §2.7)."""

    @pytest.fixture
    def client(self, world: factories.World) -> Client:
        scheme(world, KeyKind.SEALED)
        return Client(world)

    @property
    def secret(self) -> str:
        return str(Key.objects.get(account=APP).secret)

    def sealed(self, body: Any, **changes: Any) -> Json:
        outer = {"appId": APP, "encType": "SM4", "signType": "SM2", "timestamp": str(int(time.time() * 1000))}
        outer |= {name: changes.pop(name) for name in ("appId", "timestamp") if name in changes}
        signed = sealed.sign({**outer, "data": body}, self.secret, PRIVATE)
        return {
            **outer,
            "encData": sealed.seal(encode(body), APP, self.secret),
            "signData": signed,
            **changes,
        }

    def opened(self, reply: Json) -> Json:
        """The reply inside its envelope, its signature checked as a client would."""
        inner: Json = parse(sealed.unseal(reply["encData"], reply["appId"], self.secret).decode())
        public = sm2.public_key(sm2.private_key(bytes.fromhex(settings.GATEWAY_SM2_KEY)))
        assert sealed.holds({**reply, "data": inner}, self.secret, public)
        return inner

    def send(self, client: Client, body: Json) -> Json:
        reply: Json = parse(client.post(body).content.decode())
        return self.opened(reply) if "encData" in reply else reply

    def test_sealed_is_answered_sealed(self, client: Client) -> None:
        body = client.message("9001")
        first = self.send(client, self.sealed(body))
        assert first["output"]["signinoutb"]["sign_no"]
        assert self.send(client, self.sealed(body)) == first
        assert code_of(self.send(client, self.sealed(client.message("9001", infno="0000")))) == TAKEN
        assert self.send(client, self.sealed(client.message("9001"), extra="x", data=None))["infcode"] == 0

    def test_only_what_is_empty_is_left_unsigned(self) -> None:
        given = {"b": "x=", "a": "", "c": None, "encData": "00"}
        assert sealed.signed_text(given, "secret") == "b=x=&key=secret"

    def test_plain_is_refused(self, client: Client) -> None:
        assert outcome(client, {}) == "GATEWAY-SIGNATURE"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"appId": "APP-0123456789-another"}, "GATEWAY-SEAL"),
            ({"appId": 7}, "GATEWAY-SEAL"),
            ({"encData": "00"}, "GATEWAY-SEAL"),
            ({"encData": "zz"}, "GATEWAY-SEAL"),
            ({"encData": None}, "GATEWAY-SEAL"),
            ({"signData": "AAAA"}, "GATEWAY-SEAL"),
            ({"signData": None}, "GATEWAY-SEAL"),
            ({"encType": "SM1"}, "GATEWAY-SEAL"),
            ({"version": "2"}, "GATEWAY-SEAL"),
            ({"timestamp": "1735689600"}, "GATEWAY-TIMESTAMP"),
        ],
    )
    def test_what_does_not_open(self, client: Client, changes: Json, code: str) -> None:
        assert code_of(self.send(client, self.sealed(client.message("9001"), **changes))) == code

    def test_a_message_that_the_key_going_out_seems_to_open(self, client: Client) -> None:
        old = Key.objects.get(account=APP)
        old_secret = str(old.secret)
        keys.rotate(old, SYSTEM, timedelta(hours=1))
        secret = str(Key.objects.exclude(pk=old.pk).get(account=APP).secret)
        outer = {"appId": APP, "encType": "SM4", "signType": "SM2", "timestamp": str(int(time.time() * 1000))}
        for tail in range(10_000):
            body = client.message("9001", tail=str(tail))
            packed = sealed.seal(encode(body), APP, secret)
            with suppress(ValueError):
                sealed.unseal(packed, APP, old_secret)
                break
        signed = sealed.sign({**outer, "data": body}, secret, PRIVATE)
        reply = parse(client.post({**outer, "encData": packed, "signData": signed}).content.decode())
        assert parse(sealed.unseal(reply["encData"], APP, secret).decode())["infcode"] == 0

    def test_in_the_name_of_another(self, client: Client) -> None:
        provider = factories.hospital(factories.OTHER_HOSPITAL, "上海另一示例医院（合成）")
        enrol(provider, Scheme.SEALED, SYSTEM)
        body = client.message("9001", fixmedins_code=factories.OTHER_HOSPITAL)
        assert code_of(self.send(client, self.sealed(body))) == "GATEWAY-SEAL"


def test_the_nonce_window_is_kept_clean(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    key = scheme(client.world, KeyKind.X_TIF)
    monkeypatch.setattr(signature, "SWEEP_EVERY", 1)
    old = timezone.now() - timedelta(seconds=2 * settings.GATEWAY_CLOCK_WINDOW_S + 1)
    Nonce.objects.create(paasid=APP, nonce="old", at=old)
    assert outcome(client, x_tif(key, **{"x-tif-signature": "0"})) == "GATEWAY-SIGNATURE"
    assert Nonce.objects.filter(nonce="old").exists()
    assert outcome(client, x_tif(key)) == TAKEN
    assert not Nonce.objects.filter(nonce="old").exists()
