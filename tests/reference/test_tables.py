"""Reading register files and setting them against what is there."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from yidi.reference.errors import BadHeader, BadRow
from yidi.reference.tables import LoadCounts, compare, read_rows
from yidi.values.money import parse_percent


@dataclass
class Thing:
    size: int
    colour: str


def write(path: Path, text: str) -> Path:
    file = path / "things.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_rows_know_their_lines(tmp_path: Path) -> None:
    rows = list(read_rows(write(tmp_path, 'a,b\n1,"two\nlines"\n3,4\n'), ("a", "b")))
    assert [(row.line, row["a"]) for row in rows] == [(3, "1"), (4, "3")]


@pytest.mark.parametrize("text", ["", "a\n1\n"])
def test_a_missing_column_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadHeader) as refused:
        list(read_rows(write(tmp_path, text), ("a", "b")))
    assert "things.csv" in refused.value.message
    assert "b" in refused.value.message


def test_a_short_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match=r"things\.csv 第 3 行"):
        list(read_rows(write(tmp_path, "a,b\n1,2\n3\n"), ("a", "b")))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2", lambda row: row.flag("a")),
        ("", lambda row: row.required("a", 9)),
        ("long", lambda row: row.text("a", 3)),
        ("x", lambda row: row.one_of("a", frozenset("yz"))),
        ("10", lambda row: row.number("a", parse_percent)),
        ("101%", lambda row: row.number("a", parse_percent)),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, value: str, read: object) -> None:
    row = next(iter(read_rows(write(tmp_path, f"a,b\n{value},1\n"), ("a", "b"))))
    with pytest.raises(BadRow) as refused:
        read(row)  # type: ignore[operator]
    assert refused.value.details["line"] == 2
    assert refused.value.details["column"] == "a"


def test_compare() -> None:
    found = {"same": Thing(1, "red"), "other": Thing(1, "red"), "gone": Thing(1, "red")}
    wanted = {"same": Thing(1, "red"), "other": Thing(2, "red"), "new": Thing(3, "red")}
    changes = compare(wanted, found, ["size"])
    assert changes.new == [Thing(3, "red")]
    assert changes.changed == [found["other"]]
    assert found["other"].size == 2
    assert changes.counts == LoadCounts(rows=3, created=1, updated=1, unchanged=1)
