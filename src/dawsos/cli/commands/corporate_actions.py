"""Corporate actions: list, propose, approve, preview, apply, reverse."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from rich.text import Text

from dawsos.bootstrap import Application
from dawsos.cli.choices import AsJson, InPortfolio, OfUser
from dawsos.cli.figures import written
from dawsos.cli.finding import OwnedPortfolio, find_portfolio
from dawsos.cli.invocation import Invocation
from dawsos.cli.session import with_application
from dawsos.kernel.clock import today
from dawsos.kernel.identity import SYSTEM
from dawsos.services.corporate_actions import applying
from dawsos.services.corporate_actions import queue as service
from dawsos.services.corporate_actions.proposing import ActionTerms, propose_terms
from dawsos.services.corporate_actions.queue import QueuedAction
from dawsos.store.corporate_actions import ActionStatus, ActionType, CorporateActionRecord

app = typer.Typer(no_args_is_help=True, add_completion=False)

OfAction = Annotated[UUID, typer.Argument(metavar="ACTION", help="The action's id, see 'dawsos corporate-actions list'.")]
_DAY = "%Y-%m-%d"
_Day = Annotated[datetime | None, typer.Option(formats=[_DAY], metavar="DATE")]
_Number = Annotated[str | None, typer.Option(metavar="NUMBER")]


@app.command(name="list")
def list_(
    context: typer.Context,
    portfolio: InPortfolio,
    from_date: Annotated[datetime | None, typer.Option("--from", formats=[_DAY], help="First ex-date; a year ago if not given.")] = None,
    to: Annotated[datetime | None, typer.Option(formats=[_DAY], help="Last ex-date; in a year if not given.")] = None,
    user: OfUser = None,
    as_json: AsJson = False,
) -> None:
    """List the actions of the securities a portfolio ever held, and where each stands."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> tuple[QueuedAction, ...]:
        owned = await find_portfolio(parts, portfolio, user)
        now, year = today(parts.clock), timedelta(days=365)
        first = from_date.date() if from_date else now - year
        last = to.date() if to else now + year
        return await service.portfolio_queue(parts.database, owned.actor, owned.portfolio.id, first, last)

    found = with_application(invocation, work)
    if as_json:
        invocation.print_json(found)
        return
    table = Table("Ex-date", "Security", "Type", "Terms", "Standing", "Source", "Id")
    for one in found:
        action = one.action
        row = (str(action.ex_date), action.symbol, action.action_type.value, _terms(action), one.standing, action.source, str(action.id))
        table.add_row(*map(Text, row))
    invocation.results.print(table)


@app.command()
def propose(
    context: typer.Context,
    symbol: Annotated[str, typer.Argument(help="The security.")],
    action_type: Annotated[ActionType, typer.Option("--type", help="What it is; a reverse split is a SPLIT into fewer.")],
    ex_date: Annotated[datetime, typer.Option(formats=[_DAY], help="The day it takes effect.")],
    pay_date: _Day = None,
    amount_per_share: _Number = None,
    currency: Annotated[str | None, typer.Option()] = None,
    withholding_rate: _Number = None,
    split_from: _Number = None,
    split_to: _Number = None,
    other_symbol: Annotated[str | None, typer.Option(help="The security received.")] = None,
    ratio: _Number = None,
    cost_share: _Number = None,
    cash_per_share: _Number = None,
    share_value: _Number = None,
    cash_in_lieu_price: _Number = None,
    boot_rule: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Put a corporate action in the queue."""
    invocation: Invocation = context.obj
    terms = ActionTerms(
        symbol=symbol,
        action_type=action_type,
        ex_date=ex_date.date(),
        pay_date=_day(pay_date),
        amount_per_share=_number(amount_per_share),
        currency=currency,
        withholding_rate=_number(withholding_rate),
        split_from=_number(split_from),
        split_to=_number(split_to),
        other_symbol=other_symbol,
        ratio=_number(ratio),
        cost_share=_number(cost_share),
        cash_per_share=_number(cash_per_share),
        share_value=_number(share_value),
        cash_in_lieu_price=_number(cash_in_lieu_price),
        boot_rule=boot_rule,
    )

    async def work(parts: Application) -> CorporateActionRecord:
        return await propose_terms(parts.database, SYSTEM, terms, source="manual", identifiers=parts.identifiers)

    done = with_application(invocation, work)
    invocation.results.print(Text(f"{service.name_of(done)} is proposed: {done.id}"))


@app.command()
def approve(context: typer.Context, action: OfAction) -> None:
    """Approve a proposed action."""
    _decided(context, action, ActionStatus.APPROVED)


@app.command()
def reject(context: typer.Context, action: OfAction) -> None:
    """Reject a proposed action."""
    _decided(context, action, ActionStatus.REJECTED)


@app.command()
def preview(context: typer.Context, action: OfAction, portfolio: InPortfolio, user: OfUser = None, as_json: AsJson = False) -> None:
    """Show what applying an action would do to the lots; nothing is written."""
    _show(
        context, portfolio, user, lambda parts, owned: applying.preview(
            parts.database, owned.actor, owned.portfolio.id, action, identifiers=parts.identifiers
        ), as_json=as_json
    )  # fmt: skip


@app.command(name="apply")
def apply_(context: typer.Context, action: OfAction, portfolio: InPortfolio, user: OfUser = None, as_json: AsJson = False) -> None:
    """Book an approved action in a portfolio: all its entries, or none."""
    _show(
        context, portfolio, user, lambda parts, owned: applying.apply(
            parts.database, owned.actor, owned.portfolio.id, action, identifiers=parts.identifiers
        ), as_json=as_json
    )  # fmt: skip


@app.command()
def reverse(
    context: typer.Context,
    action: OfAction,
    portfolio: InPortfolio,
    reason: Annotated[str, typer.Option(help="Why; it stays in the ledger.")],
    user: OfUser = None,
) -> None:
    """Take an applied action back: reverse every entry it booked, or none."""
    invocation: Invocation = context.obj

    async def work(parts: Application) -> int:
        owned = await find_portfolio(parts, portfolio, user)
        done = await applying.take_back(
            parts.database, owned.actor, owned.portfolio.id, action, reason=reason, identifiers=parts.identifiers
        )
        return len(done)

    invocation.results.print(f"{with_application(invocation, work)} entries reversed.")


def _decided(context: typer.Context, action: UUID, status: ActionStatus) -> None:
    invocation: Invocation = context.obj

    async def work(parts: Application) -> CorporateActionRecord:
        return await service.decide(parts.database, SYSTEM, action, status, moment=parts.clock.now())

    invocation.results.print(Text(f"{service.name_of(with_application(invocation, work))} is {status}."))


def _show(
    context: typer.Context,
    portfolio: str,
    user: str | None,
    act: Callable[[Application, OwnedPortfolio], Awaitable[applying.Application]],
    *,
    as_json: bool,
) -> None:
    invocation: Invocation = context.obj

    async def work(parts: Application) -> applying.Application:
        return await act(parts, await find_portfolio(parts, portfolio, user))

    done = with_application(invocation, work)
    if as_json:
        invocation.print_json(done)
        return
    for title, lots in (("Lots before", done.lots_before), ("Lots after", done.lots_after)):
        table = Table("Security", "Acquired", "Quantity", "Cost", "Currency", title=title, title_justify="left")
        for lot in lots:
            quantity, cost = written(lot.qty_open, unit="quantity"), written(lot.cost_basis, unit="money")
            table.add_row(Text(lot.symbol or ""), str(lot.acquisition_date), quantity, cost, lot.currency)
        invocation.results.print(table)
    invocation.results.print(
        Text(f"{len(done.entries)} entries on {done.quantity.normalize():f} shares. Ledger: {done.ledger_commit_hash}")
    )


def _terms(action: CorporateActionRecord) -> str:
    given = ("amount_per_share", "split_to", "split_from", "ratio", "cash_per_share", "cost_share")
    parts = [f"{name} {value.normalize():f}" for name in given if isinstance(value := getattr(action, name), Decimal)]
    return ", ".join([*parts, *([action.other_symbol] if action.other_symbol else [])])


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(text)
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise typer.BadParameter(f"'{text}' is not a number of zero or more")
    return value
