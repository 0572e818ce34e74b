"""The reference page: every form and shape is described, its examples are read, its pointers lead somewhere."""

import ast
import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from yidi.policy import language, yaml_lines
from yidi.policy.language import Form, forms, grammar, prose, shapes
from yidi.policy.language_page import AMOUNTS, PROOF, page

ROOT = Path(__file__).parents[2]


def test_the_published_page_is_the_page() -> None:
    published = (ROOT / "docs" / "policy-language.md").read_text(encoding="utf-8")
    assert published == page(), "yidi policy language --out docs/policy-language.md"


def test_every_form_is_described() -> None:
    assert {form.model for form in forms()} == set(grammar().values())
    assert len(forms()) >= 50


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.model.__name__)
def test_the_example_of_a_form_has_the_form(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(form.example, encoding="utf-8")
    TypeAdapter(form.model).validate_python(yaml_lines.read(path).data)


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.model.__name__)
def test_a_form_says_what_it_is(form: Form) -> None:
    for text in (form.zh, form.says, form.order):
        assert re.search("[一-鿿]", text)
    assert form.says.endswith("。")
    assert form.order.endswith("。")
    assert not re.search("[一-鿿]", form.en)
    assert all(form.keys.values())


@pytest.mark.parametrize("proof", sorted({PROOF, *(form.test for form in forms())}))
def test_a_proof_is_there(proof: str) -> None:
    file, _, function = proof.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert function in tests if function else any(name.startswith("test_") for name in tests)


def test_a_form_that_nobody_describes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    described = dict(language._data()["forms"])
    del described["StackingDoc"]
    monkeypatch.setattr(language, "_data", lambda: {"forms": described, "keys": {}})
    with pytest.raises(LookupError, match="StackingDoc"):
        forms()


def test_a_key_that_nobody_describes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = language._data()
    monkeypatch.setattr(language, "_data", lambda: {**data, "keys": {}})
    with pytest.raises(LookupError, match="keys not described"):
        forms()


def test_every_shape_names_forms_and_speaks_both_languages() -> None:
    known = {form.model.__name__ for form in forms()}
    for shape in shapes():
        assert set(shape["forms"]) <= known
        assert re.search("[一-鿿]", shape["zh"])
        assert shape["says"].endswith("。")
        assert not re.search("[一-鿿]", shape["en"])
        assert all(
            isinstance(yaml.safe_load(rule), dict) for pack in shape["packs"] for rule in pack["rules"]
        )


def test_every_outcome_on_the_page_has_a_name() -> None:
    from yidi.values.terms import Fund

    bills = [
        bill for shape in shapes() for name in ("bills", "visits", "asks") for bill in shape.get(name, ())
    ]
    names = {name for bill in bills for name in bill.get("expect", {})}
    assert names <= {*AMOUNTS, *Fund.spellings()}


def test_the_links_of_the_page_lead_somewhere() -> None:
    text = page()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {
        "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_").replace(" ", "-")
        for heading in headings
    }
    assert len(anchors) == len(headings)
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors
    for target in re.findall(r"\]\(((?!#)[^)]*)\)", text):
        assert (ROOT / "docs" / target).exists()


@pytest.mark.parametrize("part", ["lookup", "computation", "refused"])
def test_the_page_says_how_an_answer_is_found(part: str) -> None:
    assert len(prose(part)) >= 5
    assert all(line in page() for line in prose(part))
