"""What people are told of their claims."""

from typing import Any

from yidi.notices.services import tell_of_move


def told(claim: Any, move: str) -> None:
    """Tell the person of a move of their claim; of an assessment that comes to the same as before they hear once."""
    assessment = claim.assessments.filter(round=claim.appeals).first()
    amount = sum(assessment.funds.values()) if assessment else None
    tell_of_move(
        claim.coverage.person,
        "claims",
        "approved-nothing" if move == "approved" and not amount else move,
        claim.number,
        f"{claim.number} assessed {claim.appeals} {amount}" if move == "assessed" else "",
        amount=amount,
        reason=claim.reason,
    )
