"""Whether a care region counts what the personal account pays among what the funds pay, when it tells a settlement."""

from functools import lru_cache

from yidi.reference.tables import read_rows
from yidi.resources import data_path

COLUMNS = ("region_code", "account_inside", "source")


@lru_cache(maxsize=1)
def _regions() -> dict[str, bool]:
    rows = read_rows(data_path("reference", "fund_sums.csv"), COLUMNS)
    return {row["region_code"]: row.flag("account_inside") for row in rows}


def account_inside(region: str) -> bool:
    """By the row of the region, its city or its province; outside where the register has none of them."""
    wider = (region, f"{region[:4]}00", f"{region[:2]}0000")
    return next((_regions()[code] for code in wider if code in _regions()), False)
