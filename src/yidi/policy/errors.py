"""Why a rule cannot be given."""

from yidi.values.errors import Refusal


class PackProblem(Refusal):
    """A pack that says something it must not, with file, line and remedy."""

    code = "POLICY-PACK"
    zh = "{file}:{line}: {what}。处理办法：{remedy}"
    en = "{file}:{line}: {what}. Remedy: {remedy}"


class MissingParameter(Refusal):
    """No rule in force states a parameter that the answer needs. Missing is not zero."""

    code = "POLICY-MISSING"
    zh = (
        "规则库没有收录{pool}{scheme}{benefit}在 {on} 的“{parameter}”，无法计算，也不作猜测。"
        "请向参保地经办机构（12393）核实。"
    )
    en = (
        "No rule on record for {on} states the {parameter} of {pool}, {scheme}, {benefit}; nothing is computed "
        "and nothing guessed. Ask the home agency (12393)."
    )


class AmbiguousRules(Refusal):
    """Two adopted rules of one layer state the same parameter for the same day."""

    code = "POLICY-AMBIGUOUS"
    zh = (
        "{on} 有两条规则都规定了“{parameter}”：{first} 与 {second}。"
        "请在规则包中只采用其中一条，或按口径名指定用哪一条。"
    )
    en = (
        "On {on} two rules both state the {parameter}: {first} and {second}. "
        "Adopt only one of them, or name the reading to use."
    )


class UnknownReading(Refusal):
    """A reading was asked for by a name that no rule carries."""

    code = "POLICY-READING"
    zh = "没有名为“{reading}”的口径；可用的口径：{known}。"
    en = "No rule carries the reading {reading}; known readings: {known}."


class DiseaseNotCovered(Refusal):
    """The pool's list of chronic diseases does not hold this disease."""

    code = "POLICY-DISEASE"
    zh = "{pool} {scheme}的{benefit}目录中没有 {disease}，不能按{benefit}计算。请改按普通门诊，或向参保地经办机构核实。"
    en = (
        "{disease} is not on the list of {benefit} of {pool} ({scheme}). "
        "Settle it as general outpatient care, or ask the home agency."
    )


class ListKnownInPart(MissingParameter):
    """The list on record does not name the disease, and no source gives the whole list: it may be covered or not."""

    code = "POLICY-LIST-PART"
    zh = (
        "{pool}{scheme}的{benefit}病种目录，现有来源只列出了一部分，其中没有 {disease}；"
        "不能据此判断是否纳入，因此不作计算。请向参保地经办机构（12393）核实该病种是否在目录内。"
    )
    en = (
        "Only part of the list of {benefit} of {pool} ({scheme}) is on record, and that part does not name {disease}: "
        "whether it is covered is not known, and nothing is computed. Ask the home agency (12393) whether it is listed."
    )


class ListNotOnRecord(MissingParameter):
    """No source gives the pool's list of diseases; some may be applied for all the same, and this is none of them."""

    code = "POLICY-LIST-UNKNOWN"
    zh = (
        "{pool}{scheme}的{benefit}病种目录没有来源收录。可以先申请的是全国可跨省直接结算的 {count} 种，"
        "其中没有 {disease}。请向参保地经办机构（12393）核实该病种是否在目录内、怎样申请。"
    )
    en = (
        "No source gives the list of {benefit} of {pool} ({scheme}). The {count} diseases settled directly between "
        "provinces may be applied for all the same, and {disease} is none of them. Ask the home agency (12393) whether "
        "it is covered and how to apply."
    )


class MissingFact(Refusal):
    """A rule turns on something about the person or the provider that is not known. Missing is not no."""

    code = "POLICY-FACT-MISSING"
    zh = "{benefit}的规则取决于{fact}，现在没有登记，不能计算，也不作猜测。请补上这一项后重试。"
    en = "The rule of {benefit} turns on {fact_en}, which is not known. Nothing is guessed: record it and try again."


class NoSuchReference(Refusal):
    """A share that refers to another benefit's, which refers back."""

    code = "POLICY-REFERENCE"
    zh = "{benefit}的比例引用 {other} 的比例，而后者又引用别处，不能计算。请在规则包中写明比例。"
    en = "The share of {benefit} refers to that of {other}, which refers elsewhere again. State the share in the pack."


class MixedStacking(Refusal):
    """Ceilings that are to be stacked count over different periods, or one of them payments and another cost."""

    code = "POLICY-STACKING"
    zh = "规则 {rule} 要叠加病种 {diseases} 的限额，而它们的期限（年、季、月）或对象（基金支付、费用）不同，不能相加。请在规则包中统一写法。"
    en = (
        "The rule {rule} stacks the ceilings of {diseases}, which count over different periods or different things and "
        "cannot be added up. State them alike in the pack."
    )
