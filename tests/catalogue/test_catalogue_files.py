"""What every row of the shipped catalogues owes its sources."""

import csv
from decimal import Decimal

import pytest

from yidi.catalogue.services import COLUMNS, shipped_catalogues
from yidi.resources import data_path

REGIONS = ["310000", "360000"]


def read(*parts: str) -> list[dict[str, str]]:
    with data_path("reference", *parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped(region: str) -> list[dict[str, str]]:
    return read("catalogues", shipped_catalogues()[region].name)


@pytest.mark.parametrize("region", REGIONS)
def test_the_drugs_are_those_of_the_register(region: str) -> None:
    rows = {row["code"]: row for row in shipped(region)}
    assert tuple(next(iter(rows.values()))) == COLUMNS
    for product in read("drug_products_chronic.csv"):
        row = rows.get(product["code"])
        if product["class_derived"]:
            assert row is not None
            assert (row["class"], row["class_source"]) == (product["class_derived"], "national-2025-derived")
        if row is not None:
            assert row["name"] == product["name"]
            assert row["chronic_groups"] == product["chronic_groups"]
            assert Decimal(row["list_price"]) == Decimal(product["price_yuan"])


@pytest.mark.parametrize("region", REGIONS)
def test_services_and_consumables_have_real_codes_and_names(region: str) -> None:
    names = {item["national_code"]: item["name"] for item in read("service_items_national.csv")}
    names |= {item["code"]: item["name"] for item in read("consumables.csv")}
    others = [row for row in shipped(region) if row["kind"] != "drug"]
    assert {row["kind"] for row in others} == {"service", "consumable"}
    for row in others:
        assert row["name"] == names[row["code"]]
        assert (row["class_source"], row["chronic_groups"]) == ("demo", "any")


@pytest.mark.parametrize(("region", "class_b_drugs"), [("310000", "demo"), ("360000", "E-03/JX-103")])
def test_upfront_shares_name_their_source(region: str, class_b_drugs: str) -> None:
    for row in shipped(region):
        class_b = class_b_drugs if row["kind"] == "drug" else "demo"
        expected = {"A": ("0%", "G-14"), "B": ("10%", class_b), "C": ("100%", "G-14")}[row["class"]]
        assert (row["upfront"], row["upfront_source"]) == expected


@pytest.mark.parametrize("region", REGIONS)
def test_price_limits_are_made_up_and_below_the_list_price(region: str) -> None:
    limited = [row for row in shipped(region) if row["price_limit"] != "none"]
    assert {row["price_limit_source"] for row in shipped(region)} == {"demo"}
    assert any("hypertension" in row["chronic_groups"].split("|") for row in limited)
    assert all(Decimal(row["price_limit"]) < Decimal(row["list_price"]) for row in limited)
