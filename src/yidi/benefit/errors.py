"""Why a bill cannot be computed."""

from yidi.values.errors import Refusal


class AmountMismatch(Refusal):
    """A line whose amount is not count × price."""

    code = "BENEFIT-LINE-AMOUNT"
    zh = (
        "费用明细 {serial}（{name}）的金额 {amount} 元不等于数量 × 单价 = {expected} 元。"
        "请核对数量、单价与金额后重新上传；金额按四舍五入保留两位小数。"
    )
    en = (
        "Line {serial} ({name}): the amount {amount} yuan is not count × price = {expected} yuan. "
        "Check the three figures and send the line again; amounts are rounded half-up to two decimals."
    )


class BadParts(Refusal):
    """Parts of a bill that do not add up to its total."""

    code = "BENEFIT-PARTS"
    zh = "总费用 {total} 元与各部分之和 {sum} 元不符。请核对全自费、超限价、先行自付三项。"
    en = "The total {total} yuan is not the sum of its parts {sum} yuan. Check the excluded, over-limit and upfront parts."


class CeilingNotKnown(Refusal):
    """The year's payments pass the figure up to which the ceiling is known."""

    code = "BENEFIT-CEILING-UNKNOWN"
    zh = (
        "本次支付后“{scope}”累计 {reached} 元，超过来源给出的限额区间下限 {certain} 元（区间上限 {upper} 元），"
        "确切限额没有来源，不作猜测，不能计算。请由参保地经办机构（12393）核定限额后再办理。"
    )
    en = (
        "After this payment “{scope}” would stand at {reached} yuan, beyond {certain} yuan, the lower end of the range "
        "({upper} yuan its upper end) that the source gives; the exact ceiling of this disease has no source. "
        "Ask the home agency (12393) to fix the ceiling first."
    )


class InexactShare(Refusal):
    """A share and a factor whose product is no whole number of parts per million."""

    code = "BENEFIT-SHARE-INEXACT"
    zh = "比例 {share} 乘系数 {factor} 不能精确表示为百万分之几，不能计算。请核对规则包中的比例与系数。"
    en = "The share {share} times the factor {factor} is no whole number of parts per million. Check the pack's figures."


class BillTooLarge(Refusal):
    """A bill beyond what the engine computes exactly everywhere."""

    code = "BENEFIT-TOO-LARGE"
    zh = "金额 {amount} 元超过可计算的上限 {most} 元。请核对金额；确属如此的，拆分后办理。"
    en = "The amount {amount} yuan is beyond {most} yuan, the most that is computed. Check it, or split the bill."


class CategoriesExceed(Refusal):
    """Amounts by category of fee that together pass the amount in scope."""

    code = "BENEFIT-CATEGORIES-SUM"
    zh = "分列的各类金额合计 {sum} 元，超过政策范围内金额 {in_scope} 元。请核对分列的金额。"
    en = "The amounts by category come to {sum} yuan, more than the {in_scope} yuan in scope. Check them."


class CategoriesNeeded(Refusal):
    """A rule with ceilings on some fees, and a bill whose fees are not told apart."""

    code = "BENEFIT-CATEGORIES"
    zh = "该规则对{categories}单独限额，账单没有分列，不能计算。请分列{categories}的政策范围内金额后重试。"
    en = "The rule limits {categories_en} apart; the bill does not tell them apart. Give their amounts in scope."
