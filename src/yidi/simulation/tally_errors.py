"""What a tally refuses."""

from yidi.values.errors import Refusal


class TallyFull(Refusal):
    """Amounts that whole numbers of 64 bits could not add up."""

    code = "TALLY-FULL"
    zh = "这批就诊的费用合计将超过 {most} 元，无法再精确累计。请分批计算，或核对费用的单位（应为分）。"
    en = (
        "These visits would bring the total to more than {most} yuan, which cannot be added up exactly. "
        "Count them in parts, or check the unit of the amounts (fen)."
    )


class TallyOfAnotherKind(Refusal):
    """A text or a tally that does not fit."""

    code = "TALLY-KIND"
    zh = "不能读入或合并这份汇总：{why}。请用同一版本、同样的规则重新计算。"
    en = "The tally cannot be read or merged: {why_en}. Compute it anew with one version and the same rules."
