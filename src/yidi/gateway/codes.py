"""The interface's codes for the words of the trade, and what this centre does not take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from yidi.accounts.real_name import same_name
from yidi.benefit.adjudicate import Decision
from yidi.catalogue.terms import Category
from yidi.clearing.states import Outcome
from yidi.gateway.errors import CertificateMismatch, DiseaseNeeded, NotSupported, VisitMismatch
from yidi.people import queries as people
from yidi.people.models import Coverage, Person
from yidi.providers.models import Provider
from yidi.reference import dictionaries, regions
from yidi.settlement.models import Visit
from yidi.values.identity import age_on
from yidi.values.terms import Benefit, CatalogueClass, Fund, Level, Scheme, Standing, Trait

SCHEMES = {Scheme.EMPLOYEE: "310", Scheme.RESIDENT: "390"}
STANDINGS = {
    Standing.ACTIVE: "11",
    Standing.RETIRED: "12",
    Standing.MINOR: "14",
    Standing.ADULT: "15",
    Standing.SENIOR: "16",
}
CLASSES = {CatalogueClass.A: "01", CatalogueClass.B: "02", CatalogueClass.C: "03"}
CATEGORIES = {category: f"{rank:02d}" for rank, category in enumerate(Category, start=1)}
LIST_TYPES = {
    Category.WESTERN_DRUG: "101",
    Category.PATENT_DRUG: "101",
    Category.HERBAL_SLICE: "102",
    Category.MATERIAL: "301",
}
SERVICES = "201"
LEVELS = {
    Level.VILLAGE: "1",
    Level.TOWNSHIP: "1",
    Level.PRIMARY: "1",
    Level.SECONDARY: "2",
    Level.TERTIARY: "3",
    Level.PROVINCIAL: "3",
    Level.PHARMACY: "9",
}
"""The level that price limits and deductibles go by, which no source confirms."""
POOLED_FUND = {Scheme.EMPLOYEE: "310100", Scheme.RESIDENT: "390100"}
ACCOUNT_FUND = "310200"
LAYER_FUNDS = {
    Fund.LARGE_SUM: ("330100", "hifob_pay"),
    Fund.SERIOUS_ILLNESS: ("390200", "hifmi_pay"),
    Fund.CIVIL_SERVANT: ("320100", "cvlserv_pay"),
    Fund.MEDICAL_AID: ("610100", "maf_pay"),
}
"""The code and the column of each fund above the basic one."""

IDENTITIES = {
    Trait.HARDSHIP: "Y01",
    Trait.CIVIL_SERVANT: "Y02",
    Trait.STUDENT: "Y03",
    Trait.FAMILY_DOCTOR: "Y04",
}
"""`psn_idet_type` of what is on record of a person: codes of this centre, for no source gives the national ones."""
OWN_IDENTITIES = "全国代码未见；此处用本中心自定的 Y01–Y04，含义见 memo"

OUTPATIENT_CLEARING = "11"
OUTCOMES = {
    Outcome.EQUAL: ("000000", "0"),
    Outcome.CENTRE_MORE: ("000101", "1"),
    Outcome.PROVIDER_MORE: ("000102", "2"),
    Outcome.DIFFERENT: ("000103", "3"),
}
"""`stmt_rslt` in the newer and in the older version."""

IDENTITY_CARD = "02"
"""As `mdtrt_cert_type`; as `psn_cert_type` it is 01."""
IDENTITY_DOCUMENT = "01"
BY_ITEM = "01"
INSURED = "1"
NO, YES = "0", "1"
FUND_CHECK = "01"
DECLARED_BY_INSTITUTION = "01"
DESIGNATION = "03"
"""As `biz_appy_type`: the providers for a person's care."""
SCOPES = {
    str(Benefit.GENERAL_OUTPATIENT): "PT",
    str(Benefit.CHRONIC_DISEASE): "MT",
    str(Benefit.INPATIENT): "ZY",
    str(Benefit.TWO_DISEASES): "LB",
    str(Benefit.DUAL_CHANNEL): "ST",
    str(Fund.LARGE_SUM): "DE",
    str(Fund.SERIOUS_ILLNESS): "DB",
    str(Fund.CIVIL_SERVANT): "GW",
    str(Fund.MEDICAL_AID): "JZ",
}
MEASURES = {"deductible": "QF", "fund": "JJ", "cost": "FY", "stays": "CS"}
STACKED = {"stacked": "DJ"}
"""`cum_type_code`, of this centre's own making from the initials of the Chinese words: no source has the national ones."""
APPROVALS = {"0": None, "1": True, "2": False}
"""`hosp_appr_flag`: nobody was asked, approved, not approved."""

OF_PERSON = "跨省客户端附带；姓名、证件号与登记不符时拒绝，其余不使用"
"""What is done with what a message repeats of the person."""

GENERAL, EMERGENCY, CHRONIC = "11", "13", "14"


@dataclass(frozen=True, slots=True)
class Care:
    """What a visit is for."""

    benefit: Benefit
    disease: str = ""
    emergency: bool = False


def scheme_of(insutype: str) -> Scheme:
    """The scheme of a code. Raises NotSupported."""
    for scheme, known in SCHEMES.items():
        if known == insutype:
            return scheme
    raise _unsupported(
        "insutype", insutype, "只结算职工医保与居民医保", "使用 310（职工）或 390（居民）", "310, 390"
    )


def benefit_of(med_type: str) -> Benefit:
    """The benefit of a medical type. Raises NotSupported."""
    if med_type == CHRONIC:
        return Benefit.CHRONIC_DISEASE
    if med_type in (GENERAL, EMERGENCY):
        return Benefit.GENERAL_OUTPATIENT
    remedy = "使用 11（普通门诊）、13（急诊）或 14（门诊慢特病）"
    raise _unsupported("med_type", med_type, "只结算门诊与门诊慢特病", remedy, "11, 13, 14")


def care_of(med_type: str, disease: str) -> Care:
    """What a visit of a medical type is for. Raises NotSupported, DiseaseNeeded."""
    benefit = benefit_of(med_type)
    if benefit is Benefit.GENERAL_OUTPATIENT:
        return Care(benefit, emergency=med_type == EMERGENCY)
    if not disease:
        raise DiseaseNeeded()
    return Care(benefit, disease)


def med_type_of(visit: Visit) -> str:
    """The medical type of a visit."""
    if visit.benefit == Benefit.CHRONIC_DISEASE:
        return CHRONIC
    return EMERGENCY if visit.emergency else GENERAL


def check_visit(visit: Visit, field: str, what: str, known: str, given: str) -> None:
    """Raises VisitMismatch where a message says another thing of a visit than is known of it."""
    if given != known:
        raise VisitMismatch(visit=visit.number, field=field, what=what, known=known, given=given)


def check_payment_way(psn_setlway: str, mid_setl_flag: str = "") -> None:
    """Raises NotSupported for a way of settling other than by item, and for settling a visit in parts."""
    if mid_setl_flag not in ("", NO):
        why, remedy = "门诊一次就诊结算一次，没有中途结算", "改为 0，费用齐后一次结算"
        raise NotSupported(
            field="mid_setl_flag", what="中途结算标志", given=mid_setl_flag, why=why, remedy=remedy, takes="0"
        )
    if psn_setlway != BY_ITEM:
        raise _unsupported("psn_setlway", psn_setlway, "门诊只按项目结算", "使用 01（按项目结算）", "01")


def check_designation_kind(biz_appy_type: str) -> None:
    """Raises NotSupported for any other matter than the providers for a person's care."""
    if biz_appy_type != DESIGNATION:
        why, remedy = (
            "这里只登记就医定点",
            "使用 03（就医定点医疗机构登记）；慢特病用 2503、5301，转院用 2501、5304",
        )
        raise _unsupported("biz_appy_type", biz_appy_type, why, remedy, "03")


def check_certificate_type(kind: str) -> None:
    """Raises NotSupported for a certificate that cannot be verified here.

    An e-voucher token and a social security card are proved by the national centre's own systems, which a centre that
    stands alone cannot ask.
    """
    if kind != IDENTITY_CARD:
        why = "电子凭证令牌与社会保障卡须由国家平台核验，本中心没有接入核验服务"
        remedy = "改用 02（居民身份证），凭证编号填写身份证号"
        raise _unsupported("mdtrt_cert_type", kind, why, remedy, "02")


def check_certificate(person: Person, kind: str, number: str) -> None:
    """Raises NotSupported, or CertificateMismatch where the number is not the person's; an empty one is not compared."""
    check_certificate_type(kind)
    if number and number.upper() != person.identity:
        raise CertificateMismatch(what="就诊凭证编号 mdtrt_cert_no", field="mdtrt_cert_no")


_SAID: Mapping[str, tuple[str, Callable[[Person, Any], bool]]] = {
    "psn_no": ("人员编号", lambda person, given: given == person.number),
    "certno": ("证件号码", lambda person, given: given.upper() == person.identity),
    "psn_name": ("人员姓名", lambda person, given: same_name(given, person.name)),
    "gend": ("性别", lambda person, given: given == sex_of(person)),
    "brdy": ("出生日期", lambda person, given: given == person.born),
}
"""The fields that say who a person is, and whether what they say is true."""


def check_said(person: Person, said: object) -> None:
    """Raises CertificateMismatch where what a message says of who a person is, is not what is on record.

    `said` is a node; what it has no field for, or leaves out, is not compared, nor the number of another document.
    """
    other_document = getattr(said, "psn_cert_type", "") not in ("", IDENTITY_DOCUMENT)
    for field, (label, is_theirs) in _SAID.items():
        given = getattr(said, field, None)
        if given and not (field == "certno" and other_document) and not is_theirs(person, given):
            raise CertificateMismatch(what=f"{label} {field}", field=field)


def check_clearing_class(clr_type: str) -> None:
    """Raises NotSupported for a class of clearing of which this centre has no settlements."""
    if clr_type != OUTPATIENT_CLEARING:
        raise _unsupported("clr_type", clr_type, "只有门诊结算", "使用 11（门诊）", OUTPATIENT_CLEARING)


def sex_of(person: Person) -> str:
    """GB/T 2261.1."""
    return "1" if person.is_male else "2"


def _unsupported(field: str, given: str, why: str, remedy: str, takes: str) -> NotSupported:
    return NotSupported(
        field=field, what=dictionaries.title(field), given=given, why=why, remedy=remedy, takes=takes
    )


def person_columns(person: Person, on: date) -> dict[str, Any]:
    """Who a person is, in the words of every reply that says so; the age is that of a day."""
    return {
        "psn_no": person.number,
        "psn_cert_type": IDENTITY_DOCUMENT,
        "certno": person.identity,
        "psn_name": person.name,
        "gend": sex_of(person),
        "naty": person.ethnicity,
        "brdy": person.born,
        "age": age_on(person.born, on),
    }


def place_of_payment(home: str, care: str) -> str:
    """`pay_loc`: at a hospital of the home pool, elsewhere in the province, in another province."""
    if regions.pool_of(home) == regions.pool_of(care):
        return "2"
    return "3" if regions.same_province(home, care) else "4"


def hospital_grade(provider: Provider) -> str | None:
    """The code of the provider's grade; None where the register has none, or one that the dictionary has not."""
    grades = {label: key for key, label in dictionaries.dictionary("hosp_lv").items()}
    return grades.get(provider.grade)


def list_type_of(category: Category) -> str:
    """Which of the national lists a charge of that category stands on."""
    return LIST_TYPES.get(category, SERVICES)


def civil_servant_flag(coverage: Coverage) -> str:
    """Whether the civil-servant supplement is on record for the person."""
    on_record, _ = people.traits_of(coverage)
    return YES if Trait.CIVIL_SERVANT in on_record else NO


def start_of(day: date) -> datetime:
    """The first moment of a day in China."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The last second of a day in China."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def layer_fund(fund: Fund, scheme: Scheme) -> tuple[str, str]:
    """The code and the column of a fund above the basic one; serious illness of employees is their large-sum fund."""
    of_employees = fund == Fund.SERIOUS_ILLNESS and scheme == Scheme.EMPLOYEE
    return LAYER_FUNDS[Fund.LARGE_SUM if of_employees else fund]


def fund_columns(decision: Decision) -> dict[str, int]:
    """What each fund pays, in fen, by its column of a settlement."""
    columns = {"hifp_pay": decision.fund}
    for paid in decision.layers:
        _, column = layer_fund(paid.layer.fund, decision.rule.scheme)
        columns[column] = columns.get(column, 0) + paid.fund
    return columns
