"""The securities master as an operator keeps it: imported from a file as a whole, or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import Actor
from dawsos.services.audit import record
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import RowProblem
from dawsos.services.imports.security_csv import SecurityDraft, read_securities
from dawsos.store import securities as store
from dawsos.store.database import Database
from dawsos.store.securities import NewSecurity, SecurityRecord
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritiesReport:
    """What an import of securities did: all ``rows`` are kept, or none when there are problems."""

    rows: int
    added: int
    completed: int
    problems: tuple[RowProblem, ...]

    @property
    def is_accepted(self) -> bool:
        return not self.problems


async def import_securities(
    database: Database, actor: Actor, chunks: Iterable[bytes], *, file_name: str, identifiers: Identifiers
) -> SecuritiesReport:
    """Add the securities of a file, or complete those whose symbols are known.

    A known security keeps its currency: another one in the file is a problem, because its prices and entries are in it. Raises
    :class:`Invalid` when the file as a whole cannot be read.
    """
    drafts, problems = _read(chunks, file_name)
    async with database.transaction(actor) as tx:
        known = {one.symbol: one for one in await store.find_securities_by_symbol(tx, [draft.symbol for draft in drafts])}
        problems += [
            RowProblem(draft.line, "currency", f"is {draft.currency}, but {draft.symbol} trades in {known[draft.symbol].currency}")
            for draft in drafts
            if draft.symbol in known and known[draft.symbol].currency != draft.currency
        ]
        if not problems:
            await _keep(tx, actor, drafts, file_name, identifiers)
    rows = len(drafts) + len({problem.line for problem in problems} - {draft.line for draft in drafts})
    problems.sort(key=lambda problem: problem.line)
    if problems:
        return SecuritiesReport(rows=rows, added=0, completed=0, problems=tuple(problems))
    return SecuritiesReport(rows=rows, added=len(drafts) - len(known), completed=len(known), problems=())


def _read(chunks: Iterable[bytes], file_name: str) -> tuple[list[SecurityDraft], list[RowProblem]]:
    drafts: list[SecurityDraft] = []
    problems: list[RowProblem] = []
    for line in read_securities(chunks):
        if isinstance(line, RowProblem):
            problems.append(line)
        else:
            drafts.append(line)
    if not drafts and not problems:
        raise Invalid(f"'{file_name}' has a header but no securities.", remedy="Add lines below the header.", code="empty_file")
    return drafts, problems


async def _keep(tx: DatabaseTransaction, actor: Actor, drafts: Sequence[SecurityDraft], file_name: str, identifiers: Identifiers) -> None:
    rows = [
        NewSecurity(
            # The same symbol is the same security on every machine, so that ledgers and packs can be compared.
            id=named("security", draft.symbol),
            symbol=draft.symbol,
            currency=draft.currency,
            name=draft.name,
            security_type=draft.security_type,
            sector=draft.sector,
            industry=draft.industry,
            exchange=draft.exchange,
        )
        for draft in drafts
    ]
    await store.put_securities(tx, rows)
    changes = {"file": file_name, "securities": len(rows)}
    await record(tx, actor, "import", "securities", changes=changes, moment=identifiers.clock.now())


async def list_securities(database: Database, actor: Actor) -> list[SecurityRecord]:
    """Every security that is still to be priced, by symbol."""
    async with database.transaction(actor, read_only=True) as tx:
        return await store.list_active_securities(tx)
