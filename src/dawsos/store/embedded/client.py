"""Running PostgreSQL's client programs: the password goes by the environment, never by the command line."""

import os
from collections.abc import Mapping

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dawsos.kernel.errors import Invalid


def client_arguments(conninfo: str, environment: Mapping[str, str] | None = None, **changes: str) -> tuple[str, dict[str, str]]:
    """A connection string to show on a command line, and the environment that holds its password.

    ``changes`` replace parameters, for example ``dbname``. The rest of ``environment`` (the process's own if None) is passed on, for
    a server elsewhere may need its certificates. Raises Invalid for a connection string PostgreSQL does not understand.
    """
    try:
        parameters = {name: str(value) for name, value in conninfo_to_dict(conninfo, **changes).items()}
    except ProgrammingError:
        raise Invalid("That is not a connection string.", remedy="Write it like postgresql://user@host:5432/database.") from None
    passed = dict(os.environ if environment is None else environment)
    if "password" in parameters:
        passed["PGPASSWORD"] = parameters.pop("password")
    return make_conninfo("", **parameters), passed
