"""Every change of a visit: one function, one transaction. Settling is exactly-once and never past a ceiling.

The order of locks is always: person, visit, counters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.models import Event
from yidi.audit.moves import move
from yidi.audit.services import record
from yidi.benefit.adjudicate import Decision
from yidi.benefit.split import FeeLine, Split, whole_split
from yidi.catalogue.lines import columns, split_lines
from yidi.filing.queries import check_settles_directly, situation
from yidi.ledger import invoices
from yidi.ledger.decisions import Answer, decide
from yidi.ledger.models import AMOUNTS, PARTS, InvoiceUse, Posting, PostingKind
from yidi.ledger.services import (
    count,
    counters_of,
    decision_columns,
    funds_of,
    mirror,
    post,
    settlement_entries,
    used_counters,
)
from yidi.people.models import Coverage
from yidi.policy.book import book
from yidi.policy.resolve import nationally_settled
from yidi.providers.models import Provider
from yidi.providers.queries import has_opened
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.settlement import errors
from yidi.settlement.models import Diagnosis, Settlement, Visit, VisitLine
from yidi.settlement.states import (
    VISIT_TRANSITIONS,
    BillPart,
    SettlementKind,
    Unrestored,
    VisitState,
)
from yidi.statements import Query, Slot, atomic, insert, update
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, Situation

Said = Mapping[str, Any]
EMPTY: Said = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Registration:
    """What a visit is registered with."""

    provider_number: str
    began: datetime
    doctor_code: str
    doctor_name: str
    department: str
    said: Said = field(default_factory=dict)
    """What else the provider tells."""


@dataclass(frozen=True, slots=True)
class NewDiagnosis:
    rank: int
    kind: str
    code: str
    name: str
    said: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider tells of a line besides what is split."""

    occurred: datetime | None = None
    said: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a provider asks to settle. Amounts in fen; a part it leaves out is not compared."""

    benefit: Benefit
    total: int
    batch: str
    parts: Mapping[Literal["excluded", "over_limit", "upfront", "in_scope"], int] | None = None
    invoice: str = ""


@atomic
def open_visit(provider: Provider, coverage: Coverage, registration: Registration, actor: Actor) -> Visit:
    """Register a visit. Raises DuplicateVisit, ServiceDate."""
    today = timezone.localdate()
    if timezone.localdate(registration.began) > today:
        raise errors.ServiceDate(began=f"{timezone.localtime(registration.began):%F %T}", today=today)
    visit = Visit(
        provider=provider,
        coverage=coverage,
        provider_number=registration.provider_number,
        began=registration.began,
        doctor_code=registration.doctor_code,
        doctor_name=registration.doctor_name,
        department=registration.department,
        said=dict(registration.said),
    )
    if not insert([visit], "DO NOTHING"):
        known = Visit.objects.get(
            provider=provider, provider_number=visit.provider_number, state=str(VisitState.OPEN)
        )
        raise errors.DuplicateVisit(number=registration.provider_number, visit=known.number)
    record(actor, "settlement:open", visit.number)
    return visit


@atomic
def withdraw_visit(visit: Visit, actor: Actor) -> None:
    """Undo a registration that was not settled. Raises AlreadySettled, IllegalMove."""
    visit = _locked(visit)
    _refuse_settled(visit)
    move(visit, VISIT_TRANSITIONS, VisitState.WITHDRAWN, actor, "settlement:withdraw")


@atomic
def describe_visit(
    visit: Visit,
    benefit: Benefit,
    disease: str,
    emergency: bool,
    found: Sequence[NewDiagnosis],
    actor: Actor,
    said: Said = EMPTY,
) -> None:
    """Say what the visit is for; a later upload replaces the earlier one.

    A chronic-disease visit needs a qualification of that day. Lines are split by benefit and disease, so neither may
    change once there are lines. Raises NotQualified, AlreadySettled, LinesPresent.
    """
    visit = _locked(visit)
    _refuse_closed(visit)
    if (visit.benefit, visit.disease) != (str(benefit), disease) and _SERIALS.all(visit=visit.pk):
        raise errors.LinesPresent(visit=visit.number)
    if benefit is Benefit.CHRONIC_DISEASE:
        diseases.disease(disease)
        qualifications.need(visit.coverage, disease, _day(visit), visit.provider)
    if visit.benefit:
        visit.diagnoses.all().delete()
    visit.benefit, visit.disease, visit.emergency = str(benefit), disease, emergency
    visit.said = {**visit.said, **said}
    update(visit, "benefit", "disease", "emergency", "said")
    insert(
        [
            Diagnosis(
                visit=visit,
                rank=item.rank,
                kind=item.kind,
                code=item.code,
                name=item.name,
                said=dict(item.said),
            )
            for item in found
        ]
    )
    record(actor, "settlement:describe", visit.number)


@atomic
def add_lines(
    visit: Visit, batch: str, lines: Sequence[FeeLine], actor: Actor, told: Mapping[str, Told] = EMPTY
) -> list[VisitLine]:
    """Upload lines and split them by the care region's catalogue, in the order given; `told` is by serial.

    Raises NoDiagnosis, AlreadySettled, DuplicateLine, AmountMismatch, NoCatalogue; then nothing is written.
    """
    visit = _locked(visit)
    _refuse_closed(visit)
    if not visit.benefit:
        raise errors.NoDiagnosis(visit=visit.number)
    _refuse_known_serials(visit, lines)
    group = diseases.group_of(visit.disease) if visit.benefit == Benefit.CHRONIC_DISEASE else None
    rows = split_lines(regions.province_of(visit.provider.region), lines, _day(visit), group)
    added = [_line(visit, batch, columns(row, item), told.get(row.line.serial, Told())) for row, item in rows]
    insert(added)
    record(actor, "settlement:lines", visit.number, f"{len(added)} 行")
    return added


def _line(visit: Visit, batch: str, split: Mapping[str, Any], told: Told) -> VisitLine:
    return VisitLine(visit=visit, batch=batch, occurred=told.occurred, said=dict(told.said), **split)


def _refuse_known_serials(visit: Visit, lines: Sequence[FeeLine]) -> None:
    known = {serial for (serial,) in _SERIALS.all(visit=visit.pk)}
    for line in lines:
        if line.serial in known:
            raise errors.DuplicateLine(serial=line.serial, visit=visit.number)
        known.add(line.serial)


@atomic
def withdraw_lines(visit: Visit, batch: str | None, actor: Actor) -> int:
    """Take back unsettled lines of a batch (None = all). Returns how many there were. Raises AlreadySettled."""
    visit = _locked(visit)
    _refuse_closed(visit)
    lines = visit.lines.all() if batch is None else visit.lines.filter(batch=batch)
    removed, _ = lines.delete()
    record(actor, "settlement:withdraw-lines", visit.number, f"{removed} 行")
    return removed


@atomic
def withdraw_line(visit: Visit, serial: str, actor: Actor) -> None:
    """Take back one unsettled line. Raises UnknownLine, AlreadySettled."""
    visit = _locked(visit)
    _refuse_closed(visit)
    if not visit.lines.filter(serial=serial).delete()[0]:
        raise errors.UnknownLine(visit=visit.number, serial=serial)
    record(actor, "settlement:withdraw-lines", visit.number, f"第 {serial} 行")


def presettle(visit: Visit, bill: Bill) -> Answer:
    """What settling would come to now. Changes nothing. Raises what `settle` raises."""
    _refuse_closed(visit)
    return _decide(visit, bill)


def settle(visit: Visit, bill: Bill, message: str, actor: Actor) -> Settlement:
    """Settle a visit: decide, count, book, all or nothing.

    `message` is the provider's own number of this request. Raises AlreadySettled, NoLines, BenefitMismatch,
    TotalMismatch, NotOpened, NotNational, NotQualified, NoFiling and what the engine raises; then nothing is written.
    """
    settlement, _ = settle_with_decision(visit, bill, message, actor)
    return settlement


@atomic
def settle_with_decision(visit: Visit, bill: Bill, message: str, actor: Actor) -> tuple[Settlement, Decision]:
    """The same as `settle`; gives the decision too, which need not be computed again then."""
    visit = _held(visit)
    earlier = _refuse_closed(visit)
    answer = _decide(visit, bill)
    if bill.invoice:
        invoices.take(bill.invoice, InvoiceUse.SETTLEMENT, visit.number)
    at = timezone.now()
    home, care = visit.coverage.pool, regions.pool_of(visit.provider.region)
    funds = funds_of(answer.decision)
    entries = settlement_entries(regions.pool_of(home), care, _party(visit.provider), funds)
    posting = post(PostingKind.SETTLEMENT, _subject(visit, earlier), at, entries)
    settlement = Settlement(
        visit=visit,
        kind=str(SettlementKind.SETTLE),
        at=at,
        on=answer.question.on,
        situation=str(answer.question.situation),
        level=str(answer.question.level),
        provider=visit.provider,
        provider_message=message,
        batch=bill.batch,
        invoice=bill.invoice,
        posting=posting,
        **decision_columns(answer.decision, answer.used),
    )
    insert([settlement])
    count(posting, visit.coverage, answer.decision.moves)
    record(actor, "settlement:settle", settlement.number)
    return settlement, answer.decision


@atomic
def cancel(
    settlement: Settlement, message: str, actor: Actor, action: str = "settlement:cancel"
) -> Settlement:
    """Undo a settlement by its mirror image: counters and books stand as before. Raises AlreadyCancelled."""
    _held(settlement.visit)
    settlement.refresh_from_db()
    if settlement.is_cancelled:
        raise errors.AlreadyCancelled(
            settlement=settlement.number, cancellation=settlement.cancellation.number
        )
    at = timezone.now()
    standing = _standing_posting(settlement)
    cancellation = _undo(
        settlement, SettlementKind.CANCEL, message, mirror(standing, standing.subject, at), at
    )
    invoices.release(InvoiceUse.SETTLEMENT, settlement.visit.number)
    settlement.is_cancelled = True
    settlement.save(update_fields=["is_cancelled"])
    record(actor, action, settlement.number)
    return cancellation


def _undo(row: Settlement, kind: SettlementKind, message: str, posting: Posting, at: datetime) -> Settlement:
    """The row that undoes another one, with the same amounts."""
    copied = {field: getattr(row, field) for field in _COPIED}
    undoing = Settlement(
        kind=str(kind), cancels=row, at=at, provider_message=message, posting=posting, **copied
    )
    insert([undoing])
    return undoing


def _standing_posting(settlement: Settlement) -> Posting:
    """By which a standing settlement stands in the books: its own, or the last one that restored it."""
    restored = Settlement.objects.filter(cancels__cancels=settlement).order_by("-pk").first()
    return (restored or settlement).posting


@atomic
def reverse(row: Settlement, message: str, actor: Actor) -> None:
    """Take a settlement or a cancellation back as though its message had never come (冲正). Again changes nothing.

    A settlement whose cancellation is reversed stands again, exactly as it stood; one that was reversed itself stays
    undone. Raises NotRestored, InvoiceUsed; then nothing is written.
    """
    visit = _held(row.visit)
    row.refresh_from_db()
    if row.is_reversed:
        return
    if row.cancels is not None:
        _restore(row, row.cancels, visit, message, actor)
        return
    if not row.is_cancelled:
        cancel(row, message, actor, "settlement:reverse")
    row.is_reversed = True
    row.save(update_fields=["is_reversed"])


def _restore(
    cancellation: Settlement, settlement: Settlement, visit: Visit, message: str, actor: Actor
) -> None:
    if settlement.is_reversed:
        return
    why = _unrestored(cancellation, settlement, visit)
    if why is not None:
        raise errors.NotRestored(cancellation=cancellation.number, why=why, settlement=settlement.number)
    if settlement.invoice:
        invoices.take(settlement.invoice, InvoiceUse.SETTLEMENT, visit.number)
    at = timezone.now()
    posting = mirror(
        cancellation.posting, _subject(visit, visit.settlements.count()), at, PostingKind.RESTORE
    )
    _undo(cancellation, SettlementKind.RESTORE, message, posting, at)
    cancellation.is_reversed = True
    cancellation.save(update_fields=["is_reversed"])
    settlement.is_cancelled = False
    settlement.save(update_fields=["is_cancelled"])
    record(actor, "settlement:restore", settlement.number)


def _unrestored(cancellation: Settlement, settlement: Settlement, visit: Visit) -> Unrestored | None:
    """Why a cancelled settlement cannot stand again as it stood, if it cannot."""
    used, read = used_counters(visit.coverage), counters_of(settlement.used_before)
    changes = Event.objects.filter(subject=visit.number, action__in=_CHANGES, at__gte=cancellation.at)
    reasons = {
        Unrestored.WITHDRAWN: visit.state != VisitState.OPEN,
        Unrestored.SETTLED: visit.settlements.filter(
            kind=str(SettlementKind.SETTLE), is_cancelled=False
        ).exists(),
        Unrestored.CHANGED: changes.exists(),
        Unrestored.COUNTED: any(used.get(name, 0) != amount for name, amount in read.items()),
    }
    return next((why for why, is_so in reasons.items() if is_so), None)


_CHANGES = ("settlement:describe", "settlement:lines", "settlement:withdraw-lines")
"""What changes the bill of a visit, as the trail names it."""


def _subject(visit: Visit, rows: int) -> str:
    """What the next posting of a visit is filed under; each of its rows so far makes it another."""
    return f"{visit.number}-{rows}"


_COPIED = (
    "visit_id", "on", "situation", "level", "provider_id", "batch", "invoice", *AMOUNTS, "rule_id", "used_before",
)  # fmt: skip
"""What a row takes over from the one that it undoes."""


def _locked(visit: Visit) -> Visit:
    """The visit's row, held until the transaction ends."""
    return _LOCKED.all(visit=visit.pk)[0]


def _held(visit: Visit) -> Visit:
    """The visit's row; the person and it are held until the transaction ends, in this order."""
    return _HELD.all(visit=visit.pk)[0]


def _of_number(*of: str) -> QuerySet[Visit]:
    # Rows that refer to what is held may be added meanwhile (`no_key`), see `ledger.services.lock_person`.
    rows = Visit.objects.select_for_update(of=of, no_key=True).select_related("provider", "coverage__person")
    return rows.filter(pk=Slot("visit", BigIntegerField()))


_LOCKED = Query(lambda: _of_number("self"))
_HELD = Query(lambda: _of_number("coverage__person", "self"))
_SERIALS = Query(
    lambda: VisitLine.objects.filter(visit_id=Slot("visit", BigIntegerField())).values_list("serial")
)
_PARTS_OF_LINES = Query(
    lambda: VisitLine.objects.filter(
        visit_id=Slot("visit", BigIntegerField()), batch=Slot("batch")
    ).values_list(*PARTS)
)
_SETTLED = Query(
    lambda: Settlement.objects.filter(visit_id=Slot("visit", BigIntegerField())).values_list(
        "pk", "kind", "is_cancelled", "at"
    )
)


def _refuse_closed(visit: Visit) -> int:
    """How many settlements and cancellations the visit has seen, none of them standing.

    Raises UnknownVisit where the registration was withdrawn, AlreadySettled where the visit was settled.
    """
    if visit.state != VisitState.OPEN:
        raise errors.UnknownVisit(visit=visit.number)
    return _refuse_settled(visit)


def _refuse_settled(visit: Visit) -> int:
    found = _SETTLED.all(visit=visit.pk)
    for key, kind, is_cancelled, at in found:
        if kind == SettlementKind.SETTLE and not is_cancelled:
            settled = Settlement(pk=key)
            raise errors.AlreadySettled(
                visit=visit.number, at=f"{timezone.localtime(at):%F %T}", settlement=settled.number
            )
    return len(found)


def _day(visit: Visit) -> date:
    """The day of service."""
    return timezone.localdate(visit.began)


def _party(provider: Provider) -> str:
    """The provider's name in the books: its national code."""
    if not provider.code:
        raise errors.NotOpened(provider=provider.name, what="直接结算")
    return provider.code


def _decide(visit: Visit, bill: Bill) -> Answer:
    return answer_for(visit, _split(visit, bill))


def answer_for(visit: Visit, split: Split) -> Answer:
    """What the home pool pays of a split bill of a visit, or would pay; writes nothing. Raises what `settle` raises of it."""
    benefit = Benefit(visit.benefit)
    where = _check_settles(visit, benefit)
    on = _day(visit)
    approved: tuple[str, ...] = ()
    if benefit == Benefit.CHRONIC_DISEASE:
        approved = qualifications.diseases_held(visit.coverage, on)
    return decide(split, visit.coverage, visit.provider, benefit, visit.disease, where, on, approved)


def _split(visit: Visit, bill: Bill) -> Split:
    """The sums of the visit's lines, compared with what the provider says."""
    if not visit.benefit:
        raise errors.NoDiagnosis(visit=visit.number)
    if visit.benefit != bill.benefit:
        raise errors.BenefitMismatch(visit=visit.number, known=Benefit(visit.benefit), given=bill.benefit)
    lines = _PARTS_OF_LINES.all(visit=visit.pk, batch=bill.batch)
    if not lines:
        raise errors.NoLines(visit=visit.number, batch=bill.batch)
    sums = dict(zip(PARTS, map(sum, zip(*lines, strict=True)), strict=True))
    _compare(BillPart.TOTAL, bill.total, sum(sums.values()))
    for name, given in (bill.parts or {}).items():
        _compare(BillPart(name), given, sums[name])
    return whole_split(sum(sums.values()), sums["excluded"], sums["over_limit"], sums["upfront"])


def _compare(what: BillPart, given: int, ours: int) -> None:
    if given != ours:
        raise errors.TotalMismatch(what=what, given=yuan_text(given), ours=yuan_text(ours))


def _check_settles(visit: Visit, benefit: Benefit) -> Situation:
    """How the visit stands to the filing rules; raises where it may not be settled directly."""
    on, coverage, region = _day(visit), visit.coverage, visit.provider.region
    _check_opened(visit, benefit)
    if benefit is Benefit.CHRONIC_DISEASE:
        qualifications.need(coverage, visit.disease, on, visit.provider)
    where = situation(coverage, region, on, timezone.localdate(), visit.emergency)
    check_settles_directly(coverage, region, where, on)
    return where


def _check_opened(visit: Visit, benefit: Benefit) -> None:
    """Raises NotOpened or NotNational where a visit away from home may not be settled directly there."""
    if regions.pool_of(visit.coverage.pool) == regions.pool_of(visit.provider.region):
        return
    name: str = benefit
    if benefit is Benefit.CHRONIC_DISEASE:
        name = diseases.disease(visit.disease).name
        same_province = regions.same_province(visit.coverage.pool, visit.provider.region)
        if not same_province and visit.disease not in nationally_settled(book(), _day(visit)):
            raise errors.NotNational(disease=name)
    if not has_opened(visit.provider, benefit, visit.disease):
        raise errors.NotOpened(provider=visit.provider.name, what=name)
