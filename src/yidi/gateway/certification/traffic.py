"""The exchanges of a run in their order, and what came before and after."""

from collections.abc import Iterator, Sequence

from yidi.gateway.certification.models import Exchange
from yidi.gateway.faults.kinds import FaultKind

ALL_BATCHES = "0000"


class Traffic:
    """What an institution sent, the oldest first."""

    def __init__(self, institution: str, exchanges: Sequence[Exchange]) -> None:
        self.institution = institution
        self.all: list[Exchange] = []
        for each in exchanges:
            # The second of two deliveries was the bench's, not the sender's.
            last = self.all[-1] if self.all else None
            doubled = each.fault == FaultKind.DUPLICATE and last is not None and last.fault == each.fault
            if not (
                doubled
                and last is not None
                and (last.transaction, last.msgid) == (each.transaction, each.msgid)
            ):
                self.all.append(each)

    def of(self, *transactions: str) -> Iterator[Exchange]:
        """Every message of these transactions."""
        return (each for each in self.all if each.transaction in transactions)

    def done(self, *transactions: str) -> Iterator[Exchange]:
        """Those of them that went through for the first time: a resend is none."""
        seen = set()
        for each in self.of(*transactions):
            key = (each.transaction, each.msgid)
            if each.ok and key not in seen:
                seen.add(key)
                yield each

    def before(self, at: Exchange) -> list[Exchange]:
        """What came before a message, the latest first."""
        return self.all[: self.all.index(at)][::-1]

    def after(self, at: Exchange) -> list[Exchange]:
        """What came after a message, the earliest first."""
        return self.all[self.all.index(at) + 1 :]

    def next_of_visit(self, at: Exchange) -> Exchange | None:
        """What the sender did next about the visit of a message: a 2601 or a query belongs to the message that it names."""
        for each in self.after(at):
            if (each.visit and each.visit == at.visit) or at.msgid in _named(each):
                return each
        return None

    def uploaded(self, at: Exchange) -> tuple[int, list[str]]:
        """Sum in fen and serial numbers of the lines that a visit had when a message came."""
        batches: dict[str, list[Exchange]] = {}
        for each in self.done("2204", "2205"):
            if each.visit != at.visit or self.all.index(each) > self.all.index(at):
                continue
            batch = str(each.asked.get("chrg_bchno", ""))
            if each.transaction == "2204":
                batches.setdefault(batch, []).append(each)
            elif batch == ALL_BATCHES:
                batches.clear()
            else:
                batches.pop(batch, None)
        held = [each for batch in batches.values() for each in batch]
        serials = [serial for each in held for serial in each.asked.get("serials", ())]
        return sum(each.asked.get("sum", 0) for each in held), serials


def _named(each: Exchange) -> tuple[str | None, str | None]:
    """The message that a message is about."""
    return each.asked.get("omsgid"), each.asked.get("medins_setl_id")
