"""What is missing among the papers shown, and how that is said."""

from collections.abc import Collection, Iterable

from yidi.values.terms import Material

Group = tuple[Material, ...]
"""Papers of which any one will do."""


def missing(wanted: Iterable[Collection[str]], shown: Collection[str]) -> tuple[Group, ...]:
    """The groups of which no paper was shown.

    >>> missing([["id-card", "social-card"], ["invoice"]], {"id-card"})
    ((<Material.INVOICE: 'invoice'>,),)
    """
    held = {str(name) for name in shown}
    return tuple(
        tuple(Material(name) for name in group) for group in wanted if not held.intersection(map(str, group))
    )


def named(groups: Iterable[Group], language: str = "zh") -> str:
    """The groups in words: A or B; C.

    >>> named([(Material.ID_CARD, Material.SOCIAL_CARD), (Material.INVOICE,)])
    '有效身份证件或社会保障卡；医院收费票据'
    >>> named([(Material.ID_CARD, Material.SOCIAL_CARD), (Material.INVOICE,)], "en")
    'valid identity document or social security card; hospital invoice'
    """
    either, between = (" or ", "; ") if language == "en" else ("或", "；")
    return between.join(either.join(paper.label(language) for paper in group) for group in groups)
