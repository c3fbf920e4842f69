"""The same name once more."""

from dawsos.registry import CallContext, Contract, capability


class Nothing(Contract):
    """No fields."""


@capability(name="ledger.positions", rights=("portfolio_read",), ttl=0, example={})
async def positions(context: CallContext, request: Nothing) -> Nothing:
    """What is held."""
    return Nothing()
