"""What people are told of their applications."""

from typing import Any

from yidi.notices.services import tell_of_move


def told(case: Any, move: str) -> None:
    """Tell the person of a move of their application."""
    tell_of_move(
        case.coverage.person,
        "qualification",
        move,
        case.number,
        disease=case.disease,
        reason=case.reason,
        starts=case.starts,
        ends=case.ends,
    )
