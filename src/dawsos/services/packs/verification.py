"""Verifies packs: the hash of what is stored must be the hash the pack was sealed with."""

from dataclasses import dataclass

from dawsos.kernel.errors import NotFound
from dawsos.services.packs.content import PackPrice, PackRate, content_hash
from dawsos.store import packs as store
from dawsos.store.packs import PackPriceRecord, PackRateRecord, PackRecord
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class PackContents:
    """A pack with everything in it."""

    pack: PackRecord
    prices: list[PackPriceRecord]
    rates: list[PackRateRecord]


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a pack still is what it was sealed as."""

    pack_id: str
    sealed_hash: str | None
    actual_hash: str
    is_intact: bool


async def read_pack(tx: DatabaseTransaction, pack_id: str) -> PackContents:
    """The pack with its prices and rates; NotFound when there is none."""
    pack = await store.find_pack(tx, pack_id)
    if pack is None:
        raise unknown_pack(pack_id)
    return PackContents(pack, await store.pack_prices(tx, pack_id), await store.pack_rates(tx, pack_id))


def unknown_pack(pack_id: str) -> NotFound:
    """The error for a pack that does not exist."""
    return NotFound(f"There is no pricing pack '{pack_id}'.", remedy="List them with 'dawsos pack list'.", code="pricing_pack_not_found")


async def verify_pack(tx: DatabaseTransaction, pack_id: str) -> Verification:
    """Hash the stored contents again and compare with the hash the pack was sealed with."""
    contents = await read_pack(tx, pack_id)
    actual = content_hash(
        contents.pack.date,
        contents.pack.policy,
        [
            PackPrice(p.security_id, p.symbol, p.date, None, None, None, p.close, None, p.currency, p.source or "", p.stale_days)
            for p in contents.prices
        ],
        [PackRate(r.base_ccy, r.quote_ccy, r.rate, r.date or contents.pack.date, r.source or "") for r in contents.rates],
    )
    return Verification(pack_id, contents.pack.hash, actual, is_intact=actual == contents.pack.hash)
