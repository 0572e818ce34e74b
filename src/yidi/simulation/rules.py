"""By what a run settles: the rules in force, and those compared with them."""

from dataclasses import dataclass
from typing import Any

from yidi.benefit.batch import RuleTable
from yidi.policy.book import RuleBook


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule books of a run, and how they are read."""

    base: RuleBook
    reform: RuleBook | None = None
    reading: str = ""
    """A reading called by name instead of the adopted ones."""
    unverified: bool = False
    """Whether unadopted statements of grade C or R answer where nothing better does."""

    def about(self) -> dict[str, Any]:
        """What a run, and each of its files, says of its rules: equal where they pay alike."""
        return {
            "base": self.base.digest,
            "reform": self.reform.digest if self.reform else None,
            "reading": self.reading,
            "unverified": self.unverified,
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and self.about() == other.about()

    def __hash__(self) -> int:
        return hash(tuple(self.about().values()))

    def tables(self) -> list[RuleTable]:
        """A table of each book, the base first."""
        books = [self.base, self.reform] if self.reform else [self.base]
        return [RuleTable(book, self.reading, self.unverified) for book in books]
