"""Portfolios in the database."""

from uuid import uuid4

import pytest

from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.kernel.ledger import LotMethod
from dawsos.store.database import Database
from dawsos.store.portfolios import add_portfolio, find_portfolio, list_portfolios
from tests.support.postgres import make_portfolio, make_user, user_id_of


async def test_a_portfolio_is_found_again_with_its_defaults(database: Database):
    owner = await make_user(database)
    added = await make_portfolio(database, owner, "Retirement", "CAD")
    async with database.transaction(owner) as tx:
        assert await find_portfolio(tx, added.id) == added
        assert await list_portfolios(tx) == [added]
    assert (added.name, added.base_currency, added.owner_id) == ("Retirement", "CAD", owner.user_id)
    assert added.cost_basis_method is LotMethod.FIFO
    assert added.settings == {}
    assert added.is_active is True


async def test_an_owner_cannot_have_two_portfolios_of_one_name(database: Database):
    owner = await make_user(database)
    await make_portfolio(database, owner, "Main")
    with pytest.raises(Conflict) as refusal:
        await make_portfolio(database, owner, "Main")
    assert refusal.value.details["constraint"] == "portfolios_one_name_per_owner"


async def test_two_owners_can_use_the_same_name(database: Database):
    first, second = await make_user(database), await make_user(database)
    one, other = await make_portfolio(database, first, "Main"), await make_portfolio(database, second, "Main")
    async with database.transaction(first) as tx:
        assert await list_portfolios(tx) == [one]
        assert await find_portfolio(tx, other.id) is None


async def test_a_portfolio_cannot_be_opened_for_somebody_else(database: Database):
    actor, other = await make_user(database), await make_user(database)
    with pytest.raises(Forbidden):
        async with database.transaction(actor) as tx:
            await add_portfolio(tx, portfolio_id=uuid4(), name="Main", base_currency="CAD", owner_id=user_id_of(other))
