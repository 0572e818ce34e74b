"""The demo site: every way leads to the state it is named for, sign-ins work, and codes are shown there alone."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.settlement.factories import PLAIN, a_catalogue, a_hospital, a_line
from yidi.accounts.models import User
from yidi.accounts.second_factor import demo_code
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.audit.models import Event
from yidi.demo import town as towns
from yidi.demo.days import as_if_on
from yidi.operations.checks import all_checks
from yidi.values.terms import CaseKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> towns.Town:
    """The town's staff, and one person of Nanchang and one of Zhengzhou."""
    a_catalogue()
    made = towns.Town(_script(), a_hospital(), (a_line(PLAIN, "1000.00"),))
    list(towns._people(made))
    list(towns._staff(made))
    return made


def _script() -> dict:
    from yidi.policy import yaml_lines

    script = yaml_lines.read(towns.TOWN).data
    people = {name: script["people"][name] for name in ("wu", "geng")}
    staff = [entry for entry in script["staff"] if "provider" not in entry]
    return {**script, "people": people, "staff": staff}


def entries() -> list[tuple[str, str]]:
    return [(str(kind), state) for kind, (_, _, ways) in towns.KINDS.items() for state in ways]


@pytest.mark.parametrize(("kind", "state"), entries(), ids=lambda word: word)
def test_every_way_leads_to_its_state(town: towns.Town, kind: str, state: str) -> None:
    who = "geng" if kind == CaseKind.FILING and state not in ("active", "cancelled", "expired") else "wu"
    entry = {
        "kind": kind,
        "who": who,
        "disease": "M03900",
        "as": "other-temporary" if state == "expired" else "long-term-resident",
        "care": "110000",
        "invoice": "DEMO0001",
        "to": state,
        "began": 100,
        "pictures": False,
    }
    case = towns._play(town, entry)
    case.refresh_from_db()
    wanted = {"appealed": "submitted"}.get(
        state, "active" if kind == "filing" and state == "approved" else state
    )
    assert case.state == wanted
    assert [found for check in all_checks() for found in check.find()] == []
    first = Event.objects.filter(subject=case.number).order_by("pk").first()
    assert first is not None
    assert timezone.localdate(first.at) == timezone.localdate() - timedelta(days=100)


def test_every_member_of_staff_holds_the_offices_of_the_list(town: towns.Town) -> None:
    listed = {entry["username"]: {Role(role) for role in entry["roles"]} for entry in town.script["staff"]}
    assert {name: set(actor_of(user).roles) for name, user in town.staff.items()} == listed


def test_the_whole_list_has_every_role() -> None:
    from yidi.policy import yaml_lines

    script = yaml_lines.read(towns.TOWN).data
    assert {role for entry in script["staff"] for role in entry["roles"]} == set(Role.spellings())


def test_codes_are_shown_to_invented_staff_of_a_demo_site_alone(
    town: towns.Town, settings: LazySettings
) -> None:
    user = town.staff["reviewer"]
    settings.DEMO = False
    assert demo_code(user) == ""
    settings.DEMO = True
    assert len(demo_code(user)) == 6
    User.objects.filter(pk=user.pk).update(synthetic=False)
    user.refresh_from_db()
    assert demo_code(user) == ""


def test_a_history_happens_on_its_days() -> None:
    day = timezone.localdate() - timedelta(days=9)
    with as_if_on(day):
        assert timezone.localdate() == day
    assert timezone.localdate() == day + timedelta(days=9)
