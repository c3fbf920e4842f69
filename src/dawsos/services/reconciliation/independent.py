"""A ledger as an independent program reads it: Beancount, run as a separate process on an exported file."""

import asyncio
import csv
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from dawsos.compute.ledger.beancount import to_beancount
from dawsos.compute.ledger.records import LedgerState
from dawsos.kernel.errors import Internal
from dawsos.kernel.money import ZERO

_QUESTION: Final = "SELECT date, account, currency, number, number * cost_number AS cost WHERE account ~ '^Assets'"


@dataclass(frozen=True, slots=True)
class IndependentBooks:
    """Quantities and costs by symbol, and cash by currency, as Beancount booked them."""

    positions: Mapping[str, tuple[Decimal, Decimal]]
    cash: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Beancount:
    """The two programs that check and query a file."""

    check: Path
    query: Path


def find_beancount() -> Beancount | None:
    """The programs beside this Python or on the path; None when they are not installed."""
    found = [_program(name) for name in ("bean-check", "bean-query")]
    return Beancount(found[0], found[1]) if found[0] and found[1] else None


def _program(name: str) -> Path | None:
    beside = Path(sys.executable).with_name(name)
    if beside.exists():
        return beside
    known = shutil.which(name)
    return Path(known) if known else None


async def independent_books(programs: Beancount, state: LedgerState, day: date) -> IndependentBooks:
    """What Beancount says was held at the end of ``day``; Internal when it refuses the file, with what it said."""
    with tempfile.TemporaryDirectory(prefix="dawsos-reconcile-") as folder:
        book = Path(folder) / "ledger.beancount"
        text = to_beancount(state)
        await asyncio.to_thread(book.write_text, text, encoding="utf-8")
        await _run(programs.check, str(book))
        answer = await _run(programs.query, "-f", "csv", str(book), _QUESTION)
    names = dict(re.findall(r'commodity (\S+)\n  symbol: "([^"]+)"', text))
    return _books(answer, names, day)


async def _run(program: Path, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(program, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    output, errors = await process.communicate()
    if process.returncode:
        said = (errors or output).decode(errors="replace").strip()
        raise Internal(f"{program.name} refused the exported ledger: {said[:500]}", code="independent_check_failed")
    return output.decode()


def _books(answer: str, names: Mapping[str, str], day: date) -> IndependentBooks:
    held: defaultdict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    cash: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(answer.splitlines()):
        text = {name.strip(): value.strip() for name, value in row.items()}
        if date.fromisoformat(text["date"]) > day:
            continue
        commodity = names.get(text["currency"], text["currency"])
        if text["account"].startswith("Assets:Cash"):
            cash[commodity] += Decimal(text["number"])
        else:
            held[commodity][0] += Decimal(text["number"])
            held[commodity][1] += Decimal(text["cost"] or 0)
    positions = {symbol: (quantity, cost) for symbol, (quantity, cost) in held.items() if quantity}
    return IndependentBooks(positions, {code: amount for code, amount in cash.items() if amount})
