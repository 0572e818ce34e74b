"""What can go wrong between a client and the centre."""

from dataclasses import dataclass

from yidi.values.terms import Term

LONGEST_S = 120
"""Seconds that a message or a reply may be held: longer than clients wait."""


class FaultKind(Term):
    """A kind of fault. Whether the work was done is what a client cannot know."""

    DELAY = "delay", "处理前延迟", "held before any work"
    LATE = "late", "已处理，应答迟到", "work done, reply late"
    DROP_BEFORE = "drop-before", "未处理即断开", "closed before any work"
    DROP = "drop", "已处理，断开而无应答", "work done, closed without reply"
    HALF = "half", "已处理，应答中途断开", "work done, reply cut in the middle"
    HEADERS_ONLY = "headers-only", "已处理，只收到响应头", "work done, headers only"
    DUPLICATE = "duplicate", "报文重复送达", "delivered twice"
    WRONG_AMOUNTS = "wrong-amounts", "应答中一个金额有误", "an amount of the reply wrong"
    ERROR_BEFORE = "error-before", "未处理，HTTP 5xx", "5xx without any work"
    ERROR_AFTER = "error-after", "已处理，HTTP 5xx", "work done, 5xx"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A whole number that shapes a fault."""

    zh: str
    default: int
    allowed: range | tuple[int, ...]

    @property
    def bounds(self) -> str:
        """What is allowed, in Chinese."""
        if isinstance(self.allowed, range):
            return f"{self.allowed[0]} 至 {self.allowed[-1]}"
        return "、".join(map(str, self.allowed))


SECONDS = Parameter("秒数", 10, range(1, LONGEST_S + 1))
STATUS = Parameter("HTTP 状态码", 503, (500, 502, 503, 504))
FEN = Parameter("多出的金额（分）", 1, range(1, 100_000_001))

TAKES: dict[FaultKind, Parameter] = {
    FaultKind.DELAY: SECONDS,
    FaultKind.LATE: SECONDS,
    FaultKind.ERROR_BEFORE: STATUS,
    FaultKind.ERROR_AFTER: STATUS,
    FaultKind.WRONG_AMOUNTS: FEN,
}
"""Kind → its parameter, where it has one."""
REPLY_LOST = frozenset(FaultKind) - {FaultKind.DELAY, FaultKind.DUPLICATE, FaultKind.WRONG_AMOUNTS}
"""After these the sender does not know what became of its message."""
BEFORE_WORK = frozenset({FaultKind.DROP_BEFORE, FaultKind.ERROR_BEFORE})
"""Of such a message the centre never hears."""
