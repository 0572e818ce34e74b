"""Packs as documents: what may stand in a YAML file under policies/, key by key.

One file is one region × scheme × benefit. A rule is one source's statement; it states one or more components
(deductible, share, ceiling, …). A component may carry a source of its own where the rule's source does not state it.
Amounts and shares are graded: one value, or one per standing, per level, or per standing and level.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Tag, model_validator

from yidi.policy.forms import (
    AdjustmentDoc,
    Age,
    CeilingDoc,
    Code,
    Day,
    DeductibleDoc,
    Doc,
    Name,
    OneForm,
    Percent,
    Rule,
    ShareDoc,
    SourceDoc,
    StackingDoc,
    WrittenDate,
    Yuan,
)
from yidi.policy.matters import CataloguePack, ContributionPack, CoverPack, PrefundPack
from yidi.values.terms import (
    LAYERS,
    AccountPart,
    Benefit,
    CaseField,
    FeeCategory,
    FilingClass,
    FilingKind,
    Fund,
    Level,
    Material,
    Scheme,
    Situation,
    Standing,
    Trait,
)

LISTED = (Benefit.CHRONIC_DISEASE, Benefit.TWO_DISEASES, Benefit.DUAL_CHANNEL)
"""Benefits that hold for listed diseases or classes of drugs alone."""
AnyOf = Annotated[tuple[Material, ...], Field(min_length=1)]


MaterialsText = Annotated[list[Material], Field(min_length=1)]


def _one_as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Materials = tuple[
    Annotated[AnyOf, BeforeValidator(_one_as_list, json_schema_input_type=Material | MaterialsText)], ...
]
"""All of the outer list; of an inner list any one will do."""


class KindDoc(Doc):
    """One kind of filing. A city's or province's pack states only what it changes."""

    class_: FilingClass | None = Field(default=None, alias="class")
    materials: Materials | None = None
    effect: Literal["instant", "reviewed", "deemed"] | None = None
    valid: Literal["until-cancelled", "per-filing"] | Annotated[int, Field(gt=0)] | None = None
    """Months, `until-cancelled`, or `per-filing`: filings lapse, no source says when, so each carries its own end."""
    change_after_months: Annotated[int, Field(ge=0)] | None = None
    source: SourceDoc | None = None


class ExemptDoc(Doc):
    """Regions between which no filing is needed: all of one province, or pools that are named."""

    between: Literal["same-province"] | Annotated[tuple[Code, ...], Field(min_length=2)]
    source: SourceDoc | None = None


class UnfiledDoc(Doc):
    """Whether a person without a filing may settle directly, or must claim afterwards."""

    direct: bool
    source: SourceDoc | None = None


class QualificationDoc(Doc):
    """What approval of a chronic disease asks for. A city's or province's pack states only what it changes."""

    evidence: Materials | None = None
    fields: Annotated[tuple[CaseField, ...], Field(min_length=1)] | None = None
    """What the application asks the person to write; all of it is required."""
    channels: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    open_to: Literal["settled-nationally"] | None = None
    """Which diseases may be applied for besides those listed, where no source gives the pool's own list."""
    valid: Literal["until-cancelled"] | Annotated[int, Field(gt=0)] | None = None
    """Years, or `until-cancelled`."""
    decide_within_days: Annotated[int, Field(gt=0)] | None = None
    """Working days."""
    reviewers: Annotated[int, Field(gt=0)] | None = None
    """How many clerks must agree before the disease is approved."""
    source: SourceDoc | None = None
    note: str = ""


class Components(Doc):
    """The benefit parameters that a rule, a class of diseases, or one disease may state."""

    deductible: (
        Annotated[Annotated[Literal["none"], Tag("plain")] | Annotated[DeductibleDoc, Tag("table")], OneForm]
        | None
    ) = None
    share: Annotated[Annotated[Percent, Tag("plain")] | Annotated[ShareDoc, Tag("table")], OneForm] | None = (
        None
    )
    ceiling: (
        Annotated[
            Annotated[Literal["none"], Tag("plain")]
            | Annotated[CeilingDoc, Tag("table")]
            | Annotated[tuple[CeilingDoc, ...], Field(min_length=1, max_length=3), Tag("list")],
            OneForm,
        ]
        | None
    ) = None
    upfront: Percent | None = None
    """What the home pool has the person pay first, before the share: of class B dual-channel drugs."""
    stacking: StackingDoc | None = None


class DiseaseDoc(Components):
    """A disease that the pool covers."""

    class_: str = Field(alias="class")
    source: SourceDoc | None = None
    note: str = ""
    """What the reader must know about the listing itself: that a class was inferred, say."""


class BenefitStatement(Rule, Components):
    """What one source says about a benefit."""

    classes: dict[str, Components] = {}
    diseases: dict[str, DiseaseDoc] = {}
    list_: Literal["whole", "part"] = Field(default="whole", alias="list")
    """Whether `diseases` is all that the pool covers, or only what its source names of it. One part leaves all open."""
    qualification: QualificationDoc | None = None
    settled_nationally: tuple[str, ...] = ()
    """M-codes that may be settled directly between provinces (the national pack alone states them)."""

    @model_validator(mode="after")
    def _lists_something(self) -> "BenefitStatement":
        if self.list_ == "part" and not self.diseases:
            raise ValueError("list: part 只与 diseases 一起写")
        return self


class FilingStatement(Rule):
    """What one source says about filing and about care elsewhere."""

    kinds: dict[FilingKind, KindDoc] = {}
    adjustment: dict[Situation | FilingClass, AdjustmentDoc] = {}
    unfiled: UnfiledDoc | None = None
    exempt: tuple[ExemptDoc, ...] = ()
    channels: tuple[str, ...] = ()
    claim_materials: Materials | None = None
    """The papers of a claim for outpatient care after paying in full."""
    inpatient_claim_materials: Materials | None = None
    """Those of a claim for a stay in hospital."""
    decide_within_days: Annotated[int, Field(gt=0)] | None = None
    """Working days for the decision on a filing that is reviewed."""
    claim_decide_within_days: Annotated[int, Field(gt=0)] | None = None
    """Working days for the decision on a claim."""
    reduction_limits: dict[Situation, Percent] = {}
    """The most points that a pool may take off (the national pack alone states them); packs are checked by it."""


class LayerDoc(Doc):
    """What a layer above the basic fund pays on, and for whom."""

    base: Literal["person", "person-and-upfront", "beyond-ceiling"]
    """The person's part in scope after the layers below, without or with what was paid upfront away from home; or
    the cost that the ceiling on the basic fund's payments leaves out."""
    over: Annotated[tuple[str, ...], Field(min_length=1)]
    """The benefits whose bills it tops up: `inpatient`, or one class of a benefit, `chronic-disease:I`."""
    trait: Trait | None = None
    """Who alone has it; empty = everybody of the scheme."""
    source: SourceDoc | None = None
    note: str = ""


class LayerStatement(Rule, Components):
    """What one source says about a layer above the basic fund."""

    layer: LayerDoc | None = None


class AccountDoc(Doc):
    """Which parts of a bill an account may pay."""

    pays: Annotated[tuple[AccountPart, ...], Field(min_length=1)]
    source: SourceDoc | None = None
    note: str = ""


class AccountStatement(Rule):
    """What one source says about the accounts: the person's own pays first, then the family's, then cash."""

    own: AccountDoc | None = None
    family: AccountDoc | None = None


class ExampleDoc(Doc):
    """A worked bill: runs as a test of the pack that carries it."""

    id: Name
    on: Day
    standing: Standing
    level: Level
    situation: Situation
    disease: str = ""
    """M-code of the disease, or the class of a dual-channel drug."""
    diseases: tuple[str, ...] = ()
    """All diseases that the person is approved for, where there are several."""
    age: Age | None = None
    traits: tuple[Trait, ...] = ()
    reading: str = ""
    in_scope: Yuan
    categories: dict[FeeCategory, Yuan] = {}
    """The parts in scope by category of fee, where the rule asks."""
    used: dict[Literal["deductible", "fund", "cost", "stays"], Yuan] = {}
    """What the person's counters of this benefit hold before the visit (stays: how many there were)."""
    expect: dict[
        Literal[
            "upfront_at_home",
            "away_upfront",
            "deductible",
            "fund",
            "large-sum",
            "serious-illness",
            "civil-servant",
            "medical-aid",
            "person",
        ],
        Yuan,
    ]


class Pack(Doc):
    """One file under policies/."""

    pool: Code
    scheme: Scheme | Literal["all"]
    benefit: Benefit
    rules: Annotated[tuple[BenefitStatement, ...], Field(min_length=1)]
    examples: tuple[ExampleDoc, ...] = ()


class FilingPack(Doc):
    """One file under policies/ about filing."""

    pool: Code
    scheme: Scheme | Literal["all"]
    benefit: Literal["filing"]
    rules: Annotated[tuple[FilingStatement, ...], Field(min_length=1)]
    examples: tuple[ExampleDoc, ...] = ()


class LayerPack(Doc):
    """One file under policies/ about a layer above the basic fund."""

    pool: Code
    scheme: Scheme
    benefit: Literal[Fund.LARGE_SUM, Fund.SERIOUS_ILLNESS, Fund.CIVIL_SERVANT, Fund.MEDICAL_AID]
    rules: Annotated[tuple[LayerStatement, ...], Field(min_length=1)]
    examples: tuple[ExampleDoc, ...] = ()


class AccountPack(Doc):
    """One file under policies/ about what the accounts may pay."""

    pool: Code
    scheme: Scheme | Literal["all"]
    benefit: Literal["account"]
    rules: Annotated[tuple[AccountStatement, ...], Field(min_length=1)]
    examples: tuple[ExampleDoc, ...] = ()


AnyPack = (
    Pack | FilingPack | LayerPack | AccountPack | CoverPack | ContributionPack | PrefundPack | CataloguePack
)
KINDS_OF_PACK: dict[str, type[AnyPack]] = {
    "filing": FilingPack,
    "account": AccountPack,
    "cover": CoverPack,
    "contribution": ContributionPack,
    "prefund": PrefundPack,
    "catalogue": CataloguePack,
    **{str(fund): LayerPack for fund in LAYERS},
}
"""What kind of pack a file is, by its `benefit`; the others are benefit packs."""


def kind_of_pack(data: Any) -> type[AnyPack]:
    """The kind of pack that a parsed file says it is."""
    benefit = data.get("benefit") if isinstance(data, dict) else None
    return KINDS_OF_PACK.get(benefit, Pack) if isinstance(benefit, str) else Pack


class DocumentDoc(Doc):
    """An entry of policies/sources.yaml."""

    title: str
    issued: WrittenDate | None = None
    """As far as it is written: the day, the month or the year."""
    known: Day | None = None
    """Of a document without a date of issue: a day on which it is shown to have been there."""
    number: str = ""
    url: str = ""


class ConflictDoc(Doc):
    """An entry of policies/conflicts.yaml: where sources disagree, and what was done about it."""

    zh: str
    en: str
