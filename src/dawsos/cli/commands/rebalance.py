"""Rebalancing: propose trades and keep them, list, accept or reject, show and book."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, cast
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.asking import open_context
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.figures import written
from dawsos.cli.finding import find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.errors import Invalid
from dawsos.services.opening import NEWEST
from dawsos.services.rebalancing import Method, Template, policy_of
from dawsos.services.suggestions import executing, keeping
from dawsos.services.suggestions.executing import Execution
from dawsos.services.suggestions.planning import Fill, Fills
from dawsos.services.taxes import rules_named
from dawsos.store.suggestions import Decision, SuggestionRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)

OfProposal = Annotated[UUID, typer.Argument(metavar="PROPOSAL", help="The proposal's id, see 'dawsos rebalance list'.")]
_Fraction = Annotated[float | None, typer.Option(min=0.0, max=1.0, metavar="FRACTION")]


@app.command()
def propose(
    context: typer.Context,
    portfolio: InPortfolio,
    template: Annotated[str, typer.Option(help="default, quality_focused, aggressive_growth or conservative_income.")] = "default",
    method: Annotated[str | None, typer.Option(help="Another method than the template's.")] = None,
    min_quality_score: Annotated[float | None, typer.Option(min=0.0, max=10.0, help="Sell what is rated below.")] = None,
    max_single_position: _Fraction = None,
    max_sector: _Fraction = None,
    max_turnover: _Fraction = None,
    smallest: Annotated[str, typer.Option(metavar="AMOUNT", help="Leave out smaller orders.")] = "100",
    tax_system: Annotated[str, typer.Option(help="US or CA.")] = "US",
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Propose trades by a policy and keep them as pending; nothing is booked."""
    invocation: Invocation = context.obj
    changes = {
        "method": _one_of(method, Method),
        "min_quality_score": min_quality_score,
        "max_single_position": max_single_position,
        "max_sector": max_sector,
        "max_turnover": max_turnover,
    }
    policy = policy_of(cast("Template", _one_of(template, Template)), changes)
    least, rules = _number("--smallest", smallest), rules_named(tax_system)

    async def work(parts: Application) -> SuggestionRecord:
        owned = await find_portfolio(parts, portfolio, user)
        asked = await open_context(parts, owned, NEWEST)
        return await keeping.keep_proposal(asked, policy, smallest_order=least, rules=rules, identifiers=parts.identifiers)

    kept = with_application(invocation, work)
    if as_json:
        invocation.print_json(kept)
        return
    _print_trades(invocation, kept)


@app.command(name="list")
def list_(context: typer.Context, portfolio: InPortfolio, user: OfUser = None, as_json: AsJson = False) -> None:
    """List the kept proposals of a portfolio, the newest first."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> list[SuggestionRecord]:
        owned = await find_portfolio(parts, portfolio, user)
        return await keeping.list_kept(parts.database, owned.actor, owned.portfolio.id)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Made", "Policy", "Trades", "Turnover", "Costs", "Pack", "Status", "Id")
    for one in found:
        row = (
            one.created_at.date().isoformat(),
            str(one.policy.get("name", "")),
            str(len(one.suggested_trades)),
            written(float(one.turnover_pct) if one.turnover_pct is not None else None, unit="fraction"),
            written(one.est_cost, unit="money"),
            one.pricing_pack_id,
            one.status,
            str(one.id),
        )
        table.add_row(*map(Text, row))
    invocation.results.print(table)


@app.command()
def accept(context: typer.Context, proposal: OfProposal, portfolio: InPortfolio, user: OfUser = None) -> None:
    """Accept a proposal: it can then be executed."""
    _decided(context, proposal, portfolio, user, "accepted")


@app.command()
def reject(context: typer.Context, proposal: OfProposal, portfolio: InPortfolio, user: OfUser = None) -> None:
    """Reject a proposal."""
    _decided(context, proposal, portfolio, user, "rejected")


@app.command()
def execute(
    context: typer.Context,
    proposal: OfProposal,
    portfolio: InPortfolio,
    fill: Annotated[
        list[str] | None,
        typer.Option(metavar="SYMBOL=QUANTITY@PRICE[+FEE]", help="What a trade really was; QUANTITY 0 was not filled."),
    ] = None,
    rate: Annotated[list[str] | None, typer.Option(metavar="CURRENCY=RATE", help="Units of base currency per unit.")] = None,
    trade_date: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The pack's if not given.")] = None,
    with_estimated_costs: Annotated[bool, typer.Option("--with-estimated-costs", help="Book the estimated costs as fees.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Book what is shown without asking.")] = False,
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """Show exactly what executing an accepted proposal would book, ask, and book it: all of it, or nothing."""
    invocation: Invocation = context.obj
    fills = Fills(
        trade_date=trade_date.date() if trade_date else None,
        trades=tuple(_fill(each) for each in fill or ()),
        rates=dict(_rate(each) for each in rate or ()),
        with_estimated_costs=with_estimated_costs,
    )

    async def showing(parts: Application) -> Execution:
        owned = await find_portfolio(parts, portfolio, user)
        return await executing.show(parts.database, owned.actor, owned.portfolio.id, proposal, fills, identifiers=parts.identifiers)

    seen = with_application(invocation, showing)
    if not as_json:
        _print_entries(invocation, seen)
    if not yes:
        typer.confirm("Book these entries?", abort=True, err=True)

    async def booking(parts: Application) -> Execution:
        owned = await find_portfolio(parts, portfolio, user)
        return await executing.execute(
            parts.database, owned.actor, owned.portfolio.id, proposal, fills, shown=seen.shown, identifiers=parts.identifiers
        )

    done = with_application(invocation, booking)
    if as_json:
        invocation.print_json(done)
        return
    said = "were booked before; nothing was written" if done.is_duplicate else "are booked"
    invocation.results.print(Text(f"These {len(done.entries)} entries {said}. Ledger: {done.ledger_commit_hash}"))


def _decided(context: typer.Context, proposal: UUID, portfolio: str, user: str | None, decision: Decision) -> None:
    invocation: Invocation = context.obj

    async def work(parts: Application) -> SuggestionRecord:
        owned = await find_portfolio(parts, portfolio, user)
        return await keeping.decide(parts.database, owned.actor, owned.portfolio.id, proposal, decision, identifiers=parts.identifiers)

    done = with_application(invocation, work)
    invocation.results.print(Text(f"Proposal {done.id} is {done.status}."))


def _print_trades(invocation: Invocation, kept: SuggestionRecord) -> None:
    table = Table("", "Security", "Quantity", "Price", "Value", "Costs", "Gain", "Tax", "Why")
    for trade in kept.suggested_trades:
        amounts = (written(_decimal(trade[name]), unit="money") for name in ("value", "estimated_cost", "realized_gain", "tax_cost"))
        quantity = written(_decimal(trade["quantity"]), unit="quantity")
        price = f"{written(_decimal(trade['price']), unit='price')} {trade['currency']}"
        table.add_row(trade["action"], Text(trade["symbol"]), quantity, price, *amounts, Text(trade["reason"]))
    invocation.results.print(table)
    invocation.results.print(Text(f"Proposal {kept.id} is {kept.status}; nothing is booked."))
    for warning in kept.constraints.get("warnings", ()):
        invocation.notes.print(Text(str(warning)))


def _print_entries(invocation: Invocation, seen: Execution) -> None:
    table = Table("Date", "Type", "Security", "Quantity", "Price", "Amount", "Fee", "Currency", "Rate")
    for entry in seen.entries:
        row = (
            str(entry.transaction_date),
            entry.transaction_type.value,
            entry.symbol or "",
            written(entry.quantity, unit="quantity"),
            written(entry.price, unit="price"),
            written(entry.amount, unit="money"),
            written(entry.fee, unit="money"),
            entry.currency,
            written(entry.fx_rate, unit="exchange_rate"),
        )
        table.add_row(*map(Text, row))
    invocation.results.print(table)
    cash = ", ".join(f"{written(amount, unit='money')} {code}" for code, amount in seen.cash.items())
    gain = written(seen.realized_pl, unit="money")
    invocation.results.print(Text(f"Realised: {gain} {seen.base_currency}. Cash afterwards: {cash}."))
    for warning in seen.warnings:
        invocation.notes.print(Text(warning))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _one_of(text: str | None, names: object) -> str | None:
    known = getattr(names, "__args__", ())
    if text is not None and text not in known:
        raise typer.BadParameter(f"'{text}' is not one of {', '.join(known)}")
    return text


def _fill(text: str) -> Fill:
    symbol, mark, rest = text.partition("=")
    quantity, at, price = rest.partition("@")
    price, plus, fee = price.partition("+")
    if not (symbol and mark and quantity):
        raise Invalid(f"'{text}' is not a fill.", remedy="Write --fill SYMBOL=QUANTITY@PRICE+FEE.")
    return Fill(
        symbol=symbol,
        quantity=_number("--fill", quantity),
        price=_number("--fill", price) if at else None,
        fee=_number("--fill", fee) if plus else None,
    )


def _rate(text: str) -> tuple[str, Decimal]:
    code, _, rate = text.partition("=")
    return code, _number("--rate", rate)


def _number(option: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise Invalid(f"'{text}' in {option} is not a number of zero or more.", remedy="Write a plain decimal number.")
    return value
