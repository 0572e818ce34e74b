"""The invented names that the seed and the tests share. Needs neither Django nor a database."""

from yidi.values.identity import check_digit

CODE = "H31010699999"
ITEM = "XA10BAE096A010010181227"
SECRET = "system-test-secret"


def identity(number: int) -> str:
    """A synthetic identity number with a valid check digit."""
    body = f"36010219580315{number:03d}"
    return body + check_digit(body)
