"""Business cycles: recession months and durations by the dated peaks and troughs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dawsos.compute.regimes.chronology import Convention, Turn, average_durations, chronology, durations, is_recession
from dawsos.compute.returns.figures import NotComputable
from tools.oracles.cases import NoFunction, Question


def answer(question: Question) -> Mapping[str, Any]:
    """Flags of months, the number of recession months in a span, averages over cycles, or durations of single recessions."""
    turns = _turns(question)
    asked = list(question.asked)
    if all(re.fullmatch(r"\d{4}-\d{2}", key) for key in asked):
        if all(isinstance(shape, Mapping) for shape in question.asked.values()):
            return {key: _single(turns, key) for key in asked}
        if re.search(r"duration|months (of|in) each|length", question.words):
            return {key: _duration(turns, key, question.words) for key in asked}
        flags = is_recession(turns, np.array(asked, dtype="datetime64[M]"), convention=_convention(question))
        return dict(zip(asked, flags.tolist(), strict=True))
    if "months" in asked:
        return {"months": _months(turns, question)}
    if {"contraction", "expansion"} & set(asked):
        return _averages(turns, question)
    raise NoFunction(f"cannot tell what {asked} ask of a chronology")


def _turns(question: Question) -> tuple[Turn, ...]:
    given = question.inputs.get("peaks_troughs")
    if given is None:
        if "data" not in question.inputs:
            raise NoFunction(f"no chronology among {sorted(question.inputs)}")
        given = question.read(question.inputs["data"])["peaks_troughs"]
    return chronology([(turn["peak"], turn["trough"]) for turn in given])


def _convention(question: Question) -> Convention:
    words = f"{question.words} {question.inputs.get('convention', '')}".lower()
    if re.search(r"after the peak|peak month excluded|following the peak", words):
        return "after_peak"
    return "before_trough" if re.search(r"trough month excluded|before the trough", words) else "peak_to_trough"


def _months(turns: Sequence[Turn], question: Question) -> int:
    since, through = (
        re.search(r"since (\d{4}-\d{2})", question.words),
        re.search(r"(?:through|to|until) (\d{4}(?:-\d{2})?)", question.words),
    )
    if since is None or through is None:
        raise NoFunction("no span of months in the title")
    end = np.datetime64(through.group(1), "M") + (11 if len(through.group(1)) == 4 else 0)
    return int(is_recession(turns, np.arange(np.datetime64(since.group(1), "M"), end + 1), convention="after_peak").sum())


def _averages(turns: Sequence[Turn], question: Question) -> Mapping[str, Any]:
    span = re.search(r"peaks (\d{4})[-–](\d{4})", question.words) or re.search(r"(\d{4})[-–](\d{4})", question.words)
    if span is None:
        raise NoFunction("no span of cycles in the title")
    found = average_durations(turns, first_peak=span.group(1), last_peak=span.group(2))
    if isinstance(found, NotComputable):
        raise NoFunction(str(found))
    return {"contraction": found.contraction, "expansion": found.expansion, "cycles": found.cycles}


def _single(turns: Sequence[Turn], peak: str) -> Mapping[str, Any]:
    place = [str(turn.peak) for turn in turns].index(peak)
    every = durations(turns)[place]
    return {name: getattr(every, name) for name in ("contraction", "expansion", "peak_to_peak", "trough_to_trough")}


def _duration(turns: Sequence[Turn], peak: str, words: str) -> int | None:
    found = _single(turns, peak)
    return found["expansion" if "expansion" in words and "contraction" not in words and "recession" not in words else "contraction"]
