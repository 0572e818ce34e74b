"""A whole year's visits: made up by stated parameters, settled by one rule book or two, counted and reported.

Importing this package loads nothing else: the command line asks `need_batch` before it goes on.
"""

import importlib

from yidi.simulation.errors import PackageMissing

BATCH = ("numpy", "numba", "pyarrow")
SPARK = ("pyspark",)


def need_batch() -> None:
    """Raises PackageMissing where a package that large batches need is not installed."""
    _need(BATCH, "batch")


def need_spark() -> None:
    """Raises PackageMissing where a package that batches on Spark need is not installed."""
    _need(BATCH, "batch")
    _need(SPARK, "spark")


def _need(packages: tuple[str, ...], extra: str) -> None:
    for package in packages:
        try:
            importlib.import_module(package)
        except ImportError:
            raise PackageMissing(package=package, extra=extra) from None
