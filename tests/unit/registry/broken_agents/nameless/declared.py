"""A capability whose name another one has, and one with an unknown right."""

from dawsos.registry import CallContext, Contract, capability


class Nothing(Contract):
    """No fields."""


@capability(name="ledger.positions", rights=("portfolio_read",), ttl=0, example={})
async def positions(context: CallContext, request: Nothing) -> Nothing:
    """What is held."""
    return Nothing()


@capability(name="ledger.lots", rights=("portfolio_reed",), ttl=0, example={})
async def lots(context: CallContext, request: Nothing) -> Nothing:
    """What is held, lot by lot."""
    return Nothing()
