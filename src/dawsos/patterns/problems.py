"""What is wrong with a pattern file: the file, the line, the place, the fault and what was probably meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dawsos.kernel.errors import Internal

Place = tuple[str | int, ...]


def spell(place: Place) -> str:
    """``steps[2].args.pack_id`` for a place in the file; ``pattern`` for the whole of it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "pattern"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one place."""

    file: str
    place: Place
    message: str
    suggestion: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{where}: {spell(self.place)}: {self.message} {self.suggestion}".rstrip()


@dataclass(slots=True)
class Findings:
    """Collects the faults of one file; the line of a place is that of the nearest thing around it which has one."""

    file: str
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, place: Place, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(self.file, place, message, suggestion, self._line(place)))

    def _line(self, place: Place) -> int | None:
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def refusal(problems: Iterable[Problem]) -> Internal:
    """The error that stops the start: code ``pattern_invalid``, every problem in the message and in ``details``."""
    listed = [str(problem) for problem in problems]
    return Internal(
        f"{len(listed)} problem(s) in the pattern files:" + "".join(f"\n  - {one}" for one in listed),
        remedy="Correct the named places; patterns are served only when all of them are sound.",
        code="pattern_invalid",
        details={"problems": listed},
    )
