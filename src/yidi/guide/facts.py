"""What the rules say about one request, looked up once before any sentence is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from yidi.guide.errors import NoRulesForPool
from yidi.guide.plan import PlanRequest
from yidi.guide.queries import Shelf, has_rules
from yidi.policy.book import RuleBook
from yidi.policy.case_rules import ClaimPapers, FilingRules, QualificationRule
from yidi.policy.cases import claim_papers, filing_rules, qualification_rule, situation_of
from yidi.policy.resolve import covered_diseases, nationally_settled
from yidi.reference import diseases, regions
from yidi.reference.hotlines import Hotline, insurance_hotline
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Situation

Value = TypeVar("Value")
ANY_AREA_CODE = "区号+"
ANY_AREA_CODE_EN = "area code + "


@dataclass(frozen=True, slots=True)
class Facts:
    """A request with what the rules say about it. Where a rule is missing its place is None, or says so."""

    book: RuleBook
    request: PlanRequest
    shelf: Shelf
    known: bool
    """Whether the book holds rules of the pool below the national layer."""
    filing: FilingRules
    qualification: QualificationRule | None
    claim: ClaimPapers | None
    nationwide: tuple[str, ...]
    """The diseases settled directly between provinces."""
    covered: bool
    situation: Situation
    hotline: Hotline
    disease: str
    """The disease's name; empty for general care."""
    refusals: tuple[Refusal, ...]

    @property
    def chronic(self) -> bool:
        """Whether the question is about a chronic disease."""
        return self.request.benefit == Benefit.CHRONIC_DISEASE

    @property
    def away(self) -> bool:
        """Whether the care is in another province, or would be treated so for want of a rule."""
        return self.situation not in (Situation.LOCAL, Situation.EXEMPT)

    @property
    def blocked(self) -> bool:
        """Whether the disease keeps the bill from being settled directly, whatever the person does."""
        return (
            self.chronic
            and not regions.same_province(self.request.home, self.request.care)
            and bool(self.nationwide)
            and self.request.disease not in self.nationwide
        )

    @property
    def too_late(self) -> bool:
        """Whether the visit is over and was not filed for where the pool asks for it."""
        must_claim = self.filing.unfiled_settles_directly is False
        return self.situation == Situation.UNFILED and must_claim and not self.ahead

    @property
    def ahead(self) -> bool:
        """Whether the visit may still lie ahead."""
        return self.request.on >= self.request.today

    @property
    def names(self) -> dict[str, object]:
        """What fills the gaps of the guide's sentences."""
        request, dial = self.request, self.hotline.dial
        return {
            "home": regions.full_name(request.home),
            "care": regions.full_name(request.care),
            "province": regions.full_name(regions.province_of(request.home)),
            "scheme": request.scheme.zh,
            "scheme_en": request.scheme.en,
            "situation": self.situation.zh,
            "situation_en": self.situation.en,
            "disease": self.disease,
            "count": len(self.nationwide),
            "dial": dial,
            "dial_en": dial.replace(ANY_AREA_CODE, ANY_AREA_CODE_EN),
        }


def look_up(book: RuleBook, request: PlanRequest) -> Facts:
    """The facts of a request. Raises UnknownRegion and UnknownDisease; a missing rule is noted, not raised."""
    regions.region(request.home)
    regions.region(request.care)
    disease = diseases.disease(request.disease).name if request.disease else ""
    hotline = insurance_hotline(request.home)
    known = has_rules(book, request.home)
    refusals: list[Refusal] = [] if known else [_no_rules(request.home, hotline)]
    where = (book, request.home, request.scheme)

    def ask(rule: Callable[[], Value]) -> Value | None:
        try:
            return rule()
        except Refusal as refusal:
            if known:
                refusals.append(refusal)
            return None

    chronic = request.benefit == Benefit.CHRONIC_DISEASE
    filing = filing_rules(*where, request.on)
    return Facts(
        book=book,
        request=request,
        shelf=Shelf(*where, request.on),
        known=known,
        filing=filing,
        qualification=ask(lambda: qualification_rule(*where, request.disease, request.on))
        if chronic
        else None,
        claim=ask(lambda: claim_papers(*where, request.on)),
        nationwide=(ask(lambda: nationally_settled(book, request.on)) or ()) if chronic else (),
        covered=request.disease in covered_diseases(*where, request.on),
        situation=situation_of(request.home, request.care, filing, request.filed),
        hotline=hotline,
        disease=disease,
        refusals=tuple(refusals),
    )


def _no_rules(pool: str, hotline: Hotline) -> NoRulesForPool:
    return NoRulesForPool(
        pool=regions.full_name(pool),
        dial=hotline.dial,
        dial_en=hotline.dial.replace(ANY_AREA_CODE, ANY_AREA_CODE_EN),
    )
