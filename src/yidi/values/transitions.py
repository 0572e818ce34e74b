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
    zh = "{case} 现为“{now}”，不能变为“{wanted}”；此时可以：{allowed}。请刷新后核对办理状态。"
    en = "{case} is “{now}” and cannot become “{wanted}”; allowed now: {allowed}. Reload and check its state."


@dataclass(frozen=True)
class Transitions(Generic[State]):
    """The moves of one kind of case."""

    table: Mapping[State, tuple[State, ...]]

    def check(self, case: str, now: State, wanted: State) -> None:
        """Raises IllegalMove where the table does not lead from `now` to `wanted`. `case` names the case to people."""
        allowed = self.table.get(now, ())
        if wanted not in allowed:
            names = "、".join(state.zh for state in allowed) or "无"
            raise IllegalMove(case=case, now=now.zh, wanted=wanted.zh, allowed=names)
