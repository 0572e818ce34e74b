"""Every check of the books finds the fault that is planted for it, and none finds any where there is none."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

import pytest

from tests.accounts.factories import HOSPITAL
from tests.audit.factories import tamper
from tests.claims.factories import a_claim, person_of, start
from tests.clearing.factories import a_confirmation, reconciled
from tests.evidence.factories import a_paper
from tests.filing.factories import a_filing
from tests.people.factories import a_coverage
from tests.policy.factories import book_of, pack
from tests.qualification.factories import a_qualification
from tests.settlement.factories import (
    CHRONIC,
    PLAIN,
    SHARED,
    World,
    a_catalogue,
    a_hospital,
    a_line,
    a_visit,
    a_world,
    cancelled,
    described,
    settle,
    settled,
)
from yidi.casework.models import Vote
from yidi.claims import services as claims
from yidi.claims.states import State
from yidi.filing.states import State as FilingState
from yidi.ledger.services import used_counters
from yidi.operations.checks import all_checks
from yidi.people.models import Coverage
from yidi.providers.models import Provider
from yidi.qualification.states import State as QualificationState
from yidi.settlement import services

pytestmark = pytest.mark.django_db

OTHER_PERSON = 2
"""Number of a person who never went anywhere."""


@pytest.fixture(autouse=True, scope="module")
def _busy_books(for_the_module: None) -> None:
    """Settlements that stand and one that was cancelled, and claims in every state."""
    world = a_world()
    settled(world, "800.00", invoice="BILL1")
    settled(world, "65.50", CHRONIC, code=SHARED)
    cancelled(settled(world, "900.00", invoice="BILL2"))
    services.reverse(cancelled(settled(world, "20.00")), "R1", HOSPITAL)
    settle(a_visit(world, [a_line(SHARED, "100.00"), a_line("A1", "50.00", "2")]))
    a_confirmation(world.provider, "C1")
    reconciled(world.provider, 0)
    for number, state in enumerate(State):
        a_claim(state, world, invoice=f"INV{number}")
    start(world, "without lines", lines=[])
    undone = a_claim(State.APPROVED, world, invoice="APPEALED")
    claims.appeal(undone, "金额不对", person_of(undone.coverage))
    voted_on()
    succeeded()
    a_paper(a_coverage(OTHER_PERSON).person)


def voted_on() -> None:
    """An application refused by two clerks, and granted by two others on appeal; and one that two clerks refused."""
    granted = a_qualification(QualificationState.APPROVED, a_coverage(7), appeals=1)
    refused = a_qualification(QualificationState.REJECTED, a_coverage(8))
    votes = [(granted, 0, "reject"), (granted, 0, "reject"), (granted, 1, "approve"), (granted, 1, "approve")]
    for number, (case, turn, verdict) in enumerate([*votes, (refused, 0, "approve"), (refused, 0, "reject")]):
        Vote.objects.create(subject=case.number, round=turn, clerk=f"clerk-{number}", verdict=verdict)


def succeeded() -> None:
    """A filing that another one replaced."""
    old = a_filing(FilingState.REPLACED, a_coverage(9), ends=date(2025, 5, 31))
    a_filing(coverage=old.coverage, starts=date(2025, 6, 1), replaces=old)


def found() -> dict[str, list[str]]:
    """Code of each check that found something → the subjects it names."""
    told = {check.code: [finding.subject for finding in check.find()] for check in all_checks()}
    return {code: subjects for code, subjects in told.items() if subjects}


def test_good_books_are_passed_in_silence() -> None:
    assert found() == {}


def test_money_that_counts_in_a_month_as_well_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monthly = "share: 60%\ndeductible: none\nceiling: {yuan: 100, per: month, on: fund}"
    made_up = book_of(
        tmp_path,
        city=pack(monthly),
        filing=pack("unfiled: {direct: false}\nexempt: [{between: same-province}]", benefit="filing"),
    )
    for module in ("ledger.decisions", "settlement.services", "filing.queries"):
        monkeypatch.setattr(f"yidi.{module}.book", lambda: made_up)
    a_catalogue("360000")
    assert settled(World(a_coverage(5), a_hospital(5, "360102")), "900.00").fund == 10_000
    assert found() == {}


def test_what_a_visit_was_settled_as_before_is_no_fault() -> None:
    """Settled as general care, cancelled, and settled again as a chronic disease."""
    world = World(Coverage.objects.earliest("pk"), Provider.objects.get())
    visit = a_visit(world, [a_line(PLAIN, "700.00")])
    cancelled(settle(visit))
    services.withdraw_lines(visit, None, HOSPITAL)
    described(visit, CHRONIC)
    services.add_lines(visit, "B2", [a_line(PLAIN, "700.00")], HOSPITAL)
    settle(visit, batch="B2")
    assert found() == {}


def test_a_ceiling_passed_by_deciding_on_old_counters_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(Coverage.objects.earliest("pk"), Provider.objects.get())
    old = used_counters(world.coverage)
    for module in ("ledger.decisions", "claims.services"):
        monkeypatch.setattr(f"yidi.{module}.used_counters", lambda coverage: old)
    first, second, third = (settled(world, "9000.00") for _ in range(3))
    claim = a_claim(State.PAID, world, invoice="LATE")
    assert first.cut > 0, "the first reached the ceiling"
    assert first.fund == second.fund == third.fund
    assert found() == {"SETL-BASIS": [second.number, third.number], "CLAIM-BASIS": [claim.number]}


def test_every_check_has_a_code_and_says_what_it_holds() -> None:
    codes = [check.code for check in all_checks()]
    assert len(set(codes)) == len(codes)
    assert {fault.check for fault in FAULTS} == set(codes), "a check without a planted fault"
    assert all(check.zh for check in all_checks())


@dataclass(frozen=True)
class Fault:
    """What somebody did to the database, and the check that must find it."""

    name: str
    check: str
    statements: tuple[str, ...]


def _entry(account: str, posting: str = "settlement", change: str = "+ 1") -> str:
    """Change the first entry on that kind of account of that kind of posting."""
    words = {"account": account, "posting": posting, "change": change}
    return Template(
        "UPDATE ledger_entry SET amount = amount $change WHERE id = ("
        "SELECT e.id FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id"
        " JOIN ledger_posting p ON p.id = e.posting_id"
        " WHERE a.kind = '$account' AND p.kind = '$posting' ORDER BY e.id LIMIT 1)"
    ).substitute(words)


WORDS = {
    "first": "id = (SELECT min(id) FROM settlement_settlement WHERE kind = 'settle' AND NOT is_cancelled)",
    "cancelled": "id = (SELECT min(id) FROM settlement_settlement WHERE is_cancelled)",
    "cancellation": "id = (SELECT min(id) FROM settlement_settlement WHERE kind = 'cancel')",
    "reversed": "id = (SELECT min(id) FROM settlement_settlement WHERE kind = 'cancel' AND is_reversed)",
    "restoration": "id = (SELECT min(id) FROM settlement_settlement WHERE kind = 'restore')",
    "moved": "measure = 'fund' AND scope = 'general-outpatient'",
    "last": "id = (SELECT max(id) FROM settlement_settlement WHERE kind = 'settle' AND NOT is_cancelled)",
    "of_claims": "posting_id IN (SELECT posting_id FROM claims_claimassessment WHERE reversal_id IS NULL)",
    "of_disease": "scope = 'chronic-disease:M03900'",
    "other_person": "(SELECT max(id) FROM people_person)",
    "a_file": "id = (SELECT max(id) FROM evidence_paper WHERE blob IS NOT NULL)",
    "one_fen_less": "SET fund = fund - 1, shared = shared + 1, cash = cash + 1",
}
"""What stands for `$first` and so on in the statements below."""

RECOUNT = (
    "UPDATE ledger_counter SET amount = coalesce("
    "(SELECT sum(m.amount) FROM ledger_countermove m WHERE m.counter_id = ledger_counter.id), 0)"
)
"""Make the counters agree with their moves again."""
OTHER_POOL = (
    "UPDATE ledger_account SET region = '360200' WHERE region = '360100'",
    "UPDATE ledger_account SET other = '360200' WHERE other = '360100'",
)
"""Everything that the home pool owes, on another pool's books; all of it balances."""
OTHER_CARE = (
    "UPDATE ledger_account SET other = '440300' WHERE kind = 'due-to'",
    "UPDATE ledger_account SET region = '440300' WHERE kind IN ('due-from', 'provider-payable')",
)

FAULTS = [
    Fault("an entry grew", "LEDGER-BALANCE", (_entry("fund-expense"),)),
    Fault("an entry is gone", "LEDGER-BALANCE", (
        "DELETE FROM ledger_entry WHERE id = (SELECT min(id) FROM ledger_entry)",
    )),
    Fault("a mirror does not mirror", "LEDGER-MIRROR", (
        _entry("fund-expense", "cancel"), _entry("due-to", "cancel", "- 1"),
    )),
    Fault("a mirror is missing an entry pair", "LEDGER-MIRROR", (
        "DELETE FROM ledger_entry WHERE posting_id IN (SELECT id FROM ledger_posting WHERE kind = 'cancel')",
    )),
    Fault("one region's books alone", "LEDGER-REGIONS", (
        _entry("fund-expense"), _entry("due-to", change="- 1"),
    )),
    Fault("owed to nobody", "LEDGER-REGIONS", ("UPDATE ledger_account SET other = '440300' WHERE kind = 'due-to'",)),
    Fault("a counter grew", "LEDGER-COUNTERS", (
        "UPDATE ledger_counter SET amount = amount + 1 WHERE $moved",
    )),
    Fault("a counter was set back", "LEDGER-COUNTERS", ("UPDATE ledger_counter SET amount = 0 WHERE amount > 0",)),
    Fault("a move is gone", "LEDGER-COUNTERS", (
        "DELETE FROM ledger_countermove WHERE id = (SELECT min(id) FROM ledger_countermove)",
    )),
    Fault("a kept rule was rewritten", "LEDGER-RULES", (
        "UPDATE ledger_decisionrule SET canonical = replace(canonical, '\"ppm\":600000', '\"ppm\":700000')",
    )),
    Fault("a kept rule is no rule any more", "LEDGER-RULES", (
        "UPDATE ledger_decisionrule SET canonical = '{}'",
    )),
    Fault("a settlement by a rule that is none any more", "SETL-REPLAY", (
        "UPDATE ledger_decisionrule SET canonical = '{}'",
    )),
    Fault("a settlement says less than was booked", "SETL-BOOKED", (
        "UPDATE settlement_settlement $one_fen_less WHERE $first",
    )),
    Fault("a cancellation says less than was booked", "SETL-BOOKED", (
        "UPDATE settlement_settlement $one_fen_less WHERE $cancellation",
    )),
    Fault("a move and its counter grew together", "SETL-COUNTED", (
        "UPDATE ledger_counter SET amount = amount + 1 WHERE $moved",
        "UPDATE ledger_countermove SET amount = amount + 1 WHERE id = (SELECT min(m.id) FROM ledger_countermove m"
        " JOIN ledger_counter c ON c.id = m.counter_id WHERE $moved)",
    )),
    Fault("a disease counter was never moved", "SETL-COUNTED", (
        "DELETE FROM ledger_countermove WHERE counter_id IN (SELECT id FROM ledger_counter WHERE $of_disease)",
        "DELETE FROM ledger_counter WHERE $of_disease",
    )),
    Fault("settlements count for another person", "SETL-COUNTED", (
        "UPDATE ledger_counter SET person_id = $other_person",
    )),
    Fault("settlements count in another pool", "SETL-COUNTED", ("UPDATE ledger_counter SET pool = '360200'",)),
    Fault("a cancellation takes nothing back", "SETL-COUNTED", (
        "DELETE FROM ledger_countermove WHERE posting_id IN (SELECT id FROM ledger_posting WHERE kind = 'cancel')",
        RECOUNT,
    )),
    Fault("a cancellation takes no count back", "LEDGER-MIRROR", (
        "DELETE FROM ledger_countermove WHERE posting_id IN (SELECT id FROM ledger_posting WHERE kind = 'cancel')",
        RECOUNT,
    )),
    Fault("settlements booked to another pool", "SETL-BOOKED", OTHER_POOL),
    Fault("settlements owed to another care region", "SETL-BOOKED", OTHER_CARE),
    Fault("another provider is owed by each settlement", "SETL-BOOKED", (
        "UPDATE ledger_account SET other = 'H31010600099' WHERE kind = 'provider-payable'",
    )),
    Fault("a settlement on counters of before", "SETL-BASIS", (
        "UPDATE settlement_settlement SET used_before = '[[\"general-outpatient\", \"deductible\", \"2025\", 0],"
        " [\"general-outpatient\", \"fund\", \"2025\", 0]]' WHERE $last",
    )),
    Fault("a settlement on no counters", "SETL-BASIS", (
        "UPDATE settlement_settlement SET used_before = '[]' WHERE $last",
    )),
    Fault("a settlement on unreadable counters", "SETL-BASIS", (
        "UPDATE settlement_settlement SET used_before = '[1]' WHERE $last",
    )),
    Fault("a settlement by the rule of another scheme", "SETL-BASIS", (
        "UPDATE people_coverage SET scheme = 'resident', standing = 'adult'",
    )),
    Fault("a used invoice is not in the register", "SETL-INVOICES", (
        "DELETE FROM ledger_invoice WHERE use = 'settlement'",
    )),
    Fault("a used invoice has another number in the register", "SETL-INVOICES", (
        "UPDATE ledger_invoice SET number = 'BILL3' WHERE use = 'settlement'",
    )),
    Fault("an invoice of a visit that is not settled", "SETL-INVOICES", (
        "INSERT INTO ledger_invoice (number, use, subject) VALUES ('BILL3', 'settlement', '000000000099')",
    )),
    Fault("the deductible of a settlement changed", "SETL-REPLAY", (
        "UPDATE settlement_settlement SET deductible = deductible - 1, shared = shared + 1 WHERE $first",
    )),
    Fault("another provider is owed", "SETL-PROVIDERS", (
        "UPDATE ledger_account SET other = 'H31010600099' WHERE kind = 'provider-payable'",
    )),
    Fault("cancelled without a cancellation", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET is_cancelled = (1 = 1) WHERE $first",
    )),
    Fault("a cancellation of something that stands", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET is_cancelled = (1 = 0) WHERE $cancelled",
    )),
    Fault("a cancellation of another amount", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET total = total + 1, excluded = excluded + 1, cash = cash + 1 WHERE $cancellation",
    )),
    Fault("a cancellation by other steps", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET away_upfront = 1, shared = shared - 1 WHERE $cancellation",
    )),
    Fault("a reversed cancellation counts again", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET is_reversed = (1 = 0) WHERE $reversed",
    )),
    Fault("a cancellation is reversed by nothing", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET is_reversed = (1 = 1) WHERE $cancellation",
    )),
    Fault("a restoration of another amount", "SETL-CANCELS", (
        "UPDATE settlement_settlement SET total = total + 1, excluded = excluded + 1, cash = cash + 1 WHERE $restoration",
    )),
    Fault("a restored settlement is booked nowhere", "SETL-BOOKED", (
        "DELETE FROM ledger_entry WHERE posting_id IN (SELECT id FROM ledger_posting WHERE kind = 'restore')",
    )),
    Fault("a line was split otherwise", "SETL-LINES", (
        "UPDATE settlement_visitline SET excluded = excluded + 1, in_scope = in_scope - 1"
        " WHERE id = (SELECT min(id) FROM settlement_visitline)",
    )),
    Fault("a settlement was split otherwise", "SETL-LINES", (
        "UPDATE settlement_settlement SET excluded = 1, in_scope = in_scope - 1, shared = shared - 1 WHERE $first",
    )),
    Fault("a line grew", "SETL-LINES", (
        "UPDATE settlement_visitline SET amount = amount + 1, in_scope = in_scope + 1"
        " WHERE id = (SELECT min(id) FROM settlement_visitline)",
    )),
    Fault("all lines are gone", "SETL-LINES", (
        "DELETE FROM settlement_visitline WHERE visit_id = (SELECT visit_id FROM settlement_settlement WHERE $first)",
    )),
    Fault("a posting that settles nothing", "SETL-ORPHANS", (
        "INSERT INTO ledger_posting (at, kind, subject) SELECT at, kind, 'nobody' FROM ledger_posting"
        " WHERE id = (SELECT min(id) FROM ledger_posting)",
    )),
    Fault("amounts that the rule does not give", "SETL-REPLAY", (
        "UPDATE settlement_settlement SET away_upfront = 1, shared = shared - 1 WHERE $first",
    )),
    Fault("counters that were not there", "SETL-REPLAY", (
        "UPDATE settlement_settlement SET used_before = '[[\"general-outpatient\", \"deductible\", \"2025\", 100]]'"
        " WHERE $first",
    )),
    Fault("an allocated amount is not the settled one", "CLEAR-LINES", (
        "UPDATE clearing_allocationline SET total = total + 1 WHERE id = (SELECT min(id) FROM clearing_allocationline)",
    )),
    Fault("a settlement is allocated to another region", "CLEAR-PLACES", (
        "UPDATE clearing_allocationline SET home = '360200'",
    )),
    Fault("a settlement is allocated by another care region", "CLEAR-PLACES", (
        "UPDATE clearing_month SET region = '440300'",
    )),
    Fault("a line outlives its confirmation", "CLEAR-STATES", (
        "UPDATE clearing_confirmation SET state = 'rolled-back'",
    )),
    Fault("a line is dropped from its confirmation", "CLEAR-STATES", (
        "UPDATE clearing_allocationline SET holds = (1 = 0)",
    )),
    Fault("a reconciliation with differences is called equal", "CLEAR-OUTCOMES", (
        "UPDATE clearing_reconciliation SET outcome = 'equal'",
    )),
    Fault("a claim by other steps", "CLAIM-REPLAY", (
        "UPDATE claims_claimassessment SET away_upfront = away_upfront + 1, shared = shared - 1"
        " WHERE id = (SELECT min(id) FROM claims_claimassessment)",
    )),
    Fault("a claim was split otherwise", "CLAIM-REPLAY", (
        "UPDATE claims_claimassessment SET excluded = 1, in_scope = in_scope - 1, shared = shared - 1"
        " WHERE id = (SELECT max(id) FROM claims_claimassessment)",
    )),
    Fault("a claim on counters that were not there", "CLAIM-REPLAY", (
        "UPDATE claims_claimassessment SET used_before = '[[\"general-outpatient\", \"fund\", \"2025\", 300000]]'",
    )),
    Fault("a claim's line is gone", "CLAIM-REPLAY", (
        "DELETE FROM claims_assessedline WHERE assessment_id = (SELECT min(id) FROM claims_claimassessment)",
    )),
    Fault("a claim says less than was booked", "CLAIM-BOOKED", (
        "UPDATE claims_claimassessment $one_fen_less WHERE posting_id IS NOT NULL",
    )),
    Fault("a claim posting without its claim", "CLAIM-BOOKED", (
        "UPDATE claims_claimassessment SET posting_id = NULL WHERE reversal_id IS NULL",
    )),
    Fault("approved without a booking", "CLAIM-STATES", (
        "UPDATE claims_claim SET state = 'approved', decided_on = submitted_on WHERE state = 'assessed'",
    )),
    Fault("approved without an assessment", "CLAIM-STATES", (
        "UPDATE claims_claim SET state = 'approved', decided_on = submitted_on WHERE state = 'submitted'",
    )),
    Fault("booked and yet not approved", "CLAIM-STATES", (
        "UPDATE claims_claim SET state = 'assessed', decided_on = NULL WHERE state = 'approved'",
    )),
    Fault("assessed without an assessment", "CLAIM-STATES", (
        "UPDATE claims_claim SET appeals = 1 WHERE state = 'assessed'",
    )),
    Fault("appealed against and still booked", "CLAIM-STATES", (
        "UPDATE claims_claimassessment SET reversal_id = NULL WHERE reversal_id IS NOT NULL",
    )),
    Fault("undone by something else", "CLAIM-REVERSALS", (
        "UPDATE ledger_posting SET reverses_id = NULL WHERE kind = 'claim-reversal'",
    )),
    Fault("undone for no appeal", "CLAIM-REVERSALS", (
        "UPDATE claims_claimassessment SET reversal_id = NULL WHERE reversal_id IS NOT NULL",
    )),
    Fault("one clerk alone", "CLAIM-CLERKS", (
        "UPDATE claims_claim SET decided_by = '南昌经办甲' WHERE state = 'approved'",
    )),
    Fault("lines that are not the invoice's", "CLAIM-LINES", (
        "UPDATE claims_claim SET total = total + 1 WHERE state = 'submitted'",
    )),
    Fault("lines that were not written down", "CLAIM-LINES", (
        "UPDATE claims_claimline SET code = 'X'",
    )),
    Fault("a claim was booked and never counted", "CLAIM-COUNTED", (
        "DELETE FROM ledger_countermove WHERE $of_claims", RECOUNT,
    )),
    Fault("claims count for another person", "CLAIM-COUNTED", (
        "UPDATE ledger_counter SET person_id = $other_person",
    )),
    Fault("claims by a rule that is none any more", "CLAIM-COUNTED", (
        "UPDATE ledger_decisionrule SET canonical = '{}'",
    )),
    Fault("claims booked to another pool", "CLAIM-BOOKED", OTHER_POOL),
    Fault("a claim on counters of before", "CLAIM-BASIS", (
        "UPDATE claims_claimassessment SET used_before = '[]' WHERE posting_id IS NOT NULL",
    )),
    Fault("an unpaid claim with a payment", "CLAIM-PAYMENTS", (
        "UPDATE claims_claim SET state = 'approved' WHERE state = 'paid'",
    )),
    Fault("a payment for no claim", "CLAIM-PAYMENTS", (
        "INSERT INTO ledger_posting (at, kind, subject) SELECT at, 'claim-payment', 'nobody' FROM ledger_posting"
        " WHERE id = (SELECT min(id) FROM ledger_posting)",
    )),
    Fault("a payment of more than the claim", "CLAIM-PAYMENTS", (
        _entry("person-payable", "claim-payment"), _entry("bank", "claim-payment", "- 1"),
    )),
    Fault("payments by another pool", "CLAIM-PAYMENTS", OTHER_POOL),
    Fault("a claim's invoice is not in the register", "CLAIM-INVOICES", (
        "DELETE FROM ledger_invoice WHERE number = 'INV5'",
    )),
    Fault("an invoice of a withdrawn claim", "CLAIM-INVOICES", (
        "UPDATE claims_claim SET state = 'withdrawn' WHERE state = 'draft'",
    )),
    Fault("paid without a payment", "CLAIM-PAYMENTS", (
        "UPDATE claims_claim SET state = 'paid' WHERE state = 'approved'",
    )),
    Fault("granted against the last vote", "QUAL-VOTES", (
        "UPDATE casework_vote SET verdict = 'reject' WHERE verdict = 'approve'",
    )),
    Fault("refused against the last vote", "QUAL-VOTES", (
        "UPDATE casework_vote SET verdict = 'approve' WHERE clerk = 'clerk-5'",
    )),
    Fault("an appeal against no refusal", "QUAL-VOTES", (
        "UPDATE casework_vote SET verdict = 'approve' WHERE clerk = 'clerk-1'",
    )),
    Fault("a vote before its round", "QUAL-VOTES", (
        "UPDATE casework_vote SET round = 1 WHERE clerk = 'clerk-5'",
    )),
    Fault("a clerk who voted on both sides of an appeal", "QUAL-VOTES", (
        "UPDATE casework_vote SET clerk = 'clerk-0' WHERE clerk = 'clerk-3'",
    )),
    Fault("a vote on nothing", "QUAL-VOTES", (
        "UPDATE casework_vote SET subject = 'Q0000009999' WHERE clerk = 'clerk-0'",
    )),
    Fault("a filing gave way to none", "FILING-SUCCEEDED", (
        "UPDATE filing_filing SET replaces_id = NULL WHERE replaces_id IS NOT NULL",
    )),
    Fault("a filing gave way to one that never took effect", "FILING-SUCCEEDED", (
        "UPDATE filing_filing SET state = 'withdrawn' WHERE replaces_id IS NOT NULL",
    )),
    Fault("two filings hold on one day", "FILING-SUCCEEDED", (
        "UPDATE filing_filing SET ends = '2025-06-01' WHERE state = 'replaced'",
    )),
    Fault("a paper whose file is not there", "EVIDENCE-KEPT", (
        "UPDATE evidence_paper SET blob = '00000000000000000000000000000000' WHERE $a_file",
    )),
    Fault("a paper whose file is cut off", "EVIDENCE-KEPT", ("UPDATE evidence_paper SET size = size + 1 WHERE $a_file",)),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(fault: Fault) -> None:
    tamper(*(Template(statement).substitute(WORDS) for statement in fault.statements))
    told = found()
    assert fault.check in told
    assert all(told[fault.check])
