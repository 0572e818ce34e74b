"""The words of the trade, as closed lists. A word has one spelling here and the same one in packs, tables and URLs."""

from enum import StrEnum


class Term(StrEnum):
    """A word with its Chinese and English name: `MEMBER = "spelling", "中文", "English"`."""

    zh: str
    en: str

    def __new__(cls, spelling: str, zh: str = "", en: str = "") -> "Term":
        if not (zh and en):
            raise TypeError(f"{cls.__name__} {spelling!r} needs a Chinese and an English name")
        member = str.__new__(cls, spelling)
        member._value_ = spelling
        member.zh = zh
        member.en = en
        return member

    @classmethod
    def spellings(cls) -> list[str]:
        """Every spelling of the list, as tables and constraints know them."""
        return [str(word.value) for word in cls]

    def label(self, language: str = "zh") -> str:
        """The word's name in `zh` or `en`."""
        return self.en if language == "en" else self.zh


class Scheme(Term):
    """险种"""

    EMPLOYEE = "employee", "职工医保", "employee scheme"
    RESIDENT = "resident", "居民医保", "resident scheme"


class Standing(Term):
    """The person's standing in the scheme (人员类别)."""

    ACTIVE = "active", "在职", "active"
    RETIRED = "retired", "退休", "retired"
    MINOR = "minor", "未成年居民", "minor"
    ADULT = "adult", "成年居民", "adult"
    SENIOR = "senior", "老年居民", "senior"


STANDINGS_OF = {
    Scheme.EMPLOYEE: (Standing.ACTIVE, Standing.RETIRED),
    Scheme.RESIDENT: (Standing.MINOR, Standing.ADULT, Standing.SENIOR),
}


class Level(Term):
    """Level of a provider, as benefit tables use it (医疗机构级别)."""

    VILLAGE = "village", "村卫生室", "village clinic"
    TOWNSHIP = "township", "乡镇卫生院", "township health centre"
    PRIMARY = "primary", "一级及以下", "primary"
    SECONDARY = "secondary", "二级", "secondary"
    TERTIARY = "tertiary", "三级", "tertiary"
    PROVINCIAL = "provincial", "省级（特等）", "provincial"
    PHARMACY = "pharmacy", "定点药店", "pharmacy"

    @property
    def with_broader(self) -> "tuple[Level, ...]":
        """The level and the broader ones that speak for it where a table has no row of its own: 一级及以下, 三级及以上."""
        ladders = (Level.VILLAGE, Level.TOWNSHIP, Level.PRIMARY), (Level.PROVINCIAL, Level.TERTIARY)
        return next((ladder[ladder.index(self) :] for ladder in ladders if self in ladder), (self,))


class Benefit(Term):
    """待遇类型"""

    GENERAL_OUTPATIENT = "general-outpatient", "普通门诊统筹", "general outpatient"
    CHRONIC_DISEASE = "chronic-disease", "门诊慢特病", "chronic disease"
    INPATIENT = "inpatient", "住院", "inpatient"
    TWO_DISEASES = "two-diseases", "居民“两病”门诊用药", "two-diseases medication"
    DUAL_CHANNEL = "dual-channel", "双通道药品", "dual-channel drugs"


class Period(Term):
    """Over what a deductible or a ceiling counts (values.periods.Per)."""

    YEAR = "year", "年度", "yearly"
    QUARTER = "quarter", "季度", "quarterly"
    MONTH = "month", "月度", "monthly"
    VISIT = "visit", "每次", "per-visit"

    @property
    def unit(self) -> str:
        """One of it, as in 300 元/年."""
        return {"year": "年", "quarter": "季", "month": "月", "visit": "次"}[self]


class Limited(Term):
    """What a ceiling limits."""

    FUND = "fund", "基金支付", "fund payments"
    COST = "cost", "政策范围内费用", "in-scope cost"


class AdjustmentMode(Term):
    """How an away-from-home adjustment lowers a benefit: the three ways give different money."""

    NONE = "none", "不降低待遇", "no reduction"
    POINTS = "points", "减百分点", "points off"
    FACTOR = "factor", "乘系数", "factor"
    UPFRONT = "upfront", "先行自付", "upfront share"


class FilingKind(Term):
    """The six kinds of filing (facts N-201 … N-206)."""

    RESETTLED_RETIREE = "resettled-retiree", "异地安置退休", "resettled retiree"
    LONG_TERM_RESIDENT = "long-term-resident", "异地长期居住", "long-term resident"
    POSTED_WORKER = "posted-worker", "常驻异地工作", "posted worker"
    REFERRAL = "referral", "异地转诊就医", "referral"
    EMERGENCY = "emergency", "异地急诊抢救", "emergency"
    OTHER_TEMPORARY = "other-temporary", "其他临时外出就医", "other temporary stay"


class FilingClass(Term):
    """The two classes of filing."""

    LONG_TERM = "long-term", "长期", "long-term"
    TEMPORARY = "temporary", "临时", "temporary"


class Situation(Term):
    """How a visit stands to the filing rules: what an away-from-home adjustment depends on."""

    LOCAL = "local", "参保地就医", "care at home"
    EXEMPT = "exempt", "免备案", "exempt from filing"
    RESETTLED_RETIREE = "resettled-retiree", "异地安置退休备案", "filed as resettled retiree"
    LONG_TERM_RESIDENT = "long-term-resident", "异地长期居住备案", "filed as long-term resident"
    POSTED_WORKER = "posted-worker", "常驻异地工作备案", "filed as posted worker"
    REFERRAL = "referral", "异地转诊备案", "filed as referral"
    EMERGENCY = "emergency", "急诊抢救（视同已备案）", "emergency (deemed filed)"
    OTHER_TEMPORARY = "other-temporary", "其他临时外出备案", "filed as other temporary stay"
    UNFILED = "unfiled", "未备案", "not filed"
    RETURNING = (
        "returning",
        "长期居住人员回参保省就医",
        "back in the home province while filed elsewhere",
    )


CLASS_OF_SITUATION = {
    Situation.RESETTLED_RETIREE: FilingClass.LONG_TERM,
    Situation.LONG_TERM_RESIDENT: FilingClass.LONG_TERM,
    Situation.POSTED_WORKER: FilingClass.LONG_TERM,
    Situation.REFERRAL: FilingClass.TEMPORARY,
    Situation.EMERGENCY: FilingClass.TEMPORARY,
    Situation.OTHER_TEMPORARY: FilingClass.TEMPORARY,
}
"""The class of the filing that a situation rests on; the others rest on none."""


class Fund(Term):
    """Who pays a part of a bill besides the person (基金)."""

    BASIC = "basic", "基本医保统筹基金", "basic pooled fund"
    LARGE_SUM = "large-sum", "职工大额医疗费用补助", "large-sum fund"
    SERIOUS_ILLNESS = "serious-illness", "大病保险", "serious-illness insurance"
    CIVIL_SERVANT = "civil-servant", "公务员医疗补助", "civil-servant supplement"
    MEDICAL_AID = "medical-aid", "医疗救助", "medical aid"
    ACCOUNT = "account", "个人账户", "personal account"
    FAMILY_ACCOUNT = "family-account", "家庭共济账户", "family account"


LAYERS = (Fund.LARGE_SUM, Fund.SERIOUS_ILLNESS, Fund.CIVIL_SERVANT, Fund.MEDICAL_AID)
"""The funds above the basic one, in the order in which they pay."""


class AccountPart(Term):
    """A part of a bill that the person pays, as rules about accounts name it."""

    EXCLUDED = "excluded", "全自费", "excluded"
    OVER_LIMIT = "over-limit", "超限价", "over the price limit"
    UPFRONT = "upfront", "先行自付", "upfront share"
    IN_SCOPE = "in-scope", "政策范围内个人负担", "person's part in scope"


class FeeCategory(Term):
    """Categories of fees that a ceiling per visit may limit."""

    DRUGS = "drugs", "药费", "drugs"
    TESTS_AND_SURGERY = "tests-and-surgery", "检查与手术费", "tests and surgery"


class Trait(Term):
    """What some rules ask about a person or a visit besides standing, level and age."""

    FAMILY_DOCTOR = "family-doctor", "签约家庭医生", "signed with a family doctor"
    HARDSHIP = "hardship", "困难群体", "in hardship"
    CIVIL_SERVANT = "civil-servant", "享受公务员医疗补助", "with civil-servant supplement"
    STUDENT = "student", "大学生", "student"
    PSYCHIATRIC = "psychiatric", "精神专科", "psychiatric hospital"
    CANCER_THERAPY = "cancer-therapy", "恶性肿瘤放化疗", "cancer radio- or chemotherapy"
    MATERNITY = "maternity", "生育", "maternity"
    CAMPUS = "campus", "校医院", "campus clinic"
    COUNTY_TCM = "county-tcm", "县级中医院", "county hospital of Chinese medicine"


TRAITS_OF_PERSON = frozenset({Trait.FAMILY_DOCTOR, Trait.HARDSHIP, Trait.CIVIL_SERVANT, Trait.STUDENT})
"""Known from how a person is insured."""
TRAITS_OF_PROVIDER = frozenset({Trait.PSYCHIATRIC, Trait.CAMPUS, Trait.COUNTY_TCM})
"""Known from where a person is treated."""
TRAITS_OF_VISIT = frozenset({Trait.CANCER_THERAPY, Trait.MATERNITY})
"""Known from what a person is treated for."""


class CatalogueClass(Term):
    """目录类别：甲、乙、丙"""

    A = "A", "甲类", "class A"
    B = "B", "乙类", "class B"
    C = "C", "丙类", "class C"


class Insurance(Term):
    """A branch of social insurance to which contributions are paid (险种, G-24)."""

    PENSION = "pension", "养老保险", "pension"
    MEDICAL = "medical", "医疗保险（含生育）", "medical insurance with maternity"
    UNEMPLOYMENT = "unemployment", "失业保险", "unemployment insurance"
    WORK_INJURY = "work-injury", "工伤保险", "work-injury insurance"


class Payer(Term):
    """Who pays a contribution."""

    EMPLOYER = "employer", "单位", "employer"
    PERSON = "person", "个人", "person"
    FLEXIBLE = "flexible", "灵活就业人员", "flexible worker"
    STATE = "state", "财政补助", "state subsidy"


class Alert(Term):
    """How much of a prefund is used (预警)."""

    NONE = "none", "正常", "none"
    YELLOW = "yellow", "黄色预警", "yellow alert"
    RED = "red", "红色预警", "red alert"


class CaseKind(Term):
    """What moves through states of its own."""

    QUALIFICATION = "qualification", "待遇资格认定", "qualification"
    FILING = "filing", "备案", "filing"
    VISIT = "visit", "就诊", "visit"
    CLAIM = "claim", "手工报销", "claim"


class Material(Term):
    """A paper that an application asks for (材料)."""

    E_VOUCHER = "e-voucher", "医保电子凭证", "medical-insurance e-voucher"
    ID_CARD = "id-card", "有效身份证件", "valid identity document"
    SOCIAL_CARD = "social-card", "社会保障卡", "social security card"
    QUALIFICATION_FORM = (
        "qualification-form",
        "《门诊慢特病病种待遇认定申请表》",
        "application form for chronic-disease qualification",
    )
    MEDICAL_RECORDS = "medical-records", "病历资料或检查资料", "medical records or test reports"
    DIAGNOSIS = "diagnosis", "诊断书", "diagnosis certificate"
    RECORD_FRONT_PAGE = "record-front-page", "住院病案首页", "front page of the inpatient record"
    INPATIENT_RECORDS = "inpatient-records", "住院病历（住院记录）", "inpatient records"
    TEST_REPORTS = "test-reports", "相关检查报告及化验单", "test and laboratory reports"
    FILING_FORM = "filing-form", "异地就医备案表", "filing form"
    JIANGXI_FILING_FORM = (
        "jiangxi-filing-form",
        "《江西省医疗保险异地就医自助备案表》",
        "Jiangxi self-service filing form",
    )
    HOUSEHOLD_PROOF = "household-proof", "异地户籍材料", "proof of household registration elsewhere"
    RESIDENCE_PROOF = "residence-proof", "居住认定材料", "proof of residence"
    POSTING_PROOF = "posting-proof", "单位派出证明", "proof of posting by the employer"
    WORK_PROOF = "work-proof", "异地工作证明", "proof of work elsewhere"
    LABOUR_CONTRACT = "labour-contract", "劳动合同", "labour contract"
    COMMITMENT = "commitment", "个人承诺书", "commitment letter"
    REFERRAL_PROOF = (
        "referral-proof",
        "定点机构开具的转诊转院材料",
        "referral papers from a designated provider",
    )
    INVOICE = "invoice", "医院收费票据", "hospital invoice"
    FEE_LIST = "fee-list", "门诊费用清单", "outpatient fee list"
    STAY_FEE_LIST = "stay-fee-list", "住院费用清单", "fee list of the stay"
    DIAGNOSIS_OR_DISCHARGE = "diagnosis-or-discharge", "诊断证明或出院小结", "diagnosis or discharge summary"
    PRESCRIPTION_OR_RECORDS = (
        "prescription-or-records",
        "处方底方或病历",
        "copy of the prescription, or medical records",
    )
    DIAGNOSIS_OR_RECORDS = "diagnosis-or-records", "诊断证明或相关病历资料", "diagnosis or medical records"


class CaseField(Term):
    """What an application asks the person to write besides who they are and which disease it is (fact D-403)."""

    HOSPITAL = "hospital", "享受待遇的医院", "hospital where the benefit is drawn"
    RECORD_NUMBER = "record-number", "病案号", "inpatient record number"
    PHONE = "phone", "手机号", "mobile phone number"
