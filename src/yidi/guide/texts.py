"""The sentences of the guide, and the places they come from.

Amounts, ratios and deadlines never stand here: they come from packs. What stands here is what the sources say about
the way through the offices.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from yidi.guide.plan import Citation, Materials, Said
from yidi.policy.book import RuleBook
from yidi.policy.rules import Origin
from yidi.values.terms import Material


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document of policies/sources.yaml."""

    source: str
    clause: str
    grade: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with gaps, and its places."""

    zh: str
    en: str
    places: tuple[Place, ...] = ()


def speak(book: RuleBook, line: Line, origins: Iterable[Origin | None] = (), **gaps: object) -> Said:
    """The sentence with its gaps filled; rules it rests on are cited before the places of the line itself."""
    rules = tuple(citation for origin in origins for citation in cite(book, origin))
    places = tuple(cite_place(book, place) for place in line.places)
    return Said(line.zh.format(**gaps), line.en.format(**gaps), rules + places)


def cite(book: RuleBook, origin: Origin | None) -> tuple[Citation, ...]:
    """The origin of a value as a citation; nothing where there is no origin."""
    if origin is None:
        return ()
    return (
        Citation(
            source=origin.source,
            title=origin.title,
            clause=origin.clause,
            grade=origin.grade,
            facts=origin.facts,
            url=book.sources[origin.source].url,
            layer=origin.layer,
            reading=origin.reading,
            since=origin.since,
            seen=origin.seen,
        ),
    )


def cite_place(book: RuleBook, place: Place) -> Citation:
    """A place as a citation. The document must be in the register of sources."""
    document = book.sources[place.source]
    return Citation(place.source, document.title, place.clause, place.grade, place.facts, document.url)


SEED_STEPS = Place("SEED-000", "办理流程 1–4", "S", ("N-505",))
SEED_BOTH_NEEDED = Place("SEED-000", "办理流程 1、2", "S", ("N-507",))
SEED_PRINCIPLE = Place("SEED-000", "注意事项：报销政策", "S", ("N-102", "N-103"))
SEED_OWN_LIST = Place("SEED-000", "注意事项：病种范围", "S", ("N-503",))
SEED_LOOK_UP = Place("SEED-000", "办理流程 3", "S", ("N-903",))
SEED_ONLINE = Place("SEED-004", "1(1) 线上备案流程", "S", ("JX-417",))
SEED_DIRECT = Place("SEED-004", "2(1) 直接结算", "S")
SEED_CLAIM = Place("SEED-004", "2(2) 垫付后报销", "S")
SEED_RENEW = Place("SEED-004", "4(1) 备案有效期", "S")
SEED_NOTICE = Place("SEED-000", "提示", "S")
SEED_DIFFERS = Place("SEED-004", "4(3) 政策差异", "S")
NATION_CITY = Place("N22", "经办规程第9条前后", "A", ("N-207",))
NATION_OWN_LIST = Place("N10-Q", "国家医保局提示", "A", ("N-503",))
NATION_PRINCIPLE = Place("N22", "经办规程第6条", "A", ("N-102", "N-103"))

COUNTER_MATERIALS: Materials = ((Material.E_VOUCHER, Material.SOCIAL_CARD),)
"""What settles a bill at the counter (SEED-004, 2(1))."""

# Conditions -------------------------------------------------------------------------------------------------------

AT_HOME = Line(
    "就医地 {care} 就是您的参保地，不属于异地就医：不用备案，按本地流程当场结算。",
    "{care} is where you are insured: this is not care away from home. No filing; the bill is settled on the spot.",
)
EXEMPT = Line(
    "{home} 与 {care} 同在{province}，省内异地就医免备案。",
    "{home} and {care} both lie in {province}: care within the province needs no filing.",
)
ACROSS = Line(
    "{care} 在{province}以外，属于跨省就医，要先备案。",
    "{care} lies outside {province}: care in another province needs a filing first.",
    (Place("N22", "经办规程第2–3条", "A", ("N-101",)),),
)
SAME_PROVINCE_UNKNOWN = Line(
    "{home} 与 {care} 同在{province}；是否要备案，规则库没有收录，请向参保地核实。",
    "{home} and {care} both lie in {province}; whether a filing is needed is not in the rule book. Ask the home agency.",
)
COVERED = Line(
    "“{disease}”在{home}{scheme}的门诊慢特病病种之内。",
    "{disease} is among the chronic diseases of {home} ({scheme_en}).",
)
NOT_COVERED = Line(
    "规则库所收的{home}{scheme}门诊慢特病病种中没有“{disease}”。病种由参保地决定，请先打电话核实；不在病种之内的，按普通门诊办理。",
    "{disease} is not among the chronic diseases of {home} ({scheme_en}) that the rule book holds. The home region "
    "decides about its list: ask first. What is not on the list is settled as general outpatient care.",
    (NATION_OWN_LIST, SEED_OWN_LIST),
)
COVERAGE_UNKNOWN = Line(
    "“{disease}”是不是{home}的门诊慢特病病种，规则库没有收录。病种由参保地决定，请先打电话核实。",
    "Whether {home} covers {disease} is not in the rule book. The home region decides about its list: ask first.",
    (NATION_OWN_LIST, SEED_OWN_LIST),
)
NATIONWIDE = Line(
    "“{disease}”是全国可以跨省直接结算的 {count} 种门诊慢特病之一。",
    "{disease} is one of the {count} chronic diseases that settle directly between provinces.",
)
NOT_NATIONWIDE = Line(
    "“{disease}”不在全国可以跨省直接结算的 {count} 种门诊慢特病之内：跨省要先垫付，再回参保地报销。",
    "{disease} is not one of the {count} chronic diseases that settle directly between provinces: pay first, then "
    "claim at home.",
)
FILED = Line("您已办理“{situation}”。", "You are {situation_en}.")
DEEMED = Line(
    "急诊抢救视同已备案，不用另外办；由就医的医疗机构在结算时标明。",
    "Emergency care counts as filed: nothing to do; the hospital marks it when it settles the bill.",
)
UNFILED_MAY_SETTLE = Line(
    "没有备案也可以直接结算（{home}的规定）。", "{home} lets you settle directly without a filing."
)
UNFILED_MUST_CLAIM = Line(
    "还没有备案。按{home}的规定，没备案就去外地看门诊，不能直接结算：要先自己付清，再按零星报销申请，报得也少一些。",
    "Not filed. By the rules of {home}, outpatient care elsewhere without a filing is not settled directly: you pay in "
    "full, claim afterwards, and get less.",
)
UNFILED_UNKNOWN = Line(
    "还没有备案。没备案能不能直接结算由{home}决定，规则库没有收录，请先备案或打电话核实。",
    "Not filed. Whether {home} settles directly without a filing is not in the rule book: file first, or ask.",
)
UNVERIFIED_ONLY = Line(
    "{home}的待遇规则只有未核实的来源，可以据此估算，不能据此结算。请先打电话（{dial}）核实。",
    "The benefit rules of {home} come from unverified sources only: good for an estimate, not for settling. Call {dial_en} first.",
)
QUALIFIED = Line(
    "您已经在参保地取得“{disease}”的门诊慢特病待遇资格。备案不能代替资格认定，两样都要有。",
    "You hold the home region's approval for {disease}. A filing does not replace the approval: you need both.",
    (SEED_BOTH_NEEDED,),
)
OPENED_DISEASE = Line(
    "您去的定点医疗机构已开通“{disease}”的异地直接结算。没开通的，要先垫付再报销。",
    "The hospital you go to has opened direct settlement for {disease}. If it has not, pay first and claim.",
    (SEED_LOOK_UP,),
)
OPENED_GENERAL = Line(
    "您去的定点医疗机构已开通普通门诊的异地直接结算。没开通的，要先垫付再报销。",
    "The hospital you go to has opened direct settlement of outpatient bills. If it has not, pay first and claim.",
    (SEED_LOOK_UP, SEED_CLAIM),
)

# Steps ------------------------------------------------------------------------------------------------------------

ASK = Line("先向参保地核实", "Ask the home region first")
ASK_HOW = Line(
    "打参保地医保热线 {dial}，问清楚：这个病种报不报，到外地能不能直接结算，怎样备案。",
    "Call the home region's insurance hotline, {dial_en}: is the disease covered, can it be settled directly elsewhere, "
    "and how do you file?",
)
QUALIFY = Line("在参保地办理待遇资格认定", "Get approved for the benefit at home", (SEED_STEPS,))
QUALIFY_HOW = Line(
    "带上材料，向{home}的医保经办机构申请“{disease}”门诊慢特病待遇资格认定。",
    "Apply to the insurance agency of {home} for the chronic-disease benefit for {disease}, with the papers below.",
    (SEED_STEPS,),
)
QUALIFY_ONCE = Line(
    "以前认定过、现在仍有效的，不用再办。",
    "If you were approved before and it still holds, there is nothing to do.",
)
QUALIFY_YEARS = Line(
    "认定后 {years} 年内有效，到期要复审。",
    "The approval holds for {years} years, then it is examined again.",
)
QUALIFY_UNLISTED = Line(
    "{home}的门诊慢特病病种目录，规则库没有收录：“{disease}”可以先申请，给不给这项待遇由经办机构审核决定。",
    "The list of chronic diseases of {home} is not in the rule book: you may apply for {disease}, and the agency decides "
    "whether it is covered.",
    (NATION_OWN_LIST, SEED_OWN_LIST),
)
QUALIFY_FIELDS = Line("申请时要填写：{fields}。", "The application asks for: {fields_en}.")
QUALIFY_TERM_UNKNOWN = Line(
    "认定后管多久，规则库没有收录，以经办机构的认定结果为准。",
    "How long the approval holds is not in the rule book: the agency's decision says so.",
)
QUALIFY_NOTE = Line("{note}", "The rule has a note, in Chinese: {note}")
FILE = Line("办理异地就医备案", "File for care away from home", (SEED_STEPS,))
FILE_DONE = Line(
    "您说已经备案。请确认备案的就医地是{care}，而且没有到期。",
    "You say that you have filed. Check that the filing is for {care} and has not lapsed.",
    (SEED_RENEW,),
)
FILE_HOW = Line(
    "网上：登录平台，选备案类型，填写个人信息和备案信息，提交，审核通过就生效。窗口：带材料到现场办。",
    "Online: log in, choose the kind of filing, fill in the form, submit; it takes effect once passed. In person: bring "
    "the papers.",
    (SEED_ONLINE,),
)
FILE_CITY = Line(
    "备案备到市或直辖市（这次是{care}）：那里所有联网的定点医疗机构都能直接结算，不用再选定一家。",
    "File for a city or municipality (here {care}): every connected hospital there settles directly; no need to pick one.",
    (NATION_CITY,),
)
FILE_LATE = Line(
    "这次已经看完病，按下面的步骤报销。以后还要去{care}看病的，先办好备案，就可以直接结算。",
    "This visit is over: claim as described below. If you will be treated in {care} again, file before you go.",
)
CHOOSE = Line("选已开通的定点医疗机构", "Choose a hospital that has opened the service", (SEED_STEPS,))
CHOOSE_HOW = Line(
    "到国家医保服务平台 APP 查询{care}哪些定点医疗机构已开通，再去看病；也可以直接问医院的医保办。",
    "Look up on the national insurance app which hospitals in {care} have opened the service, or ask the hospital.",
    (SEED_LOOK_UP,),
)
CHOOSE_DISEASE = Line(
    "要看清楚：开通的是“{disease}”这个病种，不只是住院或普通门诊。",
    "Make sure that it is opened for {disease}, not only for inpatient or general outpatient care.",
    (SEED_LOOK_UP,),
)
VISIT = Line("看病时主动告知，当场结算", "Say so when you are treated, and settle on the spot", (SEED_STEPS,))
VISIT_DISEASE = Line(
    "挂号和看病时主动说：我是外地参保，有“{disease}”门诊慢特病待遇。医生按这个病开药，其他的药和检查分开结算。",
    "Tell the desk and the doctor that you are insured elsewhere and draw the chronic-disease benefit for {disease}. "
    "Drugs for other complaints are billed apart.",
    (SEED_STEPS,),
)
VISIT_GENERAL = Line(
    "挂号和结算时主动说：我是外地参保，要直接结算。",
    "Tell the desk that you are insured elsewhere and want direct settlement.",
    (SEED_DIRECT,),
)
VISIT_PAY = Line(
    "出示凭证刷卡结算，您只付个人负担的部分，不用垫付。",
    "Show the voucher or card: you pay only your own part.",
    (SEED_DIRECT,),
)
VISIT_HOME_TITLE = Line("看病，当场结算", "See the doctor and settle on the spot")
VISIT_HOME = Line(
    "出示凭证，在参保地当场结算。",
    "Show the voucher or card and settle on the spot, at home.",
    (SEED_DIRECT,),
)
PRINCIPLE = Line(
    "哪些药和项目能报，看就医地的目录；报多少，看参保地的待遇。",
    "What is payable follows the care region's catalogue; how much, the home region's benefits.",
    (SEED_PRINCIPLE, NATION_PRINCIPLE),
)
PAY = Line("先自己付清，把票据收好", "Pay in full and keep the papers")
PAY_HOW = Line(
    "在{care}的定点医疗机构看病，先自己付清；离开前向医院要齐下一步的票据、清单和诊断材料。",
    "At a designated hospital in {care}, pay in full; before you leave, get the invoice, fee list and diagnosis papers.",
    (SEED_CLAIM,),
)
CLAIM = Line("垫付以后，回参保地申请报销", "Claim at home what you have paid", (SEED_CLAIM,))
CLAIM_HOW = Line(
    "把材料交到{home}的医保经办机构，申请零星报销。",
    "Hand the papers to the insurance agency of {home} and ask for reimbursement.",
    (SEED_CLAIM,),
)
CLAIM_LESS = Line("没有备案的，报销比例相对低一些。", "Without a filing the reimbursement is lower.")

# Filing kinds -----------------------------------------------------------------------------------------------------

EFFECTS = {
    "instant": Line("材料齐全，审核通过后即时生效", "takes effect at once when it has passed"),
    "reviewed": Line("经人工审核后生效", "takes effect after review"),
}
EFFECT_UNKNOWN = Line(
    "怎样生效，规则库没有收录：请按“审核通过才生效”来准备",
    "how it takes effect is not in the rule book: expect that it is reviewed first",
)
VALIDITY_UNKNOWN = Line(
    "管多久，规则库没有收录：备案时写明到期日",
    "how long it holds is not in the rule book: state an end date when filing",
)
FOREVER = Line("长期有效，不用续办", "stays valid, no renewal")
MONTHS = Line("{months} 个月内有效", "valid for {months} months")
END_DATE = Line(
    "有到期日，备案时写明，到期前续办", "has an end date that you state when filing; renew in time"
)

# Parameters and assumptions ---------------------------------------------------------------------------------------

NO_DEDUCTIBLE = Line("起付线：没有", "Deductible: none")
DEDUCTIBLE = Line("起付线：{per} {amount} 元", "Deductible ({per_en}): {amount} yuan")
SHARE = Line(
    "报销比例：{share}（{standing}、{level}）",
    "Share paid by the fund: {share_en} ({standing_en}, {level_en})",
)
NO_CEILING = Line("封顶线：来源写明没有", "Ceiling: none, as the source states")
CEILING = Line("封顶线：{per} {amount} 元（{on}）", "Ceiling ({per_en}): {amount} yuan ({on_en})")
CEILING_RANGE = Line(
    "封顶线：{per} {low}–{high} 元之间（{on}），确切数额没有来源",
    "Ceiling ({per_en}): between {low} and {high} yuan ({on_en}); no source gives the exact figure",
)
NO_REDUCTION = Line("异地就医：待遇不降低", "Away from home: no reduction")
REDUCTION = Line(
    "异地就医（{situation}）：{mode} {ratio}", "Away from home ({situation_en}): {mode_en}, {ratio}"
)
ASSUME_IN_SCOPE = Line(
    "没有填自费等部分，按费用全部在政策范围内估算；实际要先除去全自费、超限价和先行自付的部分。",
    "No parts were given: the whole bill is taken as in scope. In fact what is excluded, over the price limit or paid "
    "upfront comes off first.",
)
ASSUME_UNUSED = Line(
    "没有填今年已用额度，按今年第一次使用该待遇估算。",
    "Nothing was given as used this year: this is taken as the year's first visit under this benefit.",
)
ASSUME_DEDUCTIBLE_UNUSED = Line(
    "没有填今年已付的起付线，按起付线还没有付过估算；已经付过的，能报的更多。",
    "No deductible was given as paid this year: it is taken as not yet used. If it was, the fund pays more.",
)
ASSUME_FUND_UNUSED = Line(
    "没有填今年已报销的金额，按今年还没有报销过估算；已经报销过的，剩下的额度更少。",
    "Nothing was given as paid by the fund this year: it is taken as nothing. If it did pay, less is left.",
)

# Notices ----------------------------------------------------------------------------------------------------------

NOTICES = (
    Line(
        "本页只说明怎么办事，不能代替看医生。身体不舒服，请尽快就医。",
        "This page explains procedures; it is no substitute for a doctor. If you feel unwell, seek care soon.",
        (SEED_NOTICE,),
    ),
    Line(
        "各地政策会调整。金额是按所列规则算出的估计，以参保地经办机构的答复和实际结算为准。",
        "Rules change. Amounts are estimates by the rules shown; what the home agency says and settles is what counts.",
        (SEED_DIFFERS,),
    ),
)
