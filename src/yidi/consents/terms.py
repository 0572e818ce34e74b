"""The words of consents."""

from yidi.values.terms import Term


class Relation(Term):
    """How the helper is related to the person."""

    SPOUSE = "spouse", "配偶", "spouse"
    CHILD = "child", "子女", "child"
    PARENT = "parent", "父母", "parent"
    SIBLING = "sibling", "兄弟姐妹", "sibling"
    OTHER = "other", "其他亲属", "other relative"


class Way(Term):
    """How consent was given."""

    ONLINE = "online", "本人在线授权", "given online by the person"
    WINDOW = "window", "窗口当面授权", "given in person at the window"


class Lasting(Term):
    """For how long a person lets a relative act."""

    MONTH = "month", "一个月", "one month"
    YEAR = "year", "一年", "one year"
    OPEN = "open", "一直有效，直到取消", "until taken back"


class Matter(Term):
    """What refusals of moves call it."""

    CONSENT = "consent", "代办授权", "consent"


class State(Term):
    """How far a consent has come. That its last day has passed is a matter of dates, not of states."""

    OFFERED = "offered", "等亲属接受", "waiting for the relative"
    ACCEPTED = "accepted", "已授权", "accepted"
    DECLINED = "declined", "亲属未接受", "declined"
    REVOKED = "revoked", "已取消", "taken back"
