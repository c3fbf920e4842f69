"""The pattern library: every file of a directory, checked when it is loaded."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dawsos.kernel.errors import NotFound
from dawsos.patterns.checker import Pattern, check_text
from dawsos.patterns.problems import Problem, refusal
from dawsos.registry.catalogue import Registry
from dawsos.registry.names import did_you_mean


class Library(Mapping[str, Pattern]):
    """Checked patterns by id, in alphabetical order."""

    def __init__(self, patterns: Mapping[str, Pattern]) -> None:
        self._patterns = dict(sorted(patterns.items()))

    def __getitem__(self, pattern_id: str) -> Pattern:
        return self._patterns[pattern_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._patterns)

    def __len__(self) -> int:
        return len(self._patterns)

    def find(self, pattern_id: str) -> Pattern:
        """The pattern called ``pattern_id``; :class:`NotFound` with the nearest names otherwise."""
        if pattern_id not in self._patterns:
            raise NotFound(
                f"There is no pattern '{pattern_id}'.",
                remedy=did_you_mean(pattern_id, self._patterns) or f"The patterns are {', '.join(self._patterns) or 'none'}.",
                code="pattern_not_found",
                details={"pattern_id": pattern_id},
            )
        return self._patterns[pattern_id]


def _load(path: Path, registry: Registry) -> tuple[Pattern | None, list[Problem]]:
    pattern, problems = check_text(path.read_text(encoding="utf-8"), path.name, registry)
    if pattern is not None and pattern.id != path.stem:
        problems = [
            Problem(path.name, ("id",), f"The pattern '{pattern.id}' lies in '{path.name}'.", f"Call the file {pattern.id}.yaml.", 1)
        ]
    return pattern, problems


def load_library(directory: Path, registry: Registry) -> Library:
    """Every ``*.yaml`` of ``directory``, checked against ``registry``.

    Raises :class:`Internal` with code ``pattern_invalid`` when any file has a problem; the message lists all problems of all files.
    """
    loaded = [_load(path, registry) for path in sorted(directory.glob("*.yaml"))]
    patterns = {pattern.id: pattern for pattern, _ in loaded if pattern is not None}
    problems = [problem for _, found in loaded for problem in found] + _dead_ends(patterns)
    if problems:
        raise refusal(problems)
    return Library(patterns)


def _dead_ends(patterns: Mapping[str, Pattern]) -> list[Problem]:
    """Tables whose rows open a pattern that is not there, or that has no input for the key."""
    problems = []
    for pattern in patterns.values():
        for place, table in pattern.file.opened():
            opened = patterns.get(str(table.opens))
            if opened is None:
                message, suggestion = f"There is no pattern '{table.opens}'.", did_you_mean(str(table.opens), patterns)
            elif table.key not in opened.inputs:
                message, suggestion = f"The pattern '{table.opens}' has no input '{table.key}'.", "A row is opened by its key."
            else:
                continue
            problems.append(Problem(f"{pattern.id}.yaml", (*place, "opens"), message, suggestion, 1))
    return problems
