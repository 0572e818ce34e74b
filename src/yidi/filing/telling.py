"""What people are told of their filings."""

from typing import Any

from yidi.notices.services import tell_of_move


def told(filing: Any, move: str) -> None:
    """Tell the person of a move of their filing.

    A filing that takes effect at once is told of once, when it does. One that takes the place of another is told of as
    renewed, or as changed where its kind or place is new.
    """
    from yidi.filing.queries import rule_of  # which reads the states, which read this

    if move == "submitted" and not filing.asked and rule_of(filing).effect == "instant":
        return
    old = filing.replaces
    if move == "active" and old is not None:
        same = (old.kind, old.care_region) == (filing.kind, filing.care_region)
        move = "renewed" if same else "changed"
    tell_of_move(
        filing.coverage.person,
        "filing",
        move,
        filing.number,
        kind=filing.kind,
        care=filing.care_region,
        reason=filing.reason,
        starts=filing.starts,
        ends=filing.ends,
    )
