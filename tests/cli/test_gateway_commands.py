"""yidi gateway connect, show, set-dialect, key: the keeper of the centre at the command line."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from tests.gateway import factories
from yidi.audit.models import Event
from yidi.cli.main import cli
from yidi.gateway.models import Institution, Key
from yidi.gateway.security import sm2

pytestmark = pytest.mark.django_db
CODE = factories.HOSPITAL
PUBLIC = sm2.public_key(sm2.private_key(bytes(32))).hex()


@pytest.fixture(autouse=True)
def _hospital() -> None:
    factories.hospital(CODE, "上海示例医院（合成）")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["gateway", *arguments], prog_name="yidi")


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_institution_is_connected_and_changed_one_thing_at_a_time() -> None:
    assert "x-tif" in done("connect", CODE)
    done("connect", CODE, "--scheme", "csb", "--dialect", "jiangsu", "--per-minute", "60")
    told = done("connect", CODE, "--input-signature", "verify", "--sign-replies")
    for line in ("CSB", '"infcode_text": true', "每分钟报文：60", "有则验签", "中心 SM2 签名"):
        assert line in told
    assert "每分钟报文：不限" in done("connect", CODE, "--per-minute", "0")
    assert done("show", CODE) == done("show", CODE)
    done("set-dialect", CODE, "guangzhou", "--set", "names=camel", "--set", "wrapped=false")
    kept = Institution.objects.get().dialect
    assert (kept["names"], kept["part_am"], kept.get("wrapped")) == ("camel", True, None)
    assert len(done("centre-key").strip()) == 130


def test_a_secret_is_shown_once_and_rotated() -> None:
    done("connect", CODE)
    added = done("key", "add", "--institution", CODE, "--kind", "x-tif", "--account", "sh-01")
    key = Key.objects.get()
    assert f"密钥：{key.secret}" in added
    rotated = done("key", "rotate", "--institution", CODE, str(key.pk), "--overlap-hours", "24")
    new = Key.objects.latest("pk")
    assert f"密钥：{new.secret}" in rotated
    ends = Key.objects.get(pk=key.pk).ends
    assert ends is not None
    assert timedelta(hours=23) < ends - timezone.now() <= timedelta(hours=24)
    done("key", "revoke", "--institution", CODE, str(new.pk), "--reason", "遗失")
    listed = done("key", "list", "--institution", CODE)
    assert [line.split()[-1] for line in listed.splitlines()] == ["有效", "已吊销"]
    assert str(key.secret) not in listed
    actions = list(Event.objects.filter(action__startswith="gateway:key").values_list("action", flat=True))
    assert actions == ["gateway:key-add", "gateway:key-add", "gateway:key-rotate", "gateway:key-revoke"]


def test_a_public_key_has_no_secret_to_show() -> None:
    done("connect", CODE)
    told = done(
        "key", "add", "--institution", CODE, "--kind", "input", "--public-key", PUBLIC, "--ends", "2099-01-01"
    )
    assert "密钥：" not in told
    assert "2099-01-01" in told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", CODE), "GATEWAY-INSTITUTION"),
        (("connect", "H00000000000"), "PROVIDER"),
        (("connect", CODE, "--scheme", "rot13"), "CLI-USAGE"),
        (("connect", CODE, "--dialect", "atlantis"), "GATEWAY-DIALECT"),
        (("key", "list", "--institution", CODE), "GATEWAY-INSTITUTION"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], code: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert f"[{code}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("set-dialect", CODE, "national", "--set", "names"), "GATEWAY-DIALECT"),
        (("key", "add", "--institution", CODE, "--kind", "csb"), "GATEWAY-KEY"),
        (("key", "add", "--institution", CODE, "--kind", "input", "--public-key", "00"), "GATEWAY-KEY"),
        (("key", "rotate", "--institution", CODE, "999999"), "GATEWAY-KEY-UNKNOWN"),
        (("key", "revoke", "--institution", CODE, "999999", "--reason", "x"), "GATEWAY-KEY-UNKNOWN"),
    ],
)
def test_what_is_refused_of_a_connected_institution(arguments: tuple[str, ...], code: str) -> None:
    done("connect", CODE)
    result = run(*arguments)
    assert result.exit_code == 2
    assert f"[{code}]" in result.stderr
    assert not Key.objects.exists()
