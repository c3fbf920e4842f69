"""Passwords of the database roles: made at random, kept in files only their owner can read."""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Invalid, NotFound
from dawsos.store.embedded.layout import write_private

_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Passwords:
    """One file a role, mode 0600, in ``directory`` (0700)."""

    directory: Path

    def read(self, role: str) -> str:
        """The password of ``role``. Raises NotFound when no file holds one."""
        path = self.directory / _checked(role)
        try:
            return path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise NotFound(
                f"There is no password for the database role '{role}' in {self.directory}.",
                remedy="Put the file back, or create the role's password anew with the command that sets up the database.",
            ) from None

    def ensure(self, role: str) -> str:
        """The password of ``role``, 256 random bits made now if there is none; of several callers at once all get the same."""
        if not (self.directory / _checked(role)).exists():
            write_private(self.directory, role, secrets.token_urlsafe(_BYTES) + "\n", replace=False)
        return self.read(role)


def _checked(role: str) -> str:
    if not _ROLE.fullmatch(role):
        raise Invalid(f"'{role}' is not a role name.", remedy="Use small letters, digits and underscores, for example dawsos_app.")
    return role
