"""Writing a claim down, step by step: whatever was saved stays saved, and what is wrong is refused at once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, BinaryIO, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import locked
from yidi.audit.services import record
from yidi.benefit.split import FeeLine, check_amount
from yidi.claims import errors
from yidi.claims.models import Claim, ClaimLine
from yidi.claims.queries import just_begun, lines_of, missing_details, missing_of_bill, own_claim
from yidi.claims.states import PAPERS_TAKEN, WRITABLE, State
from yidi.claims.terms import Deed, Detail
from yidi.consents.services import must_apply_for
from yidi.evidence import services as evidence
from yidi.evidence.checks import Readable
from yidi.evidence.models import Paper
from yidi.evidence.queries import materials_of
from yidi.evidence.remaking import Remade, remake
from yidi.ledger import invoices
from yidi.ledger.errors import InvoiceUsed
from yidi.ledger.models import InvoiceUse
from yidi.ledger.services import lock_person
from yidi.people.errors import NotInsured
from yidi.people.models import Coverage, Person
from yidi.people.queries import coverages_on
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.values.bank_accounts import parse_bank_account
from yidi.values.money import FEN, MAX_INTEGER_DIGITS, MICRO, QUANTUM, yuan_text
from yidi.values.terms import Benefit, Material

INVOICE_LENGTH = 20
"""Characters of an invoice number (interface §4.14)."""
NAME_LENGTH = 100
BANK_LENGTH = 60
MOST_LINES = 500
LINE_NAME_LENGTH = 200
CODE_LENGTH = 50
FILLED_IN = ("填写的内容", "what it says")
LINES = ("费用明细", "the lines of the bill")
PAPERS = ("材料", "its papers")
MOST = 10**MAX_INTEGER_DIGITS
"""Yuan, or units, that no number of a bill reaches (interface §4)."""


FACTS = {
    "provider": "医疗机构",
    "provider_name": "机构名称",
    "care_region": "机构所在地",
    "benefit": "就诊类别",
    "disease": "病种",
    "on": "就诊日期",
    "emergency": "是否急诊",
    "invoice": "票据号",
    "total": "票据总金额",
    "account_bank": "开户银行",
    "account_number": "收款账号",
}
"""What the trail calls each fact that was saved."""


class Given(TypedDict, total=False):
    """What a claim may be told about its bill; what is left out stays as it is, None or empty takes it back."""

    provider: Provider | None
    provider_name: str
    care_region: str
    benefit: Benefit | None
    disease: str
    on: date | None
    emergency: bool
    invoice: str
    total: int | None
    account_bank: str
    account_number: str


@transaction.atomic
def start(coverage: Coverage, actor: Actor, **given: Unpack[Given]) -> Claim:
    """Begin a claim with whatever is known already. Raises what `save` raises."""
    must_apply_for(actor, coverage)
    claim = Claim.objects.create(coverage=coverage, state=str(State.DRAFT))
    record(actor, Deed.START, claim.number)
    save(claim, actor, **given)
    return claim


@transaction.atomic
def begin(
    person: Person, actor: Actor, on: date, benefit: Benefit, disease: str = "", emergency: bool = False
) -> Claim:
    """Begin a claim about a visit, under the coverage that the person had on that day.

    A draft that says this and nothing more yet is gone on with: whoever sends the first page twice has one draft.
    Raises FutureService, NotInsured and what `save` raises.
    """
    coverage = _held_on(person, on)[0]
    must_apply_for(actor, coverage)
    lock_person(coverage)
    said = {"on": on, "benefit": str(benefit), "disease": disease, "emergency": emergency}
    for draft in just_begun(person).filter(**said):
        if not lines_of(draft) and not materials_of(draft.number):
            return draft
    return start(coverage, actor, on=on, benefit=benefit, disease=disease, emergency=emergency)


@transaction.atomic
def save(claim: Claim, actor: Actor, **given: Unpack[Given]) -> None:
    """Check what is given and write it; nothing of it is written where anything is refused.

    A provider of the register takes the place of one that was only described (name and region), and the other way
    round. A draft about a day on which the person was insured otherwise moves to that coverage.
    Raises FutureService, NotInsured, NotQualified, BadInvoice, OwnInvoice, InvoiceUsed, BadTotal, TextTooLong,
    UnknownRegion, UnknownDisease, DiseaseAside, BadValue of an account, Closed; Incomplete where a claim that was handed in would lack something.
    """
    row = writable(claim, actor)
    before = row.invoice
    values = _values(row, given)
    for name, value in values.items():
        setattr(row, name, value)
    values |= _coverage_of_the_day(row, actor)
    _check_facts(row, given)
    if row.invoice != before:
        _change_invoice(row)
    if row.state != State.DRAFT:
        must_state(row, missing_of_bill(row))
    if values:
        row.save(update_fields=list(values))
        record(actor, Deed.SAVE, row.number, "、".join(FACTS[name] for name in FACTS if name in given))
    for name, value in values.items():
        setattr(claim, name, value)


def _values(row: Claim, given: Given) -> dict[str, Any]:
    """The columns that the facts given come to, of a claim as it was before."""
    values: dict[str, Any] = dict(given)
    for name in ("provider_name", "invoice", "account_bank"):
        if name in values:
            values[name] = values[name].strip()
    if "account_number" in values:
        values["account_number"] = (
            parse_bank_account(given["account_number"]) if given["account_number"] else None
        )
    if "benefit" in values:
        values["benefit"] = str(values["benefit"] or "")
        if values["benefit"] != Benefit.CHRONIC_DISEASE:
            values["disease"] = ""
    if values.get("provider"):
        values |= {"provider_name": "", "care_region": ""}
    elif values.get("provider_name") or values.get("care_region"):
        values["provider"] = None
    if values.get("provider", row.provider) != row.provider:
        values["level"] = ""  # it was a clerk's word about that provider
    return values


def _coverage_of_the_day(row: Claim, actor: Actor) -> dict[str, Coverage]:
    """The person's coverage on the day of service, where that is another one than the claim was begun under.

    Raises FutureService, NotInsured.
    """
    if row.on is None:
        return {}
    held = _held_on(row.coverage.person, row.on)
    if row.coverage in held:
        return {}
    if row.state != State.DRAFT:
        raise NotInsured(on=row.on)
    must_apply_for(actor, held[0])
    row.coverage = held[0]
    return {"coverage": held[0]}


def _held_on(person: Person, on: date) -> list[Coverage]:
    """The coverages of a person on a day of service, at least one. Raises FutureService, NotInsured."""
    if on > timezone.localdate():
        raise errors.FutureService(on=on)
    held = coverages_on(person, on)
    if not held:
        raise NotInsured(on=on)
    return held


def _check_facts(row: Claim, given: Given) -> None:
    """Raises the refusal that belongs to the first fact given that cannot be."""
    if len(row.provider_name) > NAME_LENGTH:
        raise errors.TextTooLong(what="机构名称", what_en="provider's name", most=NAME_LENGTH)
    if len(row.account_bank) > BANK_LENGTH:
        raise errors.TextTooLong(what="开户银行", what_en="bank's name", most=BANK_LENGTH)
    if row.care_region:
        regions.region(row.care_region)
    check_total(given.get("total"))
    if row.disease:
        known = diseases.disease(row.disease)
        if row.benefit != Benefit.CHRONIC_DISEASE:
            raise errors.DiseaseAside(disease=known.name)
        if row.on and {"benefit", "disease", "on"} & set(given):
            qualifications.need(row.coverage, row.disease, row.on, row.provider)


def check_total(total: int | None) -> None:
    """Raises BadTotal where an invoice cannot come to that, in fen; None is no total yet."""
    if total is not None and not 0 < total < MOST * FEN:
        raise errors.BadTotal(total=yuan_text(total), most=yuan_text(MOST * FEN - 1))


def _change_invoice(row: Claim) -> None:
    """Let go of the invoice held before and take the new one, if there is one."""
    spelled = invoices.normalized(row.invoice)
    if len(spelled) > INVOICE_LENGTH or len(row.invoice) > INVOICE_LENGTH:
        raise errors.BadInvoice(most=INVOICE_LENGTH)
    invoices.release(InvoiceUse.CLAIM, row.number)
    if not spelled:
        return
    try:
        invoices.take(row.invoice, InvoiceUse.CLAIM, row.number)
    except InvoiceUsed as used:
        own = own_claim(row.coverage.person, used.subject)
        if own is None:
            raise
        raise errors.OwnInvoice(invoice=row.invoice, number=own.number) from used


def must_be_complete(row: Claim) -> None:
    """Raises Incomplete where a claim lacks what it must state to be handed in."""
    must_state(row, missing_details(row))


def must_state(row: Claim, missing: Sequence[Detail]) -> None:
    """Raises Incomplete where anything is missing."""
    if missing:
        raise errors.Incomplete(
            number=row.number,
            missing="、".join(detail.zh for detail in missing),
            missing_en=", ".join(detail.en for detail in missing),
        )


@transaction.atomic
def replace_lines(claim: Claim, lines: Sequence[FeeLine], actor: Actor) -> None:
    """Write these lines in the place of those there are; they are numbered from 1 in the order given.

    Raises AmountMismatch, BadLine, TooManyLines, Closed.
    """
    row = writable(claim, actor, LINES)
    write_lines(row, lines)
    if row.state != State.DRAFT:
        must_state(row, missing_of_bill(row))
    record(actor, Deed.LINES, row.number, f"{len(lines)} 行")
    claim.edition = row.edition


@transaction.atomic
def edit_lines(
    claim: Claim, among: slice, lines: Sequence[FeeLine], seen: str, actor: Actor
) -> list[FeeLine]:
    """Write lines in the place of some of those that a page showed; returns all there are now.

    `seen` is the `digest_of` all lines when the page was made: what somebody wrote elsewhere meanwhile is not lost,
    and a page that is sent twice does nothing the second time. A hospital's approval that a clerk noted stays with a
    line that is not changed; nobody else can note one. Raises LinesChanged and what `replace_lines` raises.
    """
    held = lines_of(writable(claim, actor, LINES))
    if digest_of(held) == seen:
        noted = {digest_of([line]): line.approved for line in held}
        held[among] = [replace(line, approved=noted.get(digest_of([line]))) for line in lines]
        replace_lines(claim, held, actor)
        return held
    there = held[among.start : among.start + len(lines)]
    if not lines or digest_of(there) != digest_of(lines):
        raise errors.LinesChanged(number=claim.number)
    return held


def digest_of(lines: Iterable[FeeLine]) -> str:
    """What tells bills apart: the same lines in the same order have the same."""
    told = [(line.code, line.name, line.quantity, line.price_micro, line.amount) for line in lines]
    return sha256(json.dumps(told).encode()).hexdigest()


@transaction.atomic
def add_lines(claim: Claim, lines: Sequence[FeeLine], actor: Actor) -> None:
    """Write more lines below those there are. Raises what `replace_lines` raises."""
    replace_lines(claim, [*lines_of(locked(claim)), *lines], actor)


@transaction.atomic
def remove_line(claim: Claim, serial: int, actor: Actor) -> None:
    """Take one line away; those below move up. One that is not there changes nothing. Raises Closed."""
    kept = [line for line in lines_of(locked(claim)) if line.serial != str(serial)]
    replace_lines(claim, kept, actor)


def write_lines(row: Claim, lines: Sequence[FeeLine]) -> None:
    """Check lines and write them as the edition that holds; a draft's own edition is overwritten, no other is.

    The claim must be locked, and whoever calls must have checked who writes. Raises AmountMismatch, BadLine,
    TooManyLines.
    """
    if len(lines) > MOST_LINES:
        raise errors.TooManyLines(most=MOST_LINES, count=len(lines))
    if row.submitted_on is None:
        row.lines.filter(edition=row.edition).delete()
    else:
        row.edition += 1
        row.save(update_fields=["edition"])
    ClaimLine.objects.bulk_create(_line(row, serial, line) for serial, line in enumerate(lines, start=1))


def _line(row: Claim, serial: int, line: FeeLine) -> ClaimLine:
    code, name = line.code.strip(), line.name.strip()
    wrong = next((why for holds, why in _faults(line, code, name) if holds), None)
    if wrong:
        raise errors.BadLine(row=serial, why=wrong[0], why_en=wrong[1])
    check_amount(line)
    return ClaimLine(
        claim=row,
        edition=row.edition,
        serial=serial,
        code=code,
        name=name,
        quantity=line.quantity,
        price_micro=line.price_micro,
        amount=line.amount,
        approved=line.approved,
    )


def _faults(line: FeeLine, code: str, name: str) -> Sequence[tuple[bool, tuple[str, str]]]:
    """What may be wrong with a line, and whether it is."""
    too_large = (
        line.quantity >= MOST * QUANTUM or line.price_micro >= MOST * MICRO or line.amount >= MOST * FEN
    )
    return (
        (not name, ("没有项目名称", "it has no name")),
        (len(name) > LINE_NAME_LENGTH, (f"项目名称超过 {LINE_NAME_LENGTH} 个字符", "its name is too long")),
        (len(code) > CODE_LENGTH, (f"编码超过 {CODE_LENGTH} 个字符", "its code is too long")),
        (line.quantity <= 0, ("数量应大于 0", "the count must be above 0")),
        (line.price_micro < 0 or line.amount < 0, ("单价和金额不能为负数", "amounts cannot be negative")),
        (too_large, ("数字过大", "a number is too large")),
    )


def add_paper(
    claim: Claim, material: Material, upload: Remade | Readable | BinaryIO, name: str, actor: Actor
) -> Paper:
    """Hand in a file as a paper of the claim. Raises Closed and what `evidence.services.hand_in` raises."""
    must_apply_for(actor, claim.coverage)
    remade = upload if isinstance(upload, Remade) else remake(upload, name)
    with transaction.atomic():
        lock_person(claim.coverage)
        writable(claim, actor, PAPERS, PAPERS_TAKEN)
        return evidence.hand_in(claim.number, claim.coverage.person, material, remade, name, actor)


@transaction.atomic
def show_paper(claim: Claim, material: Material, description: str, actor: Actor) -> Paper:
    """Note a paper that a window clerk was shown. Raises Closed, DescriptionMissing, NotAllowed for anybody else."""
    actor.must_do(Action.ACT_FOR_WALK_IN, claim.coverage.pool)
    lock_person(claim.coverage)
    writable(claim, actor, PAPERS, PAPERS_TAKEN)
    return evidence.show(claim.number, claim.coverage.person, material, description, actor)


@transaction.atomic
def remove_paper(claim: Claim, paper: Paper, actor: Actor) -> None:
    """Take a paper out of a claim that is not decided yet. Raises Closed, NotOfThisCase, AlreadyRemoved."""
    writable(claim, actor, PAPERS)
    evidence.must_belong(paper, claim.number)
    evidence.remove(paper, actor)


def writable(
    claim: Claim, actor: Actor, what: tuple[str, str] = FILLED_IN, states: Sequence[State] = WRITABLE
) -> Claim:
    """The claim's row as it is now, locked, for somebody who may apply for the person. Raises Closed and their faults."""
    must_apply_for(actor, claim.coverage)
    row: Claim = locked(claim)
    if row.state not in states:
        raise errors.Closed(number=row.number, now=State(row.state), what=what[0], what_en=what[1])
    return row
