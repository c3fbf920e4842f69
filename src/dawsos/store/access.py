"""How to reach the database DawsOS works on: its own embedded server, or one that is named by a URL."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dawsos.kernel.errors import Invalid
from dawsos.store.embedded import EmbeddedServer, Endpoint, Passwords
from dawsos.store.roles import APP, DATABASE, MIGRATOR, bootstrap_cluster


@dataclass(frozen=True, slots=True)
class DatabaseAccess:
    """The connection strings of the three who connect: administrator, migrator, application. They hold passwords: never log them."""

    database: str
    admin_dsn: str
    migrator_dsn: str
    app_dsn: str
    password_of: Callable[[str], str]
    endpoint: Endpoint | None = None

    @property
    def is_embedded(self) -> bool:
        return self.endpoint is not None

    def administrator_of(self, database: str) -> str:
        """The administrator's connection string for another database of the same server."""
        return make_conninfo(self.admin_dsn, dbname=database)


def embedded_access(server: EmbeddedServer) -> DatabaseAccess:
    """Start the embedded server if it does not run, and say how to reach it."""
    endpoint = server.start()
    for role in (MIGRATOR, APP):
        server.passwords.ensure(role)
    return DatabaseAccess(
        database=DATABASE,
        admin_dsn=endpoint.dsn(),
        migrator_dsn=endpoint.dsn(MIGRATOR, DATABASE),
        app_dsn=endpoint.dsn(APP, DATABASE),
        password_of=server.passwords.ensure,
        endpoint=endpoint,
    )


def external_access(url: str, app_url: str | None, password_directory: Path) -> DatabaseAccess:
    """Reach the server ``url`` names, as its role for administration and as ``dawsos_app`` for everything else.

    Passwords of roles DawsOS creates there are generated and kept in ``password_directory``; with ``app_url`` that role exists already and
    nothing is created. Raises :class:`Invalid` for a URL PostgreSQL does not understand, without repeating it.
    """
    passwords = Passwords(password_directory)
    try:
        database = str(conninfo_to_dict(url).get("dbname") or DATABASE)
        application = make_conninfo(app_url) if app_url else None
    except ProgrammingError:
        raise Invalid(
            "DATABASE_URL is not a connection string PostgreSQL understands.",
            remedy="Write it like postgresql://user:password@host:5432/dawsos.",
        ) from None
    password_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return DatabaseAccess(
        database=database,
        admin_dsn=url,
        migrator_dsn=url if app_url else make_conninfo(url, dbname=database, user=MIGRATOR, password=passwords.ensure(MIGRATOR)),
        app_dsn=application or make_conninfo(url, dbname=database, user=APP, password=passwords.ensure(APP)),
        password_of=passwords.ensure,
    )


def prepare_database(access: DatabaseAccess, *, create_roles: bool = True) -> list[str]:
    """Create roles and database where they are missing and apply missing migrations; the names of those applied now."""
    if create_roles:
        bootstrap_cluster(access.admin_dsn, access.password_of, access.database)
    from dawsos.store.migrations import migrate  # noqa: PLC0415 - Alembic is slow to import

    return migrate(access.migrator_dsn)
