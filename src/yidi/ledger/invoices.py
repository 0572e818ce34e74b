"""Each invoice is paid for once, whichever way: one register for direct settlements and claims alike."""

import unicodedata

from yidi.ledger.errors import InvoiceUsed
from yidi.ledger.models import Invoice, InvoiceUse
from yidi.statements import insert


def normalized(number: str) -> str:
    """An invoice number in its one spelling: half-width, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def take(number: str, use: InvoiceUse, subject: str) -> None:
    """Mark an invoice as used by a visit or claim. Raises InvoiceUsed where another one has it."""
    spelled = normalized(number)
    if insert([Invoice(number=spelled, use=str(use), subject=subject)], "DO NOTHING"):
        return
    taken = Invoice.objects.get(number=spelled)
    if (taken.use, taken.subject) != (str(use), subject):
        raise InvoiceUsed(invoice=number, use=InvoiceUse(taken.use), subject=taken.subject)


def release(use: InvoiceUse, subject: str) -> None:
    """Free the invoices of a visit or claim: it was cancelled or withdrawn."""
    Invoice.objects.filter(use=str(use), subject=subject).delete()
