"""Run in a process of its own, against the database of DATABASE_URL: build what the system tests need.

Prints the hospital's configuration as JSON.
"""

import json
import os
import sys
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yidi.site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.system.invented import CODE, ITEM, SECRET, identity  # noqa: E402
from yidi.accounts.actors import SYSTEM, Actor, ActorKind  # noqa: E402
from yidi.accounts.terms import Role  # noqa: E402
from yidi.catalogue.models import CatalogueItem  # noqa: E402
from yidi.consents.services import record_window_consent  # noqa: E402
from yidi.filing import services as filing  # noqa: E402
from yidi.gateway.institutions import connect  # noqa: E402
from yidi.people.models import Coverage  # noqa: E402
from yidi.people.services import register_coverage, register_person  # noqa: E402
from yidi.providers.models import Provider, ProviderService  # noqa: E402
from yidi.values.terms import Benefit, FilingKind, Material, Scheme, Standing  # noqa: E402


def person(number: int) -> Coverage:
    """A retired employee of Nanchang, filed for Shanghai."""
    registered = register_person(
        f"3601{number:016d}", f"系统测试{number}（合成）", identity(number), synthetic=True
    )
    coverage = register_coverage(registered, "360100", Scheme.EMPLOYEE, Standing.RETIRED, date(2020, 1, 1))
    materials = (Material.ID_CARD, Material.JIANGXI_FILING_FORM, Material.COMMITMENT)
    clerk = Actor(ActorKind.CLERK, "系统测试窗口", "360100", frozenset({Role.WINDOW}), registered.number)
    record_window_consent(registered, "身份证原件", clerk)
    filing.file(coverage, FilingKind.LONG_TERM_RESIDENT, "310000", date(2026, 1, 1), materials, clerk)
    return coverage


def build(people: int) -> dict[str, dict[str, str]]:
    """Migrate, and register a hospital, one catalogue item and `people` persons."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    provider = Provider.objects.create(
        register_key="system-test", code=CODE, name="系统测试医院（合成）", region="310106", level="tertiary",
        source="synthetic", synthetic=True,
    )  # fmt: skip
    ProviderService.objects.create(
        provider=provider, benefit=str(Benefit.GENERAL_OUTPATIENT), source="synthetic"
    )
    CatalogueItem.objects.create(
        region="310000", code=ITEM, name="盐酸二甲双胍缓释片(Ⅳ)", kind="drug", category="western-drug", klass="A",
        upfront_ppm=0, chronic_groups="diabetes", valid_from=date(2025, 1, 1), class_source="demo",
        upfront_source="demo", price_limit_source="demo", demo=True,
    )  # fmt: skip
    connect(provider, SYSTEM, "system-test", SECRET)
    for number in range(people):
        person(number)
    return {
        "institution": {"code": CODE, "name": provider.name, "region": "310000"},
        "signature": {"scheme": "x-tif", "account": "system-test", "secret": SECRET},
    }


if __name__ == "__main__":
    print(json.dumps(build(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
