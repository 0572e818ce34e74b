"""Who enters which page of the desk: every address, for every office, for another region, for people and strangers."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Literal

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.accounts.factories import PERSON, a_clerk, a_user, sign_in
from tests.casework.factories import consent_at_window
from tests.claims.factories import a_claim
from tests.desk.reading import client_of, staff_client
from tests.evidence.factories import a_photo
from tests.people.factories import an_identity
from tests.qualification.factories import a_qualification
from tests.settlement.factories import a_hospital, a_world, an_open_visit, settled
from yidi.accounts.services import actor_of
from yidi.accounts.terms import MATRIX, Action, Role
from yidi.claims.states import State as ClaimState
from yidi.people.models import Person
from yidi.qualification import services as qualification
from yidi.qualification.states import State
from yidi.values.terms import Material

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("desk:sign_in")
ANYBODY: Literal["anybody"] = "anybody"
TABLE: Mapping[str, Action | Literal["anybody"] | None] = {
    "worklist": None,
    "roles": None,
    "hand_out": Action.TAKE_UP,
    "case": Action.SEE_CASES,
    "full_case": Action.SEE_PERSON,
    "act": Action.SEE_CASES,
    "claim_lines": Action.ASSESS_CLAIM,
    "claim_provider": Action.ASSESS_CLAIM,
    "paper": Action.SEE_PERSON,
    "people": Action.SEE_PERSON,
    "window": Action.ACT_FOR_WALK_IN,
    "act_again": Action.ACT_FOR_WALK_IN,
    "trail": Action.SEE_TRAIL,
    "sign_in": ANYBODY,
    "second_factor": ANYBODY,
    "enrol": ANYBODY,
    "sign_out": ANYBODY,
    "new_password": ANYBODY,
    "staff": Action.MANAGE_STAFF,
    "new_staff": Action.MANAGE_STAFF,
    "member": Action.MANAGE_STAFF,
    "change_member": Action.MANAGE_STAFF,
    "figures": Action.SEE_FIGURES,
    "export_figure": Action.SEE_FIGURES,
    "lists": Action.EXPORT_LISTS,
    "export_list": Action.EXPORT_LISTS,
    "list_template": Action.EXPORT_LISTS,
    "import_list": Action.IMPORT_LISTS,
    "check_list": Action.IMPORT_LISTS,
    "confirm_list": Action.IMPORT_LISTS,
    "payments": Action.PAY_CLAIM,
    "pay": Action.PAY_CLAIM,
    "export_payments": Action.PAY_CLAIM,
    "paid": Action.PAY_CLAIM,
    "policy": Action.SEE_POLICY,
    "policy_conflicts": Action.SEE_POLICY,
    "policy_stale": Action.SEE_POLICY,
    "policy_coverage": Action.SEE_POLICY,
    "counter": Action.SETTLE_AT_COUNTER,
    "counter_find": Action.SETTLE_AT_COUNTER,
    "counter_register": Action.SETTLE_AT_COUNTER,
    "counter_visit": Action.SETTLE_AT_COUNTER,
    "counter_describe": Action.SETTLE_AT_COUNTER,
    "counter_add_line": Action.SETTLE_AT_COUNTER,
    "counter_remove_line": Action.SETTLE_AT_COUNTER,
    "counter_withdraw": Action.SETTLE_AT_COUNTER,
    "counter_presettle": Action.SETTLE_AT_COUNTER,
    "counter_settle": Action.SETTLE_AT_COUNTER,
    "counter_settlement": Action.SETTLE_AT_COUNTER,
    "counter_cancel": Action.SETTLE_AT_COUNTER,
    "counter_slip": Action.SETTLE_AT_COUNTER,
}
"""What one must be allowed to do to enter a page; None lets every member of staff in."""
WORDS = {"kind": "qualifications", "name": "volumes", "deed": "approve", "act": "deactivate"}
"""Parts of addresses that are words of a closed list: such pages tell of nobody."""

UNKNOWN = 99_999_999


class Desk:
    """A region with cases, a provider with a visit, and everybody who might come in."""

    def __init__(self) -> None:
        world = a_world()
        self.person: Person = world.coverage.person
        self.user = a_user(self.person)
        case = a_qualification(State.DRAFT, world.coverage, "M01600")
        paper = qualification.add_evidence(case, Material.DIAGNOSIS, BytesIO(a_photo()), "诊断书.jpg", PERSON)
        qualification.submit(case, PERSON)
        claim = a_claim(ClaimState.ASSESSED, world)
        settlement = settled(world, "1000.00")
        visit = an_open_visit(world)
        provider = world.provider.code
        window = a_clerk("window", Role.WINDOW)
        self.offices = {
            role: client_of(window)
            if role is Role.WINDOW
            else staff_client(role, username=role, provider_code=provider if role is Role.CASHIER else "")
            for role in Role
        }
        self.without_office = staff_client(username="nothing")
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
            **{name: visit.number for name in TABLE if name.startswith("counter_")},
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


def patterns() -> Iterator[URLPattern]:
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", None) == "desk":
            yield from resolver.url_patterns  # type: ignore[union-attr]


def entered(answer: Any) -> bool:
    """Whether somebody came in: they see the page, or are led on to where it belongs."""
    led = answer.headers.get("Location", "")
    return answer.status_code in (200, 405) or (answer.status_code == 302 and not led.startswith(SIGN_IN))


def test_every_page_has_a_row() -> None:
    assert {pattern.name for pattern in patterns()} == set(TABLE)


def test_every_office_enters_its_pages_and_no_others(desk: Desk) -> None:
    faults = []
    clients: list[tuple[frozenset[Role], Client]] = [
        (frozenset({role}), client) for role, client in desk.offices.items()
    ]
    for offices, client in [*clients, (frozenset(), desk.without_office)]:
        for pattern in patterns():
            action = TABLE[pattern.name or ""]
            if action == ANYBODY:
                continue
            answer = client.get(desk.address(pattern))
            may = action is None or bool(offices & MATRIX[action])
            if not (entered(answer) if may else answer.status_code == 403):
                faults.append(f"{[*offices]} {pattern.name}: {answer.status_code}")
    assert not faults, "\n".join(faults)


def test_people_and_strangers_are_sent_to_sign_in(desk: Desk) -> None:
    person = Client()
    sign_in(person, desk.user)
    for client in (person, Client()):
        for pattern in patterns():
            answer = client.get(desk.address(pattern))
            if TABLE[pattern.name or ""] == ANYBODY:
                assert answer.status_code in (200, 302, 405), pattern.name
            else:
                assert answer.status_code == 302, pattern.name
                assert answer.headers["Location"].startswith(SIGN_IN), pattern.name


def test_another_region_learns_nothing(desk: Desk) -> None:
    """Whatever is asked there of a case, a person, a colleague or a visit of ours is answered like a number nobody has."""
    asked = 0
    for pattern in patterns():
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
