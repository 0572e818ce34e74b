"""Polars by cumulative sums.

Possible because deductible and ceilings are constant in a person's year, so that what has been taken so far is
min(ceiling, sum so far). Not possible of a ceiling that changes within the year, of a deductible that differs by level
on one counter, or where a refused or cut payment decides what comes after.
"""

import numpy as np
import polars as pl

from benchmarks.batch.field import PPM, Array, Field

COLUMNS = ("person", "day", "standing", "level", "slot", "in_scope")
YEAR, SLOT = ["person", "year"], ["person", "year", "slot"]


class Windows:
    def __init__(self, field: Field) -> None:
        columns = field.columns(*COLUMNS)
        self.numbers = field.numbers
        self.visits = pl.DataFrame(columns).with_columns(pl.col("day").cast(pl.Date))
        self.paid = pl.DataFrame()

    def run(self, threads: int) -> None:
        """Polars has been told how many threads before it was started, by POLARS_MAX_THREADS."""
        self.paid = self._plan(self.visits.lazy()).collect()

    def _plan(self, visits: pl.LazyFrame) -> pl.LazyFrame:
        numbers, slot, gross = self.numbers, pl.col("slot"), pl.col("gross")
        limit = pl.lit(numbers.deductible, pl.Int64)
        visits = visits.with_columns(
            year=pl.col("day").dt.year(),
            general=pl.when(slot == 0).then("in_scope").otherwise(0),
            share=self._by(np.array(numbers.shares)),
            ceiling=self._by(np.array(numbers.ceilings)),
        )
        visits = visits.with_columns(so_far=self._so_far("general", YEAR))
        before = pl.col("so_far") - pl.col("general")
        visits = visits.with_columns(
            deductible=pl.when(slot == 0)
            .then(pl.min_horizontal("so_far", limit) - pl.min_horizontal(before, limit))
            .otherwise(0)
        )
        visits = visits.with_columns(
            gross=((pl.col("in_scope") - pl.col("deductible")) * pl.col("share") + PPM // 2) // PPM
        )
        visits = visits.with_columns(sum=gross.cum_sum().over(SLOT))
        fund = pl.min_horizontal("sum", "ceiling") - pl.min_horizontal(pl.col("sum") - gross, "ceiling")
        return visits.select("deductible", fund=fund, flags=(gross > fund).cast(pl.UInt8))

    @staticmethod
    def _so_far(column: str, within: list[str]) -> pl.Expr:
        """The visits are sorted: a sum over all of them, less what it was where the person's year begins."""
        new = pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in within).fill_null(True)
        total = pl.col(column).cum_sum()
        return total - pl.when(new).then(total - pl.col(column)).otherwise(None).forward_fill()

    @staticmethod
    def _by(table: Array) -> pl.Expr:
        """A table's entry by standing, slot and, where it has a third axis, level: gathered by one number."""
        names = ("standing", "slot", "level")[: table.ndim]
        place = pl.lit(0, pl.Int64)
        for name, size in zip(names, table.shape, strict=True):
            place = place * size + pl.col(name)
        return pl.lit(pl.Series(table.ravel())).gather(place)

    def outputs(self) -> dict[str, Array]:
        return {name: self.paid[name].to_numpy() for name in self.paid.columns}
