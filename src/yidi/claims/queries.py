"""What is known of claims: whose turn it is, how they came out, and what is asked of whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.assess import Assessment
from yidi.benefit.counterfactual import Case
from yidi.benefit.explain import explain
from yidi.benefit.split import FeeLine, Split, split_bill
from yidi.casework.queries import in_hand, waiting, within
from yidi.catalogue.lines import split_of_row
from yidi.claims.errors import UnknownClaim
from yidi.claims.models import Claim, ClaimAssessment
from yidi.claims.states import AMOUNT_KNOWN, MACHINE, State
from yidi.claims.terms import Detail
from yidi.evidence.queries import materials_of
from yidi.ledger.decisions import question_of
from yidi.ledger.models import Posting, PostingKind
from yidi.ledger.services import counters_of, used_before
from yidi.people.models import Coverage, Person
from yidi.policy.book import book
from yidi.policy.case_rules import ClaimPapers
from yidi.policy.cases import claim_papers
from yidi.policy.rules import restore
from yidi.qualification import queries as qualifications
from yidi.values import materials
from yidi.values.terms import Benefit, Level, Scheme, Situation

DIGITS = 10
JOINED = ("coverage__person", "provider")


def by_number(number: str) -> Claim:
    """The claim with that number. Raises UnknownClaim."""
    digits = number.strip().upper().removeprefix("C")
    if number.strip().upper()[:1] == "C" and len(digits) == DIGITS and digits.isascii() and digits.isdigit():
        found = Claim.objects.select_related(*JOINED).filter(pk=int(digits)).first()
        if found is not None:
            return found
    raise UnknownClaim(number=number)


def own_claim(person: Person, number: str) -> Claim | None:
    """The person's claim with that number; None where there is none or it is somebody else's."""
    try:
        found = by_number(number)
    except UnknownClaim:
        return None
    return found if found.coverage.person_id == person.pk else None


def of_person(person: Person) -> QuerySet[Claim]:
    """All claims of a person, the newest first."""
    rows = Claim.objects.filter(coverage__person=person).select_related(*JOINED)
    return rows.order_by("-created", "-pk")


def just_begun(person: Person) -> QuerySet[Claim]:
    """The drafts of a person that name no provider and no invoice yet, the newest first."""
    return of_person(person).filter(
        state=str(State.DRAFT), provider=None, provider_name="", invoice="", total=None
    )


def seen_in(region: str) -> QuerySet[Claim]:
    """The claims that the agency of a region has to do with: all of its pools that were ever handed in."""
    return within(Claim.objects.filter(submitted_on__isnull=False).select_related(*JOINED), region)


def open_for(region: str) -> QuerySet[Claim]:
    """The work list of a region's agency: claims that wait for it, the nearest deadline first."""
    return in_hand(seen_in(region), MACHINE)


def waiting_in(region: str) -> QuerySet[Claim]:
    """The claims of a region that wait for the applicant, the longest wait first."""
    return waiting(seen_in(region), MACHINE)


def lines_of(claim: Claim, edition: int | None = None) -> list[FeeLine]:
    """The lines of the bill as they were written down, those that hold or those of an earlier edition, in order."""
    wanted = claim.edition if edition is None else edition
    return [line.fee_line for line in claim.lines.filter(edition=wanted).order_by("serial")]


def sum_of(lines: Iterable[FeeLine]) -> int:
    """What lines come to together, in fen."""
    return sum(line.amount for line in lines)


def paid_on(claim: Claim) -> date | None:
    """The day on which the money was paid out; None while it was not."""
    payment = Posting.objects.filter(kind=str(PostingKind.CLAIM_PAYMENT), subject=claim.number).first()
    return timezone.localdate(payment.at) if payment else None


def missing_details(claim: Claim) -> tuple[Detail, ...]:
    """What the claim must state and does not yet."""
    chronic = claim.benefit == Benefit.CHRONIC_DISEASE
    said = {
        Detail.PROVIDER: claim.provider_id is not None or bool(claim.provider_name and claim.care_region),
        Detail.DAY: claim.on is not None,
        Detail.BENEFIT: bool(claim.benefit),
        Detail.DISEASE: not chronic or bool(claim.disease),
        Detail.INVOICE: bool(claim.invoice),
        Detail.TOTAL: claim.total is not None,
        Detail.ACCOUNT: bool(claim.account_bank and claim.account_number),
        Detail.LINES: bool(lines_of(claim)),
    }
    return tuple(detail for detail, done in said.items() if not done)


def missing_of_bill(claim: Claim) -> tuple[Detail, ...]:
    """What the claim must state of its bill and does not yet.

    The account is not of it: claims that were handed in before it was asked for go on without one.
    """
    return tuple(detail for detail in missing_details(claim) if detail is not Detail.ACCOUNT)


def requirements(coverage: Coverage, on: date, benefit: Benefit = Benefit.GENERAL_OUTPATIENT) -> ClaimPapers:
    """The papers that the home pool asks for when a claim is handed in on a day. Raises MissingParameter."""
    return claim_papers(book(), coverage.pool, Scheme(coverage.scheme), on, benefit)


def missing_papers(claim: Claim) -> tuple[materials.Group, ...]:
    """The papers asked for today that are not there; of a group any one will do. Raises MissingParameter."""
    benefit = Benefit(claim.benefit or Benefit.GENERAL_OUTPATIENT)
    wanted = requirements(claim.coverage, timezone.localdate(), benefit)
    return materials.missing(wanted.materials, materials_of(claim.number))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the applicant now; nothing where it is the agency's turn."""

    details: tuple[Detail, ...] = ()
    papers: tuple[materials.Group, ...] = ()
    by_agency: str = ""
    """What the agency asks for, in its own words."""

    def __bool__(self) -> bool:
        return bool(self.details or self.papers or self.by_agency)


def asked_of_applicant(claim: Claim) -> Asked:
    """What the applicant has to add before the claim can be handed in (again). Raises MissingParameter."""
    if claim.state not in (State.DRAFT, State.MORE_EVIDENCE):
        return Asked()
    reason = claim.reason if claim.state == State.MORE_EVIDENCE else ""
    return Asked(missing_details(claim), missing_papers(claim), reason)


def latest_assessment(claim: Claim) -> ClaimAssessment | None:
    """The assessment made last, whether it still holds or an appeal undid it."""
    return claim.assessments.select_related("rule", "posting", "claim").order_by("-round").first()


def assessment_of(claim: Claim) -> ClaimAssessment | None:
    """The assessment that holds; None in the states that have none."""
    if claim.state not in AMOUNT_KNOWN:
        return None
    return claim.assessments.select_related("rule", "posting", "claim").get(round=claim.appeals)


def nothing_to_pay(claim: Claim) -> bool:
    """Whether the claim was approved at an amount of nothing: then it ends with its approval."""
    if claim.state != State.APPROVED:
        return False
    return not sum(claim.assessments.get(round=claim.appeals).funds.values())


def split_of(assessment: ClaimAssessment) -> Split:
    """The bill as it was split when it was assessed."""
    return split_bill(split_of_row(line) for line in assessment.lines.order_by("pk"))


def decision_in(assessment: ClaimAssessment) -> Decision:
    """The decision of an assessment, computed again from the rule and counters that were kept with it."""
    rule = restore(assessment.rule.canonical)
    used = counters_of(assessment.used_before)
    return adjudicate(split_of(assessment), rule, used, assessment.claim.day)


def decision_of(claim: Claim) -> Decision:
    """The decision behind the claim's latest assessment. Raises ClaimAssessment.DoesNotExist where there is none."""
    return decision_in(claim.assessments.select_related("rule", "claim").latest("round"))


def explanation_of(claim: Claim) -> Assessment | None:
    """The amount that holds, step by step, why it is not more, and what would change it; None where none holds.

    The amounts are those of the kept rule; what would change them is answered by today's rule set.
    """
    assessment = assessment_of(claim)
    if assessment is None or claim.provider is None:
        return None
    decision = decision_in(assessment)
    question = question_of(
        claim.coverage,
        claim.provider,
        Benefit(claim.benefit),
        claim.disease,
        Situation(assessment.situation),
        claim.day,
        qualifications.diseases_held(claim.coverage, claim.day),
        Level(assessment.level),
    )
    before = used_before(claim.coverage, assessment.posting)
    case = Case(book(), question, decision.split, lambda rule, on: before)
    return Assessment(case, decision, explain(decision))
