"""The words of casework."""

from yidi.values.terms import Term


class Clock(Term):
    """What a state does to the time that an agency has for its decision."""

    STOPPED = "stopped", "不计时", "stopped"
    RUNNING = "running", "计时中", "running"
    PAUSED = "paused", "暂停计时（等待补充材料）", "paused (waiting for evidence)"


class Verdict(Term):
    """What a clerk votes where a pool wants more than one pair of eyes."""

    APPROVE = "approve", "同意", "approve"
    REJECT = "reject", "不同意", "reject"
