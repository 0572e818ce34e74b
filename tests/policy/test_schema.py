"""The schema that editors validate by: shipped packs have its form, broken ones do not where the form is at fault."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import ValidationError

from tests.benefit.worked import pack_text, read
from tests.policy.test_refused_packs import CASES, Case
from yidi.policy import yaml_lines
from yidi.policy.book import book
from yidi.policy.errors import PackProblem
from yidi.policy.language import forms, shapes
from yidi.policy.pack import kind_of_pack
from yidi.policy.schema import CONSTRAINTS, pack_schema, schema_text

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft7Validator(pack_schema())


def as_an_editor_reads(data: Any) -> Any:
    """Dates as text: YAML 1.2 knows none, and editors read by it."""
    if isinstance(data, dict):
        return {key: as_an_editor_reads(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_an_editor_reads(item) for item in data]
    return data.isoformat() if isinstance(data, date) else data


def faults(data: Any) -> list[str]:
    found = VALIDATOR.iter_errors(as_an_editor_reads(data))
    return [f"{list(fault.absolute_path)}: {fault.message}" for fault in found]


def read_pack(text: str, folder: Path) -> Any:
    """A pack's data as the loader reads it."""
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return yaml_lines.read(path).data


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(pack_schema())


def test_the_published_file_is_the_schema() -> None:
    published = ROOT / "docs" / "policy.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text(), (
        "yidi policy schema --out docs/policy.schema.json"
    )


@pytest.mark.parametrize("loaded", book().packs.values(), ids=lambda loaded: "-".join(loaded.key))
def test_a_shipped_pack_has_its_form(loaded: Any) -> None:
    assert faults(loaded.document.data) == []


def test_the_packs_of_the_language_page_have_it(tmp_path: Path) -> None:
    packs = [pack for shape in shapes() for pack in shape["packs"]]
    packs += [pack for example in read(ROOT / "tests/benefit/published_bills.yaml") for pack in example.packs]
    assert len(packs) > 80
    assert [told for pack in packs if (told := faults(read_pack(pack_text(pack), tmp_path)))] == []


def test_a_number_with_decimals_is_an_amount() -> None:
    """Editors read `12.5` as a number, the loader as text."""
    pack = yaml.safe_load(
        pack_text({"benefit": "general-outpatient", "rules": ["deductible: {yuan: 12.5, per: year}"]})
    )
    assert faults(pack) == []
    pack["rules"][0]["deductible"]["yuan"] = "12.505"
    assert faults(pack)


NOT_OF_ONE_FORM = {
    "day that is none",
    "moment for a day",
    "month that is none",
    "until before the year in which it was seen",
    "until before from",
    "range upside down",
    "deductible range in a branch",
    "bands upside down",
    "equal limits of bands",
    "open band before the last",
    "last band with a limit",
    "ages upside down",
}
"""Faults that the models tell and the schema does not: they lie between values, or in a calendar."""


def at_fault_in_form(text: str, folder: Path) -> bool | None:
    """Whether the models refuse a pack; None where it is no YAML to begin with."""
    try:
        data = read_pack(text, folder)
        kind_of_pack(data).model_validate(data)
    except PackProblem:
        return None
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_tells_what_the_models_tell(case: Case, tmp_path: Path) -> None:
    bad = case.bad.join(case.pack.rsplit(case.good, 1))
    at_fault = at_fault_in_form(bad, tmp_path)
    if at_fault is None:
        return
    assert faults(yaml_lines.read(tmp_path / "pack.yaml").data or {}) == [] or at_fault
    if at_fault and case.name not in NOT_OF_ONE_FORM:
        assert faults(yaml_lines.read(tmp_path / "pack.yaml").data)


def test_the_exceptions_are_cases() -> None:
    assert {case.name for case in CASES} >= NOT_OF_ONE_FORM


def test_every_key_is_explained_in_chinese() -> None:
    definitions = pack_schema()["definitions"]
    for form in forms():
        schema = definitions.get(form.model.__name__)
        if schema is None:
            continue
        assert schema["title"] == form.zh
        silent = [key for key, value in schema["properties"].items() if not value.get("description")]
        assert silent == []


def test_what_is_asked_of_keys_together_is_asked_of_forms_there_are() -> None:
    assert CONSTRAINTS.keys() <= pack_schema()["definitions"].keys()
