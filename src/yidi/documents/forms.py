"""The documents as plain data. Whoever prints one gives all of it: nothing here is read from a database.

Identity numbers are given in full everywhere. The person's own application forms, which they sign, print them in full;
letters and slips, which are shown around and thrown away, print them masked. That is decided here, once per document
(`FULL_IDENTITY`), and never by the caller.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yidi.benefit.explain import Explanation
from yidi.documents.terms import Document, Outcome, PaidHow
from yidi.values.materials import named
from yidi.values.terms import Benefit, CaseKind, FilingKind, Level, Material, Scheme, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """The person the document is about."""

    name: str
    identity: str
    """In full; the document masks it where it must."""
    pool: str
    """Code of the pool."""
    scheme: Scheme
    standing: Standing
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A relative, or whoever else applies for the person."""

    name: str
    relation: str
    """In words, such as 子女."""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper that is asked for, or several of which one will do."""

    name: str
    shown: bool
    note: str = ""
    """What was shown, such as 上海某医院 2026-10-08 门诊病历."""


def papers(wanted: Iterable[Collection[str]], shown: Collection[str]) -> tuple[Paper, ...]:
    """The papers that a pack asks for, ticked where one of the group was shown.

    >>> papers([["id-card", "social-card"]], {"social-card"})
    (Paper(name='有效身份证件或社会保障卡', shown=True, note=''),)
    """
    held = {str(name) for name in shown}
    groups = [tuple(Material(name) for name in group) for group in wanted]
    return tuple(Paper(name=named([group]), shown=bool(held & set(map(str, group)))) for group in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationCase:
    """What an application for a qualification is about."""

    kind: ClassVar[CaseKind] = CaseKind.QUALIFICATION
    disease: str
    """The disease's name."""
    disease_code: str
    hospital: str = ""
    """Where the benefit is to be drawn; several are joined by the caller. Empty where the pool asks for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingCase:
    """What a filing is about."""

    kind: ClassVar[CaseKind] = CaseKind.FILING
    filing_kind: FilingKind
    care_region: str
    """Code of the region."""
    starts: date
    ends: date | None = None
    """Last day; None = until cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase:
    """What a claim is about."""

    kind: ClassVar[CaseKind] = CaseKind.CLAIM
    invoice: str
    provider: str
    care_region: str
    """Code of the region."""
    served_on: date
    total: int
    """Fen."""
    benefit: Benefit
    disease: str = ""
    """The disease's name, with chronic-disease care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What all documents share."""

    document: ClassVar[Document]
    FULL_IDENTITY: ClassVar[bool]
    """Whether it prints the identity number unmasked."""
    BILINGUAL: ClassVar[bool]
    """Whether its labels are in both languages at once."""
    number: str
    """The case's number."""
    insured: Insured
    on: date
    """The day that stands on the document. Its file bears this day too, so that the same data give the same file."""
    agency: str
    """Who issues it: the name in the letterhead and above the seal."""
    agency_phone: str = ""
    case_url: str = ""
    """What the QR code opens; without it none is printed."""
    synthetic: bool = False
    """Of an invented person: the document says so across every page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationForm(Printed):
    """《门诊慢特病病种待遇认定申请表》 (seed 000). Prints the identity number in full: the person signs it."""

    document: ClassVar[Document] = Document.QUALIFICATION_FORM
    FULL_IDENTITY: ClassVar[bool] = True
    BILINGUAL: ClassVar[bool] = True
    case: QualificationCase
    record_number: str = ""
    """病案号."""
    evidence: tuple[Paper, ...] = ()
    helper: Helper | None = None
    """None = the person applies themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingForm(Printed):
    """《江西省医疗保险异地就医自助备案表》 for pools of Jiangxi (seed 004), else 《异地就医备案表》.

    Prints the identity number in full: the person signs it. With `commitment` a second page is the commitment letter.
    """

    document: ClassVar[Document] = Document.FILING_FORM
    FULL_IDENTITY: ClassVar[bool] = True
    BILINGUAL: ClassVar[bool] = True
    case: FilingCase
    materials: tuple[Paper, ...] = ()
    commitment: tuple[str, ...] = ()
    """Names of the papers that a commitment letter stands for; empty where nothing was filed by commitment."""
    care_address: str = ""
    """Where the person lives in the care region."""
    contact: str = ""
    contact_phone: str = ""
    helper: Helper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimForm(Printed):
    """The application for reimbursement with its papers (seed 004). Prints the identity number in full."""

    document: ClassVar[Document] = Document.CLAIM_FORM
    FULL_IDENTITY: ClassVar[bool] = True
    BILINGUAL: ClassVar[bool] = True
    case: ClaimCase
    materials: tuple[Paper, ...] = ()
    account: str = ""
    """Where the money shall go; empty = a blank to fill in by hand."""
    helper: Helper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLetter(Printed):
    """What was decided on a case, why, and what the person can do. Prints the identity number masked."""

    document: ClassVar[Document] = Document.DECISION
    FULL_IDENTITY: ClassVar[bool] = False
    BILINGUAL: ClassVar[bool] = False
    case: QualificationCase | FilingCase | ClaimCase
    outcome: Outcome
    applied_on: date | None = None
    starts: date | None = None
    """First day of what was approved."""
    ends: date | None = None
    """Its last day; None = no last day is set."""
    reasons: tuple[str, ...] = ()
    """Why it was rejected, or why more papers are needed."""
    asked_for: tuple[str, ...] = ()
    """Names of the papers still needed."""
    answer_by: date | None = None
    answer_by_source: str = ""
    """Where the term comes from; printed under it."""
    appeal_by: date | None = None
    """Last day to hand the case in anew; None = no source states one."""
    explanation: Explanation | None = None
    """Of a claim, what it was assessed at."""
    paid_on: date | None = None
    paid_to: str = ""
    """The account, already shortened by the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip(Printed):
    """The settlement slip 结算单 of a direct settlement or a paid claim. Prints the identity number masked.

    Every amount on it is read from the decision behind `explanation`: none can be given beside it.
    """

    document: ClassVar[Document] = Document.SLIP
    FULL_IDENTITY: ClassVar[bool] = False
    BILINGUAL: ClassVar[bool] = False
    explanation: Explanation
    how: PaidHow
    provider: str
    level: Level
    care_region: str
    """Code of the region."""
    disease: str = ""
    """The disease's name, with chronic-disease care."""
    invoice: str = ""
    filing: str = ""
    """Number of the filing that it rests on."""
    cancelled_on: date | None = None
    """Set of a settlement that was taken back: the slip says so across every page."""


AnyDocument = QualificationForm | FilingForm | ClaimForm | DecisionLetter | Slip
