"""What the server says: to a connection, and in its log."""

import psycopg

from dawsos.kernel.errors import Conflict, DawsosError
from dawsos.store.embedded.endpoint import Endpoint
from dawsos.store.embedded.layout import Layout


def refusal(endpoint: Endpoint) -> str | None:
    """Connect as the superuser; None if that worked, else why not. Raises Conflict when the password is not the database's."""
    try:
        psycopg.connect(endpoint.dsn(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise Conflict(
                f"The database does not accept the password in {endpoint.passwords.directory}.",
                remedy="Put back the password file that belongs to this data.",
            ) from None
        return str(error).strip().splitlines()[-1]
    return None


def server_version(endpoint: Endpoint) -> str | None:
    """The version of the server that answers there, for example ``18.6``; None if none does."""
    try:
        with psycopg.connect(endpoint.dsn(), connect_timeout=5) as connection:
            number = connection.info.server_version
    except (psycopg.Error, DawsosError):
        return None
    return f"{number // 10000}.{number % 10000}"


def last_words(layout: Layout) -> str:
    """The end of what the server wrote at its last start."""
    logs = sorted(layout.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines: list[str] = []
    for path in [layout.start_log, *logs[-1:]]:
        lines += path.read_text(encoding="utf-8", errors="replace").splitlines()[-4:]
    return " / ".join(line.strip() for line in lines if line.strip()) or "it said nothing"
