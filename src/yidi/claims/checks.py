"""The invariants of claims."""

from collections.abc import Iterator
from functools import partial

from yidi.audit.findings import Check, Finding, paired
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.queries import decision_of
from yidi.claims.states import State
from yidi.ledger.checks import (
    CHUNK,
    Case,
    booked,
    counted,
    differences,
    entries_in,
    founded,
    registered,
    replayed,
)
from yidi.ledger.models import InvoiceUse, Posting, PostingKind
from yidi.ledger.services import claim_entries, payment_entries
from yidi.reference import regions


def _cases(*read: str) -> Iterator[Case]:
    """Booked claims by person and posting."""
    rows = (
        ClaimAssessment.objects.filter(posting__isnull=False)
        .select_related("posting", "rule", "claim__coverage")
        .order_by("claim__coverage__person_id", "posting_id")
    )
    for row in rows.prefetch_related(*read).iterator(chunk_size=CHUNK):
        yield _case(row.claim, row, row.posting)  # type: ignore[arg-type]


def _case(claim: Claim, row: ClaimAssessment, posting: Posting) -> Case:
    entries = claim_entries(_home(claim), row.funds)
    return Case(claim.number, claim.coverage, claim.on, row, posting, entries)


def _home(claim: Claim) -> str:
    return regions.pool_of(claim.coverage.pool)


def _booked() -> Iterator[Finding]:
    yield from booked(_cases("posting__entries__account"))
    orphans = Posting.objects.filter(kind=str(PostingKind.CLAIM), claim_assessment__isnull=True)
    for posting in orphans.order_by("pk").iterator():
        yield Finding(f"posting {posting.pk}", "记账没有对应的报销核定")


def _counted() -> Iterator[Finding]:
    return counted(_cases("posting__moves__counter"))


def _founded() -> Iterator[Finding]:
    return founded(_cases())


def _states() -> Iterator[Finding]:
    accepted = [str(State.APPROVED), str(State.PAID)]
    for claim in Claim.objects.filter(state__in=accepted, assessment__posting__isnull=True).iterator():
        yield Finding(claim.number, "已批准而没有记账")
    rows = Claim.objects.filter(assessment__posting__isnull=False).exclude(state__in=accepted)
    for claim in rows.iterator():
        yield Finding(claim.number, "已记账而状态不是已批准或已支付")


def _payments() -> Iterator[Finding]:
    postings = Posting.objects.filter(kind=str(PostingKind.CLAIM_PAYMENT)).prefetch_related(
        "entries__account"
    )
    paid = ClaimAssessment.objects.filter(claim__state=str(State.PAID)).select_related("claim__coverage")
    for number, posting, row in paired(
        ((item.subject, item) for item in postings.order_by("subject").iterator(chunk_size=CHUNK)),
        ((item.claim.number, item) for item in paid.order_by("claim_id").iterator()),
    ):
        if row is None:
            yield Finding(number, "有支付记账，而没有已支付的报销")
        elif posting is None:
            yield Finding(number, "已支付而没有支付记账")
        else:
            due = payment_entries(_home(row.claim), row.funds)
            yield from differences(number, entries_in(posting), due)


def _invoices() -> Iterator[Finding]:
    rows = Claim.objects.exclude(state=str(State.WITHDRAWN)).order_by("pk")
    return registered(InvoiceUse.CLAIM, ((row.number, row.invoice) for row in rows.iterator()))


def _replayed() -> Iterator[Finding]:
    for row in ClaimAssessment.objects.select_related("claim").order_by("pk").iterator():
        yield from replayed(row.claim.number, row, partial(decision_of, row.claim))


CHECKS = (
    Check("CLAIM-BOOKED", "每笔批准的报销的记账与应记的分录逐项相等", _booked),
    Check("CLAIM-COUNTED", "每笔批准的报销计入本人累计的金额与重算逐项相等", _counted),
    Check("CLAIM-BASIS", "每笔批准的报销所依据的累计等于此前的账上变动之和", _founded),
    Check("CLAIM-STATES", "报销状态与记账一致", _states),
    Check("CLAIM-PAYMENTS", "已支付的报销与支付记账一一对应，分录逐项相等", _payments),
    Check("CLAIM-INVOICES", "未撤回报销的票据与票据登记一一对应", _invoices),
    Check("CLAIM-REPLAY", "报销按留存的规则与累计重算，金额不变", _replayed),
)
