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
    zh = "{on} 有两条已采用的规则都规定了“{parameter}”：{first} 与 {second}。请在规则包中只采用其中一条。"
    en = "On {on} two adopted rules both state the {parameter}: {first} and {second}. Adopt only one of them."


class UnknownReading(Refusal):
    """A reading was asked for by a name that no rule carries."""

    code = "POLICY-READING"
    zh = "没有名为“{reading}”的口径；可用的口径：{known}。"
    en = "No rule carries the reading {reading}; known readings: {known}."


class DiseaseNotCovered(Refusal):
    """The pool's list of chronic diseases does not hold this disease."""

    code = "POLICY-DISEASE"
    zh = "{pool} {scheme}的门诊慢特病病种中没有 {disease}，不能按门诊慢特病计算。请改按普通门诊，或向参保地经办机构核实病种。"
    en = (
        "{disease} is not among the chronic diseases of {pool} ({scheme}). "
        "Settle it as general outpatient care, or ask the home agency about the disease."
    )
