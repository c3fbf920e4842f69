"""Ledgers this process has replayed, so that the next entry need not replay them again."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import apply_all
from dawsos.kernel.ledger import Transaction
from dawsos.services.collector import collector_paused
from dawsos.store.portfolios import PortfolioRecord

#: A ledger that grew by more entries than this since is read and replayed anew.
LONGEST_TAIL: Final = 100


@dataclass(frozen=True, slots=True)
class RememberedLedger:
    """The first entries of a ledger as they were read from the database, in booking order, and the state they make.

    ``is_stored`` says that lots, disposals and flows in the database are those of ``state``, because this process has written them all;
    ``writing`` is the entry with which it did so last, if that transaction was kept.
    """

    transactions: tuple[Transaction, ...]
    state: LedgerState
    is_stored: bool = False
    writing: UUID | None = None

    @property
    def last(self) -> Transaction:
        return self.transactions[-1]

    def goes_on_with(self, tail: tuple[Transaction, ...], portfolio: PortfolioRecord) -> bool:
        """Whether ``tail``, read from this ledger's last entry on, continues it, by the same conventions.

        An entry never changes and none is ever taken out, so a ledger that has the last entry has all before it.
        """
        return (
            0 < len(tail) <= LONGEST_TAIL
            and tail[0].id == self.last.id
            and (self.state.method, self.state.base_currency) == (portfolio.cost_basis_method, portfolio.base_currency)
        )

    def followed_by(self, later: tuple[Transaction, ...]) -> "RememberedLedger":
        """The same ledger with the entries that were booked since."""
        if not later:
            return self
        with collector_paused():
            state = apply_all(self.state, later)
        is_stored = self.is_stored or any(row.id == self.writing for row in later)
        return RememberedLedger((*self.transactions, *later), state, is_stored)


class LedgerMemory:
    """Ledgers by portfolio, up to so many entries in all; those not used for longest are forgotten first."""

    def __init__(self, most_entries: int) -> None:
        self._most_entries = most_entries
        self._entries = 0
        self._kept: OrderedDict[UUID, RememberedLedger] = OrderedDict()

    def recall(self, portfolio_id: UUID) -> RememberedLedger | None:
        """What is known of a portfolio's ledger. Who asks must have been let see that portfolio."""
        return self._kept.get(portfolio_id)

    def keep(self, portfolio_id: UUID, ledger: RememberedLedger) -> None:
        """Remember a ledger that is not empty, unless it is too large on its own."""
        self._forget(portfolio_id)
        if not 0 < len(ledger.transactions) <= self._most_entries:
            return
        self._kept[portfolio_id] = ledger
        self._entries += len(ledger.transactions)
        while self._entries > self._most_entries:
            self._forget(next(iter(self._kept)))

    def _forget(self, portfolio_id: UUID) -> None:
        known = self._kept.pop(portfolio_id, None)
        if known is not None:
            self._entries -= len(known.transactions)
