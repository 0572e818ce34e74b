"""The invariants of qualifications."""

from collections.abc import Iterator

from yidi.audit.findings import Check, Finding
from yidi.casework.checks import astray
from yidi.qualification.models import Qualification
from yidi.qualification.states import GRANTED, MACHINE


def _votes() -> Iterator[Finding]:
    return astray(Qualification.objects.all(), "Q", MACHINE, GRANTED)


CHECKS = (Check("QUAL-VOTES", "资格认定的决定与表决一致；申诉由没有表决过的人办理", _votes),)
