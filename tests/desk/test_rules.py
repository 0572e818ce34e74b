"""Every page of the desk × every office: let in, or refused. A new page without a row here fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from tests.accounts.factories import a_clerk, a_user, sign_in
from tests.desk.reading import staff_client
from tests.people.factories import a_person
from tests.qualification.factories import a_qualification
from yidi.accounts.terms import MATRIX, Action, Role
from yidi.desk.nav import PAGES
from yidi.desk.urls import urlpatterns
from yidi.qualification.states import State

pytestmark = pytest.mark.django_db

OPEN = {"sign_in", "second_factor", "enrol", "sign_out", "new_password"}
"""Pages of signing in and out, which have doors of their own."""
EVERYBODY = None
RULES: dict[str, Action | None] = {
    "worklist": EVERYBODY,
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
    "roles": EVERYBODY,
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
"""What opens each page. The page of a case lets in whoever may see it; what it does there, services decide."""
POSTED = {
    "hand_out",
    "full_case",
    "act",
    "change_member",
    "export_list",
    "import_list",
    "confirm_list",
    "pay",
    "export_payments",
    "counter_find",
    "counter_register",
    "counter_describe",
    "counter_add_line",
    "counter_remove_line",
    "counter_withdraw",
    "counter_settle",
    "counter_cancel",
    "act_again",
}
"""Pages that are only ever sent to."""


def pages() -> Iterator[URLPattern]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern), "pages of the desk stand in one list"
        yield pattern


def address(pattern: URLPattern, number: str) -> str:
    values = {"StringConverter": number, "IntConverter": 999_999, "SlugConverter": "none"}
    given = {name: values[type(taken).__name__] for name, taken in pattern.pattern.converters.items()}
    return reverse(f"desk:{pattern.name}", kwargs=given)


def test_every_page_has_a_rule_and_every_rule_a_page() -> None:
    assert {pattern.name for pattern in pages()} == OPEN | RULES.keys()


def test_the_navigation_promises_what_the_doors_keep() -> None:
    for page in PAGES:
        assert page.name == "worklist" or RULES[page.name] is page.action
        assert RULES.keys() >= set(page.also)


@dataclass(frozen=True)
class Visit:
    """Somebody at every page."""

    client: Client
    number: str

    def status(self, pattern: URLPattern) -> int:
        send = self.client.post if pattern.name in POSTED else self.client.get
        return send(address(pattern, self.number)).status_code


@pytest.mark.parametrize("role", list(Role))
def test_an_office_opens_its_own_pages_and_no_other(role: Role) -> None:
    number = a_qualification(State.UNDER_REVIEW).number
    provider = "H36010000001" if role is Role.CASHIER else ""
    visit = Visit(staff_client(role, provider_code=provider), number)
    for pattern in pages():
        if pattern.name in OPEN:
            continue
        action = RULES[pattern.name]
        status = visit.status(pattern)
        if action is None or role in MATRIX[action]:
            assert status not in (401, 403, 405, 500), (pattern.name, status)
        else:
            assert status == 403, (pattern.name, status)


def test_nobody_else_gets_in_anywhere() -> None:
    number = a_qualification(State.UNDER_REVIEW).number
    stranger, person, half = Client(), Client(), Client()
    sign_in(person, a_user(a_person(7)))
    clerk = a_clerk("half", *Role)
    clerk.secondfactor_set.all().delete()
    sign_in(half, clerk)
    for client in (stranger, person, half):
        for pattern in pages():
            if pattern.name not in OPEN:
                send = client.post if pattern.name in POSTED else client.get
                answer = send(address(pattern, number))
                assert answer.status_code == 302, pattern.name
                assert answer["Location"].startswith(reverse("desk:sign_in")), pattern.name


def test_a_page_is_never_stored() -> None:
    case = a_qualification(State.UNDER_REVIEW)
    client = staff_client(*Role)
    for pattern in pages():
        if pattern.name not in OPEN | POSTED:
            answer = client.get(address(pattern, case.number))
            assert answer.status_code == 404 or "no-store" in answer["Cache-Control"], pattern.name
