"""The invariants of claims."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, F, OuterRef, Q

from yidi.audit.findings import Check, Finding, paired
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.queries import decision_in, lines_of
from yidi.claims.states import AMOUNT_KNOWN, INCOMPLETE, State
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
from yidi.values.money import yuan_text

ACCEPTED = (State.APPROVED, State.PAID)


def _cases(*read: str) -> Iterator[Case]:
    """Booked assessments by person and posting, those that an appeal undid included."""
    rows = (
        ClaimAssessment.objects.filter(posting__isnull=False)
        .select_related("posting", "rule", "claim__coverage")
        .order_by("claim__coverage__person_id", "posting_id")
    )
    for row in rows.prefetch_related(*read).iterator(chunk_size=CHUNK):
        yield _case(row.claim, row, row.posting)  # type: ignore[arg-type]


def _case(claim: Claim, row: ClaimAssessment, posting: Posting) -> Case:
    entries = claim_entries(_home(claim), row.funds)
    return Case(row.number, claim.coverage, claim.day, row, posting, entries)


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
    of_round = ClaimAssessment.objects.filter(claim=OuterRef("pk"), round=OuterRef("appeals"))
    standing = of_round.filter(posting__isnull=False, reversal__isnull=True)
    accepted = Q(state__in=ACCEPTED)
    for wrong, told in (
        (accepted & ~Exists(standing), "已批准而没有记账"),
        (~accepted & Exists(standing), "已记账而状态不是已批准或已支付"),
        (Q(state__in=AMOUNT_KNOWN) & ~Exists(of_round), "已核定而没有核定结果"),
    ):
        for claim in Claim.objects.filter(wrong).order_by("pk").iterator():
            yield Finding(claim.number, told)
    earlier = ClaimAssessment.objects.filter(
        posting__isnull=False, reversal__isnull=True, round__lt=F("claim__appeals")
    )
    for row in earlier.select_related("claim").order_by("pk").iterator():
        yield Finding(row.number, "申诉前批准的记账没有冲回")


def _reversals() -> Iterator[Finding]:
    kind = str(PostingKind.CLAIM_REVERSAL)
    undone = ClaimAssessment.objects.filter(reversal__isnull=False)
    same = Q(reversal__kind=kind, reversal__reverses=F("posting"), round__lt=F("claim__appeals"))
    for row in undone.exclude(same).select_related("claim").order_by("pk").iterator():
        yield Finding(row.number, "冲回记账不是原记账的冲销")
    orphans = Posting.objects.filter(kind=kind, claim_assessment_undone__isnull=True)
    for posting in orphans.order_by("pk").iterator():
        yield Finding(f"posting {posting.pk}", "冲回记账没有对应的申诉")


def _two_clerks() -> Iterator[Finding]:
    rows = ClaimAssessment.objects.filter(
        claim__state__in=ACCEPTED, round=F("claim__appeals"), by=F("claim__decided_by")
    )
    for row in rows.exclude(by="").select_related("claim").order_by("pk").iterator():
        yield Finding(row.number, f"核定与批准是同一人“{row.by}”")


def _lines() -> Iterator[Finding]:
    for claim in Claim.objects.exclude(state__in=INCOMPLETE).order_by("pk").iterator():
        sum_of_lines = sum(line.amount for line in lines_of(claim))
        if sum_of_lines != claim.total:
            told = f"明细合计 {yuan_text(sum_of_lines)} 元，票据总金额 {yuan_text(claim.total or 0)} 元"
            yield Finding(claim.number, told)
    for row in ClaimAssessment.objects.select_related("claim").order_by("pk").iterator():
        written = [(line.serial, line.code, line.amount) for line in lines_of(row.claim, row.edition)]
        split = list(row.lines.order_by("pk").values_list("serial", "code", "amount"))
        if split != written:
            yield Finding(row.number, "核定的明细与所录入的明细不符")


def _payments() -> Iterator[Finding]:
    postings = Posting.objects.filter(kind=str(PostingKind.CLAIM_PAYMENT)).prefetch_related(
        "entries__account"
    )
    paid = ClaimAssessment.objects.filter(
        claim__state=str(State.PAID), round=F("claim__appeals")
    ).select_related("claim__coverage")
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
    rows = Claim.objects.exclude(state=str(State.WITHDRAWN)).exclude(invoice="").order_by("pk")
    return registered(InvoiceUse.CLAIM, ((row.number, row.invoice) for row in rows.iterator()))


def _replayed() -> Iterator[Finding]:
    for row in ClaimAssessment.objects.select_related("claim").order_by("pk").iterator():
        yield from replayed(row.number, row, partial(decision_in, row))


CHECKS = (
    Check("CLAIM-BOOKED", "每笔批准的报销的记账与应记的分录逐项相等", _booked),
    Check("CLAIM-COUNTED", "每笔批准的报销计入本人累计的金额与重算逐项相等", _counted),
    Check("CLAIM-BASIS", "每笔批准的报销所依据的累计等于此前的账上变动之和", _founded),
    Check("CLAIM-STATES", "报销状态与核定、记账一致", _states),
    Check("CLAIM-REVERSALS", "申诉冲回的记账与原记账一一对应", _reversals),
    Check("CLAIM-CLERKS", "每笔报销的核定与批准是两个人", _two_clerks),
    Check("CLAIM-LINES", "明细合计等于票据总金额，核定的明细就是录入的明细", _lines),
    Check("CLAIM-PAYMENTS", "已支付的报销与支付记账一一对应，分录逐项相等", _payments),
    Check("CLAIM-INVOICES", "未撤回报销的票据与票据登记一一对应", _invoices),
    Check("CLAIM-REPLAY", "报销按留存的规则与累计重算，金额不变", _replayed),
)
