"""The same story told twice counts once."""

import re
from collections.abc import Sequence
from typing import Final, TypeVar
from urllib.parse import urlsplit

from dawsos.compute.news.records import NewsItem

#: Titles that share this much of their words (Jaccard) tell the same story.
SIMILAR: Final = 0.8
Item = TypeVar("Item", bound=NewsItem)


def distinct(items: Sequence[Item], *, similar: float = SIMILAR) -> list[Item]:
    """``items`` less those whose address or title an earlier one has; of a group the earliest published stays.

    Addresses are compared without scheme, "www.", query and trailing slash; titles by the words they share. The order of those that
    stay is that of ``items``.
    """
    kept: list[Item] = []
    for item in sorted(items, key=lambda each: (each.published_at, each.url, each.title)):
        if not any(_is_same(item, other, similar) for other in kept):
            kept.append(item)
    return [item for item in items if any(item is other for other in kept)]


def _is_same(one: NewsItem, other: NewsItem, similar: float) -> bool:
    if one.url and _address(one.url) == _address(other.url):
        return True
    mine, theirs = _words(one.title), _words(other.title)
    return bool(mine | theirs) and len(mine & theirs) / len(mine | theirs) >= similar


def _address(url: str) -> str:
    parts = urlsplit(url.strip().lower())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.lower()))
