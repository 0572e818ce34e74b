"""The worked bills that packs carry, run against the rules beside them."""

from collections.abc import Iterator

from yidi.benefit.adjudicate import Decision, adjudicate
from yidi.benefit.counters import counters_of_year
from yidi.benefit.split import whole_split
from yidi.policy.book import RuleBook
from yidi.policy.check import LoadedPack
from yidi.policy.errors import PackProblem
from yidi.policy.pack import ExampleDoc, Pack
from yidi.policy.resolve import benefit_rule
from yidi.policy.rules import Question
from yidi.values.errors import Refusal
from yidi.values.money import FEN, yuan_text
from yidi.values.terms import LAYERS, Fund


def check_examples(book: RuleBook) -> Iterator[PackProblem]:
    """A problem for every worked bill that does not come out to the fen."""
    for loaded in book.packs.values():
        for index, example in enumerate(loaded.pack.examples):
            wrong = _outcome(book, loaded, example)
            if wrong:
                yield PackProblem(
                    file=loaded.document.path,
                    line=loaded.document.line(("examples", index)),
                    what=f"算例 {example.id} 不符：{wrong}",
                    remedy="核对规则参数与算例，二者有一处错误",
                )


def _outcome(book: RuleBook, loaded: LoadedPack, example: ExampleDoc) -> str:
    """What is wrong with an example; empty where nothing is."""
    pack = loaded.pack
    if not isinstance(pack, Pack) or pack.scheme == "all":
        return "算例只能写在一个险种的待遇规则包中"
    question = Question(
        home=pack.pool,
        scheme=pack.scheme,
        standing=example.standing,
        benefit=pack.benefit,
        level=example.level,
        situation=example.situation,
        on=example.on,
        disease=example.disease,
        diseases=example.diseases,
        age=example.age,
        traits=frozenset(example.traits),
    )
    try:
        rule = benefit_rule(book, question, example.reading)
        used = counters_of_year(
            rule, example.on, **{name: _count(name, fen) for name, fen in example.used.items()}
        )
        decision = adjudicate(whole_split(example.in_scope), rule, used, example.on, fees=example.categories)
    except Refusal as refusal:
        return str(refusal).rstrip("。")
    wrong = [
        f"{name} 应为 {yuan_text(fen)}，算得 {yuan_text(_amount(decision, name))}"
        for name, fen in example.expect.items()
        if _amount(decision, name) != fen
    ]
    return "；".join(wrong)


def _count(name: str, value: int) -> int:
    """Stays are written as a plain number, which the form reads as yuan."""
    return value // FEN if name == "stays" else value


def _amount(decision: Decision, name: str) -> int:
    """An amount of a decision, by the name of its step or of the fund that pays it."""
    if name in LAYERS:
        return decision.paid_by(Fund(name))
    amount: int = getattr(decision, name)
    return amount
