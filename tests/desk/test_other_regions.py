"""What the desk tells another region at every address: nothing. Who may enter which page: test_rules.py."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from tests.accounts.factories import PERSON, a_clerk
from tests.casework.factories import consent_at_window
from tests.claims.factories import a_claim
from tests.desk.reading import staff_client
from tests.desk.test_rules import RULES, pages
from tests.evidence.factories import a_photo
from tests.people.factories import an_identity
from tests.qualification.factories import a_qualification
from tests.settlement.factories import a_hospital, a_world, an_open_visit, settled
from yidi.accounts.services import actor_of
from yidi.accounts.terms import Role
from yidi.claims.states import State as ClaimState
from yidi.people.models import Person
from yidi.qualification import services as qualification
from yidi.qualification.states import State
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db

WORDS = {"kind": "qualifications", "name": "volumes", "deed": "approve", "act": "deactivate"}
"""Parts of addresses that are words of a closed list: such pages tell of nobody."""

UNKNOWN = 99_999_999


class Desk:
    """A region with cases, a provider with a visit, and staff of another region."""

    def __init__(self) -> None:
        world = a_world()
        self.person: Person = world.coverage.person
        case = a_qualification(State.DRAFT, world.coverage, "M01600")
        paper = qualification.add_evidence(case, Material.DIAGNOSIS, BytesIO(a_photo()), "诊断书.jpg", PERSON)
        qualification.submit(case, PERSON)
        claim = a_claim(ClaimState.ASSESSED, world)
        settlement = settled(world, "1000.00")
        visit = an_open_visit(world)
        window = a_clerk("window", Role.WINDOW)
        a_hospital(2)
        self.elsewhere = staff_client(
            *Role, username="elsewhere", region="310000", provider_code="H31010600002"
        )
        consent = consent_at_window(self.person, actor_of(window))
        self.keys: dict[str, Any] = {
            "case": case.number,
            "full_case": case.number,
            "act": case.number,
            "claim_lines": claim.number,
            "claim_provider": claim.number,
            "paper": paper.pk,
            "act_again": consent.pk,
            "member": window.pk,
            "change_member": window.pk,
            **{name: visit.number for name in RULES if name.startswith("counter_")},
            **dict.fromkeys(("counter_settlement", "counter_cancel", "counter_slip"), settlement.number),
        }

    def part(self, pattern: URLPattern, *, unknown: bool) -> Any:
        """What an address names: something there is here, or a number that nobody has."""
        key = self.keys[pattern.name or ""]
        if not unknown:
            return key
        return re.sub(r"\d", "9", key) if isinstance(key, str) else UNKNOWN

    def address(self, pattern: URLPattern, *, unknown: bool = False) -> str:
        """The address of a page."""
        parts = {
            name: WORDS[name] if name in WORDS else self.part(pattern, unknown=unknown)
            for name in pattern.pattern.converters
        }
        return reverse(f"desk:{pattern.name}", kwargs=parts)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_another_region_learns_nothing(desk: Desk) -> None:
    """Whatever is asked there of a case, a person, a colleague or a visit of ours is answered like a number nobody has."""
    asked = 0
    for pattern in pages():
        if not set(pattern.pattern.converters) & {"number", "key"}:
            continue
        here, nowhere = desk.address(pattern), desk.address(pattern, unknown=True)
        answers = [desk.elsewhere.get(address) for address in (here, nowhere)]
        assert answers[0].status_code == answers[1].status_code != 200, pattern.name
        led = [answer.headers.get("Location", "") for answer in answers]
        parts = [f"/{desk.part(pattern, unknown=unknown)}/" for unknown in (False, True)]
        assert led[0].replace(*parts) == led[1], pattern.name
        text = answers[0].content.decode()
        assert desk.person.name not in text, pattern.name
        assert an_identity() not in text, pattern.name
        asked += 1
    assert asked >= 15
