"""What has changed: the state of everything somebody sees, in one word."""

from typing import Final

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("changes")

STATE_OF_CHANGES = _statements.value("state_of_changes", str)
SUM_UP_CHANGES = _statements.none("sum_up_changes")


async def state_of_changes(tx: DatabaseTransaction) -> str:
    """Another word after every transaction that changed what answers to the actor rest on, whoever made the change and wherever."""
    return await tx.fetch_value(STATE_OF_CHANGES)


async def sum_up_changes(tx: DatabaseTransaction) -> None:
    """Keep one mark for each user instead of one for each change; no state gets another word by it. Only operators may."""
    await tx.execute(SUM_UP_CHANGES)
