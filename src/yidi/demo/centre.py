"""A centre to throw away, for a hospital's scripted day: `python -m yidi.demo.centre PEOPLE`, against DATABASE_URL.

Prints, as JSON, the hospital's configuration (without the address) and its cast: whom it treats, for what, with what.
"""

import json
import os
import secrets
import sys
from datetime import date
from typing import Any

CODE = "H31010699990"
HOME, CARE = "360100", "310106"
DISEASE = {"code": "M03900", "name": "高血压", "diagnosis": "I10.x00x002", "diagnosis_name": "高血压病"}
ITEMS = (
    # code, name, class, upfront in ppm, price in yuan
    ("XC08CAA187A001010100001", "甲类药（合成）", "A", 0, "24.01"),
    ("XC09CAE003A001010100002", "乙类药（合成）", "B", 100_000, "35.50"),
    ("XC08CAM148A001010100003", "丙类药（合成）", "C", 1_000_000, "88.80"),
    ("XA10BAE096A010010100004", "贵重药（合成）", "A", 0, "480.00"),
)


def build(people: int) -> dict[str, Any]:
    """Migrate an empty database, connect a hospital, and register people who are filed for Shanghai.

    Every second one is also qualified for hypertension.
    """
    from django.conf import settings
    from django.core.management import call_command

    from yidi.accounts.actors import SYSTEM
    from yidi.gateway.institutions import connect

    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    provider = _hospital()
    _catalogue()
    account, secret = "his-day", secrets.token_hex(16)
    connect(provider, SYSTEM, account, secret)
    return {
        "config": {
            "institution": {"code": CODE, "name": provider.name, "region": "310000"},
            "signature": {"scheme": "x-tif", "account": account, "secret": secret},
        },
        "cast": {
            "people": [_person(number, chronic=number % 2 == 1) for number in range(people)],
            "disease": DISEASE,
            "items": [{"code": code, "price": price} for code, _, _, _, price in ITEMS],
        },
    }


def _hospital() -> Any:
    from yidi.providers.models import Provider, ProviderService
    from yidi.values.terms import Benefit

    provider = Provider.objects.create(
        register_key="his-day", code=CODE, name="一日医院（合成）", region=CARE, level="tertiary", source="synthetic", synthetic=True
    )  # fmt: skip
    for benefit, disease in ((Benefit.GENERAL_OUTPATIENT, ""), (Benefit.CHRONIC_DISEASE, DISEASE["code"])):
        ProviderService.objects.create(
            provider=provider, benefit=str(benefit), disease=disease, source="synthetic"
        )
    return provider


def _catalogue() -> None:
    from yidi.catalogue.models import CatalogueItem

    for code, name, klass, upfront_ppm, _ in ITEMS:
        CatalogueItem.objects.create(
            region="310000", code=code, name=name, kind="drug", category="western-drug", klass=klass,
            upfront_ppm=upfront_ppm, chronic_groups="hypertension", valid_from=date(2025, 1, 1), class_source="demo",
            upfront_source="demo", price_limit_source="demo", demo=True,
        )  # fmt: skip


def _person(number: int, *, chronic: bool) -> dict[str, Any]:
    """A retired employee of Nanchang, filed for Shanghai."""
    from yidi.demo.world import file_for_shanghai, qualify
    from yidi.people.services import register_coverage, register_person
    from yidi.values.identity import check_digit
    from yidi.values.terms import Scheme, Standing

    body = f"36010219560620{number:03d}"
    identity = body + check_digit(body)
    person = register_person(f"3601{number:016d}", f"一日{number}（合成）", identity, synthetic=True)
    coverage = register_coverage(person, HOME, Scheme.EMPLOYEE, Standing.RETIRED, date(2020, 1, 1))
    if chronic:
        qualify(coverage)
    file_for_shanghai(coverage)
    return {"certno": identity, "chronic": chronic}


def main() -> None:
    """Build it, and print what a hospital needs."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
    django.setup()
    print(json.dumps(build(int(sys.argv[1])), ensure_ascii=False))


if __name__ == "__main__":
    main()
