"""Telling how a claim came out."""

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.split import Split, split_bill
from yidi.catalogue.lines import split_of_row
from yidi.claims.models import Claim, ClaimAssessment
from yidi.ledger.services import counters_of
from yidi.policy.rules import restore


def split_of(claim: Claim) -> Split:
    """The claim's lines as they were split when they were written down."""
    return split_bill(split_of_row(line) for line in claim.lines.order_by("pk"))


def decision_of(claim: Claim) -> Decision:
    """The decision behind an assessed claim, computed again from the rule and counters that were kept with it."""
    assessment = ClaimAssessment.objects.select_related("rule").get(claim=claim)
    rule = restore(assessment.rule.canonical)
    return adjudicate(split_of(claim), rule, counters_of(assessment.used_before), claim.on)
