"""The world of the gateway's tests: one filed person, one hospital in Shanghai, and a catalogue of a few rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from yidi.catalogue.models import CatalogueItem
from yidi.filing.models import Filing
from yidi.gateway.models import Institution, Key, Nonce, Rate
from yidi.people.models import Coverage, Person
from yidi.people.services import register_coverage, register_person
from yidi.providers.models import Provider, ProviderService
from yidi.qualification.models import Qualification
from yidi.values.identity import check_digit
from yidi.values.terms import Scheme, Standing

HOSPITAL, OTHER_HOSPITAL = "H31010699991", "H31010699992"
PAASID, SECRET = "shanghai-01", "demo-secret"
HOME, CARE = "360100", "310000"
DISEASE = "M03900"

A, A_LIMITED, B, B_LIMITED, C = (
    "XC08CAA187A001",
    "XC08CAX066A011",
    "XC09CAE003A001",
    "XC08CAB037A001",
    "XC08CAM148A001",
)
OTHER_DISEASE, RESTRICTED, UNLISTED = "XJ01CAA040E001", "XC10AAX001A001", "XZ99ZZZ999Z999"
SERVICE, CONSUMABLE = "001102000010000", "C14161000400000116"


def identity(number: int) -> str:
    """A synthetic identity number with a valid check digit."""
    body = f"36010219550101{number:03d}"
    return body + check_digit(body)


@dataclass(frozen=True)
class World:
    person: Person
    coverage: Coverage
    provider: Provider
    institution: Institution

    @property
    def certificate(self) -> str:
        return self.person.identity


def build() -> World:
    """A retired employee of Nanchang, qualified for hypertension and filed for Shanghai, and a hospital there."""
    provider = hospital(HOSPITAL, "上海示例医院（合成）")
    open_service(provider, "general-outpatient")
    open_service(provider, "chronic-disease", DISEASE)
    institution = connect(provider)
    catalogue()
    person = register_person("36010000000000000001", "赵一（合成）", identity(1), synthetic=True)
    coverage = insure(person)
    Qualification.objects.create(
        coverage=coverage, disease=DISEASE, state="approved", starts=date(2025, 1, 1)
    )
    file_for(coverage)
    return World(person, coverage, provider, institution)


def hospital(code: str, name: str, **changes: Any) -> Provider:
    return Provider.objects.create(
        **{"register_key": code, "code": code, "name": name, "region": "310106", "level": "tertiary",
           "source": "demo", "synthetic": True, **changes}
    )  # fmt: skip


def open_service(provider: Provider, benefit: str, disease: str = "") -> None:
    ProviderService.objects.create(provider=provider, benefit=benefit, disease=disease, source="demo")


def connect(provider: Provider, signed: bool = False, paasid: str = PAASID) -> Institution:
    institution = Institution.objects.create(provider=provider, scheme="x-tif" if signed else "none")
    Key.objects.create(
        institution=institution, kind="x-tif", account=paasid, secret=SECRET, starts=timezone.now()
    )
    return institution


def insure(
    person: Person, standing: Standing = Standing.RETIRED, scheme: Scheme = Scheme.EMPLOYEE
) -> Coverage:
    return register_coverage(
        person, HOME, scheme, standing, date(2020, 1, 1), account_balance=123456, employer="示例单位"
    )


def file_for(coverage: Coverage, region: str = CARE, **changes: Any) -> Filing:
    return Filing.objects.create(
        **{"coverage": coverage, "kind": "long-term-resident", "care_region": region, "starts": date(2025, 1, 1), "filed_on": date(2025, 1, 1),
           "state": "active", **changes}
    )  # fmt: skip


def catalogue() -> None:
    """Class A, B and C, with and without a price limit, one drug of another disease, one restricted, one of each kind."""
    drug = {"kind": "drug", "category": "western-drug", "chronic_groups": "hypertension"}
    rows = [
        item(A, "甲药", "A", 0, **drug),
        item(A_LIMITED, "限价甲药", "A", 0, price_limit_micro=18_500_000, **drug),
        item(B, "乙药", "B", 100_000, **drug),
        item(B_LIMITED, "限价乙药", "B", 100_000, price_limit_micro=30_000_000, **drug),
        item(C, "丙药", "C", 1_000_000, **drug),
        item(OTHER_DISEASE, "他病药", "A", 0, **{**drug, "chronic_groups": "diabetes"}),
        item(RESTRICTED, "限制药", "B", 100_000, restricted=True, **drug),
        item(SERVICE, "门诊诊察费", "A", 0, kind="service", category="consultation", chronic_groups="any"),
        item(
            CONSUMABLE,
            "一次性耗材",
            "B",
            100_000,
            kind="consumable",
            category="material",
            chronic_groups="any",
        ),
    ]
    CatalogueItem.objects.bulk_create(rows)


def item(code: str, name: str, klass: str, upfront_ppm: int, **more: Any) -> CatalogueItem:
    sources = dict.fromkeys(("class_source", "upfront_source", "price_limit_source"), "demo")
    dates = {"region": CARE, "valid_from": date(2025, 1, 1), "demo": True}
    return CatalogueItem(
        code=code, name=name, klass=klass, upfront_ppm=upfront_ppm, **dates, **sources, **more
    )


def moment(minutes: int = 0) -> str:
    """A moment so many minutes ago, as the interface writes it."""
    at: datetime = timezone.localtime() - timedelta(minutes=minutes)
    return f"{at:%Y-%m-%d %H:%M:%S}"


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours; spent nonces and counted messages apart, which a refusal leaves behind on purpose."""
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("yidi.") and model not in (Nonce, Rate)
    ]
    return {model._meta.label: sorted(model.objects.values_list(), key=str) for model in models}  # type: ignore[attr-defined]
