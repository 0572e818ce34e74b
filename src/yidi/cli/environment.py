"""The environment of the server part, looked at before Django reads it: one sentence instead of a traceback."""

import json
import logging
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from yidi.cli.errors import (
    BadDatabaseUrl,
    BadDataKey,
    BadHome,
    BadIssuer,
    BadLogLevel,
    BadNumber,
    BadWayOut,
    BenchInProduction,
)
from yidi.values.system import reason

ENGINES = ("sqlite3", "postgresql")
WAYS_OUT = {
    "YIDI_MAIL_URL": (("smtp", "smtps", "smtp+tls", "smtp+ssl"), "smtp+tls://user:password@host:587"),
    "YIDI_SMS_URL": (("https", "http"), "https://host/path"),
}
"""Setting → the schemes it takes besides `console:` and nothing, and an example."""
JSON_OBJECTS = ("YIDI_SMS_HEADERS", "YIDI_SMS_BODY", "YIDI_SMS_EXPECTED")
NUMBERS = {
    "YIDI_STAFF_IDLE_MINUTES": 1,
    "YIDI_STAFF_HOURS": 1,
    "YIDI_STAFF_SESSIONS": 1,
    "YIDI_PERSON_IDLE_MINUTES": 1,
    "YIDI_PERSON_HOURS": 1,
    "YIDI_LOCK_FAILURES": 1,
    "YIDI_LOCK_ADDRESS_FAILURES": 1,
    "YIDI_LOCK_MINUTES": 1,
    "YIDI_PROXIES": 0,
}
"""Setting → the least number that it takes."""
KEYS = {"YIDI_DATA_KEY": "data.key", "YIDI_SM2_KEY": "centre-sm2.key"}
"""Setting → the file in YIDI_HOME that holds it where it is not set."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEY = re.compile(r"[0-9a-fA-F]{64}")


def check_environment() -> None:
    """Refuse what the settings could not work with.

    Raises BadHome, BadDatabaseUrl, BadDataKey, BadWayOut, BadNumber, BadIssuer, BadLogLevel,
    BenchInProduction.
    """
    home = Path(os.environ.get("YIDI_HOME", "var")).resolve()
    _check_home(home)
    _check_database(os.environ.get("DATABASE_URL"))
    for setting, file in KEYS.items():
        _check_key(setting, home / file)
    _check_ways_out()
    _check_numbers()
    _check_bench()
    _check_issuer(os.environ.get("YIDI_OIDC_ISSUER", ""))
    level = os.environ.get("YIDI_LOG_LEVEL", "WARNING")
    if level not in logging.getLevelNamesMapping():
        raise BadLogLevel(given=level)


def _check_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadHome(home=home, why=reason(error)) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise BadHome(home=home, why="没有写权限")


def _check_database(url: str | None) -> None:
    if url is None:
        return
    import environ

    scheme, separator, _ = url.partition("://")
    known = separator and environ.Env.DB_SCHEMES.get(scheme, "").endswith(ENGINES)
    try:
        name = environ.Env.db_url_config(url)["NAME"] if known else ""
    except ValueError:
        name = ""
    if not name:
        raise BadDatabaseUrl()


def _check_key(setting: str, file: Path) -> None:
    """The key of the environment, else that of the file where there is one: 32 bytes as hex."""
    if given := os.environ.get(setting, ""):
        key, where = given, setting
    elif file.exists():
        key, where = _text(file), str(file)
    else:
        return
    if not _KEY.fullmatch(key):
        raise BadDataKey(where=where)


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace").strip()
    except OSError as error:
        raise BadHome(home=file, why=reason(error)) from None


def _check_ways_out() -> None:
    for setting, (schemes, example) in WAYS_OUT.items():
        url = os.environ.get(setting, "")
        if url not in ("", "console:") and not _is_url(url, schemes):
            raise BadWayOut(setting=setting, shape=example)
    for setting in JSON_OBJECTS:
        try:
            found = json.loads(os.environ.get(setting, "{}"))
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise BadWayOut(setting=setting, shape='{"…": "…"}')


def _check_numbers() -> None:
    for setting, least in NUMBERS.items():
        given = os.environ.get(setting, str(least))
        if not (given.isascii() and given.isdigit() and int(given) >= least):
            raise BadNumber(setting=setting, given=given, least=least)


def _check_bench() -> None:
    from environ import Env

    if Env().bool("YIDI_FAULT_BENCH", default=False) and not Env().bool("YIDI_DEMO", default=False):
        raise BenchInProduction()


def _check_issuer(issuer: str) -> None:
    """An identity provider is reached over HTTPS, or on this machine, and knows this site by a name and a secret."""
    if not issuer:
        return
    fitting = _is_url(issuer, ("https",)) or (
        _is_url(issuer, ("http",)) and urlsplit(issuer).hostname in LOOPBACK
    )
    if not fitting:
        raise BadIssuer(what="YIDI_OIDC_ISSUER")
    for setting in ("YIDI_OIDC_CLIENT_ID", "YIDI_OIDC_CLIENT_SECRET"):
        if not os.environ.get(setting):
            raise BadIssuer(what=setting)


def _is_url(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
