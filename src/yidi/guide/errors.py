"""What the guide refuses."""

from yidi.values.errors import Refusal


class StandingOfOtherScheme(Refusal):
    """A standing that the scheme does not know."""

    code = "GUIDE-STANDING"
    zh = "“{standing}”不是{scheme}的人员类别。请改选：{allowed}；或改选险种。"
    en = "“{standing_en}” is no standing of the {scheme_en}. Choose one of: {allowed_en}; or change the scheme."


class DiseaseMissing(Refusal):
    """A chronic-disease question without a disease, or a disease in a question about general care."""

    code = "GUIDE-DISEASE"
    zh = "门诊慢特病必须指明病种，普通门诊不能带病种。请重新选择看病类型。"
    en = "Chronic-disease care needs a disease, general outpatient care takes none. Choose again."


class SituationNotStated(Refusal):
    """A situation that follows from the regions and may not be stated."""

    code = "GUIDE-SITUATION"
    zh = "备案情况不能填“{situation}”：是否在参保地、是否免备案由就医地决定。请改选实际的备案情况。"
    en = "“{situation_en}” cannot be stated: it follows from where the care is given. Choose the filing you have."


class NoRulesForPool(Refusal):
    """A home pool of which the rule book knows nothing but the national layer."""

    code = "GUIDE-NO-RULES"
    zh = "规则库还没有收录 {pool} 的待遇规定，只能给出全国统一的步骤和材料，不能估算金额。请拨打参保地医保热线 {dial} 核实。"
    en = (
        "The rule book does not hold the rules of {pool} yet: only the nationwide steps and papers can be given, "
        "and no amount. Call the insurance hotline of the home region, {dial_en}."
    )
