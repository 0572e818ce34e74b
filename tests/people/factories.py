"""People and how they are insured. All of them are invented."""

from datetime import date

from yidi.people.models import Coverage, Person
from yidi.people.services import register_coverage, register_person
from yidi.values.identity import check_digit
from yidi.values.terms import Scheme, Standing


def an_identity(number: int = 1, born: str = "19580315") -> str:
    """A synthetic identity number with a valid check digit."""
    body = f"360102{born}{number:03d}"
    return body + check_digit(body)


def a_person(number: int = 1, name: str = "测试甲") -> Person:
    return register_person(f"3601{number:016d}", name, an_identity(number), synthetic=True)


def a_coverage(
    number: int = 1,
    pool: str = "360100",
    scheme: Scheme = Scheme.EMPLOYEE,
    standing: Standing = Standing.RETIRED,
    starts: date = date(2020, 1, 1),
) -> Coverage:
    """A retired employee of Nanchang unless something else is said."""
    return register_coverage(a_person(number), pool, scheme, standing, starts)
