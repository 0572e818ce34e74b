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


def met_by_commitment(wanted: Iterable[Collection[str]]) -> tuple[Group, ...]:
    """The groups that a commitment letter meets (承诺制, fact N-208), without the letter: what must be shown later.

    >>> met_by_commitment([["id-card"], ["residence-proof", "commitment"]])
    ((<Material.RESIDENCE_PROOF: 'residence-proof'>,),)
    """
    return tuple(
        tuple(paper for paper in map(Material, group) if paper is not Material.COMMITMENT)
        for group in wanted
        if Material.COMMITMENT in group
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
