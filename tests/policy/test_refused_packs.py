"""What the loader refuses: each fault with its file, its line and what to do, beside the spelling that is right."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.policy.factories import HEAD, RULE, faults_of, pack, write
from yidi.policy.book import load
from yidi.policy.check import check_looked_at
from yidi.policy.errors import PackProblem

SECOND = RULE.replace("id: one", "id: two")
DISEASES = """\
    note: ten
    classes: {I: {}}
    diseases: {M03900: {class: I}}
"""
CHRONIC = HEAD.replace("general-outpatient", "chronic-disease") + RULE + DISEASES
FILING = """\
pool: 360100
scheme: employee
benefit: filing
rules:
  - id: away
    reading: law
    adopted: true
    in_force: {from: 2024-01-01}
    source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01}
    kinds:
      referral: {class: temporary, materials: [id-card], effect: instant, valid: 6}
    adjustment:
      long-term: {mode: none}
      referral: {mode: upfront, ratio: 10%, order: upfront-first}
    unfiled: {direct: false}
"""
EXAMPLE = """\
examples:
  - {id: X, on: 2025-06-02, standing: active, level: primary, situation: local, in_scope: 400, expect: {fund: 65}}
"""
UNTIL_2024 = "{from: 2024-01-01, until: 2024-12-31}"
VERSIONS = (
    HEAD + RULE.replace("{from: 2024-01-01}", UNTIL_2024) + SECOND.replace("2024-01-01}", "2025-01-01}")
)
OF_NEWS = "source: {id: NEWS, clause: x, grade: GRADE, checked: 2026-01-01}}"
"""A source of a component's own."""
NATION = FILING.replace("360100", "CN").replace("employee", "all") + "    reduction_limits: {referral: 10%}\n"
SECOND_OF_FILING = """\
  - id: other
    reading: hall
    adopted: true
    in_force: {from: 2024-01-01}
    source: {id: LAW, clause: "2", grade: A, checked: 2026-01-01}
    adjustment: {returning: {mode: none}}
"""
EVERYTHING = (
    FILING
    + "    claim_materials: [id-card]\n    inpatient_claim_materials: [id-card]\n    exempt: [{between: same-province}]\n    channels: [窗口]\n"
)
FILED_TWICE = EVERYTHING + SECOND_OF_FILING
UNADOPTED = SECOND.replace("adopted: true", "adopted: false").replace("reading: law", "reading: law2")
ONE_OTHER = HEAD + RULE + UNADOPTED
TWO_OTHERS = HEAD + RULE.replace("adopted: true", "adopted: false") + UNADOPTED
BACK = "adjustment: {returning: {mode: none}}"
OF_LAW = 'source: {id: LAW, clause: "1", grade: A, checked: 2026-01-01}'

# Packs in the newer forms, each rule in a few lines; `pack` fills in the rest of it.
STAY = pack(
    "deductible: {yuan: 500, per: visit, repeat: {less: 100, floor: {yuan: 200}},"
    " where: [{stay_from: 4, to: 0}]}\n"
    "share: {bands: [{to: 30000, share: 85%}, {share: 90%}], per: visit, position: with-deductible,"
    " where: [{standing: retired, person_times: 60%}]}\n"
    "ceiling: {yuan: 100000, per: year, on: fund}",
    benefit="inpatient",
)
LISTED = pack(
    "classes: {I: {share: {as: inpatient}, ceiling: {yuan: 100000, per: year, on: fund, scope: inpatient}},"
    " II: {share: 70%, ceiling: {yuan: 4000, per: year, on: fund, scope: disease}}}\n"
    "diseases: {M00500: {class: I}, M03900: {class: II}}\n"
    "deductible: none\n"
    "stacking: {how: add, yuan: 1200}",
    benefit="chronic-disease",
)
STATED = LISTED.replace("{as: inpatient}", "70%")
DRUGS = pack(
    "classes: {A: {}, B: {upfront: 10%}}\n"
    "diseases: {A: {class: A}, B: {class: B}}\n"
    "deductible: none\n"
    "share: 70%\n"
    "ceiling: none",
    benefit="dual-channel",
)
ABOVE = pack(
    'layer: {base: person, over: [inpatient, "chronic-disease:I"]}\n'
    "deductible: {yuan: 17000, per: year}\n"
    "share: {bands: [{to: 50000, share: 60%}, {share: 70%}], per: year, position: after-deductible}\n"
    "ceiling: {yuan: 250000, per: year, on: fund, incentive: {yuan: 3000, after_years: 4, at_most: 20%}}",
    benefit="serious-illness",
)
VILLAGE = pack(
    "deductible: none\n"
    "share: 60%\n"
    "ceiling: [{yuan: 10, per: visit, on: cost, category: drugs}, {yuan: 400, per: year, on: fund}]"
)
ACCOUNTS = pack("own: {pays: [in-scope, upfront]}\nfamily: {pays: [in-scope]}", benefit="account")
AWAY = pack("adjustment: {temporary: {mode: factor, ratio: 50%}}", benefit="filing")
EXEMPT = pack("exempt: [{between: [360100, 360400]}]", benefit="filing")
COVER = pack(
    "newborn: {from_birth_within_days: 90, next_day_within_days: 365}", scheme="resident", benefit="cover"
)
PAID_IN = pack(
    "base: {yearly_wage: 91180, floor: 60%, top: 3}\n"
    "rates: [{insurance: pension, payer: employer, rate: 16%}, {insurance: pension, payer: person, rate: 8%}]",
    benefit="contribution",
)
TWICE_LISTED = pack(
    "classes: {I: {}, II: {}}\ndiseases: {M03900: {class: II}}",
    "classes: {II: {share: 70%}, I: {}}\ndiseases: {M03900: {class: II, ceiling: none}}",
    benefit="chronic-disease",
)
LAYERS_TWICE = pack("layer: {base: person, over: [inpatient]}", "share: 60%", benefit="large-sum")


@dataclass(frozen=True)
class Case:
    """One spelling in a pack: `good` loads, `bad` in its place is refused on the line where `at` stands."""

    name: str
    good: str
    bad: str
    says: str
    remedy: str
    at: str = ""
    pack: str = HEAD + RULE
    beside: str | tuple[str, ...] = ()
    """Other packs of the folder."""

    @property
    def others(self) -> dict[str, str]:
        """The other packs by the names of their files."""
        beside = (self.beside,) if isinstance(self.beside, str) else self.beside
        return {f"other{number}": text for number, text in enumerate(beside)}


CASES = [
    # shape
    Case("unknown key", "    ceiling: {", "    ceilings: {", "不认识的键", "docs/policy-language.md"),
    Case("unknown key inside", "per: year, on: fund", "per: year, on: fund, top: 1", "不认识的键", "删去它"),
    Case("key twice", "    reading: law\n", "    reading: law\n    reading: law2\n", "键“reading”写了两次", "只保留一处", at="law2"),
    Case("no YAML", "rules:\n", "rules\n", "不是有效的 YAML", "检查缩进", at="  - id"),
    Case("alias", "{yuan: 2000, per: year", "{yuan: *x, per: year", "不是有效的 YAML", "检查缩进"),
    Case("same node again", "id: one", "id: &x one\n    note: *x", "别名", "逐处写明", at="id: &x"),
    Case("missing key", "scheme: employee\n", "", "scheme：缺少必需的键", "补上它", at="pool:"),
    Case("missing source", f"    {OF_LAW}\n", "", "source：缺少必需的键", "补上它", at="- id"),
    Case("scheme", "scheme: employee", "scheme: staff", "不在规定范围", "employee、resident、all"),
    Case("benefit", "benefit: general-outpatient", "benefit: dental", "不在规定范围", "general-outpatient、chronic-disease、inpatient"),
    Case("text wanted", "reading: law", "reading: 5", "应为文字", "加引号"),
    Case("word wanted", "adopted: true", "adopted: maybe", "应为是或否", "true 或 false"),
    Case("table wanted", OF_LAW, "source: LAW", "应为成组的键与值", "键: 值"),
    # sources
    Case("source says where", ' clause: "1",', "", "来源须写明条款", "按提示改正", at="source:"),
    Case("grade", "grade: A", "grade: D", "grade：取值不在规定范围", "A、B、C、R、S"),
    Case("source not registered", "id: LAW", "id: LORE", "来源 LORE 未登记", "sources.yaml"),
    Case("adopted grade C", "grade: A", "grade: C", "C 级来源不得采用", "按提示改正", at="- id"),
    Case("adopted grade R", "grade: A", "grade: R", "R 级来源不得采用", "按提示改正", at="- id"),
    Case("C in a component", "on: fund}", "on: fund, " + OF_NEWS.replace("GRADE", "C"), "引用了 C 级来源 NEWS", "未采用的口径"),
    Case("R in a component", "retired: 70%}", "retired: 70%, " + OF_NEWS.replace("GRADE", "R"), "引用了 R 级来源 NEWS", "未采用的口径"),
    Case("conflict not registered", "adopted: true", "adopted: true\n    contests: [E-98]", "冲突 E-98 未登记", "conflicts.yaml", at="contests"),
    # dates
    Case("day that is none", "from: 2024-01-01", "from: 2024-02-30", "不是日期", "按提示改正"),
    Case("number for a day", "checked: 2026-01-01", "checked: 86400", "不是日期", "按提示改正"),
    Case("moment for a day", "from: 2024-01-01", "from: 2024-01-01 10:00:00", "不是日期", "按提示改正"),
    Case("unknown, never seen", "{from: 2024-01-01}", "{from: unknown}", "须同时写 seen", "按提示改正"),
    Case("month that is none", "{from: 2024-01-01}", "{from: unknown, seen: 2025-13}", "来源只写到月或年的", "按提示改正"),
    Case("until before the year in which it was seen", "{from: 2024-01-01}", "{from: unknown, seen: 2025, until: 2024-12-31}", "until 早于", "按提示改正"),
    Case("seen unknown", "{from: 2024-01-01}", "{from: unknown, seen: unknown}", "不是日期", "按提示改正"),
    Case("until before from", "{from: 2024-01-01}", "{from: 2024-01-01, until: 2023-12-31}", "until 早于", "按提示改正"),
    # amounts and shares
    Case("more than all", "retired: 70%", "retired: 100.1%", "不是有效的比例（应在 0% 与 100% 之间）", "按提示改正"),
    Case("less than nothing", "retired: 70%", "retired: -1%", "应在 0% 与 100% 之间", "按提示改正"),
    Case("share without sign", "retired: 70%", "retired: 70", "应写作百分数", "按提示改正"),
    Case("share list", "share: {active: {primary: 65%, tertiary: 55%}, retired: 70%}", "share: [65%]", "写法不在允许之列", "policy-language"),
    Case("empty share", "share: {active: {primary: 65%, tertiary: 55%}, retired: 70%}", "share: {}", "比例须写成", "按提示改正"),
    Case("two forms of an amount", "{yuan: 2000,", "{yuan: 2000, active: {yuan: 1},", "三者只取其一", "按提示改正"),
    Case("no amount", "{yuan: 2000,", "{", "三者只取其一", "按提示改正"),
    Case("thousandth of a yuan", "yuan: 2000", "yuan: 2000.001", "最多 2 位小数", "按提示改正"),
    Case("negative amount", "yuan: 2000", "yuan: -2000", "不能为负", "按提示改正"),
    Case("range upside down", "yuan: 2000", "between: [5, 4]", "下限须小于上限", "按提示改正"),
    Case("range of three", "yuan: 2000", "between: [4, 5, 6]", "内容太多", "删去"),
    Case("deductible as range", "yuan: 300", "between: [200, 300]", "起付线不能写成区间", "按提示改正"),
    Case("deductible range in a branch", "{yuan: 300,", "{active: {between: [2, 3]},", "起付线不能写成区间", "按提示改正"),
    Case("period", "per: year, on", "per: decade, on", "per：取值不在规定范围", "year、quarter、month、visit"),
    Case("ceiling on what", ", on: fund}", "}", "on：缺少必需的键", "补上它"),
    Case("no ceilings listed", "ceiling: {yuan: 2000, per: year, on: fund}", "ceiling: []", "内容太少", "至少写一项"),
    Case("word for no ceiling", "ceiling: {yuan: 2000, per: year, on: fund}", "ceiling: nothing", "不在规定范围", "none"),
    # regions and diseases
    Case("region", "pool: 360100", "pool: 999999", "区划代码 999999 不存在", "核对医保区划代码"),
    Case("disease", "{M03900: {class: I}}", "{M99999: {class: I}}", "病种代码 M99999 不存在", "chronic_diseases.csv", pack=CHRONIC),
    Case("disease class", "{M03900: {class: I}}", "{M03900: {class: II}}", "类别 II 未在 classes 中定义", "补上该类别", pack=CHRONIC),
    Case(
        "part of no list", "    classes: {I: {}}\n    diseases: {M03900: {class: I}}\n", "    list: part\n",
        "list: part 只与 diseases 一起写", "按提示改正", at="- id", pack=CHRONIC,
    ),
    Case(
        "part of an empty list", "    classes: {I: {}}\n    diseases: {M03900: {class: I}}\n", "    list: part\n    diseases: {}\n",
        "list: part 只与 diseases 一起写", "按提示改正", at="- id", pack=CHRONIC,
    ),
    Case("no rule", HEAD + RULE, HEAD.replace("rules:\n", "rules: []\n"), "rules：内容太少", "至少写一项", at="rules"),
    Case("example's name", "{id: X,", "{id: '',", "不能为空", "写一个词", pack=HEAD + RULE + EXAMPLE),
    Case("example's age", "expect: {fund: 65}", "age: 151, expect: {fund: 65}", "数字太大", "改小", pack=HEAD + RULE + EXAMPLE),
    Case("disease settled nationally", "note: ten", "settled_nationally: [M00001]", "M00001 不存在", "核对", pack=CHRONIC),
    # filing
    Case("upfront without order", ", order: upfront-first", "", "须写明与起付线的先后 order", "按提示改正", at="referral: {mode", pack=FILING),
    Case("order without upfront", "mode: upfront,", "mode: points,", "须写明与起付线的先后 order", "按提示改正", pack=FILING),
    Case("none with a ratio", "long-term: {mode: none}", "long-term: {mode: none, ratio: 5%}", "mode: none 不带 ratio", "按提示改正", pack=FILING),
    Case("mode without a ratio", "long-term: {mode: none}", "long-term: {mode: factor}", "mode: none 不带 ratio", "按提示改正", pack=FILING),
    Case("too many points", "mode: upfront, ratio: 10%, order: upfront-first", "mode: points, ratio: 10.5%", "超过全国规定的降幅上限 10%", "核对", pack=NATION),
    Case("channels twice", BACK, "channels: [大厅]", "“channels”有两条已采用", "只采用一条", at="in_force", pack=FILED_TWICE),
    Case("papers twice", BACK, "claim_materials: [invoice]", "“claim_materials”", "只采用", at="in_force", pack=FILED_TWICE),
    Case("papers of a stay twice", BACK, "inpatient_claim_materials: [invoice]", "“inpatient_claim_materials”", "只采用", at="in_force", pack=FILED_TWICE),
    Case("unfiled twice", BACK, "unfiled: {direct: true}", "“unfiled”有两条已采用", "只采用", at="in_force", pack=FILED_TWICE),
    Case("exempt twice", BACK, "exempt: [{between: same-province}]", "“exempt”", "只采用", at="in_force", pack=FILED_TWICE),
    Case("mode", "mode: upfront, ratio: 10%, order: upfront-first", "mode: less, ratio: 10%", "mode：取值不在", "factor、upfront", pack=FILING),
    Case("material", "[id-card]", "[library-card]", "不在规定范围", "id-card", pack=FILING),
    Case("materials nobody can bring", "[id-card]", "[[]]", "内容太少", "至少写一项", pack=FILING),
    Case("months", "valid: 6", "valid: 0", "取值不在规定范围", "until-cancelled、per-filing，或写成正数", pack=FILING),
    Case("benefit in a filing pack", "unfiled: {direct: false}", "share: 70%", "不认识的键", "删去它", pack=FILING),
    Case("exempt region", "[360100, 360400]", "[360100, 999999]", "区划代码 999999 不存在", "核对医保区划代码", at="between", pack=EXEMPT),
    # examples
    Case("example's amount", "expect: {fund: 65}", "expect: {fund: 65%}", "不是有效的金额", "按提示改正", pack=HEAD + RULE + EXAMPLE),
    Case("standing of another scheme", "retired: 70%", "adult: 70%", "职工医保没有“成年居民”（adult）", "改成 active、retired"),
    Case("example's standing", "standing: active", "standing: minor", "没有“未成年居民”（minor）", "改成 active、retired", pack=HEAD + RULE + EXAMPLE),
    Case("example's field", "expect: {fund: 65}", "expect: {funds: 65}", "不在规定范围", "upfront_at_home、away_upfront", pack=HEAD + RULE + EXAMPLE),
    # versions of one rule
    Case("id twice", "id: two", "id: one", "规则编号 one 重复", "唯一的编号", at="id: one", pack=VERSIONS),
    Case("overlap", "{from: 2025-01-01}", "{from: 2024-12-31}", "有两条已采用的规则（one、two），日期重叠", "写明 until", pack=VERSIONS),
    Case("overlap without end", UNTIL_2024, "{from: 2024-01-01} # open", "日期重叠", "只采用一条", at="2025-01-01}", pack=VERSIONS),
    Case("two of one reading", "reading: law2", "reading: law", "口径“law”有两条规则（one、two）都规定", "另取口径名", at="from: 2024", pack=TWO_OTHERS),
    Case("an adopted one and another", "reading: law2", "reading: law", "口径“law”有两条规则（one、two）都规定", "另取", at="from: 2024", pack=ONE_OTHER),
    Case("gap", "{from: 2025-01-01}", "{from: 2025-01-03}", "在 2025-01-01 至 2025-01-02 没有规则（前后两条为 one、two）", "补上这段日期", pack=VERSIONS),
    # deductibles and stays
    Case("repeat without a floor", ", floor: {yuan: 200}", "", "less 须写明最低额 floor", "按提示改正", at="less: 100", pack=STAY),
    Case(
        "two forms of repeat", "less: 100, floor: {yuan: 200}",
        "less: 100, floor: {yuan: 200}, times: [50%]",
        "times、less、amounts 之一", "按提示改正", at="repeat", pack=STAY,
    ),
    Case("repeat of a yearly deductible", "yuan: 500, per: visit", "yuan: 500, per: year", "只用于按次的起付线", "按提示改正", at="repeat", pack=STAY),
    Case("repeat outside hospital", "benefit: inpatient", "benefit: general-outpatient", "repeat 只用于住院", "移到住院规则包", at="repeat", pack=STAY),
    Case("stays outside hospital", "per: year}", "per: visit, where: [{stay_from: 2, to: 0}]}", "stay_from 只用于住院", "移到住院规则包", at="stay_from"),
    Case("fifth stay", "stay_from: 4", "stay_from: 5", "数字太大", "改小", at="stay_from", pack=STAY),
    Case("exception without effect", "{stay_from: 4, to: 0}", "{stay_from: 4}", "恰好写一种改动", "按提示改正", at="stay_from", pack=STAY),
    Case("exception with two effects", "{stay_from: 4, to: 0}", "{stay_from: 4, to: 0, less: 1}", "恰好写一种改动", "按提示改正", at="stay_from", pack=STAY),
    Case("exception for nobody", "{stay_from: 4, to: 0}", "{to: 0}", "须写明条件", "按提示改正", at="to: 0", pack=STAY),
    Case("ages upside down", "{stay_from: 4, to: 0}", "{age_from: 70, age_to: 6, to: 0}", "age_to 小于 age_from", "按提示改正", at="age_from", pack=STAY),
    Case("trait", "{standing: retired, person_times: 60%}", "{trait: tall, plus: 5%}", "不在规定范围", "family-doctor", at="trait", pack=STAY),
    Case(
        "exception for a standing of another scheme", "standing: retired, person",
        "standing: senior, person",
        "没有“老年居民”（senior）", "改成 active、retired", at="senior", pack=STAY,
    ),
    # shares in bands, by reference
    Case("bands without a position", ", position: with-deductible", "", "bands 须写明 per 与 position", "按提示改正", at="share", pack=STAY),
    Case(
        "bands upside down", "{to: 30000, share: 85%}, {share: 90%}",
        "{to: 30000, share: 85%}, {to: 20000, share: 90%}, {share: 95%}",
        "由小到大", "按提示改正", at="bands", pack=STAY,
    ),
    Case("equal limits of bands", "{share: 90%}]", "{to: 30000, share: 90%}, {share: 95%}]", "互不相等", "按提示改正", at="bands", pack=STAY),
    Case("open band before the last", "{share: 90%}]", "{share: 90%}, {share: 95%}]", "只有最后一档不写 to", "按提示改正", at="bands", pack=STAY),
    Case("last band with a limit", "{share: 90%}]", "{to: 40000, share: 90%}]", "最后一档不写 to", "按提示改正", at="bands", pack=STAY),
    Case("one band", "[{to: 30000, share: 85%}, {share: 90%}]", "[{share: 90%}]", "内容太少", "至少写一项", at="bands", pack=STAY),
    Case("bands and a table", "share: {bands", "share: {retired: 90%, bands", "bands、as 之一", "按提示改正", at="share", pack=STAY),
    Case("share of what", "{as: inpatient}", "{as: dental}", "不在规定范围", "general-outpatient、chronic-disease", at="dental", pack=LISTED, beside=STAY),
    Case("share of itself", "{as: inpatient}", "{as: chronic-disease}", "引用了自己", "写明比例", at="as:", pack=LISTED, beside=STAY),
    Case(
        "share by reference in a layer", "{bands: [{to: 50000, share: 60%}, {share: 70%}], per: year, position: after-deductible}",
        "{as: inpatient}",
        "各层的比例不能引用", "写明比例", at="share", pack=ABOVE, beside=STATED,
    ),
    # ceilings
    Case(
        "category by year", "per: visit, on: cost, category",
        "per: year, on: cost, category",
        "category 只用于按次", "按提示改正", at="category", pack=VILLAGE,
    ),
    Case("category in hospital", "benefit: general-outpatient", "benefit: inpatient", "只用于门诊", "移到门诊", at="category", pack=VILLAGE),
    Case(
        "category with a deductible", "deductible: none",
        "deductible: {yuan: 50, per: year}",
        "先从哪一类费用扣没有写明", "deductible: none", at="category", pack=VILLAGE,
    ),
    Case(
        "category with a deductible for some", "deductible: none",
        "deductible: {yuan: 0, per: year, where: [{trait: hardship, to: 300}]}",
        "先从哪一类费用扣没有写明", "deductible: none", at="category", pack=VILLAGE,
    ),
    Case("ceiling of a disease where there is none", "per: year, on: fund}", "per: year, on: fund, scope: disease}", "不分病种", "改成 benefit"),
    Case("stacking of nothing", "on: fund, scope: disease", "on: fund", "没有一条封顶线写明 scope: disease", "scope: disease", at="stacking", pack=STATED),
    Case("stacking where there are no diseases", "ceiling: {yuan: 2000, per: year, on: fund}", "stacking: {how: sum}", "不能写 stacking", "删去它"),
    Case("stacking without its amount", "{how: add, yuan: 1200}", "{how: add}", "how: add 须写 yuan", "按提示改正", at="stacking", pack=STATED),
    Case("incentive without an end", ", at_most: 20%", "", "at_most：缺少必需的键", "补上它", at="incentive", pack=ABOVE, beside=STATED),
    # listed diseases and drugs
    Case("class of drugs", "B: {class: B}", "B: {class: C}", "类别 C 未在 classes 中定义", "补上该类别", at="diseases", pack=DRUGS),
    Case("diseases in a general benefit", "deductible: {yuan: 300, per: year}", "classes: {A: {}}", "不分病种，不能写 classes", "删去它"),
    Case("upfront in a general benefit", "deductible: {yuan: 300, per: year}", "upfront: 10%", "不能写 upfront", "就医地目录"),
    Case(
        "one disease in two classes", "{class: II, ceiling: none}",
        "{class: I, ceiling: none}",
        "列入不同的类别", "只采用一条", at="class: I, ceiling", pack=TWICE_LISTED,
    ),
    # layers and accounts
    Case("layer over nothing known", "[inpatient,", "[dental,", "不是待遇", "inpatient", at="over", pack=ABOVE, beside=STATED),
    Case(
        "layer over a class that is none", "chronic-disease:I\"",
        "chronic-disease:III\"",
        "类别没有规则包定义", "classes", at="over", pack=ABOVE, beside=STATED,
    ),
    Case("layer on what", "base: person,", "base: bill,", "不在规定范围", "person、person-and-upfront、beyond-ceiling", at="base", pack=ABOVE, beside=STATED),
    Case(
        "layer merged into hospital", "on: fund, incentive",
        "on: fund, scope: inpatient, incentive",
        "有自己的累计", "改成 benefit", at="scope", pack=ABOVE, beside=STATED,
    ),
    Case(
        "two layers of one fund", "share: 60%",
        "layer: {base: person, over: [inpatient]}",
        "“layer”有两条已采用的规则（360100-0、360100-1），日期重叠", "只采用一条", at="in_force", pack=LAYERS_TWICE,
    ),
    Case("layer in a benefit", "deductible: {yuan: 300, per: year}", "layer: {base: person, over: [inpatient]}", "不认识的键", "删去它"),
    Case("account pays what", "[in-scope, upfront]", "[in-scope, wine]", "不在规定范围", "excluded", at="own", pack=ACCOUNTS),
    Case("account pays twice", "[in-scope, upfront]", "[in-scope, in-scope]", "pays 中有重复的项", "按支付次序", at="own", pack=ACCOUNTS),
    Case("account without a part", "[in-scope, upfront]", "[]", "内容太少", "至少写一项", at="own", pack=ACCOUNTS),
    # packs together
    Case(
        "factor that is not exact", "ratio: 50%",
        "ratio: 80%",
        "不能精确到百万分之一", "核对系数与比例", at="adjustment", pack=AWAY, beside=HEAD + RULE.replace("70%", "33.3334%"),
    ),
    Case(
        "reference that leads on", "{as: inpatient}",
        "{as: general-outpatient}",
        "又引用别处", "写明比例", at="as:", pack=LISTED, beside=(pack("share: {as: inpatient}"), STAY),
    ),
    # matters besides benefits
    Case("newborn", "next_day_within_days: 365", "next_day_within_days: 30", "next_day_within_days 小于", "核对两个天数", at="newborn", pack=COVER),
    Case("rate twice", "payer: person", "payer: employer", "养老保险由单位缴纳的费率写了两次", "只保留一处", at="rates", pack=PAID_IN),
    # dates of sources
    Case("seen after it was looked at", "{from: 2024-01-01}", "{from: unknown, seen: 2026-02-01}", "晚于核对日", "核对两个日期"),
    Case(
        "component seen after it was looked at", "on: fund}",
        "on: fund, source: {id: LAW, clause: x, grade: A, checked: 2026-01-01, seen: 2027}}",
        "晚于核对日", "核对两个日期",
    ),
]  # fmt: skip


def line_of(text: str, words: str) -> int:
    """The last line on which the words stand."""
    return max(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_with_file_line_and_remedy(case: Case, tmp_path: Path) -> None:
    assert case.pack.count(case.good) >= 1
    assert faults_of(tmp_path, city=case.pack, **case.others) == []
    bad = case.bad.join(case.pack.rsplit(case.good, 1))
    faults = faults_of(tmp_path, city=bad, **case.others)
    assert faults, "the fault was not found"
    first = faults[0]
    assert str(first).startswith(
        f"[POLICY-PACK] {tmp_path / 'packs' / 'city.yaml'}:{first.details['line']}: "
    )
    assert case.says in first.details["what"]
    assert case.remedy in first.details["remedy"]
    place = case.at or case.bad.strip().splitlines()[0]
    assert first.details["line"] == line_of(bad, place)
    assert "Input" not in first.message, "a message of the library's own reached the reader"
    with pytest.raises(PackProblem) as raised:
        load(tmp_path)
    assert str(raised.value) == str(first)


def test_every_fault_of_a_folder_is_told(tmp_path: Path) -> None:
    bad = (HEAD + RULE).replace("grade: A", "grade: D").replace("70%", "170%")
    faults = faults_of(tmp_path, one=bad, two="pool: [")
    assert [(fault.details["file"].name, fault.details["line"]) for fault in faults] == [
        ("one.yaml", 9),
        ("one.yaml", 11),
        ("two.yaml", 2),
    ]


def test_a_list_of_what_is_none_is_not_short_too(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, city=ACCOUNTS.replace("[in-scope, upfront]", "[wine]"))
    assert "不在规定范围" in fault.details["what"]


def test_two_files_for_one_benefit(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, one=HEAD + RULE, two=HEAD + RULE)
    assert [fault.details["file"].name for fault in faults] == ["two.yaml"]
    assert "one.yaml 是同一统筹区、险种与待遇" in faults[0].message


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "only words\n", "\ufffe\n", "[" * 3000])
def test_a_file_that_is_no_pack(text: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, city=text)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "packs" / "city.yaml").write_bytes(b"pool: \xff\xfe")
    with pytest.raises(PackProblem, match=r"city\.yaml:1: 不是有效的 YAML"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["sources.yaml", "conflicts.yaml"])
def test_a_missing_register(name: str, tmp_path: Path) -> None:
    write(tmp_path, city=HEAD + RULE)
    (tmp_path / name).unlink()
    with pytest.raises(PackProblem, match=rf"{name}:1: 文件不能读取"):
        load(tmp_path)


def test_a_fault_in_a_register(tmp_path: Path) -> None:
    write(tmp_path, city=HEAD + RULE)
    (tmp_path / "sources.yaml").write_text(
        "LAW:\n  title: 某市医保办法\n  isued: 2024-01-01\n", encoding="utf-8"
    )
    with pytest.raises(PackProblem, match=r"sources\.yaml:3: LAW\.isued：不认识的键"):
        load(tmp_path)


@pytest.mark.parametrize(("today", "faults"), [(date(2026, 1, 1), 0), (date(2025, 12, 31), 1)])
def test_a_source_looked_at_tomorrow(today: date, faults: int, tmp_path: Path) -> None:
    book = load(write(tmp_path, city=HEAD + RULE))
    found = list(check_looked_at(book.packs.values(), today))
    assert [fault.details["line"] for fault in found] == [9] * faults
    assert all("晚于今天" in fault.message for fault in found)
