"""All transactions this centre offers, by every number under which clients ask for them."""

from collections.abc import Mapping
from types import MappingProxyType

from yidi.gateway.declarations import Transaction
from yidi.gateway.errors import UnknownTransaction
from yidi.gateway.transactions import (
    catalogue_files,
    catalogue_pages,
    chronic,
    clearing,
    entitlement,
    files,
    items,
    lines,
    people,
    records,
    referrals,
    registers,
    reverse,
    settle,
    sign,
    totals,
    visit,
)

TRANSACTIONS: tuple[Transaction, ...] = (
    *sign.TRANSACTIONS,
    *people.TRANSACTIONS,
    *visit.TRANSACTIONS,
    *lines.TRANSACTIONS,
    *settle.TRANSACTIONS,
    *reverse.TRANSACTIONS,
    *files.TRANSACTIONS,
    *catalogue_files.TRANSACTIONS,
    *catalogue_pages.TRANSACTIONS,
    *entitlement.TRANSACTIONS,
    *registers.TRANSACTIONS,
    *records.TRANSACTIONS,
    *items.TRANSACTIONS,
    *clearing.TRANSACTIONS,
    *referrals.TRANSACTIONS,
    *chronic.TRANSACTIONS,
    *totals.TRANSACTIONS,
)

TABLE: Mapping[str, Transaction] = MappingProxyType(
    {number: item for item in TRANSACTIONS for number in (item.infno, *item.also)}
)


def find(infno: str) -> Transaction:
    """The transaction with that number. Raises UnknownTransaction."""
    transaction = TABLE.get(infno)
    if transaction is None:
        raise UnknownTransaction(number=infno, known="、".join(sorted(TABLE)))
    return transaction
