"""Why an everyday question has no answer."""

from yidi.values.errors import Refusal


class NotYetOpen(Refusal):
    """Paid before the enrolment period of the year opened."""

    code = "COVER-NOT-OPEN"
    zh = "{year} 年度的集中参保期 {opens} 才开始，此前缴费不能计入该年度。请核对年度或缴费日期。"
    en = "Enrolment for {year} opens on {opens}; a payment before does not count for it. Check the year and the day."


class NewbornTooLate(Refusal):
    """Enrolled too late to count as a newborn."""

    code = "COVER-NEWBORN-LATE"
    zh = "出生已超过 {days} 日，不适用新生儿参保规则。请按普通居民的参保与等待期办理。"
    en = "More than {days} days after birth the rule for newborns does not hold. Enrol as any other resident."


class OutsideBase(Refusal):
    """A contribution for which the rate or base is not on record."""

    code = "CONTRIBUTION-RATE"
    zh = "规则库没有收录{insurance}由{payer}缴纳的费率，不能计算。"
    en = "No rate of {insurance} paid by the {payer} is on record; nothing is computed."
