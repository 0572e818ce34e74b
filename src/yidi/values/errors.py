"""The one shape every refusal has, in every room."""

from typing import Any, ClassVar

from yidi.values.terms import Term


class Refusal(Exception):
    """Something that yidi will not do, said so that a clerk can act on it.

    A subclass names a stable `code` and two sentences, `zh` and `en`, that say what happened, why, and what to do.
    The placeholders in both are filled from the keyword arguments; a `Term` appears under its name in that language.
    """

    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The Chinese sentence, without the code."""
        return self.zh.format(**_named(self.details, "zh"))

    @property
    def english(self) -> str:
        """The English sentence, without the code."""
        return self.en.format(**_named(self.details, "en"))

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}"


def _named(details: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        name: value.label(language) if isinstance(value, Term) else value for name, value in details.items()
    }


class BadValue(Refusal, ValueError):
    """A text that does not spell the value it should."""

    code = "VALUE-BAD"
    zh = "“{text}”不是有效的{what}：{why}。请改正后重试。"
    en = "“{text}” is not a valid {what}: {why}. Correct it and try again."
