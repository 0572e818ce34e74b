"""What is missing among papers, and how it is said."""

import pytest

from yidi.values.materials import missing, named
from yidi.values.terms import Material

WANTED = [["id-card", "social-card"], ["invoice"]]


@pytest.mark.parametrize(
    ("shown", "left"),
    [
        ([], [(Material.ID_CARD, Material.SOCIAL_CARD), (Material.INVOICE,)]),
        (["social-card"], [(Material.INVOICE,)]),
        ([Material.INVOICE], [(Material.ID_CARD, Material.SOCIAL_CARD)]),
        (["diagnosis"], [(Material.ID_CARD, Material.SOCIAL_CARD), (Material.INVOICE,)]),
        ([Material.ID_CARD, "invoice"], []),
    ],
)
def test_one_paper_of_each_group_will_do(shown: list[str], left: list[tuple[Material, ...]]) -> None:
    assert list(missing(WANTED, shown)) == left


def test_papers_are_named_in_both_languages() -> None:
    groups = missing(WANTED, [])
    assert named(groups) == "有效身份证件或社会保障卡；医院收费票据"
    assert named(groups, "en") == "valid identity document or social security card; hospital invoice"
    assert named([]) == ""
