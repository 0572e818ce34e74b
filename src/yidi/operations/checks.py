"""All invariants of all rooms."""

from yidi.audit.findings import Check
from yidi.claims.audit import CHECKS as CLAIMS
from yidi.ledger.audit import CHECKS as LEDGER
from yidi.settlement.audit import CHECKS as SETTLEMENT


def all_checks() -> tuple[Check, ...]:
    """Every check, the books first."""
    return (*LEDGER, *SETTLEMENT, *CLAIMS)
