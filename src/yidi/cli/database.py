"""The database as the commands need it: there, and with today's tables."""

from yidi.cli.errors import DatabaseDown, NotMigrated
from yidi.cli.main import django_ready


def migrated_database(migrate: bool = False) -> None:
    """Make Django ready, and the database's tables checked or brought up to date. Raises DatabaseDown, NotMigrated."""
    django_ready()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError, OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    settings.HOME.mkdir(parents=True, exist_ok=True)
    try:
        if migrate:
            call_command("migrate", verbosity=0)
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        # A file that is no database is told by the plain class; the finer ones are defects of ours.
        if type(error) not in (DatabaseError, OperationalError):
            raise
        raise DatabaseDown(why=" ".join(str(error).split())) from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMigrated()
