"""Cases as they lie in a folder: what is asked, apart from what is expected."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

#: Entries beside the figures: other answers that are right too, and remarks.
REMARKS = frozenset({"accept_any_of", "upstream_other_root", "note"})


class NoFunction(Exception):
    """The product has no public function that answers this; the message says what is lacking."""


class NoData(NoFunction):
    """The case names data that is not in the folder and not installed."""


@dataclass(frozen=True)
class Question:
    """What an adapter may see of a case. ``asked`` has the shape of the answer with None in place of every value."""

    area: str
    title: str
    convention: str
    inputs: Mapping[str, Any]
    asked: Mapping[str, Any]
    folder: Path

    @cached_property
    def words(self) -> str:
        """Title and convention in lower case."""
        return f"{self.title} {self.convention}".lower()

    def read(self, reference: str) -> Any:
        """A JSON file beside the cases; ``file.json#entry`` names one entry of it."""
        name, _, entry = reference.partition("#")
        path = self.folder / name
        if not path.is_file():
            raise NoData(f"no data: {reference}")
        content = json.loads(path.read_text(encoding="utf-8"))
        return content[entry] if entry else content


@dataclass(frozen=True)
class Case:
    """One published value: its question, and what was published."""

    id: str
    gate: bool
    question: Question
    expected: Mapping[str, Any]
    absolute: float
    relative: float


def _shape(value: Any) -> Any:
    return {key: _shape(item) for key, item in value.items()} if isinstance(value, Mapping) else None


def read_cases(folder: Path) -> Iterator[Case]:
    """Every case of every ``*.json`` in ``folder``, files in order of name. Cases of a file without areas take the file's name."""
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            tolerance = case.get("tolerance") or {}
            asked = {key: _shape(value) for key, value in case["expected"].items() if key not in REMARKS}
            area = case.get("area") or content.get("area") or path.stem
            question = Question(area, case.get("title", ""), case.get("convention") or "", case["inputs"], asked, folder)
            gate = bool(case.get("gate", True))
            yield Case(case["id"], gate, question, case["expected"], tolerance.get("abs", 0.0), tolerance.get("rel", 0.0))
