"""A whole year's visits: made up by stated parameters, settled by one rule book or two, counted and reported.

Where things are, in the order in which a year goes through them:

    what is drawn    parameters, population, answers, generate     numbers with their sources → tables → files of visits
    files            columns, reading, files                       what stands in them; how they are read, and written
    settling         rules, plan, settling, stream, spark          one person after another, in parts, threads, partitions
    counting         counting, counting_compiled, tally_books,     visits into sums, in memory that does not grow;
                     tally, sums                                   the same as tables by name, which add up
    figures          figures, about                                sums as lines, tenths and shares; what they rest on
    report           report, page, page_*, charts, markup          report.json, and one page that opens offline
    refusals         errors                                        of all of these

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
