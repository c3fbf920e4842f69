"""The shapes news has on every surface: titles and where they stand, never an article's text."""

from datetime import datetime
from typing import Annotated

from dawsos.registry.contract import Contract
from dawsos.registry.units import Number


class Article(Contract):
    """An article without its content."""

    headline: str
    source: str
    url: str
    published_at: datetime


class NewsEntry(Article):
    """An article about a holding: the symbols its title names, and the mood of the title from −1 to +1 by the lexicon."""

    symbols: tuple[str, ...]
    sentiment: Annotated[float, Number]
