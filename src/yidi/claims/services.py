"""Every move of a claim: one function, one transaction, one audit event. Assessed by the engine that settles."""

from collections.abc import Mapping, Sequence
from typing import cast

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.accounts.terms import Action
from yidi.audit.moves import locked
from yidi.audit.services import record
from yidi.benefit.split import FeeLine, split_bill
from yidi.casework import services as casework
from yidi.casework.clocks import Term
from yidi.casework.errors import SameClerk
from yidi.casework.services import advance, need_fresh_eyes, need_reason, why_rejected
from yidi.catalogue.lines import columns, split_lines
from yidi.claims import errors
from yidi.claims.drafting import check_total, must_be_complete, write_lines
from yidi.claims.models import AssessedLine, Claim, ClaimAssessment
from yidi.claims.queries import decision_in, lines_of, missing_papers, nothing_to_pay
from yidi.claims.states import FROM, MACHINE, TO, State, moves_of
from yidi.claims.terms import Deed, Move, RejectReason
from yidi.consents.services import must_apply_for
from yidi.filing.queries import situation
from yidi.ledger import invoices
from yidi.ledger.decisions import Answer, decide
from yidi.ledger.models import InvoiceUse, Posting, PostingKind
from yidi.ledger.services import (
    claim_entries,
    count,
    counters_for,
    counters_of,
    decision_columns,
    funds_of,
    lock_person,
    mirror,
    payment_entries,
    post,
    used_counters,
)
from yidi.policy.book import book
from yidi.policy.cases import decision_term
from yidi.providers.models import Provider
from yidi.qualification import queries as qualifications
from yidi.reference import diseases, regions
from yidi.values import materials
from yidi.values.money import yuan_text
from yidi.values.terms import Benefit, CaseKind, Level, Scheme

NOT_LISTED = "目录外"
"""Written in the place of a code for what is in no catalogue."""


# the person's moves


@transaction.atomic
def submit(claim: Claim, actor: Actor) -> None:
    """Hand a claim in, or answer what was asked for.

    Raises NotNow, Incomplete, TotalMismatch, NotQualified, MaterialsMissing, MissingParameter.
    """
    must_apply_for(actor, claim.coverage)
    row = _held(claim, Move.SUBMIT)
    must_be_complete(row)
    _must_add_up(row)
    if row.disease:
        qualifications.need(row.coverage, row.disease, row.day, row.provider)
    missing = missing_papers(row)
    if missing:
        raise errors.MaterialsMissing(
            missing=materials.named(missing), missing_en=materials.named(missing, "en")
        )
    _move(claim, Move.SUBMIT, actor, term=_term(claim))


@transaction.atomic
def withdraw(claim: Claim, actor: Actor) -> None:
    """Take a claim back before it is decided; its invoice may be used again. Raises NotNow."""
    must_apply_for(actor, claim.coverage)
    _held(claim, Move.WITHDRAW)
    _move(claim, Move.WITHDRAW, actor)
    invoices.release(InvoiceUse.CLAIM, claim.number)


@transaction.atomic
def appeal(claim: Claim, grounds: str, actor: Actor) -> None:
    """Have a rejection, or an approved amount that is not paid yet, looked at again by others.

    What an approval booked and counted is undone by its mirror image. Raises NotNow, ReasonNeeded.
    """
    must_apply_for(actor, claim.coverage)
    lock_person(claim.coverage)
    row = _held(claim, Move.APPEAL)
    said = need_reason(claim.number, grounds)
    if row.state == State.APPROVED:
        undone = row.assessments.get(round=row.appeals)
        undone.reversal = mirror(
            cast(Posting, undone.posting), undone.number, timezone.now(), PostingKind.CLAIM_REVERSAL
        )
        undone.save(update_fields=["reversal"])
    also = {"appeals": row.appeals + 1, "grounds": said, "assigned_to": ""}
    _move(claim, Move.APPEAL, actor, said, also, Deed.APPEAL, _term(claim))


# the agency's moves


@transaction.atomic
def assign(claim: Claim, clerk: str, actor: Actor) -> None:
    """Give the claim to a colleague by sign-in name; empty puts it back. Raises what `casework.assign` raises."""
    casework.assign(claim, MACHINE, clerk, actor)


@transaction.atomic
def take_on(claim: Claim, clerk: Actor) -> None:
    """Take the claim to work on. Raises what `casework.take_on` raises."""
    casework.take_on(claim, MACHINE, clerk)


@transaction.atomic
def ask_for_more(claim: Claim, reason: str, clerk: Actor) -> None:
    """Send a claim back for more papers or data, saying which: once per round. Raises AskedAlready, ReasonNeeded, NotNow."""
    clerk.must_do(Action.ASK_FOR_MORE, claim.coverage.pool)
    _held(claim, Move.ASK)
    said = need_reason(claim.number, reason)
    _move(claim, Move.ASK, clerk, said, {"reason": said})


@transaction.atomic
def name_provider(
    claim: Claim, provider: Provider, clerk: Actor, level: Level | None = None, reason: str = ""
) -> None:
    """Match a claim with a provider of the register; an assessment made before is dropped.

    `level` is for a provider of which the register gives none: then `reason` says where it is known from. What the
    person wrote is kept. Raises NotNow, ReasonNeeded.
    """
    clerk.must_do(Action.ASSESS_CLAIM, claim.coverage.pool)
    row = _held(claim, Move.CORRECT)
    if level is not None:
        need_reason(claim.number, reason)
    told = "：".join(part for part in (f"{provider.name}{level.zh if level else ''}", reason.strip()) if part)
    claim.provider, claim.level = provider, str(level or "")
    claim.save(update_fields=["provider", "level"])
    _corrected(claim, row, clerk, Deed.NAME_PROVIDER, told)


@transaction.atomic
def correct_lines(
    claim: Claim, lines: Sequence[FeeLine], reason: str, clerk: Actor, total: int | None = None
) -> None:
    """Write the lines as the papers show them; those handed in stay on record, an assessment made before is dropped.

    `total` corrects the invoice's total, in fen. Raises ReasonNeeded, BadTotal, TotalMismatch, NotNow and what `write_lines` raises.
    """
    clerk.must_do(Action.ASSESS_CLAIM, claim.coverage.pool)
    row = _held(claim, Move.CORRECT)
    said = need_reason(claim.number, reason)
    write_lines(row, lines)
    if total is not None:
        check_total(total)
        row.total = total
    _must_add_up(row)
    claim.edition, claim.total = row.edition, row.total
    claim.save(update_fields=["edition", "total"])
    _corrected(claim, row, clerk, Deed.CORRECT, said)


@transaction.atomic
def assess(claim: Claim, clerk: Actor) -> ClaimAssessment:
    """Compute what the claim comes to now; a later assessment replaces an earlier one. Nothing is booked yet.

    Raises NotNow, ProviderUnnamed, CodeMissing, NoCatalogue, LevelUnknown and what the engine raises, MissingParameter
    where no adopted rule is on record.
    """
    clerk.must_do(Action.ASSESS_CLAIM, claim.coverage.pool)
    lock_person(claim.coverage)
    row = _held(claim, Move.ASSESS)
    split, answer = _answer(row)
    assessment, _ = ClaimAssessment.objects.update_or_create(
        claim=claim,
        round=row.appeals,
        defaults={
            "edition": row.edition,
            "situation": str(answer.question.situation),
            "level": str(answer.question.level),
            "at": timezone.now(),
            "by": clerk.name,
            **decision_columns(answer.decision, answer.used),
        },
    )
    assessment.lines.all().delete()
    AssessedLine.objects.bulk_create(AssessedLine(assessment=assessment, **line) for line in split)
    _move(claim, Move.ASSESS, clerk)
    return assessment


@transaction.atomic
def approve(claim: Claim, clerk: Actor) -> None:
    """Accept the assessment of another clerk: count and book it.

    Raises NotNow, SameClerk, AssessmentOutdated where a counter that it stands on has moved since.
    """
    clerk.must_do(Action.APPROVE_CLAIM, claim.coverage.pool)
    lock_person(claim.coverage)
    row = _held(claim, Move.APPROVE)
    assessment = row.assessments.select_related("rule").get(round=row.appeals)
    if assessment.by == clerk.name:
        raise SameClerk(number=row.number, clerk=clerk.name, did="核定过它", did_en="assessed it")
    need_fresh_eyes(row, clerk.name)
    decision = decision_in(assessment)
    now = counters_for(decision.rule, row.day, used_counters(row.coverage))
    if counters_of(assessment.used_before) != now:
        raise errors.AssessmentOutdated(number=row.number)
    _move(claim, Move.APPROVE, clerk, also={"decided_by": clerk.name, "reason": "", "rejected_for": ""})
    home = regions.pool_of(row.coverage.pool)
    entries = claim_entries(home, funds_of(decision))
    posting = post(PostingKind.CLAIM, assessment.number, timezone.now(), entries)
    count(posting, row.coverage, decision.moves)
    assessment.posting = posting
    assessment.save(update_fields=["posting"])


@transaction.atomic
def pay(claim: Claim, clerk: Actor) -> None:
    """Note that the approved amount was paid to the person.

    Raises NotNow, SameClerk for who approved it, NothingToPay.
    """
    clerk.must_do(Action.PAY_CLAIM, claim.coverage.pool)
    row = _held(claim, Move.PAY)
    if row.decided_by == clerk.name:
        raise SameClerk(number=row.number, clerk=clerk.name, did="批准过它", did_en="approved it")
    if nothing_to_pay(row):
        raise errors.NothingToPay(number=row.number)
    _move(claim, Move.PAY, clerk)
    home = regions.pool_of(row.coverage.pool)
    entries = payment_entries(home, row.assessments.get(round=row.appeals).funds)
    post(PostingKind.CLAIM_PAYMENT, row.number, timezone.now(), entries)


@transaction.atomic
def reject(claim: Claim, reason: RejectReason, clerk: Actor, text: str = "") -> None:
    """Refuse a claim for a reason of the list, with words of its own; the person may appeal.

    Raises NotNow, SameClerk, ReasonNeeded where the reason is OTHER and nothing more is said.
    """
    clerk.must_do(Action.REJECT_CLAIM, claim.coverage.pool)
    row = _held(claim, Move.REJECT)
    need_fresh_eyes(row, clerk.name)
    told = why_rejected(claim.number, reason, text)
    also = {"reason": told, "rejected_for": str(reason), "decided_by": clerk.name}
    _move(claim, Move.REJECT, clerk, told, also)


def _held(claim: Claim, move: Move) -> Claim:
    """The claim's row as it is now, locked until the transaction ends. Raises NotNow where its state forbids the move."""
    row: Claim = locked(claim)
    now = State(row.state)
    if now not in FROM[move]:
        possible = moves_of(now)
        raise errors.NotNow(
            number=row.number,
            now=now,
            move=move,
            allowed="、".join(one.zh for one in possible) or "无",
            allowed_en=", ".join(one.en for one in possible) or "nothing",
        )
    return row


def _move(
    claim: Claim,
    move: Move,
    actor: Actor,
    reason: str = "",
    also: Mapping[str, object] | None = None,
    deed: Deed | None = None,
    term: Term | None = None,
) -> None:
    advance(claim, MACHINE, TO[move], actor, reason, also, term, verb=deed.verb if deed else "")


def _term(claim: Claim) -> Term | None:
    """The time for a decision on a claim that is handed in today."""
    coverage, today = claim.coverage, timezone.localdate()
    found = decision_term(book(), coverage.pool, Scheme(coverage.scheme), CaseKind.CLAIM, today)
    return Term(found.days, found.reading) if found else None


def _must_add_up(row: Claim) -> None:
    sum_of_lines = sum(line.amount for line in lines_of(row))
    if sum_of_lines != row.total:
        raise errors.TotalMismatch(sum=yuan_text(sum_of_lines), total=yuan_text(row.total or 0))


def _corrected(claim: Claim, row: Claim, clerk: Actor, deed: Deed, told: str) -> None:
    """Note a correction; what was assessed before no longer holds."""
    if row.state == State.SUBMITTED:
        record(clerk, deed, claim.number, told)
        return
    row.assessments.filter(round=row.appeals).delete()
    _move(claim, Move.CORRECT, clerk, told, deed=deed)


def _answer(row: Claim) -> tuple[list[dict[str, object]], Answer]:
    """The columns of the split lines, and the decision on them."""
    provider, coverage, on = row.provider, row.coverage, row.day
    if provider is None:
        raise errors.ProviderUnnamed(number=row.number, name=row.provider_name)
    lines = lines_of(row)
    uncoded = [line.serial for line in lines if not line.code]
    if uncoded:
        raise errors.CodeMissing(rows="、".join(uncoded), unlisted=NOT_LISTED)
    group = diseases.group_of(row.disease) if row.disease else None
    split = split_lines(regions.province_of(provider.region), lines, on, group)
    answer = decide(
        split_bill(part for part, _ in split),
        coverage,
        provider,
        Benefit(row.benefit),
        row.disease,
        situation(coverage, provider.region, on, on, row.emergency),
        on,
        qualifications.diseases_held(coverage, on),
        Level(row.level) if row.level else None,
    )
    return [columns(part, item) for part, item in split], answer
