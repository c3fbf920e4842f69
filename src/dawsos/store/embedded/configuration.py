"""The server's configuration: what DawsOS sets, and who may connect."""

import re
from collections.abc import Mapping
from typing import Final

from dawsos.kernel.errors import Invalid

FILE: Final = "app.conf"
INCLUDE: Final = f"\n# DawsOS writes its settings anew at every start; ALTER SYSTEM overrides them.\ninclude '{FILE}'\n"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")

#: A password always: for the socket and for this machine's own addresses; nobody else gets as far as being asked for one.
ACCESS: Final = """\
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128 scram-sha-256
"""

#: Same answers on every machine, logs that cannot fill the disk, and no search for a compiler the wheels do not carry.
_SETTINGS: Final = {
    "password_encryption": "scram-sha-256",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "datestyle": "ISO, YMD",
    "cluster_name": "dawsos",
    "jit": "off",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}

#: For throw-away servers in tests: a crash may lose everything, and nothing waits for the disk.
FAST_TEST_SETTINGS: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


def server_settings(socket_directory: str, port: int | None, extra: Mapping[str, str]) -> str:
    """The text of ``app.conf``: socket only when ``port`` is None, otherwise also TCP on 127.0.0.1; ``extra`` wins over ours.

    Raises Invalid for a setting name or value that the file cannot hold.
    """
    address = {
        "unix_socket_directories": f'"{socket_directory.replace(chr(34), chr(34) * 2)}"',
        "listen_addresses": "" if port is None else "127.0.0.1",
        "port": str(5432 if port is None else port),
    }
    settings = {**_SETTINGS, **address, **extra}
    return "".join(f"{_name(name)} = {_quoted(value)}\n" for name, value in settings.items())


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid(f"'{name}' is not the name of a PostgreSQL setting.", remedy="Use a name such as shared_buffers.")
    return name


def _quoted(value: str) -> str:
    if "\n" in value or "\x00" in value:
        raise Invalid("The value of a PostgreSQL setting must be one line.", remedy="Remove the line break.")
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
