"""All invariants of all rooms."""

from yidi.audit.findings import Check
from yidi.claims.checks import CHECKS as CLAIMS
from yidi.clearing.checks import CHECKS as CLEARING
from yidi.evidence.findings import CHECKS as EVIDENCE
from yidi.filing.checks import CHECKS as FILING
from yidi.ledger.checks import CHECKS as LEDGER
from yidi.qualification.checks import CHECKS as QUALIFICATION
from yidi.settlement.checks import CHECKS as SETTLEMENT


def all_checks() -> tuple[Check, ...]:
    """Every check, the books first."""
    return (*LEDGER, *SETTLEMENT, *CLAIMS, *CLEARING, *QUALIFICATION, *FILING, *EVIDENCE)
