"""DuckDB by window functions, under the same conditions as Polars."""

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.batch.field import PPM, Array, Field

COLUMNS = ("person", "day", "standing", "level", "slot", "in_scope")
QUERY = """
CREATE OR REPLACE TABLE paid AS
WITH known AS (
    SELECT visits.*, year(day) AS year, share, ceiling, CASE WHEN slot = 0 THEN in_scope ELSE 0 END AS general
    FROM visits JOIN rule USING (standing, slot, level)),
summed AS (
    SELECT *, sum(general) OVER (PARTITION BY person, year ORDER BY place ROWS UNBOUNDED PRECEDING)::BIGINT AS so_far
    FROM known),
deducted AS (
    SELECT *, CASE WHEN slot = 0 THEN least(so_far, $deductible) - least(so_far - general, $deductible) ELSE 0 END
        AS deductible
    FROM summed),
shared AS (SELECT *, ((in_scope - deductible) * share + $ppm // 2) // $ppm AS gross FROM deducted),
together AS (
    SELECT *, sum(gross) OVER (PARTITION BY person, year, slot ORDER BY place ROWS UNBOUNDED PRECEDING)::BIGINT AS sum
    FROM shared)
SELECT place, deductible, least(sum, ceiling) - least(sum - gross, ceiling) AS fund,
    (gross > least(sum, ceiling) - least(sum - gross, ceiling))::UTINYINT AS flags
FROM together
"""


class Windows:
    def __init__(self, field: Field) -> None:
        columns = field.columns(*COLUMNS)
        self.connection = duckdb.connect(config={"preserve_insertion_order": False})
        visits = pa.table(columns | {"place": np.arange(len(columns["person"]))})
        days = visits["day"].cast(pa.date32())
        self._keep("visits", visits.set_column(visits.schema.get_field_index("day"), "day", days))
        numbers = field.numbers
        self.deductible = numbers.deductible
        rows = [
            (standing, slot, level, share, numbers.ceilings[standing][slot])
            for standing, slots in enumerate(numbers.shares)
            for slot, levels in enumerate(slots)
            for level, share in enumerate(levels)
        ]
        names = ("standing", "slot", "level", "share", "ceiling")
        self._keep("rule", pa.table(dict(zip(names, np.array(rows).T, strict=True))))

    def _keep(self, name: str, table: pa.Table) -> None:
        self.connection.register("given", table)
        self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
        self.connection.unregister("given")

    def run(self, threads: int) -> None:
        self.connection.execute(f"SET threads = {threads}")
        self.connection.execute(QUERY, {"deductible": self.deductible, "ppm": PPM})

    def outputs(self) -> dict[str, Array]:
        found = self.connection.execute("SELECT deductible, fund, flags FROM paid ORDER BY place")
        return dict(found.fetchnumpy())
