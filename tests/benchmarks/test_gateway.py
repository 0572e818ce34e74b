"""What the gateway's benchmark says of what it measured; that it drives the real messages, the system tests tell."""

from benchmarks.gateway.load import Run
from benchmarks.gateway.machine import Spent
from benchmarks.gateway.measure import Measure, Results, _until_settlement
from benchmarks.gateway.messages import Visit
from benchmarks.gateway.report import goals, page

FINE = {"lost or changed": 0, "doubled": 0}


def results(settled: int = 30, seconds: float = 1.0, **changes: object) -> Results:
    run = Run(
        seconds,
        {"2207A": [0.01] * 99 + [0.2]},
        [Visit(str(number), 0) for number in range(settled)],
    )
    measured = Measure(4, run, Spent(0.3, 0.1), 100.0, 0.5)
    found = Results([measured], [measured], measured, [(0, 100), (1, 200), (2, 200), (10, 201)], dict(FINE))
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def met(found: Results) -> list[bool]:
    return [met for _, _, met in goals(found)]


def test_goals_are_held_against_what_was_measured() -> None:
    assert met(results()) == [True, True, True, True]
    assert met(results(settled=29))[0] is False
    assert met(results(books={"lost or changed": 1, "doubled": 0}))[-1] is False
    assert met(results(findings=1))[-1] is False
    assert met(results(memory=[(0, 100), (2, 200), (10, 220)]))[2] is False


def test_the_page_tells_rates_latencies_and_processor_time() -> None:
    told = page(results())
    assert "| 4 | 30.0 | 100 | 10.0 | 10.0 | 10.0 | 0 | 100 | 0.300 | 10.00 | 3.33 | 0.00 | 0.5 |" in told
    assert "| p99 below 100 ms at half of saturation | 10.0 ms | yes |" in told


def test_a_visit_fills_in_what_the_centre_answered() -> None:
    ready: list[Visit] = []
    for visit, infno in _until_settlement(1, ready):
        request = visit.message(infno)
        assert b"@" not in request.partition(b"\r\n\r\n")[2]
        visit.learn(b'{"output":{"mdtrt_id":"000000000007","setl_id":null}}')
    assert [visit.visit for visit in ready] == ["000000000007"]
    assert list(ready[0].sent) == ["2201", "2203A", "2204"]
