"""Finds portfolios and users by what people call them, for an operator who may see them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dawsos.bootstrap import Application
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.registry.names import did_you_mean
from dawsos.services.accounts import Identity
from dawsos.services.portfolios import list_portfolios
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.users import UserRecord, list_users


@dataclass(frozen=True, slots=True)
class OwnedPortfolio:
    """A portfolio, and its owner, on whose behalf the command acts."""

    portfolio: PortfolioRecord
    owner: UserRecord

    @property
    def actor(self) -> Actor:
        return Actor(self.owner.id, self.owner.role)


async def all_users(app: Application) -> list[UserRecord]:
    """Every user, by e-mail address."""
    async with app.database.transaction(SYSTEM, read_only=True) as tx:
        return await list_users(tx)


async def find_user(app: Application, email: str) -> UserRecord:
    """The user with this e-mail address; :class:`NotFound` with the nearest ones otherwise."""
    users = {user.email: user for user in await all_users(app)}
    wanted = email.strip().lower()
    if wanted not in users:
        near = did_you_mean(wanted, users) or ("List them with 'dawsos user list'." if users else "Create one with 'dawsos user create'.")
        raise NotFound(f"There is no user '{email}'.", remedy=near, code="user_not_found")
    return users[wanted]


async def identity_of(app: Application, email: str) -> Identity:
    """The user as somebody who has come in."""
    user = await find_user(app, email)
    return Identity(user.id, user.email, user.role)


async def owned_portfolios(app: Application, email: str | None = None) -> list[OwnedPortfolio]:
    """Every portfolio in use, by name; only those of one user if that is given."""
    owner = None if email is None else await find_user(app, email)
    users = {user.id: user for user in await all_users(app)}
    found = await list_portfolios(app.database, SYSTEM)
    return [OwnedPortfolio(one, users[one.owner_id]) for one in found if owner is None or one.owner_id == owner.id]


async def find_portfolio(app: Application, reference: str, email: str | None = None) -> OwnedPortfolio:
    """The portfolio with this name or id.

    Raises :class:`NotFound` with the nearest names, and :class:`Invalid` naming the owners when several have one of this name.
    """
    known = await owned_portfolios(app, email)
    matches = _matches(known, reference)
    if not matches:
        raise _unknown(reference, known, email)
    if len(matches) > 1:
        owners = ", ".join(sorted(one.owner.email for one in matches))
        raise Invalid(
            f"There are {len(matches)} portfolios called '{reference}'.",
            remedy=f"Say whose with --user: {owners}.",
            code="portfolio_ambiguous",
        )
    return matches[0]


def _matches(known: Sequence[OwnedPortfolio], reference: str) -> list[OwnedPortfolio]:
    try:
        wanted = UUID(reference)
    except ValueError:
        exact = [one for one in known if one.portfolio.name == reference]
        return exact or [one for one in known if one.portfolio.name.casefold() == reference.casefold()]
    return [one for one in known if one.portfolio.id == wanted]


def _unknown(reference: str, known: Sequence[OwnedPortfolio], email: str | None) -> NotFound:
    whose = f" of {email}" if email else ""
    near = did_you_mean(reference, {one.portfolio.name for one in known})
    remedy = near or ("List them with 'dawsos portfolio list'." if known else "Create one with 'dawsos portfolio create'.")
    return NotFound(f"There is no portfolio '{reference}'{whose}.", remedy=remedy, code="portfolio_not_found")


async def find_owner(app: Application, email: str | None) -> UserRecord:
    """The user with this e-mail address; without one the only user there is."""
    if email is not None:
        return await find_user(app, email)
    users = await all_users(app)
    if not users:
        raise NotFound("There are no users yet.", remedy="Create one with 'dawsos user create EMAIL'.", code="user_not_found")
    if len(users) > 1:
        raise Invalid("It is not clear whose it is to be.", remedy=f"Say so with --user: {', '.join(user.email for user in users)}.")
    return users[0]
