"""What people are told of their applications."""

from typing import Any

from yidi.notices.services import tell_of_move


def told(case: Any, state: str) -> None:
    """Tell the person what their application has come to."""
    tell_of_move(
        case.coverage.person,
        "qualification",
        state,
        case.number,
        disease=case.disease,
        reason=case.reason,
        starts=case.starts,
        ends=case.ends,
    )
