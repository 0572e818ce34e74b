"""Money that agencies owe people for approved claims: what is due, paying several at once, and what was paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, LPad

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.models import Event
from yidi.audit.services import looked_each, record
from yidi.casework.queries import pools_of
from yidi.claims import services as claims
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.states import State
from yidi.claims.terms import Deed
from yidi.evidence.sheets import Cell, Column, write_sheet
from yidi.ledger.models import FUNDS
from yidi.operations.errors import TooManyRows, UnknownCase
from yidi.operations.handling import Answer, as_seen, each
from yidi.values.money import as_decimal

MOST_ROWS = 5000
"""Payments of one list."""
COLUMNS = (
    Column("number", "办件编号", "Case", width=16),
    Column("payee", "收款人", "Payee", width=16),
    Column("bank", "开户银行", "Bank", width=24),
    Column("account", "收款账号", "Account", width=32),
    Column("amount", "金额（元）", "Amount (yuan)", Cell.NUMBER, width=14),
    Column("approved", "批准日期", "Approved on", Cell.DATE, width=14),
)
"""What a bank needs, and no more: neither identity number nor what the person was treated for."""
TITLE = {"zh": "待支付名单", "en": "Payments due"}
WHY = "导出支付名单"
_AMOUNT = reduce(add, map(F, FUNDS))


def due(clerk: Actor) -> QuerySet[Any]:
    """The assessments of the approved claims of the clerk's region, the oldest approval first, each with its `amount`.

    Those that come to nothing are not due. Raises NotAllowed.
    """
    clerk.must_do(Action.PAY_CLAIM, clerk.region)
    return _standing(clerk, State.APPROVED).filter(amount__gt=0).order_by("claim__decided_on", "claim_id")


def paid(clerk: Actor) -> QuerySet[Any]:
    """Those of the paid ones, the last payment first, each with `amount`, `paid_at` and `paid_by`. Raises NotAllowed."""
    clerk.must_do(Action.PAY_CLAIM, clerk.region)
    number = Concat(Value("C"), LPad(Cast(OuterRef("claim_id"), CharField()), 10, Value("0")))
    payment = Event.objects.filter(action=str(Deed.PAID), subject=number).order_by("-pk")
    rows = _standing(clerk, State.PAID).annotate(
        paid_at=Subquery(payment.values("at")[:1]), paid_by=Subquery(payment.values("actor")[:1])
    )
    return rows.order_by("-paid_at", "-claim_id")


def _standing(clerk: Actor, state: State) -> QuerySet[Any]:
    """The assessments that stand, of the claims of the clerk's region in a state."""
    rows = ClaimAssessment.objects.filter(
        claim__coverage__pool__in=pools_of(clerk.region), claim__state=str(state), round=F("claim__appeals")
    )
    return rows.annotate(amount=_AMOUNT).select_related("claim__coverage__person")


@dataclass(frozen=True, slots=True)
class Together:
    """How many, and how much in fen."""

    count: int
    amount: int


def sum_of(rows: QuerySet[Any]) -> Together:
    """What payments come to together."""
    found = rows.order_by().aggregate(whole=Sum(_AMOUNT))
    return Together(rows.count(), found["whole"] or 0)


def versions(rows: Iterable[ClaimAssessment]) -> dict[str, int]:
    """As what a list shows each claim, by its number: what was done with it last (`handling.version_of`)."""
    numbers = [row.claim.number for row in rows]
    events = Event.objects.filter(subject__in=numbers).order_by().values_list("subject").annotate(Max("pk"))
    return dict(events)


def pay(seen: Mapping[str, int], clerk: Actor) -> list[Answer]:
    """Note the payment of several claims, each as it was seen, and answer for each by its number.

    Raises TooManyCases before anything is paid.
    """
    return each(seen, clerk, partial(_pay, seen=seen, clerk=clerk))


def _pay(case: Any, seen: Mapping[str, int], clerk: Actor) -> None:
    if not isinstance(case, Claim):
        raise UnknownCase(number=case.number)
    as_seen(case, seen[case.number], partial(claims.pay, case, clerk))


def payment_list(clerk: Actor, language: str = "zh") -> bytes:
    """What is due, as .xlsx for the bank; everybody on it is noted as looked at. Raises NotAllowed, TooManyRows."""
    rows = due(clerk)
    count = rows.count()
    if count > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS, rows=count)
    with transaction.atomic():
        found = list(rows)
        people = dict.fromkeys(row.claim.coverage.person.number for row in found)
        looked_each(clerk, people, "payments", WHY)
        record(clerk, "payments:export", "payments", f"{len(found)} 笔")
    cells = (
        {
            "number": row.claim.number,
            "payee": row.claim.coverage.person.name,
            "bank": row.claim.account_bank,
            "account": row.claim.account_number or "",
            "amount": as_decimal(row.amount),
            "approved": row.claim.decided_on,
        }
        for row in found
    )
    return write_sheet(TITLE[language], COLUMNS, cells, language)
