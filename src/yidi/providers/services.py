"""Loading the register of providers. A load is one transaction and may be repeated."""

from pathlib import Path

from django.db import transaction

from yidi.providers.models import Provider, ProviderService
from yidi.providers.terms import LEVEL_OF_GRADE, NAMES_OF_KIND
from yidi.reference.diseases import disease
from yidi.reference.regions import is_known
from yidi.reference.tables import DEMO, LoadCounts, Progress, Row, compare, read_rows, refuse_demo, write
from yidi.resources import data_path
from yidi.values.errors import Refusal
from yidi.values.terms import TRAITS_OF_PROVIDER, Benefit

CODE_LENGTH = 12
NO_TRAITS = "none"

PROVIDER_COLUMNS = (
    "name",
    "region_code",
    "level",
    "kind",
    "address",
    "local_code",
    "local_code_kind",
    "national_code",
    "sources",
)
PROVIDER_FIELDS = [
    "code",
    "name",
    "region",
    "level",
    "grade",
    "kind",
    "kind_text",
    "address",
    "traits",
    "source",
    "synthetic",
]
LONGEST = {
    field.name: field.max_length or 0
    for field in Provider._meta.concrete_fields
    if field.get_internal_type() == "CharField"
}
SERVICE_COLUMNS = ("national_code", "benefit", "disease", "source")
SERVICE_FIELDS = ["source"]


def load_providers(
    path: Path | None = None, *, allow_demo: bool = False, progress: Progress | None = None
) -> LoadCounts:
    """Loads a file of providers, by default the shipped register.

    Raises BadRow or BadHeader naming file and line, and DemoDataRefused for rows whose source is `demo`
    unless `allow_demo`. A refusal writes nothing.
    """
    rows = list(read_rows(path or data_path("reference", "providers.csv"), PROVIDER_COLUMNS))
    refuse_demo(rows, ["sources"], allow_demo)
    wanted: dict[str, Provider] = {}
    codes: set[str] = set()
    for row in rows:
        provider = _provider(row)
        if provider.register_key in wanted:
            raise row.refuse("name", f"“{provider.register_key}”重复")
        if provider.code in codes:
            raise row.refuse("national_code", f"机构编号“{provider.code}”重复")
        wanted[provider.register_key] = provider
        codes |= {provider.code} if provider.code else set()
    with transaction.atomic():
        found = {entry.register_key: entry for entry in Provider.objects.all()}
        return write(Provider.objects, compare(wanted, found, PROVIDER_FIELDS), PROVIDER_FIELDS, progress)


def load_demo_providers(*, allow_demo: bool, progress: Progress | None = None) -> LoadCounts:
    """Loads the invented providers of the demo. Raises DemoDataRefused unless `allow_demo`."""
    return load_providers(
        data_path("reference", "demo", "providers.csv"), allow_demo=allow_demo, progress=progress
    )


def load_provider_services(
    path: Path | None = None, *, allow_demo: bool = False, progress: Progress | None = None
) -> LoadCounts:
    """Loads what providers have opened, by default the demo's file: no public source says it.

    Raises like `load_providers`, and BadRow for a provider that is not registered.
    """
    rows = list(read_rows(path or data_path("reference", "demo", "provider_services.csv"), SERVICE_COLUMNS))
    refuse_demo(rows, ["source"], allow_demo)
    with transaction.atomic():
        providers = {entry.code: entry for entry in Provider.objects.filter(code__isnull=False)}
        wanted: dict[tuple[int, str, str], ProviderService] = {}
        for row in rows:
            service = _service(row, providers)
            if _service_key(service) in wanted:
                raise row.refuse("national_code", "同一机构的同一项服务重复")
            wanted[_service_key(service)] = service
        found = {_service_key(entry): entry for entry in ProviderService.objects.all()}
        changes = compare(wanted, found, SERVICE_FIELDS)
        return write(ProviderService.objects, changes, SERVICE_FIELDS, progress)


def _provider(row: Row) -> Provider:
    region = row.required("region_code", LONGEST["region"])
    if not is_known(region):
        raise row.refuse("region_code", f"“{region}”不是已知的区划代码")
    grade = row.text("level", LONGEST["grade"])
    if grade and grade[:2] not in LEVEL_OF_GRADE:
        raise row.refuse("level", f"“{grade}”不是已知的机构等级")
    code = row["national_code"]
    if code and len(code) != CODE_LENGTH:
        raise row.refuse("national_code", f"“{code}”不是 {CODE_LENGTH} 位")
    local = row["local_code"]
    return Provider(
        register_key=f"{row['local_code_kind']}:{local}" if local else f"{region}:{row['name']}",
        code=code or None,
        name=row.required("name", LONGEST["name"]),
        region=region,
        level=LEVEL_OF_GRADE[grade[:2]].value if grade else "",
        grade=grade,
        kind=_kind(row),
        kind_text=row.text("kind", LONGEST["kind_text"]),
        address=row.text("address", LONGEST["address"]),
        traits=_traits(row),
        source=row.required("sources", LONGEST["source"]),
        synthetic=row["sources"] == DEMO,
    )


def _kind(row: Row) -> str:
    """The kind that the name or the source's own word gives away, else empty: it is not guessed."""
    for text in (row["name"], row["kind"]):
        for kind, parts in NAMES_OF_KIND:
            if any(part in text for part in parts):
                return str(kind.value)
    return ""


def _traits(row: Row) -> list[str] | None:
    """What the optional column `traits` says: words with `;` between, `none`, or nothing where nobody knows."""
    said = row.values.get("traits", "")
    if said in ("", NO_TRAITS):
        return [] if said else None
    words = [word.strip() for word in said.split(";")]
    unknown = sorted(set(words) - {str(trait) for trait in TRAITS_OF_PROVIDER})
    if unknown:
        known = "、".join(sorted(TRAITS_OF_PROVIDER))
        raise row.refuse("traits", f"“{'、'.join(unknown)}”不在 {known} 之中；一项也没有请写 {NO_TRAITS}")
    return sorted(set(words))


def _service(row: Row, providers: dict[str | None, Provider]) -> ProviderService:
    provider = providers.get(row.required("national_code", CODE_LENGTH))
    if provider is None:
        raise row.refuse("national_code", f"机构“{row['national_code']}”尚未登记，请先装载机构")
    benefit = row.one_of("benefit", frozenset(word.value for word in Benefit))
    if (benefit == Benefit.CHRONIC_DISEASE.value) != bool(row["disease"]):
        raise row.refuse("disease", "门诊慢特病必须写病种，其他待遇不得写病种")
    if row["disease"]:
        try:
            disease(row["disease"])
        except Refusal as wrong:
            raise row.refuse("disease", wrong.message) from wrong
    return ProviderService(
        provider=provider,
        benefit=benefit,
        disease=row["disease"],
        source=row.required("source", LONGEST["source"]),
    )


def _service_key(service: ProviderService) -> tuple[int, str, str]:
    return (service.provider_id, service.benefit, service.disease)
