"""Every page of the site in a browser, on a phone and on a desktop: it fits, axe finds nothing, nothing is blocked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Browser

from tests.accounts.factories import PERSON, a_clerk, a_user, sign_in
from tests.browsing import a_page, browser, look
from tests.casework.factories import consent_to_relative
from tests.claims.factories import a_claim
from tests.evidence.factories import a_photo
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.qualification.factories import a_qualification
from tests.settlement.factories import World, a_catalogue, a_hospital, settled
from yidi.accounts.actors import SYSTEM
from yidi.accounts.models import User
from yidi.accounts.terms import Role
from yidi.claims.states import State as ClaimState
from yidi.evidence.models import Paper
from yidi.filing.states import State as FilingState
from yidi.gateway.institutions import connect
from yidi.notices.models import Message
from yidi.providers.queries import by_code
from yidi.qualification import services as qualification
from yidi.qualification.states import State as QualificationState
from yidi.values.terms import Material

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLINIC = "H36010299991"
FACES = ("portal", "desk", "reference")


@dataclass
class Site:
    """People, staff and cases, so that every page has something to show."""

    person: User
    staff: User
    places: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    """What stands in the address of each page: its name → the arguments of one or more addresses."""


@pytest.fixture
def site() -> Site:
    a_catalogue()
    world = World(a_coverage(), a_hospital())
    a_hospital(91, "360102", code=CLINIC)
    person = a_user(world.coverage.person)
    staff = a_clerk("everybody", *Role, provider_code=CLINIC)
    asked = a_qualification(QualificationState.SUBMITTED, world.coverage)
    reviewer_asks(asked)
    qualification.add_evidence(asked, Material.DIAGNOSIS, BytesIO(a_photo()), "诊断书.jpg", PERSON)
    reviewed = a_qualification(QualificationState.UNDER_REVIEW, world.coverage, "M01600")
    drafted = a_qualification(QualificationState.DRAFT, world.coverage, "M04600")
    active = a_filing(FilingState.ACTIVE, world.coverage)
    filing = a_filing(FilingState.SUBMITTED, world.coverage, care_region="440100")
    settlement = settled(world, "1000.00")
    claims = [
        a_claim(state, world, invoice=f"INV-{state}")
        for state in (ClaimState.DRAFT, ClaimState.ASSESSED, ClaimState.APPROVED)
    ]
    cases = [{"number": case.number} for case in (asked, reviewed, filing, *claims)]
    consent = consent_to_relative(world.coverage.person)
    message = Message.objects.filter(person=world.coverage.person).latest("pk")
    papers = [{"key": paper.pk} for paper in Paper.objects.exclude(blob=None)]
    places: dict[str, list[Mapping[str, Any]]] = {
        "desk:case": cases,
        "desk:full_case": cases[:1],
        "desk:claim_lines": [{"number": claims[1].number}],
        "desk:claim_provider": [{"number": claims[1].number}],
        "desk:paper": papers,
        "desk:member": [{"key": staff.pk}],
        "desk:change_member": [{"key": staff.pk, "act": "deactivate"}],
        "portal:qualification": [{"number": case.number} for case in (asked, drafted)],
        "portal:filing": [{"number": case.number} for case in (filing, active)],
        "portal:claim": [{"number": case.number} for case in claims],
        "portal:settlement": [{"number": settlement.number}],
        "portal:message": [{"key": message.pk}],
        "portal:consent_code": [{"key": consent.pk}],
        "portal:revoke_consent": [{"key": consent.pk}],
        "portal:paper": papers,
        "reference:transaction": [{"infno": "2204"}, {"infno": "9102"}],
        "reference:dictionary": [{"name": "med_type"}],
    }
    return Site(person, staff, places)


def reviewer_asks(case: Any) -> None:
    from tests.casework.factories import REVIEWER

    qualification.take_up(case, REVIEWER)
    qualification.ask_for_more(case, "请补近三个月的血压记录", REVIEWER)


KINDS = {"kind": ("qualifications", "filings")}
"""Parts of addresses that are words of a closed list."""


def patterns(face: str) -> Iterator[URLPattern]:
    """Every address of a face."""
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", None) == face:
            yield from resolver.url_patterns  # type: ignore[union-attr]


def addresses(face: str, site: Site) -> Iterator[str]:
    """Every address that can be read: those without arguments, and those that `Site.places` fills in."""
    for pattern in patterns(face):
        name = f"{face}:{pattern.name}"
        wanted = set(pattern.pattern.converters)
        if not wanted:
            yield reverse(name)
        elif name in site.places:
            yield from (reverse(name, kwargs=dict(given)) for given in site.places[name])
        elif wanted <= set(KINDS):
            yield from (reverse(name, kwargs={"kind": kind}) for kind in KINDS["kind"])
        elif wanted == {"number"}:
            matter = pattern.name.partition("_")[0]
            held = site.places.get(f"{face}:{matter}", [])
            yield from (reverse(name, kwargs=dict(given)) for given in held[:1])


def pages(client: Client, face: str, site: Site) -> list[str]:
    """The addresses that answer with a page when they are read; a page that is none of ours to see fails."""
    found = []
    for address in addresses(face, site):
        answer = client.get(address)
        assert answer.status_code in (200, 302, 404, 405), f"{address}: {answer.status_code}"
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append(address)
    return found


LEAST = {"portal": 18, "desk": 18, "reference": 9}
"""Pages there must be at least: else the walk saw nothing."""


@pytest.mark.parametrize("face", FACES)
def test_every_page(
    face: str, site: Site, client: Client, browser: Browser, live_server: Any, settings: Any
) -> None:
    if face == "reference":
        settings.DEMO = True
        connect(by_code(CLINIC), SYSTEM, "test", "secret", for_testing=True)
    sign_in(client, site.person if face == "portal" else site.staff)
    found = pages(client, face, site)
    assert len(found) >= LEAST[face]
    page = a_page(browser, "desktop")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    faults = []
    for address in found:
        page.goto(live_server.url + address)
        faults += [f"{address}: {fault}" for fault in (*look(page), *said)]
        said.clear()
    assert not faults, "\n".join(faults)


def test_doors(browser: Browser, live_server: Any) -> None:
    """The pages of those who have not signed in."""
    page = a_page(browser, "desktop")
    for address in (
        "/",
        "/sign-in/",
        "/register/",
        "/desk/sign-in/",
        "/?type=large",
        "/sign-in/?type=large",
        "/none/",
    ):
        page.goto(live_server.url + address)
        assert look(page) == [], address
