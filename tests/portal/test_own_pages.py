"""The door of a person's own pages, and their papers: who comes in, for whom, and what is said to everybody else."""

import io

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.evidence.factories import a_photo, somebody
from tests.people.factories import a_person
from tests.qualification.factories import a_qualification
from yidi.accounts.models import User
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.audit.models import Look
from yidi.consents.models import Consent
from yidi.consents.services import record_window_consent
from yidi.consents.terms import Relation, Way
from yidi.evidence import services
from yidi.evidence.models import Paper
from yidi.people.models import Person
from yidi.people.services import register_coverage
from yidi.values.terms import Material, Scheme, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    case = a_qualification()
    photo = io.BytesIO(a_photo())
    return services.hand_in(
        case.number, case.coverage.person, Material.DIAGNOSIS, photo, "诊断书.jpg", somebody()
    )


def consent(person: Person, helper: Person) -> Consent:
    return Consent.objects.create(
        person=person,
        helper=helper,
        way=str(Way.ONLINE),
        relation=str(Relation.CHILD),
        starts=timezone.localdate(),
        accepted_at=timezone.now(),
    )


def see(client: Client, paper: Paper) -> HttpResponse:
    return client.get(reverse("portal:paper", args=[paper.pk]))  # type: ignore[return-value]


def a_window() -> User:
    return a_clerk("window", Role.WINDOW)


def test_ones_own_picture_is_shown_and_nothing_in_it_runs(client: Client, paper: Paper) -> None:
    sign_in(client, a_user(paper.person))
    answer = see(client, paper)
    assert answer.status_code == 200
    assert answer.content == services.content(paper)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_strangers_are_sent_to_sign_in(client: Client, paper: Paper) -> None:
    answer = see(client, paper)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_what_is_anothers_gone_or_without_a_file_is_not_found(client: Client, paper: Paper) -> None:
    sign_in(client, a_user(a_person(2)))
    assert see(client, paper).status_code == 404
    sign_in(client, a_user(paper.person))
    shown = services.show(paper.subject, paper.person, Material.ID_CARD, "身份证原件", somebody())
    assert see(client, shown).status_code == 404
    services.remove(paper, somebody())
    assert see(client, paper).status_code == 404


def test_a_relative_sees_it_while_the_consent_holds(client: Client, paper: Paper) -> None:
    helper = a_person(2)
    given = consent(paper.person, helper)
    sign_in(client, a_user(helper), principal=paper.person.number)
    assert see(client, paper).status_code == 200
    Consent.objects.filter(pk=given.pk).update(revoked_at=timezone.now())
    answer = see(client, paper)
    assert answer.status_code == 302
    assert see(client, paper).status_code == 404, "from then on they act for themselves"


def test_a_relative_without_any_consent_comes_nowhere(client: Client, paper: Paper) -> None:
    sign_in(client, a_user(a_person(2)), principal=paper.person.number)
    assert see(client, paper).status_code == 302


def test_a_window_clerk_sees_it_for_the_day_and_the_look_is_logged(client: Client, paper: Paper) -> None:
    window = a_window()
    record_window_consent(paper.person, "居民身份证原件", actor_of(window))
    sign_in(client, window, principal=paper.person.number)
    assert see(client, paper).status_code == 200
    [look] = Look.objects.all()
    assert (look.actor, look.person, look.what) == ("window", paper.person.number, "portal:paper")


@pytest.mark.parametrize("roles", [(Role.WINDOW,), (Role.REVIEWER, Role.SUPERVISOR)])
def test_other_staff_do_not_come_in(client: Client, paper: Paper, roles: tuple[Role, ...]) -> None:
    clerk = a_clerk("clerk", *roles)
    sign_in(client, clerk)
    assert see(client, paper).headers["Location"].startswith("/sign-in/?next=")
    sign_in(client, clerk, principal=paper.person.number)
    assert see(client, paper).status_code == 302
    assert not Look.objects.exists()


def test_a_window_clerk_sees_nothing_of_another_regions(client: Client, paper: Paper) -> None:
    """The person may be insured here and elsewhere: what is elsewhere is the other agency's."""
    elsewhere = a_clerk("elsewhere", Role.WINDOW, region="410100")
    there = register_coverage(paper.person, "410100", Scheme.RESIDENT, Standing.ADULT, timezone.localdate())
    record_window_consent(paper.person, "居民身份证原件", actor_of(elsewhere))
    own = a_qualification(coverage=there)
    sign_in(client, elsewhere, principal=paper.person.number)
    assert see(client, paper).status_code == 404
    told = client.get(reverse("portal:qualifications")).content.decode()
    assert own.number in told
    assert paper.subject not in told
