"""Which format a file of transactions has, by what it begins with, and how it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dawsos.services.imports import beancount_file, broker_csv, ibkr_flex, ofx, transaction_csv
from dawsos.services.imports.broker_csv import BrokerMapping
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.ofx_tree import looks_like_ofx

OWN: str = "dawsos-csv"


@dataclass(frozen=True, slots=True)
class FileReading:
    """The name of the format, which its entries carry as their source, and every line of the file."""

    source: str
    lines: Iterator[TransactionDraft | RowProblem]


def read_file(content: list[bytes], *, latest: date, own: tuple[BrokerMapping, ...] = ()) -> FileReading:
    """Read a file of any known format; what is none of the others is read as DawsOS's own CSV, whose messages say what is expected.

    ``own`` are the reader's mappings of brokers' files, which go before those that come with DawsOS.
    """
    head = b"".join(content[:1])[:8192]
    if looks_like_ofx(head):
        return FileReading(ofx.SOURCE, ofx.read_ofx(b"".join(content), latest=latest))
    if ibkr_flex.looks_like_flex(head):
        return FileReading(ibkr_flex.SOURCE, ibkr_flex.read_flex(b"".join(content), latest=latest))
    if beancount_file.looks_like_beancount(head):
        return FileReading(beancount_file.SOURCE, beancount_file.read_beancount(b"".join(content), latest=latest))
    mapping = broker_csv.mapping_for(head, own)
    if mapping is not None:
        return FileReading(mapping.source, broker_csv.read_mapped(content, mapping, latest=latest))
    return FileReading(OWN, transaction_csv.read_transactions(content, latest=latest))
