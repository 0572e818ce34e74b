"""YAML as packs need it: exact numbers, words that stay words, and the line of every place."""

from datetime import date
from pathlib import Path

import pytest

from yidi.policy.errors import PackProblem
from yidi.policy.yaml_lines import read


def parsed(folder: Path, text: str) -> object:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path).data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", "0.1"),
        ("65%", "65%"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("0", 0),
        ("300", 300),
        ("-300", -300),
        ("0300", "0300"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("9" * 30, "9" * 30),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("null", None),
        ("~", None),
        ("", None),
        ('"true"', "true"),
        ("'300'", "300"),
        ("2025-03-20", date(2025, 3, 20)),
        ('"2025-03-20"', "2025-03-20"),
        ("2025-02-30", "2025-02-30"),
        ("2025-3-5", "2025-3-5"),
        ("2025-03-20 10:00:00", "2025-03-20 10:00:00"),
        ("12:30", "12:30"),
        ("起付线", "起付线"),
    ],
)
def test_a_scalar(text: str, value: object, tmp_path: Path) -> None:
    data = parsed(tmp_path, f"key: {text}\n")
    assert data == {"key": value}
    assert type(data["key"]) is type(value)  # type: ignore[index]


def test_on_is_a_word_and_not_a_yes(tmp_path: Path) -> None:
    assert parsed(tmp_path, "{on: fund, off: 1, yes: 2}") == {"on": "fund", "off": 1, "yes": 2}


def test_every_place_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("a:\n  - b: 1\n    c:\n      - 2\n\n  - d\nlast: {x: 1}\n", encoding="utf-8")
    document = read(path)
    assert document.data == {"a": [{"b": 1, "c": [2]}, "d"], "last": {"x": 1}}
    assert {
        place: document.line(place) for place in [(), ("a",), ("a", 0, "c"), ("a", 0, "c", 0), ("a", 1)]
    } == {
        (): 1,
        ("a",): 1,
        ("a", 0, "c"): 3,
        ("a", 0, "c", 0): 4,
        ("a", 1): 6,
    }
    assert document.line(("last", "x", "nowhere")) == 7
    assert document.line(("nowhere",)) == 1


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert parsed(tmp_path, "") == {}


@pytest.mark.parametrize(
    "text", ["a: &x {b: 1}\nc: *x\n", "&x [*x]\n", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"]
)
def test_an_alias_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(PackProblem, match="别名"):
        parsed(tmp_path, text)
