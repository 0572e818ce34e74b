"""The invariants of claims."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Sum

from yidi.audit.findings import Check, Finding
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.queries import decision_of
from yidi.claims.states import State
from yidi.ledger.checks import replayed
from yidi.ledger.models import AccountKind, Entry, Posting, PostingKind
from yidi.values.money import yuan_text


def _booked() -> Iterator[Finding]:
    spent = dict(
        Entry.objects.filter(
            account__kind=str(AccountKind.FUND_EXPENSE), posting__kind=str(PostingKind.CLAIM)
        )
        .values_list("posting_id")
        .annotate(sum=Sum("amount"))
    )
    for row in (
        ClaimAssessment.objects.filter(posting__isnull=False)
        .select_related("claim")
        .order_by("pk")
        .iterator()
    ):
        booked = spent.pop(row.posting_id, 0)
        if booked != row.fund:
            yield Finding(row.claim.number, f"核定 {yuan_text(row.fund)} 元，账上 {yuan_text(booked)} 元")
    for posting in spent:
        yield Finding(f"posting {posting}", "记账没有对应的报销核定")


def _states() -> Iterator[Finding]:
    booked = [str(State.APPROVED), str(State.PAID)]
    for claim in Claim.objects.filter(state__in=booked, assessment__posting__isnull=True).iterator():
        yield Finding(claim.number, "已批准而没有记账")
    for claim in Claim.objects.filter(assessment__posting__isnull=False).exclude(state__in=booked).iterator():
        yield Finding(claim.number, "已记账而状态不是已批准或已支付")
    paid = set(Posting.objects.filter(kind=str(PostingKind.CLAIM_PAYMENT)).values_list("subject", flat=True))
    for claim in Claim.objects.filter(state=str(State.PAID)).iterator():
        if claim.number not in paid:
            yield Finding(claim.number, "已支付而没有支付记账")


def _replayed() -> Iterator[Finding]:
    for row in ClaimAssessment.objects.select_related("claim").order_by("pk").iterator():
        yield from replayed(row.claim.number, row, partial(decision_of, row.claim))


CHECKS = (
    Check("CLAIM-BOOKED", "每笔批准的报销与其记账金额相等", _booked),
    Check("CLAIM-STATES", "报销状态与记账一致", _states),
    Check("CLAIM-REPLAY", "报销按留存的规则与累计重算，金额不变", _replayed),
)
