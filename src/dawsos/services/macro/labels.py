"""What indicators are called where people read of them: one label for every name."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Internal
from dawsos.services.macro.catalogue import series_catalogue

_FILE: Final = Path(__file__).with_name("labels.csv")
_NAME: Final = re.compile(r"\b(?=\w*[_A-Z])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\b")


@cache
def _labels() -> Mapping[str, str]:
    with _FILE.open("r", encoding="utf-8") as file:
        return {row["name"]: row["label"] for row in csv.DictReader(file)}


def indicator_label(name: str) -> str:
    """The label of an indicator, whether by the name it is kept under or by the one the mathematics has for it; of a series its title."""
    found = _labels().get(name)
    if found is not None:
        return found
    series = series_catalogue().get(name)
    if series is None:
        raise Internal(f"The indicator '{name}' has no label.", remedy="Give it one in labels.csv.")
    return series.title


def in_words(text: str) -> str:
    """``text`` with the names of indicators in it put into words: ``debt_to_gdp missing`` becomes ``debt to GDP missing``."""

    def word(match: re.Match[str]) -> str:
        found = _labels().get(match[0])
        return match[0] if found is None else found if found[1:2].isupper() else found[0].lower() + found[1:]

    return _NAME.sub(word, text)
