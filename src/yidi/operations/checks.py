"""All invariants of all rooms."""

from yidi.audit.findings import Check
from yidi.claims.checks import CHECKS as CLAIMS
from yidi.ledger.checks import CHECKS as LEDGER
from yidi.settlement.checks import CHECKS as SETTLEMENT


def all_checks() -> tuple[Check, ...]:
    """Every check, the books first."""
    return (*LEDGER, *SETTLEMENT, *CLAIMS)
