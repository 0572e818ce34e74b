"""Looking one parameter up: which layer, which reading, which day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yidi.policy.book import RuleBook
from yidi.policy.errors import AmbiguousRules, MissingParameter
from yidi.policy.forms import CHECKED, SourceDoc
from yidi.policy.rules import ADOPTABLE, Origin
from yidi.reference import regions
from yidi.values.terms import Benefit, Fund, Scheme, Term

FILING = "filing"


REMEMBERED = 20_000
"""How many questions a book remembers the statements of: a year of days of some fifty pools and benefits."""
ACCOUNT = "account"
COVER = "cover"
CONTRIBUTION = "contribution"
PREFUND = "prefund"
CATALOGUE = "catalogue"


class Matter(Term):
    """What a pack may be about besides a benefit or a fund."""

    FILING = FILING, "异地就医备案", "filing"
    ACCOUNT = ACCOUNT, "个人账户使用", "use of accounts"
    COVER = COVER, "参保与待遇起始", "start of cover"
    CONTRIBUTION = CONTRIBUTION, "缴费", "contributions"
    PREFUND = PREFUND, "预付金", "prefund"
    CATALOGUE = CATALOGUE, "目录计算次序", "order of the catalogue"


def matter_of(benefit: str) -> Term:
    """The name of what a pack is about."""
    for terms in (Benefit, Fund, Matter):
        if benefit in terms.spellings():
            return terms(benefit)
    raise LookupError(f"no pack is about {benefit}")


class Parameter(Term):
    """What a statement may say something about."""

    DEDUCTIBLE = "deductible", "起付线", "deductible"
    SHARE = "share", "报销比例", "share"
    CEILING = "ceiling", "封顶线", "ceiling"
    LISTED = "listed", "病种目录", "list of diseases"
    SETTLED = "settled", "可跨省直接结算的病种", "diseases settled directly between provinces"
    QUALIFICATION = "qualification", "待遇资格认定要求", "requirements of a qualification"
    ADJUSTMENT = "adjustment", "异地就医待遇调整", "away-from-home adjustment"
    UNFILED = "unfiled", "未备案时的结算方式", "way of settling without a filing"
    EXEMPT = "exempt", "免备案情形", "exemption from filing"
    CHANNELS = "channels", "备案渠道", "filing channels"
    CLASS = "class", "备案类别", "class of a filing"
    MATERIALS = "materials", "备案材料", "papers of a filing"
    EFFECT = "effect", "备案生效方式", "effect of a filing"
    VALID = "valid", "备案有效期", "validity of a filing"
    CHANGE = "change", "备案变更期限", "time before a filing may change"
    CLAIM_MATERIALS = "claim-materials", "手工报销材料", "papers of a claim"
    TERM = "term", "办结时限", "time for the decision"
    UPFRONT = "upfront", "先行自付比例", "upfront share"
    STACKING = "stacking", "多病种限额叠加", "stacking of ceilings"
    LAYER = "layer", "支付范围", "what the layer pays on"
    ACCOUNT = "account", "个人账户支付范围", "what the account may pay"
    WAITING = "waiting", "等待期", "waiting period"
    ENROLMENT = "enrolment", "集中参保期", "enrolment period"
    NEWBORN = "newborn", "新生儿参保", "cover of newborns"
    INTERRUPTION = "interruption", "中断缴费", "interrupted contributions"
    BASE = "base", "缴费基数", "contribution base"
    RATES = "rates", "费率", "contribution rates"
    YEARLY = "yearly", "年缴费标准", "yearly contribution"
    PREFUND = "prefund", "预付金额度", "prefund"
    ALERTS = "alerts", "预警线", "alerts"
    INQUIRY = "inquiry", "费用协查金额", "amount of an inquiry"
    ORDER = "order", "乙类先行自付的计算次序", "order of the upfront share"


@dataclass(frozen=True, slots=True)
class Found:
    """A component with the layer and the statement it stands in."""

    value: Any
    layer: str
    rule: Any
    book: RuleBook

    def origin(self, own: SourceDoc | None = None, note: str = "") -> Origin:
        """The origin of a value: its own source with its own reading and date where it has one, else its rule's.

        A source of its own in the rule's document is another place of it: the rule's dates are its dates too.
        """
        source, dates = own or self.rule.source, self.rule.in_force
        same = source.id == self.rule.source.id and source.seen is None
        since, seen = (str(dates.from_), dates.seen) if same else ("unknown", source.seen or CHECKED)
        undated = seen == CHECKED
        return Origin(
            layer=self.layer,
            rule=self.rule.id,
            reading=source.reading or self.rule.reading,
            source=source.id,
            title=self.book.sources[source.id].title,
            clause=source.clause,
            grade=source.grade,
            facts=source.facts,
            since=since,
            seen=str(source.checked) if undated else seen or "",
            undated=undated,
            note=note,
        )


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where to look: one pool, scheme and benefit on one day, by the adopted readings or by one called by name.

    `unverified` lets an unadopted statement of grade C or R answer where no adopted one does: for estimates alone.
    """

    book: RuleBook
    pool: str
    scheme: Scheme
    benefit: str
    on: date
    reading: str = ""
    unverified: bool = False

    def find(self, parameter: Parameter, pick: Callable[[Any], Any]) -> Found | None:
        """The component that `pick` takes from a statement. Raises AmbiguousRules where one layer states it twice.

        A reading called by name goes before the adopted ones, whatever its layer, and those before unverified ones.
        """
        found: Found | None = None
        for layer, rule in self.statements():
            if found is not None and (layer != found.layer or self._rank(rule) < self._rank(found.rule)):
                break
            value = pick(rule)
            if value is None:
                continue
            if found is not None:
                raise AmbiguousRules(
                    on=self.on,
                    parameter=parameter,
                    first=found.rule.id,
                    second=rule.id,
                )
            found = Found(value, layer, rule, self.book)
        return found

    def need(self, parameter: Parameter, pick: Callable[[Any], Any]) -> Found:
        """As `find`; raises MissingParameter, naming the parameter, where nothing states it."""
        found = self.find(parameter, pick)
        if found is None:
            raise MissingParameter(
                pool=regions.full_name(self.pool),
                scheme=self.scheme,
                benefit=matter_of(self.benefit),
                on=self.on,
                parameter=parameter,
            )
        return found

    def about(self, benefit: str) -> "Lookup":
        """The same question put to the packs of another benefit, fund or matter."""
        return replace(self, benefit=benefit)

    def statements(self) -> Iterator[tuple[str, Any]]:
        """The statements in force that may be used, first those of the reading called by name, last unverified ones."""
        asked = (self.pool, self.scheme, self.benefit, self.on, self.reading, self.unverified)
        known = self.book.asked.get(asked)
        if known is None:
            usable = [
                (layer, rule)
                for layer, rule in self.book.statements(self.pool, self.scheme, self.benefit)
                if rule.covers(self.on) and self._rank(rule)
            ]
            known = sorted(usable, key=lambda item: -self._rank(item[1]))
            if len(self.book.asked) >= REMEMBERED:
                self.book.asked.clear()
            self.book.asked[asked] = known
        return iter(known)

    def _rank(self, rule: Any) -> int:
        if self.reading and rule.reading == self.reading:
            return 3
        if rule.adopted:
            return 2
        return int(self.unverified and rule.source.grade not in ADOPTABLE)
