"""Run cases through the adapters of their areas."""

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from dawsos.kernel.errors import DawsosError
from tools.oracles.cases import Case, NoFunction, Question, read_cases
from tools.oracles.compare import differences

Adapter = Callable[[Question], Mapping[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of one case; ``detail`` names every value that differs, or what is lacking."""

    id: str
    area: str
    title: str
    gate: bool
    verdict: Literal["pass", "fail", "no function"]
    detail: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def adapter_for(area: str) -> Adapter | None:
    """The ``answer`` of ``adapters/<area>.py``, if there is such a file."""
    name = f"tools.oracles.adapters.{area}"
    if not area.isidentifier() or importlib.util.find_spec(name) is None:
        return None
    found: Adapter = importlib.import_module(name).answer
    return found


def run_case(case: Case) -> Outcome:
    """Ask the area's adapter and compare. A refusal by the product is a failure with its message; a bug of an adapter is raised."""
    question = case.question
    adapter = adapter_for(question.area)
    if adapter is None:
        return Outcome(case.id, question.area, question.title, case.gate, "no function", (f"no adapter for {question.area}",))
    try:
        wrong = differences(case, adapter(question))
    except NoFunction as lacking:
        return Outcome(case.id, question.area, question.title, case.gate, "no function", (str(lacking),))
    except DawsosError as refusal:
        wrong = [f"refused: {refusal}"]
    return Outcome(case.id, question.area, question.title, case.gate, "fail" if wrong else "pass", tuple(wrong))


def run_folder(folder: Path) -> Iterator[Outcome]:
    """The outcome of every case in ``folder``."""
    for case in read_cases(folder):
        yield run_case(case)
