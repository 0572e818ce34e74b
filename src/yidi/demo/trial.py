"""The test hospital of the gateway's reference: whoever reads there may send messages as it, about a person of its own."""

import secrets
from datetime import date

from yidi.accounts.actors import SYSTEM
from yidi.demo.world import file_for_shanghai, qualify
from yidi.gateway.institutions import connect
from yidi.gateway.models import Institution
from yidi.gateway.reference.script import cast
from yidi.people.services import register_coverage, register_person
from yidi.providers.queries import by_code
from yidi.values.terms import Scheme, Standing


def connect_test_hospital() -> Institution:
    """Connect it, and give it somebody to treat: retired, insured in Nanchang, qualified and filed for Shanghai."""
    played = cast()
    person = register_person(played["person"], played["name"], played["identity"], synthetic=True)
    coverage = register_coverage(
        person,
        played["home"],
        Scheme.EMPLOYEE,
        Standing.RETIRED,
        date(2020, 1, 1),
        account_balance=100_000,
        employer="演示单位（合成）",
    )
    qualify(coverage)
    file_for_shanghai(coverage)
    provider, secret = by_code(played["code"]), secrets.token_hex(16)
    return connect(provider, SYSTEM, played["paasid"], secret, for_testing=True)
