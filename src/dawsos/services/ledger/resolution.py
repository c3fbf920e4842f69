"""Turns drafts into transactions: securities by symbol, rates by day, references by name, numbers and hashes in order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from dawsos.kernel.errors import InsufficientData
from dawsos.kernel.ledger import LotSelection, Transaction, TransactionType, canonical_line, ledger_hash
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.rates import HistoricalRates
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.securities import SecurityRecord


@dataclass(frozen=True, slots=True)
class HashedTransaction:
    """A transaction and the hash of the ledger after it."""

    transaction: Transaction
    commit_hash: str


@dataclass(frozen=True, slots=True)
class LedgerEnd:
    """Where the ledger stands: its last number and hash, and its entries by reference and by id."""

    sequence: int
    commit_hash: str
    by_reference: Mapping[str, Transaction]
    by_id: Mapping[UUID, Transaction]


class Resolver:
    """Resolves the drafts of one batch, in order."""

    def __init__(
        self,
        portfolio: PortfolioRecord,
        securities: Iterable[SecurityRecord],
        rates: HistoricalRates,
        end: LedgerEnd,
        *,
        source: str,
        new_id: Callable[[], UUID],
    ) -> None:
        self._portfolio = portfolio
        self._securities = {security.symbol: security for security in securities}
        self._rates = rates
        self._source = source
        self._new_id = new_id
        self._sequence = end.sequence
        self._commit_hash = end.commit_hash
        self._by_reference = dict(end.by_reference)
        self._by_id = dict(end.by_id)

    def resolve(self, draft: TransactionDraft) -> HashedTransaction | list[RowProblem]:
        """The next transaction of the ledger, or everything that keeps the draft from being one."""
        problems: list[RowProblem] = []
        security = self._security(draft, problems)
        fx_rate = draft.fx_rate
        if fx_rate is None:
            try:
                fx_rate = self._rates.frozen(draft.currency, self._portfolio.base_currency, draft.transaction_date)
            except InsufficientData as error:
                problems.append(RowProblem(draft.line, "fx_rate", str(error)))
        elif draft.currency == self._portfolio.base_currency and fx_rate != 1:
            problems.append(
                RowProblem(draft.line, "fx_rate", f"is {fx_rate}, but {draft.currency} is the portfolio's base currency: leave it empty")
            )
        parent = self._parent(draft, problems)
        lots = self._lots(draft, problems)
        if problems or fx_rate is None:
            return problems
        return self.chain(
            Transaction(
                id=self._new_id(),
                portfolio_id=self._portfolio.id,
                sequence=self._sequence + 1,
                transaction_type=draft.transaction_type,
                transaction_date=draft.transaction_date,
                settlement_date=draft.settlement_date,
                security_id=security.id if security else None,
                symbol=draft.symbol,
                quantity=draft.quantity,
                price=draft.price,
                amount=draft.amount,
                currency=draft.currency,
                fee=draft.fee,
                withholding_tax=draft.withholding_tax,
                fx_rate=fx_rate,
                ex_date=draft.ex_date,
                pay_date=draft.pay_date,
                cost_basis=draft.cost_basis,
                acquisition_date=draft.acquisition_date,
                split_from=draft.split_from,
                split_to=draft.split_to,
                lot_selection=lots,
                parent_transaction_id=parent.id if parent else None,
                external_ref=draft.external_ref,
                narration=draft.narration,
                source=self._source,
            )
        )

    def chain(self, transaction: Transaction) -> HashedTransaction:
        """Put ``transaction`` at the end of the chain."""
        parent = self._by_id.get(transaction.parent_transaction_id) if transaction.parent_transaction_id else None
        lot_sequences = tuple(self._by_id[chosen.lot_id].sequence for chosen in transaction.lot_selection)
        line = canonical_line(transaction, parent_sequence=parent.sequence if parent else None, lot_sequences=lot_sequences)
        self._sequence = transaction.sequence
        self._commit_hash = ledger_hash(self._commit_hash, line)
        self._by_id[transaction.id] = transaction
        if transaction.external_ref:
            self._by_reference[transaction.external_ref] = transaction
        return HashedTransaction(transaction, self._commit_hash)

    @property
    def next_sequence(self) -> int:
        """The number the next entry gets."""
        return self._sequence + 1

    def _security(self, draft: TransactionDraft, problems: list[RowProblem]) -> SecurityRecord | None:
        if draft.symbol is None:
            return None
        security = self._securities.get(draft.symbol)
        if security is None:
            reason = f"'{draft.symbol}' is not a known security; add it with 'dawsos securities import FILE'"
            problems.append(RowProblem(draft.line, "symbol", reason))
        elif security.currency != draft.currency and draft.transaction_type in {TransactionType.BUY, TransactionType.SELL}:
            reason = f"is {draft.currency}, but {security.symbol} trades in {security.currency}; book the conversion as a pair of transfers"
            problems.append(RowProblem(draft.line, "currency", reason))
        return security

    def _parent(self, draft: TransactionDraft, problems: list[RowProblem]) -> Transaction | None:
        if draft.parent_ref is None:
            return None
        parent = self._by_reference.get(draft.parent_ref)
        if parent is None:
            reason = f"no earlier entry has the reference '{draft.parent_ref}'; the TRANSFER_OUT must come first"
            problems.append(RowProblem(draft.line, "parent_ref", reason))
        return parent

    def _lots(self, draft: TransactionDraft, problems: list[RowProblem]) -> tuple[LotSelection, ...]:
        chosen = []
        for lot in draft.lots:
            opening = self._by_reference.get(lot.ref)
            if opening is None:
                problems.append(RowProblem(draft.line, "lots", f"no earlier entry has the reference '{lot.ref}'"))
            else:
                chosen.append(LotSelection(opening.id, lot.quantity))
        return tuple(chosen)


def says_the_same(draft: TransactionDraft, booked: Transaction) -> str | None:
    """The first field in which a draft differs from the entry booked under the same reference; None when it is that entry again."""
    for name in (
        "transaction_type", "transaction_date", "symbol", "quantity", "price", "amount", "currency", "fee", "withholding_tax",
        "settlement_date", "ex_date", "pay_date", "split_from", "split_to", "cost_basis", "acquisition_date", "narration",
    ):  # fmt: skip
        if getattr(draft, name) != getattr(booked, name):
            return name
    if draft.fx_rate is not None and draft.fx_rate != booked.fx_rate:
        return "fx_rate"
    return None
