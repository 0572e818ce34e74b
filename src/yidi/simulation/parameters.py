"""What the generator draws by: every parameter with its value, its unit and where it comes from.

A parameter is taken from the national statistics (reference/national_stats.csv) or worked out of several of them; its
source then is their web address. What no statistic gives is assumed, and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from yidi.reference.diseases import diseases
from yidi.reference.tables import read_rows
from yidi.resources import data_path
from yidi.values.terms import Level, Scheme, Situation, Standing, Term, Trait

ASSUMED = "assumed"
QUICK, ANNUAL, LONG, READING = "quick_report", "annual_bulletin", "long_series", "policy_reading_2024_08"
SHARE, YUAN = "share", "yuan"
UNITS = {
    "visits": "次",
    "visits per person": "次/人",
    "distribution": "分布",
    "weight per county": "权重/县",
    SHARE: "比例",
    YUAN: "元",
    "factor": "倍",
    "log": "对数",
    "years": "岁",
}
"""The units in Chinese."""
PLACES = Decimal("0.000001")
FEN = Decimal("0.01")
TEN_THOUSAND, HUNDRED_MILLION = Decimal(10_000), Decimal(100_000_000)
OF_SCHEME = {Scheme.EMPLOYEE: "职工", Scheme.RESIDENT: "居民"}
"""How the statistics name the schemes."""
SCALES = {"万人次": TEN_THOUSAND, "万人": TEN_THOUSAND, "亿人次": HUNDRED_MILLION, "亿元": HUNDRED_MILLION}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that the generator draws by."""

    name: str
    zh: str
    value: Decimal
    unit: str
    source: str
    """Web addresses of the statistics, or `assumed`."""
    note: str = ""
    """How the value comes from them, or what speaks for the assumption; in Chinese."""


def value_text(value: Decimal, unit: str) -> str:
    """A value with its unit, in Chinese; shares in percent.

    >>> value_text(Decimal("0.200000"), "share"), value_text(Decimal("1.5"), "factor")
    ('20%', '1.5 倍')
    """
    if unit == SHARE:
        return f"{(value * 100).normalize():f}%"
    return "见来源一栏" if unit == "distribution" else f"{value:,} {UNITS.get(unit, unit)}"


class Parameters:
    """All parameters of a year, by name; `a.b` belongs to the group `a`."""

    def __init__(self, rows: Iterator[Parameter]) -> None:
        self.rows = tuple(rows)
        self._values = {row.name: row.value for row in self.rows}

    def __getitem__(self, name: str) -> Decimal:
        return self._values[name]

    def group(self, name: str) -> dict[str, Decimal]:
        """The values of a group, by what stands behind the dot."""
        start = f"{name}."
        return {key.removeprefix(start): self[key] for key in self._values if key.startswith(start)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number, in units of one."""

    value: Decimal
    source: str
    year: int


@lru_cache(maxsize=1)
def _figures() -> dict[tuple[str, str], dict[int, Figure]]:
    columns = ("year", "series", "indicator", "value", "unit", "source_url")
    found: dict[tuple[str, str], dict[int, Figure]] = {}
    for row in read_rows(data_path("reference", "national_stats.csv"), columns):
        year, value = int(row["year"]), Decimal(row["value"]) * SCALES.get(row["unit"], Decimal(1))
        found.setdefault((row["series"], row["indicator"]), {})[year] = Figure(value, row["source_url"], year)
    return found


def figures(year: int, *wanted: tuple[str, str]) -> tuple[Figure, ...]:
    """Figures, by series and indicator, of one year for all: of that asked for, or else the last before, or the first.

    Numbers that are divided by one another must be of the same year.
    """
    series = [_figures()[name] for name in wanted]
    years = set.intersection(*(set(known) for known in series))
    chosen = max((known for known in years if known <= year), default=min(years))
    return tuple(known[chosen] for known in series)


def figure(series: str, indicator: str, year: int) -> Figure:
    """One figure, of the year that `figures` would take it from."""
    return figures(year, (series, indicator))[0]


def _sources(*figures: Figure) -> str:
    return _joined(*(item.source for item in figures))


def _joined(*sources: str) -> str:
    """Addresses, each once; one of `sources` may hold several."""
    return " ".join(dict.fromkeys(" ".join(sources).split()))


def parameters(year: int) -> Parameters:
    """The parameters by which visits of a year are drawn."""
    return Parameters(_all(year))


def _all(year: int) -> Iterator[Parameter]:
    yield from _size(year)
    yield from _people(year)
    yield from _visits(year)
    yield from _costs(year)
    yield from _assumed()


@dataclass(frozen=True, slots=True)
class Settled:
    """How many visits of a kind a year had elsewhere, by scheme."""

    count: dict[Scheme, Decimal]
    sources: str

    @property
    def total(self) -> Decimal:
        """Those of both schemes."""
        return sum(self.count.values(), Decimal(0))


def _hospital(year: int) -> Settled:
    """Outpatient visits to hospitals: all visits elsewhere less the stays, these in the same proportion."""
    stays, *both_schemes = figures(
        year,
        (QUICK, "住院费用跨省直接结算人次"),
        *((LONG, f"{zh}跨省异地就医人次") for zh in OF_SCHEME.values()),
    )
    elsewhere = dict(zip(OF_SCHEME, both_schemes, strict=True))
    both = sum(item.value for item in elsewhere.values())
    count = {scheme: item.value * (both - stays.value) / both for scheme, item in elsewhere.items()}
    return Settled(count, _sources(stays, *elsewhere.values()))


def _pharmacy(year: int) -> Settled:
    """Purchases in pharmacies: the visits settled that are left, between the schemes like all purchases."""
    everything = figure(QUICK, "门诊费用跨省直接结算人次", year)
    purchases = figures(year, *((ANNUAL, f"{zh}医保药店购药人次") for zh in OF_SCHEME.values()))
    bought = dict(zip(OF_SCHEME, purchases, strict=True))
    both = sum(item.value for item in bought.values())
    left = everything.value - _hospital(year).total
    count = {scheme: left * item.value / both for scheme, item in bought.items()}
    return Settled(count, _sources(everything, *bought.values()))


def _share(name: str, zh: str, value: Decimal, source: str, note: str = "") -> Parameter:
    return Parameter(name, zh, value.quantize(PLACES), SHARE, source, note)


def _size(year: int) -> Iterator[Parameter]:
    known = figure(QUICK, "门诊费用跨省直接结算人次", year)
    yield Parameter(
        "national.visits",
        "一年的跨省门诊直接结算人次",
        known.value.quantize(Decimal(1)),
        "visits",
        known.source,
        f"{known.year} 年，含普通门诊、门诊慢特病和药店购药；没有给出 --visits 时只供参照",
    )
    yield Parameter(
        "visits.mean",
        "每人每年就诊次数的平均值",
        Decimal(6),
        "visits per person",
        ASSUMED,
        "几何分布，至少一次；同时给出 --people 与 --visits 时改用两者之比",
    )
    yield Parameter("days", "就诊日期", Decimal(1), "distribution", ASSUMED, "全年各日均等")
    yield Parameter(
        "pools",
        "参保统筹区的人数",
        Decimal(1),
        "weight per county",
        ASSUMED,
        "按统筹区在区划表中的县级单位数分配，没有县级单位的按一个计；与险种、人员类别无关",
    )


def _people(year: int) -> Iterator[Parameter]:
    hospital, pharmacy = _hospital(year), _pharmacy(year)
    employee = hospital.count[Scheme.EMPLOYEE] + pharmacy.count[Scheme.EMPLOYEE]
    share = employee / (hospital.total + pharmacy.total)
    source = _joined(hospital.sources, pharmacy.sources)
    note = (
        "机构就诊为两制度跨省就医人次减去跨省住院直接结算人次，购药为跨省门诊直接结算人次减去机构就诊、"
        "按两制度全国购药人次分；每人次数与险种无关"
    )
    yield _share("scheme.employee", "职工医保参保人的比例", share, source, note)
    yield _share("scheme.resident", "居民医保参保人的比例", 1 - share, source, note)
    retired, insured = (
        figure(ANNUAL, "职工医保退休人员参保人数", year),
        figure(LONG, "职工医保参保人数", year),
    )
    share = retired.value / insured.value
    source, note = _sources(retired, insured), "全国参保人数之比，跨省就医者未另有统计"
    yield _share("employee.active", "职工医保参保人中在职的比例", 1 - share, source, note)
    yield _share("employee.retired", "职工医保参保人中退休的比例", share, source, note)
    aided, residents = figures(
        year, (ANNUAL, "医疗救助资助参保人数"), (ANNUAL, "城乡居民基本医疗保险参保人数")
    )
    yield _share(
        f"resident-trait.{Trait.HARDSHIP}",
        "居民医保参保人中困难群体的比例",
        aided.value / residents.value,
        _sources(aided, residents),
        "医疗救助资助参保人数与居民医保参保人数之比",
    )


def _visits(year: int) -> Iterator[Parameter]:
    hospital, pharmacy = _hospital(year), _pharmacy(year)
    for scheme in Scheme:
        bought = pharmacy.count[scheme]
        yield _share(
            f"pharmacy.{scheme}",
            f"{scheme.zh}就诊中药店购药的比例",
            bought / (bought + hospital.count[scheme]),
            _joined(hospital.sources, pharmacy.sources),
            "见 scheme.employee",
        )
    # The published number of chronic visits adds up from the first pilots to August 2024.
    chronic = figure(READING, "门诊慢特病跨省直接结算累计惠及人次", 2024)
    before, then = _hospital(2023), _hospital(2024)
    yield _share(
        "chronic.visits",
        "机构就诊中门诊慢特病的比例",
        chronic.value / (before.total + then.total * 8 / 12),
        _joined(chronic.source, before.sources, then.sources),
        "累计人次（至 2024 年 8 月）除以 2023 年全年与 2024 年前八个月的跨省机构就诊人次；累计数含此前试点，略偏高",
    )


def _costs(year: int) -> Iterator[Parameter]:
    for scheme, zh in OF_SCHEME.items():
        for kind, what in (("general", "普通门(急)诊"), ("chronic", "门诊慢特病")):
            cost, count = figures(year, (LONG, f"{zh}{what}医疗费"), (LONG, f"{zh}{what}就诊人次"))
            yield _mean_cost(f"cost.{kind}.{scheme}", f"{zh}{what}次均费用", cost, count)
        name = "职工医保药店费用" if scheme is Scheme.EMPLOYEE else "居民医保药店购药费用"
        cost, count = figures(year, (ANNUAL, name), (ANNUAL, f"{zh}医保药店购药人次"))
        yield _mean_cost(f"cost.pharmacy.{scheme}", f"{zh}药店购药次均费用", cost, count)
    fund, visits = figures(year, (QUICK, "门诊费用跨省直接结算基金支付"), (QUICK, "门诊费用跨省直接结算人次"))
    each = (fund.value / visits.value).quantize(FEN)
    yield Parameter(
        "cost.elsewhere",
        "跨省就医次均费用与全国次均费用之比",
        Decimal("1.5"),
        "factor",
        ASSUMED,
        f"基金为每次跨省门诊平均支付 {each} 元（{visits.source}），照全国次均费用计则基金支付占比过高，故取 1.5",
    )
    for kind, spread in (("general", "1.1"), ("chronic", "0.9"), ("pharmacy", "0.8")):
        yield Parameter(
            f"spread.{kind}",
            f"费用对数的标准差（{KINDS[kind]}）",
            Decimal(spread),
            "log",
            ASSUMED,
            "对数正态分布，取 65536 个分位点，按平均值校准，每次至少 1 元",
        )
    yield _share("in-scope.least", "政策范围内费用占总费用的最小比例", Decimal("0.6"), ASSUMED, "均匀分布")
    yield _share("in-scope.most", "政策范围内费用占总费用的最大比例", Decimal(1), ASSUMED, "均匀分布")


KINDS = {"general": "普通门诊", "chronic": "门诊慢特病", "pharmacy": "药店购药"}


def _mean_cost(name: str, zh: str, cost: Figure, count: Figure) -> Parameter:
    """What a visit costs on average, all visits in the country taken together."""
    note = f"{cost.year} 年全国费用除以人次；跨省就医另乘 cost.elsewhere"
    return Parameter(name, zh, (cost.value / count.value).quantize(FEN), YUAN, _sources(cost, count), note)


MIXES: dict[str, tuple[str, dict[str, str]]] = {
    "resident": (
        "居民医保参保人的人员类别",
        {Standing.MINOR: "0.2", Standing.ADULT: "0.5", Standing.SENIOR: "0.3"},
    ),
    "level": (
        "机构就诊的机构级别",
        {
            Level.VILLAGE: "0.01",
            Level.TOWNSHIP: "0.04",
            Level.PRIMARY: "0.15",
            Level.SECONDARY: "0.25",
            Level.TERTIARY: "0.5",
            Level.PROVINCIAL: "0.05",
        },
    ),
    "disease": (
        "门诊慢特病患者的病种",
        {
            "hypertension": "0.32",
            "diabetes": "0.28",
            "malignancy": "0.14",
            "dialysis": "0.05",
            "transplant": "0.02",
            "coronary": "0.07",
            "copd": "0.04",
            "viral_hepatitis": "0.04",
            "rheumatoid_arthritis": "0.03",
            "ankylosing_spondylitis": "0.01",
        },
    ),
    "situation-active": (
        "在职人员的备案情形",
        {
            Situation.LONG_TERM_RESIDENT: "0.35",
            Situation.POSTED_WORKER: "0.25",
            Situation.OTHER_TEMPORARY: "0.15",
            Situation.REFERRAL: "0.05",
            Situation.EMERGENCY: "0.03",
            Situation.EXEMPT: "0.05",
            Situation.UNFILED: "0.12",
        },
    ),
    "situation-retired": (
        "退休人员的备案情形",
        {
            Situation.RESETTLED_RETIREE: "0.4",
            Situation.LONG_TERM_RESIDENT: "0.3",
            Situation.OTHER_TEMPORARY: "0.1",
            Situation.REFERRAL: "0.07",
            Situation.EMERGENCY: "0.03",
            Situation.EXEMPT: "0.03",
            Situation.UNFILED: "0.07",
        },
    ),
    "situation-resident": (
        "居民医保参保人的备案情形",
        {
            Situation.LONG_TERM_RESIDENT: "0.5",
            Situation.OTHER_TEMPORARY: "0.2",
            Situation.REFERRAL: "0.1",
            Situation.EMERGENCY: "0.04",
            Situation.EXEMPT: "0.05",
            Situation.UNFILED: "0.11",
        },
    ),
}
"""Shares that no statistic gives, group by group; each group adds up to one."""

AGES = {
    Standing.ACTIVE: (18, 59),
    Standing.RETIRED: (55, 89),
    Standing.MINOR: (0, 17),
    Standing.ADULT: (18, 59),
    Standing.SENIOR: (60, 89),
}


def _label(name: str) -> str:
    """What a member of a group is called: a term, or a group of diseases by the first settled between provinces."""
    if isinstance(name, Term):
        return name.zh
    return next(item.name for item in diseases() if item.group == name and item.settled_nationally)


def _assumed() -> Iterator[Parameter]:
    for group, (zh, shares) in MIXES.items():
        for name, share in shares.items():
            yield _share(f"{group}.{name}", f"{zh}：{_label(name)}", Decimal(share), ASSUMED, "没有统计可据")
    yield _share(
        "chronic.people",
        "有门诊慢特病资格的人的比例",
        Decimal("0.15"),
        ASSUMED,
        "其机构就诊多按门诊慢特病结算",
    )
    for standing, (youngest, oldest) in AGES.items():
        for name, zh, age in (("youngest", "最小", youngest), ("oldest", "最大", oldest)):
            yield Parameter(
                f"age.{standing}.{name}",
                f"{standing.zh}的{zh}年龄",
                Decimal(age),
                "years",
                ASSUMED,
                "均匀分布",
            )
    yield _share(f"trait.{Trait.FAMILY_DOCTOR}", "签约家庭医生的比例", Decimal("0.25"), ASSUMED)
    yield _share(
        f"employee-trait.{Trait.CIVIL_SERVANT}",
        "职工医保参保人中享受公务员补助的比例",
        Decimal("0.03"),
        ASSUMED,
    )
    yield _share(
        f"{Standing.ADULT}-trait.{Trait.STUDENT}", "成年居民中大学生的比例", Decimal("0.02"), ASSUMED
    )
