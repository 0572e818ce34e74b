"""What moves in clearing, and how a comparison comes out."""

from yidi.values.terms import Term
from yidi.values.transitions import Transitions


class Moving(Term):
    APPLICATION = "application", "清算申请", "clearing application"
    CONFIRMATION = "confirmation", "清分确认", "confirmation of an allocation"
    MONTH = "month", "清分月份", "month of allocation"


class ApplicationState(Term):
    APPLIED = "applied", "已申请", "applied for"
    WITHDRAWN = "withdrawn", "已撤销", "withdrawn"
    TAKEN_UP = "taken-up", "已受理", "taken up"


class ConfirmationState(Term):
    CONFIRMED = "confirmed", "已确认", "confirmed"
    ROLLED_BACK = "rolled-back", "已回退", "rolled back"


class MonthState(Term):
    OPEN = "open", "清分中", "open"
    CLOSED = "closed", "已关账", "closed"


APPLICATION_TRANSITIONS = Transitions(
    Moving.APPLICATION,
    {ApplicationState.APPLIED: (ApplicationState.WITHDRAWN, ApplicationState.TAKEN_UP)},
)
CONFIRMATION_TRANSITIONS = Transitions(
    Moving.CONFIRMATION, {ConfirmationState.CONFIRMED: (ConfirmationState.ROLLED_BACK,)}
)
MONTH_TRANSITIONS = Transitions(Moving.MONTH, {MonthState.OPEN: (MonthState.CLOSED,)})


class MonthFault(Term):
    """Why nothing can be done about a month."""

    MISSPELT = (
        "misspelt",
        "应写作四位年、两位月，如 2026、01",
        "write the year in four digits, the month in two",
    )
    TO_COME = "to-come", "这个月还没有到", "it has not begun"
    GOING_ON = "going-on", "这个月还没有结束", "it has not ended"


class Scope(Term):
    """What a provider had compared."""

    TOTALS = "totals", "对总账", "totals"
    RECORDS = "records", "对明细账", "records"


class Outcome(Term):
    """How two sides compare."""

    EQUAL = "equal", "平", "equal"
    CENTRE_MORE = "centre-more", "中心多", "more at the centre"
    PROVIDER_MORE = "provider-more", "医药机构多", "more at the provider"
    DIFFERENT = "different", "数据不一致", "data differ"


class Amount(Term):
    """What is compared: a number of records, or fen."""

    COUNT = "count", "笔数", "records"
    TOTAL = "total", "医疗费总额", "total"
    IN_SCOPE = "in-scope", "政策范围内金额", "part in scope"
    FUND = "fund", "基金支付总额", "paid by the funds"
    ACCOUNT = "account", "个人账户支出", "paid from the account"
    CASH = "cash", "现金支付", "paid in cash"
