"""The worked bills that packs carry run against the rules beside them."""

from pathlib import Path

import pytest

from tests.policy.factories import book_of, pack
from yidi.benefit.examples import check_examples

RULES = "deductible: {yuan: 300, per: year}\nshare: 60%\nceiling: {yuan: 2000, per: year, on: fund}"
OTHER = "reading: news\nadopted: false\nshare: 80%"
BILL = "id: X, on: 2025-06-02, standing: active, level: tertiary, situation: local, in_scope: 1000"


def problems(folder: Path, *examples: str, **where: str) -> list[str]:
    text = pack(RULES, OTHER, **where) + "examples:\n" + "".join(f"  - {{{line}}}\n" for line in examples)
    return [str(problem) for problem in check_examples(book_of(folder, city=text))]


@pytest.mark.parametrize(
    "example",
    [
        f"{BILL}, expect: {{deductible: 300, fund: 420, person: 580, away_upfront: 0}}",
        f"{BILL}, reading: news, expect: {{fund: 560}}",
        f"{BILL}, used: {{deductible: 300}}, expect: {{fund: 600}}",
        f"{BILL}, used: {{deductible: 300, fund: 1999.99}}, expect: {{fund: 0.01, person: 999.99}}",
    ],
)
def test_an_example_that_comes_out(example: str, tmp_path: Path) -> None:
    assert problems(tmp_path, example) == []


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (f"{BILL}, expect: {{fund: 420.01}}", "fund 应为 420.01，算得 420.00"),
        (
            f"{BILL}, expect: {{deductible: 0, fund: 600}}",
            "deductible 应为 0.00，算得 300.00；fund 应为 600.00，算得 420.00",
        ),
        (f"{BILL}, reading: rumour, expect: {{fund: 1}}", "[POLICY-READING] 没有名为“rumour”的口径"),
        (f"{BILL.replace('local', 'unfiled')}, expect: {{fund: 1}}", "[POLICY-MISSING]"),
    ],
)
def test_a_wrong_example_is_told_with_its_line(example: str, said: str, tmp_path: Path) -> None:
    right = BILL.replace("id: X", "id: RIGHT")
    (problem,) = problems(tmp_path, f"{right}, expect: {{fund: 420}}", example)
    assert f"{tmp_path}/packs/city.yaml:21: 算例 X 不符：" in problem
    assert said in problem
    assert "。处理办法：核对规则参数与算例" in problem
    assert "。。" not in problem


def test_an_example_needs_one_scheme(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, f"{BILL}, expect: {{fund: 420}}", scheme="all")
    assert "算例只能写在一个险种的待遇规则包中" in problem
