"""What is reconciled and confirmed in tests."""

from datetime import date, timedelta

from django.utils import timezone

from tests.accounts.factories import HOSPITAL
from yidi.clearing import services
from yidi.clearing.models import Confirmation, Reconciliation
from yidi.clearing.queries import Period, case_number, month_of, payable, to_allocate
from yidi.clearing.services import Row
from yidi.clearing.states import Amount
from yidi.providers.models import Provider
from yidi.settlement.models import Settlement


def this_month() -> tuple[date, date]:
    today = timezone.localdate()
    return month_of(f"{today:%Y}", f"{today:%m}")


def a_row(settlement: Settlement, *, included: bool = True) -> Row:
    """A settlement as its provider confirms it."""
    return Row(
        number=settlement.number,
        case=case_number(settlement),
        identity=settlement.visit.coverage.person.identity,
        at=settlement.at.replace(microsecond=0),
        total=settlement.total,
        payable=payable(settlement),
        included=included,
    )


def a_confirmation(provider: Provider, number: str) -> Confirmation:
    """All that there is to allocate this month, confirmed."""
    rows = [a_row(settlement) for settlement in to_allocate(provider, *this_month())]
    return services.confirm(provider, this_month(), len(rows), rows, number, HOSPITAL)


def reconciled(provider: Provider, count: int) -> Reconciliation:
    """The totals of the last days, of which the provider says that there were so many records and no money."""
    today = timezone.localdate()
    given = {Amount.COUNT: count, Amount.TOTAL: 0, Amount.FUND: 0, Amount.ACCOUNT: 0}
    asked = Period(provider, today - timedelta(days=1), today)
    return services.reconcile_totals(asked, given, "M", HOSPITAL)
