"""An e-invoice read into a claim: what is empty is filled, what the person wrote is not overwritten but told of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction

from yidi.accounts.actors import Actor
from yidi.audit.services import record
from yidi.claims.drafting import FACTS, add_paper, save, writable
from yidi.claims.models import Claim
from yidi.claims.terms import Deed
from yidi.consents.services import must_apply_for
from yidi.evidence.checks import Readable, read_bounded, told
from yidi.evidence.invoices import InvoiceFields
from yidi.evidence.invoices import read_invoice as fields_of
from yidi.ledger.invoices import normalized
from yidi.values.terms import Material

Value = str | date | int


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading an invoice. Facts go by their names in `drafting.save`: `invoice`, `on`, `total`."""

    fields: InvoiceFields
    filled: Mapping[str, Value]
    """What was empty and is filled now. `on` is the day of issue: the person checks that it is the day of service."""
    differing: Mapping[str, Value]
    """What the invoice says otherwise than the person did: nothing is changed until it is saved as the person's word."""


def read_invoice(
    claim: Claim, upload: "Readable | BinaryIO", name: str, actor: Actor, *, keep: bool = False
) -> Reading:
    """Read number, day and total from a photo or PDF with a code, or from an XML file.

    With `keep`, a photo or PDF becomes the claim's invoice among its papers, whether anything can be read of it or not.
    Raises Closed, and what `evidence.invoices.read_invoice` and `drafting.save` raise: then nothing is filled.
    """
    must_apply_for(actor, claim.coverage)
    content = read_bounded(upload, name)
    if keep and told(content):
        add_paper(claim, Material.INVOICE, BytesIO(content), name, actor)
    fields = fields_of(BytesIO(content), name)
    with transaction.atomic():
        row = writable(claim, actor)
        found = {"invoice": fields.number, "on": fields.on, "total": fields.total_fen}
        filled, differing = _compared(
            row, {name: value for name, value in found.items() if value is not None}
        )
        record(actor, Deed.READ_INVOICE, row.number, "、".join(FACTS[name] for name in filled))
        if filled:
            given: dict[str, Any] = dict(filled)
            save(claim, actor, **given)
    return Reading(fields, filled, differing)


def _compared(row: Claim, found: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, Value]]:
    """What the claim does not state yet, and what it states otherwise."""
    filled, differing = {}, {}
    for name, value in found.items():
        stated = getattr(row, name)
        if stated in ("", None):
            filled[name] = value
        elif _plain(stated) != _plain(value):
            differing[name] = value
    return filled, differing


def _plain(value: Value) -> Value:
    return normalized(value) if isinstance(value, str) else value
