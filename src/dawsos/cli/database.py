"""Reaching the database from the command line: started with word of the wait, and refused with a remedy when it was never set up."""

from dawsos.bootstrap import provide_database, reach_database
from dawsos.cli.invocation import Invocation
from dawsos.kernel.errors import Unavailable
from dawsos.settings import Settings
from dawsos.store.access import DatabaseAccess, prepare_database
from dawsos.store.embedded import EmbeddedServer, Patience, find_binaries
from dawsos.store.migration_files import files, pending

_SET_UP = "Set it up with 'dawsos db migrate', or with demo data by 'dawsos demo'."


def own_server(invocation: Invocation) -> EmbeddedServer:
    """The embedded server of these settings, telling of every wait that gets long."""
    settings = invocation.settings
    if settings.database_url is not None:
        raise Unavailable(
            "DATABASE_URL names a server that DawsOS does not start or stop.",
            remedy="Unset DATABASE_URL to work on DawsOS's own server.",
            code="external_database",
        )

    def tell(seconds: float, reason: str) -> None:
        invocation.notes.print(f"Waiting for PostgreSQL for {seconds:.0f} s: {reason}")

    return EmbeddedServer(settings.server_directory, find_binaries(settings.pg_bindir), patience=Patience(progress=tell))


def ready_database(invocation: Invocation) -> DatabaseAccess:
    """The database, running and of this version's schema; :class:`Unavailable` with the remedy when it is not set up."""
    settings = invocation.settings
    if settings.database_url is None:
        _start_known(invocation, settings)
    access = reach_database(settings)
    _refuse_unprepared(access)
    return access


def prepared_database(invocation: Invocation) -> DatabaseAccess:
    """The database, set up or brought to this version's schema where that is needed."""
    if invocation.settings.database_url is None:
        own_server(invocation).start()
    return provide_database(invocation.settings)


def migrate_database(invocation: Invocation) -> list[str]:
    """Set the database up or bring it to this version's schema; the names of the migrations applied now."""
    settings = invocation.settings
    if settings.database_url is None:
        own_server(invocation).start()
    return prepare_database(reach_database(settings), create_roles=settings.app_database_url is None)


def _start_known(invocation: Invocation, settings: Settings) -> None:
    server = own_server(invocation)
    if server.status().data_version is None:
        raise Unavailable(f"There is no database in {settings.home} yet.", remedy=_SET_UP, code="database_not_set_up")
    server.start()


def _refuse_unprepared(access: DatabaseAccess) -> None:
    try:
        missing = pending(access.migrator_dsn)
    except Unavailable as error:
        if not access.is_embedded:
            raise
        raise Unavailable("The database has not been set up.", remedy=_SET_UP, code="database_not_set_up", details=error.details) from error
    if len(missing) == len(files()):
        raise Unavailable("The database has not been set up.", remedy=_SET_UP, code="database_not_set_up")
    if missing:
        raise Unavailable(
            f"The database is older than this version of DawsOS; {len(missing)} migrations are missing.",
            remedy="Bring it up to date with 'dawsos db migrate'.",
            code="database_outdated",
        )
