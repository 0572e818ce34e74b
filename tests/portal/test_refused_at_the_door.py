"""What strangers send leaves one line in the log and no traceback."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from yidi.site.logs import Plain

FORM = settings.LOGGING["formatters"]["plain"]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The records as the server's own handler would print them; what Django only repeats is left out by its level."""
    formatter = Plain(FORM["format"], style=FORM["style"])
    return [formatter.format(record) for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("host", "query"),
    [
        ("evil.example", {}),
        ("evil\\nexample", {}),
        ("localhost", {f"p{rank}": "1" for rank in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}),
    ],
    ids=["bad host", "worse host", "too many parameters"],
)
def test_one_line_and_no_traceback(
    host: str, query: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = Client(SERVER_NAME=host, raise_request_exception=False).get("/", query)
    assert answer.status_code == 400
    assert "请" in answer.content.decode()
    (line,) = lines(caplog)
    assert "django.security" in line
    assert "\n" not in line
    assert "Traceback" not in line


def test_a_defect_keeps_its_traceback() -> None:
    formatter = Plain(FORM["format"], style=FORM["style"])
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        record = logging.LogRecord(
            "django.request",
            logging.ERROR,
            __file__,
            1,
            "Internal",
            None,
            (type(error), error, error.__traceback__),
        )
    assert "Traceback" in formatter.format(record)
