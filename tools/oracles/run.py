"""Run cases through the adapters of their areas."""

import importlib
import importlib.util
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import dawsos
from dawsos.kernel.errors import DawsosError
from tools.oracles.cases import Case, NoFunction, Question, read_cases
from tools.oracles.compare import differences

_PRODUCT = Path(dawsos.__file__).parent
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
    """Ask the area's adapter and compare.

    A refusal by the product, or an exception inside it, is a failure with its message; inputs that the adapter cannot read are a case
    without a function.
    """
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
    except Exception as error:  # noqa: BLE001 - one case that cannot be read must not hide the others; it is reported with its cause
        if not _is_within_product(error):
            reason = f"the adapter cannot read these inputs: {type(error).__name__}: {error}"
            return Outcome(case.id, question.area, question.title, case.gate, "no function", (reason,))
        wrong = [f"raised: {type(error).__name__}: {error}"]
    return Outcome(case.id, question.area, question.title, case.gate, "fail" if wrong else "pass", tuple(wrong))


def _is_within_product(error: Exception) -> bool:
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    return any(_PRODUCT in file.parents for file in files)


def run_folder(folder: Path) -> Iterator[Outcome]:
    """The outcome of every case in ``folder``."""
    for case in read_cases(folder):
        yield run_case(case)
