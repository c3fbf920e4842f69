"""Sentiment of a text by a lexicon: plain, reproducible, explained word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: What a word in the title and in the body moves the sentiment by.
TITLE_STEP: Final = 0.15
BODY_STEP: Final = 0.05

_POSITIVE = """
    accelerate accelerated accelerates advance advanced advances beat beats boost boosted boosts breakthrough bullish buyback climb climbed
    climbs exceed exceeded exceeds expand expanded expands gain gained gains grew grow growth grows higher improve improved improves
    increase increased increases jump jumped jumps outperform outperformed outperforms profit profitable profits rallied rallies rally
    rebound rebounded rebounds record recover recovered recovers recovery rise rises rose soar soared soars strong stronger strongest
    surge surged surges surpass surpassed surpasses top topped tops upbeat upgrade upgraded upgrades win wins won
    """
POSITIVE: Final = frozenset(_POSITIVE.split())
_NEGATIVE = """
    bankrupt bankruptcy bearish breach cut cuts decline declined declines default defaulted defaults delay delayed delays disappoint
    disappointed disappointing disappoints downgrade downgraded downgrades drop dropped drops fall fallen falls fell fine fined fraud
    halt halted halts investigation investigated lawsuit layoff layoffs loss losses lower miss missed misses plunge plunged plunges
    probe recall recalled recalls recession sank scandal shortfall sink sinks slash slashed slashes slump slumped slumps sued sues
    suspend suspended suspends tumble tumbled tumbles underperform underperformed warn warned warning warns weak weaker weakest worst
    writedown
    """
NEGATIVE: Final = frozenset(_NEGATIVE.split())
_NEGATIONS = "no not never without fails failed isn't wasn't doesn't didn't won't can't cannot"
#: These words turn the word that follows within three places.
NEGATIONS: Final = frozenset(_NEGATIONS.split())


@dataclass(frozen=True, slots=True)
class Hit:
    """A ``word`` found, where, and what it contributed."""

    word: str
    is_in_title: bool
    contribution: float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """``score`` = Σ contributions, held between −1 and +1."""

    score: float
    hits: tuple[Hit, ...]


def sentiment(title: str, body: str = "") -> Sentiment:
    """±0.15 for each word of the lexicon in the title, ±0.05 in the body, held within ±1; a negation up to three words before turns it.

    Words are compared whole and in lower case. A text without any such word scores 0.
    """
    hits = (*_hits(title, TITLE_STEP, is_in_title=True), *_hits(body, BODY_STEP, is_in_title=False))
    total = sum(hit.contribution for hit in hits)
    return Sentiment(round(min(max(total, -1.0), 1.0), 10), hits)


def _hits(text: str, step: float, *, is_in_title: bool) -> Iterator[Hit]:
    words = re.findall(r"[a-z][a-z']*", text.lower().replace("’", "'"))
    for place, word in enumerate(words):
        sign = 1.0 if word in POSITIVE else -1.0 if word in NEGATIVE else 0.0
        if sign:
            turned = any(before in NEGATIONS for before in words[max(place - 3, 0) : place])
            yield Hit(word, is_in_title, -sign * step if turned else sign * step)
