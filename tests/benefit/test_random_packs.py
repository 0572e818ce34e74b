"""What holds for every pack that can be written, and every bill by it: from the document to the fen."""

import random
from collections import Counter as Bag
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import astuple, replace
from decimal import Context, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings, target
from hypothesis import strategies as st

from tests.benefit.batch_books import OneByOne, Visit, columns
from tests.benefit.batch_books import told as told_by_batch
from tests.benefit.oracle import Oracle, yuan
from tests.benefit.random_packs import (
    CITY,
    FIRST,
    NATION,
    PARAMETERS,
    PROVINCE,
    Bill,
    Doc,
    Serial,
    Shelved,
    book_of,
    crowds,
    histories,
    packs,
    read,
    shelf,
    stating,
    stories,
)
from tests.benefit.test_adjudicate import limited_by_visit
from tests.benefit.test_kernel import by_engine
from yidi.benefit.adjudicate import Counter, Decision, adjudicate
from yidi.benefit.assess import Assessment, YearSoFar, assess
from yidi.benefit.batch import Results, RuleTable, pay_visits
from yidi.benefit.counters import limited
from yidi.benefit.explain import UNVERIFIED
from yidi.benefit.split import whole_split
from yidi.policy.book import RuleBook
from yidi.policy.errors import AmbiguousRules, MissingParameter, PackProblem
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import BenefitRule, Ceiling, Origin, Question, restore
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Level, Scheme, Situation, Standing

EXAMPLES = settings().max_examples
"""To hunt for more: a profile of Hypothesis with more examples."""
BOOKS = settings(max_examples=max(EXAMPLES // 6, 1), suppress_health_check=list(HealthCheck))
"""For properties that read books of their own."""
BILLS = settings(max_examples=max(EXAMPLES // 2, 1), suppress_health_check=list(HealthCheck))
"""For properties of bills by the books that are read beforehand."""
Story = tuple[Shelved, list[Bill]]
Crowd = tuple[Shelved, list[Serial]]


def adopted() -> tuple[Shelved, ...]:
    """Books in which everything has an adopted answer."""
    return shelf(max(EXAMPLES // 3, 1))


def rumours() -> tuple[Shelved, ...]:
    """Books of which a part rests on sources that may not be adopted."""
    return shelf(max(EXAMPLES // 6, 1), rumours=True)


@pytest.fixture(scope="module", autouse=True)
def books() -> None:
    """Read before the first test draws from them."""
    adopted()
    rumours()


STORIES = st.deferred(lambda: stories(adopted()))
HISTORIES = st.deferred(lambda: histories(adopted()))


def rule_of(book: RuleBook, bill: Bill, unverified: bool = False) -> BenefitRule:
    return benefit_rule(book, bill.question, unverified=unverified)


def with_rules(book: RuleBook, asked: Sequence[Bill]) -> Iterator[tuple[Bill, BenefitRule]]:
    """The bills for which there is a rule, with it."""
    for bill in asked:
        try:
            rule = rule_of(book, bill)
        except Refusal as refusal:
            event(refusal.code)
            continue
        yield bill, rule


def pay(rule: BenefitRule, bill: Bill, used: Mapping[Counter, int]) -> Decision:
    return adjudicate(bill.split, rule, used, bill.question.on, bill.balances, bill.fees)


def settled(book: RuleBook, visits: Sequence[Bill], used: Bag[Counter]) -> Iterator[tuple[Bill, Decision]]:
    """Bills of one person settled one after another; those that are refused move nothing."""
    for bill in visits:
        try:
            decision = pay(rule_of(book, bill), bill, used)
        except Refusal:
            continue
        yield bill, decision
        used.update(decision.moves)


def assessed(book: RuleBook, asked: Sequence[Bill], unverified: bool = False) -> Iterator[Assessment]:
    """The bills that have an answer, each by itself in the middle of a year."""
    for place, bill in enumerate(asked):
        year = YearSoFar(5_000 * place, 30_000 * place, 50_000 * place, place % 4)
        try:
            answer = assess(
                book,
                bill.question,
                bill.split,
                year,
                unverified=unverified,
                fees=bill.fees,
                balances=bill.balances,
            )
        except Refusal as refusal:
            event(refusal.code)
            continue
        event("answered")
        yield answer


# The packs


@settings(BOOKS, derandomize=True)
@given(packs(), st.booleans())
def test_the_check_accepts_every_pack_that_is_made_up(made: list[Doc], as_json: bool) -> None:
    faults: list[PackProblem] = []
    book = read(made, faults, as_json)
    assert [str(fault) for fault in faults] == []
    assert len(book.packs) == len(made)


def test_most_questions_have_an_answer() -> None:
    """Else the properties below would say little: at least nine in ten bills are paid, by every kind of rule."""
    asked, paid, shapes = Bag[bool](), Bag[str](), set[str]()

    # What is drawn still depends on the modules that are there, so that rare shapes want room.
    @settings(BILLS, derandomize=True, max_examples=5 * BILLS.max_examples)
    @given(STORIES)
    def ask(story: Story) -> None:
        made, visits = story
        answers = list(assessed(made.book, visits))
        target(float(len(answers)), label="bills answered")
        asked.update({True: len(answers), False: len(visits) - len(answers)})
        for told in answers:
            paid[str(told.decision.rule.benefit)] += 1
            shapes.update(shapes_of(told.decision.rule))

    ask()
    assert asked[True] >= 9 * asked[False]
    assert len(paid) >= 4
    assert shapes >= {"bands", "layers", "several ceilings", "points", "upfront", "per visit", "where"}


def shapes_of(rule: BenefitRule) -> Iterator[str]:
    """What a rule has besides one deductible, one share and one ceiling."""
    yield rule.adjustment.mode
    yield f"per {rule.deductible.per}"
    there = {
        "bands": len(rule.share.bands) > 1,
        "layers": rule.layers,
        "several ceilings": len(rule.ceilings) > 1,
        "where": any(part.remarks for part in rule.parameters),
    }
    yield from (name for name, found in there.items() if found)


# Money


@BILLS
@given(STORIES)
def test_the_parts_of_a_bill_make_up_its_total(story: Story) -> None:
    made, visits = story
    for told in assessed(made.book, visits):
        one, split = told.decision, told.decision.split
        taken = (one.upfront_at_home, one.away_upfront, one.deductible, one.over_cost, one.shared, one.cut)
        parts = (one.fund, *(paid.fund for paid in one.layers), one.account, one.family_account, one.cash)
        assert sum(parts) == split.total == one.funds + one.person
        assert sum(taken) + one.fund == split.in_scope
        assert min(*taken, *parts) >= 0


@BILLS
@given(STORIES)
def test_no_fund_pays_more_than_is_in_scope(story: Story) -> None:
    made, visits = story
    for told in assessed(made.book, visits):
        one = told.decision
        assert 0 <= one.fund <= one.split.in_scope
        assert one.fund <= one.funds <= one.split.in_scope <= one.split.total
        assert all(0 <= paid.fund <= paid.base <= one.split.in_scope for paid in one.layers)


@BILLS
@given(HISTORIES)
def test_a_year_of_visits_never_passes_a_ceiling(story: Story) -> None:
    """Counted here once more, per scope and period, whatever benefits, diseases and levels the visits were of."""
    made, visits = story
    counted = Bag[Counter]()
    for bill, told in settled(made.book, visits, Bag[Counter]()):
        count(counted, told)
        for ceiling, paid in limits(told):
            if paid and ceiling.per != "visit" and ceiling.amount is not None:
                assert counted[limited(ceiling, bill.question.on)] <= ceiling.amount
        assert all(amount <= (ceiling.amount or 0) for ceiling, amount in limited_by_visit(told))


def limits(told: Decision) -> Iterator[tuple[Ceiling, int]]:
    """Every ceiling of a decision, with what was paid, or paid on, under it."""
    for ceiling in told.rule.ceilings:
        yield ceiling, told.fund if ceiling.on == "fund" else told.eligible
    for paid in told.layers:
        eligible = paid.base - paid.deductible - paid.over_cost
        for ceiling in paid.layer.ceilings:
            yield ceiling, paid.fund if ceiling.on == "fund" else eligible


def count(counted: Bag[Counter], told: Decision) -> None:
    """Add a decision to the year of its benefit and of its layers, and to whatever else its ceilings limit."""
    year, benefit = str(told.on.year), str(told.rule.benefit)
    amounts = {Counter(benefit, "fund", year): told.fund, Counter(benefit, "cost", year): told.eligible}
    for paid in told.layers:
        fund, eligible = str(paid.layer.fund), paid.base - paid.deductible - paid.over_cost
        amounts |= {Counter(fund, "fund", year): paid.fund, Counter(fund, "cost", year): eligible}
    limiting = ((ceiling, amount) for ceiling, amount in limits(told) if ceiling.per != "visit")
    counted.update(amounts | {limited(ceiling, told.on): amount for ceiling, amount in limiting})


@BILLS
@given(HISTORIES)
def test_the_engine_pays_what_decimal_arithmetic_pays(story: Story) -> None:
    made, visits = story
    oracle, used = None, Bag[Counter]()
    with localcontext(Context(prec=60)):
        for bill, told in settled(made.book, visits, used):
            one = Oracle(told.rule)
            if oracle is not None:
                one.counted, one.stays = oracle.counted, oracle.stays
            oracle = one
            by_hand = oracle.visit(bill.split.in_scope, bill.question.on, dict(bill.fees))
            assert [astuple(paid) for paid in by_engine(told)] == [astuple(paid) for paid in by_hand]
        money = {tuple(name): yuan(fen) for name, fen in used.items() if fen and name.measure != "stays"}
        assert money == (
            {name: amount for name, amount in oracle.counted.items() if amount} if oracle else {}
        )


@BILLS
@given(STORIES, st.integers(0, 100_000))
def test_a_larger_bill_is_never_paid_less(story: Story, more: int) -> None:
    """For every rule that can be written: bands that fall, upfront shares and points included.

    The person, too, pays no less for a larger bill, except where a layer takes over beyond the ceiling (below). A
    bill that is refused, since it goes beyond where a ceiling is certain, is refused when it is larger; with such a
    layer, what reaches the others may fall, and this need not hold for them.
    """
    made, visits = story
    for bill, rule in with_rules(made.book, visits):
        split = bill.split
        larger = replace(bill, split=whole_split(split.total + more, split.excluded, 0, split.upfront))
        over = any(layer.base == "beyond-ceiling" for layer in rule.layers)
        try:
            one = pay(rule, bill, {})
        except Refusal as refusal:
            if not over:
                with pytest.raises(type(refusal)):
                    pay(rule, larger, {})
            continue
        try:
            other = pay(rule, larger, {})
        except Refusal:
            continue
        assert one.fund <= other.fund
        assert one.funds <= other.funds
        assert over or one.person <= other.person


def a_pack(benefit: str, rule: Doc, pool: str = CITY) -> Doc:
    """A pack of one adopted rule."""
    source = {"id": "LAW", "clause": "1", "grade": "A", "checked": "2026-01-01"}
    head = {"id": f"{benefit}-rule", "reading": "law", "adopted": True, "in_force": {"from": "2024-01-01"}}
    return {
        "pool": pool,
        "scheme": "employee",
        "benefit": benefit,
        "rules": [{**head, "source": source, **rule}],
    }


STAY = Question(
    CITY, Scheme.EMPLOYEE, Standing.ACTIVE, Benefit.INPATIENT, Level.TERTIARY, Situation.LOCAL, FIRST
)  # fmt: skip


def test_where_a_layer_takes_over_a_larger_bill_may_cost_the_person_less() -> None:
    """Half a fen of the fund at 5 % stands for ten fen of cost: all of it is the layer's once the ceiling is reached."""
    layer = {"base": "beyond-ceiling", "over": ["inpatient"]}
    made = [
        a_pack(
            "inpatient",
            {"deductible": "none", "share": "5%", "ceiling": {"yuan": 0, "per": "year", "on": "fund"}},
        ),
        a_pack("large-sum", {"layer": layer, "deductible": "none", "share": "100%", "ceiling": "none"}),
    ]
    rule = benefit_rule(read(made, []), STAY)
    persons_part = [adjudicate(whole_split(fen), rule, {}, FIRST).person for fen in (9, 10, 11)]
    assert persons_part == [9, 0, 0]


def test_a_larger_first_bill_may_leave_less_for_the_year() -> None:
    """A year is not monotone: bands of the year that fall make a large bill first cost what comes after it more."""
    bands = {
        "bands": [{"to": 1000, "share": "90%"}, {"share": "10%"}],
        "per": "year",
        "position": "after-deductible",
    }
    book = read([a_pack("inpatient", {"deductible": "none", "share": bands, "ceiling": "none"})], [])
    rule = benefit_rule(book, STAY)

    def second(first: int) -> int:
        used = adjudicate(whole_split(first), rule, {}, FIRST).moves
        return adjudicate(whole_split(100_000), rule, used, FIRST).fund

    assert second(0) > second(100_000)


# Counters


@BILLS
@given(HISTORIES, st.randoms(use_true_random=False))
def test_a_cancelled_settlement_leaves_the_counters_as_they_were(story: Story, dice: random.Random) -> None:
    """Cancelled at once, and paid again, it comes to the same; all cancelled in any order, nothing is left."""
    made, visits = story
    used = Bag[Counter]()
    decisions = []
    for bill, told in settled(made.book, visits, used):
        before = used.copy()
        used.update(told.moves)
        used.subtract(told.moves)
        assert used == before
        assert pay(told.rule, bill, used) == told
        decisions.append(told)
    dice.shuffle(decisions)
    for told in decisions:
        used.subtract(told.moves)
    assert not any(used.values())


# The order of visits, and batches


@BILLS
@given(st.deferred(lambda: crowds(adopted())), st.randoms(use_true_random=False))
def test_the_order_in_which_bills_are_settled_is_all_that_counts(story: Crowd, dice: random.Random) -> None:
    """Sorted by person, day and number, bills in any order are paid alike, in a batch and one by one."""
    made, crowd = story
    again = dice.sample(crowd, len(crowd))
    assert batch_of(made.book, crowd) == batch_of(made.book, again) == one_by_one(made.book, again)


@BILLS
@given(st.deferred(lambda: crowds(rumours())), st.booleans())
def test_a_batch_pays_what_one_by_one_pays(story: Crowd, unverified: bool) -> None:
    """Refusals too, for the same reasons: ranges passed, fees not told apart, nothing but rumours on record."""
    made, crowd = story
    assert batch_of(made.book, crowd, unverified) == one_by_one(made.book, crowd, unverified)


def batch_of(book: RuleBook, crowd: Sequence[Serial], unverified: bool = False) -> list[dict[str, Any]]:
    table = RuleTable(book, unverified=unverified)
    batch = columns(table, visits_of(crowd))
    return told_by_batch(
        table, pay_visits(table, batch, out=Results.of(len(crowd), each_layer=True), compiled=False)
    )


def one_by_one(book: RuleBook, crowd: Sequence[Serial], unverified: bool = False) -> list[dict[str, Any]]:
    table = RuleTable(book, unverified=unverified)
    paid = OneByOne(book, unverified=unverified).pay(table, columns(table, visits_of(crowd)))
    for visit in paid:
        visit.pop("sentence", None)
        event(visit["refused"] or "paid")
    return paid


def visits_of(crowd: Sequence[Serial]) -> list[Visit]:
    """The bills in the order in which they are settled, as batches have them."""
    found = []
    for item in sorted(crowd, key=lambda item: item.place):
        asked, split = item.bill.question, item.bill.split
        found.append(
            Visit(
                person=item.person,
                day=asked.on,
                pool=asked.home,
                standing=asked.standing,
                level=asked.level,
                situation=asked.situation,
                benefit=asked.benefit,
                disease=asked.disease,
                diseases=asked.diseases,
                age=-1 if asked.age is None else asked.age,
                traits=asked.traits,
                in_scope=split.in_scope,
                excluded=split.total - split.in_scope,
            )
        )
    return found


# Layers, readings, refusals


@BOOKS
@given(STORIES, st.sampled_from(PARAMETERS))
def test_the_most_specific_layer_wins_and_without_it_the_next(story: Story, name: str) -> None:
    """The layer and rule that `origins` name are those found by hand; taken away, the next answers; then nothing does."""
    shelved, visits = story
    bill, made = visits[0], deepcopy(shelved.packs)
    layers = []
    while (found := stating(made, bill.question, name)) is not None:
        pack, rule, part = found
        for origin in origins_of(rule_of(read(made, []), bill), name):
            assert (origin.layer, origin.rule) == (pack["pool"], rule["id"])
        layers.append(pack["pool"])
        del part[name]
    with pytest.raises(MissingParameter) as refused:
        rule_of(read(made, []), bill)
    assert str(refused.value.details["parameter"]) == name
    order = [bill.question.home, PROVINCE, NATION]
    assert layers == sorted(layers, key=order.index)
    event(f"layers: {len(set(layers))}")


def origins_of(rule: BenefitRule, name: str) -> list[Origin]:
    """Where a parameter comes from, except where several ceilings were made one."""
    if name == "ceiling":
        return [item.origin for item in rule.ceilings if not item.scope.endswith(":stacked")]
    return [getattr(rule, name).origin]


@BOOKS
@given(STORIES, st.sampled_from(PARAMETERS))
def test_two_adopted_rules_for_one_parameter_are_refused_and_named(story: Story, name: str) -> None:
    shelved, visits = story
    bill, made = visits[0], deepcopy(shelved.packs)
    found = stating(made, bill.question, name)
    assert found is not None
    pack, rule, part = found
    head = {key: rule[key] for key in ("reading", "adopted", "in_force", "source")}
    pack["rules"].append({**head, "id": "another", name: part[name]})
    faults: list[PackProblem] = []
    book = read(made, faults)
    assert any(name in fault.details["what"] for fault in faults)
    with pytest.raises(AmbiguousRules) as refused:
        rule_of(book, bill)
    assert {refused.value.details["first"], refused.value.details["second"]} == {rule["id"], "another"}
    assert str(refused.value.details["parameter"]) == name


@BOOKS
@given(STORIES, st.data())
def test_whatever_is_missing_the_answer_is_a_decision_or_a_refusal(story: Story, data: st.DataObject) -> None:
    """Parts of packs torn out, people of whom little is known, places that are none: never an error of any other kind."""
    made, visits = story
    spoilt = deepcopy(made.packs)
    for _ in range(data.draw(st.integers(0, 4))):
        tear(data, data.draw(st.sampled_from(spoilt))["rules"])
    faults: list[PackProblem] = []
    book = read(spoilt, faults)
    event(f"faults: {min(len(faults), 3)}")
    for bill in visits:
        question = replace(bill.question, **data.draw(st.fixed_dictionaries({}, optional=ODD)))
        fees = data.draw(st.sampled_from([{}, bill.fees]))
        try:
            answer = assess(
                book, question, bill.split, reading=data.draw(READINGS), unverified=True, fees=fees
            )
        except Refusal as refusal:
            event(refusal.english and refusal.code)
            continue
        assert answer.explanation.adds_up()


READINGS = st.sampled_from(["", "", "", "kept", "rumour", "law"])
ODD: dict[str, st.SearchStrategy[Any]] = {
    "home": st.sampled_from(["999999", "110000", PROVINCE, CITY]),
    "age": st.sampled_from([None, 0, 150]),
    "disease": st.sampled_from(["", "M00500", "X", "B"]),
    "benefit": st.sampled_from(Benefit),
    "standing": st.sampled_from(Standing),
}


def tear(data: st.DataObject, part: Any) -> None:
    """Take something out of a document, no matter how deep."""
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(part[key], dict | list) or data.draw(st.integers(0, 4)) == 4:
            del part[key]
            return
        part = part[key]


# Replay


@BOOKS
@given(STORIES, st.randoms(use_true_random=False))
def test_a_rule_is_the_same_however_its_pack_is_written(story: Story, dice: random.Random) -> None:
    """The order of keys and the style of YAML change no rule and no digest; a rule written out and read pays the same."""
    made, visits = story
    book, other = made.book, book_of([shuffled(pack, dice) for pack in made.packs], as_json=False)
    for bill, rule in with_rules(book, visits):
        again = restore(rule.canonical())
        assert again == rule == rule_of(other, bill)
        assert again.digest == rule.digest == rule_of(other, bill).digest
        assert again.canonical() == rule.canonical()
        try:
            expected = pay(rule, bill, {})
        except Refusal as refusal:
            with pytest.raises(type(refusal)):
                pay(again, bill, {})
            continue
        assert pay(again, bill, {}) == expected


def shuffled(part: Any, dice: random.Random) -> Any:
    """A document with the keys of every mapping in another order."""
    if isinstance(part, list):
        return [shuffled(item, dice) for item in part]
    if not isinstance(part, dict):
        return part
    keys = list(part)
    dice.shuffle(keys)
    return {key: shuffled(part[key], dice) for key in keys}


# Explanations

WITHOUT_SOURCE = {"total", "excluded", "over_limit", "upfront", "in_scope", "paid", "not_counted", "result"}
"""Steps that apply no parameter of a pack."""


@BILLS
@given(STORIES)
def test_the_steps_add_up_and_every_parameter_has_its_source(story: Story) -> None:
    made, visits = story
    book = made.book
    for told in assessed(book, visits):
        assert told.explanation.adds_up()
        assert told.explanation.steps[-1].left == told.decision.funds
        for step in told.explanation.steps:
            at_home = step.kind == "away" and told.decision.rule.adjustment.origin is None
            assert (step.origin is None) == (step.kind in WITHOUT_SOURCE or at_home)
            if step.origin is not None:
                assert step.origin in told.origins
                assert step.origin.source in book.sources
                assert step.origin.layer in (told.decision.rule.pool, PROVINCE, NATION)


@BILLS
@given(st.deferred(lambda: stories(rumours(), most=3)))
def test_what_rests_on_a_rumour_says_so_on_every_line(story: Story) -> None:
    """Estimates alone may rest on it; without being asked to, nothing does. What does not rest on it says nothing."""
    made, asked = story
    assert not any(told.unverified for told in assessed(made.book, asked))
    for told in assessed(made.book, asked, unverified=True):
        grades = {origin.grade for origin in told.origins}
        assert told.unverified == bool(grades & {"C", "R"})
        event(f"unverified: {told.unverified}")
        lines = [*told.explanation.steps, *told.why_not_more]
        assert all(marked(line) is told.unverified for line in lines)
        for change in told.changes:
            outcome = change.outcome
            other = isinstance(outcome, Decision) and outcome.rule.unverified
            assert marked(change) is (told.unverified or other)


def marked(line: Any) -> bool:
    """Whether a line says in both languages that it rests on something unverified."""
    said = [
        line.text(language).startswith(mark) for language, mark in zip(("zh", "en"), UNVERIFIED, strict=True)
    ]
    assert said[0] == said[1]
    return said[0]
