"""yidi staff: the first administrator, without a password ever standing on a command line."""

from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from yidi.accounts.models import Appointment, SecondFactor, User
from yidi.audit.models import Event
from yidi.cli.main import cli

pytestmark = pytest.mark.django_db
PASSWORD = "Diyiwei-Guanliyuan-1"
ADD = ("staff", "add", "guan", "--name", "管理员", "--region", "360000", "--role", "administrator")


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run(*arguments: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="yidi", input=typed)


def test_the_first_administrator(client: Client) -> None:
    result = run(*ADD)
    assert result.exit_code == 0, result.output
    assert "岗位：系统管理" in result.stdout
    assert PASSWORD not in result.output
    user = User.objects.get()
    assert (user.username, user.region, user.must_change_password) == ("guan", "360000", True)
    events = Event.objects.order_by("pk").values_list("actor_kind", "action")
    assert list(events) == [("system", "accounts:create"), ("system", "accounts:appoint")]
    answer = client.post("/desk/sign-in/", {"username": "guan", "password": PASSWORD})
    assert answer["Location"].startswith("/desk/sign-in/enrol/")


def test_offices_are_added() -> None:
    run(*ADD)
    result = run("staff", "appoint", "guan", "auditor")
    assert result.exit_code == 0, result.output
    assert set(Appointment.objects.values_list("role", flat=True)) == {"administrator", "auditor"}


def test_the_way_back_in() -> None:
    run(*ADD)
    SecondFactor.objects.create(user=User.objects.get(), secret="A" * 32)
    new = "Chongshe-De-Mima-2"
    result = run("staff", "reset", "guan", typed=f"{new}\n{new}\n")
    assert result.exit_code == 0, result.output
    user = User.objects.get()
    assert user.check_password(new)
    assert user.must_change_password
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "typed", "code"),
    [
        (("staff", "add", "guan", "--name", "甲", "--region", "999999"), None, "REGION"),
        ((*ADD[:-1], "king"), None, "CLI-ROLE"),
        (ADD, "short\nshort\n", "SIGN-IN-PASSWORD"),
        (("staff", "appoint", "nobody", "auditor"), None, "STAFF-NOT"),
        (("staff", "reset", "nobody"), None, "STAFF-NOT"),
        (("staff", "add", "guan"), None, "CLI-USAGE"),
        ((*ADD, "--password", PASSWORD), None, "CLI-USAGE"),
    ],
)
def test_wrong_input_is_one_message(arguments: tuple[str, ...], typed: str | None, code: str) -> None:
    result = run(*arguments, typed=typed or f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 2
    assert code in result.stderr
    assert not User.objects.exists()


def test_a_name_is_taken_once() -> None:
    run(*ADD)
    result = run(*ADD)
    assert "SIGN-IN-NAME-TAKEN" in result.stderr
