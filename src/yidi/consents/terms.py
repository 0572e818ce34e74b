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
