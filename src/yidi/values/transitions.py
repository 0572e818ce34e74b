"""State machines as tables: which state may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from yidi.values.errors import Refusal
from yidi.values.terms import Term

State = TypeVar("State", bound=Term)


class IllegalMove(Refusal):
    """A move that the table of transitions does not allow."""

    code = "CASE-MOVE"
    zh = "{kind} {number} 现为“{now}”，不能变为“{wanted}”；此时可以：{allowed}。请刷新后核对办理状态。"
    en = (
        "The {kind} {number} is “{now}” and cannot become “{wanted}”; allowed now: {allowed_en}. "
        "Reload and check its state."
    )


@dataclass(frozen=True)
class Transitions(Generic[State]):
    """The moves of one kind of case."""

    kind: Term
    table: Mapping[State, tuple[State, ...]]

    def check(self, number: str, now: State, wanted: State) -> None:
        """Raises IllegalMove where the table does not lead from `now` to `wanted`. `number` is the case's own."""
        allowed = self.table.get(now, ())
        if wanted not in allowed:
            raise IllegalMove(
                kind=self.kind,
                number=number,
                now=now,
                wanted=wanted,
                allowed="、".join(state.zh for state in allowed) or "无",
                allowed_en=", ".join(state.en for state in allowed) or "nothing",
            )
