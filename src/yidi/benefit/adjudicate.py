"""The second question of a bill: who pays the part in scope. The home region's benefit rule answers it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from yidi.benefit import kernel
from yidi.benefit.counters import Counter, counter, counters_of_year, counters_read, limited
from yidi.benefit.errors import BillTooLarge, CategoriesExceed, CategoriesNeeded, CeilingNotKnown
from yidi.benefit.layout import Cells, effective_bands, rows
from yidi.benefit.split import Split
from yidi.policy.rules import AccountRule, Band, BenefitRule, Ceiling, Layer, Share
from yidi.values.money import PPM, half_up, yuan_text
from yidi.values.terms import AccountPart, FeeCategory, Fund, Term

__all__ = ["Balances", "Counter", "Decision", "LayerPaid", "adjudicate", "counters_of_year", "counters_read"]


@dataclass(frozen=True, slots=True)
class Balances:
    """What the accounts hold that may pay for the person, in fen. The person's own pays first (G-20)."""

    own: int = 0
    family: int = 0


@dataclass(frozen=True, slots=True)
class LayerPaid:
    """What a fund above the basic one paid on, step by step, in fen.

    base = deductible + over_cost + shared + cut + fund
    """

    layer: Layer
    base: int
    deductible_before: int
    deductible: int
    over_cost: int
    shared: int
    cut: int
    fund: int
    rooms: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PartPaid:
    """What the basic fund paid of one part of the amount in scope, in fen.

    There is one part, all of it, except where ceilings limit some fees alone: then those come first, each by itself.
    """

    category: FeeCategory | None
    amount: int
    deductible: int
    over_cost: int
    eligible: int
    """What the share applies to."""
    gross: int
    """The share of it, before ceilings on the fund."""
    fund: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a bill comes to, in fen. `moves` is what it adds to the person's counters.

    total = excluded + over_limit + upfront + in_scope
    in_scope = upfront_at_home + away_upfront + deductible + over_cost + shared + cut + fund
    in_scope = the amounts of the parts
    total = fund + the layers' funds + account + family_account + cash
    """

    split: Split
    rule: BenefitRule
    on: date
    deductible_before: int
    upfront_at_home: int
    """What the home pool has the person pay first (class B dual-channel drugs)."""
    away_upfront: int
    deductible: int
    over_cost: int
    shared: int
    """The person's part by the share."""
    cut: int
    """What a ceiling on the fund cuts off the fund's part."""
    fund: int
    """The basic fund's part."""
    layers: tuple[LayerPaid, ...]
    account: int
    family_account: int
    cash: int
    bands: tuple[Band, ...]
    """The share after an away-from-home adjustment by points or factor."""
    rooms: tuple[int | None, ...]
    """What was left under each ceiling before the visit; None = no ceiling."""
    moves: Mapping[Counter, int]
    before: Mapping[Counter, int]
    """What the counters that the rule reads or moves held before the visit."""
    parts: tuple[PartPaid, ...]
    """The basic fund's outcome, part by part."""
    fees: Mapping[FeeCategory, int] = field(default_factory=dict)

    @property
    def eligible(self) -> int:
        """What the share applies to: in scope, after upfront payments, deductible and ceilings on cost."""
        taken = self.upfront_at_home + self.away_upfront + self.deductible + self.over_cost
        return self.split.in_scope - taken

    @property
    def share_ppm(self) -> int:
        """The share as one number, for display: of several bands what they come to together on this bill."""
        if len(self.bands) == 1 or not self.eligible:
            return self.bands[0].ppm
        return half_up(sum(part.gross for part in self.parts) * PPM, self.eligible)

    @property
    def stay(self) -> int | None:
        """Which stay of the year the visit is; None where it is no stay in hospital."""
        return self.counted("stays") + 1 if self.rule.counts_stays else None

    def counted(self, measure: str, fund: Fund = Fund.BASIC) -> int:
        """What the year's counter of the benefit, or of a layer's fund, held before the visit."""
        scope = str(self.rule.benefit) if fund == Fund.BASIC else str(fund)
        return self.before.get(counter(scope, measure, "year", self.on), 0)

    @property
    def funds(self) -> int:
        """All that the funds pay together."""
        return self.fund + sum(paid.fund for paid in self.layers)

    @property
    def person(self) -> int:
        """All that the person pays, from accounts or purse."""
        return self.account + self.family_account + self.cash

    def paid_by(self, fund: Fund) -> int:
        """What one fund or account pays."""
        plain = {
            Fund.BASIC: self.fund,
            Fund.ACCOUNT: self.account,
            Fund.FAMILY_ACCOUNT: self.family_account,
        }
        return plain.get(fund, 0) + sum(paid.fund for paid in self.layers if paid.layer.fund == fund)


def adjudicate(
    split: Split,
    rule: BenefitRule,
    used: Mapping[Counter, int],
    on: date,
    balances: Balances | None = None,
    fees: Mapping[FeeCategory, int] | None = None,
) -> Decision:
    """Pay one visit by one rule.

    Visits are paid one after another in the order in which they are settled, those of one day in that order too: a
    decision depends on the visits before it through their counters alone.

    `used` holds the person's counters before the visit (missing = 0), `on` is the day of service, `balances` what the
    accounts hold, `fees` the parts in scope by category of fee, all in fen.
    Raises CeilingNotKnown, CategoriesNeeded, CategoriesExceed, InexactShare, BillTooLarge.
    """
    if split.in_scope > kernel.MOST:
        raise BillTooLarge(amount=yuan_text(split.in_scope), most=yuan_text(kernel.MOST))
    decision = _decided(split, rule, used, on, balances, dict(fees or {}))
    _refuse_beyond_certainty(rule.benefit, rule.ceilings, used, on, decision.fund, decision.eligible)
    for paid in decision.layers:
        cost = paid.base - paid.deductible - paid.over_cost
        _refuse_beyond_certainty(paid.layer.fund, paid.layer.ceilings, used, on, paid.fund, cost)
    return decision


def _decided(
    split: Split,
    rule: BenefitRule,
    used: Mapping[Counter, int],
    on: date,
    balances: Balances | None,
    fees: dict[FeeCategory, int],
) -> Decision:
    settled = _settled(rule, _parts(rule, split.in_scope, fees), used, on)
    outcome = [sum(amounts) for amounts in zip(*settled.outcomes, strict=True)]
    _, at_home, away, deductible, over_cost, gross, fund = outcome[: kernel.OUTCOME]
    funds = sum(outcome[kernel.FUND :: kernel.OUTCOME])
    account, family = _from_accounts(rule, split, split.in_scope - funds, balances)
    return Decision(
        split=split,
        rule=rule,
        on=on,
        deductible_before=used.get(counter(str(rule.benefit), "deductible", "year", on), 0),
        upfront_at_home=at_home,
        away_upfront=away,
        deductible=deductible,
        over_cost=over_cost,
        shared=split.in_scope - at_home - away - deductible - over_cost - gross,
        cut=gross - fund,
        fund=fund,
        layers=tuple(_layers_paid(rule, outcome, used, on)),
        account=account,
        family_account=family,
        cash=split.total - funds - account - family,
        bands=effective_bands(rule),
        rooms=tuple(_room(ceiling, used, on) for ceiling in rule.ceilings),
        moves=settled.moves,
        before=settled.before,
        parts=settled.parts,
        fees=fees,
    )


def _parts(
    rule: BenefitRule, in_scope: int, fees: Mapping[FeeCategory, int]
) -> list[tuple[int, FeeCategory | None]]:
    """The amount in scope, told apart where a ceiling limits some fees alone; those are paid first, in their order."""
    limited_alone = [item for item in FeeCategory if any(item == c.category for c in rule.ceilings)]
    missing = [item for item in limited_alone if item not in fees]
    if missing:
        raise CategoriesNeeded(
            categories="、".join(item.zh for item in missing),
            categories_en=", ".join(item.en for item in missing),
        )
    parts: list[tuple[int, FeeCategory | None]] = [(fees[item], item) for item in limited_alone]
    told_apart = sum(amount for amount, _ in parts)
    if told_apart > in_scope:
        raise CategoriesExceed(sum=yuan_text(told_apart), in_scope=yuan_text(in_scope))
    return [*parts, (in_scope - told_apart, None)]


@dataclass(frozen=True, slots=True)
class _Settled:
    """What the kernel made of a visit: the outcome of each part, and the counters before and by how much they move."""

    outcomes: list[list[int]]
    parts: tuple[PartPaid, ...]
    before: dict[Counter, int]
    moves: dict[Counter, int]


def _settled(
    rule: BenefitRule, parts: list[tuple[int, FeeCategory | None]], used: Mapping[Counter, int], on: date
) -> _Settled:
    """Pay the parts of a visit one after another."""
    cells = Cells(lambda scope, measure, per: counter(scope, measure, per, on))
    table: list[int] = []
    starts: list[int] = []
    for _, category in parts:
        starts.append(len(table))
        table += rows(rule, cells, len(table), category)
    before = [used.get(name, 0) for name in cells.names]
    after = list(before)
    due = list(_deductibles_due(table, 0, after)) if len(parts) > 1 else []
    outcomes: list[list[int]] = []
    for start, (amount, category) in zip(starts, parts, strict=True):
        if outcomes:
            so_far = [sum(amounts) for amounts in zip(*outcomes, strict=True)]
            _go_on(_payers(rule, category), table, start, due, so_far)
        outcomes.append([0] * (kernel.OUTCOME * (1 + len(rule.layers))))
        kernel.settle(table, start, after, amount, outcomes[-1])
    names = sorted(cells.names.items())
    return _Settled(
        outcomes=outcomes,
        parts=tuple(
            _part_paid(category, outcome) for (_, category), outcome in zip(parts, outcomes, strict=True)
        ),
        before={name: before[cell] for name, cell in names},
        moves={name: after[cell] - before[cell] for name, cell in names},
    )


def _deductibles_due(table: list[int], row: int, cells: list[int]) -> Iterator[int]:
    while row >= 0:
        yield kernel.deductible_of(table, row, cells)
        row = table[row + kernel.NEXT]


def _payers(rule: BenefitRule, category: FeeCategory | None) -> Iterator[tuple[Share, list[Ceiling]]]:
    """The share and the ceilings of the basic fund and of each layer, as `rows` writes them for one part."""
    yield rule.share, [item for item in rule.ceilings if item.category in (None, category)]
    for layer in rule.layers:
        yield layer.share, [item for item in layer.ceilings if item.category is None]


def _go_on(
    payers: Iterable[tuple[Share, list[Ceiling]]],
    table: list[int],
    row: int,
    due: list[int],
    so_far: list[int],
) -> None:
    """Take off the rows of a further part what the parts before it had of the visit's deductible, ceilings and bands."""
    for number, (share, ceilings) in enumerate(payers):
        base, at_home, away, deductible, over_cost, _, fund = so_far[kernel.OUTCOME * number :][
            : kernel.OUTCOME
        ]
        eligible = base - at_home - away - deductible - over_cost
        table[row + kernel.STAYS] = kernel.NOWHERE
        if table[row + kernel.PER_VISIT]:
            table[row + kernel.DEDUCTIBLE] = due[number] - deductible
        for place, ceiling in enumerate(ceilings):
            if ceiling.per == "visit" and ceiling.category is None:
                had = fund if ceiling.on == "fund" else eligible
                table[row + kernel.CEILING + place * kernel.CEILING_WIDTH] -= had
        if share.per == "visit":
            begun = eligible + (deductible if share.with_deductible else 0)
            for band in range(table[row + kernel.BANDS] - 1):
                table[row + kernel.BAND_UPTO + band] -= begun
        row = table[row + kernel.NEXT]


def _part_paid(category: FeeCategory | None, outcome: list[int]) -> PartPaid:
    amount, at_home, away, deductible, over_cost, gross, fund = outcome[: kernel.OUTCOME]
    eligible = amount - at_home - away - deductible - over_cost
    return PartPaid(category, amount, deductible, over_cost, eligible, gross, fund)


def _layers_paid(
    rule: BenefitRule, outcome: list[int], used: Mapping[Counter, int], on: date
) -> Iterator[LayerPaid]:
    for number, layer in enumerate(rule.layers, start=1):
        base, _, _, deductible, over_cost, gross, fund = outcome[kernel.OUTCOME * number :][: kernel.OUTCOME]
        yield LayerPaid(
            layer=layer,
            base=base,
            deductible_before=used.get(counter(str(layer.fund), "deductible", "year", on), 0),
            deductible=deductible,
            over_cost=over_cost,
            shared=base - deductible - over_cost - gross,
            cut=gross - fund,
            fund=fund,
            rooms=tuple(_room(ceiling, used, on) for ceiling in layer.ceilings),
        )


def _from_accounts(
    rule: BenefitRule, split: Split, in_scope: int, balances: Balances | None
) -> tuple[int, int]:
    """What the own and the family's account pay of what the funds left, part by part in the order of AccountPart."""
    left = {
        AccountPart.EXCLUDED: split.excluded,
        AccountPart.OVER_LIMIT: split.over_limit,
        AccountPart.UPFRONT: split.upfront,
        AccountPart.IN_SCOPE: in_scope,
    }
    held = balances or Balances()
    own = _from_account(rule.own_account, held.own, left)
    return own, _from_account(rule.family_account, held.family, left)


def _from_account(account: AccountRule | None, balance: int, left: dict[AccountPart, int]) -> int:
    paid = 0
    for part in account.pays if account else ():
        amount = min(left[part], balance - paid)
        left[part] -= amount
        paid += amount
    return paid


def _room(ceiling: Ceiling, used: Mapping[Counter, int], on: date) -> int | None:
    if ceiling.amount is None:
        return None
    before = used.get(limited(ceiling, on), 0) if ceiling.per != "visit" else 0
    return max(ceiling.amount - before, 0)


def _refuse_beyond_certainty(
    of: Term, ceilings: tuple[Ceiling, ...], used: Mapping[Counter, int], on: date, fund: int, cost: int
) -> None:
    for ceiling in ceilings:
        if ceiling.certain_to is None or ceiling.amount is None:
            continue
        before = used.get(limited(ceiling, on), 0) if ceiling.per != "visit" else 0
        reached = before + (fund if ceiling.on == "fund" else cost)
        if reached > ceiling.certain_to:
            raise CeilingNotKnown(
                scope=of,
                reached=yuan_text(reached),
                certain=yuan_text(ceiling.certain_to),
                upper=yuan_text(ceiling.amount),
            )
