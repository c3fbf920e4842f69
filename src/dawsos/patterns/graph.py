"""Which step needs which: the graph the references draw, and the circles in it."""

from collections.abc import Iterator, Mapping

from dawsos.patterns.file import StepSpec
from dawsos.patterns.references import NotAReference, Reference, parse, strings


def references_in(step: StepSpec) -> Iterator[Reference]:
    """Every reference in the arguments and the condition of ``step``; what only looks like one is left to the check."""
    for _, text in strings(step.args):
        try:
            yield parse(text)
        except NotAReference:
            continue
    if step.when is not None:
        yield step.when


def dependencies(steps: tuple[StepSpec, ...]) -> Mapping[str, frozenset[str]]:
    """For each step the steps whose results it reads."""
    names = {step.name for step in steps}
    return {step.name: frozenset(one.step for one in references_in(step) if one.step in names) for step in steps}


def circle(needs: Mapping[str, frozenset[str]]) -> list[str] | None:
    """The steps of one circle, first step repeated at the end, or None when steps can be put in an order."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for other in sorted(needs[name]):
            if found := follow(other, [*path, name]):
                return found
        done.add(name)
        return None

    return next((found for name in needs if (found := follow(name, []))), None)


def sources_of(names: frozenset[str], needs: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """``names`` and every step whose result goes into one of them."""
    reached: set[str] = set()
    waiting = [name for name in names if name in needs]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(needs[name])
    return frozenset(reached)
