"""The words of the trade: closed lists in which nothing is spelt or named twice."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.test_consistency import modules
from yidi.values.terms import STANDINGS_OF, Benefit, FilingKind, Scheme, Situation, Standing, Term

for module in modules():
    import_module(module)


def below(kind: type[Term]) -> Iterator[type[Term]]:
    """Every list of words, however deep."""
    for words in kind.__subclasses__():
        yield words
        yield from below(words)


WORDS = [words for words in below(Term) if words.__module__.startswith("yidi.") and len(words)]


@pytest.mark.parametrize("words", WORDS, ids=lambda words: f"{words.__module__}.{words.__name__}")
def test_every_word_has_one_spelling_and_both_names(words: type[Term]) -> None:
    members = list(words)
    assert len(words.__members__) == len(members), "two words share a spelling"
    for names in ("zh", "en"):
        assert len({getattr(word, names) for word in members}) == len(members)
    for word in members:
        assert words(str(word)) is word
        assert (word.label(), word.label("zh"), word.label("en")) == (word.zh, word.zh, word.en)
        assert word.zh.strip()
        assert word.en.isascii()


def test_an_unknown_spelling_is_no_word() -> None:
    with pytest.raises(ValueError, match="sideways"):
        Benefit("sideways")


@pytest.mark.parametrize("names", ["one", ("one", "一"), ("one", "", "one")])
def test_a_word_without_its_names_cannot_be_declared(names: object) -> None:
    with pytest.raises(TypeError, match="needs a Chinese and an English name"):
        Term("Nameless", {"ONE": names})


def test_every_standing_belongs_to_one_scheme() -> None:
    belonging = [standing for scheme in Scheme for standing in STANDINGS_OF[scheme]]
    assert sorted(belonging) == sorted(Standing)


def test_every_kind_of_filing_is_a_situation() -> None:
    assert {str(kind) for kind in FilingKind} < {str(situation) for situation in Situation}
