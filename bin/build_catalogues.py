#!/usr/bin/env python3
"""Builds the catalogues of the two regions from the registers and the hand tables below.

    bin/build_catalogues.py            writes reference/catalogues/<region>-<name>.csv
    bin/build_catalogues.py --check    exit status 1 if the files there are not what would be written

Every value of a row names its source; `demo` means that no source gives it. reference/README.md explains
the rest.
"""

import csv
import io
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "reference"

COLUMNS = (
    "code",
    "name",
    "kind",
    "category",
    "dosage_form",
    "spec",
    "unit",
    "class",
    "class_source",
    "upfront",
    "upfront_source",
    "price_limit",
    "price_limit_source",
    "chronic_groups",
    "restricted",
    "list_price",
    "list_price_source",
)

DEMO = "demo"
NATIONAL_CLASS = "national-2025-derived"
HAINAN_PRICE = "hainan-listing-2024"
RULE_OF_CLASSES = "G-14"

REGIONS = {"310000": "310000-shanghai.csv", "360000": "360000-jiangxi.csv"}

UPFRONT_OF_CLASS_B_DRUGS = {"310000": ("10%", DEMO), "360000": ("10%", "E-03/JX-103")}
UPFRONT_OF_CLASS_B_OTHERS = ("10%", DEMO)

PRICE_LIMITS = {
    "310000": {"XC08CAX066A011030378269": "18.50", "XC08CAB037A001010100617": "30.00"},
    "360000": {"XC08CAX066A011030378269": "20.00", "XC09CAE003A001020178814": "20.00"},
}
"""Yuan per unit. No source gives a limit; these lie below the list price so that a bill shows one at work."""

SELF_PAID_DRUGS = ("XA05BAC044X001010202553", "XC02AAL268A001010205092", "XC08CAM148A001020107315")
"""Products of the chronic-disease list that match no catalogue entry, shown as class C."""

UNITS = ("小盒", "盒", "瓶", "支", "袋", "板", "杯")
"""Packs that are sold and priced as one; any other word after the last slash is a slip of the source."""

SERVICES = (
    # code, category, unit, class, price in yuan: all but the code are made up for the demo
    ("001101000010000", "registration", "次", "C", "1.00"),
    ("001102000010000", "consultation", "次", "A", "17.00"),
    ("001204000020100", "treatment", "次", "A", "5.00"),
    ("002203020030000", "examination", "每根血管", "B", "55.00"),
    ("002501010150000", "laboratory", "次", "A", "15.00"),
    ("002501020010000", "laboratory", "次", "A", "4.00"),
    ("002503020010000", "laboratory", "次", "A", "5.00"),
    ("002503030010000", "laboratory", "项", "A", "5.00"),
    ("002503030020000", "laboratory", "项", "A", "5.00"),
    ("002503030050000", "laboratory", "项", "B", "10.00"),
    ("002503050070000", "laboratory", "项", "A", "5.00"),
    ("002503070020000", "laboratory", "次", "A", "5.00"),
    ("003107010010000", "examination", "次", "A", "20.00"),
    ("003107010210000", "examination", "小时", "B", "6.00"),
)

CONSUMABLES = (
    # code, class: made up for the demo; the price is Hainan's
    ("C02022200300001047440000021", "B"),
    ("C02070100400000089050000044", "B"),
    ("C02070600300000084380000052", "B"),
    ("C11010817600002084550000020", "C"),
    ("C14161000400000116100000003", "B"),
)


def read(*parts: str) -> list[dict[str, str]]:
    """The rows of one file of the registers."""
    with REFERENCE.joinpath(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def money(text: str) -> str:
    """A price with two decimals, unchanged in value."""
    price = Decimal(text)
    if price != round(price, 2):
        raise ValueError(f"price with more than two decimals: {text}")
    return f"{price:.2f}"


def is_injection(text: str) -> bool:
    """Whether a dosage form or product name speaks of an injection."""
    return any(word in text for word in ("注射", "冻干", "粉针"))


def entries_by_category() -> dict[str, list[dict[str, str]]]:
    """The national catalogue's entries by the code that the products under them begin with."""
    entries: dict[str, list[dict[str, str]]] = {}
    for entry in read("drug_catalogue_2025.csv"):
        if entry["name"]:
            entries.setdefault(entry["category_code"], []).append(entry)
    return entries


def is_restricted(product: dict[str, str], entries: dict[str, list[dict[str, str]]]) -> bool:
    """Whether every catalogue entry that fits the product best states a condition for payment."""
    injection = is_injection(product["dosage_form"] + product["name"])
    fitting = [
        entry
        for length in range(1, len(product["code"]))
        for entry in entries.get(product["code"][:length], [])
        if entry["name"] in product["name"]
        and (not entry["dosage_form"] or is_injection(entry["dosage_form"]) == injection)
    ]
    longest = max((len(entry["name"]) for entry in fitting), default=0)
    best = [entry for entry in fitting if len(entry["name"]) == longest]
    return bool(best) and all(entry["restriction_2025"] or entry["restriction_2022"] for entry in best)


def chronic_drugs() -> Iterator[dict[str, str]]:
    """The products of the ten diseases with a class, and the few shown as self-paid."""
    entries = entries_by_category()
    for product in read("drug_products_chronic.csv"):
        self_paid = product["code"] in SELF_PAID_DRUGS
        if not product["class_derived"] and not self_paid:
            continue
        unit = product["pack"].rpartition("/")[2]
        yield {
            "code": product["code"],
            "name": product["name"],
            "kind": "drug",
            "category": "western-drug" if product["code"].startswith("X") else "patent-drug",
            "dosage_form": product["dosage_form"],
            "spec": product["pack"] or product["spec"],
            "unit": unit if unit in UNITS else "",
            "class": "C" if self_paid else product["class_derived"],
            "class_source": DEMO if self_paid else NATIONAL_CLASS,
            "chronic_groups": product["chronic_groups"],
            "restricted": "1" if is_restricted(product, entries) else "0",
            "list_price": money(product["price_yuan"]),
            "list_price_source": HAINAN_PRICE,
        }


def services() -> Iterator[dict[str, str]]:
    """The service items of the hand table, named by the national list."""
    names = {item["national_code"]: item["name"] for item in read("service_items_national.csv")}
    for code, category, unit, klass, price in SERVICES:
        yield {
            "code": code,
            "name": names[code],
            "kind": "service",
            "category": category,
            "dosage_form": "",
            "spec": "",
            "unit": unit,
            "class": klass,
            "class_source": DEMO,
            "chronic_groups": "any",
            "restricted": "0",
            "list_price": price,
            "list_price_source": DEMO,
        }


def consumables() -> Iterator[dict[str, str]]:
    """The consumables of the hand table, named and priced by the register."""
    items = {item["code"]: item for item in read("consumables.csv")}
    for code, klass in CONSUMABLES:
        yield {
            "code": code,
            "name": items[code]["name"],
            "kind": "consumable",
            "category": "material",
            "dosage_form": "",
            "spec": items[code]["spec"],
            "unit": "件",
            "class": klass,
            "class_source": DEMO,
            "chronic_groups": "any",
            "restricted": "0",
            "list_price": money(items[code]["price_yuan"]),
            "list_price_source": HAINAN_PRICE,
        }


def upfront(region: str, item: dict[str, str]) -> tuple[str, str]:
    """The part paid upfront and its source."""
    if item["class"] == "A":
        return "0%", RULE_OF_CLASSES
    if item["class"] == "C":
        return "100%", RULE_OF_CLASSES
    return UPFRONT_OF_CLASS_B_DRUGS[region] if item["kind"] == "drug" else UPFRONT_OF_CLASS_B_OTHERS


def items() -> list[dict[str, str]]:
    """What both catalogues hold, without what differs between the regions: drugs, services, consumables."""
    listed = read("catalogues", "extra_items.csv")
    extra = [{column: row.get(column, "") for column in COLUMNS} for row in listed]
    drugs = sorted([*chronic_drugs(), *extra], key=lambda item: item["code"])
    return [*drugs, *services(), *consumables()]


def catalogue(region: str, rows: list[dict[str, str]]) -> str:
    """The text of one region's file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    codes: set[str] = set()
    for item in rows:
        if item["code"] in codes:
            raise ValueError(f"twice: {item['code']}")
        codes.add(item["code"])
        share, share_source = upfront(region, item)
        writer.writerow(
            item
            | {
                "upfront": share,
                "upfront_source": share_source,
                "price_limit": PRICE_LIMITS[region].get(item["code"], "none"),
                "price_limit_source": DEMO,
            }
        )
    if unused := PRICE_LIMITS[region].keys() - codes:
        raise ValueError(f"price limits of no item: {sorted(unused)}")
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Writes or checks both files; the exit status is 1 where a check fails."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    status, rows = 0, items()
    for region, name in REGIONS.items():
        path, text = REFERENCE / "catalogues" / name, catalogue(region, rows).encode()
        if not arguments:
            path.write_bytes(text)
        elif not path.exists() or path.read_bytes() != text:
            print(f"{path.name} differs from what bin/build_catalogues.py writes", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
