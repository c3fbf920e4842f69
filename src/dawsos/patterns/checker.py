"""The check of a pattern at load: everything that could go wrong for its form goes wrong here, with a place and a suggestion."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dawsos.kernel.errors import NotFound
from dawsos.kernel.identity import ALL_RIGHTS
from dawsos.patterns.arguments import ArgumentChecks
from dawsos.patterns.context import PatternContext
from dawsos.patterns.document import read
from dawsos.patterns.file import PatternFile, StepSpec, parse_file
from dawsos.patterns.graph import circle, dependencies, references_in, sources_of
from dawsos.patterns.inputs import Input, check_input, inputs_model
from dawsos.patterns.panels import PanelChecks
from dawsos.patterns.problems import Findings, Problem
from dawsos.patterns.references import CONTEXT, INPUTS, SOURCES, Reference, is_reference, strings
from dawsos.patterns.scope import PORTFOLIO_FACTS, Scope, Unresolved
from dawsos.registry.capability import Capability
from dawsos.registry.catalogue import Registry
from dawsos.registry.contract import Contract
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import fields_of, name_of, present


@dataclass(frozen=True)
class Pattern:
    """A pattern that passed the check, with everything the orchestrator needs to run it."""

    file: PatternFile
    inputs: Mapping[str, Input]
    inputs_model: type[Contract]
    capabilities: Mapping[str, Capability]
    needs: Mapping[str, frozenset[str]]
    scope: Scope
    facts_used: frozenset[str]

    @property
    def id(self) -> str:
        return self.file.id

    def lasting_steps(self, context: PatternContext) -> frozenset[str]:
        """The steps whose results in ``context`` depend on nothing outside the database: each says so itself, as does all that it reads."""
        own = {step.name for step in self.file.steps if self.capabilities[step.name].is_repeatable(context, step.args)}
        return frozenset(name for name in own if self.sources_of(frozenset({name})) <= own)

    def is_repeatable(self, context: PatternContext) -> bool:
        """Whether the whole answer in ``context`` depends on nothing outside the database."""
        return len(self.lasting_steps(context)) == len(self.needs)

    def panel_steps(self, references: list[Reference]) -> frozenset[str]:
        """The steps these references read."""
        return frozenset(step for one in references if (step := one.step) is not None and step in self.needs)

    def sources_of(self, steps: frozenset[str]) -> frozenset[str]:
        """``steps`` and every step whose result goes into one of them."""
        return sources_of(steps, self.needs)


def is_uncertain(step: StepSpec) -> bool:
    """Whether the step may be left out while the pattern goes on, so that its result may be null."""
    return step.optional or step.when is not None


def _check_names(file: PatternFile, findings: Findings) -> None:
    for index, step in enumerate(file.steps):
        if step.name in {INPUTS, CONTEXT, SOURCES}:
            findings.add(("steps", index, "as"), f"'{step.name}' is taken; a step cannot be called that.")
        if step.name in {earlier.name for earlier in file.steps[:index]}:
            findings.add(("steps", index, "as"), f"There is already a step '{step.name}'.")
    names = [step.name for step in file.steps]
    for index, output in enumerate(file.outputs):
        if output not in names:
            findings.add(("outputs", index), f"There is no step '{output}'.", did_you_mean(output, names))
        if output in file.outputs[:index]:
            findings.add(("outputs", index), f"'{output}' is listed twice.")
    for index, panel in enumerate(file.panels):
        if panel.id in {earlier.id for earlier in file.panels[:index]}:
            findings.add(("panels", index, "id"), f"There is already a panel '{panel.id}'.")


def _find_capabilities(file: PatternFile, registry: Registry, findings: Findings) -> list[Capability | None]:
    found: list[Capability | None] = []
    for index, step in enumerate(file.steps):
        try:
            found.append(registry.get(step.capability))
        except NotFound as error:
            found.append(None)
            findings.add(("steps", index, "capability"), error.message, error.remedy)
    return found


def _check_rights(file: PatternFile, capabilities: list[Capability | None], findings: Findings) -> None:
    for index, right in enumerate(file.rights_required):
        if right not in ALL_RIGHTS:
            findings.add(("rights_required", index), f"There is no right '{right}'.", did_you_mean(right, ALL_RIGHTS))
    for index, capability in enumerate(capabilities):
        if file.steps[index].optional and file.steps[index].when is not None:
            continue  # whoever asks for it needs the right; whoever does not is not kept from the rest
        for right in sorted(set(capability.rights if capability else ()) - set(file.rights_required)):
            findings.add(("rights_required",), f"'{right}' is missing, which steps[{index}] ('{file.steps[index].capability}') needs.")


def _scope_of(step: StepSpec, file: PatternFile, scope: Scope) -> Scope:
    """What ``step`` may refer to: a step under the same condition is certain for it, unless that step may fail."""
    if step.when is None:
        return scope
    sure = {other.name for other in file.steps if other.when == step.when and not other.optional}
    return Scope(scope.inputs, scope.steps, scope.uncertain - sure)


def _check_step(index: int, step: StepSpec, capability: Capability | None, scope: Scope, findings: Findings) -> None:
    if step.when is not None:
        try:
            kinds = present(scope.resolve(step.when).annotation)
            if kinds != (bool,):
                findings.add(
                    ("steps", index, "when"), f"'{step.when}' is {name_of(scope.resolve(step.when).annotation)}, not true or false."
                )
        except Unresolved as error:
            findings.add(("steps", index, "when"), error.message, error.suggestion)
    if capability is not None:
        checks = ArgumentChecks(scope, findings, optional=step.optional)
        checks.fields(step.args, fields_of(capability.request) or {}, f"'{capability.name}'", ("steps", index, "args"))


def _check_panels(file: PatternFile, scope: Scope, findings: Findings) -> None:
    for index, panel in enumerate(file.panels):
        checks = PanelChecks(scope, findings, ("panels", index), has_currency=panel.currency is not None)
        panel.check(checks)
        panel.check_actions(checks)
        if panel.currency is not None:
            checks.currency(panel.currency)


def _all_references(file: PatternFile) -> list[Reference]:
    in_steps = [one for step in file.steps for one in references_in(step)]
    return in_steps + [reference for panel in file.panels for _, reference in panel.references()]


def _facts_used(file: PatternFile, inputs: Mapping[str, Input]) -> frozenset[str]:
    named = {one.path[0] for one in _all_references(file) if one.root == CONTEXT and one.path}
    return frozenset(named | {one.fact for one in inputs.values() if one.fact})


def _is_misspelt(file: PatternFile) -> bool:
    texts = [text for step in file.steps for _, text in strings(step.args)]
    texts += [text for panel in file.panels for _, text in strings(panel.model_dump(mode="json"))]
    return not all(map(is_reference, texts))


def _check_use(file: PatternFile, inputs: Mapping[str, Input], findings: Findings) -> None:
    references = _all_references(file)
    roots = {INPUTS, CONTEXT, *(step.name for step in file.steps)}
    if any((one.step or one.root) not in roots for one in references) or _is_misspelt(file):
        return  # what looks unused may be what a faulty reference meant
    used_inputs = {one.path[0] for one in references if one.root == INPUTS and one.path}
    for name in inputs:
        if name not in used_inputs:
            findings.add(("inputs", name), f"The input '{name}' is never used.", "Use it or leave it out.")
    used_steps = Counter([one.step for one in references if one.step] + list(file.outputs))
    for index, step in enumerate(file.steps):
        if not used_steps[step.name]:
            findings.add(("steps", index), f"Nothing uses the result of step '{step.name}'.", "List it under outputs or leave it out.")


def _check_facts(file: PatternFile, inputs: Mapping[str, Input], findings: Findings) -> None:
    facts = _facts_used(file, inputs) & PORTFOLIO_FACTS
    has_portfolio = "portfolio_id" in inputs and inputs["portfolio_id"].required
    if facts and not has_portfolio:
        listed = ", ".join(f"ctx.{fact}" for fact in sorted(facts))
        findings.add(
            ("inputs",), f"{listed} is a fact about a portfolio, and the pattern asks for none.", "Require the input portfolio_id."
        )


def check(file: PatternFile, registry: Registry, findings: Findings) -> Pattern | None:
    """Check ``file`` against ``registry``. Every fault goes into ``findings``; the pattern is returned only when there is none."""
    _check_names(file, findings)
    inputs = {name: check_input(name, spec, registry, findings) for name, spec in file.inputs.items()}
    capabilities = _find_capabilities(file, registry, findings)
    _check_rights(file, capabilities, findings)
    by_step = {step.name: one for step, one in reversed(list(zip(file.steps, capabilities, strict=True)))}
    steps: dict[str, Any] = {name: Any if one is None else one.result for name, one in by_step.items()}
    uncertain = frozenset(step.name for step in file.steps if is_uncertain(step))
    scope = Scope({name: one.seen_by_steps for name, one in inputs.items()}, steps, uncertain)
    needs = dependencies(file.steps)
    if around := circle(needs):
        findings.add(("steps",), f"The steps wait for each other in a circle: {' → '.join(around)}.", "Break the circle.")
    for index, step in enumerate(file.steps):
        _check_step(index, step, capabilities[index], _scope_of(step, file, scope), findings)
    _check_panels(file, scope, findings)
    _check_use(file, inputs, findings)
    _check_facts(file, inputs, findings)
    found = {name: one for name, one in by_step.items() if one is not None}
    if findings.problems:
        return None
    return Pattern(file, inputs, inputs_model(file, inputs), found, needs, scope, _facts_used(file, inputs))


def check_text(text: str, file: str, registry: Registry) -> tuple[Pattern | None, list[Problem]]:
    """Read and check one pattern file: the pattern, or None with every problem found, in the order of the lines."""
    document = read(text, file)
    findings = document.findings
    written = parse_file(document.value, findings) if not findings.problems or document.value is not None else None
    pattern = check(written, registry, findings) if written is not None else None
    return pattern, sorted(findings.problems, key=lambda problem: (problem.line or 0, str(problem)))
