"""Opens the context a figure is computed in, as the owner of the portfolio it is about, and reads inputs from the command line."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from dawsos.bootstrap import Application
from dawsos.cli.finding import OwnedPortfolio
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.services.context import RequestContext
from dawsos.services.opening import Pinning


def pinning(pack: str | None, day: date | None, ledger: str | None) -> Pinning:
    """What is to be pinned; naming both a pack and a date is asking twice."""
    if pack is not None and day is not None:
        raise Invalid("Both --pack and --date are given, and each names a pricing pack.", remedy="Give one of them.")
    return Pinning(pack_id=pack, asof_date=day, ledger_commit_hash=ledger)


async def open_context(app: Application, owned: OwnedPortfolio | None, wanted: Pinning) -> RequestContext:
    """The pinned context; without a portfolio it is the operator's own."""
    return await app.contexts.open(
        owned.actor if owned else SYSTEM,
        trace_id=str(uuid4()),
        request_id=str(uuid4()),
        portfolio_id=owned.portfolio.id if owned else None,
        pinning=wanted,
    )


def read_inputs(pairs: Sequence[str]) -> dict[str, Any]:
    """``name=value`` pairs; a value that is JSON of anything but text is taken as that, everything else as text."""
    inputs: dict[str, Any] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark or not name:
            raise Invalid(f"'{pair}' is not an input.", remedy="Write --input name=value.")
        if name in inputs:
            raise Invalid(f"The input '{name}' is given twice.", remedy="Give it once.")
        inputs[name] = _value(text)
    return inputs


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    # A decimal keeps its digits as text; the model it is for reads it without going through binary floating point.
    return text if isinstance(value, float) else value


def with_portfolio(inputs: Mapping[str, Any], known: Sequence[str] | Mapping[str, Any], owned: OwnedPortfolio | None) -> dict[str, Any]:
    """``inputs``, with the portfolio named beside them where it is asked for."""
    if owned is None or "portfolio_id" not in known:
        return dict(inputs)
    return {"portfolio_id": str(owned.portfolio.id), **inputs}
