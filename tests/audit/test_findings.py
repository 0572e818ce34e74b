"""Comparing two sorted streams key by key."""

from yidi.audit.findings import paired


def test_two_streams_are_paired_by_key() -> None:
    ones, others = [("a", 1), ("b", 2)], [("b", "two"), ("c", "three")]
    assert list(paired(ones, others)) == [("a", 1, None), ("b", 2, "two"), ("c", None, "three")]
    assert list(paired([], [])) == []
