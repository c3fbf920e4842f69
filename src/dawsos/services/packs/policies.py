"""Pricing policies as an operator keeps them."""

import re
from dataclasses import replace
from typing import Final

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import Actor
from dawsos.services.audit import record
from dawsos.store import packs as store
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord

_NAME: Final = re.compile(r"[A-Z0-9_]{1,32}")


async def list_policies(database: Database, actor: Actor) -> list[PolicyRecord]:
    """Every policy by name."""
    async with database.transaction(actor, read_only=True) as tx:
        return await store.list_policies(tx)


async def put_policy(database: Database, actor: Actor, policy: PolicyRecord, *, clock: Clock) -> PolicyRecord:
    """Create the policy, or change it for packs built from now on; :class:`Invalid` for a wrong name or without sources."""
    if not _NAME.fullmatch(policy.policy):
        raise Invalid(
            f"'{policy.policy}' is not a name for a policy.", remedy="Use up to 32 capital letters, digits and underscores, like CLOSE_USD."
        )
    if not policy.price_sources or not policy.rate_sources:
        raise Invalid(f"Policy {policy.policy} needs a source of prices and one of rates.", remedy="Name at least one of each.")
    changes = {"price_sources": policy.price_sources, "rate_sources": policy.rate_sources, "dividend_adjusted": policy.dividend_adjusted}
    kept = replace(policy, price_sources=list(policy.price_sources), rate_sources=list(policy.rate_sources))
    async with database.transaction(actor) as tx:
        await store.put_policy(tx, kept)
        await record(tx, actor, "set", "pricing_policy", entity_ref=policy.policy, changes=changes, moment=clock.now())
    return kept
