"""How log lines look."""

import copy
import logging

ANONYMOUS = "django.security"
"""Who speaks of requests that Django refuses at the door: anybody can send them, so they get no traceback."""


class Plain(logging.Formatter):
    """One line for what strangers send; everything else as usual, a defect with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith(ANONYMOUS):
            record = copy.copy(record)
            record.exc_info = record.exc_text = record.stack_info = None
            return super().format(record).replace("\r", " ").replace("\n", " ")
        return super().format(record)
