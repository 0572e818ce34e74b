"""What every test stands on: a home of its own, its database, one setting of Hypothesis, and --update-golden."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

if "YIDI_HOME" not in os.environ:
    # Whatever a test starts keeps out of ./var. The settings of this process are read before this file, so bin/test
    # sets a folder of its own even earlier; without it they take their keys, and nothing else, from ./var.
    os.environ["YIDI_HOME"] = tempfile.mkdtemp(prefix="yidi-tests-")
    atexit.register(shutil.rmtree, os.environ["YIDI_HOME"], ignore_errors=True)

hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True, max_examples=40)
hypothesis_settings.register_profile("long", deadline=None, print_blob=True, max_examples=1000)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "here")
)

PAGES = [Path(__file__).with_name(face) for face in ("desk", "portal")]
"""Tests of what these faces show: the rooms below them are tested on either database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew instead of comparing with them",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from django.conf import settings

    for item in items:
        if any(item.path.is_relative_to(folder) for folder in PAGES):
            item.add_marker(pytest.mark.any_database)
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    reason = "needs PostgreSQL; to run it: bin/postgres .venv/bin/pytest -m postgres"
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True, scope="session")
def _settings_of_tests() -> None:
    """Passwords are hashed fast; institutions need not sign. The folder of collected static files only has to exist, or the server warns."""
    from django.conf import settings
    from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GATEWAY_UNSIGNED = True
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, emptied after transactional tests in spite of the append-only tables.

    SQLite empties tables by DELETE, which the triggers of audit_event and ledger_* rightly refuse. The flush after a
    test with transaction=True therefore takes the triggers away and puts the same ones back, in one transaction.
    PostgreSQL truncates, which fires no row trigger; there the database can only be dropped once nobody uses it.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        with django_db_blocker.unblock():
            _end_other_sessions()
        return
    flush: Callable[..., None] = connection.ops.execute_sql_flush

    def flush_without_triggers(statements: list[str]) -> None:
        from django.db import transaction

        with transaction.atomic(), connection.cursor() as cursor:
            triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(statements)
            for _, sql in triggers:
                cursor.execute(sql)

    connection.ops.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign]
    yield


@pytest.fixture(autouse=True)
def _papers_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Papers that a test hands in lie in a folder of the tests, and what it rolls back is forgotten with it."""
    from django.conf import settings

    from yidi.evidence import services

    if not settings.EVIDENCE_ROOT.is_relative_to(tmp_path_factory.getbasetemp()):
        settings.EVIDENCE_ROOT = tmp_path_factory.mktemp("evidence")
    yield
    services._uncommitted().clear()


@pytest.fixture(scope="module")
def for_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows written by a fixture of a module that asks for this stand for all its tests, each of which has a savepoint."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _end_other_sessions() -> None:
    """End the sessions of servers that a test killed: PostgreSQL drops no database that somebody uses."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a file; `pytest --update-golden` writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see --update-golden"

    return compare
