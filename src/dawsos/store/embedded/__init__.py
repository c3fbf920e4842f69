"""The PostgreSQL server DawsOS brings along: found, started, watched and stopped without an administrator. Linux and macOS."""

from dawsos.store.embedded.binaries import Binaries, find_binaries
from dawsos.store.embedded.configuration import FAST_TEST_SETTINGS
from dawsos.store.embedded.credentials import Passwords
from dawsos.store.embedded.endpoint import SUPERUSER, Endpoint
from dawsos.store.embedded.server import EmbeddedServer, ServerStatus
from dawsos.store.embedded.waiting import Patience

__all__ = [
    "FAST_TEST_SETTINGS",
    "SUPERUSER",
    "Binaries",
    "EmbeddedServer",
    "Endpoint",
    "Passwords",
    "Patience",
    "ServerStatus",
    "find_binaries",
]
