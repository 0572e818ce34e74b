"""The columns of the files in which the national interface gives its catalogues."""

from functools import lru_cache

import yaml

from yidi.resources import data_path


@lru_cache(maxsize=1)
def _columns() -> dict[str, tuple[str, ...]]:
    with data_path("reference", "catalogue_columns.yaml").open(encoding="utf-8") as file:
        return {number: tuple(names.split()) for number, names in yaml.safe_load(file).items()}


def columns_of(number: str) -> tuple[str, ...]:
    """The Chinese names of the columns of a catalogue, by the number of its transaction, in order."""
    return _columns()[number]
