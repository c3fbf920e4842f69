"""How to reach a running server: connection strings for its roles."""

from dataclasses import dataclass
from typing import Final

from psycopg.conninfo import make_conninfo

from dawsos.store.embedded.credentials import Passwords

SUPERUSER: Final = "postgres"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's address (``host`` is the socket's directory, or 127.0.0.1) and the passwords of its roles."""

    host: str
    port: int
    passwords: Passwords

    def parameters(self, role: str = SUPERUSER, database: str = "postgres") -> dict[str, str]:
        """The parameters libpq needs for ``role`` in ``database``. Raises NotFound when the role has no password file."""
        return {
            "host": self.host,
            "port": str(self.port),
            "user": role,
            "dbname": database,
            # The packaged programs have no TLS and refuse a PGSSLMODE that asks for it; nothing here leaves the machine.
            "sslmode": "disable",
            "password": self.passwords.read(role),
        }

    def dsn(self, role: str = SUPERUSER, database: str = "postgres") -> str:
        """The same as a connection string, quoted as libpq needs it. It holds the password: never log it."""
        return make_conninfo("", **self.parameters(role, database))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if not self.host.startswith("/") else f"{self.host}/.s.PGSQL.{self.port}"
