"""Who acts: users, their roles, and the rights a role carries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class Role(StrEnum):
    """The four roles a user can have, and SYSTEM for work nobody is logged in for."""

    ADMIN = "ADMIN"
    MANAGER = "MANAGER"
    USER = "USER"
    VIEWER = "VIEWER"
    SYSTEM = "SYSTEM"


_VIEWER = frozenset({"portfolio_read", "position_read", "macro_data_read", "fundamentals_read", "news_read"})
_USER = _VIEWER | {"scenario_analysis", "portfolio_write", "alerts_manage", "export_csv"}
_MANAGER = _USER | {"export_pdf", "export_excel", "portfolio_manage"}
_ADMIN = _MANAGER | {"admin"}

RIGHTS: Final[dict[Role, frozenset[str]]] = {
    Role.VIEWER: _VIEWER,
    Role.USER: _USER,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _ADMIN,
    Role.SYSTEM: _ADMIN,
}
ALL_RIGHTS: Final = _ADMIN
#: Rights that let one see and try out, and change nothing.
READ_RIGHTS: Final = _VIEWER | {"scenario_analysis"}


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something happens. ``user_id`` is None only for SYSTEM; ``scopes`` narrows the rights of the role."""

    user_id: UUID | None
    role: Role
    scopes: frozenset[str] | None = None

    @property
    def rights(self) -> frozenset[str]:
        return RIGHTS[self.role] if self.scopes is None else RIGHTS[self.role] & self.scopes


SYSTEM: Final = Actor(user_id=None, role=Role.SYSTEM)
